package core

import "traboule/im"

// room is what we know of a room that we are in, were in, or want to be in.
type room struct {
	conversation *conversation
	joined       bool
}

func newRoom(conv *conversation) *room { return &room{conversation: conv} }

// name is what to call the room; it is clean.
func (r *room) name() string { return CleanName(r.conversation.id.Peer.Local()) }

// isJoined reports whether we are in the room.
func (r *room) isJoined() bool { return r.joined }

// fill gives the parts of a Window that only rooms have.
func (r *room) fill(w *Window) {}

// onRoomConnected rejoins the rooms after a new session, and joins those of the settings and those asked for meanwhile.
func (c *Core) onRoomConnected(a *account) {}

// onRoomLost tells that the account is off line: we are in no room any more, but want to be again if it comes back.
func (c *Core) onRoomLost(a *account) {}

// isRoom reports whether an address is that of a room we know of.
func (c *Core) isRoom(a *account, bare im.JID) bool {
	conv := c.conversations[ConversationID{a.jid, bare}]
	return conv != nil && conv.kind == Room
}

// occupantShow tells how available the other end of a private conversation is.
func (c *Core) occupantShow(conv *conversation) im.Show { return im.Offline }

// leaveRoom leaves a room, if we are in it, as its window closes or the client ends.
func (c *Core) leaveRoom(conv *conversation, text string) {}

// presenceInRooms repeats our presence in the rooms.
func (c *Core) presenceInRooms(a *account) {}

// sayInRoom speaks in a room.
func (c *Core) sayInRoom(conv *conversation, text string) { c.deliver(conv, text, "") }

// sayToOccupant speaks to one occupant.
func (c *Core) sayToOccupant(conv *conversation, text string) { c.deliver(conv, text, "") }

// canDeliver reports whether a message can go out now to a room, or to an occupant of one.
func (c *Core) canDeliver(conv *conversation) bool { return true }

// occupantNamed gives the address of an occupant of the current room.
func (c *Core) occupantNamed(nick string) (im.JID, bool) { return im.JID{}, false }

// ownNick gives our own nickname in a room, or in the room of an occupant.
func (c *Core) ownNick(conv *conversation) string { return CleanName(conv.account.jid.Local()) }

// answerInvitation carries out the answer to an invitation.
func (c *Core) answerInvitation(a *account, q Question, yes bool) {}

func (c *Core) onOccupantChanged(a *account, e im.OccupantChanged)       {}
func (c *Core) onSubject(a *account, e im.SubjectReceived)               {}
func (c *Core) onRoomConfig(a *account, e im.RoomConfigChanged)          {}
func (c *Core) onRoomMessage(a *account, m im.Message)                   {}
func (c *Core) onPrivateMessage(a *account, m im.Message)                {}
func (c *Core) onPresenceFailed(a *account, e im.PresenceFailed)         {}
func (c *Core) onInvitation(a *account, e im.InvitationReceived)         {}
func (c *Core) onInvitationDeclined(a *account, e im.InvitationDeclined) {}

func (c *Core) doJoin(d Join)                         {}
func (c *Core) doPart(d Part)                         {}
func (c *Core) doChangeNick(d ChangeNick)             {}
func (c *Core) doSubject(d Subject)                   {}
func (c *Core) doNames()                              {}
func (c *Core) doInvite(d Invite)                     {}
func (c *Core) doKick(d Kick)                         {}
func (c *Core) doBan(d Ban)                           {}
func (c *Core) doGrantRole(d GrantRole)               {}
func (c *Core) doGrantAffiliation(d GrantAffiliation) {}
func (c *Core) doAffiliations(d Affiliations)         {}
func (c *Core) doDestroy(d Destroy)                   {}
func (c *Core) doRooms(d Rooms)                       {}
