package core

import "traboule/im"

// fact tells the front ends of something.
func (c *Core) fact(f Fact) { c.out.Show = append(c.out.Show, f) }

// notify says something in a conversation, and to scripts as a "notice".
func (c *Core) notify(id ConversationID, n Notice) *Line {
	id = c.placeFor(id).id
	line := c.remark(id, n)
	c.fact(NoticeFact{Conversation: id, Notice: line.Notice})
	return line
}

// announce says something that concerns the whole session: in the console of each account, whichever the user looks at, or
// where there is none in the client's own. It is one notice, which names no account.
func (c *Core) announce(n Notice) {
	consoles := []*conversation{c.conversations[ConversationID{}]}
	if len(c.accounts) > 0 {
		consoles = consoles[:0]
	}
	for _, a := range c.accounts {
		consoles = append(consoles, a.console)
	}
	for _, console := range consoles {
		c.append(console, Line{Notice: &n})
	}
	c.fact(NoticeFact{Notice: &n})
}

// onStoreFailed says that something is not kept, also where the user looks: it may be lost at the end.
func (c *Core) onStoreFailed(err im.Failure) {
	n := Notice{Code: NoticeStoreFailed, Level: Error, Err: cleanFailure(&err)}
	c.announce(n)
	if c.current.kind != Console {
		c.append(c.current, Line{Notice: &n})
	}
}

// remark says something in a conversation that another fact tells scripts: presence, occupants, rooms, subjects, roster.
// It is about the account of the conversation, unless it names another.
func (c *Core) remark(id ConversationID, n Notice) *Line {
	if n.Account.IsZero() {
		n.Account = id.Account
	}
	return c.addLine(id, Line{Notice: &n})
}

// answer says something in the window where a command was given.
func (c *Core) answer(n Notice) *Line { return c.notify(c.where().id, n) }

// refuse answers that a command cannot be carried out.
func (c *Core) refuse(n Notice) {
	n.Level = Error
	c.answer(n)
}
