package e2e_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

const passphrase = "châtaigne sous la bogue"

// profileOf runs "traboule profile" and returns what it says.
func profileOf(t testing.TB, want int, dir string, lines []string, args ...string) string {
	t.Helper()
	command := exec.Command(binary(), append([]string{"profile", "--lang", "en", "--profile", dir}, args...)...)
	if len(lines) > 0 {
		command.Args = append(command.Args, "--passphrase-fd", "3")
		command.ExtraFiles = []*os.File{secret(t, strings.Join(lines, "\n"))}
	}
	said, err := command.CombinedOutput()
	if status := command.ProcessState.ExitCode(); status != want {
		t.Fatalf("%q: status %d, want %d: %v\n%s", args, status, want, err, said)
	}
	return string(said)
}

// withPassphrase starts the client on a profile; the passphrase and the password come on the same descriptor.
func withPassphrase(t *testing.T, s server, dir, name, phrase string, args ...string) *client {
	t.Helper()
	l := launch{server: s, account: name + "@localhost", args: append([]string{"--passphrase-fd", "3"}, args...)}
	return startProgram(t, name, phrase+"\n"+password, append([]string{"--json"}, l.arguments(dir)...)...)
}

// TestProfileComesBack trusts a key, kills the client, and finds the trust again; then the profile is erased.
func TestProfileComesBack(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	dir := t.TempDir()
	profileOf(t, 0, dir, []string{passphrase}, "encrypted", "--history", "on")
	paulette := login(t, s, "paulette")

	ana := withPassphrase(t, s, dir, "ana", passphrase)
	ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
	if told := ana.all("notice", fields{"code": "amnesic"}); len(told) > 0 {
		t.Errorf("a profile that keeps things says %v", told)
	}
	ana.send("/query paulette@localhost")
	ana.send("la clé est sous la troisième pierre")
	paulette.expect("message", fields{"direction": "in", "body": "la clé est sous la troisième pierre"})
	ana.send("/otr start")
	ana.expect("otr", fields{"conversation": paulette.jid(), "state": "encrypted"})
	paulette.expect("otr", fields{"conversation": ana.jid(), "state": "encrypted"})
	ana.send("/otr trust")
	trusted := ana.expect("otr", fields{"event": "trusted", "trust": "verified"})
	ana.send("ceci n’est gardé nulle part")
	paulette.expect("message", fields{"direction": "in", "encryption": "otr"})

	second := withPassphrase(t, s, dir, "ana", passphrase)
	if status := second.status(); status != 1 || !strings.Contains(second.errors.String(), "another traboule uses this profile") {
		t.Errorf("a second client on the profile: status %d, %s", status, second.errors)
	}
	ana.send("/otr end")
	paulette.expect("otr", fields{"state": "finished"})
	ana.send("/search pierre")
	ana.expect("notice", fields{"code": "search"}) // what was asked before is on the disk when this is answered
	if err := ana.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-ana.ended
	unreadable(t, dir, passphrase, password, "paulette", "ana@localhost", "troisième", "nulle part", fmt.Sprint(trusted["fingerprint"]))

	wrong := withPassphrase(t, s, dir, "ana", "marron")
	if status := wrong.status(); status != 5 || !strings.Contains(wrong.errors.String(), "wrong passphrase") {
		t.Errorf("a wrong passphrase: status %d, %s", status, wrong.errors)
	}
	again := lastAccount(t, s, dir)
	again.expect("connection", fields{"state": "connected", "account": "ana@localhost"})
	again.expect("presence", fields{"from": paulette.jid(), "show": "online"})
	again.send("/query paulette@localhost")
	again.send("/otr start")
	again.expect("otr", fields{"conversation": paulette.jid(), "state": "encrypted", "trust": "verified"})
	again.quit()

	profileOf(t, 0, dir, nil, "erase", "--yes")
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("erased, and there is %v, %v", left, err)
	}
	paulette.quit()
}

// TestLastAccount: of two accounts, a start that names none opens the one that was last logged in with, and no other; a refused
// one does not count, nor does a session that keeps nothing.
func TestLastAccount(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	dir := t.TempDir()
	profileOf(t, 0, dir, []string{passphrase}, "encrypted")
	nobody := lastAccount(t, s, dir)
	if status := nobody.status(); status != 2 || !strings.Contains(nobody.errors.String(), "which account?") {
		t.Errorf("before any login: status %d, %s", status, nobody.errors)
	}
	for _, name := range []string{"paulette", "ana"} {
		c := withPassphrase(t, s, dir, name, passphrase)
		c.expect("connection", fields{"state": "connected"})
		c.quit()
	}
	login(t, s, "hubert", "--profile", dir, "--amnesic").quit()
	l := launch{server: s, account: "tigrou@localhost", args: []string{"--passphrase-fd", "3"}}
	refused := startProgram(t, "tigrou", passphrase+"\nnot it", append([]string{"--json"}, l.arguments(dir)...)...)
	if status := refused.status(); status != 3 {
		t.Errorf("a wrong password: status %d, %s", status, refused.errors)
	}
	again := lastAccount(t, s, dir)
	again.expect("connection", fields{"state": "connected", "account": "ana@localhost"})
	if others := again.all("connection", fields{"account": "paulette@localhost"}); len(others) > 0 {
		t.Errorf("paulette is there too: %v", others)
	}
	again.quit()
}

