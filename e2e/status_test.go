package e2e_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExitStatus shows that each way to end has the status that scripts are promised.
func TestExitStatus(t *testing.T) {
	t.Parallel()
	s, _ := onProsody(t, 0)
	profile := func(settings string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte(settings), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	usual := launch{server: s, account: "ana@localhost"}.arguments(t.TempDir())
	for name, row := range map[string]struct {
		password string
		args     []string
		status   int
		says     string // on standard output or error
	}{
		"version":           {"", []string{"--version"}, 0, "traboule"},
		"help":              {"", []string{"--help"}, 0, "--account"},
		"unknown flag":      {"", []string{"--nosuchflag"}, 2, "nosuchflag"},
		"bad address":       {"", []string{"--account", "@"}, 2, "@"},
		"unknown setting":   {"", []string{"--json", "--profile", profile("nosuchkey = 1\n")}, 2, "nosuchkey"},
		"wrong type":        {"", []string{"--json", "--profile", profile("theme = 1\n")}, 2, "theme"},
		"line and json":     {"", []string{"--line", "--json", "--account", "ana@localhost"}, 2, "--json"},
		"wrong password":    {"faux", append([]string{"--json"}, usual...), 3, "login-refused"},
		"wrong certificate": {password, append([]string{"--json"}, without(usual, "--ca")...), 1, "certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startProgram(t, name, row.password, row.args...)
			c.raw = true
			if status := c.status(); status != row.status {
				t.Errorf("exit status %d, want %d", status, row.status)
			}
			if said := c.output() + c.errors.String(); !strings.Contains(said, row.says) {
				t.Errorf("it says %q, which lacks %q", said, row.says)
			}
		})
	}
}

// without returns the arguments without a flag and its value.
func without(args []string, flag string) []string {
	var rest []string
	for i := 0; i < len(args); i++ {
		if args[i] == flag {
			i++
			continue
		}
		rest = append(rest, args[i])
	}
	return rest
}

// TestPasswordStaysSecret looks for the password wherever a client could leave it.
func TestPasswordStaysSecret(t *testing.T) {
	t.Parallel()
	s, _ := onProsody(t, 0)
	profile := t.TempDir()
	args := append([]string{"--json"}, launch{server: s, account: "ana@localhost"}.arguments(profile)...)
	c := startProgram(t, "ana", password, args...)
	c.expect("connection", fields{"state": "connected"})
	for _, file := range []string{"cmdline", "environ"} {
		text, err := os.ReadFile(filepath.Join("/proc", c.pid(), file))
		// The environment is kept from everybody but root, who alone can see that there is nothing in it.
		if err != nil && !(file == "environ" && errors.Is(err, fs.ErrPermission)) {
			t.Fatal(err)
		}
		if strings.Contains(string(text), password) {
			t.Errorf("the password stands in /proc/…/%s", file)
		}
	}
	c.quit()
	if strings.Contains(c.output()+c.errors.String(), password) {
		t.Error("the password stands in the output")
	}
	err := filepath.WalkDir(profile, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), password) {
			t.Errorf("the password stands in %s", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
