package otr

import (
	"errors"
	"slices"
	"time"

	"traboule/im"
)

// peer is what the stage knows of one device of somebody.
//
//	          start                secured
//	plain ──────────→ starting ──────────────→ encrypted
//	  ↑ ↑                │ ↑                     │
//	  │ └──── timeout ───┘ └──start── finished ←─┘ ended by them, gone, new login, child died
//	  └───────────── EndOTR ─────────────┘
//
// Starting is beside plain and finished, and falls back to where it began. Only the user leads from encrypted or finished to
// plain.
type peer struct {
	desk  *desk
	jid   im.JID
	kind  im.Kind
	busy  bool   // the engine works for it
	queue []turn // what waits until it has

	phase    im.OTRState // plain, encrypted or finished
	state    State       // of the session that is, or was last
	opened   bool        // the engine may remember something
	startBy  time.Time   // zero unless a session is starting
	byUs     bool        // we started it
	agreed   bool        // the user wants a session
	told     im.OTRChanged
	used     time.Time
	moved    bool   // the session was with the same occupant under another nick
	mirrored bool   // it was told that our own messages come back
	markup   markup // what their texts in this session are written in, as far as it shows

	held    []im.SendMessage // until the session starts
	offered bool             // core was told of an offer, which waits for the user
	offer   string           // the message with which to take it up; empty if there is none to answer
	deaf    time.Time        // until then no more are listened to
	tagged  bool             // we have offered a session within a text
	last    *lastText

	verifying  bool
	complained time.Time // when they were last told that something could not be read
	complaints int       // theirs, since counted
	counted    time.Time
	stanzas    []string // ids of our own last messages to them
}

// turn is something that waits for the engine.
type turn struct {
	do    func()
	bytes int
}

// maxStanzas is how many ids of our own messages are remembered: those of a handshake, and an answer.
const maxStanzas = 8

func (p *peer) conversation() Conversation { return Conversation{p.desk.account, p.jid} }

func (p *peer) starting() bool { return !p.startBy.IsZero() }

// shown is the state as it is told.
func (p *peer) shown() im.OTRState {
	if p.starting() && p.phase != im.OTREncrypted {
		return im.OTRStarting
	}
	return p.phase
}

// rank orders the devices of a contact by which of them texts go to.
func (p *peer) rank() int {
	return map[im.OTRState]int{im.OTREncrypted: 3, im.OTRStarting: 2, im.OTRFinished: 1}[p.shown()]
}

// willing reports whether what belongs to the start of a session is answered.
func (p *peer) willing(now time.Time) bool {
	return p.phase == im.OTREncrypted || p.agreed || p.desk.answers(p.jid, now)
}

// forgettable reports whether nothing of a peer matters any more.
func (p *peer) forgettable(now time.Time) bool {
	return !p.busy && len(p.queue) == 0 && p.shown() == im.OTRPlain && !p.offered && len(p.held) == 0 &&
		now.After(p.deaf) && now.After(p.complained.Add(complainEvery))
}

// changed describes the state.
func (p *peer) changed() im.OTRChanged {
	e := im.OTRChanged{On: im.On{Account: p.desk.account}, Peer: p.jid, State: p.shown()}
	switch e.State {
	case im.OTREncrypted:
		e.Version, e.SessionID = p.state.Version, p.state.SessionID
		e.Ours, e.Theirs = p.state.Ours, p.state.Theirs
	case im.OTRFinished:
		e.Ours, e.Theirs = p.state.Ours, p.state.Theirs
	}
	return e
}

// tell tells core the state, if it is another than was told before.
func (s *Stage) tell(p *peer, why im.OTRReason) {
	e := p.changed()
	if e == p.told {
		return
	}
	p.told = e
	e.Reason = why
	s.emit(e)
}

// inTurn does something once the engine has done what was asked for a peer before.
func (s *Stage) inTurn(p *peer, bytes int, do func()) {
	if !p.busy {
		do()
		return
	}
	s.queue(p, false, turn{do, bytes})
}

