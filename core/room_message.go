package core

import (
	"hash/fnv"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"traboule/im"
)

// sameMoment is how far apart two stamps of one message may lie that has no id at all: our clock and the room's differ.
const sameMoment = 2 * time.Minute

// sayInRoom speaks in a room. On the way into it, what is said waits.
func (c *Core) sayInRoom(conv *conversation, text string) {
	if !conv.room.wanted {
		c.refuse(Notice{Code: NoticeOutsideRoom, Room: conv.id.Peer})
		return
	}
	c.deliver(conv, text, "")
}

// canDeliver reports whether a message can go out now to a room, or to an occupant of one.
func (c *Core) canDeliver(conv *conversation) bool {
	if conv.kind == Occupant {
		r := c.roomAt(conv.account, conv.id.Peer.Bare())
		return r != nil && r.isJoined() && conv.private != nil && !conv.private.gone
	}
	return conv.room != nil && conv.room.isJoined() && !conv.room.settling
}

// onRoomMessage takes what is said in a room that we are in.
func (c *Core) onRoomMessage(a *account, m im.Message) {
	r := c.roomAt(a, m.From.Bare())
	if r == nil || m.Carbon != im.NoCarbon || m.Kind == im.Groupchat && !r.isJoined() {
		return
	}
	if m.From.Resource() == "" {
		c.notifyIn(r, Notice{Code: NoticeRoomSays, Text: CleanText(m.Body)})
		return
	}
	if !m.Delayed {
		c.settled(r)
	}
	r.heard(m, c.now)
	conv := r.conversation
	h := r.hearing(m)
	if c.reflected(r, m) || c.known(conv, h) || c.repeated(r, m) {
		r.overlaps = true
		return
	}
	c.tellGap(r, m)
	line := c.hear(conv, h)
	r.remember(m, line)
}

// tellGap says that messages may be missing, where the history of a return does not reach back to what we have.
func (c *Core) tellGap(r *room, m im.Message) {
	if m.Delayed && !r.overlaps {
		r.overlaps = true
		c.notifyIn(r, Notice{Code: NoticeRoomGap, Level: Warn})
	}
}

// heard notes when the newest message was sent, from where to ask for the history on a return.
func (r *room) heard(m im.Message, now time.Time) {
	r.sign = now
	at := now
	if m.Delayed {
		at = m.Delay
	}
	if at.After(r.last) && !at.After(now) {
		r.last = at
	}
}

// reflected takes the room's own copy of what we have said: it is proof that all have got it. One in the history is ours
// too, under whichever nick we had, if it has our words: all who are in the room know our ids, can stamp what they say
// themselves as late, and can have had our nick while we were away.
func (c *Core) reflected(r *room, m im.Message) bool {
	conv := r.conversation
	if !m.Delayed && m.From.Resource() != r.nick {
		return false
	}
	for _, id := range []string{m.ID, m.OriginID} {
		seq, found := conv.find(ourselves, id)
		if !found || m.Delayed && !conv.says(seq, m.Body) && (m.From.Resource() != r.nick || !conv.isEdited(seq)) {
			continue
		}
		c.learn(conv, seq, m.StanzaID)
		c.acknowledge(conv, id, StateSent)
		c.echoed(r, id)
		return true
	}
	return false
}

// says reports whether a line is kept and has this text.
func (conv *conversation) says(seq uint64, text string) bool {
	line := conv.log.Find(seq)
	body, _ := action(CleanText(text))
	return line != nil && line.Body == body
}

// isEdited reports whether a line is kept and has been corrected, so that its copies have other words.
func (conv *conversation) isEdited(seq uint64) bool {
	line := conv.log.Find(seq)
	return line != nil && line.Edited
}

// hearing readies what somebody says in a room.
func (r *room) hearing(m im.Message) heard {
	nick := m.From.Resource()
	h := heard{message: m, from: CleanName(nick), archived: m.Delayed} // late in a room means out of its history
	o := r.present.byNick[nick]
	switch {
	case m.Delayed && m.OccupantID != "":
		h.sender = "id:" + m.OccupantID
	case m.Delayed:
		// Whoever had this nick then: nothing proves that a correction is by the same.
		h.sender = "then:" + nick
		h.message.Replaces = ""
	case o == nil:
		h.sender = "nobody:" + nick
	default:
		h.sender = o.sender()
		h.jid = o.JID
		h.out = nick == r.nick
	}
	if o != nil && r.present.isLookalike(o) || o == nil && r.present.resembles(nick) {
		h.warning = WarnLookalike
	}
	h.mention = nick != r.nick && mentions(m.Body, r.nick)
	return h
}

// sender is what tells an occupant from all others who ever had its nick: the room's id for it (XEP-0421), else its visit.
func (o *occupant) sender() string {
	if o.ID != "" {
		return "id:" + o.ID
	}
	return "visit:" + strconv.FormatUint(o.visit, 10)
}

// remember notes a line so that its copy in a later history is known again, where the room gives neither ids of its own
// nor of the occupants.
func (r *room) remember(m im.Message, line *Line) {
	sender, id := copyKey(m.From.Resource(), m.ID, m.Body)
	r.conversation.recent.add(sender, id, "", line.Seq)
}

