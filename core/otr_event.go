package core

import "traboule/im"

// onOTRChanged takes over where the session with a device stands.
func (c *Core) onOTRChanged(a *account, e im.OTRChanged) {
	s := a.otr.sessions[e.Peer]
	if s == nil && (e.State == im.OTRPlain && e.Reason != im.OTRTimeout || len(a.otr.sessions) >= maxOTRSessions) {
		return
	}
	if s == nil {
		s = c.session(a, e.Peer)
	}
	before := *s
	was := s.with.current
	s.take(e)
	if s.state != im.OTRPlain {
		c.dropDraft(s.with.id)
	}
	former := ""
	if s.state == im.OTREncrypted {
		former = c.seeKey(s, &before)
	}
	if s.state != im.OTRPlain {
		s.with.unanswered = false
		s.with.follow(s, false)
	} else {
		s.with.unanswered = s.with.unanswered || before.state == im.OTRStarting && e.Reason != im.OTRByUs
		a.otr.drop(s)
	}
	c.otrFact(s, e.Reason, former)
	c.settleOTR(s)
	c.tellOTR(s, &before, e.Reason, former)
	begun := s.state == im.OTREncrypted && (before.state != s.state || before.theirs != s.theirs)
	c.tellDevice(s.with, s, was, begun)
	if begun {
		c.checkLink(s)
	}
	if conv := c.conversations[s.with.id]; conv != nil {
		c.flush(conv)
	}
	c.touch(dirtyRows | dirtyPerson)
}

func (s *otrSession) take(e im.OTRChanged) {
	s.state, s.version = e.State, e.Version
	if theirs, err := im.ParseFingerprint(e.Theirs); err == nil {
		s.theirs = theirs
	} else if e.State == im.OTREncrypted || e.State == im.OTRStarting {
		s.theirs = ""
	}
	if e.State != im.OTREncrypted {
		s.smp = nil
	}
}

// seeKey notes the key of a session that is encrypted now, and returns the one that was known before if it is another. After
// one that was verified, the next text is given back once: it was perhaps written for the other key.
func (c *Core) seeKey(s, before *otrSession) (former string) {
	former = c.seen(s.with, s.theirs)
	known := s.with.verified()
	changed := before.theirs != s.theirs || before.state != im.OTREncrypted
	s.guarded = s.guarded || changed && known != "" && s.trust() != im.Verified
	if before.theirs != "" && before.theirs != s.theirs {
		s.smp = nil
	}
	return former
}

// otrFact tells scripts where a session stands.
func (c *Core) otrFact(s *otrSession, reason im.OTRReason, former string) {
	f := s.fact()
	f.Reason = reason
	if former != "" {
		f.Event, f.Former = OTRNewFingerprint, former
	}
	c.fact(f)
}

func (s *otrSession) fact() OTRFact {
	f := OTRFact{Account: s.with.id.Account, Peer: s.peer, State: s.state, Version: s.version, Fingerprint: s.theirs}
	if s.state == im.OTREncrypted {
		f.Trust = s.trust()
	}
	return f
}

// settleOTR takes back the questions that a change of a session has answered.
func (c *Core) settleOTR(s *otrSession) {
	c.settle(func(q Question) bool {
		if q.Conversation != s.with.id {
			return false
		}
		return q.Kind == AskOTR && s.state != im.OTRPlain || q.Kind == AskSMP && q.From == s.peer && s.smp == nil
	})
}

// tellOTR says in the window what has become of a session.
func (c *Core) tellOTR(s, before *otrSession, reason im.OTRReason, former string) {
	if c.quit.started {
		return // all end now, and there is nothing left to do about it
	}
	n := Notice{Text: c.deviceOf(s), OTR: &OTRNotice{Theirs: s.theirs, Former: former, Version: s.version, Trust: s.trust()}}
	switch s.state {
	case im.OTRStarting:
		if reason == im.OTRByUs || before.state == im.OTRStarting {
			return // the answer to the command has told it
		}
		n.Code = NoticeOTRStarting
	case im.OTREncrypted:
		if former != "" {
			c.otrRemark(s.with, Notice{Code: NoticeOTRNewKey, Level: Error, OTR: n.OTR})
		}
		n = c.encrypted(s, before, n)
	case im.OTRFinished:
		n.Code, n.Level = finishedBecause(reason), Warn
		if before.state == im.OTRFinished || before.state == im.OTRPlain {
			return // an occupant has another nick now, which was told of the old one
		}
	case im.OTRPlain:
		if s.away {
			return
		}
		n.Code, n.Level = c.plainBecause(s.with, before.state, reason), Warn
	}
	c.otrRemark(s.with, n)
}

// encrypted words that a session is encrypted, or still is with new keys.
func (c *Core) encrypted(s, before *otrSession, n Notice) Notice {
	switch {
	case before.state == im.OTREncrypted && before.theirs == s.theirs:
		n.Code = NoticeOTRRenewed
	case s.trust() == im.Verified:
		n.Code = NoticeOTRVerified
	default:
		n.Code, n.Level = NoticeOTRUnverified, Warn
	}
	return n
}

