package core

import (
	"slices"
	"time"

	"traboule/im"
)

const (
	// maxMissed bounds what is read of an archive after an absence. What lies between that and now is a gap.
	maxMissed = 20_000
	// leastRead is what a page counts at least, so that an archive full of what is none for people comes to an end too.
	leastRead = 10
	// maxAbsences bounds those that are told apart.
	maxAbsences = 64
	// roomBefore is how many places are left free before the lines of a session, roomAfter how many of them for messages whose
	// time is later than ours: clocks differ.
	roomBefore, roomAfter = 1 << 20, 1 << 18
)

// reading is an archive being read from its mark on, up to what comes live.
type reading struct {
	account *account
	archive *archive
	// since is from when on to read where the archive does not know the mark's id any more. One that was empty has no id, and is
	// read from its beginning.
	since time.Time
	// forgotten is set if the id is not known: then something may be missing before the first message of each conversation. first
	// are those that show it already.
	forgotten bool
	first     map[ConversationID]bool
	// read counts all messages of the archive, told and mentions what was new; unshown what found no window.
	read, told, mentions, unshown int
}

// absence is a time in which we were not there.
type absence struct {
	im.Absence
	// until is the id of the first live message of the session after it, and newest the mark of the last. A session before this
	// one has left none: what came live in it may not have been kept, and is read once more.
	until  string
	newest im.ArchiveMark
}

// beginReading reads what was said since the mark.
func (c *Core) beginReading(a *account, ar *archive) {
	if ar.reading != nil {
		c.endReading(ar.reading)
	}
	r := &reading{account: a, archive: ar, first: make(map[ConversationID]bool)}
	if !ar.behind || ar.last == nil {
		ar.last = make(map[ConversationID]uint64)
	}
	lower := c.highest()
	if !ar.behind {
		ar.absences, ar.lower, ar.above = nil, lower, 0
	}
	c.floor = max(lower, seqAt(c.now)) + roomBefore
	if len(ar.absences) >= maxAbsences {
		ar.absences = ar.absences[1:]
	}
	ar.absences = append(ar.absences, &absence{Absence: im.Absence{Lower: lower, Upper: c.floor}})
	ar.behind, ar.reading = true, r
	c.recordMark(a, ar) // before anything is kept that comes live
	c.readPage(r)
}

// highest is greater than all Seq so far.
func (c *Core) highest() uint64 {
	seq := c.floor
	for _, conv := range c.windows {
		seq = max(seq, conv.log.Next())
	}
	return seq
}

// readPage asks for the page after the mark. Who asks for their own archive before they have said that they are there does not get
// what the server has stored for them (Prosody); a later session would, long after it was read in the archive.
func (c *Core) readPage(r *reading) {
	if r.archive.room.IsZero() && !r.account.announced {
		return // until readAnnounced
	}
	request := im.FetchArchive{For: c.by(r.account), Archive: r.archive.room, Max: archivePage}
	if r.since.IsZero() {
		request.After = r.archive.mark.ID
	} else {
		request.Since = r.since
	}
	c.ask(request, func(d im.Done) {
		result, ok := d.Result.(im.ArchiveResult)
		switch {
		case r.archive.reading != r:
		case d.Err != nil && d.Err.Code == im.CodeItemNotFound && r.since.IsZero() && !r.archive.mark.Time.IsZero():
			r.since, r.forgotten = r.archive.mark.Time, true
			c.readPage(r)
		case d.Err != nil || !ok:
			c.readingFailed(r, d)
		default:
			c.readOn(r, result)
		}
	})
}

// readAnnounced reads the account's own archive, once the server knows that we are there.
func (c *Core) readAnnounced(a *account) {
	a.announced = true
	if ar := a.archive(im.JID{}); ar.reading != nil {
		c.readPage(ar.reading)
	} else if !a.marked() {
		c.readAll(a, im.JID{})
	}
}

// readUnannounced gives up for now what waited for that: the connection was lost before.
func (c *Core) readUnannounced(a *account, d im.Done) {
	if r := a.archive(im.JID{}).reading; r != nil && !a.announced {
		c.readingFailed(r, d)
	}
}

