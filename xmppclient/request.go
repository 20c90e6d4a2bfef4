package xmppclient

import (
	"cmp"
	"context"
	"time"

	"traboule/im"
)

// request begins what was asked for. From here on it has to end in one im.Done.
func (a *account) request(ctx context.Context, r im.Request) {
	switch r := r.(type) {
	case im.Connect:
		a.done(ctx, r.Number(), nil)
		a.connect(r.Resource)
	case im.Disconnect:
		a.disconnect(ctx, r)
	case im.Reconnect:
		a.done(ctx, r.Number(), nil)
		a.reconnect()
	case im.SetCaps:
		a.stanzas.mute = !r.Told
		a.done(ctx, r.Number(), nil)
	default:
		a.send(ctx, r)
	}
}

// connect makes the next attempt come at once, to bind the resource in the next session.
func (a *account) connect(resource string) {
	a.wanted = true
	a.resource = cmp.Or(resource, a.random)
	if a.link != nil || a.attempting != nil {
		return
	}
	a.backoff.reset()
	a.retryAt = time.Now()
}

// reconnect leaves the connection without a goodbye, after which the server would not let the session go on in another.
func (a *account) reconnect() {
	switch {
	case a.leaving != nil:
	case a.link != nil:
		a.moving = true
		a.link.cut()
	case a.attempting != nil:
		a.cancelAttempt()
		a.retryAt = time.Now()
	}
}

// disconnect says goodbye if there is anybody to say it to; the end of the connection then ends the request.
func (a *account) disconnect(ctx context.Context, r im.Disconnect) {
	a.wanted, a.retryAt, a.redirect = false, time.Time{}, nil
	if a.link != nil && a.leaving == nil {
		a.leaving, a.leaveBy = r, time.Now().Add(a.cfg.Pace.Farewell)
		return
	}
	if a.link == nil {
		a.cancelAttempt()
		a.forget(ctx, im.Failure{Code: im.CodeConnectionLost})
		a.changed(ctx, im.ConnectionChanged{State: im.Disconnected})
	}
	a.done(ctx, r.Number(), nil)
}

// send puts a request on its way. While a session may still be resumed it waits for that.
func (a *account) send(ctx context.Context, r im.Request) {
	switch {
	case a.leaving != nil || a.link == nil && a.resuming == nil:
		a.done(ctx, r.Number(), &im.Failure{Code: im.CodeNotConnected})
		return
	case a.outbox.full():
		a.done(ctx, r.Number(), &im.Failure{Code: im.CodeQueueFull, Detail: a.cfg.Account.String()})
		return
	}
	stanzas, waits, failure := a.stanzas.encode(time.Now(), r)
	if failure != nil || len(stanzas) == 0 && !waits {
		a.done(ctx, r.Number(), failure)
		return
	}
	ends := dueWritten
	switch r.(type) {
	case im.SendMessage:
		ends = dueAcknowledged
	}
	for i, s := range stanzas {
		e := entry{stanza: s}
		if i == len(stanzas)-1 && !waits {
			e.request, e.ends = r.Number(), ends
		}
		a.outbox.push(e)
	}
}

// forget gives the session up for good: whatever waited in it ends, and says whether it may have arrived.
func (a *account) forget(ctx context.Context, why im.Failure) {
	a.resuming, a.resumeBy = nil, time.Time{}
	for _, l := range a.outbox.drain(false) {
		failure := why
		a.emit(ctx, im.Done{On: a.on(), Request: l.request, Err: &failure, Unknown: l.unknown})
	}
	a.emit(ctx, a.stanzas.abort(why)...)
	a.control, a.asked, a.covered, a.unproved, a.handled, a.managed = nil, false, 0, time.Time{}, 0, management{}
}
