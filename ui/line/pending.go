package line

import (
	"traboule/core"
	"traboule/im"
)

// pending is what is still on its way: connections, visits and encrypted sessions that begin, verifications that go on, messages that
// the server does not have yet, older lines of the current conversation, and a search. It is what the end of the input waits for, so
// that a script may write its commands and end.
type pending struct {
	connecting map[im.JID]bool
	joining    map[core.ConversationID]bool
	unsent     map[string]bool
	starting   map[core.ConversationID]bool // sessions, by the full JID of the other side
	verifying  map[core.ConversationID]bool
	loading    bool // what was said before, or is looked for
}

func (p *pending) nothing() bool {
	return len(p.connecting) == 0 && len(p.joining) == 0 && len(p.unsent) == 0 && len(p.starting) == 0 && len(p.verifying) == 0 && !p.loading
}

// follow learns from an Update what began and what ended.
func (p *pending) follow(u core.Update) {
	p.connecting = make(map[im.JID]bool)
	for i := range u.View.Accounts {
		if a := &u.View.Accounts[i]; a.State == im.Connecting || a.State == im.WaitingForTor || !a.RetryAt.IsZero() {
			p.connecting[a.Account] = true
		}
	}
	p.loading = u.View.Current.Older == core.OlderLoading || u.View.Search.Searching
	for _, fact := range u.Facts {
		switch f := fact.(type) {
		case core.RoomFact:
			mark(&p.joining, core.ConversationID{Account: f.Account, Peer: f.Room}, f.State == core.RoomJoining)
		case core.OTRFact:
			mark(&p.starting, core.ConversationID{Account: f.Account, Peer: f.Peer}, f.State == im.OTRStarting)
			p.verify(f)
		case core.MessageFact:
			mark(&p.unsent, f.Line.ID, f.Line.Out && f.Line.State == core.StatePending)
		case core.MessageStateFact:
			mark(&p.unsent, f.ID, f.State == core.StatePending)
		}
	}
}

// verify learns from what happened in a session whether a verification goes on there. One that they asked for goes on only once
// it is answered.
func (p *pending) verify(f core.OTRFact) {
	id := core.ConversationID{Account: f.Account, Peer: f.Peer}
	switch {
	case f.Event == core.OTRSMPProgress:
		mark(&p.verifying, id, true)
	case f.Event == core.OTRSMPSuccess, f.Event == core.OTRSMPFailure, f.Event == core.OTRSMPAbort, f.State != im.OTREncrypted:
		mark(&p.verifying, id, false)
	}
}

// mark puts a key into a set or takes it out.
func mark[K comparable](set *map[K]bool, key K, in bool) {
	if !in {
		delete(*set, key)
		return
	}
	if *set == nil {
		*set = make(map[K]bool)
	}
	(*set)[key] = true
}
