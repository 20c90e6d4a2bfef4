package core

import (
	"cmp"
	"maps"
	"slices"

	"traboule/im"
)

// otrState is what is known of OTR in one account.
type otrState struct {
	peers    map[im.JID]*otrPeer    // by the Peer of the conversation
	sessions map[im.JID]*otrSession // those that are not plain, by the full JID of the other side
	// policy is what the user said for everybody, nil for nothing.
	policy *im.OTRPolicy
	last   uint64 // serial of the peer that came last
	// told is what the stage was told in this session, by the Peer of the conversation; nil before the first session.
	told map[im.JID]otrTold
}

// otrPeer is what is known of OTR with one contact, or one occupant of a room. It outlives the window, as the sessions do.
//
// Several devices of a contact may each have a session. Texts go to one of them, which changes by itself only for one whose
// key is known at least as well; else the user chooses.
type otrPeer struct {
	id       ConversationID
	serial   uint64
	sessions []*otrSession
	current  *otrSession   // where texts go, nil for none
	chosen   im.JID        // the device that the user wants a session with
	keys     []otrKey      // theirs, the one seen last at the end
	policy   *im.OTRPolicy // nil for that of the account
	// declined is set once the user has refused an offer: more of them are not asked about.
	declined bool
	// unanswered is set once an encryption was asked for that came to nothing: the next text is given back once.
	unanswered bool
	// linked is the fingerprint that a link says is theirs, until a session shows their key.
	linked string
	// questioned is set from when they ask a question until an answer was found right: until then, no answer proves anything to us.
	questioned bool
}

// otrSession is a session with one device.
type otrSession struct {
	with    *otrPeer
	peer    im.JID // full
	state   im.OTRState
	version int
	theirs  string // fingerprint of their key, empty while starting
	// guarded is set when the key changed from one that was verified: the next text is given back once.
	guarded bool
	smp     *verification // nil for none
	// away is set for one that has ended on a device where no text goes any more: it is put away.
	away bool
}

// otrOf returns what is known of OTR in a conversation, nil for nothing.
func (c *Core) otrOf(conv *conversation) *otrPeer {
	if conv.account == nil {
		return nil
	}
	return conv.account.otr.peers[conv.id.Peer]
}

// otrSession returns the session that the texts of a conversation go to, nil for none.
func (c *Core) otrSession(conv *conversation) *otrSession {
	if p := c.otrOf(conv); p != nil {
		return p.current
	}
	return nil
}

// otrPeer returns the record about a contact or an occupant, and makes one where there is none.
func (c *Core) otrPeer(a *account, id ConversationID) *otrPeer {
	if p := a.otr.peers[id.Peer]; p != nil {
		return p
	}
	if a.otr.peers == nil {
		a.otr.peers = make(map[im.JID]*otrPeer)
		a.otr.sessions = make(map[im.JID]*otrSession)
	}
	if len(a.otr.peers) >= maxOTRPeers {
		c.forgetKeys(a.otr.forgetOne())
	}
	a.otr.last++
	p := &otrPeer{id: id, serial: a.otr.last}
	a.otr.peers[id.Peer] = p
	return p
}

// forgetOne makes room for another peer: the one known longest goes of whom nothing matters. It returns that one, nil for
// none.
func (o *otrState) forgetOne() *otrPeer {
	var oldest *otrPeer
	for _, p := range o.peers {
		if !p.matters() && (oldest == nil || p.serial < oldest.serial) {
			oldest = p
		}
	}
	if oldest != nil {
		delete(o.peers, oldest.id.Peer)
	}
	return oldest
}

// inOrder returns all peers, the one known longest first.
func (o *otrState) inOrder() []*otrPeer {
	return slices.SortedFunc(maps.Values(o.peers), func(x, y *otrPeer) int { return cmp.Compare(x.serial, y.serial) })
}

// matters reports whether forgetting a peer would change what is sent, or lose what the user has decided.
func (p *otrPeer) matters() bool {
	return len(p.sessions) > 0 || p.policy != nil || p.linked != "" || p.verified() != ""
}

// otrID names the conversation that the session with an address belongs to: that with the occupant, if it is one of a room.
func (c *Core) otrID(a *account, full im.JID) ConversationID {
	if s := a.otr.sessions[full]; s != nil {
		return s.with.id
	}
	id := ConversationID{a.jid, full}
	if conv := c.conversations[id]; conv != nil || a.otr.peers[full] != nil || !full.IsBare() && c.isRoom(a, full.Bare()) {
		return id
	}
	return ConversationID{a.jid, full.Bare()}
}

