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

// arrange puts a page in order: what is known here is left out, what the store knows too, and the others come to their
// places.
func (c *Core) arrange(p page) {
	places := make(map[ConversationID][]*archived)
	var order []ConversationID
	for _, d := range p.messages {
		c.compare(d)
		if !d.known && fold(places[d.id], d) {
			d.known = true
			continue
		}
		if places[d.id] == nil {
			order = append(order, d.id)
		}
		places[d.id] = append(places[d.id], d)
	}
	for _, id := range order {
		p.place(id, places[id])
	}
	c.merge(p)
}

// compare finds out whether a message is here already, and gives the line that is the id of the archive.
func (c *Core) compare(d *archived) {
	conv := c.conversations[d.id]
	if conv == nil {
		return
	}
	m := d.heard.message
	if r := conv.room; r != nil && c.reflected(r, m) {
		d.known = true
	}
	if seq, found := conv.findStanza(m.StanzaID); found {
		d.known, d.line.Seq = true, seq
	}
	if d.known {
		c.proven(conv, d)
		return
	}
	for _, k := range d.keys() {
		seq, found := conv.find(k.sender, k.id)
		if !found || !isSame(conv.log.Find(seq), d) {
			continue
		}
		c.learn(conv, seq, m.StanzaID)
		d.known, d.line.Seq = true, seq
		c.proven(conv, d)
		return
	}
}

// proven takes it that a message of ours of which nobody knew whether it was sent has been: it is in the archive.
func (c *Core) proven(conv *conversation, d *archived) {
	if d.heard.out {
		c.acknowledge(conv, boundedID(d.heard.message.ID), StateSent)
	}
}

// keys are the ids by which a message may be known here.
func (d *archived) keys() []heardKey {
	m := d.heard.message
	keys := []heardKey{{d.heard.sender, m.ID}}
	if d.heard.out {
		keys = append(keys, heardKey{ourselves, m.ID}, heardKey{ourselves, m.OriginID})
	}
	if d.kind == Room {
		sender, id := copyKey(m.From.Resource(), m.ID, m.Body)
		keys = append(keys, heardKey{sender, id})
	}
	return keys
}

// isSame reports whether a line that has an id of a message is that message: some clients begin again at 1.
func isSame(line *Line, d *archived) bool {
	switch {
	case line == nil, line.stanzaID() != "" && line.stanzaID() != d.of:
		return false
	case d.unreadable > 0:
		return line.Encryption != im.Unencrypted
	case d.heard.message.ID == "":
		return line.Body == d.line.Body && line.Time.Sub(d.line.Time).Abs() <= sameMoment
	default:
		return line.Body == d.line.Body || line.Edited
	}
}

// merge asks the store which messages of a page it has, where they are to be kept, and shows the others.
func (c *Core) merge(p page) {
	var asked []*archived
	request := im.MergeHistory{For: c.by(p.account)}
	for _, d := range p.messages {
		if d.known || d.unreadable > 0 || d.line.Seq == 0 || c.isCorrection(d) || !c.keeps(d) {
			continue
		}
		asked = append(asked, d)
		request.Messages = append(request.Messages, c.storedOf(d))
	}
	if len(asked) == 0 {
		c.showPage(p)
		return
	}
	c.awaitMerge(p.account, asked, true)
	c.ask(request, func(d im.Done) {
		c.awaitMerge(p.account, asked, false)
		r, _ := d.Result.(im.MergeResult)
		for i, m := range asked {
			m.known = d.Err == nil && i < len(r.Merged) && r.Merged[i].Known
			m.merged = d.Err == nil
		}
		c.showPage(p)
	})
}

// isCorrection reports whether a message changes a line that is here.
func (c *Core) isCorrection(d *archived) bool {
	conv := c.conversations[d.id]
	return conv != nil && d.heard.message.Replaces != "" && !d.line.Edited && c.authored(conv, d.heard) != nil
}

func (c *Core) keeps(d *archived) bool {
	p := c.historyPolicy(d.id)
	return p.Keeps() && (!d.line.secret() || p.Encrypted)
}

// storedOf gives a message as it is kept.
func (c *Core) storedOf(d *archived) im.StoredMessage {
	return stored(&conversation{id: d.id, kind: d.kind}, &d.line)
}

// awaitMerge notes which messages are about to be shown: the same may come live meanwhile.
func (c *Core) awaitMerge(a *account, messages []*archived, begins bool) {
	for _, m := range messages {
		if begins {
			a.merging[m.key()] = true
		} else {
			delete(a.merging, m.key())
		}
	}
}

// showPage puts what is new on a page at its place.
func (c *Core) showPage(p page) {
	for _, d := range p.messages {
		if conv := c.conversations[d.id]; d.known && conv != nil {
			c.proven(conv, d)
		}
		if !d.known && (d.line.Seq != 0 || d.heard.message.Replaces != "") {
			p.show(d)
		}
	}
	p.then()
}

// putArchived puts a message out of an archive at its place in its conversation, and returns its line; nil if it changed
// another line.
func (c *Core) putArchived(conv *conversation, d *archived) *Line {
	if d.unreadable > 0 {
		return c.insert(conv, c.unreadableLine(conv, d))
	}
	if c.isCorrection(d) {
		old := c.authored(conv, d.heard)
		if old.Body != d.line.Body {
			changed := c.replace(conv, d.line.inPlaceOf(old))
			conv.past.add(d.heard.sender, boundedID(d.heard.message.ID), d.of, changed.Seq)
			c.fact(MessageFact{Conversation: conv.id, Kind: conv.messageKind(), Line: changed, Replaces: CleanName(d.heard.message.Replaces)})
		}
		return nil
	}
	if d.heard.message.Replaces != "" && !d.line.Edited && d.line.Warning == NoWarning {
		d.line.Warning = WarnForeignCorrection
	}
	line := c.insert(conv, d.line)
	conv.past.add(d.heard.sender, boundedID(d.heard.message.ID), d.of, line.Seq)
	if d.heard.message.Replaces != "" && d.line.Edited {
		conv.past.add(d.heard.sender, boundedID(d.heard.message.Replaces), "", line.Seq)
	}
	if !d.merged {
		c.keepLine(conv, line)
	}
	return line
}

// unreadableLine stands for encrypted messages that nobody can read any more.
func (c *Core) unreadableLine(conv *conversation, d *archived) Line {
	n := &Notice{Code: NoticeArchiveUnreadable, Account: conv.id.Account, JID: conv.id.Peer, Nick: conv.name(), Count: d.unreadable}
	return Line{Seq: d.line.Seq, Time: d.line.Time, Notice: n, Archived: true}
}
