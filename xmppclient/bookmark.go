package xmppclient

import (
	"slices"

	"traboule/im"
)

const (
	nsBookmarks    = "urn:xmpp:bookmarks:1" // XEP-0402; the name of the node too
	nsOldBookmarks = "storage:bookmarks"    // XEP-0048
)

// fetchBookmarks asks for the bookmarks where this server keeps them.
func (s *stanzas) fetchBookmarks() (*query, *im.Failure) {
	return s.depending(s.own, func(a announcement) (*query, *im.Failure) {
		if a.bookmarks {
			return fetchBookmarkItems(), nil
		}
		return fetchStorage(), nil
	})
}

// setBookmark changes one bookmark where this server keeps them. A nickname or password that cannot be written as it is
// would be another one.
func (s *stanzas) setBookmark(r im.SetBookmark) (*query, *im.Failure) {
	b := r.Bookmark
	if !isRoom(b.Room) || legal(b.Nick) != b.Nick || legal(b.Password) != b.Password {
		return nil, &im.Failure{Code: im.CodeRefused, Condition: "jid-malformed"}
	}
	return s.depending(s.own, func(a announcement) (*query, *im.Failure) {
		switch {
		case !a.bookmarks:
			return changeStorage(r), nil
		case r.Removed:
			return retractBookmark(b.Room), nil
		}
		return (&publication{bookmark: b}).start(), nil
	})
}

// decodeBookmark reads a conference element, which is the same in XEP-0402 §3 and XEP-0048 §3.1 but for its namespace. It
// is false for what is no room.
func decodeBookmark(conference *node, address string) (im.Bookmark, bool) {
	room, err := im.WireJID(address)
	if err != nil || !isRoom(room) {
		return im.Bookmark{}, false
	}
	space := conference.name.Space
	return im.Bookmark{
		Room:     room,
		Name:     clip(conference.attr("name"), maxText),
		Nick:     whole(conference.kid(space, "nick")),
		Password: whole(conference.kid(space, "password")),
		AutoJoin: isTrue(conference.attr("autojoin")),
	}, true
}

// whole is a text that is of no use when it is cut: then it is left out.
func whole(n *node) string {
	if n == nil || len(n.text) > maxText {
		return ""
	}
	return n.text
}

// encodeBookmark makes a conference element. What other clients have put into the old one stays: we are to touch only what we
// understand (XEP-0402 §3). So do a nickname and a password where we know none, for they may be longer than what we take.
func encodeBookmark(space string, b im.Bookmark, old *node) *node {
	n := el(space, "conference")
	var foreign []*node
	if old != nil {
		for _, a := range old.attrs {
			if a.Name.Space != "" || !slices.Contains([]string{"jid", "name", "autojoin"}, a.Name.Local) {
				n.attrs = append(n.attrs, a)
			}
		}
		for _, k := range old.kids {
			if !(k.is(space, "nick") && b.Nick != "") && !(k.is(space, "password") && b.Password != "") {
				foreign = append(foreign, k)
			}
		}
	}
	n.setIf("name", legal(b.Name))
	if b.AutoJoin {
		n.set("autojoin", "true")
	}
	n.add(optionalText(space, "nick", b.Nick), optionalText(space, "password", b.Password))
	return n.add(foreign...)
}

// bookmarkList collects bookmarks, each room once, up to a limit.
type bookmarkList struct {
	seen map[im.JID]bool
	im.BookmarksResult
}

func (l *bookmarkList) add(conference *node, address string) {
	b, is := decodeBookmark(conference, address)
	if !is || l.seen[b.Room] || len(l.Bookmarks) >= maxBookmarks {
		return
	}
	if l.seen == nil {
		l.seen = map[im.JID]bool{}
	}
	l.seen[b.Room] = true
	l.Bookmarks = append(l.Bookmarks, b)
}
