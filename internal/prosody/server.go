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
)

const startTimeout = time.Minute

// Options are what a test may want different.
type Options struct {
	// Users are the accounts at the start: bare JID to password.
	Users map[string]string
	// Hibernation is how long a cut session can be resumed, in whole seconds; 0 stands for 5 minutes.
	Hibernation time.Duration
	// Component is the name of an external component that may connect; empty for none.
	Component string
	// Stanzas has the log show every stanza as it came and went, after "RECV: " and "SEND: ".
	Stanzas bool
	// MemoryArchive keeps the archives, and what waits for who is not there, in memory until the server stops; on disk, each page
	// costs the reading of the whole. A page may have 250 messages, and memory is given free late: looking for what is free cost
	// more than all the rest.
	MemoryArchive bool
	// Quiet keeps the log short, for benchmarks.
	Quiet bool
}

// Server is a running Prosody.
type Server struct {
	*daemon.Home
	// ComponentAddr and ComponentSecret are for the external component, if there is one.
	ComponentAddr, ComponentSecret string

	path    string
	options Options
	ports   []int
}

// Start runs a Prosody; the caller must Stop it.
func Start(ctx context.Context, options Options) (*Server, error) {
	path, err := exec.LookPath("prosody")
	if err != nil {
		return nil, errors.New("prosody is not installed: run internal/packages/install demo")
	}
	home, err := daemon.NewHome("prosody")
	if err != nil {
		return nil, err
	}
	s := &Server{Home: home, path: path, options: options}
	if err = s.prepare(); err == nil {
		err = daemon.Attempt(func() error { return s.begin(ctx) })
	}
	if err != nil {
		return nil, errors.Join(err, s.Remove())
	}
	return s, nil
}

// New is Start for a test: it fails the test if the server does not start, stops it at the end, and shows its log if the
// test failed.
func New(t testing.TB, options Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), options)
	daemon.Guard(t, "prosody", s, err)
	return s
}

// Stop ends the server and removes its folder.
func (s *Server) Stop() error {
	s.Process.Stop()
	return s.Remove()
}

// Restart ends the server without farewell and starts it again on the same ports, with what it had stored.
func (s *Server) Restart(ctx context.Context) error {
	s.Process.Kill()
	return s.run(ctx)
}

// Log returns what the server has logged.
func (s *Server) Log() string { return s.Process.Output() }

// AddUser makes an account, also while the server runs.
func (s *Server) AddUser(jid, password string) error {
	local, host, err := daemon.Account(jid)
	if err != nil {
		return err
	}
	return s.store(host, "accounts", local, fmt.Sprintf("return { [\"password\"] = %q; };\n", password))
}

// SetRoster gives an account its contacts, all with mutual subscription; it counts from the account's next login.
func (s *Server) SetRoster(jid string, contacts ...string) error {
	local, host, err := daemon.Account(jid)
	if err != nil {
		return err
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
	dir := filepath.Join(s.Dir, "data", encoded(host), kind)
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
	certificate, key, err := s.CA.IssuePEM(hosts()...)
	if err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(s.Dir, "data"), 0o700); err != nil {
		return err
	}
	if err := s.Write(map[string][]byte{"certificate.pem": certificate, "key.pem": key}); err != nil {
		return err
	}
	for jid, password := range s.options.Users {
		if err := s.AddUser(jid, password); err != nil {
			return err
		}
	}
	return nil
}

// begin writes the settings for fresh ports and runs the server.
func (s *Server) begin(ctx context.Context) error {
	ports, err := s.ChoosePorts(3)
	if err != nil {
		return err
	}
	s.ports = ports[:2]
	values := settings{Dir: s.Dir, LogLevel: "debug", Stanzas: s.options.Stanzas,
		MemoryArchive: s.options.MemoryArchive, Port: ports[0], DirectPort: ports[1], Hibernation: 300}
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
	if err := s.Write(map[string][]byte{configFile: []byte(values.String())}); err != nil {
		return err
	}
	return s.run(ctx)
}

const configFile = "prosody.cfg.lua"

func (s *Server) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	process, err := daemon.Start(ctx, daemon.Command{
		Path: s.path, Args: []string{"-F", "--config", filepath.Join(s.Dir, configFile)}, Dir: s.Dir, Ports: s.ports,
	})
	if err != nil {
		return err
	}
	s.Process = process
	return nil
}