func finishedBecause(reason im.OTRReason) NoticeCode {
	switch reason {
	case im.OTRPeerGone:
		return NoticeOTRPeerGone
	case im.OTRStageFault:
		return NoticeOTRFault
	case im.OTRDisconnected:
		return NoticeOTRLost
	case im.OTRTimeout:
		return NoticeOTRTimeout
	default:
		return NoticeOTREndedByThem
	}
}

func (c *Core) plainBecause(p *otrPeer, before im.OTRState, reason im.OTRReason) NoticeCode {
	switch {
	case reason == im.OTRTimeout, before == im.OTRStarting && reason != im.OTRByUs:
		return NoticeOTRTimeout
	case p.current != nil:
		return NoticeOTREndedThere
	case c.protection(p.id) == Required:
		return NoticeOTREndedRequired
	default:
		return NoticeOTREnded
	}
}

// tellDevice says to which device texts go, if that changed or if they could go to another one now, where a session has begun.
// What has ended on a device where no text goes any more is put away.
func (c *Core) tellDevice(p *otrPeer, s, was *otrSession, begun bool) {
	cur := p.current
	switch {
	case cur == nil || s.with.id.Peer == s.peer:
	case cur != was && was != nil:
		c.otrRemark(p, Notice{Code: NoticeOTRDevice, JID: cur.peer, Text: cur.device(), OTR: &OTRNotice{Trust: cur.trust()}})
	case cur != s && begun:
		c.otrRemark(p, Notice{Code: NoticeOTROtherDevice, Level: Warn, JID: s.peer, Text: s.device(), NewNick: cur.device()})
	}
	for _, other := range p.sessions {
		if other != cur && other.state == im.OTRFinished && !other.away {
			other.away = true
			c.send(im.EndOTR{For: c.by(c.byJID[p.id.Account]), To: other.peer})
		}
	}
}

// onOTROffered asks the user whether to start a session that somebody offers.
func (c *Core) onOTROffered(a *account, e im.OTROffered) {
	id := c.otrID(a, e.Peer)
	p := c.otrPeer(a, id)
	if p.declined || c.isAsked(AskOTR, id) {
		return
	}
	c.question(Question{Kind: AskOTR, Account: a.jid, From: e.Peer, Conversation: id})
	c.fact(OTRFact{Account: a.jid, Peer: e.Peer, Event: OTROfferMade})
	if id.Peer == id.Peer.Bare() {
		c.personFor(a, id.Peer)
	}
	c.otrRemark(p, Notice{Code: NoticeOTROffered, Level: Warn})
}

// isAsked reports whether a question of a kind waits in a conversation.
func (c *Core) isAsked(kind QuestionKind, id ConversationID) bool {
	for _, q := range c.questions {
		if q.Kind == kind && q.Conversation == id {
			return true
		}
	}
	return false
}

// onOTRNoted tells what else happens in OTR.
func (c *Core) onOTRNoted(a *account, e im.OTRNoted) {
	rows := map[im.OTRNote]struct {
		code  NoticeCode
		level Level
		event OTREvent
	}{
		im.OTRUnreadable:  {NoticeOTRUnreadable, Warn, OTRUnreadable},
		im.OTRPeerError:   {NoticeOTRPeerError, Warn, OTRError},
		im.OTRResent:      {NoticeOTRResent, Info, OTRResent},
		im.OTRNotResent:   {NoticeOTRNotResent, Warn, OTRNotResent},
		im.OTROversized:   {NoticeOTROversized, Warn, OTROversized},
		im.OTRUnsupported: {NoticeOTRUnsupported, Warn, OTRUnsupported},
		im.OTRUnsafeSMP:   {NoticeSMPUnsafe, Warn, OTRUnsafeSMP},
		im.OTRReflected:   {NoticeOTRReflected, Error, OTRReflected},
		im.OTRSameKey:     {NoticeOTRSameKey, Error, OTRSameKey},
	}
	row, known := rows[e.Note]
	if !known {
		return
	}
	f := OTRFact{Account: a.jid, Peer: e.Peer, Event: row.event, Text: CleanLine(e.Text)}
	if s := a.otr.sessions[e.Peer]; s != nil {
		f = s.fact()
		f.Event, f.Text = row.event, CleanLine(e.Text)
	}
	c.fact(f)
	who := &otrPeer{id: c.otrID(a, e.Peer)}
	c.otrRemark(who, Notice{Code: row.code, Level: row.level, Reason: CleanLine(e.Text)})
}

// otrRemark says something about OTR with somebody in their window, which scripts are told as "otr".
func (c *Core) otrRemark(p *otrPeer, n Notice) *Line { return c.remark(p.id, c.aboutOTR(p, n)) }

// otrNotify says something about OTR with somebody in their window, and to scripts as a "notice".
func (c *Core) otrNotify(p *otrPeer, n Notice) *Line { return c.notify(p.id, c.aboutOTR(p, n)) }

// aboutOTR puts into a notice whom it is about.
func (c *Core) aboutOTR(p *otrPeer, n Notice) Notice {
	n.Nick = c.otrName(p)
	if n.JID.IsZero() {
		n.JID = p.id.Peer
	}
	return n
}
