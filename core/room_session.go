package core

import "traboule/im"

// onRoomConnected rejoins the rooms in a new session, and joins those of the settings and those asked for meanwhile.
func (c *Core) onRoomConnected(a *account) {
	c.pauseFarewells(a)
	a.farewells = nil // the session that they ended is over
	if !a.autojoined {
		a.autojoined = true
		for _, o := range a.options.Rooms {
			if r := c.openRoom(a, o.Room.Bare()); r.nick == "" && !c.prepare(r, o.Nick, "") {
				c.notifyIn(r, Notice{Code: NoticeNoNick, Level: Error})
			}
		}
	}
	for _, r := range c.roomsOf(a) {
		if r.wanted {
			r.attempts = 0
			c.enter(r)
			continue
		}
		// What was on its way when we left may have got lost with the last session, and nobody will say it again.
		c.failOutbox(r.conversation, &im.Failure{Code: im.CodeConnectionLost})
	}
	c.failGone(a)
	c.grantWishes(a)
}

// onRoomLost tells that the account is off line: we are in no room any more, but want to be again if it comes back.
func (c *Core) onRoomLost(a *account) {
	c.pauseFarewells(a)
	for _, r := range c.roomsOf(a) {
		c.setAlarm(r, 0, nil)
		c.stopEcho(r)
		if r.state == RoomJoined && !r.offline {
			r.offline = true
			n := Notice{Code: NoticeRoomOffline, Level: Warn}
			if !a.wanted {
				n.Level = Info
			}
			c.remarkIn(r, n)
		}
	}
	c.touch(dirtyRows)
}

// onRoomResumed goes on where the session was interrupted: nothing was lost, so that we are where we were.
func (c *Core) onRoomResumed(a *account) {
	for _, f := range a.farewells {
		c.armFarewell(a, f)
	}
	for _, r := range c.roomsOf(a) {
		r.offline = false
		switch {
		case r.session != a.session:
		case r.isJoined():
			c.pingRoom(r)
			if r.settling {
				c.setAlarm(r, settleTimeout, func() { c.settled(r) })
			}
		case r.state == RoomJoining:
			c.setAlarm(r, joinTimeout, func() { c.joinTimedOut(r) })
		case r.state == RoomLeft && r.wanted:
			c.enter(r)
		}
		c.flush(r.conversation)
		for _, conv := range c.privatesIn(r) {
			c.flush(conv)
		}
	}
	c.grantWishes(a)
	c.touch(dirtyRows)
}