// readOn takes a page, and goes on with the next.
func (c *Core) readOn(r *reading, result im.ArchiveResult) {
	messages := result.Messages
	end, after := c.firstLive(r.archive, messages)
	if after != nil {
		messages = messages[:end]
	}
	r.archive.late.meet(messages)
	r.read += max(len(messages), leastRead)
	c.arrange(page{
		account: r.account, messages: c.sort(r.account, r.archive.room, messages),
		wanted: func() bool { return r.archive.reading == r },
		place:  r.archive.place,
		show:   func(d *archived) { c.showMissed(r, d) },
		then: func() {
			if r.archive.reading == r {
				c.arranged(r, result, after)
			}
		},
	})
}

// arranged goes on behind a page that has come to its places, and that ends with what came live after an absence, if it does.
func (c *Core) arranged(r *reading, result im.ArchiveResult, after *absence) {
	ar := r.archive
	next := slices.Index(ar.absences, after) + 1
	stuck := result.Last == "" || result.Last == ar.mark.ID
	done := next == len(ar.absences) || next == 0 && (result.Complete || stuck)
	switch {
	case next == 0:
		r.passed(result, c.now)
	case !done: // what follows came live, up to the next absence
		ar.mark, r.since = after.newest, time.Time{}
		ar.absences = ar.absences[next:]
		ar.lower = ar.absences[0].Lower
	}
	switch {
	case done:
		c.readingDone(r)
	case r.read >= maxMissed:
		c.leaveGap(r)
	default:
		c.recordMark(r.account, ar)
		c.readPage(r)
	}
}

// firstLive returns where among messages those begin that came live, and after which absence, nil if they do not. All that the
// archive has from there on came to us too: a room sends it to all, and the server sends copies of what other devices send.
func (c *Core) firstLive(ar *archive, messages []im.ArchivedMessage) (at int, after *absence) {
	if ar.room.IsZero() && !c.disclose[DiscloseCarbons] {
		return 0, nil
	}
	for at, m := range messages {
		if i := slices.IndexFunc(ar.absences, func(a *absence) bool { return a.until != "" && a.until == m.ID }); i >= 0 {
			return at, ar.absences[i]
		}
	}
	return 0, nil
}

// passed moves the mark behind a page.
func (r *reading) passed(result im.ArchiveResult, now time.Time) {
	if result.Last == "" {
		return
	}
	mark := im.ArchiveMark{ID: result.Last, Time: r.archive.mark.Time}
	for _, m := range result.Messages {
		if at := m.Message.Delay; at.After(mark.Time) && !at.After(now) {
			mark.Time = at
		}
	}
	r.archive.mark, r.since = mark, time.Time{}
}

// showMissed shows a message that came in our absence: it counts as one that comes now.
func (c *Core) showMissed(r *reading, d *archived) {
	conv := c.missedIn(r, d)
	if conv == nil {
		r.unshown++
		return
	}
	if r.forgotten && !r.first[d.id] {
		r.first[d.id] = true
		c.missingBefore(conv, d)
	}
	line := c.putArchived(conv, d)
	if line == nil {
		return
	}
	if !line.Out { // what we said ourselves, on another device, is no news
		if conv.readUpTo == 0 && conv != c.current {
			conv.readUpTo = line.Seq
		}
		r.told++
	}
	c.count(conv, line)
	if line.Mention {
		r.mentions++
	}
	c.fact(LineAdded{Conversation: conv.id, Kind: conv.kind, Name: conv.name(), Line: line, Current: conv == c.current && c.looking})
	if line.Notice == nil {
		c.fact(MessageFact{Conversation: conv.id, Kind: conv.messageKind(), Line: line})
	}
}

