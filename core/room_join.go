package core

import (
	"slices"
	"strings"
	"time"

	"traboule/im"
)

const (
	// joinTimeout is how long a room may take to show us our own presence: a large one over Tor takes its time.
	joinTimeout = 60 * time.Second
	// settleTimeout is how long after it the history may take, where the room does not end it with a subject (XEP-0045 §7.2.15).
	settleTimeout = 5 * time.Second
	// retryWait is how long to wait before returning to a room that lost us, doubled each time.
	retryWait = 15 * time.Second
	// shortStay is a visit so short that the next attempt to return waits longer still.
	shortStay = 5 * time.Minute
	// joinHistory is how many old messages to ask for at the first join, returnHistory on a return.
	joinHistory, returnHistory = 50, 500
	// historyOverlap is how much further back than the last message to ask: clocks differ, and what comes twice is known.
	historyOverlap = 5 * time.Minute
)

// doJoin enters a room, or goes to its window if we are in it.
func (c *Core) doJoin(d Join) {
	a := c.currentAccount()
	if !d.Account.IsZero() {
		a = c.byJID[d.Account.Bare()]
	}
	if a == nil {
		c.refuse(Notice{Code: NoticeNoAccount})
		return
	}
	if !strings.Contains(d.Room, "@") {
		c.joinByName(a, wish{c.where(), d})
		return
	}
	jid, err := im.ParseJID(strings.TrimSuffix(d.Room, "/"))
	if err != nil || jid.Local() == "" {
		c.refuse(Notice{Code: NoticeBadRoom, Text: CleanLine(d.Room)})
		return
	}
	if d.Nick == "" {
		d.Nick = jid.Resource()
	}
	c.join(a, jid.Bare(), d.Nick, d.Password)
}

// here gives where to answer a command that was given in a window: there, or in the console if it has been closed.
func (c *Core) here(asked *conversation) ConversationID {
	if c.conversations[asked.id] == asked || asked.account == nil {
		return asked.id
	}
	return asked.account.console.id
}

// join goes to a room's window and enters the room.
func (c *Core) join(a *account, jid im.JID, nick, password string) {
	r := c.openRoom(a, jid)
	c.show(r.conversation)
	c.admit(r, nick, password)
}

// admit enters a room whose window is open.
func (c *Core) admit(r *room, nick, password string) {
	a := r.account()
	if r.isJoined() {
		c.joinAgain(r, nick)
		return
	}
	if r.mayStillBeIn() {
		c.notifyIn(r, Notice{Code: NoticeRoomLater, Nick: CleanName(r.nick)})
		return
	}
	if r.isJoining() {
		c.joinAnew(r, nick, password)
		return
	}
	if !c.prepare(r, nick, password) {
		c.notifyIn(r, Notice{Code: NoticeNoNick, Level: Error})
		return
	}
	r.byHand = true
	r.attempts = 0
	clear(r.warned)
	switch {
	case a.online():
		c.enter(r)
	case a.wanted:
		c.notifyIn(r, Notice{Code: NoticeRoomLater})
	default:
		c.joinFailed(r, a.whyDown())
	}
}

// joinAgain answers the wish to enter a room that we are in: perhaps with another nick.
func (c *Core) joinAgain(r *room, nick string) {
	if nick != "" {
		c.changeNick(r, nick)
		return
	}
	c.notifyIn(r, Notice{Code: NoticeAlreadyInRoom, Nick: CleanName(r.nick)})
}

// joinAnew answers the wish to enter a room that is about to let us in: perhaps with another nick, or another password. The
// answer to the first wish could then not be told from that to the second, so we take back the first.
func (c *Core) joinAnew(r *room, nick, password string) {
	a, before := r.account(), r.nick
	switch same := r.isToEnter(nick, password); {
	case same && a.online():
		c.tellRoom(r, nil)
	case same:
		c.notifyIn(r, Notice{Code: NoticeRoomLater})
	case !c.prepare(r, nick, password):
		c.notifyIn(r, Notice{Code: NoticeNoNick, Level: Error})
	default:
		if a.farewellTo(r.jid()) == nil {
			c.sayFarewell(r, before, "")
		}
		c.enter(r)
	}
}

