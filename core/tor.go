package core

import (
	"time"

	"traboule/im"
)

// torQuiet is how long after bad news of Tor no more of it is told: a Tor can come and go, and each change is on the screen
// anyway.
const torQuiet = 30 * time.Second

// torWatch is what is known of the Tor of the session, and what the user was told of it last.
type torWatch struct {
	now        im.Tor
	told       NoticeCode
	toldOf     string // its text
	quietUntil time.Time
	later      *alarm // tells what was held back
}

// onTorChanged takes over how Tor is.
func (c *Core) onTorChanged(t im.Tor) {
	t.Progress = min(max(t.Progress, 0), 100)
	t.Summary, t.Where, t.Err = CleanLine(t.Summary), CleanLine(t.Where), cleanFailure(t.Err)
	c.tor.now = t
	for _, a := range c.accounts {
		if t.Phase == im.TorBootstrapping && a.view.State == im.WaitingForTor {
			c.tellProgress(a, c.waitingForTor(a))
		}
	}
	c.tellTor()
}

// waitingForTor is what the console of an account says meanwhile; the line changes with each step.
func (c *Core) waitingForTor(a *account) Notice {
	n := Notice{Code: NoticeWaitingForTor, JID: a.address().Bare(), State: a.view.State, Count: a.view.Progress}
	if t := &c.tor.now; t.Phase == im.TorBootstrapping {
		n.Count, n.Reason = t.Progress, t.Summary
	}
	return n
}

// tellTor tells the news of Tor, once each. Bad news that follows other bad news too soon waits, and is not told at all if
// it is over by then.
func (c *Core) tellTor() {
	n, worth := c.torNews()
	if !worth || n.Code == c.tor.told && n.Text == c.tor.toldOf {
		return
	}
	c.cancel(c.tor.later)
	if n.Level != Info {
		if c.now.Before(c.tor.quietUntil) {
			c.tor.later = c.wakeAt(c.tor.quietUntil, c.tellTor)
			return
		}
		c.tor.quietUntil = c.now.Add(torQuiet)
	}
	c.tor.told, c.tor.toldOf = n.Code, n.Text
	c.announce(n)
}

// torNews returns what is to be told of Tor without being asked. That it is looked for is not, nor how far it is, which the
// accounts that wait for it tell.
func (c *Core) torNews() (news Notice, worth bool) {
	t := &c.tor.now
	if n, wrong := torWarning(t); wrong {
		return n, true
	}
	switch t.Phase {
	case im.TorLooking:
		return Notice{}, false
	case im.TorStarting, im.TorBootstrapping:
		// Of one that has ended it was told already that it is started again.
		first := c.tor.told == "" || c.tor.told == NoticeTorMissing
		return Notice{Code: NoticeTorStarting}, t.Own && first
	case im.TorMissing:
		return torState(t), !c.torMissed()
	default:
		return torState(t), true
	}
}

// torMissed reports whether an account tells, or will tell, that there is no Tor, for that is why it does not connect.
func (c *Core) torMissed() bool {
	for _, a := range c.accounts {
		if a.wanted || a.view.Err != nil && ExitStatus(a.view.Err.Code) == StatusTor {
			return true
		}
	}
	return false
}

// unproved reports whether a SOCKS proxy is used of which nobody knows that it is Tor.
func unproved(t *im.Tor) bool { return t.Where != "" && !t.Proved && !t.Own }

// torState words the phase that Tor is in. Text names the SOCKS port, but not that of our own.
func torState(t *im.Tor) Notice {
	n := Notice{Text: t.Where}
	if t.Own {
		n.Text = ""
	}
	switch t.Phase {
	case im.TorUnused:
		n.Code, n.Level = NoticeTorUnused, Warn
	case im.TorReady:
		n.Code = NoticeTorReady
		if unproved(t) {
			n.Code, n.Level = NoticeTorUnused, Warn
		}
	case im.TorLooking:
		n.Code = NoticeTorLooking
	case im.TorStarting:
		n.Code = NoticeTorStarting
	case im.TorBootstrapping:
		n.Code, n.Count, n.Reason = NoticeTorBootstrapping, t.Progress, t.Summary
	case im.TorGone:
		n.Code, n.Level = NoticeTorGone, Warn
	case im.TorMissing:
		n.Code, n.Level, n.Err = NoticeTorMissing, Error, t.Err
	}
	return n
}

// torWarning words what seems to be wrong with a Tor that runs.
func torWarning(t *im.Tor) (n Notice, wrong bool) {
	n = Notice{Level: Warn}
	switch {
	case t.Phase != im.TorStarting && t.Phase != im.TorBootstrapping && t.Phase != im.TorReady:
		return n, false
	case t.Warning == im.TorNoNetwork:
		n.Code = NoticeTorNoNetwork
	case t.Warning == im.TorClockWrong:
		n.Code, n.Wait = NoticeTorClockWrong, max(t.Skew, -t.Skew)
	case t.Warning == im.TorBlocked:
		n.Code = NoticeTorBlocked
	default:
		return n, false
	}
	return n, true
}

// doTor tells how Tor is, which way each connection takes, and what the kernel refuses.
func (c *Core) doTor() {
	t := &c.tor.now
	c.answer(torState(t))
	if n, wrong := torWarning(t); wrong {
		c.answer(n)
	}
	if t.Phase == im.TorReady && t.Proved {
		code := NoticeTorNotAsked
		if t.Asked {
			code = NoticeTorAsked
		}
		c.answer(Notice{Code: code})
	}
	for _, a := range c.accounts {
		v := a.view
		c.answer(Notice{
			Code: NoticeRoute, Account: a.jid, JID: a.address().Bare(), State: v.State, Via: v.Via, Text: v.Server, Count: v.Progress, Err: v.Err,
		})
	}
	c.answerConfinement()
}
