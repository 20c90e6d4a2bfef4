package e2e_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// need finds a program that the tests use. Where everything is installed (CI is set), a missing one is a failure.
func need(t testing.TB, program string) string {
	t.Helper()
	for _, name := range []string{program, "/usr/sbin/" + program} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	lacking(t, program+" is missing: run internal/packages/install test")
	return ""
}

// lacking skips a test for which something is not installed, or fails it where everything is.
func lacking(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// peer is another client that a person could use, on a terminal.
type peer struct {
	*terminal
	// Its commands to join a room under a nick, and to show a conversation.
	joinFormat, showFormat string
	// What it says when it has joined.
	joined string
	// enter is set if a conversation is only opened by Enter on an empty line.
	enter bool
}

// join enters a room and shows it.
func (p *peer) join(room, nick string) {
	p.t.Helper()
	p.say(fmt.Sprintf(p.joinFormat, room, nick))
	p.await(p.joined)
	p.show(room)
}

// show brings a room on screen.
func (p *peer) show(jid string) {
	p.t.Helper()
	p.say(fmt.Sprintf(p.showFormat, jid))
	if p.enter {
		p.keys("Enter")
		p.await("Room: " + jid)
	}
}

// mcabber sets mcabber up for an account and returns what to add to the environment and how to start it.
func mcabber(t testing.TB, s server, name string) (env, argv []string) {
	t.Helper()
	path := need(t, "mcabber")
	home := t.TempDir()
	config := fmt.Sprintf(`set jid = %s@localhost
set password = "%s"
set server = 127.0.0.1
set port = %s
set tls = 1
set ssl_ignore_checks = 1
set resource = mcabber
`, name, password, s.port(t))
	file := filepath.Join(home, "mcabberrc")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"HOME=" + home}, []string{path, "-f", file}
}

// newMcabber starts mcabber, logged in.
func newMcabber(t testing.TB, s server, name string) *peer {
	t.Helper()
	env, argv := mcabber(t, s, name)
	p := &peer{
		terminal:   newTerminal(t, 110, 30, env, argv...),
		joinFormat: "/room join %s %s",
		showFormat: "/roster search %s",
		joined:     "You have joined",
		enter:      true,
	}
	p.await("Your status has been set")
	return p
}

// profanity sets Profanity up for an account and returns what to add to the environment and how to start it.
func profanity(t testing.TB, s server, name string) (env, argv []string) {
	t.Helper()
	path := need(t, "profanity")
	home := t.TempDir()
	account := fmt.Sprintf(`[%[1]s@localhost]
enabled=true
jid=%[1]s@localhost
resource=profanity
password=%[2]s
server=127.0.0.1
port=%[3]s
tls.policy=trust
muc.service=conference.localhost
muc.nick=%[1]s
`, name, password, s.port(t))
	for file, text := range map[string]string{
		".local/share/profanity/accounts": account,
		".config/profanity/profrc":        "[ui]\nsplash=false\n",
	} {
		file = filepath.Join(home, file)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env = []string{"HOME=" + home, "XDG_CONFIG_HOME=" + home + "/.config", "XDG_DATA_HOME=" + home + "/.local/share"}
	return env, []string{path, "-a", name + "@localhost"}
}

// newProfanity starts Profanity, logged in.
func newProfanity(t testing.TB, s server, name string) *peer {
	t.Helper()
	env, argv := profanity(t, s, name)
	p := &peer{
		terminal:   newTerminal(t, 110, 30, env, argv...),
		joinFormat: "/join %s nick %s",
		showFormat: "/win %s",
		joined:     "You have joined the room",
	}
	p.await("logged in successfully")
	return p
}
