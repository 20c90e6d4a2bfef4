package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"traboule/confine"
	"traboule/otr"
)

func TestMain(m *testing.M) {
	if confine.IsDoor(os.Args) {
		os.Exit(confine.ServeDoor())
	}
	if otr.IsChild(os.Args) {
		os.Exit(otr.ServeChild())
	}
	if os.Getenv("TRABOULE_TEST_MAIN") != "" {
		os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// otrCommand runs a command about keys on a profile and returns all that it says.
func otrCommand(t *testing.T, want int, profile string, args ...string) string {
	t.Helper()
	var said bytes.Buffer
	args = append([]string{"otr"}, args...)
	if status := run(append(args, "--profile", profile, "--lang", "en"), &said, &said); status != want {
		t.Fatalf("%q: status %d, %s", args, status, &said)
	}
	return said.String()
}

// says sees that all of some texts were said.
func says(t *testing.T, said string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(said, text) {
			t.Errorf("%q is not in:\n%s", text, said)
		}
	}
}

// copyFolder copies what a program wrote to a place where it may be changed.
func copyFolder(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

// files returns what is in a folder, by path below it, and sees that nobody but the owner can read any of it.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		if entry.IsDir() {
			return nil
		}
		content, err := os.ReadFile(path)
		found[strings.TrimPrefix(path, dir+"/")] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func names(files map[string]string) string {
	return strings.Join(slices.Sorted(maps.Keys(files)), " ")
}

const (
	keyOfPidgin    = "358C7097 4DF580E6 4B4395B9 7503471A 10F1BB62"
	anasOfPidgin   = "F098B904 1E181A6A 31C929B3 CA2197E4 936CEC27"
	keyOfProfanity = "5A7FD13F 36FCFC74 164A75AC 822822C0 B0C004C0"
	keyOfMcabber   = "959DD665 CC6BB566 30030797 EEDBC35F 64CE323F"
	ownFiles       = "otr/otr.fingerprints otr/otr.instance_tags otr/otr.private_key"
)

// TestImport takes what libotr wrote for each of the programs, from each folder that a user might name.
func TestImport(t *testing.T) {
	for folder, want := range map[string]struct {
		says []string
		has  []string
	}{
		"purple": {
			[]string{
				"hubert@example.org: the key " + keyOfPidgin + " was copied", "ana@example.org: the key " + anasOfPidgin + " was copied",
				"3 fingerprints of contacts copied, 2 of them verified", "instance tag 92da2cfb was copied", "123456 (prpl-icq) is no XMPP account",
				"not encrypted",
			},
			[]string{`(name "hubert@example.org/Home \"old\" (1)")`, "hubert@example.org/Home \"old\" (1)\tprpl-jabber\t92da2cfb\n",
				"carl@example.org\thubert@example.org/Home \"old\" (1)\tprpl-jabber\t28292a2b2c2d2e2f303132333435363738393a3b\tsmp\n"},
		},
		"profanity": {
			[]string{"hubert@example.org: the key " + keyOfProfanity + " was copied", "2 fingerprints of contacts copied, 1 of them verified"},
			[]string{"paulette@example.org\thubert@example.org\txmpp\t000102030405060708090a0b0c0d0e0f10111213\ttrusted\n"},
		},
		"profanity/otr":                       {[]string{keyOfProfanity}, nil},
		"profanity/otr/hubert_at_example.org": {[]string{keyOfProfanity}, nil},
		"mcabber": {
			[]string{"hubert@example.org: the key " + keyOfMcabber + " was copied", "1 fingerprint of contacts copied, 1 of them verified", "instance tag"},
			[]string{"\ttrust\n", "hubert@example.org\tjabber\t"},
		},
		"mcabber/otr": {[]string{keyOfMcabber}, nil},
	} {
		profile := t.TempDir()
		says(t, otrCommand(t, 0, profile, "import", "testdata/"+folder), want.says...)
		written := files(t, profile)
		all := written["otr/otr.private_key"] + written["otr/otr.fingerprints"] + written["otr/otr.instance_tags"]
		says(t, all, want.has...)
		if strings.Contains(all, "icq") {
			t.Errorf("%s: it took what is no XMPP account", folder)
		}
		// A second time there is nothing to do.
		says(t, otrCommand(t, 0, profile, "import", "testdata/"+folder), "there already")
		if again := files(t, profile); !maps.Equal(again, written) {
			t.Errorf("%s: a second import left %s", folder, names(again))
		}
	}
}

// TestExport: what was taken from a program comes back to it as it was, and to the others as they call things.
func TestExport(t *testing.T) {
	profile, back := t.TempDir(), t.TempDir()
	otrCommand(t, 0, profile, "import", "testdata/purple", "--account", "hubert@example.org")
	says(t, otrCommand(t, 0, profile, "export", back), keyOfPidgin, "2 of them verified", "not encrypted")
	if got, own := files(t, back), files(t, profile); names(got) != "otr.fingerprints otr.instance_tags otr.private_key" || got["otr.private_key"] != own["otr/otr.private_key"] {
		t.Errorf("exported %s", names(got))
	}
	for program, want := range map[string]struct{ names, line string }{
		"profanity": {"otr/hubert_at_example.org/fingerprints.txt otr/hubert_at_example.org/keys.txt", "paulette@example.org\thubert@example.org\txmpp\t"},
		"mcabber":   {"otr/hubert@example.org.fpr otr/hubert@example.org.key otr/hubert@example.org.tag", "paulette@example.org\thubert@example.org\tjabber\t"},
		"pidgin":    {"otr.fingerprints otr.instance_tags otr.private_key", "paulette@example.org\thubert@example.org/Home \"old\" (1)\tprpl-jabber\t"},
	} {
		dir := filepath.Join(t.TempDir(), "new")
		otrCommand(t, 0, profile, "export", dir, "--for", program)
		got := files(t, dir)
		if names(got) != want.names {
			t.Errorf("%s: exported %s", program, names(got))
		}
		says(t, strings.Join(slices.Collect(maps.Values(got)), ""), want.line)
		// And back into an empty profile.
		other := t.TempDir()
		says(t, otrCommand(t, 0, other, "import", dir), "hubert@example.org: the key "+keyOfPidgin+" was copied", "3 fingerprints of contacts copied, 2 of them verified")
	}
}

// TestExportJoins: what the program has stays, unless the user says to replace it, and then a backup has it.
func TestExportJoins(t *testing.T) {
	profile, dir := t.TempDir(), copyFolder(t, "testdata/profanity")
	otrCommand(t, 0, profile, "import", "testdata/purple", "--account", "hubert@example.org")
	before, err := os.ReadFile(filepath.Join(dir, "otr/hubert_at_example.org/keys.txt"))
	if err != nil {
		t.Fatal(err)
	}
	says(t, otrCommand(t, 0, profile, "export", dir), "there is another key, "+keyOfProfanity+", which stays", "was NOT copied", "fingerprints.txt.bak", "2 fingerprints of contacts copied, 1 of them verified; 1 there")
	folder := filepath.Join(dir, "otr/hubert_at_example.org")
	if after, err := os.ReadFile(filepath.Join(folder, "keys.txt")); err != nil || !bytes.Equal(after, before) {
		t.Errorf("the key did not stay, %v", err)
	}
	says(t, otrCommand(t, 0, profile, "export", dir, "--replace"), keyOfPidgin+" was copied in place of "+keyOfProfanity, "keys.txt.bak")
	if kept, err := os.ReadFile(filepath.Join(folder, "keys.txt.bak")); err != nil || !bytes.Equal(kept, before) {
		t.Errorf("the backup is not what was there, %v", err)
	}
	says(t, otrCommand(t, 0, t.TempDir(), "import", folder), keyOfPidgin)
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 4 {
		t.Errorf("in the folder: %v, %v", entries, err)
	}
}

// TestExportKeepsOtherNetworks: what Pidgin keeps for accounts that are none of ours stays in its files.
func TestExportKeepsOtherNetworks(t *testing.T) {
	profile, dir := t.TempDir(), copyFolder(t, "testdata/purple")
	otrCommand(t, 0, profile, "import", "testdata/mcabber")
	says(t, otrCommand(t, 0, profile, "export", dir, "--replace"), keyOfMcabber+" was copied in place of "+keyOfPidgin, "instance tag 92da2cfb stays")
	says(t, otrCommand(t, 0, t.TempDir(), "import", dir), keyOfMcabber, anasOfPidgin, "123456 (prpl-icq)")
	for name, want := range map[string]string{"otr.private_key": "prpl-icq", "otr.fingerprints": "77\t123456\tprpl-icq\t"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		says(t, string(content), want)
	}
}

// TestKeyCommandRefuses: nothing is written when something is wrong.
func TestKeyCommandRefuses(t *testing.T) {
	for name, row := range map[string]struct {
		spoil func(dir string) error
		says  string
	}{
		"no files":   {func(dir string) error { return os.RemoveAll(dir + "/otr") }, "holds no OTR files"},
		"a bad line": {func(dir string) error { return os.WriteFile(dir+"/otr/hubert@example.org.fpr", []byte("\n#\n"), 0o600) }, ".fpr, line 2"},
		"a bad tag": {func(dir string) error {
			return os.WriteFile(dir+"/otr/hubert@example.org.tag", []byte("a\tb\tc"), 0o600)
		}, ".tag, line 1"},
		"keys cut short":   {func(dir string) error { return os.Truncate(dir+"/otr/hubert@example.org.key", 700) }, "damaged"},
		"keys too large":   {func(dir string) error { return os.Truncate(dir+"/otr/hubert@example.org.key", 2<<20) }, "larger than"},
		"a link":           {func(dir string) error { return relink(dir + "/otr/hubert@example.org.key") }, "symbolic link"},
		"a link of a list": {func(dir string) error { return relink(dir + "/otr/hubert@example.org.fpr") }, "symbolic link"},
		"a folder's link":  {func(dir string) error { return relink(dir + "/otr") }, "symbolic link"},
		"open to others":   {func(dir string) error { return os.Chmod(dir+"/otr/hubert@example.org.key", 0o666) }, "not yours"},
		"an open list":     {func(dir string) error { return os.Chmod(dir+"/otr/hubert@example.org.fpr", 0o606) }, "not yours"},
		"a folder":         {func(dir string) error { return refolder(dir + "/otr/hubert@example.org.key") }, "symbolic link"},
	} {
		dir, profile := copyFolder(t, "testdata/mcabber"), t.TempDir()
		if err := row.spoil(dir); err != nil {
			t.Fatal(err)
		}
		says(t, otrCommand(t, 1, profile, "import", dir), row.says)
		if got := files(t, profile); len(got) > 0 {
			t.Errorf("%s: it wrote %s", name, names(got))
		}
	}
	says(t, otrCommand(t, 1, t.TempDir(), "export", t.TempDir()), "keeps no OTR keys")
	says(t, otrCommand(t, 1, t.TempDir(), "import", "testdata/purple", "--account", "nobody@example.org"), "for such an account")
}

// relink puts a symbolic link to a file in its place.
func relink(path string) error {
	if err := os.Rename(path, path+".moved"); err != nil {
		return err
	}
	return os.Symlink(path+".moved", path)
}

func refolder(path string) error {
	if err := os.Remove(path); err != nil {
		return err
	}
	return os.Mkdir(path, 0o700)
}

// TestKeysAreNotWrittenThroughLinks: the profile's own folder is no way to another place.
func TestKeysAreNotWrittenThroughLinks(t *testing.T) {
	profile, elsewhere := t.TempDir(), t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(profile, "otr")); err != nil {
		t.Fatal(err)
	}
	says(t, otrCommand(t, 1, profile, "import", "testdata/purple"), "symbolic link")
	if got := files(t, elsewhere); len(got) > 0 {
		t.Errorf("it wrote %s", names(got))
	}
}

