package core

import "traboule/im"

// private is who a private conversation with an occupant is with (XEP-0045 §7.5). A nick changes hands, so it does not say.
type private struct {
	visit uint64 // of the occupant, 0 for nobody
	id    string // the room's id for the occupant (XEP-0421)
	jid   im.JID // the real address, where the room shows it
	// gone is set when that person has left: nothing more is sent, for whoever has the nick now may be somebody else.
	gone bool
	// other is the visit of somebody else with this nick whom the user has been told of.
	other uint64
}

func privateWith(o *occupant) *private { return &private{visit: o.visit, id: o.ID, jid: o.JID} }

// occupantOf returns who has the nick of a private conversation now, or nil.
func (c *Core) occupantOf(conv *conversation) *occupant {
	r := c.roomAt(conv.account, conv.id.Peer.Bare())
	if r == nil || !r.isJoined() {
		return nil
	}
	return r.present.byNick[conv.id.Peer.Resource()]
}

// occupantShow tells how available the other end of a private conversation is.
func (c *Core) occupantShow(conv *conversation) im.Show {
	if o := c.occupantOf(conv); o != nil && conv.private != nil && o.visit == conv.private.visit {
		return o.Show
	}
	return im.Offline
}

// occupantNamed gives the address of an occupant of the current room.
func (c *Core) occupantNamed(nick string) (im.JID, bool) {
	r := c.roomHere()
	if r == nil || !r.isJoined() {
		return im.JID{}, false
	}
	found := r.present.find(nick)
	if len(found) != 1 {
		return im.JID{}, false
	}
	jid, err := r.jid().WithResource(found[0].Nick)
	return jid, err == nil
}

// openPrivate returns the private conversation with an occupant whom the user has named.
func (c *Core) openPrivate(a *account, jid im.JID) *conversation {
	conv := c.open(ConversationID{a.jid, jid}, Occupant)
	if conv.kind == Occupant {
		c.addressOccupant(conv)
	}
	return conv
}

// addressOccupant settles whom a private conversation is with, when the user opens it or says that it should go on.
func (c *Core) addressOccupant(conv *conversation) {
	o := c.occupantOf(conv)
	p := conv.private
	switch {
	case p == nil && o == nil:
		conv.private = &private{gone: true}
	case p == nil:
		conv.private = privateWith(o)
	case o != nil && (p.gone || p.visit != o.visit):
		conv.private = privateWith(o)
		c.notifyPrivate(conv, NoticePrivateAnew, Warn)
	}
}

// sayToOccupant speaks to one occupant, if it is still the same.
func (c *Core) sayToOccupant(conv *conversation, text string) {
	if conv.private == nil {
		c.addressOccupant(conv)
	}
	r := c.roomAt(conv.account, conv.id.Peer.Bare())
	switch {
	case r == nil || !r.wanted:
		c.refuse(Notice{Code: NoticeOutsideRoom, Room: conv.id.Peer.Bare()})
	case !conv.private.gone:
		c.deliver(conv, text, "")
	case c.occupantOf(conv) != nil:
		c.notifyPrivate(conv, NoticePrivateOther, Error)
	default:
		c.notifyPrivate(conv, NoticePrivateLeft, Error)
	}
}

func (c *Core) notifyPrivate(conv *conversation, code NoticeCode, level Level) {
	c.notify(conv.id, Notice{Code: code, Level: level, Room: conv.id.Peer.Bare(), Nick: conv.name()})
}

// isOutOfRoom reports whether a message comes out of a room although it looks like one of a contact: of a room that we know,
// or one that the sender marks so (XEP-0045 §7.5), as when we have just left it.
func (c *Core) isOutOfRoom(a *account, m im.Message) bool {
	peer := m.From
	if m.Carbon == im.CarbonSent {
		peer = m.To
	}
	bare := peer.Bare()
	return c.isRoom(a, bare) || m.FromRoom && !peer.IsBare() && a.contacts[bare] == nil && c.conversations[ConversationID{a.jid, bare}] == nil
}

// onPrivateMessage takes a private message of an occupant, or a copy of one that another device of ours has sent.
func (c *Core) onPrivateMessage(a *account, m im.Message) {
	peer := m.From
	if m.Carbon == im.CarbonSent {
		peer = m.To
	}
	r := c.roomAt(a, peer.Bare())
	if peer.Resource() == "" {
		c.onRoomMessage(a, m)
		return
	}
	conv := c.conversations[ConversationID{a.jid, peer}]
	if r == nil || !r.isJoined() || conv == nil && c.countPrivates(r) >= maxPrivates {
		c.notify(a.console.id, Notice{
			Code: NoticeRoomOutside, Level: Warn, Room: peer.Bare(), Nick: CleanName(peer.Resource()), Text: CleanText(m.Body),
		})
		return
	}
	conv = c.open(ConversationID{a.jid, peer}, Occupant)
	o := r.present.byNick[peer.Resource()]
	c.checkPrivate(conv, o)
	h := heard{message: m, from: conv.name(), sender: "nobody:", out: m.Carbon == im.CarbonSent}
	if o != nil {
		h.sender, h.jid = o.sender(), o.JID
		if r.present.isLookalike(o) {
			h.warning = WarnLookalike
		}
	}
	if h.out {
		h.from, h.sender, h.jid, h.warning = CleanName(r.nick), "carbon:", a.address(), NoWarning
	}
	if !c.known(conv, h) {
		c.hear(conv, h)
		c.heardIn(conv, m)
	}
}

