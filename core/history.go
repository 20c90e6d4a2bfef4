package core

import "traboule/im"

// HistoryStore is where what is said is kept.
type HistoryStore uint8

// The places. With NoStore nothing is kept, nor asked for.
const (
	NoStore     HistoryStore = iota
	MemoryStore              // until the end of the session
	DiskStore                // in the profile
)

// HistoryOptions is where what is said is kept, and what an earlier session kept of what is needed to go on.
type HistoryOptions struct {
	Store HistoryStore
	// LastSeq is the greatest Seq of all messages that are kept.
	LastSeq uint64
	// Policies, Marks and Unread are the im.HistoryRecord, im.ArchiveRecord and im.UnreadRecord that are kept.
	Policies []im.HistoryRecord
	Marks    []im.ArchiveRecord
	Unread   []im.UnreadRecord
	// Conversations are those of which something is kept.
	Conversations []ConversationID
}

// policies sorts the settings that are kept by the conversation that they belong to.
func policies(kept []im.HistoryRecord) map[ConversationID]im.HistoryPolicy {
	by := make(map[ConversationID]im.HistoryPolicy)
	for _, r := range kept {
		by[ConversationID{r.Account, r.Peer}] = r.Policy
	}
	return by
}

// historyPolicy is how long what is said in a conversation is kept. That OTR texts are, is only ever said of one
// conversation.
func (c *Core) historyPolicy(id ConversationID) im.HistoryPolicy {
	p := c.policies[id]
	switch {
	case c.options.History.Store == NoStore || id.IsConsole():
		return im.HistoryPolicy{}
	case p.Mode == im.HistoryUnset:
		all := c.historyOfAll()
		p.Mode, p.Days = all.Mode, all.Days
	}
	return p
}

// historyOfAll is how long what is said is kept where nothing else is set: in memory until the end, on disk not at all.
func (c *Core) historyOfAll() im.HistoryPolicy {
	p := c.policies[ConversationID{}]
	p.Encrypted = false
	switch {
	case c.options.History.Store == NoStore:
		p.Mode = im.HistoryUnset
	case p.Mode != im.HistoryUnset:
	case c.options.History.Store == MemoryStore:
		p.Mode = im.HistoryOn
	default:
		p.Mode = im.HistoryOff
	}
	return p
}

// setHistory changes how long what is said is kept: in one conversation, or with the zero id in all others.
func (c *Core) setHistory(id ConversationID, p im.HistoryPolicy) {
	c.policies[id] = p
	c.keep(im.HistoryRecord{Kept: im.Kept{Account: id.Account}, Peer: id.Peer, Policy: p})
}

// keepLine has a line kept, or what has changed about it, where that is wanted. A text that was encrypted is kept only in a
// conversation for which that was set by hand.
func (c *Core) keepLine(conv *conversation, line *Line) {
	if c.keepsLine(conv, line) {
		c.keep(im.MessageRecord{Kept: im.Kept{Account: conv.id.Account}, Message: stored(conv, line)})
	}
}

// keepsLine reports whether a line is one to keep.
func (c *Core) keepsLine(conv *conversation, line *Line) bool {
	p := c.historyPolicy(conv.id)
	return line.Notice == nil && p.Keeps() && (!line.secret() || p.Encrypted)
}

// stored gives a line as it is kept.
func stored(conv *conversation, l *Line) im.StoredMessage {
	m := im.StoredMessage{
		Peer: conv.id.Peer, Kind: conv.messageKind(), Seq: l.Seq, Time: l.Time, Out: l.Out, From: l.From, JID: l.JID, ID: l.ID,
		Body: l.Body, Action: l.Action, Mention: l.Mention, Edited: l.Edited, Delayed: l.Delayed, Archived: l.Archived,
		State: l.State, Encryption: l.Encryption, Trust: l.Trust, Warning: l.Warning,
	}
	if o := l.origin; o != nil {
		m.Sender, m.OriginID, m.StanzaID = o.sender, o.originID, o.stanzaID
	}
	return m
}

// KeptMessage is a message that is kept as one that was asked for, cleaned like it.
func KeptMessage(account im.JID, m im.StoredMessage) HistoryFact {
	line := lineOfStored(m)
	return HistoryFact{Conversation: ConversationID{account, m.Peer}, Kind: m.Kind, Line: &line}
}

// lineOfStored makes a line of what was kept. What an earlier session had not got through, nobody knows any more.
func lineOfStored(m im.StoredMessage) Line {
	l := Line{
		Seq: m.Seq, Time: m.Time, Out: m.Out, From: CleanName(m.From), JID: m.JID, ID: shownID(m.ID), Body: CleanText(m.Body),
		Action: m.Action, Mention: m.Mention, Edited: m.Edited, Delayed: m.Delayed, Archived: m.Archived, State: m.State,
		Encryption: m.Encryption, Trust: m.Trust, Warning: m.Warning,
		origin: &origin{sender: m.Sender, originID: boundedID(m.OriginID), stanzaID: boundedID(m.StanzaID)},
	}
	if l.State == StatePending {
		l.State, l.Err = StateFailed, &im.Failure{Code: im.CodeUnconfirmed}
	}
	return l
}

// boundedID is an id as it is remembered: one that is too long is none.
func boundedID(id string) string {
	if len(id) > maxMessageID {
		return ""
	}
	return id
}

// shownID is an id as scripts see it.
func shownID(id string) string {
	if id = boundedID(id); id == "" {
		return ""
	}
	return CleanName(id)
}
