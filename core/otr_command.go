package core

import "traboule/im"

// otrConversation returns the conversation that a command about OTR is for: the one named, else the current one. OTR is for
// two: it says so where there are none or more.
func (c *Core) otrConversation(to string) *conversation {
	conv := c.where()
	if to != "" {
		if conv = c.addressed(to); conv == nil {
			return nil
		}
	}
	if conv.kind == Person || conv.kind == Occupant {
		return conv
	}
	c.refuse(c.pointing(Notice{Code: NoticeOTRNotHere}, func(v *conversation) bool { return v.rank() == 2 }))
	return nil
}

// doOTRStart starts a session, agrees to one that is offered, or has texts go to one that there is already.
func (c *Core) doOTRStart(d StartOTR) {
	if conv := c.otrConversation(d.To); conv != nil && c.mayStart(conv) {
		c.startOTR(conv, d.To)
	}
}

// startOTR starts a session with the device that was named, or the one that is meant.
func (c *Core) startOTR(conv *conversation, named string) {
	a := conv.account
	p := c.otrPeer(a, conv.id)
	p.declined, p.unanswered = false, false
	to := c.otrTarget(conv, named)
	if conv.kind == Person && to.IsBare() {
		c.otrRefuse(p, NoticeOTRNobody)
		return
	}
	c.settle(func(q Question) bool { return q.Kind == AskOTR && q.Conversation == conv.id })
	if s := a.otr.sessions[to]; s != nil && s != p.current && s.state == im.OTREncrypted {
		p.current, p.chosen, s.guarded = s, im.JID{}, false
		c.otrNotify(p, Notice{Code: NoticeOTRDevice, JID: to, Text: s.device(), OTR: &OTRNotice{Trust: s.trust()}})
		c.touch(dirtyRows | dirtyPerson)
		return
	}
	code := NoticeOTRAsked
	if s := a.otr.sessions[to]; s != nil && s.state == im.OTREncrypted {
		code = NoticeOTRRenewing
	}
	p.chosen = to
	c.otrNotify(p, Notice{Code: code, JID: to})
	c.ask(im.StartOTR{For: c.by(a), To: to}, func(d im.Done) {
		if d.Err != nil {
			c.notifyFailure(conv.id, c.aboutOTR(p, Notice{Code: NoticeOTRStartFailed}), d.Err)
		}
	})
}

func (c *Core) otrRefuse(p *otrPeer, code NoticeCode) { c.refuse(c.aboutOTR(p, Notice{Code: code})) }

// mayStart reports whether a session can be started in a conversation, or says why not.
func (c *Core) mayStart(conv *conversation) bool {
	n := Notice{JID: conv.id.Peer, Nick: conv.name()}
	switch {
	case c.otrPolicy(conv.account, conv.id.Peer) == im.OTRNever:
		n.Code = NoticeOTRNever
	case !conv.account.online():
		c.refuseOffline(conv.account)
		return false
	case conv.kind == Occupant:
		if conv.private == nil {
			c.addressOccupant(conv)
		}
		if !conv.private.gone {
			return true
		}
		c.notifyPrivate(conv, NoticePrivateLeft, Error)
		return false
	default:
		return true
	}
	c.refuse(n)
	return false
}

// otrTarget is the device to start a session with: the one that was named, that of the session there is, the one that wrote
// last, or the most available one.
func (c *Core) otrTarget(conv *conversation, named string) im.JID {
	if conv.kind == Occupant {
		return conv.id.Peer
	}
	if jid, err := im.ParseJID(named); err == nil && !jid.IsBare() && jid.Bare() == conv.id.Peer {
		return jid
	}
	for _, q := range c.questions {
		if q.Kind == AskOTR && q.Conversation == conv.id {
			return q.From
		}
	}
	p := c.otrOf(conv)
	if p.current != nil && (p.current.state != im.OTRFinished || c.isHere(conv, p.current.peer)) {
		return p.current.peer
	}
	if s := p.best(); s != nil && s.state == im.OTREncrypted {
		return s.peer
	}
	if to := c.lockedDevice(conv); !to.IsBare() {
		return to
	}
	if conv.contact != nil && len(conv.contact.resources) > 0 {
		return conv.contact.resources[0].From
	}
	return conv.id.Peer
}

// isHere reports whether a device of a contact is there, as far as we are told.
func (c *Core) isHere(conv *conversation, full im.JID) bool {
	if conv.contact == nil || len(conv.contact.resources) == 0 {
		return true
	}
	_, here := conv.contact.resource(full)
	return here
}

// doOTREnd ends the session that texts go to.
func (c *Core) doOTREnd(d EndOTR) {
	conv := c.otrConversation(d.To)
	if conv == nil {
		return
	}
	s := c.otrSession(conv)
	if jid, err := im.ParseJID(d.To); err == nil && conv.account.otr.sessions[jid] != nil {
		s = conv.account.otr.sessions[jid]
	}
	if p := c.otrOf(conv); s == nil && p != nil && p.unanswered {
		p.unanswered = false // they go on without
		c.answer(Notice{Code: NoticeOTRIsPlain, JID: conv.id.Peer, Nick: conv.name()})
		return
	}
	if s == nil {
		c.refuse(Notice{Code: NoticeOTRNotEncrypted, JID: conv.id.Peer, Nick: conv.name()})
		return
	}
	c.ask(im.EndOTR{For: c.by(conv.account), To: s.peer}, func(d im.Done) {
		if d.Err != nil {
			c.notifyFailure(conv.id, c.aboutOTR(s.with, Notice{Code: NoticeOTREndFailed}), d.Err)
		}
	})
}

