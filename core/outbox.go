package core

import (
	"slices"
	"strings"

	"traboule/im"
)

// ourselves is the sender of what this session sends, in a conversation's recent lines.
const ourselves = ""

// outgoing is a message of ours that is not acknowledged yet.
//
//	waiting --send--> in flight --Done--> sent
//	   ^                 |
//	   |                 | connection lost: once more with the same id in the next session,
//	   +-----------------+ if the server may have it already; any time if it cannot have it
//	                     +--any other failure, or the account is given up--> failed
type outgoing struct {
	seq                uint64
	id, body, replaces string
	inFlight           bool
	session            int  // of the account, when it was last sent
	unknown            bool // the server may have it already
	want               sealing
}

// deliver says a text in a conversation: it appears at once, and goes out as soon as the connection (and the room) allow.
// With replaces, it corrects the line of ours with that id.
func (c *Core) deliver(conv *conversation, text, replaces string) *Line {
	text = sendable(text)
	switch {
	case strings.TrimSpace(text) == "":
		c.refuse(Notice{Code: NoticeMissingArgument, Text: "say", Argument: "TEXT"})
		return nil
	case len(text) > maxText:
		c.refuse(Notice{Code: NoticeMessageTooLong, Count: len(text), Of: maxText})
		return nil
	case len(conv.outbox) >= maxOutbox:
		c.refuse(Notice{Code: NoticeTooManyUnsent, JID: conv.id.Peer, Of: maxOutbox})
		return nil
	}
	id := c.options.NewID()
	if replaces == "" {
		conv.said = id
	}
	want := c.seal(conv)
	line := c.own(conv, Line{ID: id, origin: &origin{originID: id, sealed: want.wanted}}, text, replaces)
	o := &outgoing{seq: line.Seq, id: id, body: text, replaces: replaces, want: want}
	conv.outbox = append(conv.outbox, o)
	if why := c.guard(conv); why != "" {
		return c.giveUpOn(conv, o, &im.Failure{Code: why})
	}
	if !conv.account.wanted && !conv.account.online() {
		return c.giveUpOn(conv, o, conv.account.whyDown())
	}
	c.flush(conv)
	return line
}

// own puts a text of ours into a conversation, or in the place of the one that it corrects.
func (c *Core) own(conv *conversation, line Line, text, replaces string) *Line {
	line.Out, line.From, line.JID = true, c.ownName(conv), conv.account.address()
	line.State, line.Time = StatePending, c.now
	line.Body, line.Action = action(CleanText(text))
	if s := c.otrSession(conv); s != nil && s.state == im.OTREncrypted {
		line.Encryption, line.Trust = im.OTR, s.trust()
	}
	var shown *Line
	if old := conv.lineOf(ourselves, replaces); old != nil {
		shown = c.replace(conv, line.inPlaceOf(old))
	} else {
		shown = c.append(conv, line)
	}
	conv.recent.add(ourselves, shown.ID, "", shown.Seq)
	c.fact(MessageFact{Conversation: conv.id, Kind: conv.messageKind(), Line: shown, Replaces: replaces})
	return shown
}

// flush sends what waits in a conversation, as far as it can go out now: nothing overtakes a message of an earlier session
// whose fate is not known yet.
func (c *Core) flush(conv *conversation) {
	if !conv.account.online() || conv.kind != Person && !c.canDeliver(conv) {
		return
	}
	for _, o := range slices.Clone(conv.outbox) {
		if o.inFlight && o.session < conv.account.session {
			return
		}
		if o.inFlight {
			continue
		}
		switch ready, why := c.ready(conv, o.want); ready {
		case goAhead:
			c.transmit(conv, o)
		case giveBack:
			c.giveUpOn(conv, o, &im.Failure{Code: why})
		case holdOn:
			return
		}
	}
}

func (c *Core) transmit(conv *conversation, o *outgoing) {
	a := conv.account
	o.inFlight, o.session = true, a.session
	m := im.SendMessage{
		For: c.by(a), To: c.target(conv), Kind: conv.messageKind(), Stanza: o.id, Body: o.body, Replaces: o.replaces,
	}
	if s := c.otrSession(conv); s != nil && s.state == im.OTREncrypted {
		m.Theirs = s.theirs
	}
	if conv.kind == Person {
		m.AskReceipt, m.AskMarker = c.disclose[DiscloseReceipts], c.disclose[DiscloseMarkers]
		m.State = c.disclose[DiscloseTyping]
		conv.composing = false
	}
	c.ask(m, func(d im.Done) { c.transmitted(conv, o, d) })
}

