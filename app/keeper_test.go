package app

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"traboule/core"
	"traboule/im"
)

// shelf is a keeper whose room is in the test's hands.
type shelf struct {
	kept  []im.Record
	asked []im.Request
	room  chan struct{} // closed when there is room; nil if there always is
}

func (s *shelf) Keep(records []im.Record) { s.kept = append(s.kept, records...) }
func (s *shelf) Send(r im.Request) error  { s.asked = append(s.asked, r); return nil }

// Full is so until there is room.
func (s *shelf) Full() bool {
	select {
	case <-s.room:
		return false
	default:
		return s.room != nil
	}
}

// Room tells when there is.
func (s *shelf) Room() <-chan struct{} { return s.room }

func (s *shelf) told(jid im.JID) (found bool) {
	return slices.ContainsFunc(s.kept, func(r im.Record) bool { _, is := r.(im.MechanismRecord); return is && r.Of() == jid })
}

// newShelf runs a loop with a keeper.
func newShelf(t *testing.T, room chan struct{}) (*stage, *shelf, chan im.Event) {
	kept, stored := &shelf{room: room}, make(chan im.Event)
	s := newStageWith(t, Config{Keeper: kept, Stored: stored})
	return s, kept, stored
}

func mechanism(account im.JID) im.Event {
	return im.MechanismOffered{On: im.On{Account: account}, Mechanism: "SCRAM-SHA-256"}
}

func TestRecordsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, kept, _ := newShelf(t, nil)
		s.wire.events <- mechanism(s.account)
		synctest.Wait()
		if !kept.told(s.account) {
			t.Errorf("kept %v", kept.kept)
		}
	})
}

// TestIntakeWaitsForTheKeeper: what would have to be kept waits on the wire, and what the keeper itself tells does not.
func TestIntakeWaitsForTheKeeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := make(chan struct{})
		s, kept, stored := newShelf(t, room)
		s.wire.events <- mechanism(s.account)
		synctest.Wait()
		if kept.told(s.account) {
			t.Error("an event was taken in with no room for what it leads to")
		}
		for taken := 0; ; taken++ {
			select {
			case s.commands <- core.Help{}:
				continue
			case <-time.After(time.Second):
			}
			if taken != maxLate {
				t.Errorf("%d commands are taken in with no room for what they lead to", taken)
			}
			break
		}
		select {
		case stored <- im.StoreFailed{Err: im.Failure{Code: im.CodeStoreFull}}:
		case <-time.After(time.Second):
			t.Error("the keeper is not listened to while it has no room: neither would ever go on")
		}
		close(room)
		synctest.Wait()
		if !kept.told(s.account) {
			t.Error("the event was lost")
		}
	})
}

// TestFloodedClientEndsAtOnce: whoever is sent more than can be kept, or shown, ends the client all the same.
func TestFloodedClientEndsAtOnce(t *testing.T) {
	for name, room := range map[string]bool{"nothing can be kept": false, "nothing is shown": true} {
		synctest.Test(t, func(t *testing.T) {
			var full chan struct{}
			if !room {
				full = make(chan struct{})
			}
			s, _, _ := newShelf(t, full)
			for s.offer(s.message(strings.Repeat("x", 60_000))) {
			}
			select {
			case s.commands <- core.Panic{}:
			case <-time.After(time.Second):
				t.Fatalf("%s: the command waits", name)
			}
			select {
			case <-s.ended:
			case <-time.After(time.Second):
				t.Errorf("%s: the loop goes on", name)
			}
		})
	}
}

func TestRequestsAboutWhatIsKept(t *testing.T) {
	account := im.MustJID("ana@example.org")
	fetch := im.FetchHistory{For: im.For{Account: account, ID: 7}}
	kept := &shelf{}
	l := &loop{Config: Config{Keeper: kept, Clients: map[im.JID]Client{account: &wire{}}}}
	if failure := l.send(fetch); failure != nil || len(kept.asked) != 1 {
		t.Errorf("%v, %v", failure, kept.asked)
	}
	l.Keeper = nil
	if failure := l.send(fetch); failure == nil {
		t.Error("a request that nobody answers was taken")
	}
}
