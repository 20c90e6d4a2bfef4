package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"traboule/vault"
)

// kept is what a profile keeps for the tests of this file.
const kept = "demain à l’aube, devant l’imprimerie"

// keeping makes a profile without a passphrase that keeps what was said: as a client has left it, and as a power cut has.
func keeping(t *testing.T) (left, killed string) {
	t.Helper()
	s, _ := onContacts(t, 0)
	paulette := login(t, s, "paulette")
	dir := t.TempDir()
	left, killed = filepath.Join(dir, "left"), filepath.Join(dir, "killed")
	profileOf(t, 0, killed, nil, "plain", "--yes", "--history", "on")
	ana := startProgram(t, "ana", password, append([]string{"--json"}, launch{server: s, account: "ana@localhost"}.arguments(killed)...)...)
	ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
	ana.send("/msg paulette@localhost " + kept)
	paulette.expect("message", fields{"body": kept})
	ana.send("/search imprimerie")
	ana.expect("notice", fields{"code": "search"}) // what was asked before is on the disk when this is answered
	if err := ana.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	ana.status()
	copyOf(t, killed, left)
	stillThere(t, left) // and it tidies the log up
	paulette.quit()
	return left, killed
}

// copyOf copies a folder.
func copyOf(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.CommandContext(t.Context(), "chmod", "-R", "go=", to).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
}

// stillThere sees that the profile keeps what it kept.
func stillThere(t *testing.T, profile string) {
	t.Helper()
	said, err := exec.CommandContext(t.Context(), binary(), "history", "export", "paulette@localhost", "--yes", "--account", "ana@localhost", "--profile", profile).CombinedOutput()
	if err != nil || !strings.Contains(string(said), kept) {
		t.Errorf("what was kept is not there: %v: %s", err, said)
	}
}

// refusal starts the client on a profile, and returns its exit status and what it says on standard error.
func refusal(t *testing.T, profile, language string) (status int, said string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, binary(), "--line", "--lang", language, "--profile", profile, "--tor", "off", "--server", "127.0.0.1:1", "--account", "ana@localhost", "--password-fd", "3")
	var complaints bytes.Buffer
	command.Stderr = &complaints
	command.ExtraFiles = []*os.File{secret(t, password)}
	err := command.Run()
	if command.ProcessState == nil {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), complaints.String()
}

// What the client says of a profile that it does not open, in both languages.
var (
	saysDamaged    = map[string]string{"en": "is damaged, or lacks its last changes. Nothing was touched", "fr": "est abîmé, ou ses dernières écritures manquent. Rien n’a été touché"}
	saysMissing    = map[string]string{"en": "is missing, and with it all that the profile kept", "fr": "manque, et avec lui tout ce que le profil gardait"}
	saysKeyDamaged = map[string]string{"en": "is damaged, and nothing of the profile can be read without it", "fr": "est abîmé, et rien du profil ne se lit sans lui"}
	saysKeyMissing = map[string]string{"en": "is missing, and nothing of the profile can be read", "fr": "manque, et rien du profil ne se lit sans lui"}
	saysWrongKey   = map[string]string{"en": "belongs to another database", "fr": "est celle d’une autre base"}
	saysUnsafe     = map[string]string{"en": "is a link, or others may use it", "fr": "est un lien, ou d’autres peuvent s’en servir"}
)

// TestDamagedProfile: whatever is wrong with a file of a profile, the client says so in the user's language, ends with the
// status for it, and leaves all as it is: with the file put back, what was kept is there.
func TestDamagedProfile(t *testing.T) {
	t.Parallel()
	left, killed := keeping(t)
	for name, row := range map[string]struct {
		profile string
		damage  func(t *testing.T, vault string)
		says    map[string]string
	}{
		"a flipped bit in the first page": {left, flip("database", 100), saysDamaged},
		"half a database":                 {left, halve("database"), saysDamaged},
		"no database":                     {left, remove("database"), saysMissing},
		"an empty database":               {left, empty("database"), saysDamaged},
		"no seal":                         {left, remove("database-seal"), saysDamaged},
		"nothing but the key":             {left, remove("database", "database-seal"), saysMissing},
		"no log":                          {killed, remove("database-wal"), saysDamaged},
		"half a log":                      {killed, halve("database-wal"), saysDamaged},
		"no database beside its log":      {killed, remove("database"), saysMissing},
		"nothing but key and log":         {killed, remove("database", "database-seal"), saysMissing},
		"a flipped bit in the key":        {left, flip("key", -5), saysKeyDamaged},
		"half a key":                      {killed, halve("key"), saysKeyDamaged},
		"an empty key":                    {left, empty("key"), saysKeyDamaged},
		"no key":                          {killed, remove("key"), saysKeyMissing},
		"the key of another profile":      {left, keyOfAnother, saysWrongKey},
		"a key for all to read":           {left, open0644("key"), saysUnsafe},
		"a key somewhere else":            {left, linkTo("key"), saysUnsafe},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			profile := filepath.Join(t.TempDir(), "profile")
			copyOf(t, row.profile, profile)
			row.damage(t, filepath.Join(profile, "vault"))
			before := texts(t, profile)
			for language, sentence := range row.says {
				status, said := refusal(t, profile, language)
				if status != 1 || !strings.Contains(said, sentence) || strings.Count(said, "\n") != 1 {
					t.Errorf("status %d: %s", status, said)
				}
			}
			after := texts(t, profile)
			for path, text := range before {
				if after[path] != text {
					t.Errorf("%s was changed", path)
				}
			}
			if err := os.RemoveAll(profile); err != nil {
				t.Fatal(err)
			}
			copyOf(t, row.profile, profile)
			stillThere(t, profile)
		})
	}
}

