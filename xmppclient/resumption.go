package xmppclient

import (
	"time"

	"traboule/im"
)

// A server may resume a session inside of a stanza that was cut, and take all that we send for the rest of that stanza:
// Prosody 0.12 does, whose parser outlives the connection. It reads and may even speak, but understands nothing any more,
// and will not after the next resumption either. So the first thing that a resumed session says is a question.

// prove asks the server of a resumed session whether it understands us, before anything is sent again.
func (a *account) prove() {
	a.control = append(a.control, parcel{bytes: askAck()})
	a.asked, a.covered, a.unproved = true, a.outbox.position(), time.Now()
}

// doubtAt is when the server of a resumed session must have answered; zero for one that has. While it speaks, it may only
// be slow, and is given as long as one that falls silent.
func (a *account) doubtAt() time.Time {
	if a.unproved.IsZero() || a.link == nil || a.said {
		return time.Time{}
	}
	quiet, most := a.unproved.Add(a.cfg.Pace.Answer), a.unproved.Add(a.cfg.Pace.Silence)
	if heard := a.link.lastHeard(); heard.After(a.unproved) {
		quiet = heard.Add(a.cfg.Pace.Answer)
	}
	if quiet.Before(most) {
		return quiet
	}
	return most
}

// doubt gives up a session that was resumed in vain, so that the next login begins a new one.
func (a *account) doubt() {
	a.unproved, a.managed.id = time.Time{}, ""
	a.link.end(&im.Failure{Code: im.CodeTimeout, Detail: "server does not answer after the resumption"})
}
