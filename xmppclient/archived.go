package xmppclient

import (
	"strings"
	"time"

	"traboule/im"
)

// decode reads a message out of an archive by the rules for live ones, but so that nothing answers it. It gives no text for
// what is none for people, such as receipts, and tells why if the message cannot have been said there.
func (p *page) decode(now time.Time, inner *node) (im.Message, im.DropReason) {
	s := p.stanzas
	from, err := im.WireJID(inner.attr("from"))
	if err != nil {
		return im.Message{}, im.DropUnparseable
	}
	to, err := im.WireJID(inner.attr("to"))
	if err != nil && inner.attr("to") != "" {
		return im.Message{}, im.DropUnparseable
	}
	if p.impossible(inner, from, to) {
		return im.Message{}, im.DropForged
	}
	if p.wordless(inner, from) {
		return im.Message{}, ""
	}
	m := s.decodeText(now, from, inner)
	if len(m.Body) > maxBody {
		return im.Message{}, im.DropTooLarge
	}
	if !p.account { // whom the room sent it to is nobody's business
		m.To = s.own
	}
	if m.Hint == "" && strings.HasPrefix(m.Body, "?OTR") { // its session is over
		m.Hint = encryptionName(nsOTR)
	}
	m.Delayed, m.WantsReceipt, m.Markable = true, false, false
	return m, ""
}

// impossible reports whether a message has no business in this archive: in ours, what is neither from nor to us; in a
// room's, what is not said by the room to all, such as a private message (XEP-0313 §5.1.2).
func (p *page) impossible(inner *node, from, to im.JID) bool {
	if p.account {
		return from.Bare() != p.archive && !to.IsZero() && to.Bare() != p.archive
	}
	return inner.attr("type") != "groupchat" || from.Bare() != p.archive
}

// wordless reports whether a message holds nothing that people said, whatever texts stand in it. What was said in a room
// comes out of the room's archive only.
func (p *page) wordless(inner *node, from im.JID) bool {
	if inner.attr("type") == "error" || carbonWrapper(inner) != nil || unaskedPayload(inner) {
		return true
	}
	if !p.account {
		return from.IsBare()
	}
	return inner.attr("type") == "groupchat" || p.stanzas.decodeInvitation(from, inner) != nil
}
