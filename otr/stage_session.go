package otr

import (
	"errors"
	"time"

	"traboule/im"
)

// startOTR starts a session, takes up an offer, or has the keys of a session exchanged anew.
func (s *Stage) startOTR(d *desk, r im.StartOTR) {
	to := d.addressee(r.To)
	if to.IsBare() {
		to = d.preferred(to.Bare())
	}
	if to.IsZero() {
		s.done(r, &im.Failure{Code: im.CodeUnavailable})
		return
	}
	p := s.peer(d, to)
	if p == nil {
		s.done(r, &im.Failure{Code: im.CodeQueueFull})
		return
	}
	s.inTurn(p, 0, func() { s.start(p, func(err error) { s.done(r, failure(err)) }) })
}

// start asks a peer for a session, or takes up their offer of one.
func (s *Stage) start(p *peer, then func(error)) {
	offer := p.offer
	p.agreed, p.offered, p.offer, p.opened, p.deaf, p.mirrored = true, false, "", true, time.Time{}, false
	if p.phase != im.OTREncrypted {
		p.byUs, p.startBy = true, s.now.Add(startWithin)
		s.ring(p.startBy)
		s.tell(p, im.OTRByUs)
	}
	if offer == "" {
		s.query(p, then)
		return
	}
	s.ask(p, func(c Conversation, done func(Result, error)) { s.engine.Receive(c, s.flags(p), offer, done) },
		func(r Result, err error) {
			if err == nil && len(r.Send) == 0 && r.State.Phase != im.OTREncrypted {
				s.query(p, then) // the offer is of no use any more
				return
			}
			s.post(p, r.Send)
			s.settle(p, r, err)
			then(err)
		})
}

func (s *Stage) query(p *peer, then func(error)) {
	s.ask(p, func(c Conversation, done func(Result, error)) { s.engine.Query(c, s.flags(p), done) },
		func(r Result, err error) {
			s.post(p, r.Send)
			s.settle(p, r, err)
			if err != nil && p.starting() {
				s.quit(p, im.OTRStageFault)
			}
			then(err)
		})
}

// settle takes over where things stand after the engine has done something, and tells what happened.
func (s *Stage) settle(p *peer, r Result, err error) {
	if errors.Is(err, ErrDied) || errors.Is(err, ErrBusy) || errors.Is(err, ErrTooLong) {
		return // it says nothing about the session
	}
	told := map[im.OTRNote]bool{}
	for _, e := range r.Events {
		s.happened(p, e, r.State, told)
	}
	switch phase := r.State.Phase; {
	case phase == im.OTREncrypted && p.phase != im.OTREncrypted:
		s.secured(p, "", r.State)
	case phase == im.OTRFinished && p.phase == im.OTREncrypted:
		s.finish(p, im.OTRByThem)
	case phase == im.OTRPlain && p.phase == im.OTREncrypted:
		s.finish(p, im.OTRStageFault)
	case phase != im.OTREncrypted && r.State.Handshake && !p.starting():
		p.startBy = s.now.Add(startWithin)
		s.ring(p.startBy)
	}
	s.tell(p, im.OTRByThem)
}

// happened tells one thing that has happened in the engine.
func (s *Stage) happened(p *peer, e Event, state State, told map[im.OTRNote]bool) {
	switch e := e.(type) {
	case Secured:
		s.secured(p, e.Before, state)
	case Ended:
		s.finish(p, im.OTRByThem)
	case SMP:
		s.verify(p, e)
	case PeerError:
		s.complain(p, e.Text)
	case Noted:
		note := map[Note]im.OTRNote{
			NotPrivate: im.OTRUnreadable, Unreadable: im.OTRUnreadable, Malformed: im.OTRUnreadable,
			Oversized: im.OTROversized, Unsupported: im.OTRUnsupported, UnsafeSMP: im.OTRUnsafeSMP,
			Reflected: im.OTRReflected, SameKey: im.OTRSameKey,
		}[e.Note]
		if note != 0 && !told[note] && !(note == im.OTRReflected && p.mirrored) {
			told[note] = true
			p.mirrored = p.mirrored || note == im.OTRReflected
			s.note(p, note)
		}
	}
}

// secured begins a session, or goes on with one with new keys.
func (s *Stage) secured(p *peer, before string, state State) {
	why := im.OTRByThem
	switch {
	case before != "":
		why = im.OTRRenewed
	case p.byUs:
		why = im.OTRByUs
	}
	known := p.state.Theirs
	if p.phase != im.OTREncrypted || known != state.Theirs {
		p.markup = unclear // it may be another program
	}
	p.phase, p.state, p.used, p.agreed, p.moved = im.OTREncrypted, state, s.now, true, false
	p.startBy, p.byUs, p.offered, p.offer = time.Time{}, false, false, ""
	s.tell(p, why)
	var turns []turn
	if resend := s.doubted(p); resend != nil {
		turns = append(turns, turn{do: resend})
	}
	if known != "" && known != state.Theirs {
		s.giveBack(p, im.CodeKeyChanged) // they were perhaps written for the other key
	}
	for _, r := range p.held {
		turns = append(turns, turn{func() { s.speak(p.desk, r) }, len(r.Body)})
	}
	p.held = nil
	s.queue(p, true, turns...)
}

// finish ends a session other than by the user's wish: nothing goes out until they say how to go on.
func (s *Stage) finish(p *peer, why im.OTRReason) {
	if p.verifying {
		s.verify(p, SMP{Step: im.SMPAborted})
	}
	p.phase, p.last = im.OTRFinished, nil
	s.quit(p, why)
}

// fail ends what there was in a child that has ended.
func (s *Stage) fail(p *peer) {
	p.opened = false
	if p.phase == im.OTREncrypted || p.starting() {
		s.finish(p, im.OTRStageFault)
	}
}

// endOTR ends sessions, as the user wishes: from now on texts go as they are.
func (s *Stage) endOTR(d *desk, r im.EndOTR) {
	var open []*peer
	for _, p := range d.same(r.To) {
		if p.jid == r.To || r.To.IsBare() {
			open = append(open, p)
		}
	}
	left := len(open)
	if left == 0 {
		s.done(r, nil)
	}
	for _, p := range open {
		s.inTurn(p, 0, func() {
			if p.offered {
				p.deaf = s.now.Add(offerEvery)
			}
			s.close(p, im.OTRPlain, im.OTRByUs, s.engine.End, func() {
				if left--; left == 0 {
					s.done(r, nil)
				}
			})
		})
	}
}

// close ends what there is with a peer. A session that is encrypted is finished afterwards, or plain. It is called in turn.
func (s *Stage) close(p *peer, after im.OTRState, why im.OTRReason, end func(Conversation, func(Result, error)), then func()) {
	if p.phase == im.OTREncrypted || after == im.OTRPlain {
		p.phase = after
	}
	p.offered, p.offer, p.last, p.agreed = false, "", nil, false
	p.tagged = after == im.OTRPlain // who has ended a session does not offer the next one
	s.quit(p, why)
	if !p.opened {
		then()
		return
	}
	p.opened = false
	s.ask(p, end, func(r Result, err error) {
		s.post(p, r.Send)
		if p.verifying {
			s.verify(p, SMP{Step: im.SMPAborted})
		}
		then()
	})
}
