package xmppclient

import (
	"slices"
	"strings"
	"time"

	"traboule/im"
)

func (s *stanzas) receiveMessage(now time.Time, root *node) []im.Event {
	from, known := s.sender(root)
	if !known {
		return []im.Event{s.dropped(im.JID{}, im.DropUnparseable)}
	}
	if wrapper := carbonWrapper(root); wrapper != nil {
		return s.receiveCarbon(now, from, root, wrapper)
	}
	if event := root.kid(nsPubSubEvent, "event"); event != nil && root.attr("type") != "error" {
		return s.receiveEvent(from, event)
	}
	if unaskedPayload(root) {
		return []im.Event{s.dropped(from, im.DropUnasked)}
	}
	return s.decodeMessage(now, from, root, im.NoCarbon)
}

// unaskedPayload reports whether a message is an archive result or a PEP event. Other elements of the archive's namespaces
// stand on ordinary messages: ejabberd marks each one as archived.
func unaskedPayload(root *node) bool {
	return slices.ContainsFunc(root.kids, func(k *node) bool {
		result := k.name.Local == "result" && strings.HasPrefix(k.name.Space, mamVersions)
		return result || k.name.Space == nsPubSubEvent
	})
}

// decodeMessage turns one message into its events. Each kind of message has its own file.
func (s *stanzas) decodeMessage(now time.Time, from im.JID, root *node, carbon im.Carbon) []im.Event {
	if root.attr("type") == "error" {
		return []im.Event{im.MessageBounced{On: s.on(), From: from, ID: clip(root.attr("id"), maxID), Err: decodeFailure(root)}}
	}
	groupchat := root.attr("type") == "groupchat"
	if !groupchat && carbon != im.CarbonSent {
		if e := s.decodeInvitation(from, root); e != nil {
			return []im.Event{e}
		}
	}
	events := s.decodeRoomCodes(from, root)
	if groupchat {
		events = append(events, s.decodeSubject(from, root)...)
	}
	m := s.decodeText(now, from, root)
	m.Carbon = carbon
	switch {
	case len(m.Body) > maxBody:
		return append(events, s.dropped(from, im.DropTooLarge))
	case m.Body != "" || m.Hint != "":
		events = append(events, im.MessageReceived{On: s.on(), Message: m})
	}
	if groupchat || carbon == im.CarbonSent {
		return events
	}
	return append(events, s.decodeSigns(from, root, m.Delayed)...)
}

// decodeText reads all that belongs to the text of a message.
func (s *stanzas) decodeText(now time.Time, from im.JID, root *node) im.Message {
	to, err := im.WireJID(root.attr("to"))
	if err != nil {
		to = s.own
	}
	m := im.Message{From: from, To: to, ID: clip(root.attr("id"), maxID), Headline: root.attr("type") == "headline"}
	m.Kind = s.kind(root, from, to)
	m.Body = body(root)
	if m.Kind != im.Groupchat {
		m.Body = withSubject(root.kidText(nsClient, "subject", maxText), m.Body)
	}
	m.OriginID, m.StanzaID = s.decodeStanzaIDs(root, m.Kind, from)
	if m.Kind != im.Chat {
		m.OccupantID = s.occupantID(root, from)
	}
	m.Replaces = replaces(root)
	m.Delay, m.Delayed = decodeDelay(now, root)
	m.FromRoom = root.kid(nsMUCUser, "x") != nil
	m.WantsReceipt = wantsReceipt(root)
	m.Markable = root.kid(nsMarkers, "markable") != nil
	m.Hint = encryptionHint(root)
	return m
}

// kind tells the sort of conversation. Messages of type normal, headline or unknown are treated as chat.
func (s *stanzas) kind(root *node, from, to im.JID) im.Kind {
	peer := from
	if from.Bare() == s.own {
		peer = to
	}
	switch {
	case root.attr("type") == "groupchat":
		return im.Groupchat
	case !peer.IsBare() && s.rooms[peer.Bare()] != nil:
		return im.Private
	}
	return im.Chat
}

// body picks the text that names no language, else the first (RFC 6121 §5.2.3).
func body(root *node) string {
	all := root.kidsOf(nsClient, "body")
	for _, b := range all {
		if b.attrIn(nsXML, "lang") == "" {
			return b.text
		}
	}
	if len(all) > 0 {
		return all[0].text
	}
	return ""
}

// withSubject puts the subject that announcements and old clients give to a text above it, so that it is not lost. What is
// encrypted is left as it is.
func withSubject(subject, body string) string {
	switch {
	case subject == "" || strings.HasPrefix(body, "?OTR"):
		return body
	case body == "":
		return subject
	}
	return subject + "\n" + body
}

// decodeSigns reads what a message tells about other messages, or about what the sender is doing.
func (s *stanzas) decodeSigns(from im.JID, root *node, delayed bool) []im.Event {
	var events []im.Event
	if id, displayed := receipt(root); id != "" {
		events = append(events, im.ReceiptReceived{On: s.on(), From: from, ID: id, Displayed: displayed})
	}
	if state, found := chatState(root); found && !delayed {
		events = append(events, im.ChatStateReceived{On: s.on(), From: from, State: state})
	}
	return events
}

// messageStanza starts a message of ours.
func messageStanza(to im.JID, kind im.Kind, id string) *node {
	typ := "chat"
	if kind == im.Groupchat {
		typ = "groupchat"
	}
	n := stanza("message", to, typ, id)
	if kind == im.Private { // so that our other devices, and we in carbons, know it from a contact's (XEP-0045 §7.5)
		n.add(el(nsMUCUser, "x"))
	}
	return n
}

func (s *stanzas) sendMessage(r im.SendMessage) (*node, *im.Failure) {
	if len(r.Body) > maxBody {
		return nil, &im.Failure{Code: im.CodeTooLarge}
	}
	body := optionalText(nsClient, "body", r.Body)
	if body == nil {
		return nil, &im.Failure{Code: im.CodeRefused, Detail: "empty text"}
	}
	id := r.Stanza
	if id == "" {
		id = s.ids()
	}
	n := messageStanza(r.To, r.Kind, id)
	n.add(body, el(nsStanzaID, "origin-id").set("id", id))
	if r.Encryption != im.Unencrypted {
		n.add(encryptedMarks()...)
	} else if r.Replaces != "" { // beside what is encrypted, it would tell what the text is about
		n.add(el(nsCorrect, "replace").set("id", r.Replaces))
	}
	if r.AskReceipt && r.Kind != im.Groupchat { // XEP-0184 §5.3
		n.add(el(nsReceipts, "request"))
	}
	if r.AskMarker {
		n.add(el(nsMarkers, "markable"))
	}
	if r.State {
		n.add(el(nsChatStates, "active"))
	}
	return n, nil
}
