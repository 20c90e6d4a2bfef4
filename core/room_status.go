package core

import (
	"slices"

	"traboule/im"
)

// The status codes of XEP-0045 §15.6 that core understands.
const (
	statusNonAnonymous  = 100
	statusConfigChanged = 104
	statusSelf          = 110
	statusLogged        = 170
	statusNotLogged     = 171
	statusOpen          = 172 // now non-anonymous
	statusSemiAnonymous = 173
	statusAnonymous     = 174
	statusCreated       = 201
	statusNickAssigned  = 210
	statusBanned        = 301
	statusRenamed       = 303
	statusKicked        = 307
	statusDisaffected   = 321
	statusNotMember     = 322
	statusShutdown      = 332
	statusTechnical     = 333
)

// tellCodes words the status codes that come with our own presence as we enter, or out of the room later.
func (c *Core) tellCodes(r *room, codes []int) {
	unknown := 0
	for _, code := range codes {
		switch code {
		case statusSelf, statusNickAssigned, statusCreated, 101, 102, 103: // told otherwise; 101 to 103 only matter to owners
		case statusNonAnonymous:
			c.warnIn(r, Notice{Code: NoticeRoomNonAnonymous})
		case statusLogged:
			c.warnLogged(r)
		case statusNotLogged:
			delete(r.warned, NoticeRoomLogged)
			c.notifyIn(r, Notice{Code: NoticeRoomNotLogged})
		case statusOpen:
			c.warnIn(r, Notice{Code: NoticeRoomNonAnonymous})
		case statusSemiAnonymous:
			delete(r.warned, NoticeRoomNonAnonymous)
			c.notifyIn(r, Notice{Code: NoticeRoomSemiAnonymous})
		case statusAnonymous:
			delete(r.warned, NoticeRoomNonAnonymous)
			c.notifyIn(r, Notice{Code: NoticeRoomAnonymous})
		case statusConfigChanged:
			c.notifyIn(r, Notice{Code: NoticeRoomConfigChanged})
		default:
			unknown = code
		}
	}
	if unknown != 0 { // one of them is enough: a room can send any number
		c.notifyIn(r, Notice{Code: NoticeRoomUnknownCode, Count: unknown})
	}
}

// created opens the room that we have just made to others (XEP-0045 §10.1.2).
func (c *Core) created(r *room) {
	c.notifyIn(r, Notice{Code: NoticeRoomCreated})
	c.tryIn(r, im.UnlockRoom{For: c.by(r.account()), Room: r.jid()}, Notice{Code: NoticeRoomUnlockFailed})
}

// onRoomConfig takes a change of the room itself.
func (c *Core) onRoomConfig(a *account, e im.RoomConfigChanged) {
	r := c.roomAt(a, e.Room)
	if r == nil || !r.isJoined() {
		return
	}
	c.tellCodes(r, e.Codes)
	if r.outdated = r.describing; !r.outdated {
		c.describe(r)
	}
}

// described takes what the room tells of itself.
func (c *Core) described(r *room, info im.RoomInfo) {
	flags, title := cleanFlags(info.Flags), CleanLine(info.Name)
	changed := !slices.Equal(flags, r.flags)
	r.untold = r.untold || changed || title != r.title
	r.known, r.flags, r.title = true, flags, title
	if !r.isJoined() {
		return
	}
	if changed {
		c.tellRoom(r, nil)
	}
	c.tellInfo(r)
}

// tellInfo says what is new about the room, and warns of what its occupants should know.
func (c *Core) tellInfo(r *room) {
	defer func() { r.described = true }()
	if !r.untold {
		return
	}
	r.untold = false
	c.remarkIn(r, Notice{Code: NoticeRoomDescribed, Text: r.title, Flags: r.flags})
	if slices.Contains(r.flags, im.FlagNonAnonymous) {
		c.warnIn(r, Notice{Code: NoticeRoomNonAnonymous})
	}
	if slices.Contains(r.flags, im.FlagLogged) {
		c.warnLogged(r)
	}
	r.described = true
}

// warnLogged warns that what is said is kept. As we enter that is not worth coming for, as most rooms are so: it stands where it
// is read before anything is said.
func (c *Core) warnLogged(r *room) {
	unread := r.conversation.unread
	c.warnIn(r, Notice{Code: NoticeRoomLogged})
	if !r.described {
		r.conversation.unread = unread
	}
}

// cleanFlags takes the flags that we know, once each: what a room invents is not shown as if it were ours.
func cleanFlags(told []im.RoomFlag) []im.RoomFlag {
	var flags []im.RoomFlag
	for _, f := range roomFlags() {
		if slices.Contains(told, f) {
			flags = append(flags, f)
		}
	}
	return flags
}

// roomFlags lists the flags in the order in which they matter to who reads them.
func roomFlags() []im.RoomFlag {
	return []im.RoomFlag{
		im.FlagPublic, im.FlagHidden, im.FlagLogged, im.FlagNonAnonymous, im.FlagSemiAnonymous, im.FlagMembersOnly,
		im.FlagModerated, im.FlagPassword, im.FlagPersistent, im.FlagTemporary,
	}
}
