package e2e_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/creack/pty"
)

// bareScreen is a program on a pseudo-terminal, with every byte that it sends to the terminal.
type bareScreen struct {
	t       testing.TB
	command *exec.Cmd
	keys    *os.File
	bytes   *lockedBuffer
	ended   chan struct{}
}

// newBareScreen starts a program. The password can be read from descriptor 3.
func newBareScreen(t testing.TB, env []string, argv ...string) *bareScreen {
	t.Helper()
	command := exec.Command(argv[0], argv[1:]...)
	command.Env = append(append(os.Environ(), "LC_ALL=C.UTF-8", "TERM=xterm-256color", "COLORTERM="), env...)
	command.ExtraFiles = []*os.File{secret(t, password)}
	terminal, err := pty.StartWithSize(command, &pty.Winsize{Rows: 40, Cols: 120})
	if err != nil {
		t.Fatal(err)
	}
	x := &bareScreen{t: t, command: command, keys: terminal, bytes: new(lockedBuffer), ended: make(chan struct{})}
	go func() {
		defer close(x.ended)
		part := make([]byte, 1<<16)
		for {
			n, err := terminal.Read(part) // an error is how a terminal ends
			if _, bad := x.bytes.Write(part[:n]); bad != nil || err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = command.Process.Kill() // it may have ended by itself
		_ = command.Wait()
		terminal.Close()
		<-x.ended
	})
	return x
}

// say types a line.
func (x *bareScreen) say(text string) {
	x.t.Helper()
	if _, err := x.keys.WriteString(text + "\r"); err != nil {
		x.t.Fatal(err)
	}
}

// await waits until a text was drawn, at any time.
func (x *bareScreen) await(text string) {
	x.t.Helper()
	x.awaitAfter(0, text)
}

// awaitAfter waits until a text was drawn after the first n bytes, and returns when it was.
func (x *bareScreen) awaitAfter(n int, text string) time.Time {
	x.t.Helper()
	drawn, at := x.bytes.await(n, []byte(text), patience)
	if !drawn {
		x.t.Fatalf("%q was never drawn; the last that was: %q", text, x.bytes.last(2000))
	}
	return at
}

// sequences are what a program of ours may send to a terminal: cursor, colours, modes. No title of
// anybody's choice, no links, no clipboard.
func sequences() *regexp.Regexp {
	return regexp.MustCompile("^\x1b(" +
		`\[[0-9;:]*[ABCDHJKXdfhlmnr]` + "|" + // cursor, erasing, colours, modes
		`\[[0-9;]* q` + "|" + // shape of the cursor
		`\[[?>=<][0-9;]*[hlucmqnpsrtu$]*` + "|" + // private modes and keyboards
		`\[[0-9;]*t` + "|" + // saves and restores the title
		`[()][0-9AB]` + "|[=>78cM]|" +
		`\]2;(traboule)?` + "\x1b\\\\" + "|" + // the title, which is always the same
		`\]8;;` + "\x1b\\\\" + "|" + // no link
		`\][0-9;]*\?` + "\x1b\\\\" + "|" + // asks for a colour
		`P[+$]q[0-9A-Fa-f;]*` + "\x1b\\\\" + // asks what the terminal can do
		")")
}

// TestHostileBytes lets a stranger attack while the program draws, and looks at every byte of the drawing.
func TestHostileBytes(t *testing.T) {
	t.Parallel()
	s, _ := onProsody(t, 0)
	ana := newBareScreen(t, nil, append([]string{binary()}, launch{server: s, account: "ana@localhost"}.arguments(t.TempDir())...)...)
	ana.await("(" + s.addr + ")")
	ana.say("/join " + room)
	ana.await("people 1")
	attack(t, s, "ana@localhost")
	ana.await("fin")
	ana.say("/query hubert@localhost")
	ana.await("▸hubert")
	ana.await("fin")
	ana.say("/quit")
	select {
	case <-ana.ended:
	case <-time.After(patience):
		t.Fatal("the program did not end")
	}
	checkBytes(t, []byte(ana.bytes.String()))
}

// checkBytes fails the test at the first thing in a drawing that is neither text nor one of the known sequences.
func checkBytes(t *testing.T, drawn []byte) {
	t.Helper()
	known := sequences()
	for at := 0; at < len(drawn); {
		rest := drawn[at:]
		context := drawn[max(0, at-40):min(len(drawn), at+60)]
		if rest[0] == 0x1b {
			length := len(known.Find(rest))
			if length == 0 {
				t.Fatalf("an unknown sequence at byte %d: %q", at, context)
			}
			at += length
			continue
		}
		r, size := utf8.DecodeRune(rest)
		switch {
		case strings.ContainsRune("\r\n\b\x0e\x0f", r):
		case r == utf8.RuneError && size == 1, r < ' ', hostileRune(r):
			t.Fatalf("%U at byte %d: %q", r, at, context)
		}
		at += size
	}
}
