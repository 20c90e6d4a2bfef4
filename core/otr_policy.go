package core

import (
	"maps"
	"slices"
	"strings"

	"traboule/im"
)

// otrTold is what the stage below was told about somebody.
type otrTold struct {
	policy         im.OTRPolicy
	known, contact bool
}

// otrPolicy is when OTR is used with somebody: as the user said for them, else for their room, else for all, else of its own
// accord with those who may see our presence, for they learn nothing new by it.
func (c *Core) otrPolicy(a *account, peer im.JID) im.OTRPolicy {
	p, room := a.otr.peers[peer], a.otr.peers[peer.Bare()]
	switch {
	case p != nil && p.policy != nil:
		return *p.policy
	case room != nil && room.policy != nil:
		return *room.policy
	case a.otr.policy != nil:
		return *a.otr.policy
	case c.sees(a.contacts[peer]):
		return im.OTROpportunistic
	default:
		return im.OTRManual
	}
}

// tellPolicies tells the stage, as a session begins, when OTR is used with whom. It must come before any message. Without a
// word it is used as of OTRManual; what was said in an earlier session of somebody whom we know no longer is taken back.
func (c *Core) tellPolicies(a *account) {
	before := a.otr.told
	a.otr.told = map[im.JID]otrTold{}
	c.tellPolicy(a, im.JID{})
	for _, ct := range a.sorted() {
		c.tellPolicy(a, ct.jid)
	}
	for _, rooms := range []bool{true, false} { // before those in them
		for _, p := range a.otr.inOrder() {
			if p.id.Peer.IsBare() == rooms {
				c.tellPolicy(a, p.id.Peer)
			}
		}
	}
	for _, peer := range slices.SortedFunc(maps.Keys(before), compareJIDs) {
		if _, told := a.otr.told[peer]; !told {
			c.sendPolicy(a, peer)
		}
	}
}

func compareJIDs(a, b im.JID) int { return strings.Compare(a.String(), b.String()) }

// tellPolicy tells the stage what is to be done with somebody, with the zero JID with all others, if it does not know.
func (c *Core) tellPolicy(a *account, peer im.JID) {
	if a.otr.told == nil {
		return // the next session tells it
	}
	got, told := a.otr.told[peer]
	if !told {
		got, told = a.otr.told[peer.Bare()]
	}
	if !told {
		got = a.otr.told[im.JID{}]
	}
	if got != c.otrTold(a, peer) {
		c.sendPolicy(a, peer)
	}
}

func (c *Core) otrTold(a *account, peer im.JID) otrTold {
	return otrTold{c.otrPolicy(a, peer), c.sees(a.contacts[peer]), a.contacts[peer].seesUs()}
}

func (c *Core) sendPolicy(a *account, peer im.JID) {
	t := c.otrTold(a, peer)
	a.otr.told[peer] = t
	c.send(im.SetOTRPolicy{For: c.by(a), Peer: peer, Policy: t.policy, Known: t.known, Contact: t.contact})
}

// doOTRPolicy shows or changes when OTR is used: with somebody, or where nobody is named and nobody is here, with all.
func (c *Core) doOTRPolicy(d OTRPolicy) {
	a := c.needAccount()
	if a == nil {
		return
	}
	peer := c.policyPeer(a, d.JID)
	if d.Set {
		c.setPolicy(a, peer, d.Policy)
	}
	c.answer(c.policyNotice(a, peer))
}

// policyNotice tells when OTR is used: with somebody, in a room, or for the zero JID with all others.
func (c *Core) policyNotice(a *account, peer im.JID) Notice {
	n := Notice{Code: NoticeOTRPolicy, Account: a.jid, JID: peer, OTR: &OTRNotice{Policy: c.otrPolicy(a, peer)}}
	switch {
	case c.isRoom(a, peer):
		n.Code, n.Room = NoticeOTRPolicyRoom, peer
	case peer.IsZero() && a.otr.policy == nil:
		n.Code = NoticeOTRPolicyNone
	case peer.IsZero():
		n.Code = NoticeOTRPolicyAll
	}
	return n
}

// policyPeer is whom a policy is about: who is named, else who the current conversation is with, in a room all who are there,
// else all.
func (c *Core) policyPeer(a *account, named im.JID) im.JID {
	switch conv := c.where(); {
	case !named.IsZero() && c.isRoom(a, named.Bare()):
		return named
	case !named.IsZero():
		return named.Bare()
	default:
		return conv.id.Peer // zero for a console
	}
}

// knownIn returns the occupants of a room of whom the stage was told, or of whom something else was said than of the room.
func (o *otrState) knownIn(room im.JID) []im.JID {
	found := map[im.JID]bool{}
	for peer := range o.told {
		found[peer] = peer != room && peer.Bare() == room
	}
	for peer, p := range o.peers {
		found[peer] = found[peer] || peer != room && peer.Bare() == room && p.policy != nil
	}
	maps.DeleteFunc(found, func(_ im.JID, there bool) bool { return !there })
	return slices.SortedFunc(maps.Keys(found), compareJIDs)
}

func (c *Core) setPolicy(a *account, peer im.JID, policy im.OTRPolicy) {
	if peer.IsZero() || peer.IsBare() {
		c.keep(im.OTRPolicyRecord{Kept: im.Kept{Account: a.jid}, Peer: peer, Policy: policy})
	}
	if peer.IsZero() {
		a.otr.policy = &policy
		if a.otr.told != nil {
			c.tellPolicies(a)
		}
	} else {
		id := ConversationID{a.jid, peer}
		c.otrPeer(a, id).policy = &policy
		if policy == im.OTRRequired {
			c.dropDraft(id)
		}
		c.tellPolicy(a, peer)
		for _, occupant := range a.otr.knownIn(peer) {
			c.tellPolicy(a, occupant)
		}
	}
	c.touch(dirtyRows | dirtyPerson)
}
