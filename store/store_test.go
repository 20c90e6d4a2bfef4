package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"traboule/im"
)

var (
	hubert   = im.MustJID("hubert@example.org")
	room     = im.MustJID("grenoble@conference.example.org")
	testKey  = [32]byte{1, 2, 3}
	testTime = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
)

// TestMain runs a child of the tests, or the tests and then takes away what they have in common.
func TestMain(m *testing.M) {
	if child := os.Getenv("STORE_TEST_CHILD"); child != "" {
		os.Exit(runChild(child))
	}
	status := m.Run()
	plainProgram.remove()
	if history.folder != "" {
		os.RemoveAll(history.folder)
	}
	os.Exit(status)
}

// running is a Store whose Run runs.
type running struct {
	*Store
	t      *testing.T
	events chan im.Event
	number im.RequestID
	stop   func() error
}

// start opens a Store with a clock that stands still, and runs it until the test ends.
func start(t *testing.T, path string) *running {
	t.Helper()
	return startLayer(t, layer{path: path, key: testKey[:]})
}

func startLayer(t *testing.T, l layer) *running {
	t.Helper()
	events := make(chan im.Event, 16)
	s, err := open(t.Context(), Options{Events: events}, l)
	if err != nil {
		t.Fatal(err)
	}
	return runStore(t, s, events)
}

func runStore(t *testing.T, s *Store, events chan im.Event) *running {
	s.now = func() time.Time { return testTime.Add(time.Hour) }
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	r := &running{Store: s, t: t, events: events}
	var err error
	stopped := false
	r.stop = func() error {
		if !stopped {
			cancel()
			err, stopped = <-ended, true
		}
		return err
	}
	t.Cleanup(func() { r.stop() })
	return r
}

// keep gives records to the Store.
func (r *running) keep(records ...im.Record) { r.Keep(records) }

// ask sends a request and returns the result.
func ask[R im.Result](r *running, request im.Request) R {
	r.t.Helper()
	done := r.done(request)
	if done.Err != nil {
		r.t.Fatalf("%T: %v", request, done.Err)
	}
	result, ok := done.Result.(R)
	if !ok {
		r.t.Fatalf("%T: got %T", request, done.Result)
	}
	return result
}

func (r *running) done(request im.Request) im.Done {
	r.t.Helper()
	if err := r.Send(request); err != nil {
		r.t.Fatal(err)
	}
	for {
		select {
		case e := <-r.events:
			done, ok := e.(im.Done)
			if !ok {
				r.t.Fatalf("got %#v", e)
			}
			if done.Request == request.Number() {
				return done
			}
		case <-time.After(20 * time.Second):
			r.t.Fatalf("%T: no answer", request)
		}
	}
}

// For returns the next request's header for the test account.
func (r *running) For() im.For {
	r.number++
	return im.For{Account: hubert, ID: r.number}
}

// said is a message in the room at a place; the time goes with it.
func said(seq uint64, body string) im.StoredMessage {
	return im.StoredMessage{
		Peer: room, Kind: im.Groupchat, Seq: seq, Time: testTime.Add(time.Duration(seq) * time.Second),
		From: "anne", Sender: "o-anne", ID: fmt.Sprintf("m%d", seq), StanzaID: fmt.Sprintf("s%d", seq), Body: body,
	}
}

func record(m im.StoredMessage) im.MessageRecord {
	return im.MessageRecord{Kept: im.Kept{Account: hubert}, Message: m}
}

// newPath is the path of a database that is not there; in memory where the system has files there, for tests wait for the
// disk all the time.
func newPath(t testing.TB) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "traboule-store")
	if err != nil {
		return filepath.Join(t.TempDir(), "profile")
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return filepath.Join(folder, "profile")
}

// layers calls a test for a Store in memory and for one in a file.
func layers(t *testing.T, test func(t *testing.T, path string)) {
	t.Run("memory", func(t *testing.T) { test(t, "") })
	t.Run("file", func(t *testing.T) { test(t, newPath(t)) })
}

func TestHistoryIsKept(t *testing.T) {
	layers(t, func(t *testing.T, path string) {
		s := start(t, path)
		whole := im.StoredMessage{
			Peer: room, Kind: im.Groupchat, Seq: 7, Time: testTime, Out: true, From: "hubert", JID: hubert, Sender: "o-1",
			ID: "m", OriginID: "o", StanzaID: "s", Body: "à demain", Action: true, Mention: true, Edited: true, Delayed: true,
			Archived: true, State: im.StateRead, Encryption: im.OTR, Trust: im.Verified, Warning: im.WarnNotEncrypted,
		}
		s.keep(record(whole))
		got := ask[im.HistoryResult](s, im.FetchHistory{For: s.For(), Peer: room})
		if want := []im.StoredMessage{whole}; !reflect.DeepEqual(got.Messages, want) {
			t.Errorf("got  %+v\nwant %+v", got.Messages, want)
		}
		found := ask[im.SearchResult](s, im.SearchHistory{For: s.For(), Text: "dem"})
		if want := []im.FoundMessage{{Account: hubert, StoredMessage: whole}}; !reflect.DeepEqual(found.Found, want) {
			t.Errorf("got  %+v\nwant %+v", found.Found, want)
		}
	})
}
