package core

import "traboule/im"

// doKick takes an occupant out of the current room (XEP-0045 §8.2).
func (c *Core) doKick(d Kick) { c.setRole(d.Nick, im.RoleNone, d.Text) }

// doGrantRole changes an occupant's role (XEP-0045 §8.3, §8.4, §9.6).
func (c *Core) doGrantRole(d GrantRole) { c.setRole(d.Nick, d.Role, d.Text) }

func (c *Core) setRole(nick string, role im.Role, reason string) {
	r := c.currentRoom()
	if r == nil {
		return
	}
	o := c.meant(r, nick)
	if o == nil {
		c.refuse(Notice{Code: NoticeNoSuchOccupant, Room: r.jid(), Nick: CleanName(nick)})
		return
	}
	request := im.SetRole{For: c.by(r.account()), Room: r.jid(), Nick: o.Nick, Role: role, Reason: sendable(reason)}
	var unchanged Notice
	if o.Role == role {
		unchanged = Notice{Code: NoticeRoleUnchanged, Nick: o.name, Role: role}
	}
	c.moderate(r, request, o.name, unchanged)
}

// moderate asks a room to change what somebody may do. The presence that follows tells of it; told does where none will.
func (c *Core) moderate(r *room, request im.Request, name string, told Notice) {
	c.ask(request, func(d im.Done) {
		switch {
		case !c.isOpen(r):
		case d.Err != nil:
			c.notifyFailure(r.conversation.id, Notice{Code: NoticeModerationFailed, Room: r.jid(), Nick: name}, d.Err)
		case told.Code != "":
			c.notifyIn(r, told)
		}
	})
}

// meant returns the occupant that a typed nick means, or nil. Where several are shown alike, nobody is: better not to
// act than on the wrong one.
func (c *Core) meant(r *room, nick string) *occupant {
	found := r.present.find(nick)
	if len(found) > 1 {
		c.notifyIn(r, Notice{Code: NoticeAmbiguousNick, Level: Warn, Nick: CleanName(nick)})
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// doBan takes an occupant or an address out of the current room for good (XEP-0045 §9.1).
func (c *Core) doBan(d Ban) { c.setAffiliation(d.Nick, im.Outcast, d.Text) }

// doGrantAffiliation changes the standing of an occupant or an address (XEP-0045 §9, §10).
func (c *Core) doGrantAffiliation(d GrantAffiliation) {
	c.setAffiliation(d.Nick, d.Affiliation, d.Text)
}

// setAffiliation changes a standing, which belongs to an address: of an occupant it must be one that the room shows us.
func (c *Core) setAffiliation(whom string, affiliation im.Affiliation, reason string) {
	r := c.currentRoom()
	if r == nil {
		return
	}
	name, jid := CleanName(whom), im.JID{}
	var o *occupant
	if !isAddress(whom) {
		o = c.meant(r, whom)
	}
	switch {
	case o != nil && o.JID.IsZero():
		c.refuse(Notice{Code: NoticeNoRealJID, Room: r.jid(), Nick: o.name})
		return
	case o != nil:
		name, jid = o.name, o.JID.Bare()
	default:
		if !isAddress(whom) {
			c.refuse(Notice{Code: NoticeNoSuchOccupant, Room: r.jid(), Nick: name})
			return
		}
		typed, _ := im.ParseJID(whom)
		jid = typed.Bare()
		o = r.present.byJID(jid)
	}
	request := im.SetAffiliation{
		For: c.by(r.account()), Room: r.jid(), JID: jid, Affiliation: affiliation, Reason: sendable(reason),
	}
	var told Notice
	switch {
	case o == nil:
		told = Notice{Code: NoticeModerationDone, Nick: name, JID: jid, Affiliation: affiliation}
	case o.Affiliation == affiliation:
		told = Notice{Code: NoticeAffiliationUnchanged, Nick: name, Affiliation: affiliation}
	}
	c.moderate(r, request, name, told)
}

// doAffiliations lists those with a standing in the current room, or all who have one (XEP-0045 §9.2, §9.5, §10.5, §10.8).
func (c *Core) doAffiliations(d Affiliations) {
	r := c.currentRoom()
	switch {
	case r == nil:
	case d.Affiliation == im.AffiliationNone:
		c.listAffiliations(r, im.Owner, im.Admin, im.Member, im.Outcast)
	default:
		c.listAffiliations(r, d.Affiliation)
	}
}

// listAffiliations lists those with the first of these standings, then the others, unless the room refuses.
func (c *Core) listAffiliations(r *room, standings ...im.Affiliation) {
	first := standings[0]
	request := im.ListAffiliations{For: c.by(r.account()), Room: r.jid(), Affiliation: first}
	c.ask(request, func(done im.Done) {
		if !c.isOpen(r) {
			return
		}
		if done.Err != nil {
			failed := Notice{Code: NoticeAffiliationsFailed, Room: r.jid(), Affiliation: first}
			c.notifyFailure(r.conversation.id, failed, done.Err)
			return
		}
		result, _ := done.Result.(im.AffiliationsResult)
		c.notifyIn(r, affiliationList(first, result.Occupants))
		if len(standings) > 1 && r.isJoined() {
			c.listAffiliations(r, standings[1:]...)
		}
	})
}

func affiliationList(affiliation im.Affiliation, found []im.Occupant) Notice {
	n := Notice{Code: NoticeAffiliations, Affiliation: affiliation, Count: len(found)}
	for _, o := range found[:min(len(found), maxListed)] {
		row := Row{JID: o.JID, Affiliation: o.Affiliation, Role: o.Role}
		if o.Nick != "" {
			row.Name = CleanName(o.Nick)
		}
		n.List = append(n.List, row)
	}
	return n
}

// doDestroy ends the current room for everybody (XEP-0045 §10.9), if it is the one that the user names.
func (c *Core) doDestroy(d Destroy) {
	r := c.currentRoom()
	if r == nil {
		return
	}
	if d.Name != r.jid().Local() && d.Name != r.name() && d.Name != CleanJID(r.jid()) {
		c.refuse(Notice{Code: NoticeDestroyOther, Room: r.jid(), Text: r.name()})
		return
	}
	request := im.DestroyRoom{For: c.by(r.account()), Room: r.jid(), Alternate: d.Alternate, Reason: sendable(d.Text)}
	c.tryIn(r, request, Notice{Code: NoticeDestroyFailed})
}
