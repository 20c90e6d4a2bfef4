package core

import (
	"slices"

	"traboule/im"
)

// publish has the server change what it keeps of a room.
func (c *Core) publish(a *account, b im.Bookmark, removed bool) {
	if !c.disclose[DiscloseBookmarks] {
		return
	}
	if a.bookmarks.changed == nil {
		a.bookmarks.changed = make(map[im.JID]int)
	}
	a.bookmarks.changed[b.Room]++
	change := a.bookmarks.changed[b.Room]
	if !a.online() || !a.bookmarks.fetched {
		return // it is told once the server has said what it has
	}
	a.bookmarks.telling++
	c.ask(im.SetBookmark{For: c.by(a), Bookmark: a.published(b), Removed: removed}, func(d im.Done) {
		a.bookmarks.telling--
		defer c.heardAll(a)
		lost := d.Err != nil && isOutage(d)
		last := a.bookmarks.changed[b.Room] == change
		if last && !lost {
			delete(a.bookmarks.changed, b.Room)
		}
		switch {
		case d.Err == nil && last:
			c.heardBookmark(a, b, removed)
		case d.Err != nil && !lost && a.bookmarks.refused != a.session:
			a.bookmarks.refused = a.session
			c.notify(a.console.id, Notice{Code: NoticeBookmarkFailed, Level: Warn, Room: b.Room, Err: cleanFailure(d.Err)})
		}
	})
}

// isTelling reports whether the server is about to hear of a change, or to be told of it.
func (m *bookmarks) isTelling() bool { return m.telling > 0 && len(m.changed) > 0 }

// heardBookmark notes that the server has a change.
func (c *Core) heardBookmark(a *account, b im.Bookmark, removed bool) {
	if removed {
		delete(a.bookmarks.theirs, b.Room)
		if a.bookmarks.forget(b.Room) {
			c.keepBookmarks(a)
		}
		return
	}
	if i := a.bookmark(b.Room); i >= 0 && !a.bookmarks.list[i].Published {
		a.bookmarks.list[i].Published = true
		c.keepBookmarks(a)
	}
}

// published is a bookmark as the server gets it: without a password that it does not have, and with what it has of the rest,
// unless that is what was changed.
func (a *account) published(b im.Bookmark) im.Bookmark {
	theirs := a.bookmarks.theirs[b.Room]
	clean, _ := a.cleanBookmark(theirs)
	b.Password, b.Published = theirs.Password, false
	if b.Name == clean.Name {
		b.Name = theirs.Name
	}
	if b.Nick == clean.Nick {
		b.Nick = theirs.Nick
	}
	return b
}

// onBookmarksConnected enters the rooms of the bookmarks as a session begins, after the server has said what has changed.
func (c *Core) onBookmarksConnected(a *account) {
	a.bookmarks.fetched = false
	if !c.disclose[DiscloseBookmarks] {
		c.enterBookmarks(a)
		return
	}
	c.fetchBookmarks(a)
}

func (c *Core) fetchBookmarks(a *account) {
	session := a.session
	a.bookmarks.telling++
	c.ask(im.FetchBookmarks{For: c.by(a)}, func(d im.Done) {
		a.bookmarks.telling--
		defer c.heardAll(a)
		if a.session != session || !a.online() {
			return
		}
		result, ok := d.Result.(im.BookmarksResult)
		switch {
		case d.Err == nil && ok:
			a.bookmarks.fetched = true
			c.mergeBookmarks(a, result.Bookmarks)
		case d.Err != nil && !isOutage(d) && !lacksBookmarks(d.Err):
			c.notify(a.console.id, Notice{Code: NoticeBookmarksFailed, Level: Warn, Err: cleanFailure(d.Err)})
		}
		c.enterBookmarks(a)
	})
}

// unshareBookmarks ends what the server is told of them, and what it was to be told.
func (c *Core) unshareBookmarks(a *account) {
	a.bookmarks.fetched, a.bookmarks.changed = false, nil
	if len(a.bookmarks.removed) > 0 {
		a.bookmarks.removed = nil
		c.keepBookmarks(a)
	}
}

// lacksBookmarks reports whether a server has no place for them.
func lacksBookmarks(err *im.Failure) bool {
	return err.Code == im.CodeUnavailable || err.Code == im.CodeItemNotFound
}

// said returns what the server has, fit to be used, each room once.
func (a *account) said(there []im.Bookmark) []im.Bookmark {
	var said []im.Bookmark
	a.bookmarks.theirs = make(map[im.JID]im.Bookmark)
	for _, raw := range there {
		b, ok := a.cleanBookmark(raw)
		_, twice := a.bookmarks.theirs[b.Room]
		if !ok || twice {
			continue
		}
		b.Published, a.bookmarks.theirs[b.Room] = true, raw
		said = append(said, b)
	}
	return said
}

// followBookmarks enters and leaves rooms as other devices have decided while we were away.
func (c *Core) followBookmarks(a *account, before []im.Bookmark) {
	for _, b := range slices.Clone(a.bookmarks.list) {
		i := slices.IndexFunc(before, func(o im.Bookmark) bool { return o.Room == b.Room })
		if i < 0 {
			c.askBookmark(a, b)
		} else {
			c.followBookmark(a, before[i], b)
		}
	}
}

// followBookmark enters or leaves a room that is known, as another device does.
func (c *Core) followBookmark(a *account, before, b im.Bookmark) {
	switch {
	case b.AutoJoin && !before.AutoJoin:
		c.enterBookmark(a, b)
	case before.AutoJoin && !b.AutoJoin:
		c.leaveElsewhere(a, b.Room)
	}
}
