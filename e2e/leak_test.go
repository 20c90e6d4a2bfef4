package e2e_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"traboule/internal/cutproxy"
	"traboule/internal/netns"
	"traboule/internal/prosody"
)

// sealed is a network from which only Tor can be reached, and the way there.
type sealed struct {
	*netns.Namespace
	t     *testing.T
	flags []string // that name the SOCKS port
	tor   *gate
	// sockets are the Unix sockets that the client may connect to.
	sockets []string
}

// newNamespace makes a network of its own, in which the ports of this machine can be connected to.
func newNamespace(t *testing.T, ports ...int) *netns.Namespace {
	t.Helper()
	n, err := netns.Start(t.Context(), netns.Options{Ports: ports})
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	t.Cleanup(n.Close)
	return n
}

// sealings are the ways in which a Tor can be at hand.
func sealings() map[string]func(t *testing.T, serve func(net.Conn) error) *sealed {
	return map[string]func(t *testing.T, serve func(net.Conn) error) *sealed{
		"port named": func(t *testing.T, serve func(net.Conn) error) *sealed {
			const port = 9999 // where no control port is expected either
			return behindPort(t, serve, []string{"--socks", fmt.Sprintf("127.0.0.1:%d", port)}, port)
		},
		"port found": func(t *testing.T, serve func(net.Conn) error) *sealed {
			const port, control = 9050, 9051
			return behindPort(t, serve, nil, port, control)
		},
		"socket": behindSocket,
	}
}

func behindPort(t *testing.T, serve func(net.Conn) error, flags []string, ports ...int) *sealed {
	n := newNamespace(t, ports...)
	tor := newGate(t, func() (net.Listener, error) {
		return n.Listen(t.Context(), fmt.Sprintf("127.0.0.1:%d", ports[0]))
	}, serve)
	return &sealed{Namespace: n, t: t, flags: flags, tor: tor}
}

// behindSocket lets no packet at all out: not even to this machine.
func behindSocket(t *testing.T, serve func(net.Conn) error) *sealed {
	dir, err := os.MkdirTemp("", "traboule-leak-") // t.TempDir can be too long for a socket's name
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path, control := filepath.Join(dir, "socks"), filepath.Join(dir, "control")
	tor := newGate(t, func() (net.Listener, error) { return net.Listen("unix", path) }, serve)
	return &sealed{Namespace: newNamespace(t), t: t, flags: []string{"--socks", "unix:" + path}, tor: tor, sockets: []string{path, control}}
}

// start runs the client inside, and notes what it connects to.
func (w *sealed) start(args ...string) (c *client, trace string) {
	w.t.Helper()
	trace = filepath.Join(w.t.TempDir(), "trace")
	argv := []string{binary(), "--json", "--lang", "en", "--profile", withoutTor(w.t), "--password-fd", "3"}
	argv = append(append(argv, w.flags...), args...)
	return startCommand(w.t, "ana", password, straced(w.t, "connect", trace, w.Enter(argv...)...)...), trace
}

// silent fails the test if a packet went anywhere but to Tor.
func (w *sealed) silent(phase string) netns.Traffic {
	w.t.Helper()
	seen, err := w.Traffic()
	if err != nil {
		w.t.Errorf("%s: %v", phase, err)
	}
	if seen.Leaked > 0 {
		w.t.Errorf("%s: %d packets leaked: %v", phase, seen.Leaked, seen.Leaks)
	}
	return seen
}

// unixSocket is the connection to a Unix socket in the file system, as strace shows it.
var unixSocket = regexp.MustCompile(`connect\(.*AF_UNIX, sun_path="([^"]*)"`)

// noOtherSocket fails the test if the client went to a Unix socket that is not Tor's: no packet shows that.
func (w *sealed) noOtherSocket(trace string) {
	w.t.Helper()
	text := connections(w.t, trace)
	for _, match := range unixSocket.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(w.sockets, match[1]) {
			w.t.Errorf("the client went to the socket %q", match[1])
		}
	}
}

