package core

import (
	"slices"
	"time"

	"traboule/im"
)

// dropNoticeEvery is how often the user is told of stanzas that were thrown away: somebody may send thousands.
const dropNoticeEvery = time.Minute

// connect asks for an account to be connected and kept so.
func (c *Core) connect(a *account) {
	a.wanted = true
	connect := im.Connect{For: c.by(a)}
	if c.disclose[DiscloseResource] {
		connect.Resource = a.options.Resource
	}
	c.try(connect, a.console.id, Notice{Code: NoticeConnectionFailed})
}

// address is the account's full address once it has one, else the bare one.
func (a *account) address() im.JID {
	if a.view.JID.IsZero() {
		return a.jid
	}
	return a.view.JID
}

// whyDown says why nothing can be sent now.
func (a *account) whyDown() *im.Failure {
	if a.view.Err != nil {
		return a.view.Err
	}
	return &im.Failure{Code: im.CodeNotConnected}
}

func (c *Core) onConnectionChanged(a *account, e im.ConnectionChanged) {
	e.Err = cleanFailure(e.Err)
	e.Server, e.TLS, e.SASL = CleanLine(e.Server), CleanLine(e.TLS), CleanLine(e.SASL)
	before := a.view.State
	a.note(e)
	fact := ConnectionFact{ConnectionChanged: e}
	if e.RetryIn > 0 {
		fact.RetryAt = c.now.Add(e.RetryIn)
	}
	a.view.RetryAt = fact.RetryAt
	c.touch(dirtyAccounts)
	c.fact(fact)
	c.tellConnection(a, e, before)

	switch e.State {
	case im.Connected:
		c.beginSession(a)
	case im.Resumed:
		c.recoverPresence(a)
		c.flushPeople(a)
		c.onRoomResumed(a)
		c.goOnReading(a)
	case im.Disconnected:
		if e.Err == nil && e.RetryIn == 0 {
			a.wanted = false
		}
		if !moves(e) {
			c.lose(a)
		}
	case im.Failed:
		a.wanted = false
		c.lose(a)
	}
	c.quitIfAlone()
}

// note takes over what a step of the connection tells about the account.
func (a *account) note(e im.ConnectionChanged) {
	v := &a.view
	v.State, v.Via, v.Progress, v.Server, v.Err = e.State, e.Via, e.Progress, e.Server, e.Err
	switch {
	case e.Err != nil:
		a.fault = e.Err
	case e.State == im.WaitingForTor && a.session == 0: // as far as it came, if nothing follows
		a.fault = &im.Failure{Code: im.CodeTorBootstrap}
	}
	if !e.JID.IsZero() {
		v.JID = e.JID
	}
}

// tellConnection says a step of the connection in the account's console.
func (c *Core) tellConnection(a *account, e im.ConnectionChanged, before im.ConnState) {
	n := Notice{JID: a.address().Bare(), State: e.State, Via: e.Via, Text: e.Server, Count: e.Progress, Wait: e.RetryIn, Err: e.Err}
	switch e.State {
	case im.WaitingForTor:
		n = c.waitingForTor(a)
	case im.Connecting:
		n.Code = NoticeConnecting
	case im.Connected:
		n.Code = NoticeConnected
	case im.Resumed:
		n.Code = NoticeResumed
	case im.Disconnected:
		n.Code = NoticeDisconnected
		if moves(e) {
			return // the answer to /tor new tells it
		}
		if e.Err != nil {
			n.Level = Warn
		}
	case im.Failed:
		n.Code, n.Level = NoticeConnectionFailed, Error
	}
	if e.State == before && (e.State == im.WaitingForTor || e.State == im.Connecting) {
		c.tellProgress(a, n)
		return
	}
	a.progress = c.remark(a.console.id, n).Seq
}

// onKeyPinned has the key kept where the profile allows it, and shown, so that it can be compared.
func (c *Core) onKeyPinned(a *account, e im.KeyPinned) {
	c.keep(im.PinRecord{Kept: im.Kept{Account: a.jid}, Pin: e.Pin})
	c.notify(a.console.id, Notice{Code: NoticeKeyPinned, JID: a.jid, Text: e.Pin.Groups()})
}

// onPasswordKept says that the profile has the password from now on.
func (c *Core) onPasswordKept(a *account) {
	a.options.PasswordKept = true
	c.notify(a.console.id, Notice{Code: NoticePasswordKept, JID: a.jid})
}

