package main

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"traboule/confine"
	"traboule/im"
	"traboule/otr"
	"traboule/store"
)

// vaultKeys reads the sealed keys of a vault, and its fingerprints.
func vaultKeys(t *testing.T, data, passphrase string) (keys map[im.JID]store.SealedKey, known []im.FingerprintRecord) {
	t.Helper()
	withDatabase(t, data, passphrase, func(db *store.Store) (err error) {
		known = db.Profile().Fingerprints
		keys, err = db.SealedKeys()
		return err
	})
	return keys, known
}

// otrWithPassphrase runs a command about keys with a passphrase from a descriptor.
func otrWithPassphrase(t *testing.T, want int, data, passphrase string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(path, []byte(passphrase+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	fd, err := syscall.Dup(int(file.Fd())) // the program closes its own copy
	if err != nil {
		t.Fatal(err)
	}
	return otrCommand(t, want, data, append(args, "--passphrase-fd", strconv.Itoa(fd))...)
}

// TestKeysGoIntoAVault takes keys into a vault, and gives it a passphrase.
func TestKeysGoIntoAVault(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	profileCommandOf(t, 0, data, "", "plain")
	says(t, otrCommand(t, 0, data, "import", "testdata/purple"),
		"hubert@example.org: the key "+keyOfPidgin+" was copied", "ana@example.org: the key "+anasOfPidgin+" was copied",
		"3 fingerprints of contacts copied, 2 of them verified", "instance tag 92da2cfb was copied", "in the vault")
	if _, err := os.Stat(filepath.Join(data, otrFolder)); !os.IsNotExist(err) {
		t.Errorf("files were written beside the vault: %v", err)
	}
	before, known := vaultKeys(t, data, "")
	if hubert := im.MustJID("hubert@example.org"); len(before) != 2 || before[hubert].Tag != 0x92da2cfb || len(known) != 4 {
		t.Errorf("kept %d keys, tag %x, %v", len(before), before[hubert].Tag, known)
	}
	profileCommandOf(t, 0, data, "chataigne\n", "encrypted")
	after, _ := vaultKeys(t, data, "chataigne")
	if !maps.EqualFunc(before, after, func(a, b store.SealedKey) bool { return bytes.Equal(a.Sealed, b.Sealed) && a.Tag == b.Tag }) {
		t.Error("a new passphrase changed the sealed keys")
	}
	says(t, otrCommand(t, 5, data, "import", "testdata/purple"), "passphrase")
	for want, args := range map[string][]string{
		"no such file": {"testdata/none"}, "holds no OTR files": {t.TempDir()}, "“testdata/purple” holds no OTR files": {"testdata/purple", "--account", "nobody@example.org"},
	} {
		said := otrCommand(t, 1, data, append([]string{"import"}, args...)...)
		says(t, said, want)
		if strings.Contains(said, "passphrase") {
			t.Errorf("import %q: asked for a passphrase for nothing: %s", args, said)
		}
	}
	says(t, otrWithPassphrase(t, 0, data, "chataigne", "import", "testdata/mcabber"), "there is another key, "+keyOfPidgin+", which stays")
	says(t, otrWithPassphrase(t, 2, t.TempDir(), "chataigne", "export", t.TempDir()), "this profile is amnesic")
}

// TestKeysComeBackFromAVault writes keys out of a vault as they were.
func TestKeysComeBackFromAVault(t *testing.T) {
	data := t.TempDir()
	profileCommandOf(t, 0, data, "", "plain")
	otrCommand(t, 0, data, "import", "testdata/purple")
	says(t, otrCommand(t, 0, data, "import", "testdata/purple"), "is there already", "0 of them verified; 3 there already")
	says(t, otrCommand(t, 0, data, "import", "testdata/mcabber"), "there is another key, "+keyOfPidgin+", which stays")

	// The same keys, once from the vault and once from files.
	plain := t.TempDir()
	otrCommand(t, 0, plain, "import", "testdata/purple")
	for _, program := range []string{"profanity", "mcabber"} {
		fromVault, fromFiles := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
		says(t, otrCommand(t, 0, data, "export", fromVault, "--for", program), keyOfPidgin, anasOfPidgin, "not encrypted")
		otrCommand(t, 0, plain, "export", fromFiles, "--for", program)
		got, want := files(t, fromVault), files(t, fromFiles)
		if !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want))) {
			t.Fatalf("%s: exported %s, want %s", program, names(got), names(want))
		}
		for name := range want {
			// Trust by a shared secret comes back as trust by hand.
			if strings.HasSuffix(name, "key") || strings.HasSuffix(name, "keys.txt") || strings.HasSuffix(name, "tag") {
				if got[name] != want[name] {
					t.Errorf("%s: %s is not the same", program, name)
				}
			}
		}
	}
	says(t, otrCommand(t, 0, data, "import", "testdata/mcabber", "--replace"), keyOfMcabber+" was copied in place of "+keyOfPidgin)
	says(t, otrCommand(t, 0, data, "export", t.TempDir()), keyOfMcabber, anasOfPidgin)
}

