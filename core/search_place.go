package core

import "traboule/im"

// aroundFound is how many lines are loaded on each side of one that a search has found.
const aroundFound = 50

// doShowFound goes to a line that the last search has found.
func (c *Core) doShowFound(d ShowFound) {
	found := c.search.view.Found
	if d.Number < 1 || d.Number > len(found) {
		c.refuse(Notice{Code: NoticeNoSuchResult, Count: d.Number, Of: len(found)})
		return
	}
	f := found[d.Number-1]
	conv := c.conversations[f.Conversation]
	if conv == nil {
		conv = c.open(f.Conversation, f.Kind)
	}
	if conv != c.current {
		c.show(conv)
	}
	if c.options.History.Store == NoStore {
		c.showLine(conv, f.Line)
		return
	}
	c.whenLoaded(conv, func() { c.showPlace(conv, f.Line) })
}

// showLine has a line shown, if it is there. One that is kept twice is there under another number.
func (c *Core) showLine(conv *conversation, line *Line) {
	seq := line.Seq
	if other, found := conv.findStanza(line.stanzaID()); found && conv.log.Find(seq) == nil {
		seq = other
	}
	if conv.log.Find(seq) == nil {
		c.notify(conv.id, Notice{Code: NoticeFoundGone, Level: Error, JID: conv.id.Peer, Nick: conv.name()})
		return
	}
	c.fact(LineShown{Conversation: conv.id, Seq: seq})
}

// showPlace has a kept line shown, with those around it.
func (c *Core) showPlace(conv *conversation, line *Line) {
	if c.conversations[conv.id] != conv {
		return
	}
	seq := line.Seq
	if conv.log.Find(seq) != nil {
		c.showLine(conv, line)
		return
	}
	if c.isFull(conv) {
		c.notify(conv.id, Notice{Code: NoticeHistoryFull, Level: Error, JID: conv.id.Peer})
		return
	}
	before := im.FetchHistory{For: c.by(conv.account), Peer: conv.id.Peer, Before: seq + 1, Limit: aroundFound}
	c.ask(before, func(d im.Done) {
		above, ok := d.Result.(im.HistoryResult)
		if d.Err != nil || !ok {
			c.placeFailed(conv, d)
			return
		}
		after := im.FetchHistory{For: c.by(conv.account), Peer: conv.id.Peer, After: seq, Limit: aroundFound}
		c.ask(after, func(d im.Done) {
			below, ok := d.Result.(im.HistoryResult)
			if d.Err != nil || !ok {
				c.placeFailed(conv, d)
				return
			}
			if c.conversations[conv.id] == conv {
				c.insertAround(conv, seq, above, below)
				c.showLine(conv, line)
			}
		})
	})
}

func (c *Core) placeFailed(conv *conversation, d im.Done) {
	c.notifyFailure(c.here(conv), Notice{Code: NoticeHistoryFailed, JID: conv.id.Peer, Nick: conv.name()}, failureOf(d))
}

// insertAround puts a stretch of kept lines between those that are there, and shows where others are missing around it.
func (c *Core) insertAround(conv *conversation, seq uint64, above, below im.HistoryResult) {
	for _, g := range conv.gaps {
		if g.stored && g.Seq < seq && seq < g.Until {
			c.hideGap(conv, g)
		}
	}
	at := conv.log.Search(seq)
	var under, over *Line // the neighbours that are there already
	if at > 0 {
		under = conv.log.At(at - 1)
	}
	if at < conv.log.Len() {
		over = conv.log.At(at)
	}
	messages := append(above.Messages, below.Messages...)
	if len(messages) == 0 {
		return
	}
	first, last := messages[0].Seq, messages[len(messages)-1].Seq
	c.insertStored(conv, messages)
	c.showGaps(conv, append(above.Gaps, below.Gaps...))
	if under == nil {
		conv.older.stored = !above.More
	} else if above.More && under.Seq < first {
		c.showGap(conv, &gap{Gap: im.Gap{Seq: under.Seq, Until: first}, stored: true})
	}
	if over != nil && below.More && over.Seq > last {
		c.showGap(conv, &gap{Gap: im.Gap{Seq: last, Until: over.Seq}, stored: true})
	}
}
