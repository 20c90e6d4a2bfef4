package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
)

// TestKeyFileIsOfAge: without the client, the passphrase and age are enough to get at the keys.
func TestKeyFileIsOfAge(t *testing.T) {
	data, keys := makeVault(t, Encrypted, "chataigne")
	text, err := os.ReadFile(path(data, keyFile))
	if err != nil {
		t.Fatal(err)
	}
	identity, err := age.NewScryptIdentity("chataigne")
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(text), identity)
	if err != nil {
		t.Fatal(err)
	}
	if secret, err := io.ReadAll(r); err != nil || !bytes.Equal(secret, keys.bytes()) {
		t.Errorf("%d bytes, %v", len(secret), err)
	}
}

func TestVaultPassphraseCostsWork(t *testing.T) {
	v, err := Create(t.TempDir(), Encrypted, "chataigne")
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	text, err := os.ReadFile(filepath.Join(v.Folder(), keyFile))
	if err != nil || !bytes.Contains(text, fmt.Appendf(nil, " %d\n", workFactor)) || workFactor < 18 {
		t.Errorf("%.80q, %v", text, err)
	}
}

func TestKeyFileWithAbsurdWorkIsRefused(t *testing.T) {
	data, _ := makeVault(t, Encrypted, "chataigne")
	text, err := os.ReadFile(path(data, keyFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, work := range []string{"21", "30", "62", "999999999999999999999", "0", "-1"} {
		forged := bytes.Replace(text, []byte(" 4\n"), []byte(" "+work+"\n"), 1)
		if err := os.WriteFile(path(data, keyFile), forged, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := opens(t, data, "chataigne"); !errors.Is(err, ErrKeyDamaged) {
			t.Errorf("work %s: %v", work, err)
		}
	}
}

func TestKeyFileDamagedAnywhere(t *testing.T) {
	for _, mode := range []Mode{Encrypted, PlainKey} {
		data, _ := makeVault(t, mode, map[Mode]string{Encrypted: "chataigne"}[mode])
		whole, err := os.ReadFile(path(data, keyFile))
		if err != nil {
			t.Fatal(err)
		}
		damaged := map[string][]byte{"longer": append(slices.Clone(whole), 'x'), "huge": append(slices.Clone(whole), make([]byte, maxKeyFile)...)}
		for i := range whole {
			damaged[fmt.Sprintf("cut at %d", i)] = whole[:i]
			for _, bit := range []byte{1, 0x20, 0x80} {
				flipped := slices.Clone(whole)
				flipped[i] ^= bit
				damaged[fmt.Sprintf("bit %#x of byte %d", bit, i)] = flipped
			}
		}
		for how, text := range damaged {
			if err := os.WriteFile(path(data, keyFile), text, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := opens(t, data, "chataigne")
			// A bit of what the passphrase is mixed with cannot be told from a wrong passphrase.
			if !errors.Is(err, ErrKeyDamaged) && !(mode == Encrypted && errors.Is(err, ErrWrongPassphrase)) {
				t.Errorf("mode %d, %s: %v", mode, how, err)
			}
		}
	}
}

// TestPassphraseGivesItsMemoryBack has the runtime hold nothing afterwards of the 32 MiB that this one takes.
func TestPassphraseGivesItsMemoryBack(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	v := newVault(data)
	v.work = 15
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"create", func() error { _, err := v.create(Encrypted, "châtaigne"); return errors.Join(err, v.Close()) }},
		{"open", func() error { _, err := opens(t, data, "châtaigne"); return err }},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		held := []metrics.Sample{{Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(held)
		for _, s := range held {
			if s.Value.Uint64() > 16<<20 {
				t.Errorf("%s: %d bytes are held: %s", step.name, s.Value.Uint64(), s.Name)
			}
		}
	}
}

func TestKeysPrintAsNothing(t *testing.T) {
	k := newKeys()
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if said := fmt.Sprintf(format, k); strings.Trim(said, `"`) != "keys" {
			t.Errorf("%s: %s", format, said)
		}
	}
}
