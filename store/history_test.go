package store

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"traboule/im"
)

// bodies gives the texts of messages.
func bodies(messages []im.StoredMessage) (all []string) {
	for _, m := range messages {
		all = append(all, m.Body)
	}
	return all
}

func TestFetchPages(t *testing.T) {
	layers(t, func(t *testing.T, path string) {
		s := start(t, path)
		for _, seq := range []uint64{50, 10, 30, 20, 40} {
			s.keep(record(said(seq, fmt.Sprint(seq))))
		}
		other := said(15, "elsewhere")
		other.Peer = im.MustJID("anne@example.org")
		s.keep(record(other))
		for _, test := range []struct {
			name          string
			before, after uint64
			limit         int
			want          []string
			more          bool
		}{
			{"the last two", 0, 0, 2, []string{"40", "50"}, true},
			{"all", 0, 0, 5, []string{"10", "20", "30", "40", "50"}, false},
			{"no limit", 0, 0, 0, []string{"10", "20", "30", "40", "50"}, false},
			{"before", 40, 0, 2, []string{"20", "30"}, true},
			{"the rest before", 20, 0, 2, []string{"10"}, false},
			{"nothing before", 10, 0, 2, nil, false},
			{"between", 35, 0, 1, []string{"30"}, true},
			{"after", 0, 20, 2, []string{"30", "40"}, true},
			{"the rest after", 0, 40, 2, []string{"50"}, false},
			{"nothing after", 0, 50, 2, nil, false},
			{"after the end", 0, math.MaxUint64, 2, nil, false},
			{"before the end", math.MaxUint64, 0, 1, []string{"50"}, true},
		} {
			got := ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room, Before: test.before, After: test.after, Limit: test.limit})
			if !slices.Equal(bodies(got.Messages), test.want) || got.More != test.more {
				t.Errorf("%s: %q, more %v; want %q, %v", test.name, bodies(got.Messages), got.More, test.want, test.more)
			}
		}
		none := ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: im.MustJID("nobody@example.org")})
		if len(none.Messages) != 0 || none.More {
			t.Errorf("a conversation that is none: %+v", none)
		}
	})
}

func TestMessageIsReplaced(t *testing.T) {
	layers(t, func(t *testing.T, path string) {
		s := start(t, path)
		m := said(10, "premier")
		s.keep(record(m))
		m.State = im.StateReceived
		s.keep(record(m))
		m.Body, m.Edited, m.From = "second", true, "anna"
		s.keep(record(m))
		m.StanzaID, m.Time = "other", m.Time.Add(time.Hour)
		s.keep(record(m))
		got := ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room})
		if len(got.Messages) != 1 || got.Messages[0] != m {
			t.Errorf("got %+v, want %+v", got.Messages, m)
		}
		for text, want := range map[string]int{"premier": 0, "second": 1} {
			if found := ask[im.SearchResult](s, im.SearchHistory{For: s.For(), Text: text}); len(found.Found) != want {
				t.Errorf("%q: %d found, want %d", text, len(found.Found), want)
			}
		}
		if found := ask[im.SearchResult](s, im.SearchHistory{For: s.For(), From: "anne"}); len(found.Found) != 0 {
			t.Errorf("by the old name: %+v", found.Found)
		}
		whole(t, s.Store)
	})
}

// whole checks the database, and that the index has what the messages have and nothing more.
func whole(t *testing.T, s *Store) {
	t.Helper()
	if report, err := s.Check(t.Context()); err != nil {
		t.Errorf("%+v: %v", report, err)
	}
	for what, query := range map[string]string{
		"sender without a message":     "SELECT count(*) FROM sender WHERE id NOT IN (SELECT sender FROM message)",
		"known without a message":      "SELECT count(*) FROM known WHERE message NOT IN (SELECT id FROM message)",
		"conversation without content": "SELECT count(*) FROM conversation WHERE id NOT IN (SELECT conversation FROM message UNION SELECT conversation FROM gap)",
	} {
		s.with(func(d *database) error {
			if n, _, err := d.number(query); n != 0 || err != nil {
				t.Errorf("%s: %d, %v", what, n, err)
			}
			return nil
		})
	}
}

