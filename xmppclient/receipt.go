package xmppclient

import "traboule/im"

const (
	nsReceipts = "urn:xmpp:receipts"       // XEP-0184
	nsMarkers  = "urn:xmpp:chat-markers:0" // XEP-0333
)

func wantsReceipt(root *node) bool {
	return root.kid(nsReceipts, "request") != nil
}

// receipt returns the id of the message that was received, or displayed, and which of the two; an empty id for neither.
func receipt(root *node) (id string, displayed bool) {
	for _, name := range []string{"displayed", "acknowledged"} {
		if n := root.kid(nsMarkers, name); n != nil {
			return clip(n.attr("id"), maxID), true
		}
	}
	for _, space := range []string{nsReceipts, nsMarkers} {
		if n := root.kid(space, "received"); n != nil {
			return clip(n.attr("id"), maxID), false
		}
	}
	return "", false
}

func (s *stanzas) sendReceipt(r im.SendReceipt) *node {
	n := messageStanza(r.To, r.Kind, s.ids())
	if r.Displayed {
		return n.add(el(nsMarkers, "displayed").set("id", r.Stanza))
	}
	return n.add(el(nsReceipts, "received").set("id", r.Stanza))
}
