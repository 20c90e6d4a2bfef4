package core

import "traboule/im"

const (
	// maxHeld bounds the late messages that wait for an archive which has them at their place, and maxHeldBytes their texts. More
	// than that stands where it came.
	maxHeld, maxHeldBytes = maxMissed, 32 << 20
	// maxMet bounds the ids that are remembered of what an archive had.
	maxMet = 4 * maxMissed
)

// late is what comes late, as servers send once more what they have kept for us, while an archive is being read that has it at
// its place, between what others of our devices said.
type late struct {
	held  []im.Message
	bytes int
	met   map[string]bool // the ids of those that the archive had
}

// meet notes what the archive had.
func (l *late) meet(messages []im.ArchivedMessage) {
	if l.met == nil || len(l.met) > maxMet {
		l.met = make(map[string]bool)
	}
	for _, m := range messages {
		l.met[m.ID] = true
	}
}

// hold keeps a message that comes late until the archive has told what was said before it and after it.
func (c *Core) hold(a *account, m im.Message) bool {
	ar := a.archives[im.JID{}]
	if ar == nil || ar.reading == nil || !m.Delayed || m.StanzaID == "" || m.Carbon != im.NoCarbon || m.Hint != "" || m.Exposed ||
		m.Encryption != im.Unencrypted {
		return false
	}
	l := &ar.late
	if len(l.held) >= maxHeld || l.bytes+len(m.Body) > maxHeldBytes {
		return false
	}
	l.held = append(l.held, m)
	l.bytes += len(m.Body)
	return true
}

// release lets through what was held and the archive did not have. Where the reading of it only pauses, it waits on.
func (c *Core) release(a *account, ar *archive) {
	l := ar.late
	ar.late = late{}
	for _, m := range l.held {
		if !l.met[m.StanzaID] {
			c.onChat(a, m)
		} else if conv := c.conversationWith(a, m.From); conv != nil && conv.kind == Person {
			c.acknowledgeTo(conv, m)
		}
	}
}
