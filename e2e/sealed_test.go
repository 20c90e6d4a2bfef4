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

	"traboule/internal/netns"
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

// onNamedPort has Tor where only the client's flags say.
func onNamedPort(t *testing.T, serve func(net.Conn) error) *sealed {
	const port = 9999
	return behindPort(t, serve, []string{"--socks", fmt.Sprintf("127.0.0.1:%d", port)}, port)
}

// onFoundPort has Tor where it usually is. The client may ask for its control port there too.
func onFoundPort(t *testing.T, serve func(net.Conn) error) *sealed {
	const port, control = 9050, 9051
	return behindPort(t, serve, nil, port, control)
}

func behindPort(t *testing.T, serve func(net.Conn) error, flags []string, ports ...int) *sealed {
	n := newNamespace(t, ports...)
	tor := newGate(t, func() (net.Listener, error) {
		return n.Listen(t.Context(), fmt.Sprintf("127.0.0.1:%d", ports[0]))
	}, serve)
	return &sealed{Namespace: n, t: t, flags: flags, tor: tor}
}

// onSocket has Tor on a Unix socket, so that there is no packet at all.
func onSocket(t *testing.T, serve func(net.Conn) error) *sealed {
	dir, err := os.MkdirTemp("", "traboule-leak-") // t.TempDir can be too long for a socket's name
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path, control := filepath.Join(dir, "socks"), filepath.Join(dir, "control")
	tor := newGate(t, func() (net.Listener, error) { return net.Listen("unix", path) }, serve)
	return &sealed{Namespace: newNamespace(t), t: t, flags: []string{"--socks", "unix:" + path}, tor: tor, sockets: []string{path, control}}
}

// start runs the client inside on a profile, and notes what it connects to.
func (w *sealed) start(profile string, args ...string) (c *client, trace string) {
	w.t.Helper()
	trace = filepath.Join(w.t.TempDir(), "trace")
	argv := []string{binary(), "--json", "--lang", "en", "--profile", profile, "--password-fd", "3"}
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
	for _, match := range unixSocket.FindAllStringSubmatch(connections(w.t, trace), -1) {
		if !slices.Contains(w.sockets, match[1]) {
			w.t.Errorf("the client went to the socket %q", match[1])
		}
	}
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
