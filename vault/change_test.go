package vault

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

var errCut = errors.New("power cut")

// cutAt makes the power go before the step with that number.
func cutAt(v *Vault, at int, steps *int) {
	*steps = 0
	v.step = func(string) error {
		*steps++
		if *steps == at {
			return errCut
		}
		return nil
	}
}

func TestVaultChangesPassphraseAndMode(t *testing.T) {
	data, keys := makeVault(t, Encrypted, "chataigne")
	v := take(t, data)
	if err := v.Change(PlainKey, ""); err == nil {
		t.Error("a vault that is not open was changed")
	}
	if _, err := v.Open("chataigne"); err != nil {
		t.Fatal(err)
	}
	for _, to := range []struct {
		mode            Mode
		passphrase, not string
	}{{Encrypted, "marron", "chataigne"}, {PlainKey, "", ""}, {Encrypted, "noisette", "marron"}} {
		if err := v.Change(to.mode, to.passphrase); err != nil {
			t.Fatal(err)
		}
		if mode, err := v.Mode(); mode != to.mode || err != nil {
			t.Errorf("mode %v, %v", mode, err)
		}
		if got, err := v.Open(to.passphrase); err != nil || got != keys {
			t.Errorf("%q: %v", to.passphrase, err)
		}
		if _, err := v.Open(to.not); to.mode == Encrypted && !errors.Is(err, ErrWrongPassphrase) {
			t.Errorf("%q still opens it: %v", to.not, err)
		}
	}
}

func TestVaultChangeLeavesNothingOfTheOldKey(t *testing.T) {
	data, keys := makeVault(t, PlainKey, "")
	old, err := os.Open(path(data, keyFile))
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	v := take(t, data)
	if _, err := v.Open(""); err != nil {
		t.Fatal(err)
	}
	if err := v.Change(Encrypted, "chataigne"); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(old); err != nil || len(text) == 0 || modeOf(text) != NoVault || bytes.Contains(text, sealPlain(keys)[len(plainHeader):]) {
		t.Errorf("what was the key still holds %q, %v", text, err)
	}
	names, err := os.ReadDir(v.Folder())
	if err != nil || len(names) != 2 {
		t.Errorf("%v, %v", names, err)
	}
}

// TestVaultChangeCutOffAnywhere: after each step the vault opens either as before or as it was to be, and another change works.
func TestVaultChangeCutOffAnywhere(t *testing.T) {
	for at := 1; ; at++ {
		data, keys := makeVault(t, Encrypted, "chataigne")
		v := take(t, data)
		if _, err := v.Open("chataigne"); err != nil {
			t.Fatal(err)
		}
		var steps int
		cutAt(v, at, &steps)
		err := v.Change(Encrypted, "marron")
		if steps < at {
			if at < 7 {
				t.Errorf("only %d steps were tried", at)
			}
			return
		}
		if !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		v.Close()
		opened := 0
		for _, passphrase := range []string{"chataigne", "marron"} {
			got, err := opens(t, data, passphrase)
			if err == nil && got == keys {
				opened++
			} else if !errors.Is(err, ErrWrongPassphrase) {
				t.Errorf("cut at %d: %v", at, err)
			}
		}
		if opened != 1 {
			t.Errorf("cut at %d: %d passphrases open it", at, opened)
		}
		if _, err := os.Stat(path(data, freshKeyFile)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("cut at %d: the rest of the change is still there: %v", at, err)
		}
	}
}

// TestVaultCreateCutOffAnywhere: there is a vault that opens, or none, and then one can be made.
func TestVaultCreateCutOffAnywhere(t *testing.T) {
	for at := 1; ; at++ {
		data := filepath.Join(t.TempDir(), "data")
		v := newVault(data)
		v.work = 4
		var steps int
		cutAt(v, at, &steps)
		_, err := v.create(Encrypted, "chataigne")
		if steps < at {
			v.Close()
			return
		}
		if !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		_, err = opens(t, data, "chataigne")
		switch {
		case err == nil:
			continue
		case !errors.Is(err, ErrNoVault):
			t.Errorf("cut at %d: %v", at, err)
		}
		again, err := Create(data, PlainKey, "")
		if err != nil {
			t.Errorf("cut at %d: %v", at, err)
			continue
		}
		again.Close()
	}
}

// TestVaultEraseCutOffAnywhere: once anything is gone the key is, and erasing can go on.
func TestVaultEraseCutOffAnywhere(t *testing.T) {
	for at := 1; ; at++ {
		data, _ := makeVault(t, PlainKey, "")
		for _, name := range []string{"database", "database-wal", "database-shm", "key.new"} {
			if err := os.WriteFile(path(data, name), []byte("noise"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		v := take(t, data)
		var steps int
		cutAt(v, at, &steps)
		err := v.Erase()
		if steps < at {
			if _, statErr := os.Stat(v.Folder()); err != nil || !errors.Is(statErr, os.ErrNotExist) {
				t.Errorf("%v, %v", err, statErr)
			}
			return
		}
		_, keyErr := os.Stat(path(data, keyFile))
		_, databaseErr := os.Stat(path(data, databaseFile))
		if databaseErr != nil && keyErr == nil {
			t.Errorf("cut at %d: the key is there, the database is not", at)
		}
		again, err := Take(data)
		if errors.Is(err, ErrNoVault) {
			continue
		}
		if err != nil {
			t.Errorf("cut at %d: %v", at, err)
			continue
		}
		if err := again.Erase(); err != nil {
			t.Errorf("cut at %d: %v", at, err)
		}
	}
}

func TestVaultErasesTheKeyWhereItIs(t *testing.T) {
	data, _ := makeVault(t, PlainKey, "")
	key, err := os.Open(path(data, keyFile))
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	if err := os.WriteFile(path(data, "notes"), []byte("the user's"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := take(t, data).Erase(); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(key); err != nil || len(text) == 0 || modeOf(text) != NoVault {
		t.Errorf("the key was not overwritten: %q, %v", text, err)
	}
	names, err := os.ReadDir(filepath.Join(data, FolderName))
	if err != nil || len(names) != 1 || names[0].Name() != "notes" {
		t.Errorf("%v, %v", names, err)
	}
}

// TestSealingKeyIsGivenAway has the vault forget the sealing key, and never write a file without it.
func TestSealingKeyIsGivenAway(t *testing.T) {
	data, keys := makeVault(t, Encrypted, "chataigne")
	v := take(t, data)
	if _, err := v.Open("chataigne"); err != nil {
		t.Fatal(err)
	}
	if taken := v.TakeSealing(); taken != keys.Sealing {
		t.Error("another key was given")
	}
	if left := v.Keys(); left.Sealing != [32]byte{} || left.Database != keys.Database {
		t.Error("the sealing key is still there, or the other is not")
	}
	if err := v.Change(Encrypted, "marron"); err == nil {
		t.Error("changed without the sealing key")
	}
	if again, err := v.Open("chataigne"); err != nil || again != keys {
		t.Errorf("opened again: the same %v, %v", again == keys, err)
	}
	if err := v.Change(Encrypted, "marron"); err != nil {
		t.Error(err)
	}
}
