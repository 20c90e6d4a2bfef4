package xmppclient

import (
	"cmp"
	"context"
	"time"

	"traboule/im"
)

// settled is how long a new session must have lasted for the next loss to count as the first.
const settled = 10 * time.Second

// news is what an attempt reports: what it waits for, a place that is being tried, a key that it pinned there, or its
// result.
type news struct {
	waiting *int // per cent, for the Network to be usable
	trying  *way
	learned *im.Pin
	session *established
	failure *im.Failure
}

// start begins an attempt to connect.
func (a *account) start(ctx context.Context) {
	ctx, a.attempting = context.WithCancel(ctx)
	reports := make(chan news)
	a.news, a.retryAt = reports, time.Time{}
	post := func(n news) bool {
		select {
		case reports <- n:
			return true
		case <-ctx.Done():
			return false
		}
	}
	try := attempt{
		cfg: a.cfg, least: a.least, resource: a.resource, redirect: a.redirect, known: a.known,
		tell:  func(w way) { post(news{trying: &w}) },
		wait:  func(progress int) { post(news{waiting: &progress}) },
		learn: func(key im.Pin) { post(news{learned: &key}) },
	}
	if a.resuming != nil {
		previous := *a.resuming
		try.previous = &previous
	}
	a.redirect = nil
	a.way = way{}
	if a.cfg.Ready == nil {
		a.changed(ctx, im.ConnectionChanged{State: im.Connecting})
	}
	a.running.Go(func() {
		defer contain(func(fault *im.Failure) { post(news{failure: fault}) })
		session, failure := try.run(ctx)
		if !post(news{session: session, failure: failure}) && session != nil {
			session.cut()
		}
	})
}

func (a *account) cancelAttempt() {
	if a.attempting != nil {
		a.attempting()
		a.attempting, a.news = nil, nil
	}
}

// hear takes what an attempt reports.
func (a *account) hear(ctx context.Context, n news) {
	if n.waiting != nil {
		a.changed(ctx, im.ConnectionChanged{State: im.WaitingForTor, Progress: *n.waiting})
		return
	}
	if n.trying != nil {
		a.way = *n.trying
		a.changed(ctx, im.ConnectionChanged{State: im.Connecting})
		return
	}
	if n.learned != nil {
		a.known = *n.learned
		a.emit(ctx, im.KeyPinned{On: a.on(), Pin: a.known})
		return
	}
	a.cancelAttempt()
	if n.failure != nil {
		a.failed(ctx, n.failure)
		return
	}
	a.up(ctx, n.session)
}

// up takes over a session, resumed or new.
func (a *account) up(ctx context.Context, e *established) {
	if weaker(a.least, e.login.mechanism) {
		a.least = e.login.mechanism
		a.emit(ctx, im.MechanismOffered{On: a.on(), Mechanism: a.least})
	}
	a.way, a.since, a.written, a.probed = e.way, time.Now(), time.Now(), time.Time{}
	state := im.Resumed
	if e.login.resumed {
		if !a.goOn(ctx, e.login) {
			e.cut()
			a.forget(ctx, *wrongCount())
			a.failed(ctx, wrongCount())
			return
		}
	} else {
		a.renew(ctx, e.login)
		state = im.Connected
	}
	a.link = newLink(e)
	a.changed(ctx, im.ConnectionChanged{State: state, JID: e.login.full})
}

// goOn continues the session of before: what the server did not have is sent again, in order. It is false if the server
// claims what cannot be.
func (a *account) goOn(ctx context.Context, l *login) bool {
	if !a.acknowledge(ctx, *l.acknowledged) {
		return false
	}
	a.resuming, a.resumeBy = nil, time.Time{}
	a.outbox.rewind()
	a.take(ctx, a.stanzas.goOn(time.Now()))
	a.prove()
	a.backoff.reset()
	return true
}

// renew starts a new session. What the server is known to have had of the old one ends well, the rest as lost.
func (a *account) renew(ctx context.Context, l *login) {
	if a.resuming != nil && l.acknowledged != nil {
		a.acknowledge(ctx, *l.acknowledged)
	}
	a.forget(ctx, im.Failure{Code: im.CodeConnectionLost})
	a.stanzas.bound(l.full)
	a.full = l.full
	a.managed = l.management
	a.outbox.drain(l.management.enabled)
	a.take(ctx, received{send: a.stanzas.greet(time.Now())})
}

// acknowledge takes the server's count, and is false if that cannot be right.
func (a *account) acknowledge(ctx context.Context, h uint32) bool {
	ended, err := a.outbox.ack(h)
	a.end(ctx, ended, nil)
	return err == nil
}

func wrongCount() *im.Failure {
	return &im.Failure{Code: im.CodeStream, Detail: errAckedTooMuch.Error()}
}

// lost takes the end of the connection.
func (a *account) lost(ctx context.Context, err error) {
	a.link.close()
	direct, why := a.link.session.direct, cmp.Or(a.link.fault.Load(), a.link.why)
	moving := a.moving
	a.link, a.moving = nil, false
	if a.leaving != nil || a.quitting {
		a.left(ctx)
		return
	}
	failure := asFailure(err)
	if why != nil {
		failure = why
	}
	if moving {
		a.move(ctx)
		return
	}
	a.keep(ctx, failure)
	if a.redirect = redirection(err, direct); a.redirect == nil && time.Since(a.since) >= settled {
		a.backoff.reset()
	}
	a.failed(ctx, failure)
}

// move has the next connection follow at once.
func (a *account) move(ctx context.Context) {
	why := &im.Failure{Code: im.CodeCircuitsRenewed}
	a.keep(ctx, why)
	a.retryAt = time.Now()
	a.changed(ctx, im.ConnectionChanged{State: im.Disconnected, Err: why, RetryIn: time.Millisecond})
}

// keep holds a lost session for resumption if the server promised to, and gives it up otherwise. After a stream error the
// server has ended it (XEP-0198 §5).
func (a *account) keep(ctx context.Context, why *im.Failure) {
	a.control, a.asked, a.covered, a.unproved = nil, false, 0, time.Time{}
	if a.managed.id == "" || why.Lasting || why.Condition != "" {
		a.forget(ctx, *why)
		return
	}
	a.resuming = &resumption{id: a.managed.id, handled: a.handled, full: a.full}
	a.resumeBy = time.Now().Add(a.managed.within)
	a.outbox.rewind()
}

// failed tells why there is no connection and decides whether there will be one.
func (a *account) failed(ctx context.Context, failure *im.Failure) {
	if failure.Lasting {
		a.wanted = false
		a.forget(ctx, *failure)
		a.changed(ctx, im.ConnectionChanged{State: im.Failed, Err: failure})
		return
	}
	wait := a.backoff.next()
	a.retryAt = time.Now().Add(wait)
	a.changed(ctx, im.ConnectionChanged{State: im.Disconnected, Err: failure, RetryIn: wait})
}

// left ends a connection that the user no longer wanted.
func (a *account) left(ctx context.Context) {
	r := a.leaving
	a.leaving, a.leaveBy, a.said, a.hurried = nil, time.Time{}, false, false
	a.forget(ctx, im.Failure{Code: im.CodeConnectionLost})
	a.changed(ctx, im.ConnectionChanged{State: im.Disconnected})
	if r != nil {
		a.done(ctx, r.Number(), nil)
	}
	if a.wanted { // connect was asked for in the meantime
		a.retryAt = time.Now()
	}
}
