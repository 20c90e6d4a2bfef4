package core

import "traboule/im"

// What the fixed parts of a line take in memory, in bytes, rounded up; a test holds them against the compiler.
const (
	lineSize    = 216
	originSize  = 56
	noticeSize  = 456
	rowSize     = 192
	failureSize = 112
	otrSize     = 104
)

// weightOf estimates the bytes that a line keeps in memory: every text in it may be as long as others like, addresses
// included.
func weightOf(l *Line) int {
	n := lineSize + len(l.Body) + len(l.From) + len(l.ID) + weightOfJID(l.JID) + weightOfFailure(l.Err)
	if l.origin != nil {
		n += originSize + len(l.origin.sender) + len(l.origin.originID) + len(l.origin.stanzaID)
	}
	if l.Notice != nil {
		n += weightOfNotice(l.Notice)
	}
	return n
}

// Weight estimates the bytes that the lines of facts keep in memory. Other facts are short, and not counted.
func Weight(facts []Fact) int {
	w := 0
	for _, f := range facts {
		switch f := f.(type) {
		case LineAdded:
			w += weightOf(f.Line)
		case LineChanged:
			w += weightOf(f.Line)
		case HistoryFact:
			w += weightOf(f.Line)
		}
	}
	return w
}

func weightOfNotice(n *Notice) int {
	w := noticeSize + len(n.Text) + len(n.Reason) + len(n.Nick) + len(n.NewNick) + len(n.Actor) + len(n.Argument) +
		len(n.Suggestion) + weightOfJID(n.JID) + weightOfJID(n.Room) + weightOfFailure(n.Err)
	if n.OTR != nil {
		w += otrSize + len(n.OTR.Theirs) + len(n.OTR.Ours) + len(n.OTR.Former) + len(n.OTR.URI)
	}
	for i := range n.List {
		w += rowSize + len(n.List[i].Name) + len(n.List[i].Status) + weightOfJID(n.List[i].JID)
	}
	return w
}

func weightOfJID(j im.JID) int { return len(j.Local()) + len(j.Domain()) + len(j.Resource()) }

func weightOfFailure(f *im.Failure) int {
	if f == nil {
		return 0
	}
	return failureSize + len(f.Text) + len(f.Detail) + len(f.Condition) + len(f.Fingerprint) + len(f.Pinned)
}

// weigh counts bytes that came into a conversation, and drops the oldest lines where there are too many.
func (c *Core) weigh(conv *conversation, bytes int) {
	conv.weight += bytes
	c.weight += bytes
	for conv.log.Len() > maxLines || conv.weight > maxLogBytes && conv.log.Len() > 1 {
		c.dropOldest(conv)
	}
	for c.weight > maxAllLogBytes {
		most := c.heaviest()
		if most.log.Len() <= 1 {
			return
		}
		c.dropOldest(most)
	}
}

func (c *Core) dropOldest(conv *conversation) {
	before := conv.log
	conv.log = before.DropOldest()
	// What goes can be had again if it is kept, or if the archive has it.
	conv.older.stored, conv.older.archived, conv.older.before = false, false, ""
	for i := range before.Len() - conv.log.Len() {
		w := weightOf(before.At(i))
		conv.weight -= w
		c.weight -= w
	}
}

func (c *Core) heaviest() *conversation {
	var most *conversation
	for _, conv := range c.windows {
		if most == nil || conv.weight > most.weight {
			most = conv
		}
	}
	return most
}
