package core

import (
	"slices"
	"strings"

	"traboule/im"
)

// bookmarks are the rooms that the user returns to (XEP-0402). The account's server keeps them too, unless the user does not
// want it to know them. What it says of a room counts, for it can put us into any room anyway; but a room that is new to us while
// we run is asked about first.
type bookmarks struct {
	list []im.Bookmark // in the order in which they are shown
	// removed are those that the user took away and of which the server has not heard yet, as it had them, if Published says
	// that this is known.
	removed []im.Bookmark
	// fetched is set once the server's were taken over in this session; before that nothing is published.
	fetched bool
	// changed counts our changes of a room that are on their way: until they are done, what the server says of that room is old.
	changed map[im.JID]int
	// telling counts the requests under way by which the server says what it has, or hears what has changed.
	telling int
	// blind are the rooms that were bookmarked here before the server had said what it has.
	blind map[im.JID]bool
	// refused is the session in which the user was last told that the server takes no change.
	refused int
	// theirs is what the server has, as it said it: it gets no other password, and no name or nick back that we only made fit to
	// be shown.
	theirs map[im.JID]im.Bookmark
}

// bookmark returns the index of a room, -1 for none.
func (a *account) bookmark(room im.JID) int {
	return slices.IndexFunc(a.bookmarks.list, func(b im.Bookmark) bool { return b.Room == room })
}

// isAmnesic reports whether nothing is kept: then neither joining nor leaving a room changes anything that outlives the session.
func (c *Core) isAmnesic() bool { return c.options.Standing.Storage == StorageNone }

// addBookmarks takes those that an earlier session has kept.
func (c *Core) addBookmarks(a *account, kept, removed []im.Bookmark) {
	for _, b := range kept {
		if b, ok := a.cleanBookmark(b); ok && a.bookmark(b.Room) < 0 && len(a.bookmarks.list) < maxBookmarks {
			a.bookmarks.list = append(a.bookmarks.list, b)
		}
	}
	for _, b := range removed {
		if b, ok := a.cleanBookmark(b); ok && a.bookmark(b.Room) < 0 {
			a.bookmarks.mourn(b)
		}
	}
	a.showBookmarks()
}

// showBookmarks puts the rooms into the View, in a list of their own, for what is there must not change.
func (a *account) showBookmarks() {
	rooms := make([]im.JID, 0, len(a.bookmarks.list))
	for _, b := range a.bookmarks.list {
		rooms = append(rooms, b.Room)
	}
	a.view.Bookmarks = rooms
}

// cleanBookmark makes a bookmark fit to be used. One that says that a contact is a room is none.
func (a *account) cleanBookmark(b im.Bookmark) (im.Bookmark, bool) {
	b.Room = b.Room.Bare()
	if b.Room.Local() == "" || a.contacts[b.Room] != nil || b.Room == a.jid {
		return b, false
	}
	switch {
	case strings.Contains(b.Name, "@"): // no name may pass for the address of another room
		b.Name = ""
	case b.Name != "":
		b.Name = CleanName(b.Name)
	}
	if _, err := b.Room.WithResource(b.Nick); err != nil {
		b.Nick = ""
	}
	if len(b.Password) > maxName {
		b.Password = ""
	}
	return b, true
}

// setBookmark keeps a bookmark, here and where the user wants it at the server. Until that has it, it counts as not published,
// so that what is changed just before the end is told at the next start.
func (c *Core) setBookmark(a *account, b im.Bookmark) bool {
	switch i := a.bookmark(b.Room); {
	case i >= 0 && a.bookmarks.list[i] == b:
		return true
	case i >= 0:
		b.Published = false
		a.bookmarks.list[i] = b
	case len(a.bookmarks.list) >= maxBookmarks:
		return false
	default:
		a.bookmarks.list = append(a.bookmarks.list, b)
		a.bookmarks.addedBlindly(b.Room)
	}
	a.bookmarks.forget(b.Room)
	c.keepBookmarks(a)
	c.publish(a, b, false)
	return true
}

// dropBookmark keeps a bookmark no more, neither here nor at the server. Until that has heard of it, it is remembered that it is
// to go: it would come back with what the server has.
func (c *Core) dropBookmark(a *account, i int) {
	b := a.bookmarks.list[i]
	a.bookmarks.list = slices.Delete(a.bookmarks.list, i, i+1)
	if c.disclose[DiscloseBookmarks] {
		a.bookmarks.mourn(b)
	}
	c.keepBookmarks(a)
	c.publish(a, b, true)
}

func (c *Core) keepBookmarks(a *account) {
	a.showBookmarks()
	c.touch(dirtyAccounts)
	c.keep(im.BookmarksRecord{
		Kept: im.Kept{Account: a.jid}, Bookmarks: slices.Clone(a.bookmarks.list), Removed: slices.Clone(a.bookmarks.removed),
	})
}

// enterBookmarks enters, once, the rooms that are to be entered by themselves.
func (c *Core) enterBookmarks(a *account) {
	if a.bookmarked || c.quit.started {
		return
	}
	a.bookmarked = true
	for _, b := range slices.Clone(a.bookmarks.list) {
		if b.AutoJoin {
			c.enterBookmark(a, b)
		}
	}
}

