package core

import "traboule/im"

// doPart leaves the current room.
func (c *Core) doPart(d Part) {
	conv := c.where()
	if conv.room == nil || !conv.room.wanted {
		c.refuseOutside()
		return
	}
	c.leaveRoom(conv, d.Text)
	c.remarkIn(conv.room, Notice{Code: NoticeRoomLeft, Reason: CleanLine(d.Text)})
}

// leaveRoom leaves a room, if we are in it, as its window closes or the client ends.
func (c *Core) leaveRoom(conv *conversation, text string) {
	r := conv.room
	if r == nil || !r.wanted {
		return
	}
	a := r.account()
	if a.online() && (r.state == RoomJoining || r.isJoined()) {
		c.send(im.LeaveRoom{For: c.by(a), Room: r.jid(), Nick: r.nick, Text: sendable(text)})
	}
	r.unheard = nil // what was said came before the goodbye, in order
	c.outside(r)
	c.tellRoom(r, nil)
}

// outside makes a room one that we are not in and do not want to be in.
func (c *Core) outside(r *room) {
	r.state, r.wanted, r.settling, r.arriving = RoomLeft, false, false, nil
	c.stopEcho(r)
	r.present = newOccupants()
	c.setAlarm(r, 0, nil)
	c.failUnheard(r)
	c.failOutbox(r.conversation, &im.Failure{Code: im.CodeNotAllowed})
	c.endPrivates(r)
}