func TestMergeKnowsWhatIsKept(t *testing.T) {
	kept := said(100, "bonjour")
	kept.StanzaID = ""
	kept.OriginID = "o100"
	mine := said(200, "à moi")
	mine.Out, mine.Sender, mine.StanzaID = true, "", ""
	archived := said(300, "connu")
	twice := said(400, "deux fois")
	twice.OriginID, twice.StanzaID = twice.ID, ""
	corrected := mine
	corrected.Seq, corrected.ID, corrected.OriginID, corrected.Body, corrected.Edited = 500, "second", "first", "salut", true
	for _, test := range []struct {
		name   string
		change func(*im.StoredMessage)
		of     im.StoredMessage
		known  bool
	}{
		{"the same", func(*im.StoredMessage) {}, kept, true},
		{"by its id", func(m *im.StoredMessage) { m.OriginID = "" }, kept, true},
		{"by its origin id", func(m *im.StoredMessage) { m.ID = "other" }, kept, true},
		{"by an origin id that is its id", func(m *im.StoredMessage) { m.ID, m.OriginID = "other", m.ID }, twice, true},
		{"by an origin id that it lacks", func(m *im.StoredMessage) { m.ID, m.OriginID = "other", m.ID }, mine, false},
		{"another origin and id", func(m *im.StoredMessage) { m.ID, m.OriginID = "other", "other" }, kept, false},
		{"another sender", func(m *im.StoredMessage) { m.Sender = "o-eve" }, kept, false},
		{"another body", func(m *im.StoredMessage) { m.Body = "bonsoir" }, kept, false},
		{"another conversation", func(m *im.StoredMessage) { m.Peer = im.MustJID("anne@example.org") }, kept, false},
		{"mine by another name", func(m *im.StoredMessage) { m.Sender = "o-hubert" }, mine, true},
		{"not mine", func(m *im.StoredMessage) { m.Out, m.Sender = false, "o-eve" }, mine, false},
		{"by the stanza id alone", func(m *im.StoredMessage) { m.ID, m.Body, m.Sender = "other", "other", "o-eve" }, archived, true},
		{"mine as it was before I corrected it", func(m *im.StoredMessage) { m.ID, m.OriginID, m.Body = "first", "first", "salu" }, corrected, true},
		{"theirs with an id of what they corrected", func(m *im.StoredMessage) { m.Out, m.ID, m.OriginID, m.Body = false, "first", "first", "salu" }, corrected, false},
		{"another with its id and body", func(m *im.StoredMessage) { m.StanzaID = "later" }, archived, false},
		{"no ids", func(m *im.StoredMessage) { m.ID, m.OriginID, m.StanzaID = "", "", "" }, archived, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, "")
			s.keep(record(kept), record(mine), record(archived), record(twice), record(corrected))
			m := test.of
			m.Seq, m.StanzaID = m.Seq+5, cmpString(m.StanzaID, "archive")
			test.change(&m)
			got := ask[im.MergeResult](s, im.MergeHistory{For: s.For(), Messages: []im.StoredMessage{m, m}})
			again := m.ID != "" || m.StanzaID != ""
			if len(got.Merged) != 2 || got.Merged[0].Known != test.known || got.Merged[1].Known != again {
				t.Errorf("merged %v, want known %v, and then %v", got.Merged, test.known, again)
			}
			now := ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: test.of.Peer, After: test.of.Seq - 1, Limit: 1}).Messages
			if want := cmpString(test.of.StanzaID, m.StanzaID); test.known && (len(now) != 1 || now[0].StanzaID != want) {
				t.Errorf("the kept one is now %+v, want the stanza id %q", now, want)
			}
			whole(t, s.Store)
		})
	}
}

// cmpString returns the first of two texts that is not empty.
func cmpString(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// TestMergeOverwritesNothing: a place that is taken is left to who has it, and it is told who has which.
func TestMergeOverwritesNothing(t *testing.T) {
	s := start(t, "")
	s.keep(record(said(10, "a")), record(said(11, "b")))
	m := said(10, "c")
	m.ID, m.StanzaID = "c", "c"
	known := said(11, "b")
	known.Seq = 1
	merged := ask[im.MergeResult](s, im.MergeHistory{For: s.For(), Messages: []im.StoredMessage{m, known}}).Merged
	if want := []im.Merged{{Seq: 12}, {Known: true, Seq: 11}}; !slices.Equal(merged, want) {
		t.Errorf("merged %v, want %v", merged, want)
	}
	got := ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room})
	if want := []string{"a", "b", "c"}; !slices.Equal(bodies(got.Messages), want) {
		t.Errorf("got %q, want %q", bodies(got.Messages), want)
	}
}

