package daemon

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"traboule/internal/testca"
)

// Home is a private XMPP server's own folder, the authority that its certificates are from, and where it listens.
type Home struct {
	// Addr and DirectAddr are HOST:PORT for STARTTLS and for TLS from the first byte.
	Addr, DirectAddr string
	CA               *testca.CA
	// CAFile holds the authority's certificate, for --ca.
	CAFile string
	// Dir is the folder, Process the server that runs in it.
	Dir     string
	Process *Process
}

// NewHome makes the folder and the authority of a server.
func NewHome(name string) (*Home, error) {
	ca, err := testca.New()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "traboule-"+name+"-")
	if err != nil {
		return nil, err
	}
	h := &Home{CA: ca, CAFile: filepath.Join(dir, "ca.pem"), Dir: dir}
	if err := h.Write(map[string][]byte{"ca.pem": ca.PEM()}); err != nil {
		return nil, errors.Join(err, h.Remove())
	}
	return h, nil
}

// Write writes files of the folder, by name.
func (h *Home) Write(files map[string][]byte) error {
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(h.Dir, name), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// ChoosePorts takes n free ports, the first for STARTTLS and the second for TLS from the first byte.
func (h *Home) ChoosePorts(n int) ([]int, error) {
	ports, err := FreePorts(n)
	if err != nil {
		return nil, err
	}
	h.Addr, h.DirectAddr = fmt.Sprintf("127.0.0.1:%d", ports[0]), fmt.Sprintf("127.0.0.1:%d", ports[1])
	return ports, nil
}

// Freeze makes the server silent without closing a connection, until Thaw.
func (h *Home) Freeze() { h.Process.Freeze() }

// Thaw ends a Freeze.
func (h *Home) Thaw() { h.Process.Thaw() }

// Remove removes the folder.
func (h *Home) Remove() error { return os.RemoveAll(h.Dir) }

// attempts is how often Attempt tries.
const attempts = 3

// Attempt calls start, which takes other ports each time, until it succeeds or has no more time: somebody may take a port
// between our look and the server's.
func Attempt(start func() error) error {
	var err error
	for range attempts {
		if err = start(); err == nil || errors.Is(err, context.DeadlineExceeded) {
			return err
		}
	}
	return err
}

// Account splits the bare JID of an account.
func Account(jid string) (local, host string, err error) {
	local, host, found := strings.Cut(jid, "@")
	if !found {
		return "", "", fmt.Errorf("%q: not a bare JID", jid)
	}
	return local, host, nil
}

// Server is what runs for a test.
type Server interface {
	// Log returns what the server has logged.
	Log() string
	// Stop ends the server.
	Stop() error
}

// Guard fails a test for which a server did not start. Else it stops the server at the end, and shows its log if the test
// failed.
func Guard(t testing.TB, name string, s Server, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s's log:\n%s", name, Tail(s.Log(), 200))
		}
		if err := s.Stop(); err != nil {
			t.Errorf("stop %s: %v", name, err)
		}
	})
}
