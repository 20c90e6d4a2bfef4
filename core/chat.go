package core

import (
	"time"

	"traboule/im"
)

// typingLasts is how long somebody is shown as writing after their last sign of it: as long as clients repeat it.
const typingLasts = 30 * time.Second

// onChat takes a message of a one to one conversation, from the peer or a copy of what we sent from another device.
func (c *Core) onChat(a *account, m im.Message) {
	out := m.Carbon == im.CarbonSent
	peer := m.From
	if out {
		peer = m.To
	}
	if peer.IsZero() {
		peer = a.jid.DomainJID() // without a sender, it is our own server that speaks (RFC 6120 §8.1.2.1)
	}
	conv := c.personFor(a, peer.Bare())
	if conv == nil {
		c.notify(a.console.id, Notice{
			Code: NoticeStrangerMessage, Level: Warn, JID: peer, Text: CleanText(m.Body), Of: maxStrangers,
		})
		return
	}
	h := heard{message: m, from: conv.name(), jid: peer, sender: m.From.String(), out: out}
	switch {
	case out:
		h.from, h.jid = c.ownName(conv), m.From
	case m.FromRoom && conv.contact == nil:
		h.from = CleanJID(peer) // out of a room that only another device of ours is in: the nick says who it is
	}
	if c.known(conv, h) {
		return
	}
	c.hear(conv, h)
	if !out && m.Carbon == im.NoCarbon {
		conv.lockedTo = peer
		c.heardIn(conv, m)
		c.acknowledgeTo(conv, m)
	}
}

// personFor returns the conversation with somebody, opening it if need be; nil if too many strangers have opened one.
func (c *Core) personFor(a *account, bare im.JID) *conversation {
	id := ConversationID{a.jid, bare}
	if conv := c.conversations[id]; conv != nil {
		return conv
	}
	stranger := a.contacts[bare] == nil
	if stranger && a.strangers >= maxStrangers {
		return nil
	}
	conv := c.open(id, Person)
	if stranger {
		conv.uninvited = true
		a.strangers++
	}
	return conv
}

// acknowledgeTo tells the author of a message that we have it, if they ask, the user lets us, and they may know that we are
// here anyway.
func (c *Core) acknowledgeTo(conv *conversation, m im.Message) {
	if !c.sees(conv.contact) || m.ID == "" {
		return
	}
	if m.WantsReceipt && c.disclose[DiscloseReceipts] {
		c.send(im.SendReceipt{For: c.by(conv.account), To: m.From, Kind: im.Chat, Stanza: m.ID})
	}
	if m.Markable && c.disclose[DiscloseMarkers] {
		conv.unmarked = m
		if conv == c.current && c.looking {
			c.mark(conv)
		}
	}
}

// mark tells the author of the last message that it was displayed (XEP-0333).
func (c *Core) mark(conv *conversation) {
	m := conv.unmarked
	conv.unmarked = im.Message{}
	if m.ID != "" && c.disclose[DiscloseMarkers] && conv.account.online() && c.sees(conv.contact) {
		c.send(im.SendReceipt{For: c.by(conv.account), To: m.From, Kind: im.Chat, Stanza: m.ID, Displayed: true})
	}
}

// markSeen takes a conversation for read: the user looks at it.
func (c *Core) markSeen(conv *conversation) {
	conv.unread, conv.mentions = 0, 0
	c.dropUnread(conv)
	c.mark(conv)
	c.touch(dirtyRows)
}

// target is where a message of a conversation goes: to the device with which there is an OTR session, else to the one that
// wrote last. Where there has to be a session, it goes to a device that can have one.
func (c *Core) target(conv *conversation) im.JID {
	if s := c.otrSession(conv); s != nil {
		return s.peer
	}
	to := c.lockedDevice(conv)
	required := conv.kind == Person && c.otrPolicy(conv.account, conv.id.Peer) == im.OTRRequired
	if required && to.IsBare() && conv.contact != nil && len(conv.contact.resources) > 0 {
		return conv.contact.resources[0].From
	}
	return to
}

// lockedDevice is the device of a person that wrote last, while it is there, else all of them (RFC 6121 §5.1); never so in
// rooms.
func (c *Core) lockedDevice(conv *conversation) im.JID {
	if conv.kind != Person || conv.lockedTo.IsZero() {
		return conv.id.Peer
	}
	if conv.contact != nil && len(conv.contact.resources) > 0 {
		if _, here := conv.contact.resource(conv.lockedTo); !here {
			return conv.id.Peer
		}
	}
	return conv.lockedTo
}