// openRoom returns a room, making its window where there is none. An address that was taken for a person's is a room's now.
func (c *Core) openRoom(a *account, jid im.JID) *room {
	id := ConversationID{a.jid, jid}
	if conv := c.conversations[id]; conv != nil && conv.kind != Room {
		c.discard(conv)
	}
	return c.open(id, Room).room
}

// isToEnter reports whether we are to enter a room in this way; what is empty does not matter.
func (r *room) isToEnter(nick, password string) bool {
	return (nick == "" || nick == r.nick) && (password == "" || password == r.password)
}

// prepare settles how we enter a room; it needs a nick.
func (c *Core) prepare(r *room, nick, password string) bool {
	if nick == "" {
		nick = r.nick
	}
	if nick == "" {
		nick = c.defaultNick(r.account())
	}
	if _, err := r.jid().WithResource(nick); err != nil {
		return false
	}
	r.nick, r.wanted = nick, true
	if password != "" {
		r.password = password
	}
	return true
}

// defaultNick is our nick where none was chosen. For an anonymous account it means nothing, and is new for each room, so
// that nothing links them.
func (c *Core) defaultNick(a *account) string {
	switch {
	case a.options.Nick != "":
		return a.options.Nick
	case a.jid.Local() != "":
		return a.jid.Local()
	}
	id := c.options.NewID()
	return "guest-" + id[:min(6, len(id))]
}

// enter begins a visit to a room, at once or when the last one has ended.
func (c *Core) enter(r *room) {
	a := r.account()
	lost := r.state == RoomJoined || r.attempts > 0
	r.overlaps = !lost || r.last.IsZero()
	r.state, r.session = RoomJoining, a.session
	r.arriving, r.capped, r.subjectKnown, r.renaming = newOccupants(), false, false, ""
	c.setAlarm(r, 0, nil)
	c.tellRoom(r, nil)
	if f := a.farewellTo(r.jid()); f != nil {
		f.then = func() { c.knock(r) }
		return
	}
	session := a.session
	c.whenLoaded(r.conversation, func() { // what is kept tells what of the room's history is known
		if c.isOpen(r) && r.state == RoomJoining && a.session == session && r.session == session {
			c.knock(r)
		}
	})
}

// knock asks to be let into a room.
func (c *Core) knock(r *room) {
	a := r.account()
	request := im.JoinRoom{
		Room: r.jid(), Nick: r.nick, Password: r.password, History: joinHistory,
		Show: a.view.Show, Status: a.view.Status,
	}
	switch {
	case c.readsArchive(r): // which tells it better
		request.History, r.overlaps = 0, true
	case !r.last.IsZero():
		request.History, request.Since = returnHistory, r.last.Add(-historyOverlap)
	}
	c.setAlarm(r, joinTimeout, func() { c.joinTimedOut(r) })
	// Asked first, it is answered first: what ids of the room can be believed is known before anybody speaks.
	r.known, r.described = false, false
	c.describe(r)
	request.For = c.by(a)
	session := a.session
	c.ask(request, func(d im.Done) {
		// Without a connection, the next session or the resumption of this one decides.
		if d.Err != nil && !isOutage(d) && c.isOpen(r) && r.state == RoomJoining && r.session == session {
			c.joinFailed(r, d.Err)
		}
	})
}

// joinTimedOut gives up waiting for a room. It is told, in case that it lets us in later.
func (c *Core) joinTimedOut(r *room) {
	c.sayFarewell(r, r.nick, "")
	c.joinFailed(r, &im.Failure{Code: im.CodeTimeout})
}

// joinFailed takes a refusal. Our former self may still hold our nick after a lost connection: then we try again.
func (c *Core) joinFailed(r *room, err *im.Failure) {
	err = cleanFailure(err)
	transient := !err.Lasting && (err.Code == im.CodeNickTaken || err.Code == im.CodeTimeout || err.Code == im.CodeServiceGone)
	if r.visited && transient && c.retry(r, NoticeRoomRetry, err) {
		return
	}
	r.state, r.wanted, r.arriving, r.settling = RoomFailed, false, nil, false
	c.setAlarm(r, 0, nil)
	c.tellRoom(r, err)
	c.remarkIn(r, Notice{Code: NoticeRoomFailed, Level: Error, Nick: CleanName(r.nick), Err: err})
	c.failUnheard(r)
	c.failOutbox(r.conversation, err)
	c.endPrivates(r)
}