// missedIn returns the conversation of a message that came in our absence, opening it if need be; nil if it may have none.
func (c *Core) missedIn(r *reading, d *archived) *conversation {
	switch conv := c.conversations[d.id]; {
	case conv != nil:
		return conv
	case d.kind == Person:
		return c.personFor(r.account, d.id.Peer)
	case d.kind == Occupant:
		visited := c.roomAt(r.account, d.id.Peer.Bare())
		if visited == nil || c.countPrivates(visited) >= maxPrivates {
			return nil
		}
		conv := c.open(d.id, Occupant)
		conv.private = &private{gone: true} // whoever it was then
		return conv
	}
	return nil
}

// missingBefore shows that messages may be missing before one, for the archive has forgotten up to where we had read.
func (c *Core) missingBefore(conv *conversation, d *archived) {
	g := &gap{Gap: im.Gap{Until: d.line.Seq, Before: d.of}}
	if i := conv.log.Search(d.line.Seq); i > 0 {
		g.Seq = conv.log.At(i - 1).Seq
	} else {
		g.Seq = d.line.Seq - min(d.line.Seq, roomBefore)
	}
	c.keepGap(conv, g, false)
	c.showGap(conv, g)
}

// leaveGap ends the reading of an archive that has more than we read. What is between is shown as missing.
func (c *Core) leaveGap(r *reading) {
	end := r.archive.absences[len(r.archive.absences)-1]
	for _, conv := range slices.Clone(c.windows) {
		if last, found := r.archive.last[conv.id]; found && conv.account == r.account {
			g := &gap{Gap: im.Gap{Seq: last, Until: end.Upper, After: r.archive.mark.ID, Before: end.until}}
			c.keepGap(conv, g, false)
			c.showGap(conv, g)
		}
	}
	c.ask(im.FetchArchive{For: c.by(r.account), Archive: r.archive.room, Last: true, Max: 1}, func(d im.Done) {
		result, ok := d.Result.(im.ArchiveResult)
		switch {
		case r.archive.reading != r:
		case d.Err != nil || !ok || result.Last == "":
			c.readingFailed(r, d)
		default:
			r.archive.mark = im.ArchiveMark{ID: result.Last, Time: c.now}
			c.readingDone(r)
		}
	})
}

// readingDone takes an archive for read: from now on, the mark goes with what comes live.
func (c *Core) readingDone(r *reading) {
	ar := r.archive
	if newest := ar.absences[len(ar.absences)-1].newest; newest.ID != "" {
		ar.mark = newest
	}
	ar.behind, ar.absences, ar.last = false, nil, nil
	c.recordMark(r.account, ar)
	c.endReading(r)
	c.release(r.account, ar)
}

// readingFailed leaves the mark where it is: the next session goes on from there.
func (c *Core) readingFailed(r *reading, d im.Done) {
	c.endReading(r)
	err := failureOf(d)
	if isOutage(im.Done{Err: err}) && (!r.account.online() || c.readLater(r.account, r.archive)) {
		return
	}
	c.release(r.account, r.archive)
	n := Notice{Code: NoticeArchiveFailed, Level: Warn, JID: r.archive.room, Err: err}
	if visited := c.roomAt(r.account, r.archive.room); visited != nil {
		c.notify(visited.conversation.id, n)
		return
	}
	c.notify(r.account.console.id, n)
}

// endReading tells what was missed.
func (c *Core) endReading(r *reading) {
	a, ar := r.account, r.archive
	ar.reading = nil
	if r.told > 0 {
		c.notify(a.console.id, Notice{Code: NoticeArchiveMissed, JID: ar.room, Count: r.told, Of: r.mentions})
	}
	if r.unshown > 0 {
		c.notify(a.console.id, Notice{Code: NoticeArchiveUnshown, Level: Warn, JID: ar.room, Count: r.unshown})
	}
	if visited := c.roomAt(a, ar.room); visited != nil {
		c.settled(visited)
	}
}

// readsArchive reports whether we know up to where we have read the archive of a room.
func (c *Core) readsArchive(r *room) bool {
	a := r.account()
	ar := a.archives[r.jid()]
	return ar != nil && isSet(ar.mark) && c.usesArchive(a)
}

// isReading reports whether the archive of a room is being read.
func (c *Core) isReading(r *room) bool {
	ar := r.account().archives[r.jid()]
	return ar != nil && ar.reading != nil
}
