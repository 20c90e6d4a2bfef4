package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// TestRunFinishes: what was given before the end is kept, also if the end came at once.
func TestRunFinishes(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	for name, finish := range map[string]func(*Store) error{
		"Run": func(s *Store) error { return s.Run(ended) }, "Finish": (*Store).Finish,
	} {
		path := newPath(t)
		s, err := Open(t.Context(), Options{Path: path, Key: testKey, Events: make(chan im.Event)})
		if err != nil {
			t.Fatal(err)
		}
		const most = 300
		for n := range uint64(most) {
			s.Keep([]im.Record{record(said(n+1, "x"))})
		}
		if err := s.Send(im.FetchHistory{Peer: room}); err != nil {
			t.Fatal(err)
		}
		if err := finish(s); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := s.Send(im.FetchHistory{Peer: room}); err == nil {
			t.Errorf("%s: a closed Store takes a request", name)
		}
		if n := count(t, opened(t, layer{path: path, key: testKey[:]})); n != most {
			t.Errorf("%s: %d messages, want %d", name, n, most)
		}
	}
}

// TestMemoryEndsAtOnce: what waits for a database that ends with the process is not written any more.
func TestMemoryEndsAtOnce(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	s, err := Open(t.Context(), Options{Events: make(chan im.Event)})
	if err != nil {
		t.Fatal(err)
	}
	s.Keep([]im.Record{record(said(1, "x"))})
	if err := s.Run(ended); err != nil {
		t.Fatal(err)
	}
	if s.queue.bytes == 0 {
		t.Error("it was written")
	}
	if err := s.Send(im.FetchHistory{Peer: room}); err == nil {
		t.Error("a closed Store takes a request")
	}
}

// TestFullAndRoom: a Store that is given too much says so, and when it can take more, although nobody takes its events.
func TestFullAndRoom(t *testing.T) {
	s, err := Open(t.Context(), Options{Events: make(chan im.Event)})
	if err != nil {
		t.Fatal(err)
	}
	for _, fill := range []func(){
		func() { s.Keep(make([]im.Record, fullItems)) },
		func() { s.Keep([]im.Record{record(said(1, strings.Repeat("x", fullBytes)))}) },
		func() { s.Keep([]im.Record{im.BookmarksRecord{Bookmarks: make([]im.Bookmark, fullBytes/entrySize)}}) },
		func() {
			s.Keep([]im.Record{im.BookmarksRecord{Removed: []im.Bookmark{{Name: strings.Repeat("x", fullBytes)}}}})
		},
		func() { s.Keep([]im.Record{im.RosterRecord{Items: make([]im.RosterItem, fullBytes/entrySize)}}) },
		func() {
			s.Keep([]im.Record{im.RosterRecord{Items: []im.RosterItem{{Groups: []string{strings.Repeat("x", fullBytes)}}}}})
		},
	} {
		if s.Full() {
			t.Error("full before it is filled")
		}
		fill()
		if !s.Full() {
			t.Error("not full")
		}
		for s.Full() {
			s.queue.take()
		}
		select {
		case <-s.Room():
		default:
			t.Error("no sign of room")
		}
	}
	run := runStore(t, s, nil)
	for n := range uint64(20) {
		s.Keep([]im.Record{record(said(n+1, strings.Repeat("x", fullBytes/4)))})
		s.Send(im.FetchHistory{Peer: room, Limit: 1})
		if s.Full() {
			<-s.Room()
		}
	}
	if err := run.stop(); err != nil {
		t.Error(err)
	}
}

// TestInvalidRecord: one that cannot be kept is told, and takes no other with it.
func TestInvalidRecord(t *testing.T) {
	s := start(t, "")
	s.Keep([]im.Record{record(said(1, "a")), record(said(1<<63, "b")), record(said(2, "c"))})
	if e, ok := (<-s.events).(im.StoreFailed); !ok || e.Err.Code != im.CodeStoreFailed {
		t.Fatalf("got %+v", e)
	}
	got := ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room})
	if len(got.Messages) != 2 {
		t.Errorf("kept %q", bodies(got.Messages))
	}
}

