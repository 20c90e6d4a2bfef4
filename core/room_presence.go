package core

import (
	"slices"
	"strings"

	"traboule/im"
)

// onOccupantChanged takes presence out of a room. That of a room we have not asked to be in is none of ours.
func (c *Core) onOccupantChanged(a *account, e im.OccupantChanged) {
	r, f := c.roomAt(a, e.Room), a.farewellTo(e.Room)
	switch {
	case f != nil:
		if f.isConfirmedBy(e) {
			c.endFarewell(a, f)
		}
	case r == nil || e.Occupant.Nick == "":
	case r.state == RoomJoining && r.session == a.session:
		c.arrive(r, e)
	case r.isJoined():
		r.sign = c.now
		c.changed(r, e)
	}
}

// isOurs reports whether presence is our own: the room says so, or at least it is our nick.
func (r *room) isOurs(e im.OccupantChanged) bool {
	return slices.Contains(e.Codes, statusSelf) || e.Occupant.Nick == r.nick
}

// arrive takes presence while we are joining. Nobody is told of those who are there already; they come in thousands.
func (c *Core) arrive(r *room, e im.OccupantChanged) {
	ours := r.isOurs(e)
	switch {
	case !e.Present && ours:
		if dismisses(e) {
			c.dismissed(r, e)
		}
	case !e.Present:
		if o := r.arriving.byNick[e.Occupant.Nick]; o != nil {
			r.arriving.remove(o)
		}
	case r.arriving.byNick[e.Occupant.Nick] != nil:
		r.arriving.update(r.arriving.byNick[e.Occupant.Nick], e.Occupant)
	case ours || r.hasPlace(r.arriving):
		r.arriving.add(r.visitor(e.Occupant))
	}
	if e.Present && ours {
		c.entered(r, e)
	}
}

// hasPlace reports whether one more occupant can be listed.
func (r *room) hasPlace(p *occupants) bool {
	r.capped = r.capped || len(p.byNick) >= maxOccupants
	return len(p.byNick) < maxOccupants
}

// visitor begins a visit.
func (r *room) visitor(told im.Occupant) *occupant {
	r.visits++
	return newOccupant(told, r.visits)
}

// changed takes presence while we are in the room.
func (c *Core) changed(r *room, e im.OccupantChanged) {
	o := r.present.byNick[e.Occupant.Nick]
	ours := r.isOurs(e)
	switch {
	case e.Present && o == nil:
		c.occupantJoined(r, e, ours)
	case e.Present:
		c.occupantModified(r, o, e, ours)
	case slices.Contains(e.Codes, statusRenamed) && e.NewNick != "" && o != nil:
		c.occupantRenamed(r, o, e)
	case ours:
		c.dismissed(r, e)
	case o != nil:
		c.occupantGone(r, o, e)
	}
}

func (c *Core) occupantJoined(r *room, e im.OccupantChanged, ours bool) {
	if !ours && !r.hasPlace(r.present) {
		c.warnIn(r, Notice{Code: NoticeRoomFull, Of: maxOccupants})
		return
	}
	o := r.visitor(e.Occupant)
	similar := r.present.add(o)
	if ours { // the service changed our nick without a word (XEP-0045 §7.6)
		before := r.nick
		r.nick = o.Nick
		c.notifyIn(r, Notice{Code: NoticeNickAssigned, Level: Warn, Nick: CleanName(before), NewNick: o.name})
		c.tellRoom(r, nil)
		return
	}
	c.tellOccupant(r, o, OccupantFact{Event: OccupantJoined})
	c.remarkIn(r, Notice{Code: NoticeOccupantJoined, Nick: o.name, JID: o.JID.Bare(), Affiliation: o.Affiliation, Role: o.Role})
	c.tellLookalike(r, o, similar)
	c.privateArrived(r, o)
}

