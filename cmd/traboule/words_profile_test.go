package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"traboule/core"
	"traboule/store"
	"traboule/ui/i18n"
	"traboule/vault"
)

// TestProfileFaultsAreNamedOnce: what is wrong with a file of the profile is one sentence that names it once, tells the cause
// and what to do.
func TestProfileFaultsAreNamedOnce(t *testing.T) {
	t.Parallel()
	const path = "/data/vault/database"
	system := func(errno syscall.Errno) error { return &fs.PathError{Op: "write", Path: path, Err: errno} }
	inStore := func(kind, cause error) error { return &databaseError{path, fmt.Errorf("%w (778, %w)", kind, cause)} }
	for name, test := range map[string]struct {
		err    error
		en, fr string
	}{
		"missing":          {&databaseError{path, store.ErrMissing}, "missing", "manque"},
		"damaged":          {&databaseError{path, store.ErrDamaged}, "traboule profile repair", "traboule profile repair"},
		"wrong key":        {&databaseError{path, store.ErrWrongKey}, "traboule profile repair", "traboule profile repair"},
		"newer":            {&databaseError{path, store.ErrNewer}, "newer", "plus récent"},
		"full":             {inStore(store.ErrFull, syscall.ENOSPC), "Make room", "Fais de la place"},
		"quota":            {inStore(store.ErrFull, syscall.EDQUOT), "quota", "quota"},
		"limit":            {inStore(store.ErrFull, syscall.EFBIG), "ulimit", "ulimit"},
		"disk gone":        {inStore(store.ErrFailed, syscall.EIO), "input/output", "répond par une erreur"},
		"closed":           {&databaseError{path, store.ErrClosed}, store.ErrClosed.Error(), "--profile"},
		"full for a key":   {&vault.FileError{Path: path, Err: system(syscall.ENOSPC)}, "Make room", "Fais de la place"},
		"limit for a key":  {&vault.FileError{Path: path, Err: syscall.EFBIG}, "ulimit", "ulimit"},
		"not allowed":      {&vault.FileError{Path: path, Err: system(syscall.EACCES)}, "permission denied", "accès refusé"},
		"of a command":     {fileFault("/data", &fs.PathError{Op: "unlinkat", Path: "vault/database", Err: syscall.EROFS}), "read-only", "ne peut qu’être lu"},
		"no folder":        {&vault.FileError{Path: path, Err: system(syscall.ENOTDIR)}, "not a directory", "n’est pas un dossier"},
		"no such folder":   {&vault.FileError{Path: path, Err: system(syscall.ENOENT)}, "no such file", "introuvable"},
		"another cause":    {&vault.FileError{Path: path, Err: system(syscall.ELOOP)}, syscall.ELOOP.Error(), syscall.ELOOP.Error()},
		"of the whole way": {fileFault("/data", errors.Join(system(syscall.EIO), errors.New("more"))), "input/output", "--profile"},
	} {
		for lang, want := range map[string]string{i18n.English: test.en, i18n.French: test.fr} {
			words, status := vaultWords(i18n.New(lang), test.err)
			if strings.Count(words, path) != 1 || !strings.Contains(words, want) || status != 1 {
				t.Errorf("%s: status %d: %s", name, status, words)
			}
		}
	}
	descriptor := &passphraseError{&secretError{i18n.SecretUnreadable, "", &fs.PathError{Op: "read", Path: "descriptor", Err: syscall.EISDIR}}}
	if words, status := vaultWords(i18n.New(i18n.English), fileFault("/data", descriptor)); status != core.StatusPassphrase || strings.Contains(words, "/data") {
		t.Errorf("a passphrase that cannot be read: status %d: %s", status, words)
	}
	if err := (&databaseError{path, store.ErrMissing}).Error(); err != `"/data/vault/database": it is missing` {
		t.Error(err)
	}
}

// TestAmnesicIsSaidOfAllCommands: what is said where there is no profile, or where it is to stay closed, holds for each command that
// needs one, whether it reads or writes.
func TestAmnesicIsSaidOfAllCommands(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"traboule profile", "traboule history", "traboule otr"} {
		for lang, want := range map[string]string{i18n.English: "leaves the profile closed", i18n.French: "laisse le profil fermé"} {
			if words := usageWords(i18n.New(lang), &usageError{kind: writesAmnesic, place: place}); !strings.Contains(words, want) || !strings.Contains(words, place) {
				t.Errorf("%s: %s", place, words)
			}
		}
	}
	for lang, want := range map[string]string{i18n.English: "keeps nothing", i18n.French: "rien n’y est gardé"} {
		if words, status := vaultWords(i18n.New(lang), vault.ErrNoVault); status != core.StatusUsage || !strings.Contains(words, want) {
			t.Errorf("status %d: %s", status, words)
		}
	}
}

// TestProfileInAFile: a folder that cannot be made is named.
func TestProfileInAFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"plain", "erase", ""} {
		said := profileCommandOf(t, 1, filepath.Join(file, "data"), "", verb, "--yes")
		says(t, said, file, "not a directory", "--profile")
		if strings.Count(said, file) != 1 {
			t.Error(said)
		}
	}
}

// TestProfileDatabaseIsNoFile: the database is named once, whoever finds that it cannot be opened.
func TestProfileDatabaseIsNoFile(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	profileCommandOf(t, 0, data, "", "plain", "--yes")
	database := filepath.Join(data, "vault", "database")
	if err := errors.Join(os.Remove(database), os.Mkdir(database, 0o700)); err != nil {
		t.Fatal(err)
	}
	said := profileCommandOf(t, 1, data, "", "repair")
	if strings.Count(said, database) != 1 {
		t.Error(said)
	}
}
