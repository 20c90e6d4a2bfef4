package dial

import (
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// asked is what a SOCKS client asked a stub for.
type asked struct {
	user, password string
	kind           byte // the address type of RFC 1928 §5
	host           string
	port           uint16
}

// stub is a SOCKS5 proxy that answers with one reply code and then echoes.
type stub struct {
	net.Listener
	reply    byte
	password bool // choose the user/password method
	requests chan asked
	// then serves the stream; nil echoes.
	then func(net.Conn)
}

func newStub(t *testing.T, network, address string, reply byte, password bool) *stub {
	t.Helper()
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	s := &stub{Listener: listener, reply: reply, password: password, requests: make(chan asked, 16)}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return s
}

func (s *stub) serve(conn net.Conn) {
	defer conn.Close()
	read := func(n int) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(conn, b); err != nil {
			return make([]byte, n)
		}
		return b
	}
	var a asked
	read(int(read(2)[1]))
	if s.password {
		conn.Write([]byte{5, 2})
		a.user = string(read(int(read(2)[1])))
		a.password = string(read(int(read(1)[0])))
		conn.Write([]byte{1, 0})
	} else {
		conn.Write([]byte{5, 0})
	}
	a.kind = read(4)[3]
	if a.kind == 3 {
		a.host = string(read(int(read(1)[0])))
	} else {
		a.host = net.IP(read(map[byte]int{1: 4, 4: 16}[a.kind])).String()
	}
	port := read(2)
	a.port = uint16(port[0])<<8 | uint16(port[1])
	s.requests <- a
	conn.Write([]byte{5, s.reply, 0, 1, 0, 0, 0, 0, 0, 0})
	switch {
	case s.reply != 0:
	case s.then != nil:
		s.then(conn)
	default:
		io.Copy(conn, conn)
	}
}

// noLookup is a resolver that fails the test when it is asked.
func noLookup(t *testing.T) lookupSRV {
	return func(_ context.Context, service, domain, _ string) ([]*net.SRV, error) {
		t.Errorf("looked up %s of %s outside the proxy", service, domain)
		return nil, errors.New("no")
	}
}

func TestProxyGetsTheName(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		for _, password := range []bool{true, false} {
			address, prefix := "127.0.0.1:0", ""
			if network == "unix" {
				address, prefix = filepath.Join(t.TempDir(), "socks"), "unix:"
			}
			s := newStub(t, network, address, 0, password)
			d := New(Config{SOCKS: prefix + s.Addr().String(), Required: true})
			if d.lookupSRV != nil {
				t.Fatal("there is a resolver beside the proxy")
			}
			targets, err := d.Targets(t.Context(), "exämple.org")
			if err != nil || len(targets) != 2 || targets[0] != (Target{"xn--exmple-cua.org", 5223, true}) || targets[1] != (Target{"xn--exmple-cua.org", 5222, false}) {
				t.Fatalf("targets %v, %v", targets, err)
			}
			conn, way, err := d.Dial(t.Context(), targets[0].Host, targets[0].Port, "ana@example.org")
			if err != nil || way != SOCKS {
				t.Fatalf("way %d, %v", way, err)
			}
			a := <-s.requests
			if a.kind != 3 || a.host != "xn--exmple-cua.org" || a.port != 5223 {
				t.Errorf("%s: the proxy was asked for %+v, want the name", network, a)
			}
			if password && (len(a.user) != 32 || len(a.password) != 32) {
				t.Errorf("user %q password %q: want random ones", a.user, a.password)
			}
			echoes(t, conn)
		}
	}
}

func echoes(t *testing.T, conn net.Conn) {
	t.Helper()
	defer conn.Close()
	if _, err := conn.Write([]byte("ping")); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 4)
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != "ping" {
		t.Errorf("read %q, %v through the proxy", got, err)
	}
}

func TestLocalhostIsNotLookedUp(t *testing.T) {
	s := newStub(t, "tcp", "127.0.0.1:0", 0, true)
	_, port, _ := net.SplitHostPort(s.Addr().String())
	d := New(Config{SOCKS: "localhost:" + port, Required: true})
	if d.address != s.Addr().String() {
		t.Errorf("the proxy's address is %q: somebody has to look that up", d.address)
	}
}

func TestIsolation(t *testing.T) {
	s := newStub(t, "tcp", "127.0.0.1:0", 0, true)
	seen := map[string]string{}
	d := New(Config{SOCKS: s.Addr().String()})
	for _, key := range []string{"ana@example.org", "paulette@example.org", "ana@example.org"} {
		conn, _, err := d.Dial(t.Context(), "example.org", 5222, key)
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
		a := <-s.requests
		if before, again := seen[key]; again && before != a.user+a.password {
			t.Errorf("%s: another circuit the second time", key)
		}
		seen[key] = a.user + a.password
	}
	if seen["ana@example.org"] == seen["paulette@example.org"] {
		t.Error("two accounts share a circuit")
	}
	other := New(Config{SOCKS: s.Addr().String()})
	if other.identity.credentials("ana@example.org").User == d.identity.credentials("ana@example.org").User {
		t.Error("two sessions share a circuit")
	}
}

