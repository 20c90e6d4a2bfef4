package otr

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"traboule/im"
)

// hear takes a message, in its turn. What is for everybody, for another of our devices, from nobody in particular, or news has
// no part in OTR.
func (s *Stage) hear(d *desk, e im.MessageReceived) {
	m := e.Message
	switch p := d.peers[m.From]; {
	case m.Kind == im.Groupchat:
		e.Message.Body = StripTags(m.Body)
		s.emit(e)
	case m.Carbon == im.CarbonReceived && !m.Headline && !m.FromRoom && p != nil:
		s.inTurn(p, len(m.Body), func() { s.readCopy(d, p, e) })
	case m.Headline || m.Carbon != im.NoCarbon || m.From.IsBare() || m.FromRoom && m.Kind != im.Private:
		s.overhear(d, e)
	case p != nil:
		s.inTurn(p, len(m.Body), func() { s.read(d, e) })
	default:
		s.read(d, e)
	}
}

// overhear takes a message that nobody expects us to answer: what can be read is handed on, what cannot is told of.
func (s *Stage) overhear(d *desk, e im.MessageReceived) {
	switch wholeKind(e.Message.Body) {
	case KindText, KindTagged:
		s.say(d, e)
	case KindData, KindUnknown:
		s.veil(e)
	case KindQuery, KindError: // a person can read those
		if e.Message.Carbon == im.NoCarbon {
			s.say(d, e)
		}
	}
}

// readCopy takes a copy of what somebody has sent to another of our devices. Programs that know our account alone, as libotr
// does, may send there what only we can read. Nothing else of OTR in a copy is for us.
func (s *Stage) readCopy(d *desk, p *peer, e im.MessageReceived) {
	kind := wholeKind(e.Message.Body)
	named := strings.HasPrefix(e.Message.Body, encodedPrefix+"AAMD") || strings.HasPrefix(e.Message.Body, fragmentPrefix3)
	if p.phase == im.OTREncrypted && named && (kind == KindData || kind == KindFragment) {
		s.open(p, e, kind, Flags{})
		return
	}
	s.overhear(d, e)
}

// wholeKind is the kind of a message, or of the encoded one that the first of its pieces begins. All other pieces are
// fragments.
func wholeKind(text string) Kind {
	kind := KindOf(text)
	if kind != KindFragment {
		return kind
	}
	parts := strings.SplitN(text, ",", 5)
	if len(parts) != 5 || strings.TrimLeft(parts[1], "0") != "1" {
		return KindFragment
	}
	switch kind = KindOf(parts[3]); kind {
	case KindQuery, KindHandshake, KindData, KindUnknown:
		return kind
	default:
		return KindFragment
	}
}

// say hands on a text that came as it is.
func (s *Stage) say(d *desk, e im.MessageReceived) {
	m := &e.Message
	m.Body = StripTags(m.Body)
	m.Exposed = m.Carbon != im.CarbonSent && d.exposed(m.From)
	if m.Exposed {
		// Whoever reads and writes along must not change what came encrypted, nor say of what stands there that it was.
		m.Replaces, m.Hint = "", ""
	}
	s.emit(e)
}

// veil hands on that something came which cannot be read here, if it would be missed.
func (s *Stage) veil(e im.MessageReceived) {
	m := &e.Message
	if wholeKind(m.Body) == KindData && !isMissed(m.Body) {
		return
	}
	m.Hint = cmp.Or(m.Hint, "OTR")
	m.Body, m.Replaces, m.WantsReceipt, m.Markable = "", "", false, false
	s.emit(e)
}

// read takes what one device says to us alone.
func (s *Stage) read(d *desk, e im.MessageReceived) {
	m := e.Message
	kind := wholeKind(m.Body)
	p := d.peers[m.From]
	switch {
	case kind == KindText:
		s.say(d, e)
	case m.Delayed:
		s.readLate(d, p, e, kind)
	case kind == KindError && p != nil && (p.phase != im.OTRPlain || p.willing(s.now)):
		s.complain(p, strings.TrimPrefix(m.Body, errorPrefix))
	case kind == KindError:
		s.say(d, e)
	case p != nil && p.willing(s.now) || p == nil && d.answers(m.From, s.now):
		s.decrypt(d, e, kind)
	case kind == KindData && d.policy(m.From).known && d.policy(m.From).policy != im.OTRNever:
		s.decrypt(d, e, kind) // there is nothing to read it with, which they should know
	default:
		s.decline(d, e, kind)
	}
}

// decrypt gives a message to the engine.
func (s *Stage) decrypt(d *desk, e im.MessageReceived, kind Kind) {
	p := s.peer(d, e.Message.From)
	if p == nil {
		s.decline(d, e, kind)
		return
	}
	s.open(p, e, kind, s.flags(p))
}

func (s *Stage) open(p *peer, e im.MessageReceived, kind Kind, f Flags) {
	p.opened = true
	s.ask(p, func(c Conversation, done func(Result, error)) { s.engine.Receive(c, f, e.Message.Body, done) },
		func(r Result, err error) { s.decrypted(p, e, kind, r, err) })
}

