package dial

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// proofAnswer is the beginning of Tor's page for those who take it for an HTTP proxy.
const proofAnswer = "HTTP/1.0 501 Tor is not an HTTP Proxy\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<html>"

// begun is a connection of which some bytes were read already.
type begun struct {
	net.Conn
	*bufio.Reader
}

func (b begun) Read(p []byte) (int, error) { return b.Reader.Read(p) }

// torStub is the SOCKS port of a Tor: a stub that can prove what it is.
type torStub struct {
	*stub
	mu    sync.Mutex
	conns []net.Conn
}

func newTorStub(t *testing.T, network, address string) *torStub {
	t.Helper()
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	s := &torStub{stub: &stub{Listener: listener, password: true, requests: make(chan asked, 16)}}
	t.Cleanup(s.stop)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns = append(s.conns, conn)
			s.mu.Unlock()
			go s.serveTor(conn)
		}
	}()
	return s
}

func (s *torStub) serveTor(conn net.Conn) {
	reader := bufio.NewReader(conn)
	if first, err := reader.Peek(1); err != nil || first[0] == 'G' {
		_, _ = conn.Write([]byte(proofAnswer))
		conn.Close()
		return
	}
	s.serve(begun{conn, reader})
}

func (s *torStub) stop() {
	s.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.conns {
		conn.Close()
	}
}

// speaking is a listener that answers everything with the same words.
func speaking(t *testing.T, words string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte(words))
			conn.Close()
		}
	}()
	return listener.Addr().String()
}

// run lets a Tor run until the end of the test, at the pace of tests.
func run(t *testing.T, cfg TorConfig) (tor *Tor, stop func()) {
	t.Helper()
	tor = NewTor(cfg)
	tor.pace.again, tor.pace.stall = 10*time.Millisecond, 50*time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() { tor.Run(ctx) })
	stop = func() { cancel(); wait.Wait() }
	t.Cleanup(stop)
	return tor, stop
}

// await waits for a state of which want is true.
func await(t *testing.T, tor *Tor, what string, want func(TorState) bool) TorState {
	t.Helper()
	timeout := time.After(20 * time.Second)
	for {
		state, changed := tor.board.read()
		if want(state) {
			return state
		}
		select {
		case <-changed:
		case <-timeout:
			t.Fatalf("%s: it never came; state %+v", what, state)
		}
	}
}

func kindOf(err error) Kind {
	var fault *Error
	if errors.As(err, &fault) {
		return fault.Kind
	}
	return Unreachable
}

