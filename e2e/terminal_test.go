package e2e_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// patience is how long a test waits for something that should happen at once. It only matters when a test fails; a client on a
// busy machine may rest for two minutes before it tries to connect once more.
const patience = 3 * time.Minute

// terminal is a program on a real terminal, in a tmux of its own.
type terminal struct {
	t      testing.TB
	socket string
}

// newTerminal runs a program on a terminal of the given size, with env added to the environment.
func newTerminal(t testing.TB, width, height int, env []string, argv ...string) *terminal {
	t.Helper()
	dir, err := os.MkdirTemp("", "traboule-tmux-") // t.TempDir can be too long for a socket's name
	if err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, socket: filepath.Join(dir, "tmux")}
	args := []string{"new-session", "-d", "-x", strconv.Itoa(width), "-y", strconv.Itoa(height), "env", "LC_ALL=C.UTF-8", "LANG=C.UTF-8"}
	args = append(args, env...)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("screen of %q at the end:\n%s", argv, x.capture())
		}
		// It fails if the program has ended, and tmux with it.
		_ = x.command("kill-server").Run()
		os.RemoveAll(dir)
	})
	x.run(append(args, argv...)...)
	return x
}

func (x *terminal) command(args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	command := exec.CommandContext(ctx, "tmux", append([]string{"-u", "-S", x.socket, "-f", "/dev/null"}, args...)...)
	command.Cancel = func() error { defer cancel(); return command.Process.Kill() }
	return command
}

func (x *terminal) run(args ...string) {
	x.t.Helper()
	if out, err := x.command(args...).CombinedOutput(); err != nil {
		x.t.Fatalf("tmux %q: %v: %s", args, err, out)
	}
}

// keys presses keys, named as tmux names them: Enter, M-a, PPage.
func (x *terminal) keys(names ...string) {
	x.t.Helper()
	x.run(append([]string{"send-keys"}, names...)...)
}

// say types a text and presses Enter.
func (x *terminal) say(text string) {
	x.t.Helper()
	x.run("send-keys", "-l", "--", text)
	x.keys("Enter")
}

func (x *terminal) capture() string {
	out, err := x.command("capture-pane", "-p").CombinedOutput()
	if err != nil {
		return ""
	}
	return string(out)
}

// await waits until the screen shows all of the texts, however they are spaced out.
func (x *terminal) await(texts ...string) string {
	x.t.Helper()
	return x.awaitThat("shows "+strings.Join(texts, ", "), func(screen string) bool {
		screen = spaced(screen)
		for _, text := range texts {
			if !strings.Contains(screen, spaced(text)) {
				return false
			}
		}
		return true
	})
}

// spaced makes one plain space of each run of spaces of any kind.
func spaced(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString(strings.Join(strings.Fields(line), " ") + "\n")
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func (x *terminal) awaitThat(what string, holds func(screen string) bool) string {
	x.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		screen := x.capture()
		if holds(screen) {
			return screen
		}
		if time.Now().After(deadline) {
			x.t.Fatalf("the screen never %s:\n%s", what, screen)
		}
	}
}

// awaitEnd waits until the program has ended.
func (x *terminal) awaitEnd() {
	x.t.Helper()
	for deadline := time.Now().Add(patience); x.command("has-session").Run() == nil; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			x.t.Fatalf("the program did not end:\n%s", x.capture())
		}
	}
}
