package xmppclient

import (
	"strconv"

	"traboule/im"
)

func (s *stanzas) receivePresence(root *node) []im.Event {
	from, known := s.sender(root)
	if !known {
		return []im.Event{s.dropped(im.JID{}, im.DropUnparseable)}
	}
	typ := root.attr("type")
	if kind, found := subscriptionKind(typ); found {
		text := root.kidText(nsClient, "status", maxText)
		return []im.Event{im.SubscriptionReceived{On: s.on(), From: from.Bare(), Kind: kind, Text: text}}
	}
	switch typ {
	case "", "unavailable":
		if s.rooms[from.Bare()] != nil || root.kid(nsMUCUser, "x") != nil {
			return s.receiveOccupant(from, root)
		}
		return []im.Event{im.PresenceReceived{On: s.on(), Presence: decodePresence(from, root)}}
	case "error":
		return []im.Event{s.presenceFailed(from, root)}
	case "probe": // for servers only (RFC 6121 §4.3)
		return nil
	}
	return []im.Event{s.dropped(from, im.DropUnparseable)}
}

func decodePresence(from im.JID, root *node) im.Presence {
	p := im.Presence{From: from, Show: show(root), Status: root.kidText(nsClient, "status", maxText)}
	if n, err := strconv.ParseInt(root.kidText(nsClient, "priority", maxText), 10, 8); err == nil {
		p.Priority = int8(n)
	}
	return p
}

// presenceFailed reads a presence error; from a room that we are entering it is a refusal.
func (s *stanzas) presenceFailed(from im.JID, root *node) im.Event {
	f := decodeFailure(root)
	v := s.rooms[from.Bare()]
	if v != nil || root.kid(nsMUC, "x") != nil {
		f = joinFailure(f)
	}
	if v != nil && !v.entered {
		delete(s.rooms, from.Bare())
	}
	return im.PresenceFailed{On: s.on(), From: from, Err: f}
}

func subscriptionKind(typ string) (im.SubscriptionKind, bool) {
	switch typ {
	case "subscribe":
		return im.SubscriptionRequest, true
	case "subscribed":
		return im.SubscriptionGranted, true
	case "unsubscribed":
		return im.SubscriptionEnded, true
	case "unsubscribe":
		return im.SubscriptionLeft, true
	}
	return 0, false
}

func show(root *node) im.Show {
	if root.attr("type") == "unavailable" {
		return im.Offline
	}
	switch root.kidText(nsClient, "show", maxText) {
	case "xa":
		return im.ExtendedAway
	case "away":
		return im.Away
	case "dnd":
		return im.DoNotDisturb
	case "chat":
		return im.FreeForChat
	}
	return im.Online
}

func showName(show im.Show) string {
	switch show {
	case im.ExtendedAway:
		return "xa"
	case im.Away:
		return "away"
	case im.DoNotDisturb:
		return "dnd"
	case im.FreeForChat:
		return "chat"
	}
	return ""
}

// available makes an available presence of ours.
func (s *stanzas) available(to im.JID, show im.Show, status string) *node {
	return stanza("presence", to, "", "").add(
		optionalText(nsClient, "show", showName(show)),
		optionalText(nsClient, "status", status),
		s.capsElement(),
	)
}

func (s *stanzas) setPresence(r im.SetPresence) (*node, *im.Failure) {
	switch {
	case r.Show == im.Offline && !r.To.IsZero():
		return nil, &im.Failure{Code: im.CodeRefused, Detail: "a room is left, not told that we are offline"}
	case r.Show == im.Offline:
		s.shown = false
		return stanza("presence", im.JID{}, "unavailable", ""), nil
	}
	if v := s.rooms[r.To.Bare()]; v != nil && !r.To.IsZero() {
		v.show, v.status = r.Show, r.Status
	}
	s.shown = s.shown || r.To.IsZero()
	return s.available(r.To, r.Show, r.Status), nil
}

func subscriptionStanza(typ string, to im.JID) *node {
	return stanza("presence", to.Bare(), typ, "")
}
