package store

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// program is the test program without the race detector, for tests that do much in one goroutine.
type program struct {
	once   sync.Once
	folder string
	path   string
	err    error
}

var plainProgram program

// build returns the path of the program.
func (p *program) build(t *testing.T) string {
	t.Helper()
	p.once.Do(func() {
		if !raceEnabled {
			p.path, p.err = os.Executable()
			return
		}
		if p.folder, p.err = os.MkdirTemp("", "traboule-store-test"); p.err != nil {
			return
		}
		p.path = filepath.Join(p.folder, "store.test")
		command := exec.Command("go", "test", "-c", "-o", p.path, ".")
		command.Env = append(os.Environ(), "CGO_ENABLED=0")
		var out []byte
		if out, p.err = command.CombinedOutput(); p.err != nil {
			t.Logf("%s", out)
		}
	})
	if p.err != nil {
		t.Fatal(p.err)
	}
	return p.path
}

func (p *program) remove() {
	if p.folder != "" {
		os.RemoveAll(p.folder)
	}
}

// unraced runs a test in a program without the race detector, if this one has it, and reports whether it did.
func unraced(t *testing.T) bool {
	t.Helper()
	if !raceEnabled {
		return false
	}
	out, err := exec.Command(plainProgram.build(t), "-test.run=^"+t.Name()+"$", "-test.v").CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name()+" ")) {
		t.Errorf("%v\n%s", err, out)
	}
	return true
}
