package core

import "traboule/im"

// gap is a place in a conversation where lines are missing. A line shows it.
type gap struct {
	im.Gap
	// stored is set if what is missing is kept, and only not shown.
	stored  bool
	loading bool
	err     *im.Failure
}

// IsGap reports whether a line shows a place where others are missing, which the command Older loads.
func (l *Line) IsGap() bool {
	if l.Notice == nil {
		return false
	}
	switch l.Notice.Code {
	case NoticeHistoryUnloaded, NoticeHistoryGap, NoticeHistoryGapLoading, NoticeHistoryGapFailed:
		return true
	}
	return false
}

// notice is what stands where lines are missing.
func (g *gap) notice(a *account) *Notice {
	n := &Notice{Code: NoticeHistoryGap, Account: a.jid}
	switch {
	case g.loading:
		n.Code = NoticeHistoryGapLoading
	case g.err != nil:
		n.Code, n.Level, n.Err = NoticeHistoryGapFailed, Warn, g.err
	case g.stored:
		n.Code = NoticeHistoryUnloaded
	}
	return n
}

// showGap puts a line where others are missing: above the one that comes after them.
func (c *Core) showGap(conv *conversation, g *gap) {
	seq := g.Until - 1
	if seq <= g.Seq || conv.log.Find(seq) != nil {
		return // there is no room for any line between
	}
	line := Line{Seq: seq, Time: c.now, Notice: g.notice(conv.account)}
	if i := conv.log.Search(g.Until); i < conv.log.Len() {
		line.Time = conv.log.At(i).Time
	}
	if conv.gaps == nil {
		conv.gaps = make(map[uint64]*gap)
	}
	conv.gaps[seq] = g
	c.insert(conv, line)
}

// hideGap takes the line away that shows a gap.
func (c *Core) hideGap(conv *conversation, g *gap) {
	seq := g.Until - 1 // where showGap has put it
	if conv.gaps[seq] != g {
		return
	}
	delete(conv.gaps, seq)
	if i, there := conv.log.Seek(seq); there {
		w := weightOf(conv.log.At(i))
		conv.log = conv.log.Remove(i)
		c.weigh(conv, -w)
	}
}

// changeGap shows anew how a gap is.
func (c *Core) changeGap(conv *conversation, g *gap, change func()) {
	c.hideGap(conv, g)
	change()
	c.showGap(conv, g)
}

// showGaps shows those that are kept, where both sides are.
func (c *Core) showGaps(conv *conversation, gaps []im.Gap) {
	for _, g := range gaps {
		if g.Until > conv.log.First() && conv.gaps[g.Until-1] == nil {
			c.showGap(conv, &gap{Gap: g})
		}
	}
}

// keepGap has it kept that messages may be missing, or no longer, where what is said is kept.
func (c *Core) keepGap(conv *conversation, g *gap, closed bool) {
	if c.historyPolicy(conv.id).Keeps() && !g.stored {
		c.keep(im.GapRecord{Kept: im.Kept{Account: conv.id.Account}, Peer: conv.id.Peer, Gap: g.Gap, Closed: closed})
	}
}

// fillGap loads a page of what is missing at a line.
func (c *Core) fillGap(conv *conversation, seq uint64) {
	g := conv.gaps[seq]
	if g == nil || g.loading || c.isFull(conv) {
		return
	}
	c.changeGap(conv, g, func() { g.loading, g.err = true, nil })
	if !g.stored {
		c.fillArchived(conv, g)
		return
	}
	request := im.FetchHistory{For: c.by(conv.account), Peer: conv.id.Peer, Before: g.Until, Limit: olderPage + 1}
	c.ask(request, func(d im.Done) {
		r, ok := d.Result.(im.HistoryResult)
		switch {
		case c.conversations[conv.id] != conv:
		case d.Err != nil || !ok:
			c.changeGap(conv, g, func() { g.loading, g.err = false, failureOf(d) })
		default:
			c.fillStored(conv, g, r)
		}
		c.loaded(conv)
	})
}

// fillStored puts kept lines into a gap, from its end on.
func (c *Core) fillStored(conv *conversation, g *gap, r im.HistoryResult) {
	c.hideGap(conv, g)
	g.loading = false
	reached := !r.More
	var between []im.StoredMessage
	for _, m := range r.Messages {
		if m.Seq > g.Seq {
			between = append(between, m)
		} else {
			reached = true
		}
	}
	c.insertStored(conv, between)
	c.showGaps(conv, r.Gaps)
	if reached || len(between) == 0 {
		return
	}
	g.Until = between[0].Seq
	c.showGap(conv, g)
}
