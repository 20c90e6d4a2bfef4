package otr

import "traboule/im"

// gone ends what there is with somebody who is not there any more, without a word: whoever is there next may be somebody else.
func (s *Stage) gone(p *peer, why im.OTRReason) {
	s.inTurn(p, 0, func() { s.close(p, im.OTRFinished, why, s.engine.Forget, func() { s.forget(p) }) })
}

// presence follows which devices are there.
func (s *Stage) presence(d *desk, presence im.Presence) {
	d.note(presence)
	if presence.Show != im.Offline {
		return
	}
	for _, p := range d.same(presence.From) {
		if p.jid == presence.From || presence.From.IsBare() {
			s.gone(p, im.OTRPeerGone)
		}
	}
}

// occupant follows who has which nick. A private conversation goes on under another nick of the same occupant, but no session
// does: the one that ended is moved there, so that the next text is not sent as it is.
func (s *Stage) occupant(d *desk, e im.OccupantChanged) {
	if nick, entering := d.entering[e.Room]; entering {
		delete(d.entering, e.Room)
		d.rooms[e.Room] = nick
	}
	if d.isOurs(e) {
		s.ourselves(d, e)
		return
	}
	jid, err := e.Room.WithResource(e.Occupant.Nick)
	p := d.peers[jid]
	if err != nil || e.Present || p == nil {
		return
	}
	private := p.shown() != im.OTRPlain
	s.gone(p, im.OTRPeerGone)
	if next, err := e.Room.WithResource(e.NewNick); err == nil && private {
		s.move(p, next)
	}
}

// ourselves follows where we are, and as whom.
func (s *Stage) ourselves(d *desk, e im.OccupantChanged) {
	before := d.rooms[e.Room]
	switch {
	case e.NewNick != "":
		d.rooms[e.Room] = e.NewNick
	case e.Present:
		d.rooms[e.Room] = e.Occupant.Nick
	}
	if e.Present && (before == "" || before == e.Occupant.Nick) {
		return
	}
	for _, p := range d.those(func(p *peer) bool { return p.jid.Bare() == e.Room }) {
		s.gone(p, im.OTRPeerGone)
	}
}

// move lets a session that has ended stand for the occupant's new nick. It stands for the one before the last no more, or
// somebody who renames themself again and again could fill the memory.
func (s *Stage) move(p *peer, to im.JID) {
	q := p.desk.peers[to]
	if q == nil {
		q = p.desk.know(to)
	}
	if q.phase != im.OTRPlain {
		return
	}
	q.phase, q.state, q.moved = im.OTRFinished, p.state, true
	s.tell(q, im.OTRPeerGone)
	if p.moved && p.phase == im.OTRFinished {
		p.phase, p.moved = im.OTRPlain, false
		s.tell(p, im.OTRPeerGone)
		s.forget(p)
	}
}

// bounced gives up a start that did not arrive.
func (s *Stage) bounced(p *peer) {
	if p.starting() {
		s.quit(p, im.OTRPeerGone)
	}
}

// connection follows logins. Over a connection that is resumed the sessions go on. After a new login nobody knows whether
// the other sides still have theirs, so none goes on, nor does anybody's presence hold.
func (s *Stage) connection(d *desk, e im.ConnectionChanged) {
	if !isLogin(e) {
		return
	}
	clear(d.devices)
	d.known = 0
	for _, p := range d.those(everybody) {
		s.gone(p, im.OTRDisconnected)
	}
}

func everybody(*peer) bool { return true }
