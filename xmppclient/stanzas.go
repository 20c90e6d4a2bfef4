package xmppclient

import (
	"errors"
	"time"

	"traboule/im"
)

// stanzas turns stanzas into events and requests into stanzas, and remembers what that needs: which IQs of ours wait for
// an answer, and who may learn that we are here. It belongs to one goroutine, does no input or output, and takes the time
// as an argument: the same calls give the same results.
type stanzas struct {
	account im.JID // as configured, for the events
	own     im.JID // our bare address, which an anonymous account learns only when it is bound
	ids     func() string
	caps    string
	mute    bool // nobody is told what this client can do
	shown   bool // contacts were told in this session that we are here
	queries queries
	// watchers are the contacts that see our presence, rooms those that we are in or entering.
	watchers map[im.JID]bool
	rooms    map[im.JID]*visit
	// announced is what our own server, for our account, and rooms said they can do, where they were asked.
	announced map[im.JID]announcement
	// turns are the changes of what the server keeps in one piece; the first is under way.
	turns []turn
}

// received is what one stanza leads to.
type received struct {
	events []im.Event
	// send are whole stanzas to answer with, in order.
	send [][]byte
}

// newStanzas starts with nothing known. Ids must give unguessable strings.
func newStanzas(account im.JID, ids func() string) *stanzas {
	return &stanzas{
		account:   account.Bare(),
		own:       account.Bare(),
		ids:       ids,
		caps:      capsVer([]string{identity}, features()),
		queries:   queries{on: im.On{Account: account.Bare()}, waiting: map[string]*query{}},
		watchers:  map[im.JID]bool{},
		rooms:     map[im.JID]*visit{},
		announced: map[im.JID]announcement{},
	}
}

// bound tells that a new session began, not a resumption: whatever rooms we were in, we are no longer, and nobody was told yet
// that we are here.
func (s *stanzas) bound(full im.JID) {
	s.own, s.shown = full.Bare(), false
	clear(s.rooms)
	delete(s.announced, s.own)
}

// dropReason says why readTree refused a stanza.
func dropReason(err error) im.DropReason {
	switch {
	case errors.Is(err, errTooLarge):
		return im.DropTooLarge
	case errors.Is(err, errTooDeep):
		return im.DropTooDeep
	case errors.Is(err, errHostile):
		return im.DropHostile
	}
	return im.DropUnparseable
}

func (s *stanzas) dropped(from im.JID, why im.DropReason) im.Event {
	return im.Dropped{On: s.on(), From: from, Reason: why}
}

func (s *stanzas) on() im.On { return im.On{Account: s.account} }

// receive decodes one stanza. Whatever it holds, it is decoded or dropped; it never fails.
func (s *stanzas) receive(now time.Time, root *node) received {
	r := s.decode(now, root)
	r.send = append(r.send, s.nextTurn(now)...)
	return r
}

func (s *stanzas) decode(now time.Time, root *node) received {
	switch {
	case root.is(nsClient, "message") && root.kid(nsMAM, "result") != nil:
		return s.receiveArchived(now, root)
	case root.is(nsClient, "message"):
		return received{events: s.receiveMessage(now, root)}
	case root.is(nsClient, "presence"):
		return received{events: s.receivePresence(root)}
	case root.is(nsClient, "iq"):
		return s.receiveIQ(now, root)
	}
	return received{events: []im.Event{s.dropped(im.JID{}, im.DropUnparseable)}}
}

// greet is what is asked first in a new session, for nobody's request: what our own server can do for our account. What
// stands in messages in its name is believed only then.
func (s *stanzas) greet(now time.Time) [][]byte {
	out, _ := s.ask(now, discoInfo(s.own, func(a answer) outcome {
		if info := a.iq.kid(nsDiscoInfo, "query"); info != nil {
			s.announce(s.own, discoFeatures(info))
		}
		return succeeded(nil)
	}))
	return out
}

// goOn asks again for what a lost connection may have torn: servers put what they send a second time anywhere between what
// is new.
func (s *stanzas) goOn(now time.Time) received {
	var r received
	for _, q := range s.queries.matching(func(w *query) bool { return !w.moot && w.page != nil }) {
		again := s.restart(now, q, q.page.max)
		r.events, r.send = append(r.events, again.events...), append(r.send, again.send...)
	}
	return r
}

// expire ends what has waited too long for its answer.
func (s *stanzas) expire(now time.Time) []im.Event { return s.queries.expire(now) }

// nextExpiry is when expire has something to do next; zero if nothing waits.
func (s *stanzas) nextExpiry() time.Time { return s.queries.nextExpiry() }

// abort ends everything that waits for an answer: the session is lost.
func (s *stanzas) abort(f im.Failure) []im.Event {
	s.turns = nil
	return s.queries.abort(f)
}
