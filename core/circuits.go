package core

import "traboule/im"

// doNewCircuits has all connections move to other circuits.
func (c *Core) doNewCircuits() {
	if t := &c.tor.now; t.Phase == im.TorUnused && t.Where == "" {
		c.refuse(Notice{Code: NoticeNoCircuits})
		return
	}
	id := c.current.id
	c.ask(im.RenewCircuits{For: c.bySession()}, func(d im.Done) { c.moveOver(id, d) })
}

// moveOver has the connections that there are make place for others over the new circuits; their sessions go on. One that is
// being made begins anew: it may have left this machine already.
func (c *Core) moveOver(id ConversationID, d im.Done) {
	if d.Err != nil {
		c.notifyFailure(id, Notice{Code: NoticeCircuitsFailed}, d.Err)
		return
	}
	n := Notice{Code: NoticeNewCircuits}
	for _, a := range c.accounts {
		if a.online() {
			n.Count++
		}
		if a.wanted {
			c.try(im.Reconnect{For: c.by(a)}, a.console.id, Notice{Code: NoticeCircuitsFailed, JID: a.address().Bare()})
		}
	}
	c.notify(id, n)
	if r, is := d.Result.(im.CircuitsResult); is && !r.Asked && c.tor.now.Proved {
		c.notify(id, Notice{Code: NoticeTorNotAsked})
	}
}

// moves reports whether a connection only makes place for another, in which the session goes on if the server lets it.
func moves(e im.ConnectionChanged) bool { return e.Err != nil && e.Err.Code == im.CodeCircuitsRenewed }
