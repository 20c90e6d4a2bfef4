package otr

import (
	"slices"
	"strings"
	"time"

	"traboule/im"
)

// desk is what the stage keeps for one account.
type desk struct {
	account  im.JID
	client   Sender
	policies map[im.JID]policy
	devices  map[im.JID]map[im.JID]int8 // those of contacts that are there, by bare JID, with their priorities
	known    int                        // how many devices
	entering map[im.JID]string          // rooms that core has asked for, with our nick
	rooms    map[im.JID]string          // our nick in those that we are in or were in
	peers    map[im.JID]*peer
	broke    map[im.JID]breakage // by bare JID
	busy     int                 // peers for whom the engine works
	// held are events behind one that has to wait for all peers, lanes those of rooms behind one that waits for some.
	held     []im.Event
	lanes    map[im.JID][]im.Event
	leaving  *departure
	deferred []im.Request // behind it
}

// policy is what core has said about somebody.
type policy struct {
	policy         im.OTRPolicy
	known, contact bool
}

// breakage counts the children that ended over what somebody sent.
type breakage struct {
	count int
	since time.Time
}

func newDesk(account im.JID, client Sender) *desk {
	return &desk{
		account: account, client: client, policies: map[im.JID]policy{}, devices: map[im.JID]map[im.JID]int8{},
		entering: map[im.JID]string{}, rooms: map[im.JID]string{}, peers: map[im.JID]*peer{}, lanes: map[im.JID][]im.Event{}, broke: map[im.JID]breakage{},
	}
}

// policy is what holds for somebody: what was said about a contact or an occupant, about a room, or about everybody.
func (d *desk) policy(of im.JID) policy {
	if p, said := d.policies[of]; said && d.kind(of) == im.Private {
		return p
	}
	if p, said := d.policies[of.Bare()]; said {
		return p
	}
	return d.policies[im.JID{}]
}

// answers reports whether offers of somebody are taken up without asking.
func (d *desk) answers(to im.JID, now time.Time) bool {
	p := d.policy(to)
	b := d.broke[to.Bare()]
	tame := b.count < maxBreakages || now.Sub(b.since) > breakagesWithin
	return tame && p.known && (p.policy == im.OTROpportunistic || p.policy == im.OTRRequired)
}

// blame notes that a child ended over what somebody sent. If it happens again and again, they do not get at the next child
// before the user has agreed: each time, everybody's sessions end.
func (d *desk) blame(who im.JID, now time.Time) {
	b, again := d.broke[who.Bare()]
	if !again && len(d.broke) >= maxBlamed {
		clear(d.broke)
	}
	if now.Sub(b.since) > breakagesWithin {
		b = breakage{since: now}
	}
	b.count++
	d.broke[who.Bare()] = b
}

func (s *Stage) setPolicy(d *desk, r im.SetOTRPolicy) {
	if _, said := d.policies[r.Peer]; !said && len(d.policies) >= maxPolicies {
		s.done(r, &im.Failure{Code: im.CodeQueueFull})
		return
	}
	d.policies[r.Peer] = policy{r.Policy, r.Known, r.Contact}
	s.done(r, nil)
}

// peer returns what is known of a device, and begins to know it; nil if there are too many.
func (s *Stage) peer(d *desk, jid im.JID) *peer {
	if p := d.peers[jid]; p != nil {
		return p
	}
	crowded := d.kind(jid) == im.Chat && len(d.same(jid)) >= maxDevices || len(d.peers) >= maxPeers
	if jid.IsBare() || crowded && !d.sweep(s.now) {
		return nil
	}
	return d.know(jid)
}

// know begins to know a device.
func (d *desk) know(jid im.JID) *peer {
	p := &peer{desk: d, jid: jid, kind: d.kind(jid)}
	p.told = p.changed()
	d.peers[jid] = p
	return p
}

