package otr

import (
	"time"

	"traboule/im"
)

// request takes a request of the loop.
func (s *Stage) request(r im.Request) {
	d := s.desks[r.Of()]
	switch {
	case d.leaving == nil:
		s.carryOut(d, r)
	case len(d.deferred) >= maxDeferred:
		s.done(r, &im.Failure{Code: im.CodeQueueFull, Detail: d.account.String()})
	default:
		d.deferred = append(d.deferred, r)
	}
}

// carryOut does what OTR has a part in, and hands on all else.
func (s *Stage) carryOut(d *desk, r im.Request) {
	switch r := r.(type) {
	case im.SendMessage:
		s.speak(d, r)
	case im.StartOTR:
		s.startOTR(d, r)
	case im.EndOTR:
		s.endOTR(d, r)
	case im.SetOTRPolicy:
		s.setPolicy(d, r)
	case im.StartSMP:
		s.smp(d, r, r.To, func(c Conversation, done func(Result, error)) { s.engine.StartSMP(c, r.Question, r.Secret, done) }, true)
	case im.AnswerSMP:
		s.smp(d, r, r.To, func(c Conversation, done func(Result, error)) { s.engine.AnswerSMP(c, r.Secret, done) }, false)
	case im.AbortSMP:
		s.smp(d, r, r.To, s.engine.AbortSMP, false)
	case im.FetchOTRKey:
		s.fetchKey(d, r)
	case im.JoinRoom:
		d.entering[r.Room] = r.Nick // there may be no such room
		s.forward(d, r)
	case im.LeaveRoom:
		s.leave(d, r, func(p *peer) bool { return p.jid.Bare() == r.Room }, im.OTRPeerGone)
	case im.Disconnect:
		s.leave(d, r, everybody, im.OTRDisconnected)
	default:
		s.forward(d, r)
	}
}

// departure is a request that waits until those who are left behind have been told that their sessions end.
type departure struct {
	request im.Request
	left    int
	by      time.Time
}

// leave ends the sessions that a request puts an end to, and hands it on once the other sides know, or after a moment. What
// is asked for after it waits until then.
func (s *Stage) leave(d *desk, r im.Request, behind func(*peer) bool, why im.OTRReason) {
	out := &departure{request: r, left: 1, by: s.now.Add(endWithin)}
	d.leaving = out
	for _, p := range d.those(behind) {
		out.left++
		s.inTurn(p, 0, func() { s.close(p, im.OTRFinished, why, s.engine.End, func() { s.left(d, out) }) })
	}
	s.ring(out.by)
	s.left(d, out)
}

// left counts those who know. After the last one the request goes out.
func (s *Stage) left(d *desk, out *departure) {
	if out.left--; out.left > 0 || d.leaving != out {
		return
	}
	s.depart(d)
}

func (s *Stage) wakeDeparture(d *desk) {
	if s.now.Before(d.leaving.by) {
		s.ring(d.leaving.by)
		return
	}
	s.depart(d)
}

// depart hands on the request that waited, and what waited behind it.
func (s *Stage) depart(d *desk) {
	s.forward(d, d.leaving.request)
	d.leaving = nil
	for d.leaving == nil && len(d.deferred) > 0 {
		next := d.deferred[0]
		d.deferred = d.deferred[1:]
		s.carryOut(d, next)
	}
}
