// Package e2e_test drives the real program against real servers and other clients.
package e2e_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestMain builds the program once for all tests.
func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "traboule-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Setenv(binaryVariable, filepath.Join(dir, "traboule")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	args := []string{"build", "-o", binary()}
	if raceEnabled {
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, "traboule/cmd/traboule")...).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// binaryVariable tells the tests where TestMain has put the program.
const binaryVariable = "TRABOULE_E2E_BINARY"

// binary returns the path of the program under test.
func binary() string { return os.Getenv(binaryVariable) }

// TestOtherClientsTalk shows that servers and other clients work together, so that a failure of the tests below is ours.
func TestOtherClientsTalk(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		paulette := newMcabber(t, s, "paulette")
		hubert := newProfanity(t, s, "hubert")
		paulette.join(room, "paulette")
		hubert.join(room, "hubert")
		paulette.say("salut hubert")
		hubert.await("salut hubert")
		hubert.say("salut paulette")
		paulette.await("salut paulette")
	})
}
