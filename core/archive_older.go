package core

import (
	"slices"
	"time"

	"traboule/im"
)

// maxEmptyPages bounds the pages that are asked for one after the other as long as they have nothing new: an archive may be
// full of what is none for people.
const maxEmptyPages = 10

// hasArchived reports whether there may be more in an archive than a conversation shows, and it can be asked.
func (c *Core) hasArchived(conv *conversation) bool {
	switch {
	case conv.older.archived || conv.kind != Person && conv.kind != Room || !c.usesArchive(conv.account) || !conv.account.online():
		return false
	case conv.kind == Room:
		return conv.room.isJoined()
	}
	return true
}

// fromArchive asks for messages of one conversation.
func (c *Core) fromArchive(conv *conversation) im.FetchArchive {
	request := im.FetchArchive{For: c.by(conv.account), Max: archivePage}
	if conv.kind == Room {
		request.Archive = conv.id.Peer
	} else {
		request.With = conv.id.Peer
	}
	return request
}

// loadArchived fetches the page above the first line out of the archive; empty pages came before it.
func (c *Core) loadArchived(conv *conversation, empty int) {
	o := &conv.older
	o.loading, o.err = true, nil
	request := c.fromArchive(conv)
	if request.Before = o.before; request.Before == "" {
		request.Before = oldestID(conv.log)
	}
	request.Last = request.Before == ""
	c.ask(request, func(d im.Done) {
		r, ok := d.Result.(im.ArchiveResult)
		switch {
		case c.conversations[conv.id] != conv:
		case d.Err != nil && d.Err.Code == im.CodeUnavailable:
			o.loading, o.archived = false, true // there is no archive
		case d.Err != nil && d.Err.Code == im.CodeItemNotFound:
			o.loading, o.archived = false, true // it has forgotten even what we have
		case d.Err != nil || !ok:
			o.loading, o.err = false, failureOf(d)
		default:
			c.showArchived(conv, r, empty)
			return
		}
		c.loaded(conv)
	})
}

// oldestID is the archive's id of the oldest line that has one. What is older has none, such as what we said, comes once more
// and is known.
func oldestID(l Log) string {
	for i := range l.Len() {
		if id := l.At(i).stanzaID(); id != "" {
			return id
		}
	}
	return ""
}

// showArchived puts a page of the archive above the first line.
func (c *Core) showArchived(conv *conversation, r im.ArchiveResult, empty int) {
	before := conv.log.Len()
	c.recallFrom(conv, 0)
	c.arrange(page{
		account: conv.account, messages: c.of(conv, c.sort(conv.account, archiveOf(conv), r.Messages)),
		wanted: func() bool { return c.conversations[conv.id] == conv },
		place: func(_ ConversationID, messages []*archived) {
			fresh := slices.DeleteFunc(slices.Clone(messages), func(d *archived) bool { return d.known })
			for i, seq := range spread(timesOf(fresh), 0, conv.oldest()) {
				fresh[i].line.Seq = seq
			}
		},
		show: func(d *archived) {
			if c.conversations[conv.id] == conv {
				c.putArchived(conv, d)
			}
		},
		then: func() {
			if c.conversations[conv.id] != conv {
				return
			}
			conv.older.loading = false
			conv.older.before, conv.older.archived = r.First, r.Complete || r.First == ""
			if conv.log.Len() == before && !conv.older.archived && empty < maxEmptyPages {
				c.loadArchived(conv, empty+1)
				return
			}
			c.loaded(conv)
		},
	})
}

// oldest is the place that what was said before lies below: also what was erased, whatever time an archive gives it.
func (conv *conversation) oldest() uint64 {
	first := conv.log.First()
	if conv.forgotten > 0 {
		return min(first, conv.forgotten)
	}
	return first
}

func archiveOf(conv *conversation) im.JID {
	if conv.kind == Room {
		return conv.id.Peer
	}
	return im.JID{}
}

// of leaves out what belongs to another conversation.
func (c *Core) of(conv *conversation, messages []*archived) []*archived {
	return slices.DeleteFunc(messages, func(d *archived) bool { return d.id != conv.id })
}

// recallFrom makes the ids of the lines from one on known again, which may have been forgotten since: the page that ends above
// them may have some of them.
func (c *Core) recallFrom(conv *conversation, first int) {
	for i := min(first+archivePage, conv.log.Len()) - 1; i >= first; i-- {
		c.recall(conv, conv.log.At(i))
	}
}