// TestRestOfAKilledRun: what a run left that was killed is gone after the next.
func TestRestOfAKilledRun(t *testing.T) {
	profile := t.TempDir()
	if err := os.Mkdir(filepath.Join(profile, "otr"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(profile, "otr/.otr.private_key.new"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	otrCommand(t, 0, profile, "import", "testdata/purple")
	if got := names(files(t, profile)); got != ownFiles {
		t.Errorf("there is %s", got)
	}
}

func TestKeyCommandUsage(t *testing.T) {
	for line, want := range map[string]usageKind{
		"otr": badKeyCommand, "otr import": badKeyCommand, "otr remove x": badKeyCommand, "otr import x y": badKeyCommand,
		"otr import x --tor off": strayFlag, "otr export x --json": strayFlag, "otr import x --amnesic": writesAmnesic, "--amnesic otr export x": writesAmnesic,
		"otr import x --for pidgin": badProgram, "otr export x --for irssi": badProgram, "--replace a@b": onlyFlag, "--for pidgin": onlyFlag,
		"otr import x --account @": badAddress,
	} {
		_, err := parseFlags(strings.Fields(line))
		if usage, ok := err.(*usageError); !ok || usage.kind != want {
			t.Errorf("%s: %v, want kind %d", line, err, want)
		}
		for _, lang := range []string{"en", "fr"} {
			var out, errs bytes.Buffer
			if status := run(append(strings.Fields(line), "--lang", lang), &out, &errs); status != 2 || out.Len() > 0 || strings.Contains(errs.String(), "start-") {
				t.Errorf("%s: status %d, %s%s", line, status, &out, &errs)
			}
		}
	}
}
