package line

import (
	"traboule/core"
	"traboule/im"
)

// pending is what is still on its way: connections and visits that begin, messages that the server does not have yet. It
// is what the end of the input waits for, so that a script may write its commands and end.
type pending struct {
	connecting map[im.JID]bool
	joining    map[core.ConversationID]bool
	unsent     map[string]bool
}

func (p *pending) nothing() bool {
	return len(p.connecting) == 0 && len(p.joining) == 0 && len(p.unsent) == 0
}

// follow learns from an Update what began and what ended.
func (p *pending) follow(u core.Update) {
	p.connecting = make(map[im.JID]bool)
	for i := range u.View.Accounts {
		if a := &u.View.Accounts[i]; a.State == im.Connecting || a.State == im.WaitingForTor || !a.RetryAt.IsZero() {
			p.connecting[a.Account] = true
		}
	}
	for _, fact := range u.Facts {
		switch f := fact.(type) {
		case core.RoomFact:
			mark(&p.joining, core.ConversationID{Account: f.Account, Peer: f.Room}, f.State == core.RoomJoining)
		case core.MessageFact:
			mark(&p.unsent, f.Line.ID, f.Line.Out && f.Line.State == core.StatePending)
		case core.MessageStateFact:
			mark(&p.unsent, f.ID, f.State == core.StatePending)
		}
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