// TestMergeLooksForMessages: what has no place is only looked for.
func TestMergeLooksForMessages(t *testing.T) {
	s := start(t, "")
	s.keep(record(said(10, "a")))
	a, b := said(10, "a"), said(11, "b")
	a.Seq, b.Seq = 0, 0
	var before, after int64
	commits := func(of *int64) {
		s.with(func(d *database) error { *of = d.ledger.commits; return nil })
	}
	ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room}) // which waits for the record
	commits(&before)
	merged := ask[im.MergeResult](s, im.MergeHistory{For: s.For(), Messages: []im.StoredMessage{a, b}}).Merged
	if commits(&after); after != before {
		t.Errorf("it was written %d times", after-before)
	}
	if want := []im.Merged{{Known: true, Seq: 10}, {}}; !slices.Equal(merged, want) {
		t.Errorf("merged %v, want %v", merged, want)
	}
	got := ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room})
	if want := []string{"a"}; !slices.Equal(bodies(got.Messages), want) {
		t.Errorf("got %q, want %q", bodies(got.Messages), want)
	}
}

// TestMergeAcrossEras: what is known is found among all that was ever taken in.
func TestMergeAcrossEras(t *testing.T) {
	s := start(t, "")
	s.keep(record(said(1, "a")))
	ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room})
	s.with(func(d *database) error { d.ledger.messages = 5*eraSize - 1; return nil })
	s.keep(record(said(2, "b")), record(said(3, "c")))
	got := ask[im.MergeResult](s, im.MergeHistory{For: s.For(), Messages: []im.StoredMessage{said(4, "d"), said(3, "c"), said(2, "b"), said(1, "a")}})
	if want := []im.Merged{{Seq: 4}, {Known: true, Seq: 3}, {Known: true, Seq: 2}, {Known: true, Seq: 1}}; !slices.Equal(got.Merged, want) {
		t.Errorf("merged %v, want %v", got.Merged, want)
	}
}

func TestForget(t *testing.T) {
	if unraced(t) {
		return
	}
	layers(t, func(t *testing.T, path string) {
		s := start(t, path)
		anne := im.MustJID("anne@example.org")
		for n := range uint64(eraseAtOnce + 20) {
			s.keep(record(said(n+1, "effacé")))
		}
		other := said(5, "resté")
		other.Peer = anne
		s.keep(record(other), im.GapRecord{Kept: im.Kept{Account: hubert}, Peer: room, Gap: im.Gap{Seq: 7, Until: 8}})
		if done := s.done(im.ForgetHistory{For: s.For(), Peer: room}); done.Err != nil {
			t.Fatal(done.Err)
		}
		got := ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room})
		if len(got.Messages) != 0 || len(got.Gaps) != 0 {
			t.Errorf("left: %+v", got)
		}
		if found := ask[im.SearchResult](s, im.SearchHistory{For: s.For(), Text: "effacé"}); len(found.Found) != 0 {
			t.Errorf("found: %+v", found.Found)
		}
		if left := ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: anne}); len(left.Messages) != 1 {
			t.Errorf("of another conversation: %+v", left.Messages)
		}
		whole(t, s.Store)
		if done := s.done(im.ForgetHistory{}); done.Err != nil {
			t.Fatal(done.Err)
		}
		if found := ask[im.SearchResult](s, im.SearchHistory{For: s.For()}); len(found.Found) != 0 {
			t.Errorf("found after all was forgotten: %+v", found.Found)
		}
		whole(t, s.Store)
		s.keep(record(other))
		if found := ask[im.SearchResult](s, im.SearchHistory{For: s.For(), Text: "resté"}); len(found.Found) != 1 {
			t.Errorf("kept after all was forgotten: %+v", found.Found)
		}
		whole(t, s.Store)
	})
}
