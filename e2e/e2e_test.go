// Package e2e_test drives the real program against real servers and other clients.
package e2e_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"traboule/internal/netns"
)

// TestMain builds the programs once for all tests.
func TestMain(m *testing.M) {
	netns.Helper()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "traboule-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Setenv(folderVariable, dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	args := []string{"build", "-o", dir + "/"}
	if raceEnabled {
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, "traboule/cmd/traboule", "traboule/cmd/demo")...).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the programs: %v\n%s", err, out)
		return 1
	}
	if err := moreAtOnce(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	status := m.Run()
	if err := sharedTor.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop the Tor network:", err)
		return 1
	}
	return status
}

// moreAtOnce runs twice as many tests at the same time as usual, unless a number was asked for: they mostly wait for servers.
func moreAtOnce() error {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "test.parallel" })
	if asked {
		return nil
	}
	return flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0)))
}

// folderVariable tells the tests where TestMain has put the programs.
const folderVariable = "TRABOULE_E2E_PROGRAMS"

// binary returns the path of the program under test, demo that of the demo around it.
func binary() string { return filepath.Join(os.Getenv(folderVariable), "traboule") }
func demo() string   { return filepath.Join(os.Getenv(folderVariable), "demo") }

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
