package core

import "traboule/im"

// unread is what was not read yet of conversations that are kept: the places of the first messages that were not.
type unread struct {
	// from are those that are kept, of this session or an earlier one.
	from map[ConversationID]uint64
	// left are those of an earlier session whose messages have not been loaded yet.
	left map[ConversationID]uint64
}

// leftUnread sorts what an earlier session has left unread by the conversation that it belongs to.
func leftUnread(kept []im.UnreadRecord) unread {
	u := unread{from: make(map[ConversationID]uint64), left: make(map[ConversationID]uint64)}
	for _, r := range kept {
		id := ConversationID{r.Account, r.Peer}
		u.from[id], u.left[id] = r.Seq, r.Seq
	}
	return u
}

// openUnread opens the windows of people whose messages an earlier session has left unread. Those of rooms open as they are
// entered.
func (c *Core) openUnread() {
	for _, r := range c.options.History.Unread {
		if a := c.byJID[r.Account]; a != nil && !r.Room && c.personFor(a, r.Peer) == nil {
			delete(c.unread.left, ConversationID{r.Account, r.Peer})
		}
	}
}

// noteUnread has the place of a message kept that was not seen to come, if it is the first.
func (c *Core) noteUnread(conv *conversation, line *Line) {
	if _, noted := c.unread.from[conv.id]; noted || !c.keepsLine(conv, line) || conv.kind != Room && conv.kind != Person {
		return
	}
	c.unread.from[conv.id] = line.Seq
	c.keepUnread(conv, line.Seq)
}

// dropUnread has it kept that a conversation was read.
func (c *Core) dropUnread(conv *conversation) {
	if from, left := c.unread.left[conv.id]; left {
		conv.readUpTo = from
		delete(c.unread.left, conv.id)
	}
	if _, noted := c.unread.from[conv.id]; noted {
		delete(c.unread.from, conv.id)
		c.keepUnread(conv, 0)
	}
}

func (c *Core) keepUnread(conv *conversation, seq uint64) {
	c.keep(im.UnreadRecord{Kept: im.Kept{Account: conv.id.Account}, Peer: conv.id.Peer, Room: conv.kind == Room, Seq: seq})
}

// restoreUnread counts what an earlier session has left unread of a conversation, once it is here; before is where this
// session begins.
func (c *Core) restoreUnread(conv *conversation, before uint64) {
	from, left := c.unread.left[conv.id]
	if !left {
		return
	}
	delete(c.unread.left, conv.id)
	conv.readUpTo = from
	unread := conv.unread
	for i := range conv.log.Len() {
		if line := conv.log.At(i); line.Notice == nil && line.Seq >= from && line.Seq < before {
			c.count(conv, line)
		}
	}
	if conv.unread == unread && c.unread.from[conv.id] == from { // it is kept no more, or was read on another device
		c.dropUnread(conv)
	}
}
