package dial

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// playing is a proxy that reads and answers as the pieces say, in turn, and then holds the connection open. It keeps what it
// read.
type playing struct {
	conn net.Conn
	read [][]byte
	done chan struct{}
}

// play answers each piece of the client's with one of the answers; lengths tells how many bytes a piece has.
func play(t *testing.T, lengths []int, answers ...string) (*playing, net.Conn) {
	t.Helper()
	near, far := net.Pipe()
	p := &playing{conn: far, done: make(chan struct{})}
	t.Cleanup(func() { near.Close(); far.Close() })
	go func() {
		defer close(p.done)
		for i, length := range lengths {
			piece := make([]byte, length)
			if _, err := io.ReadFull(far, piece); err != nil {
				return
			}
			p.read = append(p.read, piece)
			if _, err := far.Write([]byte(answers[i])); err != nil {
				return
			}
		}
	}()
	return p, near
}

var me = credentials{"user", "secret"}

// The lengths of what we send to a Tor, for example.org.
const (
	greeting = 3
	login    = 1 + 1 + 4 + 1 + 6
	request  = 4 + 1 + 11 + 2
)

func TestHandshakeIsRead(t *testing.T) {
	bound := map[string]string{
		"an address": "\x01\x7f\x00\x00\x01\x14\x66", "a long address": "\x04" + strings.Repeat("\xff", 16) + "\x14\x66",
		"a name": "\x03\xff" + strings.Repeat("a", 255) + "\x14\x66", "no name": "\x03\x00\x14\x66",
	}
	for name, address := range bound {
		p, conn := play(t, []int{greeting, login, request}, "\x05\x02", "\x01\x00", "\x05\x00\x00"+address+"hello")
		if fault := handshake(t.Context(), conn, target{"example.org", 5222}, me, true); fault != nil {
			t.Errorf("%s: %v", name, fault)
			continue
		}
		rest := make([]byte, 5)
		if _, err := io.ReadFull(conn, rest); err != nil || string(rest) != "hello" {
			t.Errorf("%s: the stream begins with %q, %v", name, rest, err)
		}
		<-p.done
		want := []string{"\x05\x01\x02", "\x01\x04user\x06secret", "\x05\x01\x00\x03\x0bexample.org\x14\x66"}
		for i := range want {
			if string(p.read[i]) != want[i] {
				t.Errorf("%s: sent %q, want %q", name, p.read[i], want[i])
			}
		}
	}
}