func TestTorPlaces(t *testing.T) {
	env := func(host, port string) func(string) string {
		return func(name string) string {
			return map[string]string{"TOR_SOCKS_HOST": host, "TOR_SOCKS_PORT": port}[name]
		}
	}
	usual := []string{"127.0.0.1:9050", "127.0.0.1:9150", "unix:/run/tor/socks"}
	for name, c := range map[string]struct {
		cfg  TorConfig
		want []string
	}{
		"usual":      {TorConfig{}, usual},
		"empty":      {TorConfig{Env: env("", "")}, usual},
		"given":      {TorConfig{SOCKS: "127.0.0.1:1080", Env: env("10.152.152.10", "9100")}, []string{"127.0.0.1:1080"}},
		"named":      {TorConfig{Env: env("10.152.152.10", "9100")}, append([]string{"10.152.152.10:9100"}, usual...)},
		"port alone": {TorConfig{Env: env("", "9100")}, append([]string{"127.0.0.1:9100"}, usual...)},
		"host alone": {TorConfig{Env: env("::1", "")}, append([]string{"[::1]:9050"}, usual...)},
		"the usual":  {TorConfig{Env: env("127.0.0.1", "9050")}, usual},
	} {
		if got := NewTor(c.cfg).places(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestFindTor shows that of what we find by ourselves only Tor is used, the first of several.
func TestFindTor(t *testing.T) {
	ssh := newStub(t, "tcp", "127.0.0.1:0", 0, false)
	tor := newTorStub(t, "unix", filepath.Join(shortTempDir(t), "s"))
	other := newTorStub(t, "tcp", "127.0.0.1:0")
	dead := speaking(t, "")
	for name, c := range map[string]struct {
		cfg    TorConfig
		where  string
		proved bool
	}{
		"after others": {TorConfig{Places: []string{
			ssh.Addr().String(), dead, speaking(t, "HTTP/1.1 200 OK\r\n\r\n"), speaking(t, "501 Tor is not an HTTP Proxy\r\n"),
			"gateway.example.org:9050", "unix:/nowhere", "unix:" + tor.Addr().String(), other.Addr().String(),
		}}, "unix:" + tor.Addr().String(), true},
		"given":         {TorConfig{SOCKS: other.Addr().String(), Places: []string{tor.Addr().String()}}, other.Addr().String(), true},
		"given, of ssh": {TorConfig{SOCKS: ssh.Addr().String(), Unproved: true}, ssh.Addr().String(), false},
	} {
		found, _ := run(t, c.cfg)
		if err := found.Ready(t.Context(), nil); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s := found.State()
		if s.Where != c.where || s.Proved != c.proved || s.Own || s.Progress != 100 || s.Phase != TorReady {
			t.Errorf("%s: %+v", name, s)
		}
		conn, way, err := New(Config{Tor: found, Required: true}).Dial(t.Context(), "example.org", 5222, "ana@example.org")
		if err != nil || way != map[bool]Way{true: ThroughTor, false: SOCKS}[c.proved] {
			t.Errorf("%s: way %d, %v", name, way, err)
			continue
		}
		echoes(t, conn)
	}
}

func TestNoTor(t *testing.T) {
	closed := newStub(t, "tcp", "127.0.0.1:0", 0, true)
	closed.Close()
	ssh := newStub(t, "tcp", "127.0.0.1:0", 0, false)
	for name, c := range map[string]struct {
		cfg  TorConfig
		kind Kind
	}{
		"nothing":         {TorConfig{Places: []string{closed.Addr().String()}}, NoTor},
		"not a Tor":       {TorConfig{Places: []string{ssh.Addr().String()}}, NoTor},
		"given, closed":   {TorConfig{SOCKS: closed.Addr().String()}, ProxyUnreachable},
		"given, a name":   {TorConfig{SOCKS: "gateway.example.org:9050"}, ProxyUnreachable},
		"given, of ssh":   {TorConfig{SOCKS: ssh.Addr().String()}, NotTor},
		"no SOCKS at all": {TorConfig{SOCKS: speaking(t, "HTTP/1.1 200 OK\r\n\r\n"), Unproved: true}, NotSOCKS},
		"given, no SOCKS": {TorConfig{SOCKS: speaking(t, "HTTP/1.1 200 OK\r\n\r\n")}, NotSOCKS},
	} {
		c.cfg.NoStart = true
		tor, stop := run(t, c.cfg)
		for range 3 { // each time it is looked for anew
			if err := tor.Ready(t.Context(), nil); kindOf(err) != c.kind {
				t.Errorf("%s: %v, want kind %d", name, err, c.kind)
			}
		}
		d := New(Config{Tor: tor, Required: true})
		if _, _, err := d.Dial(t.Context(), "example.org", 5222, ""); kindOf(err) != c.kind {
			t.Errorf("%s: %v, want kind %d", name, err, c.kind)
		}
		stop()
		if err := tor.Ready(t.Context(), nil); kindOf(err) != NoTor || tor.State().Phase != TorStopped {
			t.Errorf("%s: %v after the end", name, err)
		}
	}
}

// TestTorComesLater shows that a Tor which was not there is found when somebody asks again.
func TestTorComesLater(t *testing.T) {
	path := filepath.Join(shortTempDir(t), "s")
	tor, _ := run(t, TorConfig{Places: []string{"unix:" + path}, NoStart: true})
	if err := tor.Ready(t.Context(), nil); kindOf(err) != NoTor {
		t.Fatal(err)
	}
	newTorStub(t, "unix", path)
	if err := tor.Ready(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// TestTorGoesAndComesBack shows that a Tor which ends is waited for: nothing goes round it, and nobody has to do anything.
func TestTorGoesAndComesBack(t *testing.T) {
	path := filepath.Join(shortTempDir(t), "s")
	stub := newTorStub(t, "unix", path)
	tor, _ := run(t, TorConfig{Places: []string{"unix:" + path}, Program: "/nowhere/tor"})
	d := New(Config{Tor: tor, Required: true})
	conn, _, err := d.Dial(t.Context(), "example.org", 5222, "")
	if err != nil {
		t.Fatal(err)
	}
	stub.stop()
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the stream outlived Tor")
	}
	conn.Close()
	if _, _, err := d.Dial(t.Context(), "example.org", 5222, ""); kindOf(err) != ProxyUnreachable {
		t.Errorf("%v, want that the proxy is gone", err)
	}
	await(t, tor, "gone", func(s TorState) bool { return s.Phase == TorGone })
	short, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, _, err := d.Dial(short, "example.org", 5222, ""); kindOf(err) != ProxyUnreachable {
		t.Errorf("%v, want that the proxy is gone", err)
	}
	// An impostor takes the place: it is not taken for Tor.
	os.Remove(path)
	impostor := newStub(t, "unix", path, 0, true)
	short, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if conn, _, err := d.Dial(short, "example.org", 5222, ""); err == nil {
		conn.Close()
		t.Error("took an impostor for Tor")
	}
	impostor.Close()
	os.Remove(path)
	back := newTorStub(t, "unix", path)
	conn, way, err := d.Dial(t.Context(), "example.org", 5222, "")
	if err != nil || way != ThroughTor {
		t.Fatalf("way %d, %v", way, err)
	}
	echoes(t, conn)
	<-back.requests
}

// TestTorGoesBeforeItIsReady shows that a Tor which ends on its way to its network is waited for like one that was ready, and
// that none of our own takes its place.
func TestTorGoesBeforeItIsReady(t *testing.T) {
	dir := shortTempDir(t)
	path := filepath.Join(dir, "socks")
	stub := newTorStub(t, "unix", path)
	control := newFakeControl(t, "unix", filepath.Join(dir, "control"), controlled("unix:"+path, "14"))
	tor, _ := run(t, TorConfig{Places: []string{"unix:" + path}, Program: os.Args[0]})
	await(t, tor, "at 14 %", func(s TorState) bool { return s.Progress == 14 })
	ready := make(chan error, 1)
	go func() { ready <- tor.Ready(context.Background(), nil) }()
	stub.stop()
	control.stop()
	await(t, tor, "gone", func(s TorState) bool { return s.Phase == TorGone })
	newTorStub(t, "unix", path)
	if err := <-ready; err != nil {
		t.Error(err)
	}
	if s := tor.State(); s.Own || s.Phase != TorReady {
		t.Errorf("%+v, want the Tor of before", s)
	}
}

// besides makes a SOCKS port with a control port beside it, where ours would look.
func besides(t *testing.T, script func(command string) string) (where string, control *fakeControl) {
	t.Helper()
	dir := shortTempDir(t)
	newTorStub(t, "unix", filepath.Join(dir, "socks"))
	return "unix:" + filepath.Join(dir, "socks"), newFakeControl(t, "unix", filepath.Join(dir, "control"), script)
}

// controlled answers as a Tor at some progress, and takes all else.
func controlled(where, progress string) func(string) string {
	return func(command string) string {
		switch command {
		case "GETINFO net/listeners/socks":
			return `250-net/listeners/socks="127.0.0.1:9" "` + where + "\"\r\n250 OK\r\n"
		case "GETINFO status/bootstrap-phase":
			return "250-status/bootstrap-phase=NOTICE BOOTSTRAP PROGRESS=" + progress + " TAG=conn SUMMARY=\"Connecting\"\r\n250 OK\r\n"
		}
		return "250 OK\r\n"
	}
}

func TestTorBootstraps(t *testing.T) {
	var script func(string) string
	where, control := besides(t, func(command string) string { return script(command) })
	control.cookieFile = writeCookie(t, cookieSize)
	script = controlled(where, "5")
	tor, _ := run(t, TorConfig{Places: []string{where}})
	var mu sync.Mutex
	var told []TorState
	ready := make(chan error)
	go func() {
		ready <- tor.Ready(context.Background(), func(s TorState) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, s)
		})
	}()
	s := await(t, tor, "no network", func(s TorState) bool { return s.Warning == TorNoNetwork })
	if s.Phase != TorBootstrapping || s.Progress != 5 || s.Tag != "conn" || s.Control == "" {
		t.Errorf("%+v", s)
	}
	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := tor.Ready(short, nil); kindOf(err) != NoNetwork {
		t.Errorf("%v, want no network", err)
	}
	control.tell("STATUS_GENERAL WARN CLOCK_SKEW SKEW=86400 SOURCE=CONSENSUS")
	await(t, tor, "clock", func(s TorState) bool { return s.Warning == TorClockWrong && s.Skew == 24*time.Hour })
	if err := tor.Ready(short, nil); kindOf(err) != ClockWrong {
		t.Errorf("%v, want the clock", err)
	}
	control.tell(`STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=100 TAG=done SUMMARY="Done"`)
	if err := <-ready; err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	last := told[len(told)-1]
	mu.Unlock()
	if last.Phase != TorReady || last.Progress != 100 || last.Warning != NoWarning {
		t.Errorf("told %+v at last", last)
	}
	if !tor.NewIdentity(t.Context()) || !slices.Contains(control.commands(), "SIGNAL NEWNYM") {
		t.Errorf("asked for no new circuits: %q", control.commands())
	}
	control.stop()
	await(t, tor, "gone", func(s TorState) bool { return s.Phase == TorGone || s.Control == "" })
}

// TestTorIsStuck shows that a Tor which reaches somebody and then no one else is doubted too, until it gets on. Tor itself may
// say nothing about it.
func TestTorIsStuck(t *testing.T) {
	var script func(string) string
	where, control := besides(t, func(command string) string { return script(command) })
	script = controlled(where, "14")
	tor, _ := run(t, TorConfig{Places: []string{where}})
	await(t, tor, "stuck", func(s TorState) bool { return s.Progress == 14 && s.Warning == TorBlocked })
	control.tell(`STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=50 TAG=loading_descriptors SUMMARY="Loading"`)
	await(t, tor, "getting on", func(s TorState) bool { return s.Progress == 50 && s.Warning == NoWarning })
	await(t, tor, "stuck again", func(s TorState) bool { return s.Warning == TorBlocked })
}

// TestTorFiltered shows that a control port which refuses, lies about its Tor, or is silent is no fault (Tails, Whonix).
func TestTorFiltered(t *testing.T) {
	for name, script := range map[string]func(string) string{
		"refuses all": func(string) string { return "510 Command filtered\r\n" },
		"refuses the phase": func(command string) string {
			if strings.HasPrefix(command, "GETINFO net") {
				return "250-net/listeners/socks=\"unix:SOCKS\"\r\n250 OK\r\n"
			}
			return "510 Command filtered\r\n"
		},
		"another's": controlled("unix:/run/tor/other", "5"),
		"closes":    func(string) string { return "" },
	} {
		var where string
		at, control := besides(t, func(command string) string {
			return strings.ReplaceAll(script(command), "unix:SOCKS", where)
		})
		where = at
		tor, _ := run(t, TorConfig{Places: []string{where}})
		if err := tor.Ready(t.Context(), nil); err != nil || tor.State().Progress != 100 {
			t.Errorf("%s: %v, %+v", name, err, tor.State())
		}
		if tor.NewIdentity(t.Context()) {
			t.Errorf("%s: believed that it may ask for new circuits: %q", name, control.commands())
		}
	}
}

// TestFaultsKnowTor shows that a fault of a connection is worded with what Tor said about itself.
func TestFaultsKnowTor(t *testing.T) {
	for name, c := range map[string]struct {
		state TorState
		kind  Kind
		want  Kind
	}{
		"no network":  {TorState{Phase: TorReady, Control: "x", Warning: TorNoNetwork}, Timeout, NoNetwork},
		"clock":       {TorState{Phase: TorReady, Control: "x", Warning: TorClockWrong}, TorNotReady, ClockWrong},
		"Tor is well": {TorState{Phase: TorReady, Control: "x"}, TorNotReady, Timeout},
		"not known":   {TorState{Phase: TorReady}, TorNotReady, TorNotReady},
		"other fault": {TorState{Phase: TorReady, Control: "x", Warning: TorNoNetwork}, Refused, Refused},
	} {
		tor := NewTor(TorConfig{})
		tor.board.update(func(s *TorState) { *s = c.state })
		if got := tor.explain(&Error{Kind: c.kind}).Kind; got != c.want {
			t.Errorf("%s: kind %d, want %d", name, got, c.want)
		}
	}
}
