// Package packages_test tries what install says and does where it can not install anything. What it does as root is tried
// by `make test` on a fresh machine.
package packages_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const patience = time.Minute

// machine is a folder of programs, which are all that install finds, but for those in the system's own folders.
type machine struct {
	t      *testing.T
	folder string
}

// newMachine has what every Debian has, and a user who is not root.
func newMachine(t *testing.T) machine {
	t.Helper()
	m := machine{t, t.TempDir()}
	for _, name := range []string{"bash", "realpath", "env"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(m.folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	m.has("id", "echo 1000")
	return m
}

// has adds a program.
func (m machine) has(name, script string) {
	m.t.Helper()
	if err := os.WriteFile(filepath.Join(m.folder, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		m.t.Fatal(err)
	}
}

// install runs the script there, and returns what it said and whether it was content.
func (m machine) install(argument string) (said string, ok bool) {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, "./install", argument)
	command.Env = []string{"PATH=" + m.folder}
	out, err := command.CombinedOutput()
	if ctx.Err() != nil {
		m.t.Fatalf("install did not end: %s", out)
	}
	return string(out), err == nil
}

// expect checks that install fails, and says these things.
func (m machine) expect(argument string, parts ...string) {
	m.t.Helper()
	said, ok := m.install(argument)
	if ok {
		m.t.Errorf("install is content, and says: %s", said)
	}
	for _, part := range parts {
		if !strings.Contains(said, part) {
			m.t.Errorf("install does not say %q, but: %s", part, said)
		}
	}
}

func TestNothingIsMissing(t *testing.T) {
	m := newMachine(t)
	m.has("prosody", "exit 1")
	if said, ok := m.install("demo"); !ok || said != "" {
		t.Errorf("install is content: %v, and says: %s", ok, said)
	}
}

func TestUnknownPurpose(t *testing.T) {
	newMachine(t).expect("everything", "say what for: test, demo")
}

func TestNoPackages(t *testing.T) {
	newMachine(t).expect("demo", "prosody: the XMPP server", "no apt-get", "install prosody by other means")
}

// TestNoWayToBeRoot: who can not go on is told the command that somebody who is root can give.
func TestNoWayToBeRoot(t *testing.T) {
	m := newMachine(t)
	m.has("apt-get", "echo apt-get was called")
	m.expect("demo", "prosody: the XMPP server", "no sudo", "su -c '/", "/internal/packages/install demo'")
	m.has("sudo", "echo you are not in the sudoers file; exit 1")
	m.expect("demo", "prosody: the XMPP server", "sudoers", "as root, run: /", "/internal/packages/install demo")
}

// TestRootIsAskedFor shows what sudo gets to do, and that its success is that of install.
func TestRootIsAskedFor(t *testing.T) {
	m := newMachine(t)
	m.has("apt-get", "echo apt-get was called")
	m.has("sudo", `echo "as root: $*"`)
	said, ok := m.install("demo")
	if want := "as root: bash -s -- prosody ejabberd epmd tor bitlbee prosody"; !ok || !strings.Contains(said, want) {
		t.Errorf("install is content: %v, and says: %s, want %q", ok, said, want)
	}
	if strings.Contains(said, "apt-get was called") {
		t.Errorf("install calls apt-get itself: %s", said)
	}
}
