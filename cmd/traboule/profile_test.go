package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/creack/pty"

	"traboule/im"
	"traboule/store"
	"traboule/vault"
)

// profileCommandOf runs "traboule profile" with lines for --passphrase-fd, if there are any, and returns what it says.
func profileCommandOf(t *testing.T, want int, data, lines string, args ...string) string {
	t.Helper()
	args = append([]string{"profile", "--lang", "en", "--profile", data}, args...)
	if lines != "" {
		reader, writer, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := writer.WriteString(lines); err != nil {
			t.Fatal(err)
		}
		writer.Close()
		// The program closes its own copy.
		fd, err := syscall.Dup(int(reader.Fd()))
		reader.Close()
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, "--passphrase-fd", strconv.Itoa(fd))
	}
	var out, errs bytes.Buffer
	status := run(args, &out, &errs)
	if status != want {
		t.Errorf("%q: status %d, want %d\n%s%s", args, status, want, out.String(), errs.String())
	}
	return out.String() + errs.String()
}

// unlock opens the vault with a passphrase.
func unlock(t *testing.T, data, passphrase string) error {
	t.Helper()
	v, err := vault.Take(data)
	if err != nil {
		return err
	}
	defer v.Close()
	_, err = v.Open(passphrase)
	return err
}

// withDatabase opens a profile's database, does something with it, and closes it.
func withDatabase(t *testing.T, data, passphrase string, do func(*store.Store) error) {
	t.Helper()
	v, err := vault.Take(data)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if _, err := v.Open(passphrase); err != nil {
		t.Fatal(err)
	}
	s, err := openDatabase(t.Context(), v, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(do(s), s.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestProfileLives(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	says(t, profileCommandOf(t, 5, data, "\n", "encrypted"), "cannot be empty")
	says(t, profileCommandOf(t, 0, data, ""), data+": amnesic, nothing is kept.")
	if _, err := os.Stat(data); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("looking has made the folder: %v", err)
	}
	says(t, profileCommandOf(t, 0, data, "chataigne\n", "encrypted"), "Made", "passphrase at each start")
	says(t, profileCommandOf(t, 0, data, ""), "encrypted, with a passphrase")
	says(t, profileCommandOf(t, 0, data, "", "encrypted"), "encrypted, with a passphrase")
	says(t, profileCommandOf(t, 5, data, "marron\nnoisette\n", "passphrase"), "wrong passphrase", filepath.Join(data, "vault", "key"))
	says(t, profileCommandOf(t, 0, data, "chataigne\nmarron\n", "passphrase"), "this passphrase opens the profile, and no other")
	says(t, profileCommandOf(t, 2, data, "marron\n", "plain"), "--yes") // nobody to ask
	says(t, profileCommandOf(t, 0, data, "marron\n", "plain", "--yes"), "no passphrase any more")
	if err := unlock(t, data, ""); err != nil {
		t.Error(err)
	}
	says(t, profileCommandOf(t, 1, data, "a\nb\n", "passphrase"), "no passphrase")
	says(t, profileCommandOf(t, 0, data, "noix\n", "encrypted"), "this passphrase opens")
	says(t, profileCommandOf(t, 0, data, "", "erase", "--yes"), data+": erased")
	says(t, profileCommandOf(t, 0, data, "", "amnesic", "--yes"), "amnesic already")
	if names, err := os.ReadDir(data); err != nil || len(names) > 0 {
		t.Errorf("what is left: %v, %v", names, err)
	}
}

func TestProfileKeepsWhatWasChosenForHistory(t *testing.T) {
	t.Parallel()
	for flag, want := range map[string]im.HistoryPolicy{
		"": {Mode: im.HistoryOff}, "off": {Mode: im.HistoryOff}, "on": {Mode: im.HistoryOn}, "30": {Mode: im.HistoryDays, Days: 30},
	} {
		data := t.TempDir()
		args := []string{"plain", "--yes"}
		if flag != "" {
			args = append(args, "--history", flag)
		}
		profileCommandOf(t, 0, data, "", args...)
		withDatabase(t, data, "", func(s *store.Store) error {
			if got := s.Profile().History; len(got) != 1 || got[0] != (im.HistoryRecord{Policy: want}) {
				t.Errorf("%q: %v", flag, got)
			}
			return nil
		})
	}
	data := t.TempDir()
	profileCommandOf(t, 0, data, "", "plain", "--yes", "--history", "on")
	for _, verb := range []string{"plain", "encrypted"} { // it would keep on keeping
		says(t, profileCommandOf(t, 2, data, "x\n", verb, "--history", "off", "--yes"), "--history", "/history")
	}
	says(t, profileCommandOf(t, 2, data, "", "erase", "--history", "off", "--yes"), "--history", "traboule profile erase")
	for _, bad := range []string{"0", "-1", "x", strconv.Itoa(im.MaxHistoryDays + 1), "OFF"} {
		says(t, profileCommandOf(t, 2, t.TempDir(), "", "plain", "--history", bad), "--history")
	}
}

func TestProfileRepair(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	profileCommandOf(t, 0, data, "", "plain", "--yes")
	database := filepath.Join(data, "vault", "database")
	says(t, profileCommandOf(t, 0, data, "", "repair"), database, "whole")
	if err := os.WriteFile(database, make([]byte, 8192), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if status := run([]string{"--lang", "en", "--profile", data, "--line", "--tor", "off", "ana@localhost"}, &out, &errs); status != 1 {
		t.Errorf("status %d", status)
	}
	says(t, errs.String(), database, "damaged", "traboule profile repair")
	said := profileCommandOf(t, 0, data, "", "repair", "--yes")
	if says(t, said, database+"-aside-1", "empty"); strings.Contains(said, "passphrase") {
		t.Errorf("of a profile without a passphrase it says %q", said)
	}
	says(t, profileCommandOf(t, 0, data, "", "repair"), "whole")
	if text, err := os.ReadFile(database + "-aside-1"); err != nil || len(text) != 8192 {
		t.Errorf("what was damaged: %d bytes, %v", len(text), err)
	}
}

// TestProfileWithoutDatabase: where only the key is left, an empty database does not come in place of the other one unasked.
func TestProfileWithoutDatabase(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	profileCommandOf(t, 0, data, "", "plain", "--yes")
	for _, name := range []string{"database", "database-seal"} {
		if err := os.Remove(filepath.Join(data, "vault", name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"--lang", "en", "--profile", data, "--line", "--tor", "off", "ana@localhost"}, {"history", "--lang", "en", "--profile", data},
	} {
		var out, errs bytes.Buffer
		if status := run(args, &out, &errs); status != 1 {
			t.Errorf("%q: status %d", args, status)
		}
		says(t, errs.String(), filepath.Join(data, "vault", "database")+" is missing", "traboule profile repair")
	}
	said := profileCommandOf(t, 0, data, "", "repair", "--yes")
	if says(t, said, "empty"); strings.Contains(said, "passphrase") {
		t.Errorf("of a profile without a passphrase it says %q", said)
	}
	says(t, profileCommandOf(t, 0, data, "", "repair"), "whole")
}

// TestProfileWithAnotherKey: where the key of a database is lost for good, there is a way on that loses nothing.
func TestProfileWithAnotherKey(t *testing.T) {
	t.Parallel()
	data, other := t.TempDir(), t.TempDir()
	profileCommandOf(t, 0, data, "", "plain", "--yes")
	profileCommandOf(t, 0, other, "", "plain", "--yes")
	if err := os.Rename(filepath.Join(other, "vault", "key"), filepath.Join(data, "vault", "key")); err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(data, "vault", "database")
	before, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	says(t, profileCommandOf(t, 2, data, "", "repair"), "--yes")
	says(t, profileCommandOf(t, 0, data, "", "repair", "--yes"), database+"-aside-1", "empty")
	says(t, profileCommandOf(t, 0, data, "", "repair"), "whole")
	if text, err := os.ReadFile(database + "-aside-1"); err != nil || !bytes.Equal(text, before) {
		t.Errorf("what is aside: %d bytes, %v", len(text), err)
	}
}

func TestProfileEraseTakesAllButTheSettings(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	profileCommandOf(t, 0, data, "", "plain", "--yes")
	for name, text := range map[string]string{
		"otr/otr.private_key": "a key", "otr/deeper/x": "a key", "tor/state": "guards", "config.toml": "x = broken", "mine": "mine",
	} {
		path := filepath.Join(data, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	outside := filepath.Join(t.TempDir(), "outside")
	if err := errors.Join(os.WriteFile(outside, []byte("outside"), 0o600), os.Symlink(outside, filepath.Join(data, "otr", "link"))); err != nil {
		t.Fatal(err)
	}
	key, err := os.Open(filepath.Join(data, "otr", "otr.private_key"))
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	says(t, profileCommandOf(t, 0, data, ""), "not encrypted: otr, tor")
	says(t, profileCommandOf(t, 0, data, "", "erase", "--yes"), "erased")
	entries, err := os.ReadDir(data)
	if err != nil || len(entries) != 2 || entries[0].Name() != "config.toml" || entries[1].Name() != "mine" {
		t.Errorf("%v, %v", entries, err)
	}
	if text, err := os.ReadFile(outside); string(text) != "outside" {
		t.Errorf("a link was followed: %q, %v", text, err)
	}
	if text, err := io.ReadAll(key); err != nil || string(text) == "a key" {
		t.Errorf("the key was not overwritten: %q, %v", text, err)
	}
}

// TestProfileErasesWhatItCan: what cannot be overwritten or removed is told, and does not keep the rest.
func TestProfileErasesWhatItCan(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(t *testing.T, data string){
		"database-odd": func(t *testing.T, data string) { writeFile(t, data, "vault/database-odd/x", "x") },
		"busy": func(t *testing.T, data string) { // a program that runs cannot be written to
			program, err := os.ReadFile("/bin/sleep")
			if err != nil {
				t.Fatal(err)
			}
			runs(t, writeFile(t, data, "otr/busy", string(program)))
		},
	} {
		data := t.TempDir()
		profileCommandOf(t, 0, data, "", "plain", "--yes")
		writeFile(t, data, "otr/otr.private_key", "a key")
		writeFile(t, data, "tor/state", "guards")
		spoil(t, data)
		says(t, profileCommandOf(t, 1, data, "", "erase", "--yes"), name)
		for _, name := range []string{"vault/key", "vault/database", "otr", "tor"} {
			if _, err := os.Lstat(filepath.Join(data, name)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s is still there: %v", name, err)
			}
		}
	}
}

// writeFile makes a file in a data folder that may be run, and returns its path.
func writeFile(t *testing.T, data, name, text string) string {
	t.Helper()
	path := filepath.Join(data, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o700)); err != nil {
		t.Fatal(err)
	}
	return path
}

// runs has a copy of sleep run until the test ends. While another test starts a program, that has our descriptors for a moment: the
// copy seems to be written to still.
func runs(t *testing.T, program string) {
	t.Helper()
	for {
		command := exec.Command(program, "600")
		err := command.Start()
		if errors.Is(err, syscall.ETXTBSY) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { command.Process.Kill(); command.Wait() })
		return
	}
}

func TestProfileRefuses(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for _, args := range [][]string{{"maybe"}, {"plain", "encrypted"}, {"--json"}, {"--tor", "off"}, {"plain", "--amnesic"}, {"--account", "a@b"}} {
		profileCommandOf(t, 2, data, "", args...)
	}
	says(t, profileCommandOf(t, 2, data, "a\nb\n", "passphrase"), "keeps nothing")
	profileCommandOf(t, 0, data, "", "plain")
	v, err := vault.Take(data)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for _, verb := range []string{"encrypted", "plain", "amnesic", "passphrase", "erase"} {
		says(t, profileCommandOf(t, 1, data, "x\nx\n", verb, "--yes"), "another traboule uses this profile")
	}
	v.Close()
	key := filepath.Join(data, "vault", "key")
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	says(t, profileCommandOf(t, 1, data, ""), key, "chmod")
	if err := errors.Join(os.Chmod(key, 0o600), os.Truncate(key, 10)); err != nil {
		t.Fatal(err)
	}
	says(t, profileCommandOf(t, 1, data, ""), key, "damaged")
	says(t, profileCommandOf(t, 1, data, "x\n", "encrypted"), key, "damaged")
	if err := errors.Join(os.Remove(key), os.WriteFile(filepath.Join(data, "vault", "database"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	says(t, profileCommandOf(t, 1, data, "x\n", "encrypted"), key, "missing")
	says(t, profileCommandOf(t, 0, data, "", "erase", "--yes"), "erased")
}

// TestProfileAsks talks with the real program on a terminal.
func TestProfileAsks(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	const nothing = ""
	for _, talk := range []struct {
		args   []string
		status int
		// what is waited for, and then typed
		steps [][2]string
		end   string
	}{
		{nil, 0, [][2]string{{"Enter leaves it as it is:", nothing}}, "Nothing was changed"},
		{nil, 0, [][2]string{{"1, 2 or 3?", "yes"}, {"Type 1, 2 or 3", "4"}, {"Type 1, 2 or 3", nothing}}, "Nothing was changed"},
		{nil, 0, [][2]string{{"1, 2 or 3?", "4"}, {"Type 1, 2 or 3", "4"}, {"Type 1, 2 or 3", "4"}}, "Nothing was changed"},
		{nil, 1, [][2]string{{"1, 2 or 3?", "4"}, {"Type 1, 2 or 3", "\x04"}}, "\ntraboule: the question was broken off"},
		{nil, 0, [][2]string{{"1, 2 or 3?", "two"}, {"Type 1, 2 or 3", "2"}, {"New passphrase", "châtaigne"}, {"Once more:", "chataigne"}, {"not the same", "châtaigne"}, {"Once more:", "châtaigne"}, {"Keep what is said?", "perhaps"}, {"number of days:", "30"}}, "Made"},
		{[]string{"passphrase"}, 0, [][2]string{{"Passphrase of the profile:", "faux"}, {"That is not it.", "châtaigne"}, {"New passphrase", nothing}, {"cannot be empty", "marron"}, {"Once more:", "marron"}}, "no other"},
		{[]string{"passphrase"}, 5, [][2]string{{"Passphrase of the profile:", "faux"}, {"That is not it.", "faux"}, {"That is not it.", "faux"}}, "wrong passphrase"},
		{[]string{"passphrase"}, 5, [][2]string{{"Passphrase of the profile:", "\x03"}}, "\ntraboule: no passphrase for the profile: the question was broken off"},
		{[]string{"amnesic"}, 0, [][2]string{{"Type “yes”", nothing}}, "Nothing was changed"},
		{nil, 0, [][2]string{{"1, 2 or 3?", "1"}, {"Type “yes”", "yes"}}, "erased"},
	} {
		command := exec.Command(os.Args[0], append([]string{"profile", "--lang", "en", "--profile", data}, talk.args...)...)
		command.Env = append(os.Environ(), "TRABOULE_TEST_MAIN=1")
		terminal, err := pty.Start(command)
		if err != nil {
			t.Fatal(err)
		}
		deadline := time.AfterFunc(time.Minute, func() { command.Process.Kill() })
		said, seen := "", 0
		expect := func(text string) {
			for buffer := make([]byte, 4096); !strings.Contains(said[seen:], text); {
				n, err := terminal.Read(buffer)
				if n == 0 {
					t.Fatalf("%q: no %q, but %q: %v", talk.args, text, said[seen:], err)
				}
				said += string(buffer[:n])
			}
			seen += strings.Index(said[seen:], text) + len(text)
		}
		for _, step := range talk.steps {
			expect(step[0])
			typed := step[1] + "\n"
			if step[1] == "\x03" || step[1] == "\x04" {
				typed = step[1] // which needs no Enter, and would have it taken for an answer
			}
			if _, err := terminal.WriteString(typed); err != nil {
				t.Fatal(err)
			}
		}
		expect(talk.end)
		for _, secret := range []string{"châtaigne", "marron", "faux"} {
			if strings.Contains(said, secret) {
				t.Errorf("%q: a passphrase was shown: %q", talk.args, said)
			}
		}
		command.Wait()
		deadline.Stop()
		if status := command.ProcessState.ExitCode(); status != talk.status {
			t.Errorf("%q: status %d, want %d: %q", talk.args, status, talk.status, said)
		}
		terminal.Close()
	}
}

func TestTailsIsKnown(t *testing.T) {
	for text, want := range map[string]bool{
		"ID=tails\n": true, "NAME=x\nID=\"tails\"": true, "ID=debian\nTAILS_PRODUCT_NAME=\"Tails\"\n": true,
		"ID=debian\n": false, "PRETTY_NAME=\"tails\"": false, "": false,
	} {
		if got := onTails(fstest.MapFS{"etc/os-release": {Data: []byte(text)}}); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if onTails(fstest.MapFS{}) {
		t.Error("a system that says nothing is Tails")
	}
	data := t.TempDir()
	if !onSameDisk(filepath.Join(data, "not", "yet"), data) || onSameDisk("/proc/self", data) || onSameDisk(data, filepath.Join(data, "none")) {
		t.Error("disks are mixed up")
	}
}