// lastAccount starts the client on a profile without naming an account.
func lastAccount(t *testing.T, s server, dir string) *client {
	t.Helper()
	return startProgram(t, "last", passphrase+"\n"+password, "--json", "--profile", dir, "--lang", "en", "--tor", "off",
		"--server", s.addr, "--ca", s.caFile, "--passphrase-fd", "3", "--password-fd", "3")
}

// unreadable sees that no file has any of the words in it.
func unreadable(t *testing.T, dir string, words ...string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		for _, word := range words {
			if word == "" || bytes.Contains(text, []byte(word)) || strings.Contains(entry.Name(), word) {
				t.Errorf("%q is in %s", word, path)
			}
		}
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files: %v", files, err)
	}
}

// TestProfileWithoutAnybodyToAsk: where nobody can be asked for the passphrase, the client says how to give it.
func TestProfileWithoutAnybodyToAsk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	profileOf(t, 0, dir, []string{passphrase}, "encrypted")
	for _, mode := range []string{"--line", "--json"} {
		command := exec.Command(binary(), mode, "--lang", "en", "--profile", dir, "--tor", "off", "ana@localhost")
		command.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // no terminal
		said, err := command.CombinedOutput()
		if status := command.ProcessState.ExitCode(); status != 5 || !strings.Contains(string(said), "--passphrase-fd") {
			t.Errorf("%s: status %d, %v, %s", mode, status, err, said)
		}
	}
}

// TestAmnesicTouchesNothing: neither in a profile that it leaves closed nor where there is none does a session change a file.
func TestAmnesicTouchesNothing(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	paulette := login(t, s, "paulette")
	closed, none := t.TempDir(), t.TempDir()
	profileOf(t, 0, closed, []string{passphrase}, "encrypted", "--history", "on")
	for dir, args := range map[string][]string{closed: {"--amnesic"}, none: nil} {
		before := tree(t, dir)
		l := launch{server: s, account: "ana@localhost", args: args}
		ana := startProgram(t, "ana", password, append([]string{"--json"}, l.arguments(dir)...)...)
		ana.expect("notice", fields{"code": "amnesic"})
		ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
		ana.send("/query paulette@localhost")
		paulette.send("/query ana@localhost")
		encrypt(ana, paulette)
		confide(ana, paulette, "unverified", "rien de tout cela")
		ana.quit()
		if after := tree(t, dir); after != before {
			t.Errorf("%q: before\n%s\nafter\n%s", args, before, after)
		}
	}
	if said := profileOf(t, 0, none, nil); !strings.Contains(said, "amnesic, nothing is kept") {
		t.Error(said)
	}
	if before := tree(t, closed); !strings.Contains(before, "vault/key ") {
		t.Errorf("nothing was looked at: %s", before)
	}
	paulette.quit()
}

