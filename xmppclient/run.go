package xmppclient

import (
	"context"
	"sync"
	"time"

	"traboule/im"
)

// Run owns the account until ctx ends, and returns when all its goroutines have. It starts disconnected, and ends with a
// goodbye to the server for which it takes no longer than Pace.Farewell.
func (c *Client) Run(ctx context.Context) error {
	a := newAccount(c)
	for !a.run(ctx) {
		a = a.successor(c)
	}
	return ctx.Err()
}

// run serves the account until ctx ends. It is false if a fault of ours ended it before, and its connection with it.
func (a *account) run(ctx context.Context) (ended bool) {
	defer a.running.Wait()
	defer contain(func(fault *im.Failure) { a.abandon(ctx, fault) })
	a.loop(ctx)
	return true
}

// abandon ends all that was under way. What is left of the state may be wrong, so nothing goes on from it.
func (a *account) abandon(ctx context.Context, fault *im.Failure) {
	a.cancelAttempt()
	if a.link != nil {
		a.link.close()
	}
	a.forget(ctx, *fault)
	if a.leaving != nil {
		a.done(ctx, a.leaving.Number(), nil)
	}
	if a.begun != nil {
		a.done(ctx, a.begun.Number(), fault)
	}
	a.changed(ctx, im.ConnectionChanged{State: im.Failed, Err: fault})
}

// successor starts afresh, but does not forget how well the server can log us in, nor its key, nor what it is told.
func (a *account) successor(c *Client) *account {
	next := newAccount(c)
	next.least, next.known, next.random, next.stanzas.mute = a.least, a.known, a.random, a.stanzas.mute
	return next
}

// account is the state of Run, which only its goroutine touches. The connection goes through
//
//	off ── Connect ──▶ waiting ──▶ attempting ──▶ up ──▶ leaving ──▶ off
//	                     ▲             │           │
//	                     └── back-off ─┴── lost ───┘
//
// and a lasting failure leads from attempting or up to off. While waiting or attempting, the session of before may be kept
// for resumption; its stanzas then wait in the outbox.
type account struct {
	cfg      Config
	events   chan<- im.Event
	requests <-chan im.Request

	wanted   bool // the user wants to be connected
	resource string
	random   string // the resource where none was chosen
	least    string // the best mechanism so far
	known    im.Pin // the server's key, if it was pinned on first use
	backoff  backoff
	redirect *Candidate

	begun im.Request // taken from requests, and not yet ended or tracked elsewhere

	attempting context.CancelFunc // nil if no attempt is under way
	news       chan news
	retryAt    time.Time

	link     *link // nil unless up or leaving
	since    time.Time
	way      way
	stanzas  *stanzas
	outbox   outbox
	control  []parcel // what is written between stanzas
	managed  management
	handled  uint32
	asked    bool      // an <r/> is unanswered
	covered  uint32    // how far the last <r/> asked
	unproved time.Time // when a resumed session was asked whether it understands; zero once it has answered
	full     im.JID
	resuming *resumption // the lost session, while it may be resumed
	resumeBy time.Time

	written  time.Time // when something was last given to the writer
	probed   time.Time // when the server was asked whether it lives; zero if it was not
	pingID   string
	moving   bool       // the connection was cut to make a new one at once
	leaving  im.Request // the Disconnect that is being carried out
	leaveBy  time.Time
	said     bool // goodbye
	hurried  bool // the goodbye no longer waits for acknowledgements
	quitting bool // ctx has ended

	running sync.WaitGroup
	timer   *time.Timer
	armed   time.Time
}

func newAccount(c *Client) *account {
	return &account{
		cfg: c.cfg, events: c.events, requests: c.requests,
		random: randomResource(), least: c.cfg.Least, known: c.cfg.Known,
		backoff: backoff{first: c.cfg.Pace.FirstRetry, longest: c.cfg.Pace.LongestRetry},
		stanzas: newStanzas(c.cfg.Account, nonce),
		timer:   time.NewTimer(time.Hour),
	}
}

// loop serves whatever comes until ctx has ended and the goodbye is said.
func (a *account) loop(ctx context.Context) {
	defer a.timer.Stop()
	ended := ctx.Done()
	for !a.quitting || a.link != nil {
		a.arm()
		out, next := a.offer()
		select {
		case <-ended:
			ended = nil
			a.quit()
		case r := <-a.requests:
			a.begun = r
			a.request(ctx, r)
			a.begun = nil
		case out <- next:
			a.gave(next)
		case n := <-a.wroteChannel():
			a.end(ctx, a.outbox.wrote(n), nil)
		case arrived, open := <-a.arrivalChannel():
			a.arrive(ctx, arrived, open)
		case n := <-a.news:
			a.hear(ctx, n)
		case <-a.timer.C:
			a.armed = time.Time{}
			a.wake(ctx, time.Now())
		}
	}
}

// quit begins the end: nobody listens to events any more.
func (a *account) quit() {
	a.quitting, a.wanted = true, false
	a.cancelAttempt()
	if a.link != nil {
		a.leaveBy = time.Now().Add(a.cfg.Pace.Farewell)
	}
}

// emit hands out an event; the loop of the application takes them as fast as it can, and until then TCP makes the server wait.
func (a *account) emit(ctx context.Context, events ...im.Event) {
	if a.quitting {
		return
	}
	for _, e := range events {
		if d, is := e.(im.Done); is && a.begun != nil && d.Request == a.begun.Number() {
			a.begun = nil
		}
		select {
		case a.events <- e:
		case <-ctx.Done():
			return
		}
	}
}

func (a *account) on() im.On { return im.On{Account: a.cfg.Account.Bare()} }

// done ends one request.
func (a *account) done(ctx context.Context, r im.RequestID, failure *im.Failure) {
	a.emit(ctx, im.Done{On: a.on(), Request: r, Err: failure})
}

func (a *account) end(ctx context.Context, requests []im.RequestID, failure *im.Failure) {
	for _, r := range requests {
		a.done(ctx, r, failure)
	}
}

// changed tells a step of the connection.
func (a *account) changed(ctx context.Context, e im.ConnectionChanged) {
	e.On = a.on()
	e.Via, e.Server, e.TLS, e.SASL = a.way.via, a.way.server, a.way.tls, a.way.sasl
	a.cfg.Log.Debug("connection", "account", e.Account.String(), "state", e.State, "server", e.Server)
	a.emit(ctx, e)
}

func (a *account) arrivalChannel() <-chan arrival {
	if a.link == nil {
		return nil
	}
	return a.link.arrivals
}

func (a *account) wroteChannel() <-chan int {
	if a.link == nil {
		return nil
	}
	return a.link.wrote
}