// tellProgress changes the line that told of the step under way: the count of Tor, the next place that is tried.
func (c *Core) tellProgress(a *account, n Notice) {
	told := a.console.log.Find(a.progress)
	if told == nil {
		return
	}
	line := *told
	n.Account = a.jid
	line.Notice = &n
	c.replace(a.console, line)
}

// beginSession does what each new session needs: at the server, nothing of an earlier one is left.
func (c *Core) beginSession(a *account) {
	a.session++
	a.announced = false
	session := a.session
	c.forgetPresence(a)
	if !c.disclose[DiscloseCaps] {
		c.send(im.SetCaps{For: c.by(a)})
	}
	c.tellPolicies(a)
	c.ask(im.FetchRoster{For: c.by(a), Version: a.rosterVersion, Items: a.rosterItems()}, func(d im.Done) {
		if a.session != session {
			return
		}
		if !a.online() {
			c.readUnannounced(a, d)
			return
		}
		c.onRoster(a, d)
		c.sendPresence(a)
		c.readAnnounced(a)
	})
	if c.disclose[DiscloseCarbons] {
		c.try(im.EnableCarbons{For: c.by(a)}, a.console.id, Notice{Code: NoticeCarbonsFailed})
	}
	c.onRoomConnected(a)
	c.onBookmarksConnected(a)
	for _, ar := range a.archives {
		ar.tries = 0
	}
	if a.marked() {
		c.readAll(a, im.JID{})
	}
	c.flushPeople(a)
}

// lose forgets what only holds while connected. What waits to be sent fails if the account will not come back by itself.
func (c *Core) lose(a *account) {
	c.losePresence(a)
	c.onRoomLost(a)
	if !a.wanted {
		c.failAll(a)
	}
}

// flushPeople sends what waits for contacts and strangers.
func (c *Core) flushPeople(a *account) {
	for _, conv := range c.windows {
		if conv.account == a && conv.kind == Person {
			c.flush(conv)
		}
	}
}

// sendPresence tells contacts and rooms how available we are.
func (c *Core) sendPresence(a *account) {
	if c.disclose[DisclosePresence] {
		c.send(im.SetPresence{For: c.by(a), Show: a.view.Show, Status: a.view.Status})
	}
	c.presenceInRooms(a)
}

// setShow changes how available we are, for all accounts.
func (c *Core) setShow(show im.Show, status string) {
	status = sendable(status)
	for _, a := range c.accounts {
		a.view.Show, a.view.Status = show, CleanLine(status)
		if a.online() {
			c.sendPresence(a)
		}
	}
	c.touch(dirtyAccounts)
	code := NoticeBack
	if show == im.Away {
		code = NoticeAway
	}
	c.answer(Notice{Code: code, Show: show, Text: CleanLine(status)})
}

func (c *Core) doConnect(d ConnectAccount) {
	accounts := c.named(d.JID)
	some := slices.ContainsFunc(accounts, func(a *account) bool { return !a.online() })
	for _, a := range accounts {
		switch {
		case !a.online():
			c.connect(a)
		case !some:
			c.answer(Notice{Code: NoticeAlreadyConnected, JID: a.address()})
		}
	}
}

func (c *Core) doDisconnect(d DisconnectAccount) {
	for _, a := range c.named(d.JID) {
		a.wanted = false
		c.send(im.Disconnect{For: c.by(a)})
		if !a.online() {
			c.failAll(a)
		}
	}
}

// named returns the account with an address, or all for none, and says so if there is none.
func (c *Core) named(jid im.JID) []*account {
	if jid.IsZero() {
		if len(c.accounts) == 0 {
			c.refuse(Notice{Code: NoticeNoAccount})
		}
		return c.accounts
	}
	if a := c.byJID[jid.Bare()]; a != nil {
		return []*account{a}
	}
	c.refuse(Notice{Code: NoticeNoSuchAccount, JID: jid})
	return nil
}

// onDropped tells once in a while that hostile or broken stanzas were thrown away.
func (c *Core) onDropped(a *account, e im.Dropped) {
	a.dropped++
	if c.now.Before(a.tellDropped) {
		return
	}
	a.tellDropped = c.now.Add(dropNoticeEvery)
	c.notify(a.console.id, Notice{
		Code: NoticeStanzaDropped, Level: Warn, JID: e.From, Text: CleanLine(string(e.Reason)), Count: a.dropped,
	})
	a.dropped = 0
}
