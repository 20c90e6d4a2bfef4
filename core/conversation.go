package core

import (
	"slices"

	"traboule/im"
)

// conversation is a place where lines go: a console, a room, a person, or an occupant of a room.
type conversation struct {
	id      ConversationID
	window  uint64 // its number, which never changes nor stands for another
	kind    ConversationKind
	account *account // nil for the client's console
	log     Log
	weight  int // bytes in log
	recent  recent
	// past finds lines by their ids as recent does, those out of what was kept and out of archives.
	past  recent
	older older
	// forgotten is below which place all was erased in this session, 0 for nothing.
	forgotten uint64
	gaps      map[uint64]*gap // by the Seq of the line that shows it
	outbox    []*outgoing     // not yet acknowledged, in the order typed

	// unread and mentions count what came since the user last looked.
	unread, mentions int
	readUpTo         uint64

	contact *contact // of a person; nil for strangers
	room    *room    // of a room
	private *private // of an occupant, once it is settled who that is
	// typing is who is writing at the moment, by address, with the alarm that ends it.
	typing map[im.JID]*alarm
	// uninvited is set if a stranger's message opened it.
	uninvited bool
	// lockedTo is the resource of a person that wrote last (RFC 6121 §5.1).
	lockedTo im.JID
	// composing is set while the other end believes that we are typing.
	composing bool
	told      told
	// unmarked is the last message whose author wants to know when it is displayed.
	unmarked im.Message
	// said is the id of our last message here, which /correct replaces.
	said string
}

// open returns a conversation, and makes its window where there is none.
func (c *Core) open(id ConversationID, kind ConversationKind) *conversation {
	if conv := c.conversations[id]; conv != nil {
		return conv
	}
	c.lastWindow++
	conv := &conversation{id: id, window: c.lastWindow, kind: kind, account: c.byJID[id.Account]}
	switch kind {
	case Room:
		conv.room = newRoom(conv)
	case Person:
		conv.contact = conv.account.contacts[id.Peer]
	}
	c.conversations[id] = conv
	c.insertWindow(conv)
	c.touch(dirtyRows)
	c.loadNewest(conv)
	return conv
}

// insertWindow puts a window at the end of those of its sort, so that nothing moves but what stands below.
func (c *Core) insertWindow(conv *conversation) {
	at := len(c.windows)
	for at > 0 && conv.rank() < c.windows[at-1].rank() {
		at--
	}
	c.windows = slices.Insert(c.windows, at, conv)
}

// rank orders the sorts of windows: consoles, rooms, people.
func (conv *conversation) rank() int {
	switch conv.kind {
	case Console:
		return 0
	case Room:
		return 1
	default:
		return 2
	}
}

// discard closes a conversation's window and forgets what was said in it.
func (c *Core) discard(conv *conversation) {
	if conv.kind == Console {
		return
	}
	for _, a := range conv.typing {
		c.cancel(a)
	}
	if conv == c.current {
		c.show(c.neighbour(conv))
	}
	c.weight -= conv.weight
	conv.weight = 0
	c.floor = max(c.floor, conv.log.Next()) // its lines may be kept, and their places are taken
	c.dropDraft(conv.id)
	c.dropUnread(conv)
	delete(c.conversations, conv.id)
	if i := slices.Index(c.windows, conv); i >= 0 {
		c.windows = slices.Delete(c.windows, i, i+1)
	}
	c.touch(dirtyRows)
}

// neighbour returns the window to go to when conv closes: the one above, for there always is a console.
func (c *Core) neighbour(conv *conversation) *conversation {
	listed := c.listed()
	if i := slices.Index(listed, conv); i > 0 {
		return listed[i-1]
	}
	return listed[0]
}

// name is what to call a conversation; it is clean.
func (conv *conversation) name() string {
	switch conv.kind {
	case Console:
		return CleanJID(conv.id.Account)
	case Room:
		return conv.room.name()
	case Occupant:
		return CleanName(conv.id.Peer.Resource())
	}
	if conv.contact != nil {
		return conv.contact.title()
	}
	return CleanJID(conv.id.Peer)
}

// addLine puts a line into a conversation and tells everybody. If its window is closed, the line goes to the account's
// console: the client's own words never open a window again that the user has closed.
func (c *Core) addLine(id ConversationID, line Line) *Line { return c.append(c.placeFor(id), line) }

// placeFor returns the conversation, or the console to which its lines go if it is not open.
func (c *Core) placeFor(id ConversationID) *conversation {
	if conv := c.conversations[id]; conv != nil {
		return conv
	}
	if a := c.byJID[id.Account]; a != nil {
		return a.console
	}
	return c.conversations[ConversationID{}]
}

// append puts a line into a conversation and tells everybody.
func (c *Core) append(conv *conversation, line Line) *Line {
	if line.Time.IsZero() {
		line.Time = c.now
	}
	line.Seq = c.nextSeq()
	var added *Line
	conv.log, added = conv.log.Append(line)
	c.weigh(conv, weightOf(added))
	c.count(conv, added)
	c.keepLine(conv, added)
	c.fact(LineAdded{
		Conversation: conv.id, Kind: conv.kind, Name: conv.name(), Line: added,
		Current: conv == c.current && c.looking,
	})
	return added
}

// lineOf returns the line that a sender gave an id, nil if it is not known any more.
func (conv *conversation) lineOf(sender, id string) *Line {
	seq, found := conv.find(sender, id)
	if !found {
		return nil
	}
	return conv.log.Find(seq)
}

// find returns the Seq of the line that a sender gave an id.
func (conv *conversation) find(sender, id string) (uint64, bool) {
	if seq, found := conv.recent.find(sender, id); found {
		return seq, true
	}
	return conv.past.find(sender, id)
}

// findStanza returns the Seq of the line that has this stanza id.
func (conv *conversation) findStanza(stanza string) (uint64, bool) {
	if seq, found := conv.recent.findStanza(stanza); found {
		return seq, true
	}
	return conv.past.findStanza(stanza)
}

// replace changes the line of a conversation that has the Seq of line, which must be kept, and tells everybody.
func (c *Core) replace(conv *conversation, line Line) *Line {
	i, _ := conv.log.Seek(line.Seq)
	before := weightOf(conv.log.At(i))
	var changed *Line
	conv.log, changed = conv.log.Replace(i, line)
	c.weigh(conv, weightOf(changed)-before) // which may drop lines: no index holds after it
	c.keepLine(conv, changed)
	c.fact(LineChanged{Conversation: conv.id, Kind: conv.kind, Name: conv.name(), Line: changed})
	return changed
}

// count counts a line as unread unless the user sees it come. Of the client's own words, only warnings and errors count.
func (c *Core) count(conv *conversation, line *Line) {
	if conv == c.current && c.looking || line.Out || line.Notice != nil && line.Notice.Level == Info {
		return
	}
	conv.unread++
	c.noteUnread(conv, line)
	if line.Mention {
		conv.mentions++
	}
	c.touch(dirtyRows)
}