// queue has things done in turn, at once or after all that waits.
func (s *Stage) queue(p *peer, first bool, turns ...turn) {
	for _, t := range turns {
		s.waiting++
		s.weight += t.bytes
	}
	if first {
		p.queue = append(turns, p.queue...)
	} else {
		p.queue = append(p.queue, turns...)
	}
}

// ask has the engine do something for a peer. Until then all else that concerns the peer waits.
func (s *Stage) ask(p *peer, op func(Conversation, func(Result, error)), then func(Result, error)) {
	p.busy = true
	p.desk.busy++
	op(p.conversation(), func(r Result, err error) {
		p.busy = false
		p.desk.busy--
		if errors.Is(err, ErrDied) {
			s.fail(p)
		}
		then(r, err)
		s.resume(p)
	})
}

// resume goes on with what waited for the engine.
func (s *Stage) resume(p *peer) {
	for !p.busy && len(p.queue) > 0 {
		next := p.queue[0]
		p.queue = p.queue[1:]
		s.waiting--
		s.weight -= next.bytes
		next.do()
	}
	if !p.busy {
		s.forget(p)
		s.release(p.desk)
	}
}

// forget forgets somebody of whom nothing matters any more.
func (s *Stage) forget(p *peer) {
	if p.forgettable(s.now) && !p.tagged {
		delete(p.desk.peers, p.jid)
	}
}

// post sends messages of OTR itself to a peer. What cannot be sent is as good as lost on the way.
func (s *Stage) post(p *peer, messages []string) {
	for _, text := range messages {
		if KindOf(text) == KindError {
			if !p.mayComplain(s.now) {
				continue
			}
			p.complained = s.now
		}
		_ = p.desk.client.Send(s.own(p, text))
	}
}

// own makes a request of our own out of a message of OTR.
func (s *Stage) own(p *peer, text string) im.SendMessage {
	s.last++
	r := im.SendMessage{
		For: im.For{Account: p.desk.account, ID: ownRequest | s.last}, To: p.jid, Kind: p.kind, Stanza: s.newID(),
		Body: text, Encryption: im.OTR,
	}
	p.stanzas = append(p.stanzas, r.Stanza)
	if len(p.stanzas) > maxStanzas {
		p.stanzas = slices.Delete(p.stanzas, 0, 1)
	}
	return r
}

// mayComplain reports whether a peer may be told that something could not be read.
func (p *peer) mayComplain(now time.Time) bool { return now.Sub(p.complained) >= complainEvery }

// flags are what is allowed when a message of a peer is read.
func (s *Stage) flags(p *peer) Flags {
	willing := p.willing(s.now)
	known := p.desk.policy(p.jid).known || p.agreed || p.phase == im.OTREncrypted
	return Flags{
		V3: willing, V2: willing, AnswerTag: willing, Heartbeat: s.heartbeats, ErrorReply: known && p.mayComplain(s.now),
	}
}

// giveBack ends the texts that waited for a session: they were not sent.
func (s *Stage) giveBack(p *peer, why im.Code) {
	for _, r := range p.held {
		s.done(r, &im.Failure{Code: why})
	}
	p.held = nil
}

// wakePeer does what is due with a peer.
func (s *Stage) wakePeer(p *peer) {
	if p.last != nil {
		if due := p.last.at.Add(resendWithin); s.now.Before(due) {
			s.ring(due)
		} else if !p.last.doubted {
			p.last = nil
		} else {
			p.last.request.Body = ""
		}
	}
	switch {
	case !p.starting():
	case s.now.Before(p.startBy):
		s.ring(p.startBy)
	default:
		s.quit(p, im.OTRTimeout)
	}
}

// quit gives up a session that was starting.
func (s *Stage) quit(p *peer, why im.OTRReason) {
	p.startBy, p.byUs = time.Time{}, false
	p.agreed = p.phase == im.OTREncrypted
	code := im.CodeNotEncrypted
	if p.phase == im.OTRPlain && p.desk.policy(p.jid).policy != im.OTRRequired && (why == im.OTRTimeout || why == im.OTRPeerGone) {
		code = im.CodeUnanswered
	}
	s.giveBack(p, code)
	s.tell(p, why)
}
