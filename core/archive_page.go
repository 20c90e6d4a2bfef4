package core

import (
	"strings"

	"traboule/im"
)

// archived is a message out of an archive, on its way to its place.
type archived struct {
	id    ConversationID
	kind  ConversationKind
	heard heard
	line  Line
	// of is the archive's id.
	of string
	// known is set if it is here already; merged if the store has it by now.
	known, merged bool
	// unreadable counts the encrypted messages that it stands for, 0 for one with words.
	unreadable int
}

// archiveKey tells the ids of one archive from those of others, who may choose the same.
type archiveKey struct {
	room im.JID // zero for the account's own
	id   string
}

func (d *archived) key() archiveKey {
	if d.kind == Room {
		return archiveKey{d.id.Peer, d.of}
	}
	return archiveKey{id: d.of}
}

// page is a page of an archive that is being put in order.
type page struct {
	account  *account
	messages []*archived
	// wanted reports whether it still belongs anywhere.
	wanted func() bool
	// place gives each message of a conversation that is not known its Seq, from the oldest on.
	place func(ConversationID, []*archived)
	// show puts one at its place; then is done at the end.
	show func(*archived)
	then func()
}

// sort finds out what each message of a page is: in which conversation it was said and by whom. What was not meant for
// people is left out.
func (c *Core) sort(a *account, room im.JID, messages []im.ArchivedMessage) []*archived {
	var sorted []*archived
	for _, m := range messages {
		var d *archived
		if room.IsZero() {
			d = c.sortOwn(a, m.Message)
		} else {
			d = c.sortSaid(a, room, m.Message)
		}
		if d == nil {
			continue
		}
		d.of = m.ID
		d.heard.message.StanzaID = m.ID
		d.heard.archived, d.heard.message.Delayed = true, true
		d.heard.message.WantsReceipt, d.heard.message.Markable = false, false
		d.line = c.lineOf(d.heard)
		if !correct(sorted, d) {
			sorted = append(sorted, d)
		}
	}
	return sorted
}

// sortOwn takes a message of an account's own archive.
func (c *Core) sortOwn(a *account, m im.Message) *archived {
	out := m.From.Bare() == a.jid
	peer := m.From
	if out {
		peer, m.Carbon = m.To, im.CarbonSent
	}
	if peer.IsZero() {
		peer = a.jid.DomainJID()
	}
	switch {
	case m.Kind == im.Groupchat:
		return nil // the room tells it
	case m.Kind == im.Private || c.isOutOfRoom(a, m):
		return c.sortPrivate(a, m, peer)
	}
	id := ConversationID{a.jid, peer.Bare()}
	d := &archived{id: id, kind: Person, heard: heard{message: m, from: c.nameOf(id), jid: peer, sender: m.From.String(), out: out}}
	d.heard.message.Carbon = im.NoCarbon
	if out {
		d.heard.from, d.heard.jid = c.ownCalled(a), m.From
	}
	d.unreadable = unreadable(m)
	if d.unreadable == 0 && isOTR(m) {
		return nil
	}
	return d
}

// ownCalled is what we are called outside of rooms.
func (c *Core) ownCalled(a *account) string {
	if local := a.address().Local(); local != "" {
		return CleanName(local)
	}
	return CleanName(a.jid.Domain())
}

// sortPrivate takes a private message of an occupant, or one of ours to one. Who had the nick then, nobody knows.
func (c *Core) sortPrivate(a *account, m im.Message, peer im.JID) *archived {
	out := m.Carbon == im.CarbonSent
	m.Carbon, m.Replaces = im.NoCarbon, ""
	if peer.IsBare() || isOTR(m) && unreadable(m) == 0 {
		return nil
	}
	d := &archived{id: ConversationID{a.jid, peer}, kind: Occupant, unreadable: unreadable(m)}
	d.heard = heard{message: m, from: CleanName(peer.Resource()), sender: "then:" + peer.Resource(), out: out}
	if r := c.roomAt(a, peer.Bare()); out && r != nil && r.nick != "" {
		d.heard.from = CleanName(r.nick)
	}
	return d
}

// sortSaid takes a message of a room's archive.
func (c *Core) sortSaid(a *account, room im.JID, m im.Message) *archived {
	r := c.roomAt(a, room)
	if r == nil || m.From.Bare() != room || m.From.IsBare() {
		return nil
	}
	m.Kind, m.Delayed = im.Groupchat, true
	h := r.hearing(m)
	if own := r.present.byNick[r.nick]; own != nil && own.ID != "" && own.ID == m.OccupantID {
		h.out, h.mention = true, false
	}
	return &archived{id: r.conversation.id, kind: Room, heard: h}
}

// isOTR reports whether a text is one of OTR, which nobody can read any more.
func isOTR(m im.Message) bool { return strings.HasPrefix(m.Body, "?OTR") || m.Encryption == im.OTR }

// unreadable reports 1 for an encrypted message that somebody has written, 0 for all others: what only set up a session has
// told nobody anything.
func unreadable(m im.Message) int {
	body := m.Body
	if first, rest, _ := strings.Cut(body, ","); first == "?OTR" || strings.HasPrefix(first, "?OTR|") {
		number, rest, _ := strings.Cut(rest, ",")
		_, piece, _ := strings.Cut(rest, ",")
		if strings.Trim(number, "0") != "1" {
			return 0
		}
		body = piece
	}
	for _, data := range []string{"?OTR:AAID", "?OTR:AAMD"} { // versions 2 and 3, message type 3
		if strings.HasPrefix(body, data) {
			return 1
		}
	}
	return 0
}

// fold counts an unreadable message with the one right before it in its conversation.
func fold(before []*archived, d *archived) bool {
	if d.unreadable == 0 || len(before) == 0 || before[len(before)-1].known || before[len(before)-1].unreadable == 0 {
		return false
	}
	before[len(before)-1].unreadable++
	return true
}

// correct puts a correction in the place of a message of the same page by the same author.
func correct(sorted []*archived, d *archived) bool {
	m := d.heard.message
	if m.Replaces == "" || m.Encryption != im.Unencrypted || strings.HasPrefix(d.heard.sender, "then:") {
		return false
	}
	for i := len(sorted) - 1; i >= 0; i-- {
		old := sorted[i]
		if old.id != d.id || old.heard.sender != d.heard.sender || old.heard.message.ID != m.Replaces && old.heard.message.Replaces != m.Replaces {
			continue
		}
		first := old.heard.message
		if !old.line.Edited {
			first.Replaces = first.ID
		}
		old.line = d.line.inPlaceOf(&old.line)
		old.heard = d.heard
		old.heard.message.StanzaID, old.heard.message.Replaces = first.StanzaID, first.Replaces
		return true
	}
	return false
}
