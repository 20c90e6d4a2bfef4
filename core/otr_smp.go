package core

import "traboule/im"

// verification is a run of the Socialist Millionaires' Protocol in a session (OTR v3 "SMP").
//
//	we ask:    waiting --progress--> waiting --> success, failure or abort
//	they ask:  asked --our answer--> waiting --> success, failure or abort
type verification struct {
	theirs   string // the key that it is about
	ours     bool   // we asked
	begun    bool   // of ours: before that, what comes belongs to another run
	question bool   // there was a question, now or before
	asked    bool   // they asked, and we have not answered
	text     string // their question; clean
	progress place  // the line that tells it
}

// onSMPChanged takes a step of a verification. Outside of an encrypted session there can be none.
func (c *Core) onSMPChanged(a *account, e im.SMPChanged) {
	s := a.otr.sessions[e.Peer]
	if s == nil || s.state != im.OTREncrypted {
		return
	}
	if e.Step == im.SMPRequested {
		c.smpRequested(s, CleanLine(e.Question))
		return
	}
	if s.smp == nil || s.smp.ours && !s.smp.begun {
		return
	}
	switch e.Step {
	case im.SMPProgress:
		c.smpProgress(s, min(max(e.Progress, 0), 100))
	case im.SMPSucceeded:
		c.smpSucceeded(s)
	case im.SMPFailed:
		c.smpEnded(s, OTRSMPFailure, Notice{Code: NoticeSMPFailure, Level: Error})
	case im.SMPAborted:
		c.smpEnded(s, OTRSMPAbort, Notice{Code: NoticeSMPAbort, Level: Warn})
	}
}

// smpRequested asks the user for the secret that the other side wants proved. The question waits wherever the user is, and
// whether or not the window is open.
func (c *Core) smpRequested(s *otrSession, question string) {
	id := s.with.id
	if s.smp != nil && s.smp.asked && c.isAsked(AskSMP, id) && s.smp.text == question {
		return
	}
	// Somebody who has asked a question, to which the user may be typing the answer, must not have it taken for a secret.
	s.with.questioned = s.with.questioned || question != ""
	s.smp = &verification{theirs: s.theirs, question: s.with.questioned, asked: true, text: question}
	c.settle(func(q Question) bool { return q.Kind == AskSMP && q.Conversation == id && q.Text != question })
	c.question(Question{Kind: AskSMP, Account: id.Account, From: s.peer, Conversation: id, Text: question})
	f := s.fact()
	f.Event, f.Question = OTRSMPRequest, question
	c.fact(f)
	c.otrRemark(s.with, Notice{Code: NoticeSMPRequest, Level: Warn, Text: question})
}

// smpProgress tells how far a verification is, in one line that changes.
func (c *Core) smpProgress(s *otrSession, percent int) {
	f := s.fact()
	f.Event, f.Progress = OTRSMPProgress, percent
	c.fact(f)
	c.tellSMP(s, percent)
}

func (c *Core) tellSMP(s *otrSession, percent int) {
	n := c.aboutOTR(s.with, Notice{Code: NoticeSMPProgress, Count: percent, Account: s.with.id.Account})
	if at := s.smp.progress; at.conversation != nil && c.conversations[at.conversation.id] == at.conversation {
		if old := at.conversation.log.Find(at.seq); old != nil {
			line := *old
			line.Notice = &n
			c.replace(at.conversation, line)
			return
		}
	}
	where := c.placeFor(s.with.id)
	s.smp.progress = place{where, c.append(where, Line{Notice: &n}).Seq}
}

