package core

import "traboule/im"

// doPrivacy tells everything that this session discloses, or switches one disclosure.
func (c *Core) doPrivacy(d Privacy) {
	if d.Set {
		if !d.On && d.Switch == DiscloseTyping {
			c.stopComposing(c.current)
		}
		c.disclose[d.Switch] = d.On
	}
	if !d.Set {
		c.answer(c.wayOut())
		c.answerConfinement()
		for _, a := range c.accounts {
			c.tellDisclosed(a)
		}
	}
	for _, row := range disclosures() {
		if d.Set && row.which != d.Switch {
			continue
		}
		code := NoticePrivacyOff
		if c.disclose[row.which] {
			code = NoticePrivacyOn
		}
		c.answer(Notice{Code: code, Text: row.word})
	}
}

// wayOut tells what the way out of this machine discloses.
func (c *Core) wayOut() Notice {
	switch t := &c.tor.now; {
	case unproved(t):
		return Notice{Code: NoticePrivacySOCKS, Text: t.Where}
	case t.Phase == im.TorUnused:
		return Notice{Code: NoticePrivacyDirect}
	default:
		return Notice{Code: NoticePrivacyTor}
	}
}

// tellDisclosed tells what one account discloses: to its server, to its contacts, and in its rooms.
func (c *Core) tellDisclosed(a *account) {
	v := a.view
	c.answer(Notice{Code: NoticePrivacyServer, Account: a.jid, JID: a.address().Bare(), State: v.State, Via: v.Via, Text: v.Server})
	if !a.online() {
		return
	}
	n := Notice{Code: NoticePrivacyPresence, Account: a.jid, Show: v.Show, Text: v.Status}
	for _, ct := range a.sorted() {
		if ct.seesUs() {
			n.Count++
			n.List = append(n.List, Row{JID: ct.jid, Name: ct.title(), Subscription: ct.item.Subscription})
		}
	}
	c.answer(n)
	for _, conv := range c.windows {
		if conv.account == a && conv.kind == Room && conv.room.isJoined() {
			var w Window
			conv.room.fill(&w)
			c.answer(Notice{Code: NoticePrivacyRoom, Account: a.jid, Room: conv.id.Peer, Nick: w.Nick, Flags: w.Flags, Show: im.Online})
		}
	}
}
