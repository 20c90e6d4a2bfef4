package xmppclient

import (
	"time"

	"traboule/im"
)

const (
	nsCarbons = "urn:xmpp:carbons:2" // XEP-0280
	nsForward = "urn:xmpp:forward:0" // XEP-0297
)

// carbonWrapper returns the element that makes a message a carbon copy, or nil.
func carbonWrapper(root *node) *node {
	for _, k := range root.kids {
		if k.is(nsCarbons, "received") || k.is(nsCarbons, "sent") {
			return k
		}
	}
	return nil
}

// receiveCarbon opens a copy of what another device of ours got or sent. Only our own server may send one, in the name of
// our account (XEP-0280 §11); of anything else nothing is believed, nor is what stands around it.
func (s *stanzas) receiveCarbon(now time.Time, from im.JID, root, wrapper *node) []im.Event {
	if from != s.own || root.attr("type") == "groupchat" {
		return []im.Event{s.dropped(from, im.DropForged)}
	}
	inner := forwarded(wrapper)
	if inner == nil {
		return []im.Event{s.dropped(from, im.DropUnparseable)}
	}
	// A copy within a copy, an archive result or a room's message has no business here, and a sender who marked a message
	// as private wants no copies of it.
	if inner.hasSpace(nsCarbons) || unaskedPayload(inner) || inner.attr("type") == "groupchat" {
		return []im.Event{s.dropped(from, im.DropUnasked)}
	}
	sender, known := s.sender(inner)
	to, err := im.WireJID(inner.attr("to"))
	if !known || err != nil && inner.attr("to") != "" {
		return []im.Event{s.dropped(from, im.DropUnparseable)}
	}
	if wrapper.name.Local == "sent" {
		if sender.Bare() != s.own {
			return []im.Event{s.dropped(from, im.DropForged)}
		}
		return s.decodeMessage(now, sender, inner, im.CarbonSent)
	}
	if !to.IsZero() && to.Bare() != s.own {
		return []im.Event{s.dropped(from, im.DropForged)}
	}
	return s.decodeMessage(now, sender, inner, im.CarbonReceived)
}

// forwarded returns the one message inside, or nil if there is none or more than one.
func forwarded(wrapper *node) *node {
	if len(wrapper.kids) != 1 || !wrapper.kids[0].is(nsForward, "forwarded") {
		return nil
	}
	messages := wrapper.kids[0].kidsOf(nsClient, "message")
	if len(messages) != 1 {
		return nil
	}
	return messages[0]
}

func enableCarbons() *query { return plain("set", im.JID{}, el(nsCarbons, "enable")) }

func disableCarbons() *query { return plain("set", im.JID{}, el(nsCarbons, "disable")) }
