package dial

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/proxy"
)

// playing is a proxy that reads and answers as the pieces say, in turn, and then holds the connection open. It keeps what it
// read.
type playing struct {
	read   [][]byte
	done   chan struct{}
	hangUp func() error
}

// play answers each piece of the client's with one of the answers; lengths tells how many bytes a piece has.
func play(t *testing.T, lengths []int, answers ...string) (*playing, net.Conn) {
	t.Helper()
	near, far := net.Pipe()
	p := &playing{done: make(chan struct{}), hangUp: far.Close}
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

// dripping is a connection of which a byte is read at a time. It keeps the last deadline.
type dripping struct {
	net.Conn
	deadline time.Time
}

func (d *dripping) Read(p []byte) (int, error) { return d.Conn.Read(p[:min(1, len(p))]) }

func (d *dripping) SetDeadline(at time.Time) error {
	d.deadline = at
	return d.Conn.SetDeadline(at)
}

const proxyAddress = "192.0.2.1:9050"

// handshake has a stream made over conn, on which a proxy listens. What is made must be conn itself, with nothing around it.
// Whoever waits for each other is parted.
func handshake(ctx context.Context, conn net.Conn, host string, tor bool) error {
	d := &Dialer{open: func(context.Context, string, string) (net.Conn, error) { return conn, nil }}
	defer time.AfterFunc(10*time.Second, func() { conn.Close() }).Stop()
	who := &proxy.Auth{User: "user", Password: "secret"}
	made, err := d.dialSOCKS(ctx, proxyAt{network: "tcp", address: proxyAddress, proved: tor}, target{host, 5222}, who)
	if err == nil && made != conn {
		return errors.New("not the connection to the proxy")
	}
	return err
}

// The lengths of what we send to a Tor, for example.org.
const (
	greeting = len(greetingPassword)
	login    = 1 + 1 + 4 + 1 + 6
	request  = 4 + 1 + 11 + 2
)

func TestHandshakeIsRead(t *testing.T) {
	bound := map[string]string{
		"an address": "\x01\x7f\x00\x00\x01\x14\x66", "a long address": "\x04" + strings.Repeat("\xff", 16) + "\x14\x66",
		"a name": "\x03\xff" + strings.Repeat("a", 255) + "\x14\x66", "no name": "\x03\x00\x14\x66",
	}
	for name, address := range bound {
		p, near := play(t, []int{greeting, login, request}, "\x05\x02", "\x01\x00", "\x05\x00\x00"+address+"hello")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		conn := &dripping{Conn: near}
		err := handshake(ctx, conn, "example.org", true)
		cancel()
		if err != nil || !conn.deadline.IsZero() {
			t.Errorf("%s: %v, deadline %v", name, err, conn.deadline)
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
		p, conn := play(t, []int{greeting, login, 3 + len(want) + 2}, "\x05\x02", "\x01\x00", "\x05\x05")
		err := handshake(t.Context(), conn, host, true)
		<-p.done
		said := "\x05\x01\x02" + "\x01\x04user\x06secret" + "\x05\x01\x00" + want + "\x14\x66"
		if got := string(bytes.Join(p.read, nil)); kindOf(err) != Refused || got != said {
			t.Errorf("%s: sent %q, want %q; %v", host, got, said, err)
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
		"another version of the login":    {[]string{"\x05\x02", "\x05\x00"}, NotSOCKS},
		"another version in the answer":   {[]string{"\x05\x02", "\x01\x00", "\x00\x00\x00\x01"}, NotSOCKS},
		"something where nothing is":      {[]string{"\x05\x02", "\x01\x00", "\x05\x00\x01\x01"}, NotSOCKS},
		"an address of no type":           {[]string{"\x05\x02", "\x01\x00", "\x05\x00\x00\x02"}, NotSOCKS},
		"an address that does not end":    {[]string{"\x05\x02", "\x01\x00", "\x05\x00\x00\x03\xffabc"}, Timeout},
		"refuses, with an endless reason": {[]string{"\x05\x02", "\x01\x00", "\x05\x05\x00\x01" + strings.Repeat("x", 100)}, Refused},
		"refuses, without the rest":       {[]string{"\x05\x02", "\x01\x00", "\x05\x05"}, Refused},
		"an unknown refusal":              {[]string{"\x05\x02", "\x01\x00", "\x05\xfe\x00\x01"}, ProxyRefused},
	} {
		for _, drips := range []bool{false, true} {
			p, conn := play(t, []int{greeting, login, request}[:len(c.answers)], c.answers...)
			if drips {
				conn = &dripping{Conn: conn}
			}
			ctx, cancel := context.WithCancel(t.Context())
			if c.kind == Timeout { // for a proxy that has said all it will
				go func() { <-p.done; cancel() }()
			}
			err := handshake(ctx, conn, "example.org", true)
			cancel()
			want := "example.org:5222"
			if c.kind == NotSOCKS {
				want = proxyAddress
			}
			var fault *Error
			if !errors.As(err, &fault) || fault.Kind != c.kind || fault.Target != want {
				t.Errorf("%s: %v, want kind %d of %s", name, err, c.kind, want)
			}
			if _, err := conn.Write(nil); !errors.Is(err, io.ErrClosedPipe) {
				t.Errorf("%s: left open, %v", name, err)
			}
		}
	}
}

// TestProxyThatHangsUp shows that the fault is the proxy's if it ends in the middle of the handshake, as a Tor that is killed does.
func TestProxyThatHangsUp(t *testing.T) {
	for _, answers := range [][]string{{""}, {"\x05"}, {"\x05\x02", "\x01\x00", ""}, {"\x05\x02", "\x01\x00", "\x05\x00\x00\x01\x7f"}} {
		p, near := play(t, []int{greeting, login, request}[:len(answers)], answers...)
		go func() {
			<-p.done
			p.hangUp()
		}()
		var fault *Error
		if err := handshake(t.Context(), near, "example.org", true); !errors.As(err, &fault) || fault.Kind != ProxyUnreachable || fault.Target != proxyAddress {
			t.Errorf("after %q: %v", answers, err)
		}
	}
}

// TestEndOfContextEndsHandshake also when it has no deadline.
func TestEndOfContextEndsHandshake(t *testing.T) {
	_, conn := play(t, []int{greeting}, "\x05")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if err := handshake(ctx, conn, "example.org", true); kindOf(err) != Timeout {
		t.Errorf("%v", err)
	}
}

// TestTorKeepsAccountsApart: a Tor is offered no way but the one by which it keeps circuits apart.
func TestTorKeepsAccountsApart(t *testing.T) {
	for proved, want := range map[bool]string{true: "\x05\x01\x02", false: "\x05\x02\x00\x02"} {
		for _, answer := range []string{"\x05\xff", "\x05\x01"} {
			p, conn := play(t, []int{len(want)}, answer)
			err := handshake(t.Context(), conn, "example.org", proved)
			<-p.done
			if kindOf(err) != ProxyRefused || string(bytes.Join(p.read, nil)) != want {
				t.Errorf("proved %v: offered %q, %v", proved, p.read, err)
			}
		}
	}
	where := newTorStub(t, "tcp", "127.0.0.1:0")
	where.password = false // as one whose settings say PreferSOCKSNoAuth would, if it were asked
	tor, _ := run(t, TorConfig{SOCKS: where.Addr().String()})
	if err := tor.Ready(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	conn, _, err := New(Config{Tor: tor, Required: true}).Dial(t.Context(), "example.org", 5222, "ana@example.org")
	if conn != nil || kindOf(err) != ProxyRefused {
		t.Errorf("a circuit that is shared with others: %v", err)
	}
}

// TestUnknownGreetingIsNotSent: should the library ever offer a Tor anything else, nothing goes.
func TestUnknownGreetingIsNotSent(t *testing.T) {
	for _, offer := range []string{
		"", "\x05", "\x05\x01\x00", "\x05\x01\x02", "\x05\x02\x02\x00", "\x05\x02\x00", "\x05\x02\x00\x02\x01", "\x05\x03\x00\x01\x02", "\x04\x01\x00\x02",
	} {
		near, far := net.Pipe()
		heard := make(chan []byte)
		go func() {
			all, _ := io.ReadAll(far)
			heard <- all
		}()
		conn := &proxyConn{Conn: near, tor: true}
		if n, err := conn.Write([]byte(offer)); n != 0 || !errors.Is(err, errGreeting) {
			t.Errorf("%q: wrote %d, %v", offer, n, err)
		}
		near.Close()
		if all := <-heard; len(all) > 0 {
			t.Errorf("%q: %q went out", offer, all)
		}
	}
}

// witness is a connection that tells when the proxy has taken our user and password.
type witness struct {
	net.Conn
	heard []byte
	taken func()
}

func (w *witness) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if w.heard = append(w.heard, p[:n]...); string(w.heard) == "\x05\x02\x01\x00" {
		w.taken()
	}
	return n, err
}

// TestRealTorKeepsAccountsApart also if its settings prefer to go without a password where that is offered.
func TestRealTorKeepsAccountsApart(t *testing.T) {
	program := torProgram()
	if program == "" && os.Getenv("CI") == "" {
		t.Skip("no tor program")
	}
	base, include := shortTempDir(t), filepath.Join(t.TempDir(), "settings")
	where := "unix:" + filepath.Join(base, "prefers")
	if err := os.WriteFile(include, []byte(nobody+"SocksPort "+where+" PreferSOCKSNoAuth\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := own(base)
	cfg.Program, cfg.Include = program, include
	server, _ := run(t, cfg)
	await(t, server, "a tor", func(s TorState) bool { return s.Where != "" })

	ctx, cancel := context.WithCancelCause(t.Context())
	taken := errors.New("taken")
	tor, _ := run(t, TorConfig{SOCKS: where, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := ToTor(ctx, network, address)
		return &witness{Conn: conn, taken: func() { cancel(taken) }}, err
	}})
	if err := tor.Ready(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	answer, err := tor.question(t.Context(), where, greetingAny, func(answer string) bool { return len(answer) >= 2 })
	if err != nil || answer != "\x05\x00" {
		t.Fatalf("%q, %v: it does not prefer what the test is about", answer, err)
	}
	_, _, err = New(Config{Tor: tor, Required: true}).Dial(ctx, "example.org", 5222, "ana@example.org")
	if kindOf(err) != Timeout || context.Cause(ctx) != taken {
		t.Errorf("our user and password were not taken: %v", err)
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