// TestMemoryIsBounded: in memory the oldest go when there is too much.
func TestMemoryIsBounded(t *testing.T) {
	if unraced(t) {
		return
	}
	s, err := Open(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.limit = 1 << 20
	events := make(chan im.Event, 16)
	s.events = events
	r := runStore(t, s, events)
	const most = 4000
	for n := range uint64(most) {
		r.keep(record(said(n+1, strings.Repeat("mots de plus ", 20))))
	}
	got := ask[im.HistoryResult](r, im.FetchHistory{For: r.For(), Peer: room, Limit: maxLimit})
	n := len(got.Messages)
	if n == 0 || n > most/2 || got.Messages[n-1].Seq != most || got.Messages[0].Seq != most+1-uint64(n) {
		t.Errorf("%d left, of which the last is %d", n, got.Messages[max(n-1, 0)].Seq)
	}
	err = s.with(func(d *database) error {
		used, err := d.used()
		if used > s.limit {
			t.Errorf("%d bytes in use", used)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	whole(t, s)
}

// TestMemoryIsUsed: where memory is full of long texts, only the oldest of them go.
func TestMemoryIsUsed(t *testing.T) {
	if unraced(t) {
		return
	}
	s, err := Open(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.limit = 4 << 20
	events := make(chan im.Event, 16)
	s.events = events
	r := runStore(t, s, events)
	const long = 30 << 10
	for n := range uint64(300) {
		r.keep(record(said(n+1, strings.Repeat("mots de plus ", long/13))))
	}
	got := 0
	for _, m := range ask[im.HistoryResult](r, im.FetchHistory{For: r.For(), Peer: room, Limit: maxLimit}).Messages {
		got += len(m.Body)
	}
	if got < int(s.limit)/2 || got > int(s.limit) {
		t.Errorf("%d bytes of text are left of %d", got, s.limit)
	}
	whole(t, s)
}

// TestRetention: each conversation is erased by its own policy, at once when that comes, and what is too old is not taken in.
func TestRetention(t *testing.T) {
	s := start(t, newPath(t))
	anne, zoe := im.MustJID("anne@example.org"), im.MustJID("zoe@example.net")
	old := testTime.AddDate(0, 0, -10)
	seq := uint64(0)
	message := func(peer im.JID, sent time.Time) im.MessageRecord {
		seq++
		m := said(seq, "x")
		m.Peer, m.Time = peer, sent
		return record(m)
	}
	policy := func(account, peer im.JID, mode im.HistoryMode, days int) im.HistoryRecord {
		return im.HistoryRecord{Kept: im.Kept{Account: account}, Peer: peer, Policy: im.HistoryPolicy{Mode: mode, Days: days}}
	}
	for _, peer := range []im.JID{room, anne, zoe} {
		s.keep(message(peer, old), message(peer, testTime))
	}
	bob := im.MustJID("bob@example.org")
	s.keep(message(bob, old), policy(hubert, bob, im.HistoryDays, 1))
	left := func(peer im.JID) int {
		return len(ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: peer}).Messages)
	}
	waitFor(t, func() bool { return left(bob) == 0 })
	s.keep(policy(hubert, zoe, im.HistoryOff, 0), policy(hubert, anne, im.HistoryOn, 0), policy(im.JID{}, im.JID{}, im.HistoryDays, 5))
	waitFor(t, func() bool { return left(room) == 1 })
	if left(anne) != 2 || left(zoe) != 2 {
		t.Errorf("of others %d and %d are left", left(anne), left(zoe))
	}
	s.keep(message(room, old), message(anne, old))
	if left(room) != 1 || left(anne) != 3 {
		t.Errorf("then %d and %d are left", left(room), left(anne))
	}
	merged := message(room, old).Message
	ask[im.MergeResult](s, im.MergeHistory{For: s.For(), Messages: []im.StoredMessage{merged}})
	if left(room) != 1 {
		t.Errorf("after merging %d are left", left(room))
	}
	whole(t, s.Store)
}

// waitFor waits until something is so.
func waitFor(t *testing.T, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
	}
}
