package otr

import (
	"context"
	"errors"
	"time"

	"traboule/im"
)

// Sender is the client of one account. Send must not wait; its errors are *im.Failure.
type Sender interface {
	Send(im.Request) error
}

// engine is what the stage needs of an Engine.
type engine interface {
	Completed() <-chan func()
	MakeKey(account im.JID, tag uint32, done func(Key, error))
	Receive(c Conversation, f Flags, text string, done func(Result, error))
	Encrypt(c Conversation, text string, done func(Result, error))
	Query(c Conversation, f Flags, done func(Result, error))
	End(c Conversation, done func(Result, error))
	Forget(c Conversation, done func(Result, error))
	StartSMP(c Conversation, question, secret string, done func(Result, error))
	AnswerSMP(c Conversation, secret string, done func(Result, error))
	AbortSMP(c Conversation, done func(Result, error))
}

// StageOptions are what a Stage connects.
type StageOptions struct {
	// Engine does the work: an *Engine, whose Options.Died calls the Stage's.
	Engine engine
	// Clients are those of the accounts, by bare JID.
	Clients map[im.JID]Sender
	// Events come from the clients, Out takes them on to the loop.
	Events <-chan im.Event
	Out    chan<- im.Event
	// NewID gives a fresh unguessable message id.
	NewID func() string
	// Heartbeats lets an empty message go out now and then in a session, to renew its keys; it tells that we are there.
	Heartbeats bool
}

// Stage is the stage of OTR: what comes from the clients of the accounts goes through it to the loop, and what the loop asks
// for goes through it to them. What is not OTR passes as it is, in order. What somebody says waits for what they said
// before, which may have to be decrypted; nobody else waits for that.
//
// A text to somebody with whom a session is encrypted, has just ended, or is required never passes as it is.
type Stage struct {
	engine     engine
	events     <-chan im.Event
	out        chan<- im.Event
	requests   chan im.Request
	newID      func() string
	heartbeats bool
	desks      map[im.JID]*desk // does not change; what is in it belongs to Run, as does all that follows

	now     time.Time
	ready   []im.Event              // for the loop
	sent    map[im.RequestID]string // texts on their way, with the fingerprint that they are encrypted to
	last    im.RequestID            // of our own requests
	waiting int                     // what waits for its turn, in number
	weight  int                     // and in bytes
	alarm   time.Time               // when there is something to do, whatever happens; zero for never
}

// ownRequest marks the requests of the stage itself, of which the loop hears nothing.
const ownRequest im.RequestID = 1 << 63

// NewStage makes a stage. Nothing happens before Run.
func NewStage(o StageOptions) *Stage {
	s := &Stage{
		engine: o.Engine, events: o.Events, out: o.Out, requests: make(chan im.Request, mailbox), newID: o.NewID,
		heartbeats: o.Heartbeats, desks: map[im.JID]*desk{}, sent: map[im.RequestID]string{},
	}
	for account, client := range o.Clients {
		s.desks[account] = newDesk(account, client)
	}
	return s
}

// Send hands over a request and never waits. Each request taken ends in one im.Done; a full mailbox is an *im.Failure.
func (s *Stage) Send(r im.Request) error {
	if s.desks[r.Of()] == nil {
		return &im.Failure{Code: im.CodeNoSuchAccount, Detail: r.Of().String()}
	}
	select {
	case s.requests <- r:
		return nil
	default:
		return &im.Failure{Code: im.CodeQueueFull, Detail: r.Of().String()}
	}
}

// Run serves until ctx ends.
func (s *Stage) Run(ctx context.Context) error {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		if s.alarm.IsZero() {
			timer.Stop()
		} else {
			timer.Reset(time.Until(s.alarm))
		}
		if err := s.step(ctx, timer.C); err != nil {
			return err
		}
	}
}

// step waits for one thing to happen and deals with it. Whoever brings more than can be handed on waits.
func (s *Stage) step(ctx context.Context, rings <-chan time.Time) error {
	events, completed, requests := s.events, s.engine.Completed(), s.requests
	out, first := s.out, im.Event(nil)
	if len(s.ready) > 0 {
		first = s.ready[0]
	} else {
		out = nil
	}
	if len(s.ready) >= maxReady {
		events, completed = nil, nil
	}
	if s.waiting >= maxWaiting || s.weight >= maxWaitingBytes {
		events = nil
	}
	if len(s.ready) >= maxReady+mailbox {
		requests = nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case out <- first:
		s.ready[0] = nil
		s.ready = s.ready[1:]
	case e := <-events:
		s.now = time.Now()
		s.receive(e)
	case r := <-requests:
		s.now = time.Now()
		s.request(r)
	case done := <-completed:
		s.now = time.Now()
		done()
	case <-rings:
		s.now = time.Now()
		s.wake()
	}
	return nil
}

// Died tells that the engine's child ended by itself. Whoever runs the Engine has it told by way of Completed.
func (s *Stage) Died(error) {
	for _, d := range s.desks {
		for _, p := range d.those(everybody) {
			s.fail(p)
		}
	}
}

// emit hands an event on.
func (s *Stage) emit(e im.Event) { s.ready = append(s.ready, e) }

// done ends a request.
func (s *Stage) done(r im.Request, failure *im.Failure) {
	s.emit(im.Done{On: im.On{Account: r.Of()}, Request: r.Number(), Err: failure})
}

// forward hands a request on, and reports whether it was taken. One that is not has ended.
func (s *Stage) forward(d *desk, r im.Request) bool {
	err := d.client.Send(r)
	if err == nil {
		return true
	}
	failure := &im.Failure{Code: im.CodeNotConnected, Detail: err.Error()}
	errors.As(err, &failure)
	s.done(r, failure)
	return false
}

// failure says why the engine could not do something.
func failure(err error) *im.Failure {
	code := im.CodeOTRFault
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrNotEncrypted):
		code = im.CodeNotEncrypted
	case errors.Is(err, ErrTooLong):
		code = im.CodeTooLarge
	case errors.Is(err, ErrBusy):
		code = im.CodeQueueFull
	case errors.Is(err, ErrNoSMP), errors.Is(err, ErrUnsafeSMP):
		code = im.CodeNotAllowed
	}
	return &im.Failure{Code: code}
}

// ring has wake called at a time, if not before.
func (s *Stage) ring(at time.Time) {
	if s.alarm.IsZero() || at.Before(s.alarm) {
		s.alarm = at
	}
}

// wake does what is due.
func (s *Stage) wake() {
	s.alarm = time.Time{}
	for _, d := range s.desks {
		for _, p := range d.those(everybody) {
			s.wakePeer(p)
		}
		if d.leaving != nil {
			s.wakeDeparture(d)
		}
	}
}