// checkPrivate warns before a message that comes from somebody else than the conversation is with.
func (c *Core) checkPrivate(conv *conversation, o *occupant) {
	p := conv.private
	switch {
	case p == nil && o != nil:
		conv.private = privateWith(o)
	case p == nil:
		conv.private = &private{gone: true}
	case o == nil || o.visit == p.visit || o.visit == p.other:
	case o.isSame(p.id, p.jid):
		c.resumePrivate(conv, o)
	default:
		p.gone, p.other = true, o.visit
		c.notifyPrivate(conv, NoticePrivateOther, Warn)
	}
}

// resumePrivate goes on with somebody who is back, as the room assures.
func (c *Core) resumePrivate(conv *conversation, o *occupant) {
	conv.private = privateWith(o)
	c.notifyPrivate(conv, NoticePrivateBack, Info)
	c.flush(conv)
	c.touch(dirtyRows)
}

// privatesIn returns the private conversations with occupants of a room.
func (c *Core) privatesIn(r *room) []*conversation {
	var found []*conversation
	for _, conv := range c.windows {
		if conv.kind == Occupant && conv.account == r.account() && conv.id.Peer.Bare() == r.jid() {
			found = append(found, conv)
		}
	}
	return found
}

func (c *Core) countPrivates(r *room) int { return len(c.privatesIn(r)) }

// privateArrived looks whether somebody who has come takes up a private conversation, or only its nick.
func (c *Core) privateArrived(r *room, o *occupant) {
	if conv := c.privateNamed(r, o.Nick); conv != nil {
		c.checkPrivate(conv, o)
	}
}

// privateNamed returns the private conversation with whoever has, or had, a nick.
func (c *Core) privateNamed(r *room, nick string) *conversation {
	peer, err := r.jid().WithResource(nick)
	if err != nil {
		return nil
	}
	conv := c.conversations[ConversationID{r.account().jid, peer}]
	if conv == nil || conv.private == nil {
		return nil
	}
	return conv
}

// privateGone ends the private conversation with somebody who has left.
func (c *Core) privateGone(r *room, o *occupant) {
	conv := c.privateNamed(r, o.Nick)
	if conv == nil || conv.private.gone || conv.private.visit != o.visit {
		return
	}
	c.endPrivate(conv, NoticePrivateLeft)
}

// endPrivate ends a private conversation, and says why unless the client ends.
func (c *Core) endPrivate(conv *conversation, why NoticeCode) {
	conv.private.gone = true
	if !c.quit.started {
		c.notifyPrivate(conv, why, Warn)
	}
	c.failOutbox(conv, &im.Failure{Code: im.CodeItemNotFound})
	c.touch(dirtyRows)
}

// endPrivates ends the private conversations of a room that we are no longer in.
func (c *Core) endPrivates(r *room) {
	for _, conv := range c.privatesIn(r) {
		if conv.private != nil && !conv.private.gone {
			c.endPrivate(conv, NoticePrivateOutside)
		}
	}
}

// failGone tells, in a new session, of what was on its way to somebody who has gone that it may have got lost.
func (c *Core) failGone(a *account) {
	for _, conv := range c.windows {
		if conv.account == a && conv.private != nil && conv.private.gone {
			c.failOutbox(conv, &im.Failure{Code: im.CodeConnectionLost})
		}
	}
}

// reviewPrivates looks, on a return, who of our private conversations is still there.
func (c *Core) reviewPrivates(r *room) {
	for _, conv := range c.privatesIn(r) {
		p := conv.private
		if p == nil {
			continue
		}
		if o := c.occupantOf(conv); o != nil {
			c.checkPrivate(conv, o)
		} else if !p.gone {
			c.endPrivate(conv, NoticePrivateLeft)
		}
		if p == conv.private && p.gone {
			c.failOutbox(conv, &im.Failure{Code: im.CodeItemNotFound})
		}
	}
}

// privateRenamed lets a private conversation follow somebody to another nick. Where there is a conversation under that nick
// already, it was with somebody else, and stays.
func (c *Core) privateRenamed(r *room, o *occupant, before string) {
	c.privateArrived(r, o)
	conv := c.privateNamed(r, before)
	if conv == nil || conv.private.gone || conv.private.visit != o.visit {
		return
	}
	n := Notice{Code: NoticePrivateRenamed, Room: r.jid(), Nick: conv.name(), NewNick: o.name}
	peer, err := r.jid().WithResource(o.Nick)
	if err != nil || c.conversations[ConversationID{conv.account.jid, peer}] != nil {
		conv.private.gone = true
		c.notify(conv.id, n)
		c.failOutbox(conv, &im.Failure{Code: im.CodeItemNotFound})
		return
	}
	c.notify(conv.id, n)
	delete(c.conversations, conv.id)
	conv.account.otr.rename(conv.id.Peer, peer)
	c.tellPolicy(conv.account, conv.id.Peer)
	c.tellPolicy(conv.account, peer)
	conv.id.Peer = peer
	c.conversations[conv.id] = conv
	c.touch(dirtyRows)
}
