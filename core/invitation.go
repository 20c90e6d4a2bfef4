package core

import "traboule/im"

// The two ways of an invitation, as a Notice's Text says them.
const (
	inviteMediated = "mediated" // through the room (XEP-0045 §7.8.2), which can let the guest in where only members may
	inviteDirect   = "direct"   // from one to the other (XEP-0249), which the room does not see
)

// invitation is one that the user has not answered yet.
type invitation struct {
	direct   bool
	password string
}

// invited names an invitation: who invites, and to which room.
type invited struct{ room, from im.JID }

// doInvite invites somebody to the current room: through the room while we are in it, which then lets the guest in and
// adds its own password; directly where we have left it.
func (c *Core) doInvite(d Invite) {
	r := c.roomHere()
	switch {
	case r == nil:
		c.refuseOutside()
		return
	case !r.account().online():
		c.refuseOffline(r.account())
		return
	}
	request := im.Invite{
		For: c.by(r.account()), Room: r.jid(), To: d.JID.Bare(), Direct: !r.isJoined(), Reason: sendable(d.Text),
	}
	way := inviteMediated
	if request.Direct {
		way, request.Password = inviteDirect, r.password
	}
	c.ask(request, func(done im.Done) {
		switch {
		case !c.isOpen(r):
		case done.Err != nil:
			c.notifyFailure(r.conversation.id, Notice{Code: NoticeInvitationFailed, Room: r.jid(), JID: request.To}, done.Err)
		default:
			c.notifyIn(r, Notice{Code: NoticeInvitationSent, JID: request.To, Text: way})
		}
	})
}

// onInvitation asks the user about an invitation, once for each room and inviter.
func (c *Core) onInvitation(a *account, e im.InvitationReceived) {
	room, from := e.Room.Bare(), e.From
	if !from.IsZero() && from.Bare() != room {
		from = from.Bare()
	}
	if room.Local() == "" || a.isInvited(invited{room, from}) {
		return
	}
	if r := c.roomAt(a, room); r != nil && r.isJoined() {
		c.notifyIn(r, Notice{Code: NoticeInvitationNotNeeded, JID: from, Reason: CleanLine(e.Reason)})
		return
	}
	q := Question{Kind: AskInvitation, Account: a.jid, From: from, Room: room, Text: CleanLine(e.Reason)}
	if len(a.invitations) >= maxInvitations || c.isAskedTooMuch(q) {
		c.tooManyInvitations(a)
		return
	}
	if a.invitations == nil {
		a.invitations = make(map[invited]invitation)
	}
	a.invitations[invited{room, from}] = invitation{e.Direct, e.Password}
	c.question(q)
	way := inviteMediated
	if e.Direct {
		way = inviteDirect
	}
	c.notify(a.console.id, Notice{
		Code: NoticeInvited, Level: Warn, Room: room, JID: from, Reason: CleanLine(e.Reason), Text: way,
	})
}

func (a *account) isInvited(i invited) bool {
	_, found := a.invitations[i]
	return found
}

// tooManyInvitations tells once that more invitations are ignored until some are answered.
func (c *Core) tooManyInvitations(a *account) {
	if !a.flooded {
		a.flooded = true
		c.notify(a.console.id, Notice{Code: NoticeInvitationsCapped, Level: Warn, Of: maxInvitations})
	}
}

// answerInvitation carries out the answer to an invitation.
func (c *Core) answerInvitation(a *account, q Question, yes bool) {
	key := invited{q.Room, q.From}
	i := a.invitations[key]
	delete(a.invitations, key)
	a.flooded = false
	if yes {
		c.forgetInvitations(a, q.Room)
		c.join(a, q.Room, "", i.password)
		return
	}
	n := Notice{Code: NoticeInvitationUnheard, Room: q.Room, JID: q.From}
	if !i.direct { // a direct one has no way to be declined
		n.Code = NoticeInvitationRefused
		c.send(im.DeclineInvitation{For: c.by(a), Room: q.Room, To: q.From})
	}
	c.answer(n)
}

// forgetInvitations takes back what is asked about a room that we enter.
func (c *Core) forgetInvitations(a *account, room im.JID) {
	for i := range a.invitations {
		if i.room == room {
			delete(a.invitations, i)
		}
	}
	c.settle(func(q Question) bool {
		return (q.Kind == AskInvitation || q.Kind == AskBookmark) && q.Account == a.jid && q.Room == room
	})
}

// onInvitationDeclined tells that somebody will not come. Only of a room that we are in: others have nothing to decline.
func (c *Core) onInvitationDeclined(a *account, e im.InvitationDeclined) {
	if r := c.roomAt(a, e.Room.Bare()); r != nil && r.isJoined() {
		c.notifyIn(r, Notice{Code: NoticeInvitationDeclined, JID: e.From.Bare(), Reason: CleanLine(e.Reason)})
	}
}
