package xmppclient

import "traboule/im"

const nsConference = "jabber:x:conference" // XEP-0249

// decodeInvitation returns the invitation, or the declining of one, that a message is; nil if it is neither. Whatever else
// such a message holds, usually a body for clients that do not understand it, is left out.
func (s *stanzas) decodeInvitation(from im.JID, root *node) im.Event {
	x := root.kid(nsMUCUser, "x")
	if invite := x.kid(nsMUCUser, "invite"); invite != nil {
		return s.mediated(from, root, x, invite)
	}
	if decline := x.kid(nsMUCUser, "decline"); decline != nil {
		return s.declined(from, decline)
	}
	if direct := root.kid(nsConference, "x"); direct != nil && direct.attr("jid") != "" {
		return s.direct(from, root, direct)
	}
	return nil
}

// mediated reads an invitation that comes through the room (XEP-0045 §7.8.2). The room speaks as itself: what has a
// resource is an occupant who pretends, or no room at all.
func (s *stanzas) mediated(from im.JID, root, x, invite *node) im.Event {
	if !isRoom(from) || from == s.own {
		return s.dropped(from, im.DropForged)
	}
	inviter, err := im.WireJID(invite.attr("from"))
	if err != nil {
		inviter = im.JID{}
	}
	return im.InvitationReceived{
		On: s.on(), Room: from, From: inviter,
		Reason:   reason(invite, root),
		Password: x.kidText(nsMUCUser, "password", maxText),
	}
}

func (s *stanzas) declined(from im.JID, decline *node) im.Event {
	invited, err := im.WireJID(decline.attr("from"))
	if !isRoom(from) || from == s.own {
		return s.dropped(from, im.DropForged)
	}
	if err != nil {
		return s.dropped(from, im.DropUnparseable)
	}
	return im.InvitationDeclined{On: s.on(), Room: from, From: invited, Reason: decline.kidText(nsMUCUser, "reason", maxText)}
}

func (s *stanzas) direct(from im.JID, root, x *node) im.Event {
	room, err := im.WireJID(x.attr("jid"))
	if err != nil || !isRoom(room) {
		return s.dropped(from, im.DropUnparseable)
	}
	why := clip(x.attr("reason"), maxText)
	if why == "" {
		why = clip(body(root), maxText)
	}
	return im.InvitationReceived{
		On: s.on(), Room: room, From: from, Direct: true, Reason: why, Password: clip(x.attr("password"), maxText),
	}
}

// reason is why somebody invites: what they wrote, else the words that the room made of it.
func reason(invite, root *node) string {
	if why := invite.kidText(nsMUCUser, "reason", maxText); why != "" {
		return why
	}
	return clip(body(root), maxText)
}

func isRoom(j im.JID) bool { return j.IsBare() && j.Local() != "" }

// invite asks somebody into a room. The room adds its password itself to what goes through it.
func (s *stanzas) invite(r im.Invite) *node {
	if r.Direct {
		x := el(nsConference, "x").set("jid", r.Room.Bare().String())
		x.setIf("password", r.Password).setIf("reason", r.Reason)
		return stanza("message", r.To, "", s.ids()).add(x)
	}
	invite := el(nsMUCUser, "invite").set("to", r.To.String()).add(optionalText(nsMUCUser, "reason", r.Reason))
	return stanza("message", r.Room.Bare(), "", s.ids()).add(el(nsMUCUser, "x", invite))
}

func (s *stanzas) declineInvitation(r im.DeclineInvitation) *node {
	decline := el(nsMUCUser, "decline").set("to", r.To.String()).add(optionalText(nsMUCUser, "reason", r.Reason))
	return stanza("message", r.Room.Bare(), "", s.ids()).add(el(nsMUCUser, "x", decline))
}