// doFingerprint shows our own key and theirs, to compare.
func (c *Core) doFingerprint(d Fingerprint) {
	a := c.needAccount()
	if a == nil {
		return
	}
	conv := c.where()
	if d.To != "" {
		if conv = c.otrConversation(d.To); conv == nil {
			return
		}
	}
	c.ask(im.FetchOTRKey{For: c.by(a)}, func(d im.Done) {
		n := Notice{Code: NoticeOTRKeyFailed, Account: a.jid, JID: a.jid}
		key, is := d.Result.(im.OTRKeyResult)
		ours, err := im.ParseFingerprint(key.Fingerprint)
		switch {
		case d.Err != nil:
			c.notifyFailure(conv.id, n, d.Err)
		case !is || err != nil:
			c.notifyFailure(conv.id, n, &im.Failure{Code: im.CodeBadAnswer})
		default:
			c.notify(conv.id, c.fingerprints(a, conv, ours))
		}
	})
}

// fingerprints words our own key, and beside it theirs where a conversation has one.
func (c *Core) fingerprints(a *account, conv *conversation, ours string) Notice {
	n := Notice{Code: NoticeOTRFingerprint, Account: a.jid, JID: a.jid, OTR: &OTRNotice{Ours: ours, URI: im.FingerprintURI(a.jid, ours)}}
	p := c.otrOf(conv)
	if p == nil || conv.kind != Person && conv.kind != Occupant {
		return n
	}
	theirs := p.lastKey()
	if p.current != nil && p.current.theirs != "" {
		theirs = p.current.theirs
	}
	if theirs != "" {
		n.Code, n.Nick, n.OTR.Theirs, n.OTR.Trust = NoticeOTRFingerprints, conv.name(), theirs, p.trust(theirs)
	}
	return n
}

// doOTR explains where a conversation stands and what to do next.
func (c *Core) doOTR() {
	conv := c.where()
	if conv.kind != Person && conv.kind != Occupant {
		c.answer(c.pointing(Notice{Code: NoticeOTRNotHere}, func(v *conversation) bool { return v.rank() == 2 }))
		return
	}
	n := Notice{JID: conv.id.Peer, Nick: conv.name(), Code: c.stands(conv)}
	p := c.otrOf(conv)
	if p != nil && p.current != nil {
		s := p.current
		n.Text, n.OTR = c.deviceOf(s), &OTRNotice{Theirs: s.theirs, Trust: s.trust(), Version: s.version}
	}
	if p != nil && len(p.sessions) > 1 {
		for _, s := range p.sessions {
			n.List = append(n.List, Row{JID: s.peer, Name: s.device(), Protection: s.protection()})
		}
	}
	c.answer(n)
	if n.Code != NoticeOTRNever {
		c.doOTRPolicy(OTRPolicy{})
	}
}

// stands names where a conversation stands.
func (c *Core) stands(conv *conversation) NoticeCode {
	switch c.protection(conv.id) {
	case Starting:
		return NoticeOTRIsStarting
	case EncryptedUnverified:
		return NoticeOTRIsUnverified
	case EncryptedVerified:
		return NoticeOTRIsVerified
	case Finished:
		return NoticeOTRIsFinished
	case Required:
		return NoticeOTRIsRequired
	}
	if c.otrPolicy(conv.account, conv.id.Peer) == im.OTRNever {
		return NoticeOTRNever
	}
	return NoticeOTRIsPlain
}

// answerOTR carries out what the user has decided about an offer or a request for a secret. Nobody is told of a refused offer.
func (c *Core) answerOTR(a *account, q Question, yes bool) {
	p := c.otrPeer(a, q.Conversation)
	switch s := a.otr.sessions[q.From]; {
	case yes && q.Kind == AskOTR:
		if conv := c.showOTR(q.Conversation); c.mayStart(conv) {
			c.startOTR(conv, q.From.String())
		}
	case yes:
		c.showOTR(q.Conversation)
		c.otrNotify(p, Notice{Code: NoticeSMPHowTo, Text: q.Text})
	case q.Kind == AskOTR:
		p.declined = true
		c.send(im.EndOTR{For: c.by(a), To: q.From}) // of what has not begun they hear nothing
		c.settle(func(o Question) bool { return o.ID == q.ID })
		c.answer(c.aboutOTR(p, Notice{Code: NoticeOTRDeclined}))
	case s != nil && s.smp != nil:
		c.abortSMP(s)
	}
}

// showOTR goes to a conversation, and opens its window where it has none.
func (c *Core) showOTR(id ConversationID) *conversation {
	kind := Person
	if !id.Peer.IsBare() {
		kind = Occupant
	}
	conv := c.open(id, kind)
	if kind == Occupant {
		c.addressOccupant(conv)
	} else {
		c.welcome(conv)
	}
	c.show(conv)
	return conv
}
