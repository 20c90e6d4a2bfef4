package core

import (
	"cmp"
	"slices"

	"traboule/im"
)

// mergeBookmarks takes over what the server has. It gets what it never had, and hears what was changed here without its knowledge.
func (c *Core) mergeBookmarks(a *account, there []im.Bookmark) {
	said := a.said(there)
	before, removed := a.bookmarks.list, a.bookmarks.removed
	stays, gone := a.bookmarks.takeAway(said)
	a.bookmarks.list = a.merged(stays, len(said) == 0)
	a.bookmarks.changed, a.bookmarks.blind = nil, nil
	if !slices.Equal(a.bookmarks.list, before) || !slices.Equal(gone, removed) {
		c.keepBookmarks(a)
	}
	for _, b := range before {
		if a.bookmark(b.Room) < 0 {
			c.leaveElsewhere(a, b.Room)
		}
	}
	for _, b := range slices.Clone(a.bookmarks.list) {
		if !b.Published {
			c.publish(a, b, false)
		}
	}
	for _, b := range gone {
		c.publish(a, b, true)
	}
	if a.bookmarked {
		c.followBookmarks(a, before)
	}
}

// merged returns our bookmarks as the server has them, in our order, and those behind them that are new here. What it had and has
// no more, another device has taken away, unless it has nothing at all: then it has lost them.
func (a *account) merged(said []im.Bookmark, lost bool) []im.Bookmark {
	var merged []im.Bookmark
	for _, b := range a.bookmarks.list {
		i := slices.IndexFunc(said, func(s im.Bookmark) bool { return s.Room == b.Room })
		switch {
		case i >= 0 && b.Published:
			merged = append(merged, withPassword(said[i], b.Password))
		case i >= 0:
			merged = append(merged, a.bookmarks.completed(b, said[i]))
		case lost || !b.Published:
			b.Published = false
			merged = append(merged, b)
		}
		if i >= 0 {
			said = slices.Delete(said, i, i+1)
		}
	}
	return append(merged, said[:min(len(said), max(0, maxBookmarks-len(merged)))]...)
}

// completed gives a bookmark of ours that the server does not know yet what the server has of that room, where we did not know it.
func (m *bookmarks) completed(ours, said im.Bookmark) im.Bookmark {
	if m.blind[ours.Room] {
		ours.Name, ours.Nick = cmp.Or(ours.Name, said.Name), cmp.Or(ours.Nick, said.Nick)
	}
	return withPassword(ours, said.Password)
}

// addedBlindly notes that a room was bookmarked before the server had said what it has of it.
func (m *bookmarks) addedBlindly(room im.JID) {
	if m.fetched {
		return
	}
	if m.blind == nil {
		m.blind = make(map[im.JID]bool)
	}
	m.blind[room] = true
}

// withPassword gives a bookmark the password that is known from elsewhere, where it has none.
func withPassword(b im.Bookmark, known string) im.Bookmark {
	b.Password = cmp.Or(b.Password, known)
	return b
}
