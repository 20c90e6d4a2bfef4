package core

import (
	"slices"
	"time"

	"traboule/im"
)

// room is what we know of a room that we are in, were in, or want to be in (XEP-0045).
//
//	left --join--> joining --our own presence--> joined --leave, kick, ban, destroyed--> left
//	                 |  ^                          |
//	  error, timeout |  +-------new session--------+
//	                 v
//	               failed
//
// Who leaves and joins again at once is joining until the room has confirmed the first: see farewell.
type room struct {
	conversation *conversation
	state        RoomState
	// session is the account's session in which we joined: a later one finds us outside.
	session int
	// nick is ours, as we asked for it or as the room has it; password is what it needs to let us in.
	nick, password string
	// wanted is set while we want to be in it whenever the account is connected.
	wanted bool
	// byHand is set from when the user asks for it until we are in.
	byHand bool
	// visited is set once we have been in it, so that the next join is a return.
	visited bool
	// offline is set once the window says that the connection was lost.
	offline bool
	// entered is when we last came in; attempts counts those to return since we last stayed for a while.
	entered  time.Time
	attempts int
	// renaming is the nick that we have asked for inside the room.
	renaming string
	// settling is set while the room may still send the history that shows which of our messages it has.
	settling bool
	// alarm ends a wait: for our own presence, for the end of the history, or for the next attempt.
	alarm *alarm

	// flags and title are what the room tells of itself: known in this visit, untold to the user. described is set once they were
	// told, or were the same as in the visit before.
	flags                    []im.RoomFlag
	title                    string // clean
	known, untold, described bool
	// describing and pinging are set while a question of that sort waits for its answer.
	describing, pinging bool
	// outdated is set if the room has changed since it was asked what it is like.
	outdated bool
	// warned are the warnings given already, so that a return does not repeat them.
	warned map[NoticeCode]bool

	subject, subjectBy string // clean
	subjectKnown       bool   // in this visit

	present  *occupants
	arriving *occupants // while joining; those of the last visit stay in view meanwhile
	capped   bool
	visits   uint64
	// last is when the newest message was sent or heard; sign is when the room last gave one.
	last, sign time.Time
	// unheard are the ids of what we have said that the server has and the room has not shown us yet; echo waits for them.
	// An echoless room shows what we say under other ids.
	unheard  []string
	echo     *alarm
	echoless bool
	// overlaps is set once the history of this visit has reached back to what we have, or has nothing to reach back to.
	overlaps bool
}

func newRoom(conv *conversation) *room {
	return &room{conversation: conv, present: newOccupants(), warned: make(map[NoticeCode]bool)}
}

// jid is the room's bare address.
func (r *room) jid() im.JID { return r.conversation.id.Peer }

// account is whose visit it is.
func (r *room) account() *account { return r.conversation.account }

// name is what to call the room; it is clean. It is a part of the address, for a room can give itself any other name.
func (r *room) name() string {
	if local := r.jid().Local(); local != "" {
		return CleanName(local)
	}
	return CleanJID(r.jid())
}

// isJoined reports whether we are in the room, as far as we can know: without a connection we are not.
func (r *room) isJoined() bool {
	a := r.account()
	return r.state == RoomJoined && a.online() && r.session == a.session
}

// mayStillBeIn reports whether a resumed session would find us in the room, under the nick that we had.
func (r *room) mayStillBeIn() bool {
	a := r.account()
	return r.state == RoomJoined && !a.online() && a.wanted && r.session == a.session
}

// isJoining reports whether the room is about to answer our wish to be in it, at once or in a resumed session.
func (r *room) isJoining() bool {
	a := r.account()
	return r.state == RoomJoining && (a.online() || a.wanted) && r.session == a.session
}

// fill gives the parts of a Window that only rooms have. Occupants stay in view when the connection is lost; that they may
// have gone shows in Joined.
func (r *room) fill(w *Window) {
	w.Subject = r.subject
	w.Flags = r.flags
	a := r.account()
	w.Held = r.wanted && !r.isJoined() && (a.wanted || a.online())
	if r.nick != "" {
		w.Nick = CleanName(r.nick)
	}
	w.Occupants = r.present.view(r.nick)
}

// roomAt returns the room with a bare address, or nil if we know none.
func (c *Core) roomAt(a *account, bare im.JID) *room {
	conv := c.conversations[ConversationID{a.jid, bare}]
	if conv == nil {
		return nil
	}
	return conv.room
}

