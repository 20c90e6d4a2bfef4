package e2e_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"traboule/internal/cutproxy"
	"traboule/internal/prosody"
)

// passage is how the account's server is reached through Tor.
type passage struct {
	// serve is the SOCKS port.
	serve func(net.Conn) error
	// kill and start end Tor and bring it back, behind that port.
	kill, start func()
	// profile is the client's, connected what it says of its connection in the end.
	profile   string
	connected fields
}

// byStub goes through a SOCKS port that says it is Tor and leads to the server alone: nobody answers to a look-up.
func byStub(t *testing.T, s server) passage {
	proxy := &socks{routes: map[string]string{"localhost:5222": s.addr}}
	t.Cleanup(func() {
		if asked, resolved := proxy.requests(); len(asked) == 0 || asked[0] != resolver || len(resolved) > 0 {
			t.Errorf("the proxy was asked for %q, of these as addresses %q", asked, resolved)
		}
	})
	return passage{proxy.serve, func() {}, func() {}, withoutTor(t), fields{"server": "localhost:5222", "onion": nil}}
}

// byExit goes through Tor to a server that only records name.
func byExit(t *testing.T, s server) passage {
	n := onTor(t)
	tor := newTorClient(t, n)
	settings := "start_tor = false\n" + recordsOf(t, n, s, "leak.test")
	return passage{relayTo(tor.SOCKS), tor.Kill, tor.start, profile(t, settings, ""), fields{"server": "leak.test:" + s.port(t), "onion": nil}}
}

// byOnion goes through Tor to a server whose onion service the profile names.
func byOnion(t *testing.T, s server) passage {
	n := onTor(t)
	tor := newTorClient(t, n)
	settings := "start_tor = false\nresolver = \"none\"\n"
	return passage{relayTo(tor.SOCKS), tor.Kill, tor.start, profile(t, settings, onionOf(t, n, s)), fields{"onion": true}}
}

// relayTo leads to a port of this machine.
func relayTo(address string) func(net.Conn) error {
	return func(conn net.Conn) error {
		to, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		defer to.Close()
		go func() {
			defer to.Close()
			_, _ = io.Copy(to, conn)
		}()
		_, err = io.Copy(conn, to)
		return err
	}
}

// TestNothingLeaks follows the client through a whole session in which everything happens to it, and counts the packets
// that go anywhere but to Tor.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		seal func(*testing.T, func(net.Conn) error) *sealed
		pass func(*testing.T, server) passage
	}{
		"named port, no records": {onNamedPort, byStub},
		"found port, exit":       {onFoundPort, byExit},
		"socket, onion":          {onSocket, byOnion},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p := onProsody(t, 0)
			cuttable, cut := through(t, s)
			way := row.pass(t, cuttable)
			w := row.seal(t, way.serve)
			paulette := login(t, s, "paulette")
			ana, trace := w.start(way.profile, "--account", "ana@localhost", "--tor", "required", "--ca", s.caFile)
			ana.expect("connection", fields{"state": "connected", "via": "tor"})
			if len(ana.all("connection", way.connected)) == 0 {
				t.Errorf("connected otherwise than %v:\n%s", way.connected, ana.transcript())
			}
			wholeSession(t, w, way, ana, paulette, cut, p)
			w.noOtherSocket(trace)
		})
	}
}

// wholeSession goes through all phases of a session that has just begun.
func wholeSession(t *testing.T, w *sealed, way passage, ana, paulette *client, cut *cutproxy.Proxy, server *prosody.Server) {
	t.Helper()
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
	ana.expect("otr", fields{"state": "finished"}) // with the session: until that is accepted nothing is sent
	ana.send("/otr end paulette@localhost")
	ana.expect("otr", fields{"state": "plain"})
	w.silent("server gone")

	w.tor.shut()
	way.kill()
	ana.expect("connection", fields{"state": "disconnected"})
	ana.send("/msg paulette@localhost sans Tor")
	said := ana.expect("message", fields{"direction": "out", "body": "sans Tor"})
	time.Sleep(5 * time.Second) // of looking for it
	w.silent("Tor killed")

	way.start()
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

// TestNothingLeaksWithoutTor starts the client where no Tor is.
func TestNothingLeaksWithoutTor(t *testing.T) {
	t.Parallel()
	const system, browser = 9050, 9150 // where one is looked for
	w := &sealed{Namespace: newNamespace(t, system, browser), t: t, sockets: []string{"/run/tor/socks"}}
	ana, trace := w.start(withoutTor(t), "--account", "ana@leak.example.org")
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
	w := onFoundPort(t, proxy.serve)
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
		"traboule": func(t *testing.T, w *sealed) { w.start(t.TempDir(), "--account", account, "--tor", "off") },
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
