package e2e_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// bitlbee is a client with the library of Pidgin and with libotr, which a person speaks to as to an IRC server: root takes
// commands and tells what happens, contacts say texts.
type bitlbee struct {
	t     testing.TB
	nick  string
	irc   *os.File
	ended chan struct{} // closed once all output is read
	more  chan struct{} // gets a value when something was read

	mutex sync.Mutex
	lines []saying
	taken map[int]bool
}

// saying is a line that bitlbee shows. A text that was encrypted has a trust, which bitlbee shows by its colour.
type saying struct{ from, text, trust string }

// newBitlBee runs bitlbee for an account, logged in. It does nothing about OTR by itself.
func newBitlBee(t testing.TB, s server, name string) *bitlbee {
	t.Helper()
	b := startBitlBee(t, name)
	b.write("NICK " + name)
	b.write("USER " + name + " 0 * :" + name)
	b.expect("root", "Welcome to the BitlBee gateway!")
	if version := b.expect("root", "Running BitlBee"); !strings.Contains(version.text, "LIBPURPLE") {
		lacking(t, "bitlbee is there without libpurple: install bitlbee-libpurple, which takes its place")
	}
	b.command("set otr_policy manual", "otr_policy = `manual'")
	b.command("set auto_reconnect_delay 1", "auto_reconnect_delay = `1'")
	b.command(fmt.Sprintf("account add jabber %s@localhost/bitlbee %q", name, password), "Account successfully added")
	b.command("account jabber set connect_server 127.0.0.1", "connect_server = `127.0.0.1'")
	b.command("account jabber set port "+s.port(t), "port = ")
	b.command("otr keygen 0", "keygen for "+name+"@localhost/bitlbee/jabber complete")
	b.command("account jabber on", "SSL Certificate Verification")
	b.command("yes", "Logging in: Logged in")
	return b
}

// startBitlBee runs bitlbee as inetd would: its standard input is the connection.
func startBitlBee(t testing.TB, name string) *bitlbee {
	t.Helper()
	path := need(t, "bitlbee")
	home := t.TempDir()
	settings := filepath.Join(home, "bitlbee.conf")
	write(t, settings, "[settings]\nRunMode = Inetd\n")
	ours, theirs := socketPair(t)
	defer theirs.Close()
	command := exec.Command(path, "-I", "-c", settings, "-d", home+"/")
	command.Stdin = theirs
	command.Env = append(os.Environ(), "HOME="+home, "LC_ALL=C.UTF-8")
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	b := &bitlbee{t: t, nick: name, irc: ours, ended: make(chan struct{}), more: make(chan struct{}, 1), taken: map[int]bool{}}
	go b.read()
	t.Cleanup(func() { b.cleanUp(command) })
	return b
}

// socketPair returns the two ends of a connection.
func socketPair(t testing.TB) (ours, theirs *os.File) {
	t.Helper()
	ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	// So that a read ends when the file is closed.
	if err := syscall.SetNonblock(ends[0], true); err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(ends[0]), "our end"), os.NewFile(uintptr(ends[1]), "their end")
}

func (b *bitlbee) cleanUp(command *exec.Cmd) {
	b.irc.Close()
	<-b.ended
	_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	_ = command.Wait() // however it ended, nobody needs it now
	if b.t.Failed() {
		b.t.Logf("bitlbee of %s: all that came:\n%s", b.nick, b.transcript())
	}
}

func (b *bitlbee) read() {
	defer close(b.ended)
	lines := bufio.NewScanner(b.irc)
	for lines.Scan() {
		said, ok := parseIRC(lines.Text())
		if !ok {
			continue
		}
		b.mutex.Lock()
		b.lines = append(b.lines, said)
		b.mutex.Unlock()
		select {
		case b.more <- struct{}{}:
		default:
		}
	}
}

