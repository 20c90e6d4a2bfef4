package dial

import (
	"context"
	"errors"
	"sync"
	"time"
)

// follow keeps the state true while a Tor runs, and returns when it does not, or when ctx is done. What it waits for are
// events: of Tor where it can be asked, of our own process, of connections that failed.
func (t *Tor) follow(ctx context.Context, i *instance) error {
	var listening sync.WaitGroup
	defer listening.Wait()
	defer i.end()
	t.drain()
	t.used = t.used || i.process == nil
	t.board.update(func(s *TorState) {
		*s = TorState{Phase: TorBootstrapping, Own: i.process != nil, Where: i.where, Control: i.controlAt, Proved: i.proved, looks: s.looks}
		if i.control != nil {
			s.cookie = i.control.cookie
		}
	})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var lines chan string
	if i.control == nil {
		t.hear(i, unasked)
	} else {
		lines = make(chan string)
		listening.Go(func() { i.listen(ctx, lines) })
	}
	t.watch(ctx, i, lines)
	return t.ended(i)
}

// ended says what became of a Tor, and counts how often our own did not even become ready.
func (t *Tor) ended(i *instance) error {
	ready := t.board.now().Phase == TorReady
	if ready && time.Since(t.readySince) > t.pace.steady {
		t.wait = t.pace.again
	}
	if i.process == nil || ready {
		return &Error{Kind: ProxyUnreachable, Target: i.where}
	}
	t.deaths++
	i.end() // before it has ended it has no cause
	return &Error{Kind: TorFailed, Target: i.where, Cause: i.process.cause}
}

// unasked stands for what a Tor would say that may not be asked: it is used as if it were ready.
const unasked = "status/bootstrap-phase=NOTICE BOOTSTRAP PROGRESS=100"

// listen sends what Tor says about itself, first how far it is, until it says nothing more.
func (i *instance) listen(ctx context.Context, lines chan<- string) {
	defer close(lines)
	said, err := i.subscribe()
	for err == nil {
		for _, line := range said {
			select {
			case lines <- line:
			case <-ctx.Done():
				return
			}
		}
		said, err = i.control.Next(ctx)
	}
}

// subscribe asks for events and for how far Tor is. An older Tor, or a filter in front of it, may not know all of them.
func (i *instance) subscribe() ([]string, error) {
	for _, events := range []string{"STATUS_CLIENT STATUS_GENERAL NETWORK_LIVENESS", "STATUS_CLIENT STATUS_GENERAL", "STATUS_CLIENT"} {
		if _, err := i.control.Ask("SETEVENTS " + events); err == nil {
			break
		}
	}
	phase, err := i.control.Ask("GETINFO status/bootstrap-phase")
	if refused := new(ControlError); errors.As(err, &refused) {
		return []string{unasked}, nil
	}
	return phase, err
}

// watch waits for what changes the state of a Tor, and returns when the Tor has ended. lines is nil if it can not be asked.
func (t *Tor) watch(ctx context.Context, i *instance, lines <-chan string) {
	again, seen := t.pace.stall, -1
	stalled := time.NewTimer(again)
	defer stalled.Stop()
	var ended <-chan struct{}
	if i.process != nil {
		ended = i.process.ended
	}
	for {
		if t.board.now().Phase == TorReady {
			stalled.Stop()
		}
		select {
		case <-ctx.Done():
			return
		case <-ended:
			return
		case line, open := <-lines:
			if !open {
				return
			}
			t.hear(i, line)
		case <-stalled.C:
			progress := t.board.now().Progress
			if t.doubt(ctx, i, progress == seen) {
				again = min(2*again, t.pace.nudgeMax)
				stalled.Reset(again)
			}
			seen = progress
		case <-t.silent:
			if !t.answers(ctx, i) {
				return
			}
		}
	}
}

// hear takes one line of Tor.
func (t *Tor) hear(i *instance, line string) {
	before := t.board.now().Phase
	t.board.update(func(s *TorState) { s.hear(line) })
	if before != TorReady && t.board.now().Phase == TorReady {
		t.used, t.owner, t.deaths, t.readySince = true, i.process != nil, 0, time.Now()
	}
}

// doubt takes a Tor that has reached nobody for a while for one without a network, and one that got no further since the
// doubt before, stuck, for one that is blocked: Tor itself says so after minutes only, or never. Once it is told that there is
// no network, our own is woken at each further doubt, because it would wait longer and longer before it tries again. It
// reports whether there may be a reason to doubt later.
func (t *Tor) doubt(ctx context.Context, i *instance, stuck bool) bool {
	s := t.board.now()
	switch {
	case s.Phase != TorBootstrapping:
		return false
	case s.Warning == NoWarning && s.Progress <= offline:
		t.board.update(func(s *TorState) { s.Warning = TorNoNetwork })
	case s.Warning == NoWarning && stuck:
		t.board.update(func(s *TorState) { s.Warning = TorBlocked })
	case s.Progress <= offline && i.process != nil:
		t.order(ctx, i.controlAt, "SETCONF DisableNetwork=1", "SETCONF DisableNetwork=0")
	}
	return true
}

// drain forgets complaints about the Tor before.
func (t *Tor) drain() {
	select {
	case <-t.silent:
	default:
	}
}

// answers reports whether the Tor is still what it was.
func (t *Tor) answers(ctx context.Context, i *instance) bool {
	proved, err := t.prove(ctx, i.where)
	return err == nil && (proved || !i.proved)
}

// end lets go of a Tor; our own ends with it.
func (i *instance) end() {
	if i.control != nil {
		i.control.Close()
	}
	if i.process != nil {
		i.process.end()
	}
}
