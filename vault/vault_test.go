package vault

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// makeVault makes a vault whose passphrases cost little, and gives it free.
func makeVault(t *testing.T, mode Mode, passphrase string) (data string, keys Keys) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "data")
	v := newVault(data)
	v.work = 4
	if _, err := v.create(mode, passphrase); err != nil {
		t.Fatal(err)
	}
	keys = v.Keys()
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	return data, keys
}

func take(t *testing.T, data string) *Vault {
	t.Helper()
	v, err := Take(data)
	if err != nil {
		t.Fatal(err)
	}
	v.work = 4
	t.Cleanup(func() { v.Close() })
	return v
}

func path(data, name string) string { return filepath.Join(data, FolderName, name) }

// opens reports what comes of opening a vault anew.
func opens(t *testing.T, data, passphrase string) (Keys, error) {
	t.Helper()
	v, err := Take(data)
	if err != nil {
		return Keys{}, err
	}
	defer v.Close()
	return v.Open(passphrase)
}

func TestVaultOpensWithItsPassphrase(t *testing.T) {
	data, keys := makeVault(t, Encrypted, "chataigne")
	if keys.Database == keys.Sealing || keys.Database == [32]byte{} {
		t.Error("the keys are no keys")
	}
	if mode, err := Look(data); mode != Encrypted || err != nil {
		t.Errorf("mode %v, %v", mode, err)
	}
	for _, wrong := range []string{"", "chataign", "chataigne ", "Chataigne"} {
		if got, err := opens(t, data, wrong); !errors.Is(err, ErrWrongPassphrase) || got != (Keys{}) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if got, err := opens(t, data, "chataigne"); err != nil || got != keys {
		t.Errorf("not the same keys: %v", err)
	}
}

func TestVaultWithPlainKeySaysWhatItIs(t *testing.T) {
	data, keys := makeVault(t, PlainKey, "")
	if mode, err := Look(data); mode != PlainKey || err != nil {
		t.Errorf("mode %v, %v", mode, err)
	}
	if got, err := opens(t, data, ""); err != nil || got != keys {
		t.Errorf("not the same keys: %v", err)
	}
	text, err := os.ReadFile(path(data, keyFile))
	if err != nil || !strings.Contains(string(text), "without a passphrase") || !strings.Contains(string(text), "sans phrase secrète") {
		t.Errorf("%q, %v", text, err)
	}
}

func TestVaultWithoutItsKey(t *testing.T) {
	data, _ := makeVault(t, Encrypted, "chataigne")
	if err := os.WriteFile(path(data, databaseFile), []byte("noise"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path(data, keyFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Look(data); !errors.Is(err, ErrKeyMissing) {
		t.Error(err)
	}
	if _, err := opens(t, data, "chataigne"); !errors.Is(err, ErrKeyMissing) {
		t.Error(err)
	}
	if _, err := Create(data, PlainKey, ""); !errors.Is(err, ErrKeyMissing) {
		t.Errorf("a new key was made for a database that it does not open: %v", err)
	}
	if err := take(t, data).Erase(); err != nil {
		t.Error(err)
	}
	if mode, err := Look(data); mode != NoVault || err != nil {
		t.Error(mode, err)
	}
}

func TestVaultThatIsNotThere(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if mode, err := Look(data); mode != NoVault || err != nil {
		t.Error(mode, err)
	}
	if _, err := Take(data); !errors.Is(err, ErrNoVault) {
		t.Error(err)
	}
	if _, err := os.Stat(data); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("looking has made the folder: %v", err)
	}
	// What is left of one that was never finished, or is as good as erased, is none.
	if err := os.MkdirAll(filepath.Join(data, FolderName), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Take(data); !errors.Is(err, ErrNoVault) {
		t.Error(err)
	}
	if names, err := os.ReadDir(filepath.Join(data, FolderName)); len(names) > 0 || err != nil {
		t.Errorf("looking has made files: %v, %v", names, err)
	}
}

func TestVaultIsMadeOnce(t *testing.T) {
	data, keys := makeVault(t, PlainKey, "")
	if _, err := Create(data, PlainKey, ""); !errors.Is(err, ErrVaultThere) {
		t.Error(err)
	}
	if got, err := opens(t, data, ""); err != nil || got != keys {
		t.Error(err)
	}
	if _, err := Create(t.TempDir(), Encrypted, ""); !errors.Is(err, ErrNoPassphrase) {
		t.Error(err)
	}
}

func TestVaultIsForTheUserAlone(t *testing.T) {
	data, _ := makeVault(t, Encrypted, "chataigne")
	for name, mode := range map[string]os.FileMode{".": 0o700, keyFile: 0o600, lockFile: 0o600} {
		info, err := os.Stat(path(data, name))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	for name, right := range map[string]os.FileMode{".": 0o700, keyFile: 0o600} {
		for _, others := range []os.FileMode{0o040, 0o020, 0o004, 0o002} {
			if err := os.Chmod(path(data, name), right|others); err != nil {
				t.Fatal(err)
			}
			if _, err := opens(t, data, "chataigne"); !errors.Is(err, ErrUnsafe) || !strings.Contains(err.Error(), filepath.Join(FolderName, strings.TrimPrefix(name, "."))) {
				t.Errorf("%s %o: %v", name, right|others, err)
			}
		}
		if err := os.Chmod(path(data, name), right); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path(data, name))
		if err != nil || private(info, os.Geteuid()+1) || !private(info, os.Geteuid()) {
			t.Errorf("%s: the owner is not looked at", name)
		}
	}
}

func TestVaultFollowsNoLinks(t *testing.T) {
	for _, name := range []string{".", keyFile, lockFile} {
		data, _ := makeVault(t, Encrypted, "chataigne")
		from := strings.TrimSuffix(path(data, name), "/.")
		elsewhere := filepath.Join(t.TempDir(), "elsewhere")
		if err := os.Rename(from, elsewhere); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(elsewhere, from); err != nil {
			t.Fatal(err)
		}
		if _, err := opens(t, data, "chataigne"); !errors.Is(err, ErrUnsafe) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVaultErasesNoLinkedFile(t *testing.T) {
	data, _ := makeVault(t, PlainKey, "")
	other := filepath.Join(t.TempDir(), "other")
	if err := os.WriteFile(other, []byte("somebody else's"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{freshKeyFile, databaseFile} {
		if err := os.Symlink(other, path(data, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := take(t, data).Erase(); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(other); string(text) != "somebody else's" {
		t.Errorf("%q, %v", text, err)
	}
}

// TestVaultThatOthersMayUseIsErased: who wants it gone does not have to repair it first, nor to clear away what is in it.
func TestVaultThatOthersMayUseIsErased(t *testing.T) {
	data, _ := makeVault(t, PlainKey, "")
	if err := os.Chmod(path(data, "."), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path(data, keyFile), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path(data, databaseFile+"-a"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path(data, databaseFile+"-b"), []byte("noise"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Take(data); !errors.Is(err, ErrUnsafe) {
		t.Error(err)
	}
	v, err := Seize(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Erase(); err == nil {
		t.Error("it is not told that something stays")
	}
	left, err := os.ReadDir(path(data, "."))
	if err != nil || len(left) != 1 || left[0].Name() != databaseFile+"-a" {
		t.Errorf("%v is left: %v", left, err)
	}
	if _, err := Seize(t.TempDir()); !errors.Is(err, ErrNoVault) {
		t.Error(err)
	}
}

func TestVaultIsUsedByOne(t *testing.T) {
	data, _ := makeVault(t, PlainKey, "")
	first := take(t, data)
	if _, err := Take(data); !errors.Is(err, ErrInUse) {
		t.Error(err)
	}
	if _, err := Create(data, PlainKey, ""); !errors.Is(err, ErrInUse) {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := opens(t, data, ""); err != nil {
		t.Error(err)
	}
}

// TestVaultIsFreeAtOnce closes a vault while somebody else still has its descriptors, as a program has that is just being started.
func TestVaultIsFreeAtOnce(t *testing.T) {
	data, _ := makeVault(t, PlainKey, "")
	v := take(t, data)
	inherited, err := unix.Dup(int(v.lock.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(inherited)
	if err := v.Close(); err != nil {
		t.Error(err)
	}
	if _, err := opens(t, data, ""); err != nil {
		t.Error(err)
	}
}

// TestVaultIsUsedByOneProcess locks in another process, and sees the lock go when that is killed.
func TestVaultIsUsedByOneProcess(t *testing.T) {
	if data := os.Getenv("VAULT_OF_TEST"); data != "" {
		if _, err := Take(data); err != nil {
			t.Fatal(err)
		}
		fmt.Println("taken")
		io.Copy(io.Discard, os.Stdin)
		return
	}
	data, _ := makeVault(t, PlainKey, "")
	other := exec.Command(os.Args[0], "-test.run=^TestVaultIsUsedByOneProcess$")
	other.Env = append(os.Environ(), "VAULT_OF_TEST="+data)
	stdin, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 5)
	if _, err := io.ReadFull(out, said); err != nil || string(said) != "taken" {
		t.Fatalf("%q, %v", said, err)
	}
	if _, err := Take(data); !errors.Is(err, ErrInUse) {
		t.Error(err)
	}
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	other.Wait()
	if _, err := opens(t, data, ""); err != nil {
		t.Errorf("after the other was killed: %v", err)
	}
}