// copyKey is what a message and its copy in the history have in common at least.
func copyKey(nick, id, body string) (sender, key string) {
	nick = CleanName(nick)
	if id = shownID(id); id != "" {
		return "copy:" + nick, id
	}
	h := fnv.New64a()
	text, _ := action(CleanText(body))
	h.Write([]byte(text))
	return "text:" + nick, strconv.FormatUint(h.Sum64(), 36)
}

// learn takes the id that an archive gave to a message of ours.
func (c *Core) learn(conv *conversation, seq uint64, stanzaID string) {
	conv.recent.add("", "", stanzaID, seq)
	i, there := conv.log.Seek(seq)
	if stanzaID = boundedID(stanzaID); stanzaID == "" || !there || conv.log.At(i).stanzaID() != "" {
		return
	}
	line := *conv.log.At(i)
	var o origin
	if line.origin != nil {
		o = *line.origin
	}
	o.stanzaID = stanzaID
	line.origin = &o
	before := weightOf(conv.log.At(i))
	conv.log, _ = conv.log.Replace(i, line)
	c.weigh(conv, weightOf(&line)-before)
	c.keepLine(conv, &line)
}

// repeated reports whether a message of the history is a copy of a line that we have.
func (c *Core) repeated(r *room, m im.Message) bool {
	if !m.Delayed {
		return false
	}
	sender, id := copyKey(m.From.Resource(), m.ID, m.Body)
	line := r.conversation.lineOf(sender, id)
	if line == nil {
		return false
	}
	if body, _ := action(CleanText(m.Body)); body != line.Body && !line.Edited {
		return false
	}
	return m.ID != "" || line.Time.Sub(m.Delay).Abs() <= sameMoment
}

// mentions reports whether a text names us: our nick, in any case, not as a part of a longer word.
func mentions(text, nick string) bool {
	text, nick = strings.ToLower(text), strings.ToLower(nick)
	if nick == "" {
		return false
	}
	for at := 0; ; {
		i := strings.Index(text[at:], nick)
		if i < 0 {
			return false
		}
		start := at + i
		end := start + len(nick)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		first, size := utf8.DecodeRuneInString(nick)
		last, _ := utf8.DecodeLastRuneInString(nick)
		if !continues(before, first) && !continues(last, after) {
			return true
		}
		at = start + size
	}
}

// continues reports whether two neighbours are in one word. Chinese and Japanese do not part words, so that there each
// neighbour may begin a new one.
func continues(a, b rune) bool { return isWordRune(a) && isWordRune(b) }

func isWordRune(r rune) bool {
	if r == utf8.RuneError || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == '_'
}

// onSubject takes a room's subject. The first one after we have entered ends the history and is no change (XEP-0045 §7.2.15).
func (c *Core) onSubject(a *account, e im.SubjectReceived) {
	r := c.roomAt(a, e.Room)
	if r == nil || !r.isJoined() {
		return
	}
	text, by := CleanLine(e.Text), ""
	if e.Nick != "" {
		by = CleanName(e.Nick)
	}
	first, same := !r.subjectKnown, text == r.subject
	r.subject, r.subjectBy, r.subjectKnown = text, by, true
	c.fact(SubjectFact{Account: a.jid, Room: r.jid(), From: by, Text: text})
	switch {
	case first && (text == "" || same):
	case first:
		c.remarkIn(r, Notice{Code: NoticeSubject, Text: text, Nick: by})
	case text == "":
		c.remarkIn(r, Notice{Code: NoticeSubjectRemoved, Nick: by})
	default:
		c.remarkIn(r, Notice{Code: NoticeSubjectChanged, Text: text, Nick: by})
	}
	c.settled(r)
}

// doSubject shows the subject, or changes it.
func (c *Core) doSubject(d Subject) {
	if d.Set {
		c.setSubject(d.Text)
	} else if r := c.currentRoom(); r != nil {
		c.answer(Notice{Code: NoticeSubject, Room: r.jid(), Text: r.subject, Nick: r.subjectBy})
	}
}

func (c *Core) setSubject(text string) {
	if r := c.roomToChange(); r != nil {
		c.tryIn(r, im.SetSubject{For: c.by(r.account()), Room: r.jid(), Text: sendable(text)}, Notice{Code: NoticeSubjectFailed})
	}
}

// doChangeNick changes our nick in the current room.
func (c *Core) doChangeNick(d ChangeNick) {
	if r := c.roomToChange(); r != nil {
		c.changeNick(r, d.Nick)
	}
}

func (c *Core) changeNick(r *room, nick string) {
	if _, err := r.jid().WithResource(nick); err != nil {
		c.refuse(Notice{Code: NoticeNoNick, Room: r.jid()})
		return
	}
	if nick == r.nick && r.renaming == "" {
		c.notifyIn(r, Notice{Code: NoticeAlreadyInRoom, Nick: CleanName(nick)})
		return
	}
	r.renaming = nick
	failed := Notice{Code: NoticeNickRefused, Nick: CleanName(r.nick), NewNick: CleanName(nick)}
	c.tryIn(r, im.ChangeNick{For: c.by(r.account()), Room: r.jid(), Nick: nick}, failed)
}
