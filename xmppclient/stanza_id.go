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

// announcement is what a room, or our own account's server, told of the ids that it gives and of what else it does.
type announcement struct{ stanzaIDs, occupantIDs, archive, bookmarks bool }

// lacks reports whether a room told us what it can do, and this was not in it: then anybody could have put it there.
func (s *stanzas) lacks(room im.JID, which func(announcement) bool) bool {
	a, asked := s.announced[room]
	return asked && !which(a)
}

func (s *stanzas) announce(who im.JID, features map[string]bool) announcement {
	a := announcement{
		stanzaIDs:   features[nsStanzaID] || features[nsMAM], // the archive gives them (XEP-0313 §5.1.1)
		occupantIDs: features[nsOccupantID],
		archive:     features[nsMAM],
		// Without the first, clients that know only the older ways would not see them (XEP-0402 §6), and without the second
		// others might.
		bookmarks: features[nsBookmarks+"#compat"] && features[publishOptions],
	}
	if _, known := s.announced[who]; known || len(s.announced) < maxAnnounced || who == s.own {
		s.announced[who] = a
	}
	return a
}
