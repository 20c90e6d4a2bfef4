package xmppclient

import (
	"slices"
	"strconv"
	"time"

	"traboule/im"
)

// Namespaces of rooms (XEP-0045).
const (
	nsMUC      = "http://jabber.org/protocol/muc"
	nsMUCUser  = "http://jabber.org/protocol/muc#user"
	nsMUCAdmin = "http://jabber.org/protocol/muc#admin"
	nsMUCOwner = "http://jabber.org/protocol/muc#owner"
)

// Status codes that matter here (XEP-0045 §15.6); all are passed on.
const (
	codeSelf    = 110
	codeRenamed = 303
)

// visit is what must be known of a room that we are in or entering, to decode what comes from it.
type visit struct {
	entered bool
	nick    string
	// show and status are what we last told the room.
	show   im.Show
	status string
}

// receiveOccupant decodes presence out of a room.
func (s *stanzas) receiveOccupant(from im.JID, root *node) []im.Event {
	if from.IsBare() { // the room itself, with its avatar perhaps
		return nil
	}
	x := root.kid(nsMUCUser, "x")
	if x == nil {
		x = el(nsMUCUser, "x")
	}
	item := x.kid(nsMUCUser, "item")
	if item == nil {
		item = el(nsMUCUser, "item")
	}
	e := im.OccupantChanged{
		On: s.on(), Room: from.Bare(),
		Occupant:  s.decodeOccupant(from, root, item),
		Present:   root.attr("type") == "",
		Codes:     statusCodes(x),
		Actor:     actor(item),
		Reason:    item.kidText(nsMUCUser, "reason", maxText),
		Destroyed: destruction(x),
	}
	if !e.Present && slices.Contains(e.Codes, codeRenamed) {
		e.NewNick = nick(item)
	}
	s.followSelf(e)
	return []im.Event{e}
}

// followSelf keeps track of whether we are in the room, and as whom. Our own presence carries status 110; old servers
// leave it out when they throw somebody out.
func (s *stanzas) followSelf(e im.OccupantChanged) {
	v := s.rooms[e.Room]
	if v == nil {
		return
	}
	self := slices.Contains(e.Codes, codeSelf)
	switch {
	case e.Present && self:
		v.entered, v.nick = true, e.Occupant.Nick
	case e.Present || !self && e.Occupant.Nick != v.nick:
	case e.NewNick != "":
		v.nick = e.NewNick
	default:
		delete(s.rooms, e.Room)
	}
}

func (s *stanzas) decodeOccupant(from im.JID, root, item *node) im.Occupant {
	o := decodeItem(item)
	o.Nick = from.Resource()
	o.ID = s.occupantID(root, from)
	o.Show = show(root)
	o.Status = root.kidText(nsClient, "status", maxText)
	return o
}

// decodeItem reads an item of muc#user or muc#admin. A value that no standard knows counts as none.
func decodeItem(item *node) im.Occupant {
	o := im.Occupant{Nick: nick(item), Affiliation: affiliation(item.attr("affiliation")), Role: role(item.attr("role"))}
	if j, err := im.WireJID(item.attr("jid")); err == nil {
		o.JID = j
	}
	return o
}

// nick reads a nickname; one that is too long to be a resource is none.
func nick(item *node) string {
	if n := item.attr("nick"); len(n) <= maxText {
		return n
	}
	return ""
}

// actor is who changed an occupant: by nickname, else by address (XEP-0045 §8.2).
func actor(item *node) string {
	n := item.kid(nsMUCUser, "actor")
	if n == nil {
		return ""
	}
	if name := nick(n); name != "" {
		return name
	}
	return clip(n.attr("jid"), maxText)
}

func destruction(x *node) *im.Destruction {
	n := x.kid(nsMUCUser, "destroy")
	if n == nil {
		return nil
	}
	d := &im.Destruction{
		Reason:   n.kidText(nsMUCUser, "reason", maxText),
		Password: n.kidText(nsMUCUser, "password", maxText),
	}
	if j, err := im.WireJID(n.attr("jid")); err == nil {
		d.Alternate = j
	}
	return d
}

// statusCodes reads the codes in order, each once.
func statusCodes(x *node) []int {
	var codes []int
	for _, n := range x.kidsOf(nsMUCUser, "status") {
		code, err := strconv.Atoi(n.attr("code"))
		if err == nil && code >= 100 && code <= 999 && len(codes) < maxCodes && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// decodeRoomCodes reads status codes about the room. Only the room itself speaks of its settings: an occupant's message
// may hold codes too, but they mean nothing. With an item they are about somebody who is not there (XEP-0045 §9.1).
func (s *stanzas) decodeRoomCodes(from im.JID, root *node) []im.Event {
	x := root.kid(nsMUCUser, "x")
	if x == nil || !from.IsBare() || s.rooms[from] == nil || x.kid(nsMUCUser, "item") != nil {
		return nil
	}
	if codes := statusCodes(x); len(codes) > 0 {
		return []im.Event{im.RoomConfigChanged{On: s.on(), Room: from, Codes: codes}}
	}
	return nil
}

// decodeSubject reads a change of subject: a subject without a text or a thread (XEP-0045 §8.1).
func (s *stanzas) decodeSubject(from im.JID, root *node) []im.Event {
	subject := root.kid(nsClient, "subject")
	if subject == nil || body(root) != "" || root.kid(nsClient, "thread") != nil {
		return nil
	}
	_, delayed := decodeDelay(time.Time{}, root)
	return []im.Event{im.SubjectReceived{
		On: s.on(), Room: from.Bare(), Nick: from.Resource(), Text: clip(subject.text, maxText), Delayed: delayed,
	}}
}

func affiliation(word string) im.Affiliation {
	for a, name := range affiliationNames() {
		if name == word {
			return im.Affiliation(a)
		}
	}
	return im.AffiliationNone
}

func affiliationNames() [5]string {
	return [...]string{
		im.AffiliationNone: "none",
		im.Outcast:         "outcast",
		im.Member:          "member",
		im.Admin:           "admin",
		im.Owner:           "owner",
	}
}

func role(word string) im.Role {
	for r, name := range roleNames() {
		if name == word {
			return im.Role(r)
		}
	}
	return im.RoleNone
}

func roleNames() [4]string {
	return [...]string{
		im.RoleNone:    "none",
		im.Visitor:     "visitor",
		im.Participant: "participant",
		im.Moderator:   "moderator",
	}
}
