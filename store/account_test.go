package store

import (
	"testing"

	"traboule/im"
)

// TestLastAccount: only the last one is kept, and it is there at the next start.
func TestLastAccount(t *testing.T) {
	path := newPath(t)
	s := opened(t, layer{path: path, key: testKey[:]})
	if last, found, err := s.LastAccount(); found || err != nil {
		t.Errorf("a new profile has %v, %v", last, err)
	}
	anne := im.MustJID("anne@example.org")
	for _, account := range []im.JID{hubert, anne, anne} {
		if err := s.SetLastAccount(account); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = opened(t, layer{path: path, key: testKey[:]})
	if last, found, err := s.LastAccount(); last != anne || !found || err != nil {
		t.Errorf("kept is %v, %v, %v", last, found, err)
	}
	if n, _, err := s.db.number("SELECT count(*) FROM last_account"); n != 1 || err != nil {
		t.Errorf("%d accounts are kept, %v", n, err)
	}
}
