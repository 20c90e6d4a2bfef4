package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"traboule/core"
	"traboule/im"
	"traboule/store"
	"traboule/vault"
)

// TestAmnesiaIsToldWithItsReason: that there is no profile, or the flag that leaves it closed.
func TestAmnesiaIsToldWithItsReason(t *testing.T) {
	t.Parallel()
	for asked, want := range map[bool]string{true: "--amnesic", false: ""} {
		s := keySession(t.TempDir())
		s.options.amnesic = asked
		if o := s.coreOptions(); !o.Unkept || o.Amnesic != want {
			t.Errorf("asked for %v: told %v, because of %q", asked, o.Unkept, o.Amnesic)
		}
	}
}

// TestPlainKeyIsToldAsOne, also once its file cannot be read any more: nobody must be told of a passphrase that there is not.
func TestPlainKeyIsToldAsOne(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	profileCommandOf(t, 0, data, "", "plain", "--yes")
	s := keySession(data, "ana@localhost")
	s.options.line, s.options.passphraseFD, s.accounts[0].password = true, -1, &secret{}
	if err := s.openProfile(t.Context(), func(string) string { return "" }); err != nil {
		t.Fatal(err)
	}
	defer s.closeProfile()
	if err := os.Remove(filepath.Join(data, "vault", "key")); err != nil {
		t.Fatal(err)
	}
	if is := s.storage(); is != core.StoragePlain {
		t.Errorf("told as %d", is)
	}
}

// TestLossAtTheEndIsTold: what could not be written is told also where a signal has cut the goodbye short.
func TestLossAtTheEndIsTold(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{nil, context.Canceled} {
		v, err := vault.Create(t.TempDir(), vault.PlainKey, "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { v.Close() })
		db, err := store.Open(t.Context(), store.Options{Path: v.Database(), Key: v.Keys().Database})
		if err != nil {
			t.Fatal(err)
		}
		db.Keep([]im.Record{im.HistoryRecord{Policy: im.HistoryPolicy{Mode: im.HistoryOn}}})
		if err := db.Close(); err != nil { // now it takes nothing any more
			t.Fatal(err)
		}
		s := &session{vault: v, store: db}
		_, err = s.runStore(t.Context(), func(context.Context) (int, error) { return 0, cause })
		var lost *databaseError
		if !errors.As(err, &lost) || lost.path != v.Database() || !errors.Is(err, store.ErrClosed) {
			t.Errorf("ended by %v: %v, want that the database lost something", cause, err)
		}
	}
}