// sessionKeys starts a session on a profile as far as keys are concerned, and asks for that of an account.
func sessionKeys(t *testing.T, data string, account im.JID) (key otr.Key, err error) {
	t.Helper()
	s := keySession(data, account.String())
	s.accounts[0].password = &secret{}
	s.options.line, s.options.passphraseFD = true, -1
	if err := s.openProfile(t.Context(), os.Getenv); err != nil {
		t.Fatal(err)
	}
	defer s.closeProfile()
	if left := s.vault.Keys(); left.Sealing != [32]byte{} {
		t.Error("the client still has the sealing key")
	}
	o := otr.Options{Launch: func(context.Context) (net.Conn, error) { return confine.Attach(otr.ChildName) }}
	s.keepOTRKeys(t.Context(), &o)
	keeper := &keyKeeper{otr.Start(t.Context(), o)}
	defer keeper.engine.Close()
	s.loadOTRKeys(keeper.engine, func(ended error) { err = ended })
	waited := keeper.wait(t.Context(), func(answered chan struct{}) {
		keeper.engine.MakeKey(account, 0, func(k otr.Key, fault error) {
			key, err = k, errors.Join(err, fault)
			close(answered)
		})
	})
	return key, errors.Join(err, waited)
}

// TestSessionHasTheKeysOfTheVault: the key of yesterday, whether it came from elsewhere or was made here.
func TestSessionHasTheKeysOfTheVault(t *testing.T) {
	data := t.TempDir()
	profileCommandOf(t, 0, data, "", "plain")
	otrCommand(t, 0, data, "import", "testdata/purple", "--account", "hubert@example.org")
	hubert, fresh := im.MustJID("hubert@example.org"), im.MustJID("fresh@example.org")
	if key, err := sessionKeys(t, data, hubert); err != nil || im.GroupFingerprint(key.Fingerprint) != keyOfPidgin || key.Tag != 0x92da2cfb {
		t.Errorf("imported: %+v, %v", key, err)
	}
	made, err := sessionKeys(t, data, fresh)
	if err != nil || made.Fingerprint == "" {
		t.Fatalf("made: %+v, %v", made, err)
	}
	if again, err := sessionKeys(t, data, fresh); err != nil || again != made {
		t.Errorf("the next day: %+v, %v, before %+v", again, err, made)
	}
	says(t, otrCommand(t, 0, data, "export", t.TempDir()), "fresh@example.org: the key "+im.GroupFingerprint(made.Fingerprint))
}

// TestBadSealedKey: no other key takes the place of one that does not open, unless the user says so.
func TestBadSealedKey(t *testing.T) {
	data := t.TempDir()
	profileCommandOf(t, 0, data, "", "plain")
	otrCommand(t, 0, data, "import", "testdata/purple")
	hubert, ana := im.MustJID("hubert@example.org"), im.MustJID("ana@example.org")
	keys, _ := vaultKeys(t, data, "")
	withDatabase(t, data, "", func(db *store.Store) error {
		return db.SetSealedKey(hubert, keys[ana]) // that of another account
	})
	if key, err := sessionKeys(t, data, hubert); !errors.Is(err, otr.ErrBadSealedKey) || key.Fingerprint != "" {
		t.Errorf("%+v, %v", key, err)
	}
	database := filepath.Join(data, "vault", "database")
	says(t, otrCommand(t, 1, data, "export", t.TempDir()), database, "--replace")
	says(t, otrCommand(t, 1, data, "import", "testdata/purple"), database, "--replace")
	says(t, otrCommand(t, 0, data, "import", "testdata/purple", "--replace"), "hubert@example.org: the key "+keyOfPidgin+" was copied")
	if key, err := sessionKeys(t, data, hubert); err != nil || im.GroupFingerprint(key.Fingerprint) != keyOfPidgin {
		t.Errorf("replaced: %+v, %v", key, err)
	}
}

// TestOpenKeysAreTakenIntoTheVault: files of libotr's in the profile go into its vault and are erased, but not if one of their keys would be lost.
func TestOpenKeysAreTakenIntoTheVault(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	otrCommand(t, 0, data, "import", "testdata/purple")
	folder := filepath.Join(data, otrFolder)
	key, err := os.Open(filepath.Join(folder, "otr.private_key"))
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	says(t, profileCommandOf(t, 0, data, "", "plain"), folder+" holds OTR keys that are NOT encrypted")
	if _, err := os.Stat(folder); err != nil {
		t.Errorf("erased without a word: %v", err)
	}
	says(t, profileCommandOf(t, 0, data, "", "plain", "--yes"), keyOfPidgin+" was copied", "is erased")
	if left := files(t, data); slices.ContainsFunc(slices.Collect(maps.Keys(left)), func(n string) bool { return strings.HasPrefix(n, otrFolder) }) {
		t.Errorf("left: %s", names(left))
	}
	noise := make([]byte, 100)
	if _, err := key.ReadAt(noise, 0); err != nil || bytes.Contains(noise, []byte("privkeys")) {
		t.Errorf("the file was not overwritten: %v", err)
	}
	if keys, known := vaultKeys(t, data, ""); len(keys) != 2 || len(known) != 4 {
		t.Errorf("kept %d keys, %d fingerprints", len(keys), len(known))
	}
	// Another key for an account that has one.
	other := t.TempDir()
	otrCommand(t, 0, other, "import", "testdata/mcabber")
	if err := os.Rename(filepath.Join(other, otrFolder), folder); err != nil {
		t.Fatal(err)
	}
	says(t, profileCommandOf(t, 0, data, "", "plain", "--yes"), "NOT copied", folder+" stays as it is")
	if got := names(files(t, folder)); !strings.Contains(got, "otr.private_key") {
		t.Errorf("left: %s", got)
	}
}
