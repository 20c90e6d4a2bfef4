package xmppclient

import (
	"context"
	"time"

	"traboule/im"
)

// endOfStream is the last thing that is written (RFC 6120 §4.4). Before it stands farewell, unless nobody was told that we are
// here: some servers pass it on to all contacts, who would learn from it that we were.
const (
	farewell    = `<presence xmlns='jabber:client' type='unavailable'/>`
	endOfStream = `</stream:stream>`
)

// offer is what the writer should get next, and nil while there is nothing: acknowledgements first, then stanzas, then a
// request for an acknowledgement of them, and when leaving, the goodbye, for which messages are given time to arrive.
func (a *account) offer() (chan<- parcel, parcel) {
	if a.link == nil || a.said {
		return nil, parcel{}
	}
	if len(a.control) > 0 {
		return a.link.out, a.control[0]
	}
	if stanza, ok := a.outbox.next(); ok {
		return a.link.out, parcel{bytes: stanza, stanza: true}
	}
	if a.quitting || a.leaving != nil && (!a.outbox.waiting() || a.hurried) {
		return a.link.out, parcel{bytes: a.goodbye()}
	}
	if a.outbox.unacknowledged() > 0 && !a.asked && a.covered != a.outbox.position() {
		a.asked, a.covered = true, a.outbox.position()
		a.control = append(a.control, parcel{bytes: askAck()})
		return a.link.out, a.control[0]
	}
	return nil, parcel{}
}

// gave books what the writer took.
func (a *account) gave(p parcel) {
	a.written = time.Now()
	switch {
	case p.stanza:
		a.outbox.gave()
	case len(a.control) > 0:
		a.control = a.control[1:]
	default:
		a.said = true
	}
}

// goodbye tells the server once more what arrived, lest it keeps that for us a second time.
func (a *account) goodbye() []byte {
	var last []byte
	if a.managed.enabled {
		last = giveAck(a.handled)
	}
	if a.stanzas.shown {
		last = append(last, farewell...)
	}
	return append(last, endOfStream...)
}

func askAck() []byte { return el(nsSM, "r").bytes() }

func giveAck(h uint32) []byte { return el(nsSM, "a").set("h", formatCount(h)).bytes() }

// arrive deals with one thing that came in. Only what has been dealt with counts as handled.
func (a *account) arrive(ctx context.Context, arrived arrival, open bool) {
	a.probed = time.Time{}
	if arrived.heavy {
		<-a.link.heavy
	}
	switch {
	case !open:
		a.lost(ctx, errGone)
	case arrived.err != nil:
		a.lost(ctx, arrived.err)
	case arrived.drop != nil:
		a.emit(ctx, im.Dropped{On: a.on(), From: arrived.drop.from, Reason: arrived.drop.reason})
		if arrived.drop.stanza {
			a.handled++
		}
	case arrived.root.name.Space == nsSM:
		a.manage(ctx, arrived.root)
	default:
		a.receive(ctx, arrived.root)
		if isStanza(arrived.root.name.Local) && !arrived.early {
			a.handled++
		}
	}
}

// manage is stream management (XEP-0198 §4).
func (a *account) manage(ctx context.Context, n *node) {
	switch n.name.Local {
	case "r":
		a.tellHandled()
	case "a":
		a.asked, a.unproved = false, time.Time{}
		if h, ok := parseCount(n.attr("h")); !ok || !a.acknowledge(ctx, h) {
			a.managed.id = "" // nothing can be resumed from a wrong count
			a.link.end(wrongCount())
		}
	}
}

// tellHandled answers all the questions that wait for an answer at once, so that a server cannot pile them up.
func (a *account) tellHandled() {
	answer := parcel{bytes: giveAck(a.handled), ack: true}
	for i := range a.control {
		if a.control[i].ack {
			a.control[i] = answer
			return
		}
	}
	a.control = append(a.control, answer)
}

func (a *account) receive(ctx context.Context, n *node) {
	if a.pingID != "" && n.is(nsClient, "iq") && n.attr("id") == a.pingID {
		a.pingID = ""
		return
	}
	a.take(ctx, a.stanzas.receive(time.Now(), n))
}

func (a *account) take(ctx context.Context, r received) {
	a.emit(ctx, r.events...)
	for _, s := range r.send {
		if !a.outbox.full() { // whoever asks faster than the server carries away gets no answer
			a.outbox.push(entry{stanza: s})
		}
	}
}

// arm sets the timer to the next moment when wake has something to do. It is only ever moved forward: a timer that fires
// too early costs less than one that is set anew for every stanza.
func (a *account) arm() {
	next := a.nextWake()
	if next.IsZero() || !a.armed.IsZero() && !next.Before(a.armed) {
		return
	}
	a.armed = next
	a.timer.Reset(time.Until(next))
}

func (a *account) nextWake() time.Time {
	var next time.Time
	for _, t := range []time.Time{a.retryAt, a.resumeBy, a.leaveBy, a.stanzas.nextExpiry(), a.keepaliveAt(), a.silenceAt(), a.doubtAt()} {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	return next
}

// wake does what is due.
func (a *account) wake(ctx context.Context, now time.Time) {
	due := func(t time.Time) bool { return !t.IsZero() && !now.Before(t) }
	switch {
	case due(a.leaveBy):
		a.leaveBy = time.Time{}
		if a.leaving != nil && !a.said && !a.hurried { // what is unacknowledged by now stays so
			a.hurried, a.leaveBy = true, now.Add(a.cfg.Pace.Farewell)
		} else if a.link != nil {
			a.link.cut()
		}
	case due(a.resumeBy):
		a.forget(ctx, im.Failure{Code: im.CodeConnectionLost})
		if a.attempting != nil { // it would resume what was just given up
			a.cancelAttempt()
			a.retryAt = now
		}
	case due(a.retryAt):
		a.start(ctx)
	}
	a.take(ctx, received{events: a.stanzas.expire(now), send: a.stanzas.nextTurn(now)})
	if due(a.silenceAt()) {
		a.probe(now)
	}
	if due(a.doubtAt()) {
		a.doubt()
	}
	if due(a.keepaliveAt()) {
		a.control = append(a.control, parcel{bytes: []byte{' '}})
		a.written = now
	}
}

func (a *account) keepaliveAt() time.Time {
	if a.link == nil || a.said {
		return time.Time{}
	}
	return a.written.Add(a.cfg.Pace.Keepalive)
}

// silenceAt is when the server must be asked whether it lives, or must have answered.
func (a *account) silenceAt() time.Time {
	switch {
	case a.link == nil || a.said:
		return time.Time{}
	case !a.probed.IsZero():
		return a.probed.Add(a.cfg.Pace.Answer)
	}
	return a.link.lastHeard().Add(a.cfg.Pace.Silence)
}

// probe asks a silent server for a sign of life, and gives the connection up if it stays silent.
func (a *account) probe(now time.Time) {
	if !a.probed.IsZero() {
		if a.link.lastHeard().After(a.probed) {
			a.probed = time.Time{}
			return
		}
		a.link.end(&im.Failure{Code: im.CodeTimeout, Detail: "server has fallen silent"})
		a.probed = now // the reader is about to report
		return
	}
	a.probed = now
	if a.managed.enabled {
		a.control = append(a.control, parcel{bytes: askAck()})
		return
	}
	a.pingID = nonce()
	ping := el(nsClient, "iq", el("urn:xmpp:ping", "ping")).set("type", "get").set("id", a.pingID) // XEP-0199
	a.outbox.push(entry{stanza: ping.bytes()})
}
