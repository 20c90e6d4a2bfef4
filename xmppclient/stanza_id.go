package xmppclient

import "traboule/im"

const (
	nsStanzaID   = "urn:xmpp:sid:0"         // XEP-0359
	nsOccupantID = "urn:xmpp:occupant-id:0" // XEP-0421
)

// decodeStanzaIDs reads the sender's own id, and the id given by the party that we believe: the room for its messages,
// our own account for others. If that party's id stands there twice, one of them is forged and neither counts.
func (s *stanzas) decodeStanzaIDs(root *node, kind im.Kind, from im.JID) (origin, id string) {
	if n := root.kid(nsStanzaID, "origin-id"); n != nil {
		origin = clip(n.attr("id"), maxID)
	}
	by := s.own
	believed := s.announced[s.own].stanzaIDs
	if kind == im.Groupchat {
		by = from.Bare()
		believed = !s.lacks(by, func(a announcement) bool { return a.stanzaIDs })
	}
	if !believed {
		return origin, ""
	}
	for _, n := range root.kidsOf(nsStanzaID, "stanza-id") {
		if n.attr("by") != by.String() || len(n.attr("id")) > maxID {
			continue
		}
		if id != "" {
			return origin, ""
		}
		id = n.attr("id")
	}
	return origin, id
}

// occupantID reads the room's name for an occupant (XEP-0421 §3); two of them, and neither counts.
func (s *stanzas) occupantID(root *node, from im.JID) string {
	ids := root.kidsOf(nsOccupantID, "occupant-id")
	if len(ids) != 1 || len(ids[0].attr("id")) > maxID || s.lacks(from.Bare(), func(a announcement) bool { return a.occupantIDs }) {
		return ""
	}
	return ids[0].attr("id")
}