// TestProfileInUse: while somebody uses a profile, neither a client nor a command touches it, and each says why.
func TestProfileInUse(t *testing.T) {
	t.Parallel()
	profile := t.TempDir()
	profileOf(t, 0, profile, nil, "plain", "--yes")
	v, err := vault.Take(profile)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	before := texts(t, profile)
	for language, sentence := range map[string]string{"en": "another traboule uses this profile", "fr": "un autre traboule utilise ce profil"} {
		if status, said := refusal(t, profile, language); status != 1 || !strings.Contains(said, sentence) {
			t.Errorf("a client: status %d: %s", status, said)
		}
		for _, command := range [][]string{
			{"profile", "encrypted"}, {"profile", "repair"}, {"profile", "erase", "--yes"}, {"history"}, {"history", "export", "paulette@localhost", "--yes"},
			{"otr", "export", t.TempDir()},
		} {
			args := append(command, "--lang", language, "--profile", profile)
			said, err := exec.CommandContext(t.Context(), binary(), args...).CombinedOutput()
			if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(string(said), sentence) {
				t.Errorf("%q: %v: %s", args, err, said)
			}
		}
	}
	if after := texts(t, profile); !maps.Equal(after, before) {
		t.Error("it was changed")
	}
}

// texts reads all files below a folder.
func texts(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, path := range pathsBelow(t, folder) {
		if text, err := os.ReadFile(path); err == nil {
			all[path] = string(text)
		}
	}
	return all
}

// rewrite changes the content of a file.
func rewrite(name string, change func([]byte) []byte) func(*testing.T, string) {
	return func(t *testing.T, vault string) {
		t.Helper()
		path := filepath.Join(vault, name)
		text, err := os.ReadFile(path)
		if err != nil || len(text) < 200 {
			t.Fatalf("%s has %d bytes: %v", name, len(text), err)
		}
		write(t, path, string(change(text)))
	}
}

// flip flips a bit; a negative place counts from the end.
func flip(name string, at int) func(*testing.T, string) {
	return rewrite(name, func(text []byte) []byte {
		text[(at+len(text))%len(text)] ^= 1
		return text
	})
}

func halve(name string) func(*testing.T, string) {
	return rewrite(name, func(text []byte) []byte { return text[:len(text)/2] })
}

func empty(name string) func(*testing.T, string) {
	return rewrite(name, func(text []byte) []byte { return nil })
}

func remove(names ...string) func(*testing.T, string) {
	return func(t *testing.T, vault string) {
		t.Helper()
		for _, name := range names {
			if err := os.Remove(filepath.Join(vault, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func keyOfAnother(t *testing.T, vault string) {
	t.Helper()
	other := t.TempDir()
	profileOf(t, 0, other, nil, "plain", "--yes")
	text, err := os.ReadFile(filepath.Join(other, "vault", "key"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(vault, "key"), string(text))
}

func open0644(name string) func(*testing.T, string) {
	return func(t *testing.T, vault string) {
		t.Helper()
		if err := os.Chmod(filepath.Join(vault, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func linkTo(name string) func(*testing.T, string) {
	return func(t *testing.T, vault string) {
		t.Helper()
		elsewhere := filepath.Join(t.TempDir(), name)
		if err := os.Rename(filepath.Join(vault, name), elsewhere); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(elsewhere, filepath.Join(vault, name)); err != nil {
			t.Fatal(err)
		}
	}
}
