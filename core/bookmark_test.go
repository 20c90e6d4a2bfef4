package core

import (
	"fmt"
	"strings"
	"testing"

	"traboule/im"
)

// bookmarked is a client whose server has just said which rooms it has; ours is one that an earlier session has kept.
func bookmarked(t *testing.T, ours im.Bookmark, there ...im.Bookmark) *Core {
	t.Helper()
	c := New(Options{Accounts: []AccountOptions{{JID: ana, Bookmarks: []im.Bookmark{ours}}}, NewID: func() string { return "id" },
		Disclose: map[Disclosure]bool{DiscloseBookmarks: true}, Standing: Standing{Storage: StorageEncrypted}})
	c.Handle(noon, Woken{})
	e := c.Handle(noon, Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected, JID: im.MustJID("ana@example.org/r")}})
	for _, q := range e.Send {
		if fetch, is := q.(im.FetchBookmarks); is {
			c.Handle(noon, Received{im.Done{On: im.On{Account: ana}, Request: fetch.Number(), Result: im.BookmarksResult{Bookmarks: there}}})
			return c
		}
	}
	t.Fatal("the bookmarks are not asked for")
	return nil
}

// TestBookmarksOfOthersKeepTheirTexts: what is too long or too odd to be shown or used here is not lost to other clients when
// another part of the bookmark changes.
func TestBookmarksOfOthersKeepTheirTexts(t *testing.T) {
	for _, odd := range []im.Bookmark{
		{Name: "Contact @ Grenoble"},
		{Name: strings.Repeat("long ", 200)},
		{Name: "a\u202eb", Password: strings.Repeat("x", 1000)},
		{Nick: strings.Repeat("n", 1100)},
	} {
		odd.Room = im.MustJID("grenoble@chat.example.org")
		c := bookmarked(t, im.Bookmark{Room: odd.Room, Published: true}, odd)
		e := c.Handle(noon, Typed{SetBookmark{Room: odd.Room, AutoJoin: true}})
		want := odd
		want.AutoJoin = true
		if len(e.Send) != 1 || e.Send[0].(im.SetBookmark).Bookmark != want {
			t.Errorf("%+v: sent %+v", odd, e.Send)
		}
	}
}

// TestBookmarksBeyondTheLimitStay: a server, or another client, that has more rooms than we take does not make us forget ours.
func TestBookmarksBeyondTheLimitStay(t *testing.T) {
	ours := im.Bookmark{Room: im.MustJID("grenoble@chat.example.org"), Published: true}
	var there []im.Bookmark
	for i := range 2 * maxBookmarks {
		there = append(there, im.Bookmark{Room: im.MustJID(fmt.Sprintf("r%d@chat.example.org", i))})
	}
	c := bookmarked(t, ours, append(there, im.Bookmark{Room: ours.Room})...)
	a := c.byJID[ana]
	if a.bookmark(ours.Room) < 0 || len(a.bookmarks.list) != maxBookmarks {
		t.Errorf("%d bookmarks, ours is at %d", len(a.bookmarks.list), a.bookmark(ours.Room))
	}
}
