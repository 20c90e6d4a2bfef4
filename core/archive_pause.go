package core

import (
	"maps"
	"slices"
	"time"

	"traboule/im"
)

const (
	// retryReading is how long to wait before an archive that did not answer is asked again, doubled each time, at most
	// maxRetries times in a session.
	retryReading = 30 * time.Second
	maxRetries   = 5
)

// knownArchives returns the archives that are known, the account's own first.
func (a *account) knownArchives() []*archive {
	var known []*archive
	for _, room := range slices.SortedFunc(maps.Keys(a.archives), compareJIDs) {
		known = append(known, a.archives[room])
	}
	return known
}

// goOnReading asks again what the loss of the connection left without an answer, in a session that goes on.
func (c *Core) goOnReading(a *account) {
	for _, ar := range a.knownArchives() {
		if (ar.behind || !isSet(ar.mark)) && ar.reading == nil {
			c.readIn(a, ar)
		}
	}
}

// readIn reads an archive, if it is that of a room only while we are in it.
func (c *Core) readIn(a *account, ar *archive) {
	if r := c.roomAt(a, ar.room); !ar.room.IsZero() && (r == nil || !r.isJoined()) {
		return // it is read when we enter
	}
	c.readAll(a, ar.room)
}

// readLater asks an archive again that did not answer, while the session lasts; it reports whether it does.
func (c *Core) readLater(a *account, ar *archive) bool {
	if !a.online() || ar.tries >= maxRetries {
		return false
	}
	wait, session := retryReading<<ar.tries, a.session
	ar.tries++
	c.wakeAt(c.now.Add(wait), func() {
		if a.session == session && ar.behind && ar.reading == nil {
			c.readIn(a, ar)
		}
	})
	return true
}

// beginArchives begins to follow archives from now on, as the user allows it. What was said before is not asked for.
func (c *Core) beginArchives(a *account) {
	for _, ar := range a.knownArchives() {
		ar.mark, ar.behind, ar.absences = im.ArchiveMark{}, false, nil
		c.readIn(a, ar)
	}
	if a.archives[im.JID{}] == nil {
		c.readAll(a, im.JID{})
	}
}

// leaveArchives no longer follows archives.
func (c *Core) leaveArchives(a *account) {
	for _, ar := range a.knownArchives() {
		if ar.reading != nil {
			c.endReading(ar.reading)
		}
		c.release(a, ar)
		ar.behind, ar.absences, ar.last = false, nil, nil
	}
}