// sweep forgets those of whom nothing matters any more, and reports whether there were any.
func (d *desk) sweep(now time.Time) bool {
	before := len(d.peers)
	for jid, p := range d.peers {
		if p.forgettable(now) {
			delete(d.peers, jid)
		}
	}
	return len(d.peers) < before
}

// kind is that of messages to an address.
func (d *desk) kind(of im.JID) im.Kind {
	if _, room := d.rooms[of.Bare()]; room {
		return im.Private
	}
	return im.Chat
}

// same are the devices of whoever has an address, that one included: in a room, everybody is somebody else.
func (d *desk) same(jid im.JID) []*peer {
	return d.those(func(p *peer) bool {
		return p.jid == jid || p.jid.Bare() == jid.Bare() && (p.kind == im.Chat || jid.IsBare())
	})
}

// those are the peers of which something holds, always in the same order.
func (d *desk) those(which func(*peer) bool) []*peer {
	var found []*peer
	for _, p := range d.peers {
		if which(p) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b *peer) int { return strings.Compare(a.jid.String(), b.jid.String()) })
	return found
}

// guarded reports whether plain text is out of place with somebody: a session with one of their devices is encrypted, was
// and has not been ended by the user, or has been asked for.
func (d *desk) guarded(jid im.JID) bool {
	for _, p := range d.same(jid) {
		if p.phase != im.OTRPlain || p.starting() && p.byUs {
			return true
		}
	}
	return false
}

// exposed reports whether plain text from somebody is not what it should be.
func (d *desk) exposed(from im.JID) bool {
	if d.policy(from).policy == im.OTRRequired {
		return true
	}
	for _, p := range d.same(from) {
		if p.phase != im.OTRPlain {
			return true
		}
	}
	return false
}

// addressee is the device that a text goes to, zero for none. One for all devices of a contact goes into the session that
// there is with one of them; if encryption is required, to the device that they prefer.
func (d *desk) addressee(to im.JID) im.JID {
	if !to.IsBare() {
		return to
	}
	var best *peer
	for _, p := range d.same(to) {
		if p.rank() > 0 && (best == nil || p.rank() > best.rank() || p.rank() == best.rank() && p.used.After(best.used)) {
			best = p
		}
	}
	switch {
	case best != nil:
		return best.jid
	case d.policy(to).policy == im.OTRRequired:
		return d.preferred(to)
	}
	return to
}

// atWork is a device of a contact for which the engine works, nil for none.
func (d *desk) atWork(bare im.JID) *peer {
	for _, p := range d.same(bare) {
		if p.busy {
			return p
		}
	}
	return nil
}

// preferred is the device of a contact with the highest priority, zero if none is there.
func (d *desk) preferred(bare im.JID) im.JID {
	var best im.JID
	var highest int8
	for jid, priority := range d.devices[bare] {
		if best.IsZero() || priority > highest || priority == highest && jid.Resource() < best.Resource() {
			best, highest = jid, priority
		}
	}
	return best
}

// only is the one device of a contact that is there; zero if there is none, or another.
func (d *desk) only(bare im.JID) im.JID {
	for jid := range d.devices[bare] {
		if len(d.devices[bare]) == 1 {
			return jid
		}
	}
	return im.JID{}
}

// note follows which devices of contacts are there.
func (d *desk) note(p im.Presence) {
	bare := p.From.Bare()
	there := d.devices[bare]
	_, known := there[p.From]
	switch {
	case p.From.IsBare() && p.Show == im.Offline:
		d.known -= len(there)
		delete(d.devices, bare)
	case p.From.IsBare():
	case p.Show == im.Offline && known:
		d.known--
		if delete(there, p.From); len(there) == 0 {
			delete(d.devices, bare)
		}
	case p.Show != im.Offline && (known || d.known < maxResources && len(there) < maxDevices):
		if there == nil {
			there = map[im.JID]int8{}
			d.devices[bare] = there
		}
		if !known {
			d.known++
		}
		there[p.From] = p.Priority
	}
}
