package dial

import (
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func TestParseResolver(t *testing.T) {
	for text, want := range map[string]Resolver{
		"tls://dns.example.org":                   {"dns.example.org", 853, true, ""},
		"tls://dns.example.org:443":               {"dns.example.org", 443, true, ""},
		"tls://192.0.2.1#dns.example.org":         {"192.0.2.1", 853, true, "dns.example.org"},
		"tls://[2001:db8::1]:443#dns.example.org": {"2001:db8::1", 443, true, "dns.example.org"},
		"tls://2001:db8::1":                       {"2001:db8::1", 853, true, ""},
		"tcp://192.0.2.1":                         {"192.0.2.1", 53, false, ""},
		"tcp://192.0.2.1:5353":                    {"192.0.2.1", 5353, false, ""},
		"tcp://" + goodOnion:                      {goodOnion, 53, false, ""},
	} {
		if got, err := ParseResolver(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "dns.example.org", "udp://192.0.2.1", "tls://", "tls://a/b", "tcp://192.0.2.1:0", "tcp://192.0.2.1:99999", "tls://:853",
		"tcp://192.0.2.1#name.example", "tls://192.0.2.1#", "tls://192.0.2.1#a b", "tls://192.0.2.1#a#b", "tls://[2001:db8::1]", "tls://a:b:c",
		"tls://a..b", "tls://.a", "tls://a\x00b", "tls://dns。example", "tls://" + strings.Repeat("a.", 127), "tcp://user@192.0.2.1",
	} {
		if got, err := ParseResolver(text); err == nil {
			t.Errorf("%s: %+v, want an error", text, got)
		}
	}
}

// answering is a proxy that is itself the name server: it answers every DNS question that comes through.
func answering(t *testing.T, records map[string]dnsmessage.SRVResource) (*stub, func() []string) {
	return answeringAt(t, "tcp", "127.0.0.1:0", records)
}

func answeringAt(t *testing.T, network, address string, records map[string]dnsmessage.SRVResource) (*stub, func() []string) {
	s := newStub(t, network, address, 0, true)
	var mu sync.Mutex
	var questions []string
	s.then = func(conn net.Conn) {
		for {
			var length uint16
			if binary.Read(conn, binary.BigEndian, &length) != nil {
				return
			}
			asked := make([]byte, length)
			if _, err := io.ReadFull(conn, asked); err != nil {
				return
			}
			var message dnsmessage.Message
			if err := message.Unpack(asked); err != nil {
				return
			}
			q := message.Questions[0]
			mu.Lock()
			questions = append(questions, q.Type.String()+" "+q.Name.String())
			mu.Unlock()
			message.Response, message.Additionals = true, nil
			if record, known := records[q.Name.String()]; known {
				header := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 60}
				message.Answers = append(message.Answers, dnsmessage.Resource{Header: header, Body: &record})
			} else {
				message.RCode = dnsmessage.RCodeNameError
			}
			reply, err := message.Pack()
			if err != nil {
				return
			}
			conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...))
		}
	}
	return s, func() []string { mu.Lock(); defer mu.Unlock(); return questions }
}

func TestProxiedSRV(t *testing.T) {
	s, questions := answering(t, map[string]dnsmessage.SRVResource{
		"_xmpps-client._tcp.example.org.": {Priority: 5, Port: 443, Target: dnsmessage.MustNewName("xmpp.example.org.")},
	})
	d := New(Config{SOCKS: s.Addr().String(), Required: true, Resolver: &Resolver{Host: "resolver.example.net", Port: 53}})
	found, err := d.Targets(t.Context(), "example.org")
	if err != nil || len(found) != 1 || found[0] != (Target{"xmpp.example.org", 443, true}) {
		t.Errorf("targets %v, %v", found, err)
	}
	for range len(questions()) {
		if a := <-s.requests; a.host != "resolver.example.net" || a.kind != 3 || a.port != 53 {
			t.Errorf("the proxy was asked for %+v", a)
		} else if account := d.identity.credentials("ana@example.org"); a.user == account.User {
			t.Error("the look-up shares the account's circuit")
		}
	}
	for _, q := range questions() {
		if !strings.HasPrefix(q, "TypeSRV ") {
			t.Errorf("asked for %s", q)
		}
	}
}

func TestProxiedSRVFindsNothing(t *testing.T) {
	s, questions := answering(t, nil)
	d := New(Config{SOCKS: s.Addr().String(), Required: true, Resolver: &Resolver{Host: "resolver.example.net", Port: 53}})
	found, err := d.Targets(t.Context(), "example.org")
	if err != nil || len(found) != 2 || found[0].Host != "example.org" {
		t.Errorf("targets %v, %v: want the usual ports", found, err)
	}
	if len(questions()) != 2 {
		t.Errorf("questions %q", questions())
	}
	if _, err := d.Targets(t.Context(), goodOnion); err != nil || len(questions()) != 2 {
		t.Errorf("an onion name reached a resolver: %q, %v", questions(), err)
	}
}

func TestKnownOnion(t *testing.T) {
	l, err := BuiltinOnions()
	if err != nil {
		t.Fatal(err)
	}
	d := New(Config{SOCKS: "127.0.0.1:1", Required: true, Onions: l})
	if known := d.Known("Mdosch.de"); len(known) != 1 || known[0] != (Target{goodOnion, 5222, false}) {
		t.Errorf("known: %v", known)
	}
	if known := d.Known("example.org"); known != nil {
		t.Errorf("known of another domain: %v", known)
	}
	if known := New(Config{Onions: l}).Known("mdosch.de"); known != nil {
		t.Errorf("without a proxy: %v", known)
	}
}