// occupantModified takes what has changed about somebody who is there. Availability shows in the list and is not told.
func (c *Core) occupantModified(r *room, o *occupant, e im.OccupantChanged, ours bool) {
	if ours && r.nick != o.Nick {
		r.nick = o.Nick
		r.present.views = nil
	}
	role, affiliation := o.Role, o.Affiliation
	r.present.update(o, e.Occupant)
	if ours {
		c.tellCodes(r, newsIn(e.Codes))
	}
	if role == o.Role && affiliation == o.Affiliation {
		return
	}
	actor, reason := cleanActor(e)
	c.tellOccupant(r, o, OccupantFact{Event: OccupantModified, Actor: actor, Reason: reason})
	code, standing := NoticeRoleChanged, NoticeAffiliationChanged
	if ours {
		code, standing = NoticeYourRole, NoticeYourAffiliation
	}
	if affiliation != o.Affiliation {
		code = standing // the role follows from it
	}
	c.remarkIn(r, Notice{Code: code, Nick: o.name, Actor: actor, Reason: reason, Role: o.Role, Affiliation: o.Affiliation})
}

// newsIn leaves out the codes that a room repeats in each presence of ours.
func newsIn(codes []int) []int {
	return slices.DeleteFunc(slices.Clone(codes), func(code int) bool {
		return code == statusNonAnonymous || code == statusLogged || code > 200
	})
}

func (c *Core) occupantRenamed(r *room, o *occupant, e im.OccupantChanged) {
	ours := r.nick == o.Nick
	if other := r.present.byNick[e.NewNick]; other != nil && other != o {
		if !ours { // two cannot become one, and we are here
			c.occupantGone(r, o, e)
			return
		}
		c.occupantGone(r, other, im.OccupantChanged{})
	}
	before, beforeNick := o.name, o.Nick
	similar := r.present.rename(o, e.NewNick)
	c.tellOccupant(r, o, OccupantFact{Nick: before, Event: OccupantRenamed, NewNick: o.name})
	if !ours {
		c.remarkIn(r, Notice{Code: NoticeOccupantRenamed, Nick: before, NewNick: o.name})
		c.tellLookalike(r, o, similar)
		c.privateRenamed(r, o, beforeNick)
		return
	}
	r.nick = o.Nick
	c.remarkIn(r, Notice{Code: NoticeNickChanged, Nick: before, NewNick: o.name})
	if r.renaming != o.Nick {
		c.notifyIn(r, Notice{Code: NoticeNickAssigned, Level: Warn, Nick: before, NewNick: o.name})
	}
	r.renaming = ""
	c.renamedByHand(r)
	c.tellRoom(r, nil)
}

// occupantGone takes somebody's leaving, for whatever reason.
func (c *Core) occupantGone(r *room, o *occupant, e im.OccupantChanged) {
	r.present.remove(o)
	d := departureOf(e)
	actor, reason := cleanActor(e)
	n := Notice{Code: d.theirs, Nick: o.name, Actor: actor, Reason: reason}
	if reason == "" && d.event == OccupantLeft {
		n.Reason = CleanLine(e.Occupant.Status)
	}
	c.tellOccupant(r, o, OccupantFact{Event: d.event, Actor: actor, Reason: n.Reason})
	c.remarkIn(r, n)
	c.privateGone(r, o)
}

// departure is a way to leave a room against one's will, or not.
type departure struct {
	event        OccupantEvent
	theirs, ours NoticeCode
	code         im.Code // for our own
	again        bool    // it is worth trying to return
}

// departureOf reads why somebody is gone. A kick for a technical fault (§9 of XEP-0045 has both codes) is a fault.
func departureOf(e im.OccupantChanged) departure {
	has := func(code int) bool { return slices.Contains(e.Codes, code) }
	switch {
	case has(statusBanned):
		return departure{OccupantBanned, NoticeOccupantBanned, NoticeYouBanned, im.CodeBanned, false}
	case has(statusTechnical):
		return departure{OccupantLeft, NoticeOccupantLost, NoticeYouLost, im.CodeServiceGone, true}
	case has(statusKicked):
		return departure{OccupantKicked, NoticeOccupantKicked, NoticeYouKicked, im.CodeNotAllowed, false}
	case has(statusDisaffected):
		return departure{OccupantLeft, NoticeOccupantDisaffected, NoticeYouDisaffected, im.CodeNotAllowed, false}
	case has(statusNotMember):
		return departure{OccupantLeft, NoticeOccupantNotMember, NoticeYouNotMember, im.CodeMembersOnly, false}
	case has(statusShutdown):
		return departure{OccupantLeft, NoticeOccupantLost, NoticeYouShutDown, im.CodeServiceGone, true}
	}
	return departure{OccupantLeft, NoticeOccupantLeft, NoticeRoomLeft, "", false}
}

