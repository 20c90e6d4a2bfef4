package core

import "traboule/im"

// heard is a text from outside that is about to become a line.
type heard struct {
	message im.Message
	// from is what to call the sender; it is clean.
	from string
	// jid is the sender's address where it is known: a contact's full JID, an occupant's real one.
	jid im.JID
	// sender is who alone may correct the text: a full JID, or what tells an occupant of a room from all others.
	sender string
	// out is set for what another device of ours has sent.
	out      bool
	mention  bool
	archived bool
	warning  Warning
	// trust is how well the key is known that the text was encrypted with.
	trust im.Trust
}

// hear puts a text from outside into a conversation, as a line of its own or in the place of the one that it corrects, and
// returns the line. It does not look for duplicates: see known.
func (c *Core) hear(conv *conversation, h heard) *Line {
	c.stopTyping(conv, h.message.From)
	h.trust = c.messageTrust(conv, h.message)
	shown, replaces := c.place(conv, h, c.lineOf(h))
	c.fact(MessageFact{Conversation: conv.id, Kind: conv.messageKind(), Line: shown, Replaces: replaces})
	return shown
}

// lineOf makes a line of a text from outside.
func (c *Core) lineOf(h heard) Line {
	m := h.message
	line := Line{
		Out: h.out, From: h.from, JID: h.jid, Mention: h.mention && !h.out, Delayed: m.Delayed, Archived: h.archived,
		Encryption: m.Encryption, Trust: h.trust, Warning: h.warning, Time: m.Delay, ID: shownID(m.ID),
		origin: &origin{sender: h.lasting(), originID: boundedID(m.OriginID), stanzaID: boundedID(m.StanzaID)},
	}
	line.Body, line.Action = action(CleanText(m.Body))
	switch {
	case m.Hint != "":
		line.Warning = WarnUndecryptable
	case m.Exposed:
		line.Warning = WarnNotEncrypted
	}
	if h.out {
		line.State = StateSent
	}
	if line.Time.IsZero() || line.Time.After(c.now) {
		line.Time = c.now
	}
	return line
}

// lasting is what tells the sender from all others in another session too: a full address, what the room calls an occupant
// for good, or at least the nick, which proves nothing but helps to know a message again.
func (h heard) lasting() string {
	switch m := h.message; {
	case m.Kind == im.Chat:
		return m.From.String()
	case m.OccupantID != "" && len(m.OccupantID) <= maxMessageID:
		return "id:" + m.OccupantID
	default:
		return "nick:" + m.From.Resource()
	}
}

// place shows a line, at the end or, for a correction by the author, where the text stood that it corrects (XEP-0308).
func (c *Core) place(conv *conversation, h heard, line Line) (shown *Line, replaces string) {
	m := h.message
	if m.Replaces != "" && m.Encryption == im.Unencrypted { // what stands outside of the cipher text, anybody may have put there
		if old := c.authored(conv, h); old != nil {
			line = line.inPlaceOf(old)
			shown = c.replace(conv, line)
			replaces = CleanName(m.Replaces)
		} else if line.Warning == NoWarning {
			line.Warning = WarnForeignCorrection
		}
	}
	if shown == nil {
		shown = c.append(conv, line)
	}
	id := m.ID
	if len(id) > maxMessageID {
		id = ""
	}
	conv.recent.add(h.sender, id, m.StanzaID, shown.Seq)
	return shown, replaces
}

// inPlaceOf makes a line the correction of another, whose place and id in archives it takes. One of ours is known by the id of
// the first too, for archives do not tell us what id they gave it.
func (l Line) inPlaceOf(old *Line) Line {
	l.Seq, l.Time, l.Edited = old.Seq, old.Time, true
	if old.origin != nil && l.origin != nil {
		o := *l.origin
		o.stanzaID = old.origin.stanzaID
		if l.Out {
			o.originID = old.origin.originID
		}
		l.origin = &o
	}
	return l
}

// authored finds the line that a text corrects, if its author is the same and it was as well protected.
func (c *Core) authored(conv *conversation, h heard) *Line {
	old := conv.lineOf(h.sender, h.message.Replaces)
	if old == nil || h.sender == ourselves || old.Encryption != im.Unencrypted {
		return nil
	}
	return old
}

// known reports whether a text is here already: a copy with the sender, id and text of a line, such as a server keeps for a
// session that it took for lost, or a client sends again when it does not know whether the first one arrived. Short ids
// prove nothing unless the copy is late, for there are clients that begin again at 1.
func (c *Core) known(conv *conversation, h heard) bool {
	m := h.message
	seq, found := conv.findStanza(m.StanzaID)
	if !found && (m.Delayed || m.Carbon != im.NoCarbon || len(m.ID) >= uniqueID) {
		seq, found = conv.find(h.sender, m.ID)
	}
	if !found {
		return false
	}
	line := conv.log.Find(seq)
	if line == nil {
		return true
	}
	body, _ := action(CleanText(m.Body))
	return line.Edited || line.Body == body
}
