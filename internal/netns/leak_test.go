package netns

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// leaks are the ways past the allowed port that the capture must catch, by name. Each is run inside, in a process of its
// own; an error says that nothing could be sent.
func leaks() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"look-up by the system":    lookUp(&net.Resolver{}),
		"look-up of a service":     lookUpService,
		"datagram to a resolver":   say("udp4", "9.9.9.9:53"),
		"stub resolver":            say("udp4", "127.0.0.53:53"),
		"datagram to the port":     say("udp4", fmt.Sprintf("127.0.0.1:%d", port)),
		"connection":               connectTo("tcp4", "203.0.113.5:5222"),
		"connection over IPv6":     connectTo("tcp6", "[2001:db8:5::5]:443"),
		"connection to localhost":  connectTo("tcp4", "127.0.0.1:5222"),
		"connection to ourselves":  connectTo("tcp4", fmt.Sprintf("192.0.2.2:%d", port)),
		"loopback of IPv6":         connectTo("tcp6", fmt.Sprintf("[::1]:%d", port)),
		"mDNS":                     say("udp4", "224.0.0.251:5353"),
		"mDNS over IPv6":           say("udp6", "[ff02::fb%eth0]:5353"),
		"joining a multicast":      joinMulticast,
		"broadcast":                broadcast,
		"ping":                     ping(unix.AF_INET, unix.IPPROTO_ICMP, &unix.SockaddrInet4{Addr: [4]byte{203, 0, 113, 5}}),
		"ping over IPv6":           ping(unix.AF_INET6, unix.IPPROTO_ICMPV6, &unix.SockaddrInet6{Addr: [16]byte{0x20, 0x01, 0x0d, 0xb8, 15: 5}}),
		"connection by a protocol": say("udp4", "203.0.113.5:443"), // QUIC
	}
}

func lookUp(r *net.Resolver) func(context.Context) error {
	return func(ctx context.Context) error {
		found, err := r.LookupNetIP(ctx, "ip4", "leak.example.org")
		if err != nil {
			return err
		}
		if found[0].Unmap() != hostIPv4() {
			return fmt.Errorf("leak.example.org is at %v", found)
		}
		return nil
	}
}

func lookUpService(ctx context.Context) error {
	_, found, err := net.DefaultResolver.LookupSRV(ctx, "xmpp-client", "tcp", "leak.example.org")
	if err == nil && len(found) != 1 {
		return fmt.Errorf("%d records", len(found))
	}
	return err
}

func say(network, address string) func(context.Context) error {
	return func(ctx context.Context) error {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return err
		}
		defer conn.Close()
		_, err = conn.Write([]byte("leak"))
		return err
	}
}

// connectTo tries: whether it can is not the question.
func connectTo(network, address string) func(context.Context) error {
	return func(ctx context.Context) error {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			conn.Close()
			return fmt.Errorf("%q answers", address)
		}
		return nil
	}
}

func joinMulticast(context.Context) error {
	wire, err := net.InterfaceByName("eth0")
	if err != nil {
		return err
	}
	conn, err := net.ListenMulticastUDP("udp4", wire, &net.UDPAddr{IP: net.IPv4(224, 0, 0, 251), Port: 5353})
	if err != nil {
		return err
	}
	// The report goes out at random within a second, and once more when the group is left.
	time.Sleep(1500 * time.Millisecond)
	return conn.Close()
}

func broadcast(context.Context) error {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(socket)
	if err := unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_BROADCAST, 1); err != nil {
		return err
	}
	return unix.Sendto(socket, []byte("leak"), 0, &unix.SockaddrInet4{Port: 1900, Addr: [4]byte{255, 255, 255, 255}})
}

// ping sends an echo request: as root, or as any user may.
func ping(family, protocol int, to unix.Sockaddr) func(context.Context) error {
	return func(context.Context) error {
		socket, err := unix.Socket(family, unix.SOCK_RAW|unix.SOCK_CLOEXEC, protocol)
		if err != nil {
			socket, err = unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, protocol)
		}
		if err != nil {
			return os.NewSyscallError("socket", err)
		}
		defer unix.Close(socket)
		request := make([]byte, 16)
		request[0] = 8
		if family == unix.AF_INET6 {
			request[0] = 128
		}
		return os.NewSyscallError("sendto", unix.Sendto(socket, request, 0, to))
	}
}