func TestSOCKSReplies(t *testing.T) {
	const onion = "jukrlvyhgguiedqswc5lehrag2fjunfktouuhi4wozxhb6heyzvshuyd.onion"
	for _, c := range []struct {
		reply byte
		host  string
		kind  Kind
	}{
		{1, "example.org", ExitRefused}, {2, "example.org", ExitRefused}, {3, "example.org", ExitRefused},
		{4, "example.org", NameNotFound}, {5, "example.org", Refused}, {6, "example.org", TorNotReady},
		{7, "example.org", ProxyRefused}, {8, "example.org", ProxyRefused}, {0x99, "example.org", ProxyRefused},
		{0xF0, onion, OnionNotFound}, {0xF1, onion, OnionDown}, {0xF2, onion, OnionDown}, {0xF3, onion, OnionDown}, {0xF4, onion, OnionAuth},
		{0xF5, onion, OnionAuth}, {0xF6, onion, OnionAddress}, {0xF7, onion, OnionDown},
		{4, onion, OnionUnreachable}, {1, onion, OnionUnreachable}, {5, onion, Refused}, {6, onion, TorNotReady},
	} {
		for _, password := range []bool{true, false} {
			s := newStub(t, "tcp", "127.0.0.1:0", c.reply, password)
			_, _, err := New(Config{SOCKS: s.Addr().String()}).Dial(t.Context(), c.host, 5222, "")
			var fault *Error
			if !errors.As(err, &fault) || fault.Kind != c.kind || fault.Reply != c.reply {
				t.Errorf("reply %#x for %s: %v, want kind %d and the code", c.reply, c.host, err, c.kind)
			}
		}
	}
}

// TestMistypedOnion shows that a mistyped address is found out before the proxy hears of it.
func TestMistypedOnion(t *testing.T) {
	s := newStub(t, "tcp", "127.0.0.1:0", 0, true)
	d := New(Config{SOCKS: s.Addr().String(), Required: true})
	for host, kind := range map[string]Kind{
		strings.Replace(goodOnion, "b", "c", 1): OnionAddress, goodOnion[1:]: OnionAddress, "x" + goodOnion: OnionAddress,
		"onion": OnionAddress, "expyuzz4wqqyqhjn.onion": OnionV2, "EXPYUZZ4WQQYQHJN.onion.": OnionV2,
	} {
		_, _, err := d.Dial(t.Context(), host, 5222, "")
		var fault *Error
		if !errors.As(err, &fault) || fault.Kind != kind {
			t.Errorf("%s: %v, want kind %d", host, err, kind)
		}
	}
	if len(s.requests) > 0 {
		t.Errorf("the proxy was asked for %+v", <-s.requests)
	}
}

func TestNewIdentity(t *testing.T) {
	d := New(Config{SOCKS: "127.0.0.1:1"})
	before := *d.identity.credentials("ana@example.org")
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(d.NewIdentity)
		wait.Go(func() { d.identity.credentials("ana@example.org") })
	}
	wait.Wait()
	if after := *d.identity.credentials("ana@example.org"); after.User == before.User || after.Password == before.Password {
		t.Errorf("%v and after %v", before, after)
	}
	if other := *d.identity.credentials("paulette@example.org"); other == *d.identity.credentials("ana@example.org") {
		t.Error("two accounts share a circuit")
	}
}

func TestProxyFaults(t *testing.T) {
	closed := newStub(t, "tcp", "127.0.0.1:0", 0, true)
	closed.Close()
	web, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	go func() {
		for {
			conn, err := web.Accept()
			if err != nil {
				return
			}
			conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
			conn.Close()
		}
	}()
	for _, c := range []struct {
		cfg  Config
		host string
		kind Kind
	}{
		{Config{Required: true}, "example.org", NoProxy},
		{Config{SOCKS: closed.Addr().String()}, "example.org", ProxyUnreachable},
		{Config{SOCKS: web.Addr().String()}, "example.org", NotSOCKS},
		{Config{}, "abc.onion", OnionWithoutProxy},
	} {
		_, _, err := New(c.cfg).Dial(t.Context(), c.host, 5222, "")
		var fault *Error
		if !errors.As(err, &fault) || fault.Kind != c.kind {
			t.Errorf("%+v: %v, want kind %d", c.cfg, err, c.kind)
		}
	}
	if _, err := New(Config{Required: true}).Targets(t.Context(), "example.org"); err == nil {
		t.Error("a required proxy is missing, and targets were found all the same")
	}
}

func TestSilentProxyTimesOut(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, _, err = New(Config{SOCKS: silent.Addr().String()}).Dial(ctx, "example.org", 5222, "")
	var fault *Error
	if !errors.As(err, &fault) || fault.Kind != Timeout {
		t.Errorf("%v, want a timeout", err)
	}
}

func TestDirect(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := uint16(listener.Addr().(*net.TCPAddr).Port)
	conn, way, err := New(Config{}).Dial(t.Context(), "127.0.0.1", port, "")
	if err != nil || way != Direct {
		t.Fatalf("way %d, %v", way, err)
	}
	conn.Close()
	listener.Close()
	_, _, err = New(Config{}).Dial(t.Context(), "127.0.0.1", port, "")
	var fault *Error
	if !errors.As(err, &fault) || fault.Kind != Refused {
		t.Errorf("closed port: %v, want refused", err)
	}
}
