package core

import (
	"slices"

	"traboule/im"
)

// mourn remembers a bookmark that is to go at the server too. Its password is needed no more.
func (m *bookmarks) mourn(b im.Bookmark) {
	m.forget(b.Room)
	b.Password = ""
	m.removed = append(m.removed[max(0, len(m.removed)+1-maxBookmarks):], b)
}

// forget forgets that a bookmark was to go, and reports whether it was.
func (m *bookmarks) forget(room im.JID) bool {
	before := len(m.removed)
	m.removed = slices.DeleteFunc(m.removed, func(b im.Bookmark) bool { return b.Room == room })
	return len(m.removed) < before
}

// takeAway splits what the server has into what stays and what the user has taken away without its knowledge, and forgets the rest
// of the latter: another device has taken it away too. What has changed since is new, for another device wants it.
func (m *bookmarks) takeAway(said []im.Bookmark) (stays, gone []im.Bookmark) {
	for _, b := range said {
		i := slices.IndexFunc(m.removed, func(r im.Bookmark) bool { return r.Room == b.Room })
		if i >= 0 && (!m.removed[i].Published || isSameBookmark(m.removed[i], b)) {
			gone = append(gone, m.removed[i])
		} else {
			stays = append(stays, b)
		}
	}
	m.removed = slices.Clone(gone)
	return stays, gone
}

// isSameBookmark reports whether two bookmarks say the same but for a password, which we may not have given away.
func isSameBookmark(a, b im.Bookmark) bool {
	a.Password, b.Password = "", ""
	return a == b
}