// smpSucceeded takes the key for verified, and no other. Who was asked a question has proved something to the other side, but
// learned nothing about it: whoever is in between could have asked it too.
func (c *Core) smpSucceeded(s *otrSession) {
	proved := s.smp.theirs == s.theirs && (s.smp.ours || !s.smp.question)
	s.with.questioned = false // the user's answer has been given
	if proved {
		c.setTrust(s.with, s.theirs, im.Verified)
		c.smpEnded(s, OTRSMPSuccess, Notice{Code: NoticeSMPSuccess, OTR: &OTRNotice{Theirs: s.theirs, Trust: im.Verified}})
	} else {
		c.smpEnded(s, OTRSMPSuccess, Notice{Code: NoticeSMPProvedUs, OTR: &OTRNotice{Theirs: s.theirs, Trust: s.trust()}})
	}
	c.touch(dirtyRows | dirtyPerson)
}

// smpEnded tells how a verification has ended.
func (c *Core) smpEnded(s *otrSession, event OTREvent, n Notice) {
	s.smp = nil
	c.settleOTR(s)
	f := s.fact()
	f.Event = event
	c.fact(f)
	c.otrRemark(s.with, n)
}

// doVerify asks the other side to prove that it knows a secret.
func (c *Core) doVerify(d Verify) {
	conv := c.otrConversation("")
	if conv == nil {
		return
	}
	s := c.otrSession(conv)
	n := Notice{JID: conv.id.Peer, Nick: conv.name()}
	switch {
	case s == nil || s.state != im.OTREncrypted:
		n.Code = NoticeOTRNotEncrypted
	case s.version == 2:
		n.Code = NoticeSMPUnsafe
	case s.smp != nil:
		n.Code = NoticeSMPBusy
	default:
		s.smp = &verification{theirs: s.theirs, ours: true, question: d.Question != ""}
		c.askSMP(s, im.StartSMP{For: c.by(conv.account), To: s.peer, Question: sendable(d.Question), Secret: sendable(d.Secret)})
		return
	}
	c.refuse(n)
}

// askSMP sends a step of a verification, and ends it here if it cannot be taken.
func (c *Core) askSMP(s *otrSession, r im.Request) {
	c.tellSMP(s, 0)
	f := s.fact()
	f.Event = OTRSMPProgress
	c.fact(f)
	running := s.smp
	c.ask(r, func(d im.Done) {
		if s.smp != running {
			return
		}
		if d.Err == nil {
			running.begun = true
			return
		}
		s.smp = nil
		c.settleOTR(s)
		c.notifyFailure(s.with.id, c.aboutOTR(s.with, Notice{Code: NoticeSMPFailed}), d.Err)
	})
}

// doVerifyAnswer answers who asks for a secret.
func (c *Core) doVerifyAnswer(d VerifyAnswer) {
	s := c.smpHere(func(v *verification) bool { return v.asked })
	if s == nil {
		return
	}
	s.smp.asked = false
	c.settle(func(q Question) bool { return q.Kind == AskSMP && q.Conversation == s.with.id })
	c.askSMP(s, im.AnswerSMP{For: c.by(c.byJID[s.with.id.Account]), To: s.peer, Secret: sendable(d.Secret)})
}

// doVerifyAbort ends a verification, whoever asked for it.
func (c *Core) doVerifyAbort() {
	if s := c.smpHere(func(*verification) bool { return true }); s != nil {
		c.abortSMP(s)
	}
}

func (c *Core) abortSMP(s *otrSession) {
	c.send(im.AbortSMP{For: c.by(c.byJID[s.with.id.Account]), To: s.peer})
	c.smpEnded(s, OTRSMPAbort, Notice{Code: NoticeSMPAborted})
}

// smpHere returns the session where a verification of a sort runs with whoever the current conversation is, or says that
// there is none.
func (c *Core) smpHere(sort func(*verification) bool) *otrSession {
	conv := c.otrConversation("")
	if conv == nil {
		return nil
	}
	if p := c.otrOf(conv); p != nil {
		for _, s := range p.sessions {
			if s.smp != nil && sort(s.smp) {
				return s
			}
		}
	}
	c.refuse(Notice{Code: NoticeSMPNothing, JID: conv.id.Peer, Nick: conv.name()})
	return nil
}

// place is where a line that changes stands.
type place struct {
	conversation *conversation // nil for nowhere
	seq          uint64
}
