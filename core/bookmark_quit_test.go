package core

import (
	"testing"
	"time"

	"traboule/im"
)

// quitter is an amnesic session that ends, with what it asks of the network.
type quitter struct {
	*testing.T
	core *Core
	sent []im.Request
}

func newQuitter(t *testing.T, storage Storage) *quitter {
	q := &quitter{T: t, core: New(Options{
		Standing: Standing{Storage: storage}, Accounts: []AccountOptions{{JID: ana, Connect: true}}, NewID: func() string { return "id" },
	})}
	q.handle(noon, Woken{})
	q.handle(noon, Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected, JID: im.MustJID("ana@example.org/x")}})
	return q
}

func (q *quitter) handle(now time.Time, in Input) {
	q.sent = append(q.sent, q.core.Handle(now, in).Send...)
}

// answer ends the requests of a sort, and reports how many there were.
func answer[R im.Request](q *quitter, result im.Result, err *im.Failure) int {
	sent, n := q.sent, 0
	q.sent = nil
	for _, r := range sent {
		if _, is := r.(R); !is {
			q.sent = append(q.sent, r)
			continue
		}
		n++
		q.handle(noon, Received{im.Done{On: im.On{Account: ana}, Request: r.Number(), Result: result, Err: err}})
	}
	return n
}

// parts reports whether the account says goodbye.
func (q *quitter) parts() bool { return answer[im.Disconnect](q, nil, nil) > 0 }

func bookmarkGrenoble() Typed {
	return Typed{SetBookmark{Room: im.MustJID("grenoble@conference.example.org"), AutoJoin: true}}
}

// TestQuitWaitsForBookmarks: an amnesic client ends once the server has what was bookmarked just before, from the first moment on.
func TestQuitWaitsForBookmarks(t *testing.T) {
	q := newQuitter(t, StorageNone)
	q.handle(noon, bookmarkGrenoble())
	q.handle(noon, Typed{Quit{}})
	if q.parts() {
		t.Fatal("it ends before the server has said what it has")
	}
	if answer[im.FetchBookmarks](q, im.BookmarksResult{}, nil) != 1 || q.parts() {
		t.Fatal("it ends before the server has heard of the bookmark")
	}
	if answer[im.SetBookmark](q, nil, nil) != 1 || !q.parts() {
		t.Fatal("it does not end although the server has heard of the bookmark")
	}
	if v := q.core.View(); !v.Quit || v.Unheard != 0 {
		t.Errorf("quit %v, %d unheard", v.Quit, v.Unheard)
	}
	if answer[im.JoinRoom](q, nil, nil) > 0 {
		t.Error("a client that ends has entered a room")
	}
}

// TestQuitTellsWhatTheServerDidNotHear: it does not wait for ever, and what is lost is told.
func TestQuitTellsWhatTheServerDidNotHear(t *testing.T) {
	q := newQuitter(t, StorageNone)
	answer[im.FetchBookmarks](q, im.BookmarksResult{}, nil)
	q.handle(noon, bookmarkGrenoble())
	q.handle(noon, Typed{Quit{}})
	if q.parts() || q.core.View().Quit {
		t.Fatal("it ends at once")
	}
	q.handle(noon.Add(unheardTime), Woken{})
	if !q.parts() {
		t.Fatal("it does not say goodbye in time")
	}
	if v := q.core.View(); !v.Quit || v.Unheard != 1 {
		t.Errorf("quit %v, %d unheard, want 1", v.Quit, v.Unheard)
	}
	last := q.core.accounts[0].console.log
	if n := last.At(last.Len() - 1).Notice; n == nil || n.Code != NoticeBookmarkUnheard || n.Count != 1 {
		t.Errorf("told %+v", n)
	}
}

// TestQuitWaitsForNoBookmarks: not without need, nor a second time, nor where the profile tells the server at the next start.
func TestQuitWaitsForNoBookmarks(t *testing.T) {
	q := newQuitter(t, StorageNone)
	q.handle(noon, Typed{Quit{}})
	if !q.parts() {
		t.Error("it waits for the list of the server, though nothing was changed")
	}
	q = newQuitter(t, StorageEncrypted)
	q.handle(noon, bookmarkGrenoble())
	q.handle(noon, Typed{Quit{}})
	if v := q.core.View(); !q.parts() || v.Unheard != 0 {
		t.Errorf("a profile that keeps the bookmark waits, or takes it for lost: %d", v.Unheard)
	}
	q = newQuitter(t, StorageNone)
	q.handle(noon, bookmarkGrenoble())
	q.handle(noon, Typed{Quit{}})
	q.handle(noon, Typed{Quit{}})
	if v := q.core.View(); !v.Quit || v.Unheard != 1 {
		t.Errorf("told twice to end: quit %v, %d unheard", v.Quit, v.Unheard)
	}
	q = newQuitter(t, StorageNone)
	answer[im.FetchBookmarks](q, im.BookmarksResult{}, nil)
	q.handle(noon, bookmarkGrenoble())
	q.handle(noon, Typed{Quit{}})
	q.handle(noon, Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Disconnected}})
	if v := q.core.View(); !v.Quit || v.Unheard != 1 {
		t.Errorf("the connection is gone: quit %v, %d unheard", v.Quit, v.Unheard)
	}
}
