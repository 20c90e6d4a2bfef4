package core

import (
	"slices"
	"time"

	"traboule/im"
)

// farewellTime is how long a room may take to confirm our goodbye.
const farewellTime = 30 * time.Second

// farewell is our goodbye to a room that the room has not confirmed yet (XEP-0045 §7.14). Until it has, what it sends may
// belong to the visit that is over, and looks like what it would send of a new one: a new visit begins only then.
type farewell struct {
	room im.JID
	nick string
	// early is set if the room had not let us in yet: then it may answer with a refusal.
	early bool
	alarm *alarm
	then  func() // nil if the user does not want to be in the room again
}

// farewellTo returns our unconfirmed goodbye to a room, or nil.
func (a *account) farewellTo(room im.JID) *farewell {
	i := slices.IndexFunc(a.farewells, func(f *farewell) bool { return f.room == room })
	if i < 0 {
		return nil
	}
	return a.farewells[i]
}

// isConfirmedBy reports whether presence is the end of our visit. That of our former nick, as we change it, is not.
func (f *farewell) isConfirmedBy(e im.OccupantChanged) bool {
	ours := slices.Contains(e.Codes, statusSelf) || e.Occupant.Nick == f.nick
	return ours && !e.Present && !slices.Contains(e.Codes, statusRenamed)
}

// doPart leaves the current room.
func (c *Core) doPart(d Part) {
	conv := c.where()
	if conv.room == nil || !conv.room.wanted {
		c.refuseOutside()
		return
	}
	c.leaveRoom(conv, d.Text)
	c.leftByHand(conv.room)
	c.remarkIn(conv.room, Notice{Code: NoticeRoomLeft, Reason: CleanLine(d.Text)})
}

// leaveRoom leaves a room, if we are in it, as its window closes or the client ends.
func (c *Core) leaveRoom(conv *conversation, text string) {
	r := conv.room
	if r == nil || !r.wanted {
		return
	}
	switch f := r.account().farewellTo(r.jid()); {
	case f != nil:
		f.then = nil
	case r.mayBeIn():
		c.sayFarewell(r, r.nick, text)
	}
	r.unheard = nil // what was said came before the goodbye, in order
	c.outside(r)
	c.tellRoom(r, nil)
}

// mayBeIn reports whether the room may have us among its occupants, or is about to.
func (r *room) mayBeIn() bool { return r.isJoined() || r.mayStillBeIn() || r.isJoining() }

// sayFarewell tells a room that we leave. Without a connection, the goodbye waits for the session to be resumed; a new one
// finds us outside anyway.
func (c *Core) sayFarewell(r *room, nick, text string) {
	a := r.account()
	f := &farewell{room: r.jid(), nick: nick, early: r.state == RoomJoining}
	a.farewells = append(a.farewells, f)
	if a.online() {
		c.armFarewell(a, f)
	}
	c.ask(im.LeaveRoom{For: c.by(a), Room: f.room, Nick: f.nick, Text: sendable(text)}, func(d im.Done) {
		if d.Err != nil && !isOutage(d) {
			c.endFarewell(a, f)
		}
	})
}

func (c *Core) armFarewell(a *account, f *farewell) {
	c.cancel(f.alarm)
	f.alarm = c.wakeAt(c.now.Add(farewellTime), func() { c.endFarewell(a, f) })
}

// endFarewell takes it that we have left a room, and goes back if that is what the user wants by now.
func (c *Core) endFarewell(a *account, f *farewell) {
	i := slices.Index(a.farewells, f)
	if i < 0 {
		return
	}
	a.farewells = slices.Delete(a.farewells, i, i+1)
	c.cancel(f.alarm)
	if f.then != nil {
		f.then()
	}
}

// pauseFarewells stops waiting for rooms that cannot answer now.
func (c *Core) pauseFarewells(a *account) {
	for _, f := range a.farewells {
		c.cancel(f.alarm)
	}
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
