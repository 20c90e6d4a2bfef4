package e2e_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"traboule/internal/tornet"
)

// profile makes a folder with settings, and with a list of onion services if there is anything in it.
func profile(t testing.TB, settings, onions string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "config.toml"), settings)
	if onions != "" {
		write(t, filepath.Join(dir, "onions"), onions)
	}
	return dir
}

// throughTor runs the client with nothing said about Tor but its SOCKS port.
func throughTor(t testing.TB, socks, profile string, s server, args ...string) *client {
	t.Helper()
	return startProgram(t, "ana", password, append([]string{
		"--json", "--lang", "en", "--profile", profile, "--socks", socks, "--ca", s.caFile, "--account", "ana@localhost", "--password-fd", "3",
	}, args...)...)
}

// onionOf offers the server as an onion service, and returns the list that names it for localhost.
func onionOf(t testing.TB, n *tornet.Network, s server) (list string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), torStart)
	defer cancel()
	onion, err := n.Onion(ctx, 5222, s.addr)
	if err != nil {
		t.Fatal(err)
	}
	return "localhost " + strings.TrimSuffix(onion, ".onion") + "\n"
}

// recordsOf has a name server of its own tell that localhost's server is at a name which only the exits know, and returns the
// settings that name it. There is no address for localhost itself.
func recordsOf(t testing.TB, n *tornet.Network, s server, name string) (settings string) {
	t.Helper()
	names, err := tornet.NewNameServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { names.Close() })
	n.Names.SetHost(name, "127.0.0.1")
	n.Names.SetHost("names."+name, "127.0.0.1")
	names.SetService("_xmpp-client._tcp.localhost", net.SRV{Target: name, Port: netip.MustParseAddrPort(s.addr).Port()})
	return fmt.Sprintf("resolver = \"tcp://names.%s:%d\"\n", name, names.Port)
}

// TestTorLogin logs in by each of the ways that lead to a server.
func TestTorLogin(t *testing.T) {
	t.Parallel()
	n := onTor(t)
	s, _ := onProsody(t, 0)
	t.Run("by an exit", func(t *testing.T) {
		t.Parallel()
		n.Names.SetHost("exit.login.test", "127.0.0.1")
		named := net.JoinHostPort("exit.login.test", s.port(t))
		c := throughTor(t, n.Client.SOCKS, profile(t, "", ""), s, "--server", named)
		c.expect("connection", fields{"state": "connected", "via": "tor", "onion": nil, "server": named})
		c.quit()
	})
	t.Run("by an onion service", func(t *testing.T) {
		t.Parallel()
		c := throughTor(t, n.Client.Socket, profile(t, `resolver = "none"`, onionOf(t, n, s)), s)
		e := c.expect("connection", fields{"state": "connected", "via": "tor"})
		if where, _ := e["server"].(string); !strings.HasSuffix(where, ".onion:5222") {
			t.Errorf("connected to %q, want the onion service", where)
		}
		c.quit()
	})
	t.Run("by records alone", func(t *testing.T) {
		t.Parallel()
		c := throughTor(t, n.Client.SOCKS, profile(t, recordsOf(t, n, s, "records.login.test"), ""), s)
		c.expect("connection", fields{"state": "connected", "via": "tor", "server": "records.login.test:" + s.port(t)})
		c.quit()
	})
}

// TestOwnTor shows that the client starts a tor where none runs, uses it, and takes it away again, however it ends.
func TestOwnTor(t *testing.T) {
	t.Parallel()
	n := onTor(t)
	s, _ := onProsody(t, 0)
	onions := onionOf(t, n, s)
	for name, end := range map[string]func(*client){
		"quit":   (*client).quit,
		"killed": func(c *client) { _ = c.command.Process.Kill() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, err := os.MkdirTemp("", "traboule-own-") // t.TempDir is too long for a socket's name
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.RemoveAll(base) })
			dir := profile(t, fmt.Sprintf("resolver = \"none\"\ntor_settings = %q\n", n.Fragment), onions)
			c := startCommand(t, "ana", password, "env", "XDG_RUNTIME_DIR="+base, "TOR_SOCKS_HOST=127.0.0.1", "TOR_SOCKS_PORT=1", binary(),
				"--json", "--lang", "en", "--profile", dir, "--ca", s.caFile, "--account", "ana@localhost", "--password-fd", "3")
			c.expect("notice", fields{"code": "tor-starting"})
			c.expect("connection", fields{"state": "connected", "via": "tor"})
			if running := mentioning(t, base+"/"); len(running) != 1 {
				t.Errorf("the processes of its own tor: %q", running)
			}
			end(c)
			awaitNothing(t, base)
		})
	}
}

