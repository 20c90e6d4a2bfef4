package store

import (
	"bytes"
	"math/rand"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// all is what ForgetHistory forgets without a conversation.
var all = im.JID{}

// talked opens a Store that is not run, in which much was said in the room and something elsewhere.
func talked(t *testing.T, l layer, messages int) *Store {
	t.Helper()
	s := opened(t, l)
	s.now = func() time.Time { return testTime.Add(time.Hour) }
	records := []im.Record{im.GapRecord{Kept: im.Kept{Account: hubert}, Peer: room, Gap: im.Gap{Seq: 7, Until: 8}}}
	for n := range uint64(messages) {
		m := said(n+1, "effacement")
		m.From = "anne" + strconv.Itoa(int(n%7))
		records = append(records, record(m))
	}
	other := said(5, "ailleurs")
	other.Peer = im.MustJID("anne@example.org")
	keepAll(t, s, append(records, record(other))...)
	return s
}

// talkElsewhere says so many things in another conversation.
func talkElsewhere(t *testing.T, s *Store, messages int) {
	t.Helper()
	var records []im.Record
	for n := range uint64(messages) {
		m := said(20_000+n, "ailleurs")
		m.Peer = im.MustJID("anne@example.org")
		records = append(records, record(m))
	}
	keepAll(t, s, records...)
}

func keepAll(t *testing.T, s *Store, records ...im.Record) {
	t.Helper()
	if err := s.with(func(d *database) error { return d.keepAll(records, s.now) }); err != nil {
		t.Fatal(err)
	}
}

func forget(t *testing.T, s *Store, peer im.JID) {
	t.Helper()
	r := im.ForgetHistory{Peer: peer}
	if peer != all {
		r.Account = hubert
	}
	if err := s.with(func(d *database) error { return d.forget(r) }); err != nil {
		t.Fatal(err)
	}
}

// erased does so many pieces of what there is to erase.
func erased(t *testing.T, s *Store, pieces int) {
	t.Helper()
	for range pieces {
		err := s.with(func(d *database) error { _, err := d.erasePiece(s.now()); return err })
		if err != nil {
			t.Fatal(err)
		}
	}
}

// seen lists, in order, what of a Store can be seen in any way.
func seen(t *testing.T, s *Store) (bodies []string) {
	t.Helper()
	found := map[string]int{}
	conversations, err := s.Conversations()
	if err != nil {
		t.Fatal(err)
	}
	known, err := s.Known()
	for i := range conversations {
		if err != nil || len(known) != len(conversations) || known[i] != (Conversation{Account: conversations[i].Account, Peer: conversations[i].Peer}) {
			t.Fatalf("known: %v, %v, want %v", known, err, conversations)
		}
	}
	for _, c := range conversations {
		err := s.Export(t.Context(), c.Account, c.Peer, func(m im.FoundMessage) error {
			bodies = append(bodies, m.Body)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err = s.with(func(d *database) error {
		for _, search := range []im.SearchHistory{{}, {Text: "effacement"}, {Text: "eff"}, {Text: "ailleurs"}, {Text: "encore"}, {From: "anne"}} {
			result, err := d.search(search, s.now())
			if err != nil {
				return err
			}
			for _, m := range result.Found {
				found[m.Body]++
			}
		}
		history, err := d.fetch(im.FetchHistory{For: im.For{Account: hubert}, Peer: room}, s.now())
		for _, m := range history.Messages {
			found[m.Body]++
		}
		if len(history.Gaps) > 0 {
			t.Error("there is a gap")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for body := range found {
		if !slices.Contains(bodies, body) {
			t.Errorf("%q is found, and not listed", body)
		}
	}
	for _, body := range bodies {
		if found[body] == 0 {
			t.Errorf("%q is listed, and not found", body)
		}
	}
	slices.Sort(bodies)
	return bodies
}

// TestForgottenIsNotSeen: what is being erased is seen nowhere, whatever is said meanwhile and whenever the client ends.
func TestForgottenIsNotSeen(t *testing.T) {
	if unraced(t) {
		return
	}
	for name, test := range map[string]struct {
		peer      im.JID
		elsewhere int // so many that the index cannot be spared
		want      []string
	}{
		"a room":                 {room, 1, []string{"ailleurs", "encore"}},
		"a room beside a larger": {room, fewAtOnce + 1, []string{"ailleurs", "encore"}},
		"all":                    {all, 1, []string{"encore"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := layer{path: newPath(t), key: testKey[:]}
			s := talked(t, l, 3*eraseAtOnce)
			talkElsewhere(t, s, test.elsewhere)
			forget(t, s, test.peer)
			keepAll(t, s, record(said(10_000, "encore")))
			for piece, more := 0, true; more; piece++ {
				if piece < 8 {
					if err := s.Close(); err != nil {
						t.Fatal(err)
					}
					s = opened(t, l)
					s.now = func() time.Time { return testTime.Add(time.Hour) }
				}
				if got := slices.Compact(seen(t, s)); !slices.Equal(got, test.want) {
					t.Fatalf("before piece %d: %q", piece, got)
				}
				if report, err := s.Check(t.Context()); err != nil {
					t.Fatalf("before piece %d: %+v, %v", piece, report, err)
				}
				err := s.with(func(d *database) (err error) { more, err = d.erasePiece(s.now()); return err })
				if err != nil {
					t.Fatal(err)
				}
			}
			if got := slices.Compact(seen(t, s)); !slices.Equal(got, test.want) {
				t.Errorf("in the end: %q", got)
			}
			whole(t, s)
		})
	}
}

// TestForgetAgain: what is forgotten while other things are being erased goes too, each in its way.
func TestForgetAgain(t *testing.T) {
	if unraced(t) {
		return
	}
	for _, order := range [][]im.JID{{room, all, all}, {all, room, all}, {room, room, all}, {all, all, room}} {
		for _, pieces := range []int{0, 1, 2, 5} {
			s := talked(t, layer{path: newPath(t), key: testKey[:]}, 2*eraseAtOnce)
			if pieces%2 == 0 {
				talkElsewhere(t, s, fewAtOnce+1)
			}
			for n, peer := range order {
				forget(t, s, peer)
				erased(t, s, pieces)
				for i := range uint64(eraseSingly + 5) {
					keepAll(t, s, record(said(10_000+uint64(n)*1000+i, "effacement")))
				}
			}
			forget(t, s, room)
			forget(t, s, im.MustJID("anne@example.org"))
			eraseAll(t, s)
			if got := seen(t, s); len(got) > 0 {
				t.Errorf("%v, %d pieces: %q", order, pieces, got)
			}
			whole(t, s)
		}
	}
}

// TestIndexCountsMessages: how many messages the index has is known without counting them.
func TestIndexCountsMessages(t *testing.T) {
	s := talked(t, layer{path: newPath(t), key: testKey[:]}, 3*eraseAtOnce)
	talkElsewhere(t, s, fewAtOnce)
	count := func(want int64) {
		t.Helper()
		if n, err := s.db.indexed(); n != want || err != nil {
			t.Errorf("%d messages, %v, want %d", n, err, want)
		}
	}
	count(3*eraseAtOnce + 1 + fewAtOnce)
	forget(t, s, room)
	erased(t, s, 2)
	count(eraseAtOnce + 1 + fewAtOnce)
	eraseAll(t, s)
	count(1 + fewAtOnce)
	forget(t, s, all)
	count(0)
}

// TestForgetLetsOthersThrough: while much is being erased, the Store takes and gives other things.
func TestForgetLetsOthersThrough(t *testing.T) {
	if unraced(t) {
		return
	}
	path := newPath(t)
	talked(t, layer{path: path, key: testKey[:]}, 20*eraseAtOnce).Close()
	s := start(t, path)
	request := im.ForgetHistory{For: s.For(), Peer: room}
	request.ID = 1 << 20
	if err := s.Send(request); err != nil {
		t.Fatal(err)
	}
	through := 0
	for {
		seq := uint64(10_000 + through)
		s.keep(record(said(seq, "encore")))
		fetch := im.FetchHistory{For: s.For(), Peer: room, Limit: 1}
		if err := s.Send(fetch); err != nil {
			t.Fatal(err)
		}
		done := (<-s.events).(im.Done)
		if done.Request == request.ID {
			break
		}
		through++
		if kept := done.Result.(im.HistoryResult).Messages; done.Err != nil || len(kept) != 1 || kept[0].Seq != seq {
			t.Fatalf("got %+v", done)
		}
	}
	if through < 5 {
		t.Errorf("%d requests were answered while so much was erased", through)
	}
	whole(t, s.Store)
}

// TestForgetGoesOn: what was not erased yet when the client ended goes after the next start, and leaves no trace.
func TestForgetGoesOn(t *testing.T) {
	if unraced(t) {
		return
	}
	for peer, elsewhere := range map[im.JID]int{room: fewAtOnce + 1, all: 1} {
		path := newPath(t)
		l := layer{path: path, key: testKey[:], plain: true}
		s := talked(t, l, 3*eraseAtOnce)
		talkElsewhere(t, s, elsewhere)
		forget(t, s, peer)
		erased(t, s, 1)
		s.Close()
		held := func() bool {
			return slices.ContainsFunc(slices.Collect(values(files(t, filepath.Dir(path)))), func(content []byte) bool {
				return bytes.Contains(content, []byte("effacement"))
			})
		}
		if !held() {
			t.Fatal("nothing is left to be erased")
		}
		r := startLayer(t, l)
		waitFor(t, func() bool { return !held() })
		whole(t, r.Store)
	}
}

// TestForgetAtTheEnd: who leaves after asking for it leaves nothing behind.
func TestForgetAtTheEnd(t *testing.T) {
	if unraced(t) {
		return
	}
	path := newPath(t)
	l := layer{path: path, key: testKey[:], plain: true}
	s := talked(t, l, 3*eraseAtOnce)
	if err := s.Send(im.ForgetHistory{For: im.For{Account: hubert}, Peer: room}); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(); err != nil {
		t.Fatal(err)
	}
	for name, content := range files(t, filepath.Dir(path)) {
		if bytes.Contains(content, []byte("effacement")) {
			t.Errorf("%s still holds it", name)
		}
	}
}

// childForgets says much, forgets it, and tells when it is gone, until it is killed.
func childForgets(s *Store, events <-chan im.Event) {
	peers := []im.JID{room, all}
	for id := im.RequestID(1); ; id++ {
		for n := range uint64(1000) {
			s.Keep([]im.Record{record(said(uint64(id)*10_000+n, "effacement"))})
		}
		r := im.ForgetHistory{For: im.For{ID: id}, Peer: peers[id%2]}
		if r.Peer != all {
			r.Account = hubert
		}
		s.Send(r)
		s.Send(im.FetchHistory{For: im.For{Account: hubert, ID: 1 << 20}, Peer: room})
		for done := (<-events).(im.Done); done.Request != id; done = (<-events).(im.Done) {
			tell("forgotten", done.Err)
		}
		tell("gone", nil)
	}
}

// TestForgetKilled: killed anywhere after something was forgotten, nothing of it is there at the next start, and soon nothing on
// the disk.
func TestForgetKilled(t *testing.T) {
	if unraced(t) {
		return
	}
	path := newPath(t)
	random := rand.New(rand.NewSource(time.Now().UnixNano()))
	for n := range 30 {
		command, out := child(t, path, "STORE_TEST_FORGETS=1")
		last, lines := "", random.Intn(4)
		for ; lines >= 0 && out.Scan(); lines-- {
			last = out.Text()
		}
		time.Sleep(time.Duration(random.Intn(20_000)) * time.Microsecond)
		command.Process.Kill()
		for out.Scan() {
			last = out.Text()
		}
		command.Wait()
		if last != "forgotten <nil>" && last != "gone <nil>" {
			t.Fatalf("kill %d: the child says %q", n, last)
		}
		s := opened(t, layer{path: path, key: testKey[:]})
		if got := seen(t, s); last == "forgotten <nil>" && len(got) > 0 {
			t.Errorf("kill %d: after it was forgotten %d messages are there, such as %q", n, len(got), got[0])
		}
		if report, err := s.Check(t.Context()); err != nil {
			t.Errorf("kill %d: %+v, %v", n, report, err)
		}
		eraseAll(t, s)
		whole(t, s)
		s.Close()
	}
}

// TestTooOldIsNotSeen: what is older than it is to be is not shown while it waits for being erased.
func TestTooOldIsNotSeen(t *testing.T) {
	s := talked(t, layer{path: newPath(t), key: testKey[:]}, 10)
	forget(t, s, room)
	old := said(20, "effacement")
	old.Time = testTime.Add(-10 * 24 * time.Hour)
	keepAll(t, s, record(old), record(said(30, "encore")))
	if got := strings.Join(seen(t, s), " "); got != "ailleurs effacement encore" {
		t.Fatalf("before: %s", got)
	}
	keepAll(t, s, im.HistoryRecord{Policy: im.HistoryPolicy{Mode: im.HistoryDays, Days: 5}})
	if got := strings.Join(seen(t, s), " "); got != "ailleurs encore" {
		t.Errorf("then: %s", got)
	}
	eraseAll(t, s)
	if got := strings.Join(seen(t, s), " "); got != "ailleurs encore" {
		t.Errorf("in the end: %s", got)
	}
	whole(t, s)
}
