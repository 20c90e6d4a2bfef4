package core

import (
	"slices"
	"time"

	"traboule/im"
)

// A room's service, or the way to it, can forget us without a word, and then nobody hears what we say. We ask whether we
// are still in it (XEP-0410) when it matters: after a resumption, when what we said does not come back, and when the user
// looks at a room that has long been silent. Nobody is asked while nothing happens: a client at rest sleeps.
const (
	// echoTime is how long a room may take to show us what we have said.
	echoTime = 20 * time.Second
	// longSilence is how long a room may be silent before we ask when the user looks at it.
	longSilence = 15 * time.Minute
)

// pingRoom asks whether we are still in a room, and returns to it if we are not.
func (c *Core) pingRoom(r *room) {
	if r.pinging {
		return // whoever makes us ask again and again gets one question at a time
	}
	r.pinging = true
	nick, entered, before := r.nick, r.entered, slices.Clone(r.unheard)
	request := im.PingRoom{For: c.by(r.account()), Room: r.jid(), Nick: nick}
	c.ask(request, func(d im.Done) {
		r.pinging = false
		switch {
		case !c.isOpen(r) || !r.isJoined() || r.entered != entered:
		case isOut(d) && (d.Err.Code == im.CodeNotAcceptable || nick == r.nick && r.renaming == ""):
			// Nobody of that name is no proof while our name changes.
			c.lostRoom(r, cleanFailure(d.Err))
		case d.Err == nil:
			r.sign = c.now
			c.overtaken(r, before)
		}
	})
}

// overtaken takes it that the room has answered a question that came after these messages. Those that it has not shown
// will not be known when it does: it gives them ids of its own.
func (c *Core) overtaken(r *room, ids []string) {
	for _, id := range ids {
		if slices.Contains(r.unheard, id) {
			r.echoless = true
			c.echoed(r, id)
		}
	}
}

// isOut reports whether the answer to a ping says that we are not in the room.
func isOut(d im.Done) bool {
	return d.Err != nil && (d.Err.Code == im.CodeNotAcceptable || d.Err.Code == im.CodeItemNotFound)
}

// lostRoom takes it that a room no longer knows us.
func (c *Core) lostRoom(r *room, err *im.Failure) {
	if c.retry(r, NoticeYouLost, err) {
		return
	}
	c.outside(r)
	c.tellRoom(r, err)
	c.remarkIn(r, Notice{Code: NoticeYouLost, Level: Warn, Nick: CleanName(r.nick), Err: err})
}

// look asks a room that has long been silent whether we are still in it, as the user turns to it.
func (c *Core) look(conv *conversation) {
	if r := conv.room; r != nil && r.isJoined() && c.now.Sub(r.sign) >= longSilence {
		c.pingRoom(r)
	}
}

// awaitEcho takes it that the server has a message, which the room is to show us in a while.
func (c *Core) awaitEcho(r *room, id string) {
	if r.echoless || len(r.unheard) >= maxOutbox {
		return
	}
	r.unheard = append(r.unheard, id)
	if r.echo == nil {
		c.armEcho(r)
	}
}

func (c *Core) armEcho(r *room) {
	r.echo = c.wakeAt(c.now.Add(echoTime), func() {
		r.echo = nil
		if c.isOpen(r) && r.isJoined() {
			c.pingRoom(r)
		}
	})
}

// echoed takes it that the room has shown a message of ours, or has told that it will not.
func (c *Core) echoed(r *room, id string) {
	i := slices.Index(r.unheard, id)
	if i < 0 {
		return
	}
	r.unheard = slices.Delete(r.unheard, i, i+1)
	waiting := r.echo != nil
	c.stopEcho(r)
	if waiting && len(r.unheard) > 0 {
		c.armEcho(r)
	}
}

// stopEcho ends the wait for what we have said.
func (c *Core) stopEcho(r *room) {
	c.cancel(r.echo)
	r.echo = nil
}

// failUnheard tells that nobody knows whether the room has got what it has not shown us.
func (c *Core) failUnheard(r *room) {
	conv, unheard := r.conversation, r.unheard
	r.unheard = nil
	c.stopEcho(r)
	for _, id := range unheard {
		if seq, found := conv.recent.find(ourselves, id); found {
			c.fail(conv, &outgoing{seq: seq, id: id}, &im.Failure{Code: im.CodeUnconfirmed})
		}
	}
}
