package otr

import (
	"errors"
	"time"

	"traboule/im"
)

// lastText is the newest text that went out in a session, for as long as it may go out once more.
type lastText struct {
	request im.SendMessage
	theirs  string
	at      time.Time
	doubted bool // they have said since that something went wrong
}

// resent stands before a text that goes out once more, as other programs have it.
const resent = "[resent] "

// speak sends a text: encrypted where there is a session, later where one starts, and not at all where it would go as it is
// against the user's wish.
func (s *Stage) speak(d *desk, r im.SendMessage) {
	if r.Kind == im.Groupchat {
		s.forward(d, r)
		return
	}
	to := d.addressee(r.To)
	if to.IsZero() {
		s.done(r, &im.Failure{Code: im.CodeUnavailable})
		return
	}
	p := d.peers[to]
	if to.IsBare() {
		p = d.atWork(to) // one of their devices may have something to get first
	}
	switch {
	case p == nil:
		s.speakPlainly(d, r, to)
	case p.busy && len(p.queue) >= maxWaiting:
		s.done(r, &im.Failure{Code: im.CodeQueueFull})
	case p.busy:
		s.queue(p, false, turn{func() { s.speak(d, r) }, len(r.Body)})
	case p.shown() == im.OTREncrypted && r.Theirs != "" && r.Theirs != p.state.Theirs:
		s.done(r, &im.Failure{Code: im.CodeKeyChanged})
	case p.shown() == im.OTREncrypted:
		s.encrypt(p, r)
	case p.shown() == im.OTRStarting:
		s.hold(p, r)
	case p.shown() == im.OTRFinished:
		s.done(r, &im.Failure{Code: im.CodeNotEncrypted})
	default:
		s.speakPlainly(d, r, to)
	}
}

// speakPlainly sends a text as it is, unless encryption is required or somebody expects it.
func (s *Stage) speakPlainly(d *desk, r im.SendMessage, to im.JID) {
	switch {
	case d.policy(to).policy == im.OTRRequired:
		p := s.peer(d, to)
		if p == nil {
			s.done(r, &im.Failure{Code: im.CodeQueueFull})
			return
		}
		s.hold(p, r)
		s.start(p, func(error) {})
	case d.guarded(to), r.Theirs != "":
		s.done(r, &im.Failure{Code: im.CodeNotEncrypted})
	default:
		r.Body = s.tag(d, to, StripTags(r.Body))
		s.forward(d, r)
	}
}

// tag adds an offer to the first text that a device gets, where the policy is to.
func (s *Stage) tag(d *desk, to im.JID, body string) string {
	if p := d.policy(to); p.policy != im.OTROpportunistic || !p.known {
		return body
	}
	if to.IsBare() {
		to = d.only(to)
	}
	p := s.peer(d, to)
	if p == nil || p.tagged {
		return body
	}
	p.tagged = true
	return AddTag(body, Flags{V3: true, V2: true})
}

// hold keeps a text until the session starts.
func (s *Stage) hold(p *peer, r im.SendMessage) {
	bytes := len(r.Body)
	for _, h := range p.held {
		bytes += len(h.Body)
	}
	if len(p.held) >= maxHeld || bytes > maxHeldBytes {
		s.done(r, &im.Failure{Code: im.CodeQueueFull})
		return
	}
	p.held = append(p.held, r)
}

// encrypt sends a text in a session.
func (s *Stage) encrypt(p *peer, r im.SendMessage) {
	p.used = s.now
	s.ask(p, func(c Conversation, done func(Result, error)) { s.engine.Encrypt(c, p.markup.write(r.Body), done) },
		func(res Result, err error) {
			sealed := r
			switch {
			case errors.Is(err, ErrTooLong), errors.Is(err, ErrBusy):
				s.done(r, failure(err))
			case err != nil || len(res.Send) == 0:
				s.done(r, &im.Failure{Code: im.CodeNotEncrypted})
			default:
				sealed.To, sealed.Body, sealed.Replaces, sealed.Encryption = p.jid, res.Send[0], "", im.OTR
				if s.forward(p.desk, sealed) {
					s.sent[r.ID] = res.State.Theirs
					p.last = &lastText{request: r, theirs: res.State.Theirs, at: s.now}
					s.ring(s.now.Add(resendWithin))
				}
				s.post(p, res.Send[1:])
			}
			s.settle(p, res, err)
		})
}

// doubted returns what sends the last text once more after new keys, if they have said that something went wrong since. It
// goes only to the key it was written for, and only soon after; else the user is told that it did not arrive.
func (s *Stage) doubted(p *peer) func() {
	last := p.last
	p.last = nil
	switch {
	case last == nil || !last.doubted:
		return nil
	case last.theirs != p.state.Theirs || s.now.Sub(last.at) >= resendWithin:
		s.note(p, im.OTRNotResent)
		return nil
	}
	return func() {
		s.ask(p, func(c Conversation, done func(Result, error)) {
			s.engine.Encrypt(c, p.markup.write(resent+last.request.Body), done)
		},
			func(r Result, err error) {
				note := im.OTRResent
				if err != nil || len(r.Send) == 0 || p.desk.client.Send(s.own(p, r.Send[0])) != nil {
					note = im.OTRNotResent
				}
				s.note(p, note)
				s.settle(p, r, err)
			})
	}
}