// transmitted takes the end of one attempt to send a message.
func (c *Core) transmitted(conv *conversation, o *outgoing, d im.Done) {
	o.inFlight = false
	again := o.unknown
	o.unknown = o.unknown || d.Unknown
	c.sealed(conv, o, d)
	a := conv.account
	switch {
	case !slices.Contains(conv.outbox, o): // the room or a receipt has told before that it arrived
	case d.Err == nil:
		c.acknowledge(conv, o.id, StateSent)
		if conv.kind == Room {
			c.awaitEcho(conv.room, o.id)
		}
	case !isOutage(d) || d.Unknown && again || !a.wanted && !a.online():
		c.giveUpOn(conv, o, d.Err)
	case c.conversations[conv.id] != conv:
		c.giveUpOn(conv, o, d.Err) // its window is closed: nobody would see it go
	}
	if a.session > o.session {
		c.flush(conv)
	}
}

// isOutage reports whether a request failed for want of a connection only, so that the next one may carry it out.
func isOutage(d im.Done) bool {
	if d.Unknown {
		return true
	}
	switch d.Err.Code {
	case im.CodeConnectionLost, im.CodeNotConnected, im.CodeStream, im.CodeTimeout, im.CodeUnreachable,
		im.CodeConnectionRefused, im.CodeNameNotFound, im.CodeOnionUnreachable, im.CodeTorUnavailable, im.CodeTorBootstrap,
		im.CodeTorMissing, im.CodeTorFailed, im.CodeNoNetwork, im.CodeClockWrong, im.CodeOnionNotFound, im.CodeOnionDown, im.CodeOnionAuth,
		im.CodeOnionAddress, im.CodeOnionV2, im.CodeExitRefused, im.CodeProxyRefused, im.CodeNotTor, im.CodeCircuitsRenewed:
		return true
	}
	return false
}

// acknowledge tells that a message of ours has come further. It never goes back.
func (c *Core) acknowledge(conv *conversation, id string, state MessageState) {
	conv.outbox = slices.DeleteFunc(conv.outbox, func(o *outgoing) bool { return o.id == id })
	said := conv.lineOf(ourselves, id)
	if said == nil {
		return
	}
	line := *said
	if line.ID != id { // corrected meanwhile: scripts want to know all the same
		c.fact(MessageStateFact{Conversation: conv.id, ID: id, State: state})
		return
	}
	if line.State >= state && line.State != StateFailed {
		return
	}
	line.State, line.Err = state, nil
	c.replace(conv, line)
	c.fact(MessageStateFact{Conversation: conv.id, ID: id, State: state, Encryption: line.Encryption, Trust: line.Trust})
}

// giveUpOn tells that a message of ours will not be sent any more. If the server may have it from an attempt before, it may
// have arrived all the same, and that is what matters to who wrote it.
func (c *Core) giveUpOn(conv *conversation, o *outgoing, err *im.Failure) *Line {
	if o.unknown || o.inFlight {
		err = &im.Failure{Code: im.CodeUnconfirmed}
	}
	return c.fail(conv, o, err)
}

// fail tells that a message of ours was not sent, or not taken.
func (c *Core) fail(conv *conversation, o *outgoing, err *im.Failure) *Line {
	conv.outbox = slices.DeleteFunc(conv.outbox, func(p *outgoing) bool { return p == o })
	if c.quit.started {
		c.quit.unsent++
	}
	err = cleanFailure(err)
	defer c.fact(MessageStateFact{Conversation: conv.id, ID: o.id, State: StateFailed, Err: err})
	if c.conversations[conv.id] != conv { // its window is closed: nobody would see it there
		c.notify(conv.account.console.id, Notice{Code: NoticeUnsent, Level: Warn, JID: conv.id.Peer, Count: 1, Err: err})
		return nil
	}
	said := conv.log.Find(o.seq)
	if said == nil {
		return nil
	}
	line := *said
	if line.ID != o.id {
		return &line // corrected meanwhile
	}
	line.State, line.Err = StateFailed, err
	if line.GivenBack() {
		line.Encryption, line.Trust = im.Unencrypted, im.TrustNone
	}
	return c.replace(conv, line)
}

// failAll tells of everything that waits for a connection that it will not be done.
func (c *Core) failAll(a *account) {
	for _, conv := range c.windows {
		if conv.account == a {
			c.failOutbox(conv, a.whyDown())
		}
	}
	c.failWishes(a)
}

// failOutbox tells of what waits to be said in a conversation that it will not be. What is on its way still gets its answer.
func (c *Core) failOutbox(conv *conversation, err *im.Failure) {
	for _, o := range slices.Clone(conv.outbox) {
		if !o.inFlight {
			c.giveUpOn(conv, o, err)
		}
	}
}

// messageKind is the kind of the messages of a conversation.
func (conv *conversation) messageKind() im.Kind { return conv.kind.messageKind() }

func (k ConversationKind) messageKind() im.Kind {
	switch k {
	case Room:
		return im.Groupchat
	case Occupant:
		return im.Private
	default:
		return im.Chat
	}
}

// action splits a "/me" text (XEP-0245 §2).
func action(text string) (string, bool) {
	if rest, found := strings.CutPrefix(text, "/me "); found {
		return rest, true
	}
	return text, false
}

// sendable takes out what XML cannot carry.
func sendable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
