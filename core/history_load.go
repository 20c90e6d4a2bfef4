package core

import "traboule/im"

const (
	// firstPage is how many kept lines stand in a window as it opens, olderPage how many more come at a time.
	firstPage, olderPage = 50, 100
	// fullShare is the part of what a conversation, or all together, may weigh that older lines may fill up: what is said now
	// needs room too.
	fullShare = 0.75
)

// OlderState is what can be had above the first line of a conversation.
type OlderState uint8

// The states. OlderNone: nothing more is known of; OlderFull: there is more, but no room for it in memory.
const (
	OlderNone OlderState = iota
	OlderMore
	OlderLoading
	OlderFailed
	OlderFull
)

// older is how far back a conversation has been read.
type older struct {
	loading bool
	err     *im.Failure
	// stored and archived are set once the store and the archive have no more.
	stored, archived bool
	// told is the Seq above which lines have not been told once more yet; zero before any were.
	told uint64
	// before is the archive's id from where to go on, empty where the lines have to tell it.
	before string
	// then is what waits for the page that comes next.
	then []func()
}

// olderState tells what can be had above the first line.
func (c *Core) olderState(conv *conversation) OlderState {
	o := &conv.older
	switch {
	case conv.kind == Console:
		return OlderNone
	case o.loading:
		return OlderLoading
	case !c.hasStored(conv) && !c.hasArchived(conv):
		return OlderNone
	case c.isFull(conv):
		return OlderFull
	case o.err != nil:
		return OlderFailed
	default:
		return OlderMore
	}
}

func (c *Core) hasStored(conv *conversation) bool {
	return c.options.History.Store != NoStore && !conv.older.stored
}

// isFull reports whether a conversation has no room for older lines. Where all together weigh too much, lines of the heaviest go:
// whoever floods one leaves the others readable.
func (c *Core) isFull(conv *conversation) bool {
	return conv.log.Len() > maxLines*fullShare || conv.weight > maxLogBytes*fullShare ||
		c.weight > maxAllLogBytes*fullShare && c.heaviest() == conv
}

// loadNewest fetches what was said last in a conversation that has just been opened. Whatever is said from now on stands
// below it.
func (c *Core) loadNewest(conv *conversation) {
	if conv.kind == Console || c.options.History.Store == NoStore {
		return
	}
	conv.log = Log{next: c.nextSeq()}
	c.loadStored(conv, conv.log.next, firstPage)
}

// whenLoaded has something done once the first page is there, if one was asked for.
func (c *Core) whenLoaded(conv *conversation, what func()) {
	if !conv.older.loading || conv.log.next == 0 {
		what()
		return
	}
	conv.older.then = append(conv.older.then, what)
}

// loadStored fetches the kept lines before a place.
func (c *Core) loadStored(conv *conversation, before uint64, limit int) {
	conv.older.loading, conv.older.err = true, nil
	request := im.FetchHistory{For: c.by(conv.account), Peer: conv.id.Peer, Before: before, Limit: limit}
	c.ask(request, func(d im.Done) {
		conv.older.loading = false
		r, ok := d.Result.(im.HistoryResult)
		switch {
		case c.conversations[conv.id] != conv:
		case d.Err == nil && ok:
			c.showStored(conv, before, r)
			if limit == olderPage && len(r.Messages) == 0 && c.hasArchived(conv) {
				c.loadArchived(conv, 0) // the user wanted more, and there is none but there
			}
		default:
			conv.older.err = failureOf(d)
		}
		c.loaded(conv)
	})
}

// failureOf is why a request did not bring what it should.
func failureOf(d im.Done) *im.Failure {
	if d.Err == nil {
		return &im.Failure{Code: im.CodeBadAnswer}
	}
	return cleanFailure(d.Err)
}

// loaded does what waited for a page.
func (c *Core) loaded(conv *conversation) {
	then := conv.older.then
	conv.older.then = nil
	for _, what := range then {
		what()
	}
}

// showStored puts kept lines above those that are there.
func (c *Core) showStored(conv *conversation, before uint64, r im.HistoryResult) {
	c.insertStored(conv, r.Messages)
	c.showGaps(conv, r.Gaps)
	if r.More && len(r.Messages) > 0 {
		c.showUnloaded(conv, r.Messages[0].Seq) // an archive may have told meanwhile what stands above
	}
	conv.older.stored = !r.More || len(r.Messages) == 0
	c.restoreUnread(conv, before)
	if conv.readUpTo == 0 && conv != c.current && len(r.Messages) > 0 {
		conv.readUpTo = before
	}
}

// showUnloaded shows that kept lines may be missing above one, if there is another above it.
func (c *Core) showUnloaded(conv *conversation, seq uint64) {
	if i := conv.log.Search(seq); i > 0 && conv.gaps[seq-1] == nil {
		c.showGap(conv, &gap{Gap: im.Gap{Seq: conv.log.At(i - 1).Seq, Until: seq}, stored: true})
	}
}

// insertStored puts kept lines at their places. They are not news: nobody is told of them.
func (c *Core) insertStored(conv *conversation, messages []im.StoredMessage) {
	for _, m := range messages {
		line := lineOfStored(m)
		if seq, found := conv.findStanza(line.stanzaID()); found && seq != line.Seq {
			continue // kept twice, as when the end came before the server knew that we had it
		}
		c.insert(conv, line)
	}
}

// insert puts a line at its place, unless there is one, and makes it known.
func (c *Core) insert(conv *conversation, line Line) *Line {
	before := conv.log.Len()
	var shown *Line
	conv.log, shown = conv.log.Insert(line)
	if conv.log.Len() == before {
		return shown
	}
	c.recall(conv, shown)
	c.weigh(conv, weightOf(shown))
	return shown
}

// recall remembers the ids of a line out of what was kept or an archive.
func (c *Core) recall(conv *conversation, line *Line) {
	o := line.origin
	if line.Notice != nil || o == nil {
		return
	}
	sender := o.sender
	if line.Out {
		sender = ourselves
	}
	conv.past.add(sender, line.ID, o.stanzaID, line.Seq)
	if line.Out && line.Edited {
		conv.past.add(sender, o.originID, "", line.Seq) // of what it was at first
	}
	if conv.kind != Room {
		return
	}
	copied, id := copyKey(line.From, line.ID, line.Body)
	conv.past.add(copied, id, "", line.Seq)
}

// doOlder shows more of what was said before: at the top, or at a line from where there is more.
func (c *Core) doOlder(d Older) {
	conv := c.where()
	if d.Line != 0 {
		c.fillGap(conv, d.Line)
		return
	}
	switch state := c.olderState(conv); {
	case state != OlderMore && state != OlderFailed:
	case c.hasStored(conv):
		c.loadStored(conv, conv.log.First(), olderPage)
	default:
		c.loadArchived(conv, 0)
	}
}
