package core

import "traboule/im"

// waiter is what is to be done when a request ends.
type waiter struct {
	account *account // nil for one of the whole session
	then    func(im.Done)
}

// by numbers a new request of an account.
func (c *Core) by(a *account) im.For {
	c.lastRequest++
	return im.For{Account: a.jid, ID: c.lastRequest}
}

// bySession numbers a new request that belongs to no account.
func (c *Core) bySession() im.For {
	c.lastRequest++
	return im.For{ID: c.lastRequest}
}

// about numbers a new request about what is kept of a conversation, or with the zero id of all.
func (c *Core) about(id ConversationID) im.For {
	c.lastRequest++
	return im.For{Account: id.Account, ID: c.lastRequest}
}

// send asks something of the network and does not care how it ends.
func (c *Core) send(r im.Request) { c.out.Send = append(c.out.Send, r) }

// keep has something kept, where the profile keeps anything.
func (c *Core) keep(r im.Record) { c.out.Keep = append(c.out.Keep, r) }

// ask asks something of the network; then is called exactly once, when it has ended.
func (c *Core) ask(r im.Request, then func(im.Done)) {
	c.waiting[r.Number()] = waiter{c.byJID[r.Of()], then}
	c.send(r)
}

// try asks something of the network and, if it fails, says so in a conversation: the failure is added to the notice.
func (c *Core) try(r im.Request, id ConversationID, failed Notice) {
	c.ask(r, func(d im.Done) {
		if d.Err != nil {
			c.notifyFailure(id, failed, d.Err)
		}
	})
}

// notifyFailure says in a conversation that something failed.
func (c *Core) notifyFailure(id ConversationID, failed Notice, err *im.Failure) {
	failed.Level = Error
	failed.Err = cleanFailure(err)
	c.notify(id, failed)
}

func (c *Core) onDone(a *account, d im.Done) {
	w, found := c.waiting[d.Request]
	if !found || w.account != a {
		return
	}
	delete(c.waiting, d.Request)
	w.then(d)
}

// cleanFailure makes a failure fit to be shown: what others wrote in it is cleaned.
func cleanFailure(f *im.Failure) *im.Failure {
	if f == nil {
		return nil
	}
	clean := *f
	clean.Condition = CleanLine(f.Condition)
	clean.Text = CleanLine(f.Text)
	clean.Detail = CleanLine(f.Detail)
	clean.Fingerprint, clean.Pinned = CleanLine(f.Fingerprint), CleanLine(f.Pinned)
	return &clean
}
