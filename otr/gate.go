package otr

import (
	"context"

	"traboule/im"
)

// gate is what an account's operations have to pass where keys are kept: nothing is done with a key that is made anew before
// it is kept for good, and nothing with another than that which is kept.
//
//	closed ─ an operation that needs a key ─→ asking ─ sealed ─→ keeping ─ kept, or told that it is not ─→ open
//	   └──── OpenKey, LoadKey ──→ asking ─ there ─→ open
//	                                 └── not there ─→ barred
type gate struct {
	state  gateState
	brings bool  // what is asked is a key that is kept already
	fault  error // why it is barred
	held   []call
}

// gateState is where a gate stands.
type gateState uint8

const (
	gateClosed gateState = iota
	gateAsking           // the child seals, opens or loads a key
	gateKeeping
	gateOpen
	gateBarred
)

// admission tells that an account's new key is kept, or why not.
type admission struct {
	account string
	err     error
}

// passes reports whether a request may go to the child at any time.
func (r request) passes() bool {
	return r.Task == saveTask || r.Task == listTask || r.Task == sealTask
}

// begins reports whether a request brings a key that is kept already.
func (r request) begins() bool { return r.Task == openTask || r.Task == loadTask }

// enter queues an operation, or has it wait before its account's gate.
func (l *ledger) enter(c call) {
	if l.options.Keep == nil || c.request.passes() {
		l.queue = append(l.queue, c)
		return
	}
	g := l.gate(c.request.Account)
	switch {
	case g.state == gateOpen:
		l.queue = append(l.queue, c)
	case g.state == gateBarred:
		l.size -= len(c.packet)
		l.complete(c, reply{}, g.fault)
	case g.state == gateClosed && c.request.begins():
		g.state, g.brings = gateAsking, true
		l.queue = append(l.queue, c)
	case g.state == gateClosed:
		l.hold(g, c)
		l.askForKey(g, c.request.Account)
	default:
		l.hold(g, c)
	}
}

func (l *ledger) gate(account string) *gate {
	g, found := l.gates[account]
	if !found {
		g = &gate{}
		l.gates[account] = g
	}
	return g
}

func (l *ledger) hold(g *gate, c call) {
	g.held = append(g.held, c)
	l.outside++
}

// askForKey has the child make a key, and seal it.
func (l *ledger) askForKey(g *gate, account string) {
	c := call{request: request{Task: sealTask, Account: account}, admits: true, done: func(reply, error) {}}
	if err := l.number(&c); err != nil {
		return // it is a few bytes long
	}
	g.state = gateAsking
	l.size += len(c.packet)
	l.queue = append(l.queue, c)
}

// answered does what an answer of the child's means for a gate.
func (l *ledger) answered(ctx context.Context, c call, r reply) {
	if l.options.Keep == nil || c.kept {
		return
	}
	account, err := c.request.Account, r.Fault.err()
	g := l.gate(account)
	switch {
	case c.admits && err != nil:
		l.admit(ctx, admission{account, err})
	case c.admits:
		g.state = gateKeeping
		key := SealedKey{r.Sealed, r.Key.Tag}
		l.running.Go(func() { l.keepForGood(ctx, account, key) })
	case c.request.begins() && g.state == gateAsking && err != nil:
		l.bar(g, err)
	case c.request.begins() && g.state == gateAsking:
		g.state = gateOpen
		l.release(ctx, g)
	}
}

// keepForGood has the key of an account kept, in a goroutine of its own.
func (l *ledger) keepForGood(ctx context.Context, account string, key SealedKey) {
	jid, err := im.ParseJID(account)
	if err == nil {
		err = l.options.Keep(ctx, jid, key)
	}
	select {
	case l.admitted <- admission{account, err}:
	case <-ctx.Done():
	}
}

// admit opens the gate of an account whose key is kept, or is not and the user is told first.
func (l *ledger) admit(ctx context.Context, k admission) {
	if unkept := l.options.Unkept; k.err != nil && unkept != nil {
		if jid, err := im.ParseJID(k.account); err == nil {
			l.finished = append(l.finished, func() { unkept(jid, k.err) })
		}
	}
	g := l.gate(k.account)
	g.state = gateOpen
	l.release(ctx, g)
}

// release lets go what waits before a gate, in order.
func (l *ledger) release(ctx context.Context, g *gate) {
	l.queue = append(l.queue, g.held...)
	l.outside -= len(g.held)
	g.held = nil
	l.wake(ctx)
}

// refused deals with a key that is kept and could not even be asked for.
func (l *ledger) refused(c call, err error) {
	if l.options.Keep == nil || !c.request.begins() {
		return
	}
	if g := l.gate(c.request.Account); g.state == gateClosed {
		l.bar(g, err)
	}
}

// bar has all that is asked for an account fail: its key is kept, and is not there.
func (l *ledger) bar(g *gate, err error) {
	g.state, g.fault = gateBarred, err
	l.refuse(g, err)
}

func (l *ledger) refuse(g *gate, err error) {
	for _, c := range g.held {
		l.complete(c, reply{}, err)
		l.size -= len(c.packet)
	}
	l.outside -= len(g.held)
	g.held = nil
}

// shut deals with gates when a child has ended: what waits for it has failed like all else, and what waits for the disk
// goes on. A key that was to be opened or loaded is not there, and never replaced by a new one.
func (l *ledger) shut() {
	for _, g := range l.gates {
		switch {
		case g.state == gateAsking && g.brings:
			l.bar(g, ErrDied)
		case g.state == gateAsking:
			g.state = gateClosed
			l.refuse(g, ErrDied)
		}
	}
	l.size = 0
	for _, g := range l.gates {
		for _, c := range g.held {
			l.size += len(c.packet)
		}
	}
}

// dismiss closes what waits before gates when the Engine ends.
func (l *ledger) dismiss() {
	for _, g := range l.gates {
		for _, c := range g.held {
			c.close()
		}
	}
}
