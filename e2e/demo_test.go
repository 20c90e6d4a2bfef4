package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// leftovers lists what the demo has left in a folder for temporary files.
func leftovers(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// awaitNothing waits until a folder is empty and no process mentions it.
func awaitNothing(t *testing.T, dir string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		left, running := leftovers(t, dir), mentioning(t, dir)
		if len(left) == 0 && len(running) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the demo leaves %q and the processes %q", left, running)
		}
	}
}

// mentioning returns the command lines that contain a text.
func mentioning(t testing.TB, text string) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(line), text) { // a process may have ended meanwhile
			found = append(found, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}

// TestDemoTour plays the tour that `make demo | cat` plays, and that of `make demo TOR=0 | cat`, in the user's language.
func TestDemoTour(t *testing.T) {
	t.Parallel()
	english := []string{"every step held", "you are in the room as ana", "directly"}
	for name, test := range map[string]struct {
		locale string
		args   []string
		want   []string
	}{
		"through Tor": {"C.UTF-8", nil, append(english[:2:2], "Tor (onion)")},
		"directly":    {"en_GB.UTF-8", []string{"--no-tor"}, english},
		"in French":   {"fr_FR.UTF-8", []string{"--no-tor"}, []string{"chaque étape a tenu", "tu es dans le salon sous le pseudo ana", "/quitter"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			playDemo(t, test.locale, test.args, test.want)
		})
	}
}

func playDemo(t *testing.T, locale string, args, want []string) {
	t.Helper()
	dir := t.TempDir()
	command := exec.Command(demo(), append(args, binary())...)
	command.Env = append(os.Environ(), "TMPDIR="+dir, "LC_ALL="+locale)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Errorf("the tour ended with %v:\n%s", err, out)
	}
	for _, text := range want {
		if !strings.Contains(string(out), text) {
			t.Errorf("the tour lacks %q:\n%s", text, out)
		}
	}
	awaitNothing(t, dir)
}

// TestDemoScreen opens the demo on a terminal, talks with the people there and leaves.
func TestDemoScreen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := newTerminal(t, 120, 40, []string{"TERM=screen-256color", "TMPDIR=" + dir}, demo(), "--no-tor", binary())
	x.await("▸grenoble", "people 5", "hubert salut tout le monde")
	x.say("paulette : coucou")
	x.await("paulette ana: oui, je suis là !")
	x.say("/quit")
	x.awaitEnd()
	awaitNothing(t, dir)
}

// TestDemoStopped ends the demo by a signal: nothing of it may stay.
func TestDemoStopped(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]syscall.Signal{"interrupt": syscall.SIGINT, "terminate": syscall.SIGTERM, "hang up": syscall.SIGHUP} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			command := exec.Command(demo(), "--no-tor", binary())
			command.Env = append(os.Environ(), "TMPDIR="+dir)
			out := new(lockedBuffer)
			command.Stdout, command.Stderr = out, out
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			for deadline := time.Now().Add(patience); !strings.Contains(out.String(), "<hubert>"); time.Sleep(20 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("the demo did not begin:\n%s", out)
				}
			}
			if err := command.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := command.Wait(); err == nil {
				t.Error("a tour that was cut short ended with status 0")
			}
			awaitNothing(t, dir)
		})
	}
}