// tree describes all that is below a folder, and when it was changed.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Lstat(path)
		if err == nil {
			fmt.Fprintf(&all, "%s %v %d %d\n", path, info.Mode(), info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// TestProfileOfAConfinedClient keeps things where the kernel refuses all other files, and makes and removes what the
// database has beside it.
func TestProfileOfAConfinedClient(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	proxy := newSOCKS(t, map[string]string{"localhost:5223": s.directAddr})
	dir := withoutTor(t)
	profileOf(t, 0, dir, nil, "plain", "--yes", "--history", "on")
	paulette := login(t, s, "paulette")
	for i, trust := range []string{"unverified", "verified"} {
		ana := startProgram(t, "ana", password, "--json", "--lang", "en", "--profile", dir, "--password-fd", "3",
			"--account", "ana@localhost", "--socks", proxy.addr(), "--ca", s.caFile)
		ana.expect("connection", fields{"state": "connected", "via": "tor"})
		ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
		ana.send("/query paulette@localhost")
		ana.send("/otr start")
		ana.expect("otr", fields{"conversation": paulette.jid(), "state": "encrypted", "trust": trust})
		ana.send("/otr trust")
		ana.expect("otr", fields{"event": "trusted"})
		if lacks := ana.all("notice", fields{"code": "store-failed"}); len(lacks) > 0 {
			t.Errorf("start %d: %v", i, lacks)
		}
		ana.quit()
		for _, name := range []string{"database-wal", "database-shm"} {
			if _, err := os.Lstat(filepath.Join(dir, "vault", name)); err == nil {
				t.Errorf("start %d: %s is still there", i, name)
			}
		}
	}
	paulette.quit()
}

// TestPasswordIsKept types a password once: the second start needs none, until the server refuses it.
func TestPasswordIsKept(t *testing.T) {
	t.Parallel()
	s, p := onContacts(t, 0)
	dir := t.TempDir()
	profileOf(t, 0, dir, nil, "plain", "--yes")
	session := func(status int, types ...string) string {
		t.Helper()
		command := exec.Command(binary(), "--line", "--lang", "en", "--profile", dir, "--tor", "off", "--server", s.addr, "--ca", s.caFile, "--account", "ana@localhost")
		terminal, err := pty.Start(command)
		if err != nil {
			t.Fatal(err)
		}
		defer terminal.Close()
		deadline := time.AfterFunc(patience, func() { command.Process.Kill() })
		defer deadline.Stop()
		said := ""
		await := func(text string) {
			t.Helper()
			for buffer := make([]byte, 4096); !strings.Contains(said, text); {
				n, err := terminal.Read(buffer)
				said += string(buffer[:n])
				if err != nil {
					t.Fatalf("no %q, but %q: %v", text, said, err)
				}
			}
		}
		for _, line := range types {
			await("Password for ana@localhost:")
			fmt.Fprintln(terminal, line)
		}
		if status == 0 {
			await(" connected")
			fmt.Fprintln(terminal, "/privacy")
			await("the password of ana@localhost is kept\r")
			fmt.Fprintln(terminal, "/quit")
		}
		for buffer := make([]byte, 4096); ; {
			n, err := terminal.Read(buffer)
			said += string(buffer[:n])
			if err != nil {
				break
			}
		}
		command.Wait()
		if is := command.ProcessState.ExitCode(); is != status {
			t.Errorf("status %d, want %d: %s", is, status, said)
		}
		return said
	}
	if said := session(0, password); !strings.Contains(said, "the profile keeps the password of ana@localhost") {
		t.Errorf("it does not say that the password is kept: %s", said)
	}
	if said := session(0); strings.Contains(said, "Password for") {
		t.Errorf("a password that is kept was asked for: %s", said)
	}
	if err := p.AddUser("ana@localhost", "noisette"); err != nil {
		t.Fatal(err)
	}
	session(3) // refused, and forgotten
	session(0, "noisette")
	session(0)
}

// TestScreenOfAProfile types the passphrase before the screen opens and the password on it; the second time the profile has
// the password, and the history of the room.
func TestScreenOfAProfile(t *testing.T) {
	t.Parallel()
	need(t, "tmux")
	s, _ := onContacts(t, 0)
	dir := t.TempDir()
	profileOf(t, 0, dir, []string{passphrase}, "encrypted", "--history", "on")
	open := func() *terminal {
		t.Helper()
		x := newTerminal(t, 120, 40, []string{"TERM=screen-256color"}, binary(), "--lang", "en", "--profile", dir, "--tor", "off",
			"--server", s.addr, "--ca", s.caFile, "ana@localhost")
		x.await("Passphrase of the profile:")
		return x
	}
	x := open()
	x.say("faux")
	x.await("That is not it.")
	x.say(passphrase)
	x.await("Password for ana@localhost:")
	x.say(password)
	x.await("the profile keeps the password of ana@localhost")
	x.say("/query paulette@localhost")
	x.await("paulette", ">")
	x.say("la clé est sous la pierre")
	x.await("la clé est sous la pierre")
	if screen := x.capture(); strings.Contains(screen, password) || strings.Contains(screen, passphrase) {
		t.Errorf("a secret is on the screen:\n%s", screen)
	}
	x.say("/quit")
	x.awaitEnd()

	x = open()
	x.say(passphrase)
	x.await("connected")
	x.say("/query paulette@localhost")
	x.await("la clé est sous la pierre")
	x.say("/quit")
	x.awaitEnd()

	x = open()
	for range 3 {
		x.say("faux")
	}
	x.awaitEnd()
}

// TestProfileSurvivesKills kills the client again and again wherever it just is; each time it starts anew, and what was on the
// disk is there.
func TestProfileSurvivesKills(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	dir := t.TempDir()
	profileOf(t, 0, dir, nil, "plain", "--yes", "--history", "on")
	paulette := login(t, s, "paulette")
	begin := func() *client {
		return startProgram(t, "ana", password, append([]string{"--json"}, launch{server: s, account: "ana@localhost"}.arguments(dir)...)...)
	}
	ana := begin()
	ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
	ana.send("/query paulette@localhost")
	ana.send("/otr start")
	ana.expect("otr", fields{"state": "encrypted", "trust": "unverified"})
	ana.send("/otr trust")
	ana.expect("otr", fields{"event": "trusted"})
	ana.quit()
	for i := range 12 {
		c := begin()
		fmt.Fprintf(c.input, "/query paulette@localhost\nbonjour %d\n/history on paulette@localhost\n", i)
		time.Sleep(time.Duration(i) * 60 * time.Millisecond)
		if err := c.command.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-c.ended
		if said := c.errors.String(); said != "" {
			t.Errorf("killed after %d starts: %s", i, said)
		}
	}
	ana = begin()
	ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
	ana.send("/query paulette@localhost")
	ana.send("/otr start")
	ana.expect("otr", fields{"conversation": paulette.jid(), "state": "encrypted", "trust": "verified"})
	ana.quit()
	paulette.quit()
}