// fillArchived loads a page of what is missing in a gap: from the side whose id is known.
func (c *Core) fillArchived(conv *conversation, g *gap) {
	request := c.fromArchive(conv)
	request.After = g.After
	if g.After == "" {
		request.Before, request.Last = g.Before, g.Before == ""
	}
	if !c.usesArchive(conv.account) || !conv.account.online() {
		c.changeGap(conv, g, func() { g.loading, g.err = false, &im.Failure{Code: im.CodeNotConnected} })
		c.loaded(conv)
		return
	}
	c.ask(request, func(d im.Done) {
		r, ok := d.Result.(im.ArchiveResult)
		switch {
		case c.conversations[conv.id] != conv:
		case d.Err != nil || !ok:
			c.changeGap(conv, g, func() { g.loading, g.err = false, failureOf(d) })
			c.loaded(conv)
		default:
			c.fillWith(conv, g, r)
		}
	})
}

// fillWith puts a page of the archive into a gap, and makes it smaller, or closes it.
func (c *Core) fillWith(conv *conversation, g *gap, r im.ArchiveResult) {
	was := *g
	c.hideGap(conv, g)
	c.recallFrom(conv, conv.log.Search(g.Until))
	forward := g.After != ""
	messages, reached := r.Messages, r.Complete || r.First == ""
	if end := slices.IndexFunc(messages, func(m im.ArchivedMessage) bool { return forward && m.ID == g.Before }); end >= 0 {
		messages, reached = messages[:end], true
	}
	var crowded, met bool // whether there was no room, and whether its other side was reached
	c.arrange(page{
		account: conv.account, messages: c.of(conv, c.sort(conv.account, archiveOf(conv), messages)),
		wanted: func() bool { return c.conversations[conv.id] == conv },
		place: func(_ ConversationID, list []*archived) {
			list, met = g.within(list, forward)
			crowded = !c.placeInGap(conv, g, forward, list)
		},
		show: func(d *archived) {
			if c.conversations[conv.id] == conv {
				c.putArchived(conv, d)
			}
		},
		then: func() {
			switch {
			case c.conversations[conv.id] != conv:
			case crowded:
				g.loading, g.err = false, &im.Failure{Code: im.CodeBadAnswer}
				c.showGap(conv, g)
			default:
				c.keepGap(conv, &was, true) // not before what was in it is kept
				c.narrow(conv, g, r, forward, reached || met)
			}
			c.loaded(conv)
		},
	})
}

// within returns what of a page lies in a gap, and whether it reaches a line on its other side. What was said above the gap is
// none of it, and left out.
func (g *gap) within(list []*archived, forward bool) (in []*archived, met bool) {
	for i, d := range slices.Backward(list) {
		switch seq := d.line.Seq; {
		case !d.known || seq == 0:
		case forward && seq >= g.Until:
			met = true
		case !forward && seq <= g.Seq:
			leaveOut(list[:i])
			return list[i+1:], true
		}
	}
	return list, met
}

// leaveOut has messages not shown.
func leaveOut(list []*archived) {
	for _, d := range list {
		d.known = true
	}
}

// placeInGap gives the messages of a page their Seq in a gap: at its beginning or at its end. It reports whether there was room.
func (c *Core) placeInGap(conv *conversation, g *gap, forward bool, list []*archived) bool {
	list = slices.DeleteFunc(slices.Clone(list), func(d *archived) bool { return d.known })
	if len(list) == 0 {
		return true
	}
	seqs := spreadInGap(timesOf(list), g.Gap, forward)
	if seqs == nil {
		leaveOut(list)
		return false
	}
	for i, seq := range seqs {
		list[i].line.Seq = seq
	}
	if forward {
		g.Seq = seqs[len(seqs)-1]
	} else {
		g.Until = seqs[0]
	}
	return true
}

// spreadInGap gives lines their Seq by their time, unless that would leave next to no room for the pages that are still to come:
// then as close to the side from which the gap is filled as can be.
func spreadInGap(times []time.Time, g im.Gap, forward bool) []uint64 {
	n := uint64(len(times))
	if g.Until-g.Seq-1 < n {
		return nil
	}
	seqs := spread(times, g.Seq, g.Until)
	switch {
	case forward && g.Until-seqs[n-1] < roomAfter:
		return spread(times, g.Seq, g.Seq+n+1)
	case !forward && seqs[0]-g.Seq < roomAfter:
		return spread(times, g.Until-n-1, g.Until)
	}
	return seqs
}

// narrow shows what is left of a gap.
func (c *Core) narrow(conv *conversation, g *gap, r im.ArchiveResult, forward, reached bool) {
	g.loading = false
	if reached {
		return
	}
	if forward {
		g.After = r.Last
	} else {
		g.Before = r.First
	}
	c.keepGap(conv, g, false)
	c.showGap(conv, g)
}
