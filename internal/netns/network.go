package netns

import (
	"fmt"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"
)

const (
	loopbackIndex = 1
	// wireIndex is the number of both ends of the wire: higher than those of interfaces that a kernel may make by itself.
	wireIndex = 100
	// vethPeer is VETH_INFO_PEER of linux/veth.h, generatesNone IN6_ADDR_GEN_MODE_NONE of linux/if_link.h.
	vethPeer, generatesNone = 1, 1
)

// The two ends of the wire. All addresses are those reserved for examples (RFC 5737, RFC 3849).
func insideIPv4() netip.Prefix { return netip.MustParsePrefix("192.0.2.2/24") }
func insideIPv6() netip.Prefix { return netip.MustParsePrefix("2001:db8:53::2/64") }
func worldIPv4() netip.Prefix  { return netip.MustParsePrefix("192.0.2.1/24") }
func worldIPv6() netip.Prefix  { return netip.MustParsePrefix("2001:db8:53::1/64") }

// connect lays the wire between the namespace of the process and a new one of the thread beyond, and brings both up.
func connect(beyond *thread) error {
	var namespace *os.File
	err := beyond.do(func() (err error) {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("second network namespace: %w", err)
		}
		namespace, err = os.Open("/proc/thread-self/ns/net")
		return err
	})
	if err != nil {
		return err
	}
	defer namespace.Close()
	if err := send(up(loopbackIndex, 0), wire(int(namespace.Fd())), silence()); err != nil {
		return fmt.Errorf("interfaces: %w", err)
	}
	if err := beyond.do(bringWorldUp); err != nil {
		return fmt.Errorf("interfaces of the trap: %w", err)
	}
	err = send(
		up(wireIndex, unix.IFF_NOARP),
		address(insideIPv4()), address(insideIPv6()),
		defaultRoute(worldIPv4()), defaultRoute(worldIPv6()),
	)
	if err != nil {
		return fmt.Errorf("addresses and routes: %w", err)
	}
	allowPing()
	return nil
}

// allowPing lets programs without rights ping, as most systems do (icmp(7)). Where it may not be changed they can not leak so.
func allowPing() {
	group := os.Getegid()
	_ = os.WriteFile("/proc/sys/net/ipv4/ping_group_range", fmt.Appendf(nil, "%d %d", group, group), 0)
}

// bringWorldUp makes every address one of the trap's own.
func bringWorldUp() error {
	return send(
		silence(), up(loopbackIndex, 0), up(wireIndex, unix.IFF_NOARP),
		address(worldIPv4()), address(worldIPv6()),
		everywhere(unix.AF_INET), everywhere(unix.AF_INET6),
	)
}

// wire makes a pair of interfaces. Both ends have the same hardware address and ask nobody for one (IFF_NOARP): so a frame
// that is sent to oneself is for the other, and the kernel sends nothing of its own that would have to be told from a leak.
func wire(namespace int) *message {
	header := unix.IfInfomsg{Index: wireIndex}
	hardware := attribute(unix.IFLA_ADDRESS, []byte{2, 0, 0, 0, 0, 1})
	peer := newMessage(0, header).body
	peer = append(peer, attribute(unix.IFLA_IFNAME, []byte("world0\x00"))...)
	peer = append(peer, hardware...)
	peer = append(peer, attribute(unix.IFLA_NET_NS_FD, number(namespace))...)
	info := attribute(unix.IFLA_INFO_KIND, []byte("veth"))
	info = append(info, attribute(unix.IFLA_INFO_DATA, attribute(vethPeer, peer))...)
	m := newMessage(unix.RTM_NEWLINK, header).with(unix.IFLA_IFNAME, []byte("eth0\x00"))
	m.body = append(m.body, hardware...)
	return m.with(unix.IFLA_LINKINFO, info)
}

// silence keeps IPv6 from giving the wire an address by itself, and from asking for routers.
func silence() *message {
	mode := attribute(unix.AF_INET6, attribute(unix.IFLA_INET6_ADDR_GEN_MODE, []byte{generatesNone}))
	return newMessage(unix.RTM_SETLINK, unix.IfInfomsg{Index: wireIndex}).with(unix.IFLA_AF_SPEC, mode)
}

func up(index int32, more uint32) *message {
	flags := unix.IFF_UP | more
	return newMessage(unix.RTM_SETLINK, unix.IfInfomsg{Index: index, Flags: flags, Change: flags})
}

func family(a netip.Addr) uint8 {
	if a.Is4() {
		return unix.AF_INET
	}
	return unix.AF_INET6
}

func address(p netip.Prefix) *message {
	header := unix.IfAddrmsg{Family: family(p.Addr()), Prefixlen: uint8(p.Bits()), Flags: unix.IFA_F_NODAD, Index: wireIndex}
	return newMessage(unix.RTM_NEWADDR, header).
		with(unix.IFA_LOCAL, p.Addr().AsSlice()).with(unix.IFA_ADDRESS, p.Addr().AsSlice())
}

func defaultRoute(gateway netip.Prefix) *message {
	header := unix.RtMsg{
		Family: family(gateway.Addr()), Table: unix.RT_TABLE_MAIN, Protocol: unix.RTPROT_STATIC, Type: unix.RTN_UNICAST,
	}
	return newMessage(unix.RTM_NEWROUTE, header).
		with(unix.RTA_GATEWAY, gateway.Addr().AsSlice()).with(unix.RTA_OIF, number(wireIndex))
}

// everywhere takes what goes to any address for our own. It stands in the main table, after the way back over the wire.
func everywhere(family uint8) *message {
	header := unix.RtMsg{
		Family: family, Table: unix.RT_TABLE_MAIN, Protocol: unix.RTPROT_STATIC, Scope: unix.RT_SCOPE_HOST, Type: unix.RTN_LOCAL,
	}
	return newMessage(unix.RTM_NEWROUTE, header).with(unix.RTA_OIF, number(loopbackIndex))
}