func TestAddressesInRequests(t *testing.T) {
	for host, want := range map[string]string{
		"192.0.2.1": "\x01\xc0\x00\x02\x01", "2001:db8::1": "\x04\x20\x01\x0d\xb8" + strings.Repeat("\x00", 11) + "\x01",
		"::ffff:192.0.2.1": "\x01\xc0\x00\x02\x01", "example.org": "\x03\x0bexample.org",
	} {
		if got := (target{host, 1}).address(); string(got) != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

func TestHostileProxies(t *testing.T) {
	for name, c := range map[string]struct {
		answers []string
		kind    Kind
	}{
		"another version":                 {[]string{"\x04\x02"}, NotSOCKS},
		"half an answer":                  {[]string{"\x05"}, Timeout},
		"nothing but none":                {[]string{"\x05\x00"}, ProxyRefused},
		"no method":                       {[]string{"\x05\xff"}, ProxyRefused},
		"a method that was not offered":   {[]string{"\x05\x01"}, ProxyRefused},
		"refuses the password":            {[]string{"\x05\x02", "\x01\x01"}, ProxyRefused},
		"another version in the answer":   {[]string{"\x05\x02", "\x01\x00", "\x00\x00\x00\x01"}, NotSOCKS},
		"an address of no type":           {[]string{"\x05\x02", "\x01\x00", "\x05\x00\x00\x02"}, NotSOCKS},
		"an address that does not end":    {[]string{"\x05\x02", "\x01\x00", "\x05\x00\x00\x03\xffabc"}, Timeout},
		"refuses, with an endless reason": {[]string{"\x05\x02", "\x01\x00", "\x05\x05\x00\x01" + strings.Repeat("x", 100)}, Refused},
		"an unknown refusal":              {[]string{"\x05\x02", "\x01\x00", "\x05\xfe\x00\x01"}, ProxyRefused},
	} {
		p, conn := play(t, []int{greeting, login, request}[:len(c.answers)], c.answers...)
		ctx, cancel := context.WithCancel(t.Context())
		if c.kind == Timeout { // for a proxy that has said all it will
			go func() { <-p.done; cancel() }()
		}
		fault := handshake(ctx, conn, target{"example.org", 5222}, me, true)
		cancel()
		if fault == nil || fault.Kind != c.kind || fault.Target != "example.org:5222" {
			t.Errorf("%s: %v, want kind %d", name, fault, c.kind)
		}
	}
}

// TestEndOfContextEndsHandshake also when it has no deadline.
func TestEndOfContextEndsHandshake(t *testing.T) {
	_, conn := play(t, []int{greeting}, "\x05")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if fault := handshake(ctx, conn, target{"example.org", 5222}, me, true); fault == nil || fault.Kind != Timeout {
		t.Errorf("%v", fault)
	}
}

// TestTorKeepsAccountsApart: a Tor is offered no way but the one by which it keeps circuits apart.
func TestTorKeepsAccountsApart(t *testing.T) {
	for proved, want := range map[bool]string{true: "\x05\x01\x02", false: "\x05\x02\x00\x02"} {
		p, conn := play(t, []int{len(want)}, "\x05\xff")
		fault := handshake(t.Context(), conn, target{"example.org", 5222}, me, proved)
		<-p.done
		if fault == nil || !bytes.Equal(p.read[0], []byte(want)) {
			t.Errorf("proved %v: offered %q, %v", proved, p.read, fault)
		}
	}
	where := newTorStub(t, "tcp", "127.0.0.1:0")
	where.password = false // as one whose settings say PreferSOCKSNoAuth would, if it were asked
	tor, _ := run(t, TorConfig{SOCKS: where.Addr().String()})
	if err := tor.Ready(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	conn, _, err := New(Config{Tor: tor, Required: true}).Dial(t.Context(), "example.org", 5222, "ana@example.org")
	var fault *Error
	if conn != nil || !errors.As(err, &fault) || fault.Kind != ProxyRefused {
		t.Errorf("a circuit that is shared with others: %v", err)
	}
}

// TestHostsAreNamesOrAddresses: nothing that a proxy or a resolver might read in a way of its own.
func TestHostsAreNamesOrAddresses(t *testing.T) {
	s := newStub(t, "tcp", "127.0.0.1:0", 0, true)
	proxied, direct := New(Config{SOCKS: s.Addr().String()}), New(Config{})
	direct.open = func(_ context.Context, _, address string) (net.Conn, error) {
		t.Errorf("opened %q", address)
		return nil, net.ErrClosed
	}
	for _, host := range []string{
		"", ".", "a..b", ".example.org", "a b", "a\x00.example", "a/b", "user@example.org", "example.org:80", "[::1]", "::1%lo", "é\xff",
		"x\r\ny", strings.Repeat("a", 256), strings.Repeat("a.", 128), "onion..", "-\u202e",
	} {
		for _, d := range []*Dialer{proxied, direct} {
			conn, _, err := d.Dial(t.Context(), host, 5222, "")
			var fault *Error
			if conn != nil || !errors.As(err, &fault) || fault.Kind != NameNotFound {
				t.Errorf("%q: %v", host, err)
			}
		}
	}
	if len(s.requests) > 0 {
		t.Errorf("the proxy was asked for %+v", <-s.requests)
	}
	conn, _, err := proxied.Dial(t.Context(), "bücher。example", 5222, "")
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if a := <-s.requests; a.host != "xn--bcher-kva.example" {
		t.Errorf("asked for %q", a.host)
	}
	if conn, _, err = proxied.Dial(t.Context(), goodOnion+".", 5222, ""); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if a := <-s.requests; a.host != goodOnion {
		t.Errorf("asked for %q", a.host)
	}
	for _, host := range []string{strings.Replace(goodOnion, ".", "。", 1), strings.Replace(goodOnion, "onion", "ｏｎｉｏｎ", 1)} {
		_, _, err := direct.Dial(t.Context(), host, 5222, "")
		var fault *Error
		if !errors.As(err, &fault) || fault.Kind != OnionWithoutProxy {
			t.Errorf("%q: %v", host, err)
		}
	}
}