func (c *Core) enterBookmark(a *account, b im.Bookmark) {
	if c.quit.started {
		return
	}
	id := ConversationID{a.jid, b.Room}
	if conv := c.conversations[id]; conv != nil && (conv.kind != Room || conv.room.wanted) {
		return // we are there, or it is somebody with whom we talk
	}
	r := c.openRoom(a, b.Room)
	if !c.prepare(r, b.Nick, b.Password) {
		c.notifyIn(r, Notice{Code: NoticeNoNick, Level: Error})
		return
	}
	c.enter(r)
}

// onBookmarkChanged follows what another device has changed.
func (c *Core) onBookmarkChanged(a *account, e im.BookmarkChanged) {
	b, ok := a.cleanBookmark(e.Bookmark)
	if !ok || !c.disclose[DiscloseBookmarks] || !a.bookmarks.fetched || a.bookmarks.changed[b.Room] > 0 {
		return
	}
	i := a.bookmark(b.Room)
	if a.bookmarks.forget(b.Room) {
		c.keepBookmarks(a) // what another device does is newer
	}
	if e.Removed {
		delete(a.bookmarks.theirs, b.Room)
		if i >= 0 {
			a.bookmarks.list = slices.Delete(a.bookmarks.list, i, i+1)
			c.keepBookmarks(a)
			c.leaveElsewhere(a, b.Room)
		}
		return
	}
	if i < 0 && len(a.bookmarks.list) >= maxBookmarks {
		return
	}
	b.Published = true
	a.bookmarks.theirs[b.Room] = e.Bookmark
	if i < 0 {
		a.bookmarks.list = append(a.bookmarks.list, b)
		c.keepBookmarks(a)
		c.askBookmark(a, b)
		return
	}
	before := a.bookmarks.list[i]
	b = withPassword(b, before.Password)
	if b == before {
		return
	}
	a.bookmarks.list[i] = b
	c.keepBookmarks(a)
	c.followBookmark(a, before, b)
}

// askBookmark asks the user about a room that another device has begun to enter by itself.
func (c *Core) askBookmark(a *account, b im.Bookmark) {
	if r := c.roomAt(a, b.Room); !b.AutoJoin || r != nil && r.wanted {
		return
	}
	q := Question{Kind: AskBookmark, Account: a.jid, Room: b.Room, Text: b.Name}
	if !c.isAskedTooMuch(q) {
		c.question(q)
		c.notify(a.console.id, Notice{Code: NoticeBookmarkNew, Level: Warn, Room: b.Room, Text: b.Name})
	}
}

// answerBookmark enters the room, or does not; the bookmark stays, for it is the other device's.
func (c *Core) answerBookmark(a *account, q Question, yes bool) {
	if !yes {
		c.answer(Notice{Code: NoticeBookmarkLeft, Room: q.Room})
		return
	}
	nick, password := "", ""
	if i := a.bookmark(q.Room); i >= 0 {
		nick, password = a.bookmarks.list[i].Nick, a.bookmarks.list[i].Password
	}
	c.join(a, q.Room, nick, password)
}

// leaveElsewhere leaves a room because another device does not want to be in it any more.
func (c *Core) leaveElsewhere(a *account, room im.JID) {
	c.settle(func(q Question) bool { return q.Kind == AskBookmark && q.Account == a.jid && q.Room == room })
	r := c.roomAt(a, room)
	if r == nil || !r.wanted || a.isConfigured(room) {
		return
	}
	c.leaveRoom(r.conversation, "")
	c.notifyIn(r, Notice{Code: NoticeRoomLeftElsewhere, Level: Warn})
}

// isConfigured reports whether the settings want us in a room, whatever the bookmarks say.
func (a *account) isConfigured(room im.JID) bool {
	return slices.ContainsFunc(a.options.Rooms, func(o RoomOptions) bool { return o.Room.Bare() == room })
}

// joinedByHand bookmarks a room that the user has entered, so that it is entered again at the next start.
func (c *Core) joinedByHand(r *room) {
	a := r.account()
	if c.isAmnesic() || a.isConfigured(r.jid()) {
		return
	}
	b := im.Bookmark{Room: r.jid()}
	if i := a.bookmark(b.Room); i >= 0 {
		b = a.bookmarks.list[i]
	}
	b.AutoJoin, b.Nick = true, r.bookmarkedNick(b.Nick)
	if r.password != "" {
		b.Password = r.password
	}
	c.setBookmark(a, b) // where there are too many, this one is not remembered
}

// bookmarkedNick is the nick to remember for a room: none, as long as it is the one that we have everywhere.
func (r *room) bookmarkedNick(before string) string {
	a := r.account()
	if before == "" && (r.nick == a.options.Nick || a.options.Nick == "" && r.nick == a.jid.Local()) {
		return ""
	}
	return r.nick
}

// leftByHand has a room that the user has left entered no more by itself.
func (c *Core) leftByHand(r *room) {
	a := r.account()
	i := a.bookmark(r.jid())
	if c.isAmnesic() || i < 0 || !a.bookmarks.list[i].AutoJoin {
		return
	}
	b := a.bookmarks.list[i]
	b.AutoJoin = false
	c.setBookmark(a, b)
}

// renamedByHand remembers the nick that the user has taken in a room that is bookmarked.
func (c *Core) renamedByHand(r *room) {
	a := r.account()
	i := a.bookmark(r.jid())
	if c.isAmnesic() || i < 0 {
		return
	}
	b := a.bookmarks.list[i]
	b.Nick = r.nick
	c.setBookmark(a, b)
}
