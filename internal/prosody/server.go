// Package prosody runs a private Prosody on loopback for a test or a demo: its own folder and ports, certificates from an
// authority of its own, gone at the end. It must not touch the system's Prosody.
//
// The server has the hosts localhost, second.localhost and guest.localhost (anonymous logins), and the room service
// conference.localhost.
package prosody

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"traboule/internal/daemon"
	"traboule/internal/testca"
)

const (
	startTimeout = time.Minute
	// attempts is how often another set of ports is tried: somebody may take a port between our look and Prosody's.
	attempts = 3
)

// Options are what a test may want different.
type Options struct {
	// Users are the accounts at the start: bare JID to password.
	Users map[string]string
	// Hibernation is how long a cut session can be resumed, in whole seconds; 0 stands for 5 minutes.
	Hibernation time.Duration
	// Component is the name of an external component that may connect; empty for none.
	Component string
	// Quiet keeps the log short, for benchmarks.
	Quiet bool
}

// Server is a running Prosody.
type Server struct {
	// Addr and DirectAddr are HOST:PORT for STARTTLS and for TLS from the first byte.
	Addr, DirectAddr string
	// ComponentAddr and ComponentSecret are for the external component, if there is one.
	ComponentAddr, ComponentSecret string
	CA                             *testca.CA
	// CAFile holds the authority's certificate, for --ca.
	CAFile string

	path    string
	dir     string
	process *daemon.Process
	options Options
	ports   []int
}

// Start runs a Prosody; the caller must Stop it.
func Start(ctx context.Context, options Options) (*Server, error) {
	path, err := exec.LookPath("prosody")
	if err != nil {
		return nil, errors.New("prosody is not installed: run internal/packages/install demo")
	}
	dir, err := os.MkdirTemp("", "traboule-prosody-")
	if err != nil {
		return nil, err
	}
	s := &Server{path: path, dir: dir, CAFile: filepath.Join(dir, "ca.pem"), options: options}
	if err := s.prepare(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	for range attempts {
		if err = s.choosePorts(); err != nil {
			break
		}
		if err = s.run(ctx); err == nil {
			return s, nil
		}
		if errors.Is(err, context.DeadlineExceeded) {
			break
		}
	}
	return nil, errors.Join(err, os.RemoveAll(dir))
}

// New is Start for a test: it fails the test if the server does not start, stops it at the end, and shows its log if the
// test failed.
func New(t testing.TB, options Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), options)
	if err != nil {
		t.Fatalf("start prosody: %v", err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("prosody's log:\n%s", daemon.Tail(s.Log(), 200))
		}
		if err := s.Stop(); err != nil {
			t.Errorf("stop prosody: %v", err)
		}
	})
	return s
}

// Stop ends the server and removes its folder.
func (s *Server) Stop() error {
	s.process.Stop()
	return os.RemoveAll(s.dir)
}

// Restart ends the server without farewell and starts it again on the same ports, with what it had stored.
func (s *Server) Restart(ctx context.Context) error {
	s.process.Kill()
	return s.run(ctx)
}

// Freeze makes the server silent without closing a connection, until Thaw.
func (s *Server) Freeze() { s.process.Freeze() }

// Thaw ends a Freeze.
func (s *Server) Thaw() { s.process.Thaw() }

// Log returns what the server has logged.
func (s *Server) Log() string { return s.process.Output() }

// AddUser makes an account, also while the server runs.
func (s *Server) AddUser(jid, password string) error {
	local, host, found := strings.Cut(jid, "@")
	if !found {
		return fmt.Errorf("%q: not a bare JID", jid)
	}
	return s.store(host, "accounts", local, fmt.Sprintf("return { [\"password\"] = %q; };\n", password))
}

// SetRoster gives an account its contacts, all with mutual subscription; it counts from the account's next login.
func (s *Server) SetRoster(jid string, contacts ...string) error {
	local, host, found := strings.Cut(jid, "@")
	if !found {
		return fmt.Errorf("%q: not a bare JID", jid)
	}
	var text strings.Builder
	text.WriteString("return {\n[false] = { [\"version\"] = 1; };\n")
	for _, contact := range contacts {
		fmt.Fprintf(&text, "[%q] = { [\"subscription\"] = \"both\"; [\"groups\"] = {}; };\n", contact)
	}
	text.WriteString("};\n")
	return s.store(host, "roster", local, text.String())
}

// store writes a file of Prosody's internal storage.
func (s *Server) store(host, kind, local, text string) error {
	dir := filepath.Join(s.dir, "data", encoded(host), kind)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, encoded(local)+".dat"), []byte(text), 0o600)
}

// encoded writes a name as Prosody names its files: all but letters and digits as %xx.
func encoded(name string) string {
	var text strings.Builder
	for _, b := range []byte(name) {
		if '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' {
			text.WriteByte(b)
		} else {
			fmt.Fprintf(&text, "%%%02x", b)
		}
	}
	return text.String()
}

// prepare writes what does not depend on the ports.
func (s *Server) prepare() error {
	ca, err := testca.New()
	if err != nil {
		return err
	}
	s.CA = ca
	certificate, key, err := ca.IssuePEM(hosts()...)
	if err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(s.dir, "data"), 0o700); err != nil {
		return err
	}
	for name, text := range map[string][]byte{"ca.pem": ca.PEM(), "certificate.pem": certificate, "key.pem": key} {
		if err := os.WriteFile(filepath.Join(s.dir, name), text, 0o600); err != nil {
			return err
		}
	}
	for jid, password := range s.options.Users {
		if err := s.AddUser(jid, password); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) choosePorts() error {
	ports, err := daemon.FreePorts(3)
	if err != nil {
		return err
	}
	s.ports = ports[:2]
	s.Addr, s.DirectAddr = fmt.Sprintf("127.0.0.1:%d", ports[0]), fmt.Sprintf("127.0.0.1:%d", ports[1])
	values := settings{Dir: s.dir, LogLevel: "debug", Port: ports[0], DirectPort: ports[1], Hibernation: 300}
	if s.options.Hibernation > 0 {
		values.Hibernation = seconds(s.options.Hibernation)
	}
	if s.options.Component != "" {
		s.ports = ports
		s.ComponentAddr, s.ComponentSecret = fmt.Sprintf("127.0.0.1:%d", ports[2]), rand.Text()
		values.Component, values.ComponentPort, values.ComponentSecret = s.options.Component, ports[2], s.ComponentSecret
	}
	if s.options.Quiet {
		values.LogLevel = "warn"
	}
	return os.WriteFile(s.configFile(), []byte(values.String()), 0o600)
}

func (s *Server) configFile() string { return filepath.Join(s.dir, "prosody.cfg.lua") }

func (s *Server) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	process, err := daemon.Start(ctx, daemon.Command{
		Path: s.path, Args: []string{"-F", "--config", s.configFile()}, Dir: s.dir, Ports: s.ports,
	})
	if err != nil {
		return err
	}
	s.process = process
	return nil
}
