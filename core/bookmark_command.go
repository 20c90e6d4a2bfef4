package core

import (
	"slices"
	"strconv"
	"strings"

	"traboule/im"
)

// Commands about bookmarks. Room is an address, empty for the room where the command was given.
type (
	// Bookmarks lists the rooms that the user returns to, in their order.
	Bookmarks struct{}
	// SetBookmark bookmarks a room, which is entered at each start or not; with Removed it bookmarks it no more.
	SetBookmark struct {
		Room     im.JID
		AutoJoin bool
		Removed  bool
	}
	// NameBookmark gives a bookmark a name of the user's own; an empty one takes it away.
	NameBookmark struct{ Name string }
	// MoveBookmark puts a bookmark at a place of the list, from 1 on.
	MoveBookmark struct {
		Place int
		Room  im.JID
	}
)

func (Bookmarks) command()    {}
func (SetBookmark) command()  {}
func (NameBookmark) command() {}
func (MoveBookmark) command() {}

// BookmarkWords are the words for what becomes of a bookmark, the one that is meant without a word first.
func BookmarkWords() []string { return []string{"auto", "on", "off"} }

func bookmarkCommands() []commandRow {
	room := may("ROOM", ArgRoom)
	return []commandRow{
		row("bookmarks", []string{"signets"}, func(*arguments) Command { return Bookmarks{} }),
		row("bookmark", []string{"signet"}, parseBookmark, may("auto|on|off", ArgBookmark), room),
		row("bookmark name", []string{"signet nom"}, func(a *arguments) Command { return NameBookmark{a.text()} }, may("NAME", ArgText)),
		row("bookmark move", []string{"signet place"}, parseMoveBookmark, need("N", ArgText), room),
	}
}

func parseBookmark(a *arguments) Command {
	if word, _, _ := cutWord(a.rest); word == "" || strings.Contains(word, "@") {
		return SetBookmark{AutoJoin: true, Room: a.maybeRoom()}
	}
	word := BookmarkWords()[a.choice("auto|on|off", BookmarkWords())]
	return SetBookmark{AutoJoin: word == "auto", Removed: word == "off", Room: a.maybeRoom()}
}

func parseMoveBookmark(a *arguments) Command {
	word := a.word("N")
	place, err := strconv.Atoi(word)
	if word != "" && (err != nil || place < 1) {
		a.fail(NoticeBadNumber, word)
	}
	return MoveBookmark{Place: place, Room: a.maybeRoom()}
}

// maybeRoom takes the next word, which must be a room's address if there is one.
func (a *arguments) maybeRoom() im.JID {
	room := a.maybeJID("ROOM").Bare()
	if !room.IsZero() && room.Local() == "" {
		a.fail(NoticeBadAddress, room.String())
	}
	return room
}

// bookmarkHere returns the account and the room that a command about a bookmark means; it says so if there is none.
func (c *Core) bookmarkHere(room im.JID) (*account, im.JID) {
	a := c.needAccount()
	switch r := c.roomHere(); {
	case a == nil:
		return nil, room
	case !room.IsZero():
		return a, room
	case r == nil:
		c.refuseOutside()
		return nil, room
	default:
		return r.account(), r.jid()
	}
}

// bookmarked returns the account and the place of the bookmark that a command means, and says so if there is none.
func (c *Core) bookmarked(room im.JID) (*account, int) {
	a, room := c.bookmarkHere(room)
	if a == nil {
		return nil, -1
	}
	i := a.bookmark(room)
	if i < 0 {
		c.refuse(Notice{Code: NoticeNotBookmarked, Room: room})
		return nil, -1
	}
	return a, i
}

// doSetBookmark bookmarks a room, or no longer.
func (c *Core) doSetBookmark(d SetBookmark) {
	if d.Removed {
		if a, i := c.bookmarked(d.Room); a != nil {
			room := a.bookmarks.list[i].Room
			c.dropBookmark(a, i)
			c.answer(Notice{Code: NoticeBookmarkRemoved, Room: room})
		}
		return
	}
	a, room := c.bookmarkHere(d.Room)
	if a == nil {
		return
	}
	b, ok := a.cleanBookmark(im.Bookmark{Room: room})
	if i := a.bookmark(room); i >= 0 {
		b = a.bookmarks.list[i]
	} else if r := c.roomAt(a, room); r != nil && r.nick != "" {
		b.Nick, b.Password = r.bookmarkedNick(""), r.password
	}
	b.AutoJoin = d.AutoJoin
	switch {
	case !ok:
		c.refuse(Notice{Code: NoticeBadRoom, Text: CleanJID(room)})
	case !c.setBookmark(a, b):
		c.refuse(Notice{Code: NoticeTooManyBookmarks, Of: maxBookmarks})
	case d.AutoJoin:
		c.answer(Notice{Code: NoticeBookmarkedAuto, Room: room})
	default:
		c.answer(Notice{Code: NoticeBookmarked, Room: room})
	}
}

// doNameBookmark names the bookmark of the current room.
func (c *Core) doNameBookmark(d NameBookmark) {
	a, i := c.bookmarked(im.JID{})
	if a == nil {
		return
	}
	b := a.bookmarks.list[i]
	b.Name = d.Name
	b, _ = a.cleanBookmark(b)
	c.setBookmark(a, b)
	c.answer(Notice{Code: NoticeBookmarkNamed, Room: b.Room, Text: b.Name})
}

// doMoveBookmark changes the order of the bookmarks. It is the user's here: servers keep none.
func (c *Core) doMoveBookmark(d MoveBookmark) {
	a, i := c.bookmarked(d.Room)
	if a == nil {
		return
	}
	b := a.bookmarks.list[i]
	to := min(d.Place, len(a.bookmarks.list)) - 1
	a.bookmarks.list = slices.Insert(slices.Delete(slices.Clone(a.bookmarks.list), i, i+1), to, b)
	c.keepBookmarks(a)
	c.answer(Notice{Code: NoticeBookmarkMoved, Room: b.Room, Count: to + 1})
}

// doBookmarks lists the bookmarks of the current account.
func (c *Core) doBookmarks() {
	a := c.needAccount()
	if a == nil {
		return
	}
	n := Notice{Code: NoticeBookmarks, Account: a.jid, JID: a.jid, Count: len(a.bookmarks.list)}
	for _, b := range a.bookmarks.list {
		row := Row{JID: b.Room, Name: b.Name, AutoJoin: b.AutoJoin}
		if b.Nick != "" {
			row.Nick = CleanName(b.Nick)
		}
		n.List = append(n.List, row)
	}
	c.answer(n)
}