// parseIRC reads ":nick!user@host PRIVMSG target :text", where colours say which texts were encrypted. What bitlbee itself
// says of a contact comes as a NOTICE from that contact.
func parseIRC(line string) (said saying, ok bool) {
	prefix, rest, _ := strings.Cut(strings.TrimPrefix(line, ":"), " ")
	verb, rest, _ := strings.Cut(rest, " ")
	_, text, ok := strings.Cut(rest, ":")
	if verb != "PRIVMSG" && verb != "NOTICE" || !ok {
		return saying{}, false
	}
	said.from, _, _ = strings.Cut(prefix, "!")
	for colour, trust := range map[string]string{"\x0303": "verified", "\x0305": "unverified"} {
		if plain, found := strings.CutPrefix(text, colour); found {
			text, said.trust = plain, trust
		}
	}
	said.text = strings.NewReplacer("\x02", "", "\x0f", "", "\x1f", "").Replace(text)
	return said, true
}

func (b *bitlbee) write(line string) {
	b.t.Helper()
	if _, err := io.WriteString(b.irc, line+"\r\n"); err != nil {
		b.t.Fatalf("bitlbee of %s: %q: %v\n%s", b.nick, line, err, b.transcript())
	}
}

// say says a text to a contact.
func (b *bitlbee) say(contact, text string) {
	b.t.Helper()
	b.write("PRIVMSG " + contact + " :" + text)
}

// command gives root a command and waits for what it says of it.
func (b *bitlbee) command(line string, wants ...string) {
	b.t.Helper()
	b.write("PRIVMSG &bitlbee :" + line)
	for _, want := range wants {
		b.expect("root", want)
	}
}

// awaitRoot gives root a command until it says something of it.
func (b *bitlbee) awaitRoot(line, want string) {
	b.t.Helper()
	b.forget()
	for deadline := time.Now().Add(patience); ; {
		b.command(line)
		if _, ok := b.find("root", want, 100*time.Millisecond); ok {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("bitlbee of %s never showed %q:\n%s", b.nick, want, b.transcript())
		}
	}
}

// expect waits for a line that no earlier expect has taken, in which somebody says a text, and takes it.
func (b *bitlbee) expect(from, text string) saying {
	b.t.Helper()
	said, ok := b.find(from, text, patience)
	if !ok {
		b.t.Fatalf("bitlbee of %s: %s never said %q:\n%s", b.nick, from, text, b.transcript())
	}
	return said
}

// find is expect without the failure.
func (b *bitlbee) find(from, text string, within time.Duration) (saying, bool) {
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	for {
		if said, ok := b.take(from, text); ok {
			return said, true
		}
		select {
		case <-b.more:
		case <-b.ended:
			return b.take(from, text)
		case <-deadline.C:
			return saying{}, false
		}
	}
}

// hears waits for a text as it was written, and checks whether it came encrypted: "none" stands for in clear.
func (b *bitlbee) hears(from, text, trust string) {
	b.t.Helper()
	said := b.expect(from, text)
	if said.text != text {
		b.t.Errorf("bitlbee of %s: %q came as %q", b.nick, text, said.text)
	}
	if said.trust != trust && !(said.trust == "" && trust == "none") {
		b.t.Errorf("bitlbee of %s: %q came with trust %q, want %q", b.nick, text, said.trust, trust)
	}
}

func (b *bitlbee) take(from, text string) (saying, bool) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for i, said := range b.lines {
		if !b.taken[i] && said.from == from && strings.Contains(said.text, text) {
			b.taken[i] = true
			return said, true
		}
	}
	return saying{}, false
}

// forget takes all that was said so far, so that it is not taken for what comes.
func (b *bitlbee) forget() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for i := range b.lines {
		b.taken[i] = true
	}
}

// all returns every line so far in which somebody says a text, taken or not.
func (b *bitlbee) all(from, text string) []saying {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return slices.DeleteFunc(slices.Clone(b.lines), func(said saying) bool {
		return said.from != from || !strings.Contains(said.text, text)
	})
}

func (b *bitlbee) transcript() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	var text strings.Builder
	for _, said := range b.lines {
		fmt.Fprintf(&text, "<%s> %s %s\n", said.from, said.text, said.trust)
	}
	return text.String()
}