// readLate takes a message that somebody has kept before it came. A session may be cut off and resumed, so what belongs to
// it is read; but nobody waits for an answer any more, and who kept it may have done so on purpose.
func (s *Stage) readLate(d *desk, p *peer, e im.MessageReceived, kind Kind) {
	switch {
	case kind == KindTagged:
		s.say(d, e)
	case kind == KindError:
	case p != nil && p.phase == im.OTREncrypted && kind != KindQuery && kind != KindHandshake:
		s.open(p, e, kind, Flags{})
	case kind == KindQuery || isCommit(e.Message.Body):
		s.offered(d, e, "")
	default:
		s.decline(d, e, kind)
	}
}

// decline takes a message of OTR that gets no answer: the user is asked whether to take up an offer, and told of what cannot
// be read.
func (s *Stage) decline(d *desk, e im.MessageReceived, kind Kind) {
	body := e.Message.Body
	switch kind {
	case KindTagged:
		_, found := takeTags(body)
		s.say(d, e)
		if query := QueryText(Flags{V3: found.v3, V2: found.v2}); query != "" {
			s.offered(d, e, query)
		}
	case KindQuery:
		if queried(body).any() {
			s.offered(d, e, answerable(body))
		}
	case KindHandshake:
		if isCommit(body) {
			s.offered(d, e, answerable(body))
		}
	case KindData, KindUnknown:
		s.veil(e)
	}
}

// isCommit reports whether a message is, or begins, the first one of a handshake.
func isCommit(text string) bool {
	if KindOf(text) == KindFragment && wholeKind(text) == KindHandshake {
		text = strings.SplitN(text, ",", 5)[3]
	}
	return strings.HasPrefix(text, encodedPrefix+"AAMC") || strings.HasPrefix(text, encodedPrefix+"AAIC")
}

// answerable is a message by which an offer can be taken up; empty for one that has come only in part.
func answerable(text string) string {
	if KindOf(text) == KindFragment || len(text) > maxOffer {
		return ""
	}
	return text
}

// offered tells the user that somebody wants a session, once until the offer is answered.
func (s *Stage) offered(d *desk, e im.MessageReceived, offer string) {
	from := e.Message.From
	p := d.peers[from]
	switch {
	case d.policy(from).policy == im.OTRNever || p != nil && s.now.Before(p.deaf):
		return
	case p != nil && p.offered:
		p.offer = offer
		return
	case !d.policy(from).contact && d.strangersOffers() >= maxOffers:
		return
	}
	if p = s.peer(d, from); p == nil {
		return
	}
	p.offered, p.offer = true, offer
	s.emit(im.OTROffered{On: e.On, Peer: from})
}

// strangersOffers counts those that wait for the user and do not come from contacts.
func (d *desk) strangersOffers() int {
	n := 0
	for _, p := range d.peers {
		if p.offered && !d.policy(p.jid).contact {
			n++
		}
	}
	return n
}

// decrypted takes what the engine made of a message.
func (s *Stage) decrypted(p *peer, e im.MessageReceived, kind Kind, r Result, err error) {
	if errors.Is(err, ErrDied) {
		p.desk.blame(p.jid, s.now)
	}
	switch {
	case err != nil && kind == KindTagged:
		s.say(p.desk, e)
	case errors.Is(err, ErrTooLong):
		s.note(p, im.OTROversized)
	case err != nil && kind != KindQuery && kind != KindHandshake:
		s.note(p, im.OTRUnreadable)
	}
	if err != nil {
		s.settle(p, Result{State: r.State}, err)
		return
	}
	s.post(p, r.Send)
	switch {
	case kind == KindData && slices.Contains(r.Events, Event(Noted{OtherInstance})):
		s.veil(e)
	case r.HasPlain && r.Encrypted:
		s.reveal(p, e, r)
	case r.HasPlain:
		e.Message.Body = r.Plain
		s.say(p.desk, e)
	}
	p.used = s.now
	s.settle(p, r, nil)
}

// reveal hands on a text that was decrypted. What stood beside it in the message is anybody's.
func (s *Stage) reveal(p *peer, e im.MessageReceived, r Result) {
	m := &e.Message
	m.Body = StripTags(p.said(r.Plain))
	if m.Body == "" {
		return // it only moves keys
	}
	m.Encryption, m.Fingerprint, m.Hint, m.Replaces = im.OTR, r.State.Theirs, "", ""
	s.emit(e)
}

// said is a text of theirs as its author saw it. What their program writes is either HTML or not: once it has shown that it
// is not, tags are what somebody typed.
func (p *peer) said(text string) string {
	typed, marked := strings.CutSuffix(text, plainMark)
	if marked {
		p.markup = literal
	}
	if p.markup = max(p.markup, markupOf(typed)); p.markup == literal {
		return typed
	}
	return PlainText(typed)
}

// note tells something about OTR with a peer.
func (s *Stage) note(p *peer, n im.OTRNote) {
	s.emit(im.OTRNoted{On: im.On{Account: p.desk.account}, Peer: p.jid, Note: n})
}

// complain tells what they say went wrong. It is not answered, for they may answer that.
func (s *Stage) complain(p *peer, text string) {
	if p.last != nil {
		p.last.doubted = true
	}
	if s.now.Sub(p.counted) >= complaintsWithin {
		p.counted, p.complaints = s.now, 0
	}
	if p.complaints++; p.complaints > maxComplaints {
		return
	}
	text = strings.ToValidUTF8(strings.TrimSpace(text[:min(len(text), maxPeerError)]), "")
	s.emit(im.OTRNoted{On: im.On{Account: p.desk.account}, Peer: p.jid, Note: im.OTRPeerError, Text: text})
}