// retry waits before it tries to return to a room, a few times; it reports whether it does.
func (c *Core) retry(r *room, code NoticeCode, err *im.Failure) bool {
	if r.state == RoomJoined && c.now.Sub(r.entered) > shortStay {
		r.attempts = 0
	}
	if r.attempts >= maxReturns {
		return false
	}
	wait := retryWait << r.attempts
	r.attempts++
	r.state, r.arriving, r.settling = RoomLeft, nil, false
	c.stopEcho(r)
	c.tellRoom(r, err)
	c.remarkIn(r, Notice{Code: code, Level: Warn, Nick: CleanName(r.nick), Err: err, Wait: wait})
	c.setAlarm(r, wait, func() {
		if r.wanted && r.state == RoomLeft && r.account().online() && c.isOpen(r) {
			c.enter(r)
		}
	})
	return true
}

// entered takes the room's word that we are in it: our own presence, the last of all (XEP-0045 §7.2.2).
func (c *Core) entered(r *room, e im.OccupantChanged) {
	asked := r.nick
	r.nick = e.Occupant.Nick
	r.state, r.entered, r.offline, r.echoless = RoomJoined, c.now, false, false
	r.present, r.arriving = r.arriving, nil
	r.sign = c.now
	c.setAlarm(r, 0, nil)
	c.tellRoom(r, nil)
	code := NoticeRoomJoined
	if r.visited {
		code = NoticeRoomRejoined
	}
	r.visited = true
	c.settle(func(q Question) bool {
		return q.Kind == AskBookmark && q.Account == r.account().jid && q.Room == r.jid()
	})
	if r.byHand {
		r.byHand = false
		c.joinedByHand(r)
	}
	c.remarkIn(r, Notice{Code: code, Nick: CleanName(r.nick), Count: len(r.present.byNick)})
	if asked != r.nick {
		c.notifyIn(r, Notice{Code: NoticeNickAssigned, Level: Warn, Nick: CleanName(asked), NewNick: CleanName(r.nick)})
	}
	if slices.Contains(e.Codes, statusCreated) {
		c.created(r)
	}
	c.tellCodes(r, e.Codes)
	if r.known {
		c.tellInfo(r)
	} else {
		c.describe(r) // some rooms tell only those who are in
	}
	c.tellLookalikes(r)
	c.reviewPrivates(r)
	c.readAll(r.account(), r.jid())
	c.awaitHistory(r)
}

// awaitHistory holds what waits to be said until the history has shown which of what we said before the room has.
func (c *Core) awaitHistory(r *room) {
	r.settling = len(r.unheard) > 0
	for _, o := range r.conversation.outbox {
		if o.unknown {
			r.settling = true
		}
	}
	if r.settling {
		c.setAlarm(r, settleTimeout, func() { c.settled(r) })
		return
	}
	c.flush(r.conversation)
}

// settled says what waited for the end of the history.
func (c *Core) settled(r *room) {
	if !r.settling || c.isReading(r) {
		return
	}
	r.settling = false
	c.setAlarm(r, 0, nil)
	c.failUnheard(r)
	c.flush(r.conversation)
}

// describe asks for the room's name and properties. Nobody waits for the answer.
func (c *Core) describe(r *room) {
	session := r.session
	r.describing = true
	c.ask(im.DescribeRoom{For: c.by(r.account()), Room: r.jid()}, func(d im.Done) {
		r.describing = false
		result, ok := d.Result.(im.RoomInfoResult)
		switch {
		case !c.isOpen(r) || r.session != session:
		case r.outdated && r.isJoined():
			r.outdated = false
			c.describe(r)
		case d.Err == nil && ok:
			c.described(r, result.Info)
		}
	})
}
