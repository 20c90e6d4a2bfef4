package tornet_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"traboule/internal/tornet"
)

func newNames(t *testing.T) *tornet.NameServer {
	t.Helper()
	s, err := tornet.NewNameServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// resolver asks the name server by the network that Go's resolver chooses, or by TLS.
func resolver(s *tornet.NameServer, secure bool) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		if secure {
			d := &tls.Dialer{Config: &tls.Config{RootCAs: s.CA.Pool(), ServerName: tornet.ResolverName}}
			return d.DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", s.TLSPort))
		}
		return (&net.Dialer{}).DialContext(ctx, network, fmt.Sprintf("127.0.0.1:%d", s.Port))
	}}
}

func TestNameServer(t *testing.T) {
	t.Parallel()
	s := newNames(t)
	s.SetHost("Marche.test", "127.0.0.2", "::1")
	s.SetService("_xmpp-client._tcp.srv.test", net.SRV{Target: "marche.test", Port: 5222, Priority: 5, Weight: 1})
	for name, r := range map[string]*net.Resolver{"datagram": resolver(s, false), "TLS": resolver(s, true)} {
		t.Run(name, func(t *testing.T) {
			addresses, err := r.LookupHost(t.Context(), "marche.test.")
			slices.Sort(addresses)
			if err != nil || !slices.Equal(addresses, []string{"127.0.0.2", "::1"}) {
				t.Errorf("addresses %q, %v", addresses, err)
			}
			_, places, err := r.LookupSRV(t.Context(), "xmpp-client", "tcp", "srv.test.")
			if want := (net.SRV{Target: "marche.test.", Port: 5222, Priority: 5, Weight: 1}); err != nil || len(places) != 1 || *places[0] != want {
				t.Errorf("places %v, %v", places, err)
			}
			for _, missing := range []string{"nowhere.test.", "srv.test."} {
				fault := new(net.DNSError)
				if found, err := r.LookupHost(t.Context(), missing); !errors.As(err, &fault) || !fault.IsNotFound {
					t.Errorf("%s: %q, %v", missing, found, err)
				}
			}
		})
	}
}

// TestNameServerEchoesTheQuestion asks as tor does, with letters in any case, and wants them back.
func TestNameServerEchoesTheQuestion(t *testing.T) {
	t.Parallel()
	s := newNames(t)
	s.SetHost("marche.test", "127.0.0.2")
	for name, want := range map[string]dnsmessage.RCode{
		"mARcHe.TesT.": dnsmessage.RCodeSuccess, "nOwHere.TesT.": dnsmessage.RCodeNameError, "TesT.": dnsmessage.RCodeSuccess,
	} {
		query := dnsmessage.Message{
			Header:    dnsmessage.Header{ID: 7, RecursionDesired: true},
			Questions: []dnsmessage.Question{{Name: dnsmessage.MustNewName(name), Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}},
		}
		packed, err := query.Pack()
		if err != nil {
			t.Fatal(err)
		}
		for _, network := range []string{"udp", "tcp"} {
			reply := exchange(t, network, s.Port, packed)
			const header = 12
			if len(reply) < len(packed) || !bytes.Equal(reply[header:len(packed)], packed[header:]) {
				t.Errorf("%s by %s: the question came back as %q", name, network, reply)
			}
			if code := dnsmessage.RCode(binary.BigEndian.Uint16(reply[2:]) & 0xf); code != want {
				t.Errorf("%s by %s: %v, want %v", name, network, code, want)
			}
		}
	}
}

// exchange sends one message and returns the answer.
func exchange(t *testing.T, network string, port uint16, message []byte) []byte {
	t.Helper()
	conn, err := net.DialTimeout(network, fmt.Sprintf("127.0.0.1:%d", port), time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if network == "tcp" {
		message = append(binary.BigEndian.AppendUint16(nil, uint16(len(message))), message...)
	}
	if _, err := conn.Write(message); err != nil {
		t.Fatal(err)
	}
	reply := make([]byte, 4096)
	n, err := conn.Read(reply)
	if err != nil {
		t.Fatal(err)
	}
	if network == "tcp" {
		return reply[2:n]
	}
	return reply[:n]
}
