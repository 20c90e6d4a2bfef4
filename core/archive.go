package core

import (
	"slices"
	"time"

	"traboule/im"
)

const (
	// archivePage is how many messages are asked of an archive at a time.
	archivePage = 100
	// markEvery is after how many live messages, and markWait after how long, it is kept how far they have come.
	markEvery = 50
	markWait  = 30 * time.Second
)

// archive is one that we read: an account's own, or a room's (XEP-0313).
//
//	unknown --the newest id--> current <--live messages move the mark
//	                             |  ^
//	                 new session |  | the last page
//	                             v  |
//	                           behind --pages move the mark; an interruption leaves it where it is
type archive struct {
	room im.JID // zero for the account's own
	// mark is up to where all is known, and recorded what was kept of it.
	mark     im.ArchiveMark
	recorded im.ArchiveRecord
	// behind is set until all has been read that was said before this session; reading is what is under way.
	behind  bool
	reading *reading
	// absences are those of which not all has been read, from the oldest on, and last is the Seq of the last line in each
	// conversation that has been found in them.
	absences []*absence
	last     map[ConversationID]uint64
	lower    uint64 // what all lines found in them lie above
	above    uint64 // the greatest Seq of those found so far
	late     late
	// live counts the messages since the mark was kept, which alarm will do.
	live int
	// tries counts how often it did not answer in this session.
	tries int
	alarm *alarm
}

// archive returns one of the account's: its own, or that of a room.
func (a *account) archive(room im.JID) *archive {
	ar := a.archives[room]
	if ar == nil {
		ar = &archive{room: room}
		a.archives[room] = ar
	}
	return ar
}

// takeMarks takes over how far an earlier session has read, and where what it has left belongs.
func (c *Core) takeMarks(a *account) {
	a.archives, a.merging = make(map[im.JID]*archive), make(map[archiveKey]bool)
	for _, r := range c.options.History.Marks {
		if r.Account != a.jid {
			continue
		}
		ar := a.archive(r.Archive)
		ar.mark, ar.recorded = r.Mark, r
		ar.lower, ar.behind = r.Above, len(r.Absences) > 0
		for _, was := range r.Absences {
			ar.absences = append(ar.absences, &absence{Absence: was})
			c.floor = max(c.floor, was.Upper)
		}
	}
}

// record is what is kept of an archive.
func (ar *archive) record(a *account) im.ArchiveRecord {
	r := im.ArchiveRecord{Kept: im.Kept{Account: a.jid}, Archive: ar.room, Mark: ar.mark}
	for _, missed := range ar.absences {
		r.Absences = append(r.Absences, missed.Absence)
		r.Above = min(max(ar.lower, ar.above), missed.Upper)
	}
	return r
}

func isSameRecord(a, b im.ArchiveRecord) bool {
	return a.Mark == b.Mark && a.Above == b.Above && slices.Equal(a.Absences, b.Absences)
}

// isSet reports whether a mark says anything.
func isSet(m im.ArchiveMark) bool { return m.ID != "" || !m.Time.IsZero() }

// marked reports whether it is known how far the account's own archive has been read.
func (a *account) marked() bool {
	return isSet(a.archive(im.JID{}).mark)
}

// follow moves the mark of an archive with a live message. While older ones are missing, it stays.
func (c *Core) follow(a *account, m im.Message) {
	if m.StanzaID == "" || len(m.StanzaID) > maxMessageID || m.Delayed || !c.usesArchive(a) {
		return
	}
	ar := a.archives[im.JID{}]
	if m.Kind == im.Groupchat {
		ar = a.archives[m.From.Bare()]
	}
	if ar == nil {
		return
	}
	mark := im.ArchiveMark{ID: m.StanzaID, Time: c.now}
	if !ar.behind {
		ar.mark = mark
		c.countLive(a, ar)
		return
	}
	end := ar.absences[len(ar.absences)-1]
	if end.until == "" {
		end.until = mark.ID
	}
	end.newest = mark
}

// countLive has the mark kept once in a while.
func (c *Core) countLive(a *account, ar *archive) {
	if ar.live++; ar.live >= markEvery || ar.recorded.Mark.ID == "" {
		c.recordMark(a, ar)
	} else if ar.alarm == nil {
		ar.alarm = c.wakeAt(c.now.Add(markWait), func() { c.recordMark(a, ar) })
	}
}

// recordMark has it kept how far an archive has been read.
func (c *Core) recordMark(a *account, ar *archive) {
	c.cancel(ar.alarm)
	ar.alarm, ar.live = nil, 0
	r := ar.record(a)
	if c.options.History.Store == NoStore || !isSet(ar.mark) || isSameRecord(r, ar.recorded) {
		return
	}
	ar.recorded = r
	c.keep(r)
}

// recordMarks has all of them kept, as the client ends.
func (c *Core) recordMarks() {
	for _, a := range c.accounts {
		for _, ar := range a.knownArchives() {
			c.recordMark(a, ar)
		}
	}
}

// readAll reads what an archive has that we have missed, or where nothing is known yet, how far it has come.
func (c *Core) readAll(a *account, room im.JID) {
	if !c.usesArchive(a) || !a.online() {
		return
	}
	ar := a.archive(room)
	if !isSet(ar.mark) {
		c.findNewest(a, ar)
		return
	}
	c.beginReading(a, ar)
}

// findNewest sets the mark at the newest message of an archive.
func (c *Core) findNewest(a *account, ar *archive) {
	asked := c.now
	c.ask(im.FetchArchive{For: c.by(a), Archive: ar.room, Last: true, Max: 1}, func(d im.Done) {
		r, ok := d.Result.(im.ArchiveResult)
		if d.Err != nil || !ok || isSet(ar.mark) {
			return // there is none, or we shall see in the next session, or a live message has told
		}
		ar.mark = im.ArchiveMark{ID: r.Last, Time: asked}
		ar.behind = false
		c.recordMark(a, ar)
	})
}