// TestNothingLeaks follows the client through a whole session in which everything happens to it, and counts the packets
// that go anywhere but to Tor.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	for name, seal := range sealings() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p := onProsody(t, 0)
			cuttable, cut := through(t, s)
			proxy := &socks{routes: map[string]string{"localhost:5222": cuttable.addr, "localhost:5223": "127.0.0.1:1"}}
			w := seal(t, proxy.serve)
			paulette := login(t, s, "paulette")
			ana, trace := w.start("--account", "ana@localhost", "--tor", "required", "--ca", s.caFile)
			wholeSession(t, w, ana, paulette, cut, p)
			w.noOtherSocket(trace)
			asked, resolved := proxy.requests()
			if len(asked) == 0 || asked[0] != resolver || len(resolved) > 0 {
				t.Errorf("the proxy was asked for %q, of these as addresses %q", asked, resolved)
			}
		})
	}
}

// wholeSession goes through all phases of a session.
func wholeSession(t *testing.T, w *sealed, ana, paulette *client, cut *cutproxy.Proxy, server *prosody.Server) {
	t.Helper()
	ana.expect("connection", fields{"state": "connected", "via": "tor"})
	reached := w.silent("look-up and login")
	if onSocket := len(w.sockets) > 0; onSocket != (reached.Allowed == 0) {
		t.Errorf("%d packets went to Tor's port", reached.Allowed)
	}

	for _, c := range []*client{ana, paulette} {
		c.send("/join %s", room)
		c.expect("room", fields{"room": room, "state": "joined"})
	}
	ana.expect("occupant", fields{"nick": "paulette", "event": "joined"})
	talk(ana, paulette)
	w.silent("room")

	becomeContacts(ana, paulette)
	oneToOne(ana, paulette, "entre nous")
	w.silent("one to one")

	for range 3 {
		cut.Cut()
		ana.expect("connection", fields{"state": "resumed"})
	}
	oneToOne(ana, paulette, "après la coupure")
	w.silent("cut")

	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*client{ana, paulette} {
		c.expect("connection", fields{"state": "disconnected"})
		c.expect("connection", fields{"state": "connected"})
		c.expect("room", fields{"room": room, "state": "joined"})
	}
	w.silent("server gone")

	w.tor.shut()
	ana.expect("connection", fields{"state": "disconnected"})
	ana.send("/msg paulette@localhost sans Tor")
	said := ana.expect("message", fields{"direction": "out", "body": "sans Tor"})
	time.Sleep(5 * time.Second) // of looking for it
	w.silent("Tor killed")

	w.tor.open()
	ana.expectOneOf("connection", fields{"state": "resumed"}, fields{"state": "connected"})
	ana.expect("message-state", fields{"id": said["id"], "state": "sent"})
	paulette.expect("message", fields{"direction": "in", "body": "sans Tor"})
	w.silent("Tor back")

	ana.quit()
	paulette.quit()
	w.silent("quit")
	w.alert()
}

// oneToOne says something both ways.
func oneToOne(ana, paulette *client, text string) {
	ana.t.Helper()
	ana.send("/msg paulette@localhost %s", text)
	paulette.expect("message", fields{"conversation": "ana@localhost", "direction": "in", "body": text})
	paulette.send("/msg ana@localhost %s", text)
	ana.expect("message", fields{"conversation": "paulette@localhost", "direction": "in", "body": text})
}

// alert plants a leak, to show that there was somebody to see one all the time.
func (w *sealed) alert() {
	w.t.Helper()
	argv := w.Enter("getent", "ahosts", "leak.example.org")
	if out, err := exec.CommandContext(w.t.Context(), argv[0], argv[1:]...).CombinedOutput(); err != nil {
		w.t.Errorf("%q: %v: %s", argv, err, out)
	}
	if seen, err := w.Traffic(); err != nil || seen.Leaked == 0 {
		w.t.Errorf("a planted leak was not seen: it proves nothing: %v", err)
	}
}

