package store

import (
	"testing"
	"time"

	"traboule/im"
)

// eraseAll erases all that there is to erase, and returns how long the longest piece of it took.
func eraseAll(t testing.TB, s *Store) (longest time.Duration) {
	t.Helper()
	for more := true; more; {
		began := time.Now()
		if err := s.with(func(d *database) (err error) { more, err = d.erasePiece(s.now()); return err }); err != nil {
			t.Fatal(err)
		}
		longest = max(longest, time.Since(began))
	}
	return longest
}

// TestEraseOfNothing: where a message is not there, no other goes in its place.
func TestEraseOfNothing(t *testing.T) {
	layers(t, func(t *testing.T, path string) {
		s := start(t, path)
		erase := func(ids ...int64) {
			t.Helper()
			if err := s.with(func(d *database) error { return d.transact(func() error { return d.erase(ids...) }) }); err != nil {
				t.Errorf("erase %d: %v", ids, err)
			}
		}
		erase(0, 12345) // there is no message at all
		first := said(1, "premier")
		first.Time = time.Unix(0, 0).UTC() // its id is 0
		s.keep(record(first), record(said(2, "second")))
		ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room})
		erase(12345, 67890)
		for _, word := range []string{"premier", "second"} {
			if found := ask[im.SearchResult](s, im.SearchHistory{For: s.For(), Text: word}); len(found.Found) != 1 {
				t.Errorf("%q: %d found", word, len(found.Found))
			}
		}
		whole(t, s.Store)
	})
}

// TestEraseWithoutSender: a message is erased also where nothing tells any more who sent it.
func TestEraseWithoutSender(t *testing.T) {
	s := start(t, newPath(t))
	s.keep(record(said(1, "orphelin")))
	ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room})
	if err := s.with(func(d *database) error { return d.exec("DELETE FROM sender") }); err != nil {
		t.Fatal(err)
	}
	if done := s.done(im.ForgetHistory{For: s.For(), Peer: room}); done.Err != nil {
		t.Fatal(done.Err)
	}
	whole(t, s.Store)
}

// TestUnreadGoesWithItsConversation: who is forgotten is not to be found as somebody whose messages were not read.
func TestUnreadGoesWithItsConversation(t *testing.T) {
	path := newPath(t)
	s := start(t, path)
	kept, anne := im.Kept{Account: hubert}, im.MustJID("anne@example.org")
	other := said(2, "autre")
	other.Peer = anne
	s.keep(record(said(1, "salut")), record(other), im.UnreadRecord{Kept: kept, Peer: room, Room: true, Seq: 1}, im.UnreadRecord{Kept: kept, Peer: anne, Seq: 2})
	if done := s.done(im.ForgetHistory{For: s.For(), Peer: room}); done.Err != nil {
		t.Fatal(done.Err)
	}
	s = reread(s, path)
	if got := s.Profile().Unread; len(got) != 1 || got[0].Peer != anne {
		t.Errorf("after one was forgotten: %v", got)
	}
	if done := s.done(im.ForgetHistory{}); done.Err != nil {
		t.Fatal(done.Err)
	}
	if got := reread(s, path).Profile().Unread; len(got) != 0 {
		t.Errorf("after all were: %v", got)
	}
}
