package otr

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"traboule/im"
)

// list has the child list a file.
func (s *side) list(path string) (keys []StoredKey, err error) {
	s.t.Helper()
	file, err := os.Open(path)
	if err != nil {
		s.t.Fatal(err)
	}
	s.pending++
	s.engine.ListKeys(file, func(k []StoredKey, e error) { s.pending--; keys, err = k, e })
	s.wait()
	return keys, err
}

// TestListKeys: names of all sorts are listed as they were saved, with the fingerprints of the keys.
func TestListKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otr.private_key")
	var want []StoredKey
	for _, name := range oddNames() {
		s := bare(t, im.MustJID("hubert@example.org"))
		as := KeyName{name, "prpl-jabber"}
		key, err := s.save(as, path)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, StoredKey{as, key.Fingerprint})
	}
	s := bare(t, im.MustJID("hubert@example.org"))
	if keys, err := s.list(path); err != nil || !reflect.DeepEqual(keys, want) {
		t.Errorf("%+v, %v; want %+v", keys, err, want)
	}
	if err := os.WriteFile(path, []byte("(privkeys (account"), 0o600); err != nil {
		t.Fatal(err)
	}
	if keys, err := s.list(path); !errors.Is(err, ErrBadKeyFile) || keys != nil {
		t.Errorf("a file cut short: %+v, %v", keys, err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if keys, err := s.list(path); err != nil || keys != nil {
		t.Errorf("an empty file: %+v, %v", keys, err)
	}
}