// isRoom reports whether an address is that of a room we know of.
func (c *Core) isRoom(a *account, bare im.JID) bool { return c.roomAt(a, bare) != nil }

// isOpen reports whether the room's window is still there: what comes later must not open it again.
func (c *Core) isOpen(r *room) bool { return c.conversations[r.conversation.id] == r.conversation }

// roomHere returns the room where a command was given, or of whose occupant the conversation there is, or nil.
func (c *Core) roomHere() *room {
	conv := c.where()
	if conv.kind == Occupant {
		return c.roomAt(conv.account, conv.id.Peer.Bare())
	}
	return conv.room
}

// currentRoom returns the room where a command was given if we are in it; it says so if we are in none.
func (c *Core) currentRoom() *room {
	r := c.roomHere()
	if r == nil || !r.isJoined() {
		c.refuseOutside()
		return nil
	}
	return r
}

// refuseOutside says that a command needs a room that we are in: this one, or another if there is any.
func (c *Core) refuseOutside() {
	if r := c.roomHere(); r != nil {
		c.refuse(Notice{Code: NoticeOutsideRoom, Room: r.jid()})
		return
	}
	joined := func(v *conversation) bool { return v.room != nil && v.room.isJoined() }
	c.refuse(c.pointing(Notice{Code: NoticeNotInRoom}, joined))
}

// roomToChange is currentRoom for what everybody there will see. In a private conversation it refuses: who types there has
// one person in mind.
func (c *Core) roomToChange() *room {
	r := c.currentRoom()
	if r != nil && r.conversation != c.where() {
		c.refuse(c.pointing(Notice{Code: NoticePrivateNotRoom, Room: r.jid()}, func(v *conversation) bool { return v == r.conversation }))
		return nil
	}
	return r
}

// roomsOf returns the rooms of an account in the order of their windows.
func (c *Core) roomsOf(a *account) []*room {
	var rooms []*room
	for _, conv := range c.windows {
		if conv.account == a && conv.room != nil {
			rooms = append(rooms, conv.room)
		}
	}
	return rooms
}

// tellRoom tells scripts where our visit to a room stands.
func (c *Core) tellRoom(r *room, err *im.Failure) {
	f := RoomFact{Account: r.account().jid, Room: r.jid(), State: r.state, Flags: slices.Clone(r.flags), Err: err}
	if r.nick != "" {
		f.Nick = CleanName(r.nick)
	}
	if r.state == RoomJoined {
		f.Occupants = len(r.present.byNick)
	}
	c.touch(dirtyRows)
	c.fact(f)
}

// remarkIn says something in a room's window that another fact tells scripts.
func (c *Core) remarkIn(r *room, n Notice) {
	n.Room = r.jid()
	c.remark(r.conversation.id, n)
}

// notifyIn says something in a room's window, and to scripts.
func (c *Core) notifyIn(r *room, n Notice) {
	n.Room = r.jid()
	c.notify(r.conversation.id, n)
}

// warnIn warns of something in a room, once.
func (c *Core) warnIn(r *room, n Notice) {
	if r.warned[n.Code] {
		return
	}
	r.warned[n.Code] = true
	n.Level = Warn
	c.notifyIn(r, n)
}

// tryIn asks something about a room and, if it fails, says so in its window while that is open.
func (c *Core) tryIn(r *room, request im.Request, failed Notice) {
	c.ask(request, func(d im.Done) {
		if d.Err != nil && c.isOpen(r) {
			failed.Room = r.jid()
			c.notifyFailure(r.conversation.id, failed, d.Err)
		}
	})
}

// setAlarm replaces what the room waits for.
func (c *Core) setAlarm(r *room, wait time.Duration, what func()) {
	c.cancel(r.alarm)
	r.alarm = nil
	if what != nil {
		r.alarm = c.wakeAt(c.now.Add(wait), what)
	}
}

// ownNick gives our own nickname in a room, or in the room of an occupant.
func (c *Core) ownNick(conv *conversation) string {
	r := c.roomAt(conv.account, conv.id.Peer.Bare())
	if r == nil || r.nick == "" {
		return CleanName(c.defaultNick(conv.account))
	}
	return CleanName(r.nick)
}

// presenceInRooms repeats our presence in the rooms.
func (c *Core) presenceInRooms(a *account) {
	for _, r := range c.roomsOf(a) {
		if to, err := r.jid().WithResource(r.nick); err == nil && r.isJoined() {
			c.send(im.SetPresence{For: c.by(a), To: to, Show: a.view.Show, Status: a.view.Status})
		}
	}
}