// dismisses reports whether presence takes us out of a room that we are joining, and is not a late word of an earlier visit.
func dismisses(e im.OccupantChanged) bool { return e.Destroyed != nil || departureOf(e).code != "" }

// dismissed takes the room's word that we are no longer in it.
func (c *Core) dismissed(r *room, e im.OccupantChanged) {
	d := departureOf(e)
	actor, reason := cleanActor(e)
	var err *im.Failure
	if d.code != "" {
		err = &im.Failure{Code: d.code, Text: reason}
	}
	if o := r.present.byNick[r.nick]; o != nil && d.event != OccupantLeft {
		c.tellOccupant(r, o, OccupantFact{Event: d.event, Actor: actor, Reason: reason})
	}
	n := Notice{Code: d.ours, Level: Warn, Nick: CleanName(r.nick), Actor: actor, Reason: reason, Err: err}
	switch {
	case e.Destroyed != nil:
		err = &im.Failure{Code: im.CodeServiceGone, Text: CleanLine(e.Destroyed.Reason)}
		n = Notice{Code: NoticeRoomDestroyed, Level: Warn, Reason: err.Text, JID: e.Destroyed.Alternate.Bare()}
	case d.again && c.retry(r, d.ours, err):
		return
	}
	c.outside(r)
	c.tellRoom(r, err)
	c.remarkIn(r, n)
}

// cleanActor gives who did something to an occupant, and why.
func cleanActor(e im.OccupantChanged) (actor, reason string) {
	if e.Actor != "" {
		actor = CleanName(e.Actor)
	}
	return actor, CleanLine(e.Reason)
}

// tellOccupant tells scripts what happened to an occupant.
func (c *Core) tellOccupant(r *room, o *occupant, f OccupantFact) {
	f.Account, f.Room = r.account().jid, r.jid()
	if f.Nick == "" {
		f.Nick = o.name
	}
	f.Affiliation, f.Role = o.Affiliation, o.Role
	if f.Event == OccupantLeft || f.Event == OccupantKicked || f.Event == OccupantBanned {
		f.Role = im.RoleNone
	}
	c.fact(f)
}

// tellLookalike warns of somebody who has come, or changed nick, and can be taken for others.
func (c *Core) tellLookalike(r *room, o *occupant, similar []*occupant) {
	if !r.present.isLookalike(o) {
		return
	}
	var others []string
	for _, s := range similar[:min(len(similar), 5)] {
		others = append(others, Quote(s.name))
	}
	c.notifyIn(r, Notice{Code: NoticeLookalike, Level: Warn, Nick: o.name, Text: strings.Join(others, ", ")})
}

// tellLookalikes warns, as we enter, of those who can be taken for each other.
func (c *Core) tellLookalikes(r *room) {
	var rows []Row
	for _, o := range r.present.inOrder() {
		if r.present.isLookalike(o) && len(rows) < maxLookalikes {
			rows = append(rows, Row{Name: o.name, JID: o.JID, Affiliation: o.Affiliation, Role: o.Role})
		}
	}
	switch {
	case len(rows) == 1: // alone of its kind: made to look like somebody who is not here
		if rows[0].Name != CleanName(r.nick) {
			c.notifyIn(r, Notice{Code: NoticeLookalike, Level: Warn, Nick: rows[0].Name})
		}
	case len(rows) > 1:
		c.notifyIn(r, Notice{Code: NoticeLookalikes, Level: Warn, List: rows, Count: len(rows)})
	}
}

// onPresenceFailed takes a refusal: of our entry, or of another nick (XEP-0045 §7.2, §7.6).
func (c *Core) onPresenceFailed(a *account, e im.PresenceFailed) {
	r, f := c.roomAt(a, e.From.Bare()), a.farewellTo(e.From.Bare())
	switch {
	case f != nil:
		if f.early {
			c.endFarewell(a, f)
		}
	case r == nil:
	case r.state == RoomJoining && r.session == a.session:
		c.joinFailed(r, &e.Err)
	case r.isJoined() && r.renaming != "":
		n := Notice{Code: NoticeNickRefused, Room: r.jid(), Nick: CleanName(r.nick), NewNick: CleanName(r.renaming)}
		r.renaming = ""
		c.notifyFailure(r.conversation.id, n, &e.Err)
	}
}
