package xmppclient

import (
	"time"

	"traboule/im"
)

const nsPing = "urn:xmpp:ping" // XEP-0199

// sender returns who sent a stanza. A stanza without "from" comes from our own account (RFC 6120 §8.1.2.1).
func (s *stanzas) sender(root *node) (im.JID, bool) {
	from := root.attr("from")
	if from == "" {
		return s.own, true
	}
	j, err := im.WireJID(from)
	return j, err == nil
}

func (s *stanzas) receiveIQ(now time.Time, iq *node) received {
	from, known := s.sender(iq)
	switch typ := iq.attr("type"); {
	case typ == "get" || typ == "set":
		return s.receiveQuestion(from, iq)
	case known && (typ == "result" || typ == "error"):
		return s.receiveAnswer(now, from, iq)
	}
	return received{events: []im.Event{s.dropped(from, im.DropUnparseable)}}
}

// receiveQuestion answers an IQ of type get or set; every one is answered (RFC 6120 §8.2.3), but for one whose id is so long
// that our own server could end the stream at the answer, which repeats it. Strangers get what a server says for somebody
// who is not there, whatever they ask; so they do not learn that somebody is.
func (s *stanzas) receiveQuestion(from im.JID, iq *node) received {
	if len(iq.attr("id")) > maxID {
		return received{events: []im.Event{s.dropped(from, im.DropTooLarge)}}
	}
	if !s.mayKnow(from) {
		return received{send: [][]byte{replyError(iq, "cancel", "service-unavailable")}, events: s.forgedPush(from, iq)}
	}
	if len(iq.kids) != 1 {
		return received{send: [][]byte{replyError(iq, "modify", "bad-request")}}
	}
	payload := iq.kids[0]
	set := iq.attr("type") == "set"
	switch {
	case set && payload.is(nsRoster, "query"):
		return s.receiveRosterPush(from, iq)
	case set && payload.name.Space == nsBlocking:
		return s.receiveBlocklistPush(from, iq)
	case !set && payload.is(nsPing, "ping"):
		return received{send: [][]byte{reply(iq, nil)}}
	case !set && payload.is(nsDiscoInfo, "query") && !s.mute:
		return received{send: [][]byte{s.describe(iq, payload)}}
	case !set && payload.is(nsDiscoItems, "query"):
		return received{send: [][]byte{listNothing(iq, payload)}}
	}
	return received{send: [][]byte{replyError(iq, "cancel", "service-unavailable")}}
}

// mayKnow reports whether from may learn that we are here: our own account and its server, contacts that see our
// presence while it is shown, and the rooms that we are in, with their occupants.
func (s *stanzas) mayKnow(from im.JID) bool {
	bare := from.Bare()
	return s.isOwnServer(bare) && !from.IsZero() || s.shown && s.watchers[bare] || s.rooms[bare] != nil
}

// forgedPush tells of a push that only our own server may send.
func (s *stanzas) forgedPush(from im.JID, iq *node) []im.Event {
	if iq.attr("type") == "set" && (iq.hasSpace(nsRoster) || iq.hasSpace(nsBlocking)) {
		return []im.Event{s.dropped(from, im.DropForged)}
	}
	return nil
}

// refusePush is for one who may know that we are here but is not our own server.
func (s *stanzas) refusePush(from im.JID, iq *node) received {
	return received{
		send:   [][]byte{replyError(iq, "cancel", "service-unavailable")},
		events: []im.Event{s.dropped(from, im.DropForged)},
	}
}

// brokenPush is for a push of our own server that makes no sense.
func (s *stanzas) brokenPush(from im.JID, iq *node) received {
	return received{
		send:   [][]byte{replyError(iq, "modify", "bad-request")},
		events: []im.Event{s.dropped(from, im.DropUnparseable)},
	}
}

// replyTo starts the answer to an IQ; it goes back to where that came from, readable or not.
func replyTo(iq *node, typ string) *node {
	return el(nsClient, "iq").setIf("to", iq.attr("from")).set("type", typ).set("id", iq.attr("id"))
}

func reply(iq, payload *node) []byte {
	return replyTo(iq, "result").add(payload).bytes()
}

func replyError(iq *node, typ, condition string) []byte {
	failure := el(nsClient, "error", el(nsStanzas, condition)).set("type", typ)
	return replyTo(iq, "error").add(failure).bytes()
}
