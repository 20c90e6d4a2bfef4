package core

import "math"

// maxToldPages bounds the pages that are asked for to tell lines once: an archive may be full of what is none for people.
const maxToldPages = 60

// telling is an answer to ShowHistory under way.
type telling struct {
	conv   *conversation
	n      int    // how many lines are wanted
	before uint64 // and above which Seq they stand
	// more is set if gaps are filled and the archive is asked too.
	more  bool
	pages int
	tried map[*gap]bool
}

// doShowHistory tells lines of the current conversation once more, for those who read line by line: the last ones, or those above
// what was told so far.
func (c *Core) doShowHistory(d ShowHistory) {
	conv := c.where()
	if conv.kind == Console {
		c.refuse(c.pointing(Notice{Code: NoticeNobodyHere}, func(v *conversation) bool { return v.kind != Console }))
		return
	}
	t := &telling{conv: conv, n: d.N, before: math.MaxUint64, more: d.More, tried: make(map[*gap]bool)}
	if told := conv.older.told; d.More && told != 0 {
		t.before = told
	}
	c.tell(t)
}

// tell loads as many lines as are wanted and to be had, page by page, and tells them.
func (c *Core) tell(t *telling) {
	conv := t.conv
	if c.conversations[conv.id] != conv {
		return
	}
	again := func() { conv.older.then = append(conv.older.then, func() { c.tell(t) }) }
	first, count, g := t.reach()
	switch {
	case conv.older.loading || g != nil && g.loading:
		again()
	case t.pages >= maxToldPages || conv.older.err != nil && t.pages > 0 || c.isFull(conv) || count >= t.n && g == nil:
		c.tellFrom(t, first, count)
	case g != nil:
		t.pages++
		t.tried[g] = true
		again()
		c.fillGap(conv, g.Until-1)
	case c.hasStored(conv):
		t.pages++
		again()
		c.loadStored(conv, conv.log.First(), olderPage)
	case t.more && c.hasArchived(conv):
		t.pages++
		again()
		c.loadArchived(conv, 0)
	default:
		c.tellFrom(t, first, count)
	}
}

// reach returns where the lines begin that can be told, how many they are, and the gap below them that is to be filled first.
func (t *telling) reach() (first, count int, g *gap) {
	log := t.conv.log
	first = log.Search(t.before)
	for first > 0 && count < t.n {
		line := log.At(first - 1)
		if line.Notice == nil {
			count++
		} else if g := t.conv.gaps[line.Seq]; g != nil && t.fills(g) {
			return first, count, g
		}
		first--
	}
	return first, count, nil
}

// fills reports whether a gap is filled before what is above it is told: what is kept always, what an archive may have if it gives it.
func (t *telling) fills(g *gap) bool {
	return (g.stored || t.more) && (g.err == nil || !t.tried[g])
}

// tellFrom tells the lines from one on, and how many they are.
func (c *Core) tellFrom(t *telling, first, count int) {
	conv := t.conv
	for i := first; i < conv.log.Search(t.before); i++ {
		switch line := conv.log.At(i); {
		case line.Notice == nil:
			c.fact(HistoryFact{Conversation: conv.id, Kind: conv.messageKind(), Line: line})
		case line.IsGap():
			c.fact(NoticeFact{Conversation: conv.id, Notice: line.Notice})
		}
	}
	if count > 0 {
		conv.older.told = conv.log.At(first).Seq
	}
	n := Notice{Code: NoticeHistoryShown, JID: conv.id.Peer, Nick: conv.name(), Count: count}
	switch state := c.olderState(conv); {
	case count < t.n && state == OlderFailed:
		c.notifyFailure(conv.id, Notice{Code: NoticeHistoryFailed, JID: n.JID, Nick: n.Nick}, conv.older.err)
	case count < t.n && state == OlderFull:
		c.notify(conv.id, Notice{Code: NoticeHistoryFull, Level: Error, JID: n.JID})
	case state == OlderNone && !hasMessages(conv.log, first):
		n.Code = NoticeHistoryBeginning
	}
	c.notify(conv.id, n)
}

// hasMessages reports whether there are messages among the first lines of a Log.
func hasMessages(l Log, lines int) bool {
	for i := range lines {
		if l.At(i).Notice == nil {
			return true
		}
	}
	return false
}
