package netns

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"golang.org/x/net/dns/dnsmessage"
	"golang.org/x/sys/unix"
)

// Packet is one that was sent.
type Packet struct {
	// Loopback is set if it did not even leave for the trap.
	Loopback bool
	// Protocol is "tcp", "udp", "icmp", "icmp6", "igmp", or a number where none of these.
	Protocol string
	// The ports are 0 where there are none.
	Source, Destination netip.AddrPort
	// Payload is the beginning of what a UDP datagram says; empty for others.
	Payload []byte
}

// String tells where the packet went, and what name it asked for.
func (p Packet) String() string {
	where := "eth0"
	if p.Loopback {
		where = "lo"
	}
	text := fmt.Sprintf("%s on %s: %s > %s", p.Protocol, where, p.Source, p.Destination)
	var parser dnsmessage.Parser
	if _, err := parser.Start(p.Payload); err == nil {
		if q, err := parser.Question(); err == nil {
			text += fmt.Sprintf(" asks for %s %q", q.Type, q.Name)
		}
	}
	return text
}

// parsePacket reads what comes after the link's own header.
func parsePacket(etherType uint16, text []byte) Packet {
	switch etherType {
	case unix.ETH_P_IP:
		return parseIPv4(text)
	case unix.ETH_P_IPV6:
		return parseIPv6(text)
	default:
		return Packet{Protocol: fmt.Sprintf("ether type %#04x", etherType)}
	}
}

// parseIPv4 reads a packet of RFC 791.
func parseIPv4(text []byte) Packet {
	const shortest = 20
	if len(text) < shortest || len(text) < int(text[0]&0x0f)*4 {
		return Packet{Protocol: "broken ip"}
	}
	source, _ := netip.AddrFromSlice(text[12:16])
	destination, _ := netip.AddrFromSlice(text[16:20])
	fragment := binary.BigEndian.Uint16(text[6:])&0x1fff != 0
	return parseTransport(text[9], source, destination, text[int(text[0]&0x0f)*4:], fragment)
}

// parseIPv6 reads a packet of RFC 8200.
func parseIPv6(text []byte) Packet {
	const header = 40
	if len(text) < header {
		return Packet{Protocol: "broken ip6"}
	}
	source, _ := netip.AddrFromSlice(text[8:24])
	destination, _ := netip.AddrFromSlice(text[24:40])
	next, rest := text[6], text[header:]
	for next == unix.IPPROTO_HOPOPTS && len(rest) >= 8 && len(rest) >= (int(rest[1])+1)*8 {
		next, rest = rest[0], rest[(int(rest[1])+1)*8:]
	}
	return parseTransport(next, source, destination, rest, false)
}

// parseTransport reads the ports, of those protocols that have them. A later fragment has none.
func parseTransport(protocol uint8, source, destination netip.Addr, text []byte, fragment bool) Packet {
	p := Packet{
		Protocol: protocolName(protocol),
		Source:   netip.AddrPortFrom(source, 0), Destination: netip.AddrPortFrom(destination, 0),
	}
	hasPorts := protocol == unix.IPPROTO_TCP || protocol == unix.IPPROTO_UDP
	if !hasPorts || fragment || len(text) < 8 {
		return p
	}
	p.Source = netip.AddrPortFrom(source, binary.BigEndian.Uint16(text))
	p.Destination = netip.AddrPortFrom(destination, binary.BigEndian.Uint16(text[2:]))
	if protocol == unix.IPPROTO_UDP {
		p.Payload = append([]byte(nil), text[8:]...)
	}
	return p
}

func protocolName(protocol uint8) string {
	switch protocol {
	case unix.IPPROTO_TCP:
		return "tcp"
	case unix.IPPROTO_UDP:
		return "udp"
	case unix.IPPROTO_ICMP:
		return "icmp"
	case unix.IPPROTO_ICMPV6:
		return "icmp6"
	case unix.IPPROTO_IGMP:
		return "igmp"
	default:
		return fmt.Sprintf("ip protocol %d", protocol)
	}
}
