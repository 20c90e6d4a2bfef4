package core

import (
	"strings"

	"traboule/im"
)

// say sends a text to a conversation.
func (c *Core) say(conv *conversation, text string) {
	switch conv.kind {
	case Console:
		c.refuse(c.pointing(Notice{Code: NoticeNobodyHere}, func(v *conversation) bool { return v.kind != Console }))
	case Room:
		c.sayInRoom(conv, text)
	case Occupant:
		c.sayToOccupant(conv, text)
	case Person:
		c.deliver(conv, text, "")
	}
}

func (c *Core) doMsg(d Msg) {
	if conv := c.addressed(d.To); conv != nil {
		c.say(conv, d.Text)
	}
}

func (c *Core) doQuery(d Query) {
	if conv := c.addressed(d.To); conv != nil {
		c.turnTo(conv)
	}
}

// turnTo puts a conversation on screen that the user has named.
func (c *Core) turnTo(conv *conversation) {
	if conv == c.current {
		c.notify(conv.id, Notice{Code: NoticeCurrent, JID: conv.id.Peer})
		return
	}
	c.show(conv)
}

// addressed returns the conversation that a typed name or address means, opening it if need be: an occupant of the current
// room by nick, a room, somebody in a room, or a person.
func (c *Core) addressed(to string) *conversation {
	a := c.needAccount()
	if a == nil {
		return nil
	}
	if jid, found := c.occupantNamed(to); found && !isAddress(to) {
		return c.openPrivate(a, jid)
	}
	if conv := c.called(to); conv != nil {
		return conv
	}
	jid, err := im.ParseJID(to)
	if err != nil || jid.Local() == "" && !strings.Contains(jid.Domain(), ".") && a.contacts[jid] == nil {
		c.refuse(Notice{Code: NoticeNoSuchConversation, Text: CleanLine(to)})
		return nil
	}
	if c.isRoom(a, jid.Bare()) && !jid.IsBare() {
		return c.openPrivate(a, jid)
	}
	conv := c.open(ConversationID{a.jid, jid.Bare()}, Person) // if it is a room, it is open already
	if conv.kind == Person {
		c.welcome(conv)
		if !jid.IsBare() {
			conv.lockedTo = jid
		}
	}
	return conv
}

// isAddress reports whether what was typed is an address. Then it means that address, although an occupant may have taken it
// for a nick: to get what is meant for somebody else, or their rights.
func isAddress(typed string) bool {
	jid, err := im.ParseJID(typed)
	return err == nil && jid.Local() != ""
}

// called returns the conversation with a name, if just one window or contact has it, in any case. What looks like an address
// is never taken for a name, for a name can be made to look like the address of somebody else.
func (c *Core) called(name string) *conversation {
	if strings.Contains(name, "@") {
		return nil
	}
	var found []ConversationID
	for _, row := range c.rowViews() {
		if row.Kind != Console && strings.EqualFold(row.Name, name) {
			found = append(found, row.ID)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return c.open(found[0], Person) // whatever its kind, if it is open
}

func (c *Core) doCorrect(d Correct) {
	conv := c.where()
	said := conv.lineOf(ourselves, conv.said)
	if said == nil {
		c.refuse(Notice{Code: NoticeNothingToCorrect})
		return
	}
	if said.Encryption != im.Unencrypted || c.seal(conv).wanted {
		c.refuse(Notice{Code: NoticeOTRNoCorrection}) // which text it replaces would stand outside of the cipher text
		return
	}
	c.deliver(conv, d.Text, conv.said)
}

func (c *Core) doSelect(d Select) {
	if conv := c.conversations[d.Conversation]; conv != nil {
		c.show(conv)
		return
	}
	a := c.byJID[d.Conversation.Account]
	if a != nil && a.contacts[d.Conversation.Peer] != nil {
		c.show(c.open(d.Conversation, Person))
	}
}

func (c *Core) doWin(d Win) {
	listed := c.listed()
	switch {
	case d.Number > 0 && d.Number <= len(listed):
		c.turnTo(listed[d.Number-1])
		return
	case d.Number != 0:
		c.refuse(Notice{Code: NoticeNoSuchWindow, Count: d.Number, Of: len(listed)})
		return
	case d.Name == "":
		c.answer(c.windowList(listed))
		return
	}
	for _, conv := range listed {
		if strings.Contains(strings.ToLower(conv.name()), strings.ToLower(d.Name)) {
			c.turnTo(conv)
			return
		}
	}
	c.refuse(Notice{Code: NoticeNoSuchWindow, Text: CleanLine(d.Name), Of: len(listed)})
}

func (c *Core) windowList(listed []*conversation) Notice {
	n := Notice{Code: NoticeWindows, Count: len(listed)}
	for _, conv := range listed {
		r := Row{JID: conv.id.Peer, Name: conv.name(), Count: conv.unread}
		if len(c.accounts) > 1 {
			r.Account = conv.id.Account
		}
		n.List = append(n.List, r)
	}
	return n
}

// doClear takes the lines off the current window.
func (c *Core) doClear() {
	c.clear(c.where())
}

// clear takes the lines off a window. Those that are kept can be had again.
func (c *Core) clear(conv *conversation) {
	c.weight -= conv.weight
	conv.weight = 0
	conv.log = Log{next: conv.log.Next()}
	conv.readUpTo = conv.log.Next()
	conv.older = older{loading: conv.older.loading, then: conv.older.then}
	conv.gaps = nil
}

// doClose closes the current window. What still waits to be sent there is told as not sent, for nobody would see it go.
func (c *Core) doClose() {
	conv := c.where()
	if conv.kind == Console {
		c.refuse(Notice{Code: NoticeConsoleStays})
		return
	}
	before := len(conv.outbox)
	if conv.kind == Room {
		c.leaveRoom(conv, "")
		c.leftByHand(conv.room)
	}
	c.failOutbox(conv, conv.account.whyDown())
	c.welcome(conv)
	c.discard(conv)
	c.keepName(conv.id)
	if unsent := before - len(conv.outbox); unsent > 0 {
		c.notify(conv.account.console.id, Notice{Code: NoticeUnsent, Level: Warn, JID: conv.id.Peer, Count: unsent})
	}
}