// TestOwnTorGoesBeforeThePassword kills the client while it waits for a password, which is before it is confined: its tor and
// the folder of that go with it.
func TestOwnTorGoesBeforeThePassword(t *testing.T) {
	t.Parallel()
	need(t, "tor")
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGHUP, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			base, err := os.MkdirTemp("", "traboule-own-")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.RemoveAll(base) })
			offline := filepath.Join(base, "offline")
			write(t, offline, "DisableNetwork 1\n")
			settings := fmt.Sprintf("tor_settings = %q\n[[account]]\njid = \"ana@localhost\"\npassword_command = [\"sh\", \"-c\", \"touch %s; exec sleep 60\"]\n",
				offline, filepath.Join(base, "asked"))
			// With nohup around the tests, the client would pay no heed to a hang-up.
			c := startCommand(t, "ana", "", "env", "--default-signal=HUP", "XDG_RUNTIME_DIR="+base, "TOR_SOCKS_HOST=127.0.0.1", "TOR_SOCKS_PORT=1",
				binary(), "--json", "--lang", "en", "--profile", profile(t, settings, ""))
			for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
				if _, err := os.Stat(filepath.Join(base, "asked")); err == nil {
					break
				}
				if time.Now().After(deadline) {
					t.Fatalf("it does not ask for the password: %s", c.errors)
				}
			}
			if found, _ := filepath.Glob(filepath.Join(base, "traboule-client-tor-*")); len(found) != 1 {
				t.Errorf("the folders of its own tor: %q", found)
			}
			for _, name := range []string{"offline", "asked"} {
				os.Remove(filepath.Join(base, name))
			}
			_ = c.command.Process.Signal(signal)
			awaitNothing(t, base)
		})
	}
}

// TestTorDies shows that the session waits for a Tor that ends, and goes on by itself when it is back.
func TestTorDies(t *testing.T) {
	t.Parallel()
	n := onTor(t)
	s, _ := onProsody(t, 0)
	tor := newTorClient(t, n)
	paulette := login(t, s, "paulette")
	ana := throughTor(t, tor.SOCKS, profile(t, recordsOf(t, n, s, "dies.test"), ""), s)
	ana.expect("connection", fields{"state": "connected", "via": "tor"})
	ana.send("/join %s", room)
	ana.expect("room", fields{"state": "joined"})

	tor.Kill()
	ana.expect("notice", fields{"code": "tor-gone"})
	ana.expect("connection", fields{"state": "tor"})
	ana.send("/msg paulette@localhost written while Tor was away")
	paulette.send("/msg ana@localhost sent while Tor was away")

	tor.start()
	ana.expect("connection", fields{"state": "resumed", "via": "tor"})
	paulette.expect("message", fields{"body": "written while Tor was away"})
	ana.expect("message", fields{"body": "sent while Tor was away"})
	ana.quit()
	paulette.quit()
}

// TestTorDeadFromTheStart shows that a SOCKS port where nobody is ends a script with the status for it.
func TestTorDeadFromTheStart(t *testing.T) {
	t.Parallel()
	c := startProgram(t, "ana", password, "--json", "--lang", "en", "--profile", profile(t, "", ""), "--socks", freePort(t),
		"--account", "ana@localhost", "--password-fd", "3")
	c.expect("connection", fields{"state": "failed", "error.code": "tor-unavailable"})
	if status := c.status(); status != torUnusable {
		t.Errorf("exit status %d, want %d", status, torUnusable)
	}
}

// TestCircuits shows, from Tor's own account of it, that neither accounts nor look-ups share a circuit, and that /tor new
// leaves all of them.
func TestCircuits(t *testing.T) {
	t.Parallel()
	n := onTor(t)
	s, _ := onProsody(t, 0)
	tor := newTorClient(t, n)
	settings := recordsOf(t, n, s, "circuits.test")
	for _, name := range []string{"ana", "paulette"} {
		settings += fmt.Sprintf("[[account]]\njid = \"%s@localhost\"\nca = %q\npassword_command = [\"printf\", \"%%s\", %q]\n", name, s.caFile, password)
	}
	c := startProgram(t, "both", "", "--json", "--lang", "en", "--profile", profile(t, settings, ""), "--socks", tor.SOCKS)
	for _, name := range []string{"ana", "paulette"} {
		c.expect("connection", fields{"state": "connected", "account": name + "@localhost"})
	}
	before := tor.circuits()
	// Two accounts, and one look-up for each of them.
	if users := usersOf(before); len(users) < 4 || len(users) != len(before) {
		t.Errorf("the circuits %v are not four or more for as many names", before)
	}
	tor.wantApart()

	c.send("/tor new")
	c.expect("notice", fields{"code": "new-circuits"})
	for _, name := range []string{"ana", "paulette"} {
		c.expect("connection", fields{"state": "resumed", "account": name + "@localhost"})
	}
	after := map[circuit]bool{}
	for found := range tor.circuits() {
		if !before[found] {
			after[found] = true
		}
	}
	old := usersOf(before)
	for user := range usersOf(after) {
		if old[user] {
			t.Errorf("the name %q has a circuit before and after /tor new", user)
		}
	}
	if len(after) < 2 {
		t.Errorf("new circuits are %v only", after)
	}
	for id := range tor.wantApart() {
		for found := range before {
			if found.id == id {
				t.Errorf("a connection is still on the old circuit %s", id)
			}
		}
	}
	c.quit()
}

func usersOf(circuits map[circuit]bool) map[string]bool {
	users := map[string]bool{}
	for c := range circuits {
		users[c.user] = true
	}
	return users
}

// wantApart waits until exactly the two accounts have streams, each on a circuit of its own, and returns these circuits.
func (c *torClient) wantApart() map[string][]string {
	c.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		streams, both := c.streams(), 0
		for id, targets := range streams {
			for _, target := range targets {
				if strings.HasPrefix(target, "circuits.test:") || strings.HasPrefix(target, "127.0.0.1:") {
					both++
				}
			}
			if len(targets) > 1 {
				c.t.Errorf("circuit %s carries %q", id, targets)
			}
		}
		if both == 2 && len(streams) == 2 {
			return streams
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("the streams on each circuit: %v", streams)
		}
	}
}
