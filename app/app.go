// Package app is the loop: it owns core and its one timer, feeds it all that happens, and carries its effects out. It must
// not decide anything that core could decide, and must never block: whatever is slow is waited for beside the inputs.
package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"traboule/core"
	"traboule/im"
)

// batch is how many waiting events are handled before a View is made: enough that a flood costs one drawing, few enough
// that a key pressed meanwhile is not felt to wait.
const batch = 256

// maxFacts is how many facts may wait for a slow front end before the loop stops taking in more. The network then waits
// for the front end, through TCP, instead of filling the memory.
const maxFacts = 8192

// maxFactBytes bounds what the waiting facts hold: each may be a line of 64 KiB.
const maxFactBytes = 4 << 20

// maxLate is how many commands are taken in while events have to wait: whoever is flooded must be able to end the client, but a
// script must not fill the memory.
const maxLate = 64

// Client is one account on the wire. Send must not block; its error is an *im.Failure.
type Client interface {
	Send(im.Request) error
}

// Keeper keeps records, and answers requests about what it keeps, in the order in which it gets both. Neither call blocks;
// the error of Send is an *im.Failure.
type Keeper interface {
	Keep([]im.Record)
	Send(im.Request) error
	// Full reports whether so much waits that no more should be handed over until Room tells. What is handed over all the
	// same is kept: the loop hands over all that a single input leads to.
	Full() bool
	// Room gives a sign when the keeper was full and is so no more.
	Room() <-chan struct{}
}

// Config is what the loop connects.
type Config struct {
	Core     *core.Core
	Clients  map[im.JID]Client // by bare JID; that of the zero JID does what concerns the whole session
	Events   <-chan im.Event
	Commands <-chan core.Command
	Updates  chan<- core.Update
	// Keeper is nil where nothing is kept. What it tells comes by Stored, which is listened to even while it has no room.
	Keeper Keeper
	Stored <-chan im.Event
	// ExitWhenFailed ends the loop when no account can connect any more: for scripts, which nobody watches.
	ExitWhenFailed bool
}

// Run handles inputs until core says that the client quits, and gives its exit status; or until ctx ends, with the
// context's error.
func Run(ctx context.Context, cfg Config) (status int, err error) {
	l := &loop{Config: cfg, timer: time.NewTimer(time.Hour)}
	l.timer.Stop()
	defer l.timer.Stop()
	return l.run(ctx)
}

// loop is the state of one Run.
type loop struct {
	Config
	timer *time.Timer
	facts []core.Fact
	bytes int  // that facts hold
	late  int  // commands since events had to wait
	dirty bool // the front end has not seen the newest state
	view  core.View
}

func (l *loop) run(ctx context.Context) (int, error) {
	l.handle(core.Woken{})
	l.changed()
	for {
		if l.view.Quit && (!l.dirty || l.view.Panic) { // a panic does not wait for a front end that is stuck
			return l.view.Status, nil
		}
		if err := l.step(ctx); err != nil {
			return core.StatusFailure, err
		}
		if l.ExitWhenFailed && l.allFailed() {
			l.offerLast(ctx)
			return l.view.Status, nil
		}
	}
}

// step waits for one thing to happen and deals with it and all that waits behind it.
func (l *loop) step(ctx context.Context) error {
	events, stored, commands, updates := l.Events, l.Stored, l.Commands, l.Updates
	var room <-chan struct{}
	if l.full() {
		events, stored = nil, nil
	}
	if l.keeperFull() {
		events, room = nil, l.Keeper.Room()
	}
	if events != nil {
		l.late = 0
	} else if l.late >= maxLate {
		commands = nil
	}
	if !l.dirty {
		updates = nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case e := <-events:
		l.handle(core.Received{Event: e})
		l.drain()
	case e := <-stored:
		l.handle(core.Received{Event: e})
	case <-room:
		return nil
	case c := <-commands:
		l.late++
		l.handle(core.Typed{Command: c})
	case <-l.timer.C:
		l.handle(core.Woken{})
	case updates <- core.Update{View: l.view, Facts: l.facts}:
		l.facts, l.bytes, l.dirty = nil, 0, false
		return nil
	}
	l.changed()
	return nil
}

// keeperFull reports whether the keeper must write before anything more is dealt with.
func (l *loop) keeperFull() bool { return l.Keeper != nil && l.Keeper.Full() }

// full reports whether the front end must take the facts before anything more is dealt with.
func (l *loop) full() bool { return len(l.facts) >= maxFacts || l.bytes >= maxFactBytes }

// drain handles what already waits, up to a batch.
func (l *loop) drain() {
	for range batch {
		if l.full() || l.keeperFull() {
			return
		}
		select {
		case e := <-l.Events:
			l.handle(core.Received{Event: e})
		default:
			return
		}
	}
}

// changed makes the View that the front end is offered next.
func (l *loop) changed() {
	l.view = l.Core.View()
	l.dirty = true
}

// handle gives one input to core and carries out what it leads to. A request that cannot be handed over comes back to core
// as a failed one, so that every request ends.
func (l *loop) handle(in core.Input) {
	inputs := []core.Input{in}
	for len(inputs) > 0 {
		effects := l.Core.Handle(time.Now(), inputs[0])
		inputs = inputs[1:]
		if l.Keeper != nil && len(effects.Keep) > 0 {
			l.Keeper.Keep(effects.Keep)
		}
		for _, r := range effects.Send {
			if failure := l.send(r); failure != nil {
				done := im.Done{On: im.On{Account: r.Of()}, Request: r.Number(), Err: failure}
				inputs = append(inputs, core.Received{Event: done})
			}
		}
		l.facts = append(l.facts, effects.Show...)
		l.bytes += core.Weight(effects.Show)
		l.wakeAt(effects.WakeAt)
	}
}

func (l *loop) send(r im.Request) *im.Failure {
	client, known := l.Clients[r.Of()]
	if _, about := r.(im.StoreRequest); about {
		client, known = l.Keeper, l.Keeper != nil
	}
	if !known {
		return &im.Failure{Code: im.CodeNoSuchAccount, Detail: r.Of().String()}
	}
	err := client.Send(r)
	if err == nil {
		return nil
	}
	var failure *im.Failure
	if errors.As(err, &failure) {
		return failure
	}
	return &im.Failure{Code: im.CodeNotConnected, Detail: err.Error()}
}

func (l *loop) wakeAt(t time.Time) {
	if t.IsZero() {
		l.timer.Stop()
		return
	}
	l.timer.Reset(max(0, time.Until(t)))
}

// allFailed reports whether no account will connect any more until the user acts.
func (l *loop) allFailed() bool {
	accounts := l.view.Accounts
	return len(accounts) > 0 && !slices.ContainsFunc(accounts, func(a core.AccountView) bool { return a.State != im.Failed })
}

// offerLast gives the front end a moment to show why the loop ends.
func (l *loop) offerLast(ctx context.Context) {
	l.view.Quit = true
	select {
	case l.Updates <- core.Update{View: l.view, Facts: l.facts}:
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
}
