package store

import (
	"testing"
	"time"

	"traboule/im"
)

// TestErasedDoesNotComeBack: what was erased on request is not kept again, whether it comes late, out of an archive, as a change of
// a line that is still shown, or after a kill; what is said later is.
func TestErasedDoesNotComeBack(t *testing.T) {
	anne := im.MustJID("anne@example.org")
	const before = 100
	at := said(before, "").Time
	for name, forget := range map[string]im.ForgetHistory{
		"one": {For: im.For{Account: hubert}, Peer: room, Before: before, At: at}, "all": {Before: before, At: at},
	} {
		layers(t, func(t *testing.T, path string) {
			s := start(t, path)
			old := said(10, "effacé")
			s.keep(record(old))
			if done := s.done(forget); done.Err != nil {
				t.Fatal(done.Err)
			}
			if path != "" {
				s = reread(s, path)
			}
			old.State = im.StateReceived
			gap := im.GapRecord{Kept: im.Kept{Account: hubert}, Peer: room, Gap: im.Gap{Seq: 7, Until: 99}}
			closed := gap
			closed.Closed = true
			history := said(200, "dans l'historique du salon")
			history.Archived, history.Time = true, at.Add(-time.Second)
			unread := im.UnreadRecord{Kept: im.Kept{Account: hubert}, Peer: room, Seq: 11}
			s.keep(record(old), unread, record(said(11, "en retard")), record(history), gap, closed)
			archived := im.MergeHistory{For: s.For(), Messages: []im.StoredMessage{old, said(99, "archivé")}}
			if got := ask[im.MergeResult](s, archived); got.Merged[0].Known || got.Merged[1].Known {
				t.Errorf("%s: merged %v", name, got.Merged)
			}
			if n := count(t, s.Store); n != 0 {
				t.Errorf("%s: %d messages are kept again", name, n)
			}
			whole(t, s.Store) // nor is it kept with whom they were
			s.with(func(d *database) error {
				if n, _, err := d.number("SELECT count(*) FROM unread"); n != 0 || err != nil {
					t.Errorf("%s: of whom nothing is kept, it is kept that they were not read: %v", name, err)
				}
				return nil
			})
			if last := s.Profile().LastSeq; path != "" && last < before {
				t.Errorf("%s: what comes next would lie at %d", name, last)
			}
			other := said(12, "resté")
			other.Peer = anne
			history = said(before+1, "dans l'archive, après")
			history.Archived = true
			s.keep(record(said(before, "après")), record(history), record(other))
			ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room}) // which waits for the records
			want := map[string]int{"one": 3, "all": 2}[name]
			if n := count(t, s.Store); n != want {
				t.Errorf("%s: %d messages, want %d", name, n, want)
			}
		})
	}
}