// session returns the session with a device, and makes one where there is none.
func (c *Core) session(a *account, full im.JID) *otrSession {
	if s := a.otr.sessions[full]; s != nil {
		return s
	}
	p := c.otrPeer(a, c.otrID(a, full))
	s := &otrSession{with: p, peer: full}
	p.sessions = append(p.sessions, s)
	a.otr.sessions[full] = s
	return s
}

// drop forgets a session that has become plain. Texts go to the best of those that are left.
func (o *otrState) drop(s *otrSession) {
	p := s.with
	delete(o.sessions, s.peer)
	p.sessions = slices.DeleteFunc(p.sessions, func(other *otrSession) bool { return other == s })
	if p.chosen == s.peer {
		p.chosen = im.JID{}
	}
	if p.current == s {
		p.current = p.best()
	}
}

// best returns the encrypted session whose key is known best, else any, nil if there is none.
func (p *otrPeer) best() *otrSession {
	var best *otrSession
	for _, s := range p.sessions {
		if best == nil || s.rank() > best.rank() {
			best = s
		}
	}
	return best
}

// rank orders sessions by how well they protect.
func (s *otrSession) rank() int {
	if s.state != im.OTREncrypted {
		return 0
	}
	return 1 + int(s.trust())
}

// trust is how well the key of the other side is known.
func (s *otrSession) trust() im.Trust { return s.with.trust(s.theirs) }

// follow has texts go to a session from now on, which has begun or in which something was written, if that does not make
// matters worse behind the user's back. It reports whether they go there.
func (p *otrPeer) follow(s *otrSession, written bool) bool {
	if p.current == s {
		return true
	}
	if !p.mayFollow(s, written) {
		return false
	}
	p.current, p.chosen = s, im.JID{}
	return true
}

func (p *otrPeer) mayFollow(s *otrSession, written bool) bool {
	cur := p.current
	switch {
	case cur == nil:
		return true
	case s.peer == p.id.Peer: // the nick that an occupant has now
		return true
	case s.state != im.OTREncrypted:
		return false
	case p.chosen == s.peer:
		return true
	case cur.state == im.OTRStarting:
		return p.chosen != cur.peer
	case cur.state == im.OTRFinished:
		return s.trust() >= cur.trust()
	default:
		return written && (s.trust() == im.Verified || s.theirs == cur.theirs)
	}
}

// protection tells who can read what is typed in a conversation.
func (c *Core) protection(id ConversationID) Protection {
	a := c.byJID[id.Account]
	if a == nil || id.IsConsole() || c.isRoom(a, id.Peer) {
		return Plain
	}
	if p := a.otr.peers[id.Peer]; p != nil && p.current != nil {
		return p.current.protection()
	}
	if c.otrPolicy(a, id.Peer) == im.OTRRequired {
		return Required
	}
	return Plain
}

func (s *otrSession) protection() Protection {
	switch {
	case s.state == im.OTRStarting:
		return Starting
	case s.state == im.OTRFinished:
		return Finished
	case s.trust() == im.Verified:
		return EncryptedVerified
	default:
		return EncryptedUnverified
	}
}

// otrName is what to call somebody in a sentence about OTR: as their window does, or by address where there is none.
func (c *Core) otrName(p *otrPeer) string {
	if conv := c.conversations[p.id]; conv != nil {
		return conv.name()
	}
	return CleanJID(p.id.Peer)
}

// device is what to call the device of a session.
func (s *otrSession) device() string {
	if s.with.id.Peer == s.peer {
		return "" // an occupant's nick says it
	}
	return CleanName(s.peer.Resource())
}

// deviceOf is what to call the device of a session, empty while it is the only one: then its name, which often is a number,
// tells nobody anything.
func (c *Core) deviceOf(s *otrSession) string {
	ct := c.byJID[s.with.id.Account].contacts[s.with.id.Peer]
	others := slices.ContainsFunc(s.with.sessions, func(o *otrSession) bool { return o != s })
	if !others && (ct == nil || len(ct.resources) < 2) {
		return ""
	}
	return s.device()
}

// rename lets what is known of an occupant follow them to another nick. A session that was begun under the old one stays where
// it is, so that no text goes out unencrypted because somebody has a new name.
func (o *otrState) rename(from, to im.JID) {
	p, other := o.peers[from], o.peers[to]
	if p == nil {
		return
	}
	delete(o.peers, from)
	delete(o.told, from)
	p.id.Peer = to
	o.peers[to] = p
	if other == nil {
		return
	}
	if p.policy == nil {
		p.policy = other.policy
	}
	for _, s := range other.sessions { // of whoever had that nick before
		s.with = p
	}
	p.sessions = append(p.sessions, other.sessions...)
	if p.current == nil {
		p.current = other.current
	}
}