// TestNothingLeaksWithoutTor starts the client where no Tor is.
func TestNothingLeaksWithoutTor(t *testing.T) {
	t.Parallel()
	const system, browser = 9050, 9150 // where one is looked for
	w := &sealed{Namespace: newNamespace(t, system, browser), t: t, sockets: []string{"/run/tor/socks"}}
	ana, trace := w.start("--account", "ana@leak.example.org")
	if status := ana.status(); status != torUnusable {
		t.Errorf("exit status %d, want %d", status, torUnusable)
	}
	if seen := w.silent("without Tor"); seen.Allowed == 0 {
		t.Error("no Tor was looked for")
	}
	w.noOtherSocket(trace)
	w.alert()
}

// TestNothingLeaksOnScreen visits a room from the screen, which opens more of this machine than line mode does.
func TestNothingLeaksOnScreen(t *testing.T) {
	t.Parallel()
	s, _ := onProsody(t, 0)
	proxy := &socks{routes: map[string]string{"localhost:5222": s.addr}}
	w := sealings()["port found"](t, proxy.serve)
	paulette := login(t, s, "paulette")
	paulette.send("/join %s", room)
	paulette.expect("room", fields{"room": room, "state": "joined"})
	ana := newTerminal(t, 120, 40, []string{"TERM=screen-256color"},
		w.Enter(binary(), "--profile", withoutTor(t), "--lang", "en", "--ca", s.caFile, "ana@localhost")...)
	ana.await("Password for ana@localhost:")
	ana.say(password)
	ana.await("connected as ana@localhost")
	ana.say("/join grenoble")
	ana.await("▸grenoble")
	ana.say("salut")
	paulette.expect("message", fields{"direction": "in", "from": "ana", "body": "salut"})
	paulette.send("bonjour ana")
	ana.await("bonjour ana")
	ana.say("/quit")
	ana.awaitEnd()
	if seen := w.silent("on the screen"); seen.Allowed == 0 {
		t.Error("no packet went to Tor's port")
	}
	w.alert()
}

// TestOthersLeak shows that the same capture sees how clients give themselves away that do not go through Tor: ours, where
// it is told not to, and others, which know no better.
func TestOthersLeak(t *testing.T) {
	t.Parallel()
	const account = "ana@leak.example.org"
	for name, start := range map[string]func(t *testing.T, w *sealed){
		"traboule": func(_ *testing.T, w *sealed) { w.start("--account", account, "--tor", "off") },
		"mcabber": func(t *testing.T, w *sealed) {
			file := filepath.Join(t.TempDir(), "mcabberrc")
			write(t, file, "set jid = "+account+"\nset password = \"secret\"\nset tls = 1\n")
			newTerminal(t, 80, 24, []string{"HOME=" + filepath.Dir(file)}, w.Enter(need(t, "mcabber"), "-f", file)...)
		},
		"profanity": func(t *testing.T, w *sealed) {
			home := t.TempDir()
			file := filepath.Join(home, ".local/share/profanity/accounts")
			write(t, file, "["+account+"]\nenabled=true\njid="+account+"\nresource=profanity\npassword=secret\n")
			env := []string{"HOME=" + home, "XDG_CONFIG_HOME=" + home + "/.config", "XDG_DATA_HOME=" + home + "/.local/share"}
			newTerminal(t, 80, 24, env, w.Enter(need(t, "profanity"), "-a", account)...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &sealed{Namespace: newNamespace(t), t: t}
			start(t, w)
			w.seen("asks for TypeSRV", "_xmpp-client._tcp.leak.example.org.")
			w.seen("tcp on eth0", ":5222")
		})
	}
}

// write writes a file and the folders above it.
func write(t testing.TB, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// seen waits until a packet has leaked that is described by all these words.
func (w *sealed) seen(words ...string) {
	w.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		traffic, err := w.Traffic()
		if err != nil {
			w.t.Fatal(err)
		}
		for _, packet := range traffic.Leaks {
			if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(packet.String(), word) }) {
				return
			}
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("no packet with %q leaked, of %d: %v", words, traffic.Leaked, traffic.Leaks)
		}
	}
}
