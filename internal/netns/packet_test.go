package netns

import (
	"encoding/hex"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestPacket(t *testing.T) {
	const (
		ipv4Ends = "c0000202 cb007105"
		ipv6Ends = "20010db8005300000000000000000002 20010db8000500000000000000000005"
		ports    = "8001 1466 00000000"
	)
	for name, row := range map[string]struct {
		etherType uint16
		text      string
		want      string
	}{
		"tcp":              {unix.ETH_P_IP, "45000028 00000000 40060000" + ipv4Ends + ports, "tcp on eth0: 192.0.2.2:32769 > 203.0.113.5:5222"},
		"with options":     {unix.ETH_P_IP, "46000028 00000000 40060000" + ipv4Ends + "01010101" + ports, "tcp on eth0: 192.0.2.2:32769 > 203.0.113.5:5222"},
		"later fragment":   {unix.ETH_P_IP, "45000028 00000001 40110000" + ipv4Ends + ports, "udp on eth0: 192.0.2.2:0 > 203.0.113.5:0"},
		"no ports":         {unix.ETH_P_IP, "45000028 00000000 40060000" + ipv4Ends, "tcp on eth0: 192.0.2.2:0 > 203.0.113.5:0"},
		"tunnel":           {unix.ETH_P_IP, "45000028 00000000 402f0000" + ipv4Ends, "ip protocol 47 on eth0: 192.0.2.2:0 > 203.0.113.5:0"},
		"udp over IPv6":    {unix.ETH_P_IPV6, "60000000 00081140" + ipv6Ends + ports, "udp on eth0: [2001:db8:53::2]:32769 > [2001:db8:5::5]:5222"},
		"hop by hop":       {unix.ETH_P_IPV6, "60000000 00080040" + ipv6Ends + "3a00050200000100" + "8f00000000000000", "icmp6 on eth0: [2001:db8:53::2]:0 > [2001:db8:5::5]:0"},
		"endless options":  {unix.ETH_P_IPV6, "60000000 00080040" + ipv6Ends + "00ff050200000100", "ip protocol 0 on eth0: [2001:db8:53::2]:0 > [2001:db8:5::5]:0"},
		"cut IPv4":         {unix.ETH_P_IP, "4500", "broken ip on eth0"},
		"cut IPv4 options": {unix.ETH_P_IP, "4f000028 00000000 40060000" + ipv4Ends, "broken ip on eth0"},
		"cut IPv6":         {unix.ETH_P_IPV6, "6000", "broken ip6 on eth0"},
		"who has":          {unix.ETH_P_ARP, "0001", "ether type 0x0806 on eth0"},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := hex.DecodeString(strings.ReplaceAll(row.text, " ", ""))
			if err != nil {
				t.Fatal(err)
			}
			if got := parsePacket(row.etherType, text).String(); !strings.HasPrefix(got, row.want) {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}
