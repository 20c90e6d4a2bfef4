package netns

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/dns/dnsmessage"
	"golang.org/x/sys/unix"
)

// trap is the name server of the world: at any address, with an answer to every name, so that a program that leaks one
// look-up goes on to what it wanted it for. Connections are refused, by the kernel.
type trap struct {
	packets  []*net.UDPConn
	listener net.Listener
	served   sync.WaitGroup
}

// hostIPv4 and hostIPv6 are where every name leads.
func hostIPv4() netip.Addr { return netip.MustParseAddr("198.51.100.80") }
func hostIPv6() netip.Addr { return netip.MustParseAddr("2001:db8:80::80") }

// newTrap serves sockets that the function opens.
func newTrap(open func(network, address string) (*os.File, error)) (*trap, error) {
	t := new(trap)
	for network, address := range map[string]string{"udp4": "0.0.0.0:53", "udp6": "[::]:53"} {
		file, err := open(network, address)
		if err != nil {
			t.close()
			return nil, err
		}
		conn, err := net.FilePacketConn(file)
		file.Close()
		if err != nil {
			t.close()
			return nil, err
		}
		t.packets = append(t.packets, conn.(*net.UDPConn))
	}
	file, err := open("tcp", "[::]:53")
	if err != nil {
		t.close()
		return nil, err
	}
	defer file.Close()
	if t.listener, err = net.FileListener(file); err != nil {
		t.close()
		return nil, err
	}
	for _, conn := range t.packets {
		if err := tellDestination(conn); err != nil {
			t.close()
			return nil, err
		}
		t.served.Go(func() { servePackets(conn) })
	}
	t.served.Go(t.serveStreams)
	return t, nil
}

func (t *trap) close() {
	for _, conn := range t.packets {
		_ = conn.Close()
	}
	if t.listener != nil {
		_ = t.listener.Close()
	}
	t.served.Wait()
}

// tellDestination has the kernel tell with each datagram what address it was sent to, and take this for the reply's source.
func tellDestination(conn *net.UDPConn) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	var fault error
	err = raw.Control(func(socket uintptr) {
		if conn.LocalAddr().(*net.UDPAddr).IP.To4() != nil {
			fault = unix.SetsockoptInt(int(socket), unix.IPPROTO_IP, unix.IP_PKTINFO, 1)
			return
		}
		fault = errors.Join(
			unix.SetsockoptInt(int(socket), unix.IPPROTO_IPV6, unix.IPV6_RECVPKTINFO, 1),
			unix.SetsockoptInt(int(socket), unix.IPPROTO_IPV6, unix.IPV6_FREEBIND, 1),
		)
	})
	return errors.Join(err, fault)
}

func servePackets(conn *net.UDPConn) {
	query, control := make([]byte, 4096), make([]byte, 128)
	for {
		n, controlLength, _, from, err := conn.ReadMsgUDPAddrPort(query, control)
		if err != nil {
			return // closed
		}
		if reply := resolve(query[:n]); reply != nil {
			// What says where it went to says where the reply comes from. Who has gone gets none.
			_, _, _ = conn.WriteMsgUDPAddrPort(reply, control[:controlLength], from)
		}
	}
}

func (t *trap) serveStreams() {
	for {
		conn, err := t.listener.Accept()
		if err != nil {
			return // closed
		}
		t.served.Go(func() {
			defer conn.Close()
			// Whoever says nothing gets no answer.
			_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
			var length [2]byte
			for {
				if _, err := io.ReadFull(conn, length[:]); err != nil {
					return
				}
				query := make([]byte, binary.BigEndian.Uint16(length[:]))
				if _, err := io.ReadFull(conn, query); err != nil {
					return
				}
				reply := resolve(query)
				if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
					return
				}
			}
		})
	}
}

// resolve answers a query, or gives nil for what is none.
func resolve(query []byte) []byte {
	var parser dnsmessage.Parser
	header, err := parser.Start(query)
	if err != nil || header.Response {
		return nil
	}
	question, err := parser.Question()
	if err != nil {
		return nil
	}
	header.Response, header.Authoritative, header.RecursionAvailable = true, true, true
	reply := dnsmessage.Message{Header: header, Questions: []dnsmessage.Question{question}, Answers: records(question)}
	text, err := reply.Pack()
	if err != nil {
		return nil
	}
	return text
}

// records has a server of XMPP at every domain, and a host behind every name.
func records(q dnsmessage.Question) []dnsmessage.Resource {
	var body dnsmessage.ResourceBody
	switch q.Type {
	case dnsmessage.TypeA:
		body = &dnsmessage.AResource{A: hostIPv4().As4()}
	case dnsmessage.TypeAAAA:
		body = &dnsmessage.AAAAResource{AAAA: hostIPv6().As16()}
	case dnsmessage.TypeSRV:
		target, err := dnsmessage.NewName("host." + strings.TrimLeft(q.Name.String(), "_"))
		if err != nil {
			return nil
		}
		body = &dnsmessage.SRVResource{Weight: 1, Port: 5222, Target: target}
	default:
		return nil
	}
	return []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 60}, Body: body}}
}
