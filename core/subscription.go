package core

import "traboule/im"

// onSubscription takes a step of a presence subscription (RFC 6121 §3). A request waits for the user.
func (c *Core) onSubscription(a *account, e im.SubscriptionReceived) {
	from := e.From.Bare()
	kind := e.Kind
	c.fact(PresenceFact{Account: a.jid, From: from, Status: CleanLine(e.Text), Subscription: &kind})
	n := Notice{JID: from, Nick: c.personName(a, from), Text: CleanLine(e.Text)}
	switch e.Kind {
	case im.SubscriptionRequest:
		c.askedBy(a, from, n)
		return
	case im.SubscriptionGranted:
		n.Code = NoticeSubscriptionGranted
	case im.SubscriptionEnded:
		n.Code = NoticeSubscriptionEnded
	case im.SubscriptionLeft:
		n.Code = NoticeSubscriptionLeft
		c.settle(func(q Question) bool { return q.Kind == AskSubscription && q.Account == a.jid && q.From == from })
	default:
		return
	}
	where := a.console.id
	if conv := c.conversations[ConversationID{a.jid, from}]; conv != nil {
		where = conv.id
	}
	c.remark(where, n)
}

// askedBy asks the user whether somebody may see our presence, in a window of theirs.
func (c *Core) askedBy(a *account, from im.JID, n Notice) {
	q := Question{Kind: AskSubscription, Account: a.jid, From: from, Text: n.Text}
	if c.asking(ConversationID{a.jid, from}) {
		return
	}
	c.question(q)
	n.Code, n.Level = NoticeSubscriptionRequest, Warn
	if conv := c.personFor(a, from); conv != nil {
		c.remark(conv.id, n)
	} else {
		c.remark(a.console.id, n)
	}
}

// personName is what to call somebody, in the roster or not; it is clean.
func (c *Core) personName(a *account, bare im.JID) string {
	if ct := a.contacts[bare]; ct != nil {
		return ct.title()
	}
	return CleanJID(bare)
}

func (c *Core) doAnswer(d Answer) {
	for _, q := range c.questions {
		if q.ID == d.Question {
			c.answerQuestion(q, d.Yes)
			return
		}
	}
}

func (c *Core) doAccept(d Accept) { c.answerTo(d.JID, true) }

func (c *Core) doDecline(d Decline) { c.answerTo(d.JID, false) }

// answerTo answers the question about an address: who asks, or the room they invite us to. With no address, the only
// question, else that of the current window.
func (c *Core) answerTo(jid im.JID, yes bool) {
	about := jid
	if jid.IsZero() {
		about = c.where().id.Peer
	}
	for _, q := range c.questions {
		if q.about() == about || q.about() == about.Bare() || jid.IsZero() && len(c.questions) == 1 {
			c.answerQuestion(q, yes)
			return
		}
	}
	if jid.IsZero() && len(c.questions) > 0 {
		c.refuse(Notice{Code: NoticeWhichQuestion, JID: c.questions[0].about(), Count: len(c.questions)})
		return
	}
	c.refuse(Notice{Code: NoticeNothingToAnswer, JID: jid})
}

// about is the address by which a question is answered.
func (q Question) about() im.JID {
	switch q.Kind {
	case AskInvitation, AskBookmark:
		return q.Room
	case AskOTR, AskSMP:
		return q.Conversation.Peer
	default:
		return q.From
	}
}

// answerQuestion carries out the user's decision.
func (c *Core) answerQuestion(q Question, yes bool) {
	a := c.byJID[q.Account]
	if q.Kind == AskOTR || q.Kind == AskSMP {
		c.answerOTR(a, q, yes)
		return
	}
	if !a.online() {
		c.refuseOffline(a)
		return
	}
	c.settle(func(o Question) bool { return o.ID == q.ID })
	if q.Kind == AskInvitation {
		c.answerInvitation(a, q, yes)
		return
	}
	if q.Kind == AskBookmark {
		c.answerBookmark(a, q, yes)
		return
	}
	failed := Notice{Code: NoticeAnswerFailed, JID: q.From}
	if yes {
		c.carry(im.Approve{For: c.by(a), JID: q.From}, Notice{Code: NoticeAccepted, JID: q.From}, failed)
	} else {
		c.carry(im.Refuse{For: c.by(a), JID: q.From}, Notice{Code: NoticeRefused, JID: q.From}, failed)
	}
}
