package core

import (
	"time"

	"traboule/im"
)

// pingAfter is how long a room may be silent before we ask whether we are still in it (XEP-0410): its service, or the way
// to it, can forget us without a word, and then nobody hears what we say.
const pingAfter = 15 * time.Minute

// watch looks after a while whether the room has given a sign.
func (c *Core) watch(r *room, wait time.Duration) {
	c.cancel(r.watching)
	r.watching = c.wakeAt(c.now.Add(wait), func() { c.checkSilence(r) })
}

func (c *Core) unwatch(r *room) {
	c.cancel(r.watching)
	r.watching = nil
}

// checkSilence asks the room, unless it has given a sign meanwhile.
func (c *Core) checkSilence(r *room) {
	switch rest := pingAfter - c.now.Sub(r.sign); {
	case !c.isOpen(r) || !r.isJoined():
	case rest > 0:
		c.watch(r, rest)
	default:
		c.pingRoom(r)
	}
}

// pingRoom asks whether we are still in a room, and returns to it if we are not.
func (c *Core) pingRoom(r *room) {
	if r.pinging {
		return // whoever makes us ask again and again gets one question at a time
	}
	r.pinging = true
	nick, entered := r.nick, r.entered
	request := im.PingRoom{For: c.by(r.account()), Room: r.jid(), Nick: nick}
	c.ask(request, func(d im.Done) {
		r.pinging = false
		if !c.isOpen(r) || !r.isJoined() || r.entered != entered {
			return
		}
		// Nobody of that name is no proof while our name changes.
		out := d.Err != nil && (d.Err.Code == im.CodeNotAcceptable || d.Err.Code == im.CodeItemNotFound && nick == r.nick && r.renaming == "")
		if !out {
			r.sign = c.now
			c.watch(r, pingAfter)
			return
		}
		c.lostRoom(r, cleanFailure(d.Err))
	})
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