// ownName is what we are called in a conversation.
func (c *Core) ownName(conv *conversation) string {
	if conv.kind == Room || conv.kind == Occupant {
		return c.ownNick(conv)
	}
	if local := conv.account.address().Local(); local != "" {
		return CleanName(local)
	}
	return CleanName(conv.account.jid.Domain())
}

// conversationWith finds the open conversation that an address belongs to.
func (c *Core) conversationWith(a *account, from im.JID) *conversation {
	if conv := c.conversations[ConversationID{a.jid, from}]; conv != nil {
		return conv
	}
	return c.conversations[ConversationID{a.jid, from.Bare()}]
}

func (c *Core) onReceipt(a *account, e im.ReceiptReceived) {
	conv := c.conversationWith(a, e.From)
	if conv == nil || conv.kind != Person && conv.kind != Occupant {
		return // in a room, one occupant's word is not that of all
	}
	state := StateReceived
	if e.Displayed {
		state = StateRead
	}
	c.acknowledge(conv, e.ID, state)
}

// onBounced tells of a message of ours that was not taken.
func (c *Core) onBounced(a *account, e im.MessageBounced) {
	conv := c.conversationWith(a, e.From)
	if conv == nil {
		return
	}
	if conv.kind == Person {
		conv.lockedTo = im.JID{}
	}
	if r := conv.room; r != nil && e.From != conv.id.Peer && e.From.Resource() != r.nick {
		return // the room speaks for itself: this is an occupant, who knows the ids of all that is said
	}
	if r := conv.room; r != nil && r.isJoined() && (e.Err.Code == im.CodeNotAcceptable || e.Err.Code == im.CodeItemNotFound) {
		c.pingRoom(r) // only occupants may speak: perhaps we are no longer one, or the room has vanished
	}
	if seq, found := conv.recent.find(ourselves, e.ID); found {
		if conv.kind == Room {
			c.echoed(conv.room, e.ID)
		}
		c.fail(conv, c.outgoing(conv, e.ID, seq), &e.Err)
	}
}

// outgoing returns the message with this id from the outbox, or one like it if the server had acknowledged it.
func (c *Core) outgoing(conv *conversation, id string, seq uint64) *outgoing {
	for _, o := range conv.outbox {
		if o.id == id {
			return o
		}
	}
	return &outgoing{seq: seq, id: id}
}

func (c *Core) onChatState(a *account, e im.ChatStateReceived) {
	conv := c.conversationWith(a, e.From)
	if conv == nil || conv.kind == Console {
		return
	}
	if e.State != im.Composing {
		c.stopTyping(conv, e.From)
		return
	}
	if conv.typing == nil {
		conv.typing = make(map[im.JID]*alarm)
	}
	old, already := conv.typing[e.From]
	if !already && len(conv.typing) >= maxTyping {
		return
	}
	c.cancel(old)
	conv.typing[e.From] = c.wakeAt(c.now.Add(typingLasts), func() { c.stopTyping(conv, e.From) })
	c.touch(dirtyPerson)
}

// stopTyping takes somebody for no longer writing.
func (c *Core) stopTyping(conv *conversation, who im.JID) {
	alarm, found := conv.typing[who]
	if !found {
		return
	}
	c.cancel(alarm)
	delete(conv.typing, who)
	c.touch(dirtyPerson)
}

func (c *Core) stopAllTyping(conv *conversation) {
	for who := range conv.typing {
		c.stopTyping(conv, who)
	}
}

// doCompose tells the other end that we are typing, or no longer, if the user lets us and they see our presence.
func (c *Core) doCompose(d Compose) {
	conv := c.where()
	if d.Typing && conv != c.current {
		return // nobody would take it back
	}
	c.compose(conv, d.Typing)
}

func (c *Core) compose(conv *conversation, typing bool) {
	if conv.composing == typing || conv.kind != Person || !c.disclose[DiscloseTyping] ||
		!conv.account.online() || !c.sees(conv.contact) {
		return
	}
	conv.composing = typing
	state := im.Paused
	if typing {
		state = im.Composing
	}
	c.send(im.SendChatState{For: c.by(conv.account), To: c.target(conv), Kind: im.Chat, State: state})
}

// stopComposing takes back that we are typing, as the user goes elsewhere.
func (c *Core) stopComposing(conv *conversation) {
	if conv != nil && conv == c.current && conv.composing {
		c.compose(conv, false)
	}
}
