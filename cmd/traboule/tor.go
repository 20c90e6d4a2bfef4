package main

import (
	"context"
	"errors"

	"traboule/dial"
	"traboule/im"
)

// findTor looks for Tor, or starts one, and returns what leaves it.
func (s *session) findTor(ctx context.Context) (leave func()) {
	if s.tor == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.tor.Run(ctx)
	}()
	s.settleTor(ctx)
	return func() {
		cancel()
		<-ended
		s.door.Close()
	}
}

// settleTor waits until it is known whether there is a Tor to use, which takes a moment only: that it connects to its
// network is waited for on the screen.
func (s *session) settleTor(ctx context.Context) {
	ctx, settled := context.WithCancel(ctx)
	defer settled()
	s.tor.Watch(ctx, func(state dial.TorState) {
		if state.Phase != dial.TorLooking && state.Phase != dial.TorStarting {
			settled()
		}
	})
}

// torFault is why this session can not use Tor, if that is known by now.
func (s *session) torFault() *im.Failure {
	if s.tor == nil {
		return nil
	}
	state := s.tor.State()
	if state.Phase != dial.TorMissing {
		return nil
	}
	return lasting(state.Err)
}

// ready waits for Tor before an account looks for its server.
func (s *session) ready(ctx context.Context, tell func(progress int)) error {
	told := -1
	err := s.tor.Ready(ctx, func(state dial.TorState) {
		if state.Phase != dial.TorReady && state.Progress != told {
			told = state.Progress
			tell(told)
		}
	})
	if err == nil || ctx.Err() != nil {
		return err
	}
	return lasting(err)
}

// lasting is a failure that asking again does not mend: there was no Tor from the start.
func lasting(err error) *im.Failure {
	var f *im.Failure
	if !errors.As(failure(err), &f) {
		f = &im.Failure{Code: im.CodeTorUnavailable, Detail: err.Error()}
	}
	f.Lasting = true
	return f
}

// tellTor tells core how Tor is now, and returns what it told.
func (s *session) tellTor(ctx context.Context) im.Tor {
	tor := im.Tor{Phase: im.TorUnused}
	if s.tor != nil {
		tor = torStatus(s.tor.State())
	}
	s.post(ctx, im.TorChanged{Tor: tor})
	return tor
}

// watchTor tells core how Tor is when that is no longer what was told, until ctx is done.
func (s *session) watchTor(ctx context.Context, told im.Tor) {
	if s.tor == nil {
		return
	}
	s.tor.Watch(ctx, func(state dial.TorState) {
		if state := torStatus(state); state.Err != nil || state != told {
			told = state
			s.post(ctx, im.TorChanged{Tor: state})
		}
	})
}

// post hands core an event that belongs to no account.
func (s *session) post(ctx context.Context, e im.Event) {
	select {
	case s.events <- e:
	case <-ctx.Done():
	}
}

// torStatus is the state of Tor in the words of core.
func torStatus(s dial.TorState) im.Tor {
	t := im.Tor{
		Phase: torPhase(s.Phase), Progress: s.Progress, Summary: s.Summary, Warning: torWarning(s.Warning), Skew: s.Skew,
		Own: s.Own, Where: s.Where, Proved: s.Proved, Asked: s.Control != "",
	}
	if s.Err != nil {
		t.Err = lasting(s.Err)
	}
	return t
}

func torPhase(p dial.TorPhase) im.TorPhase {
	switch p {
	case dial.TorLooking:
		return im.TorLooking
	case dial.TorStarting:
		return im.TorStarting
	case dial.TorBootstrapping:
		return im.TorBootstrapping
	case dial.TorReady:
		return im.TorReady
	case dial.TorGone:
		return im.TorGone
	default:
		return im.TorMissing
	}
}

func torWarning(w dial.TorWarning) im.TorWarning {
	switch w {
	case dial.TorNoNetwork:
		return im.TorNoNetwork
	case dial.TorClockWrong:
		return im.TorClockWrong
	case dial.TorBlocked:
		return im.TorBlocked
	default:
		return im.NoTorWarning
	}
}

// circuits carries out what concerns the circuits of all accounts.
type circuits struct {
	renew    func(context.Context) (asked bool)
	requests chan im.Request
	post     func(context.Context, im.Event)
}

func (s *session) newCircuits() *circuits {
	c := &circuits{requests: make(chan im.Request, 16), post: s.post}
	c.renew = func(ctx context.Context) bool {
		if s.tor == nil {
			return false
		}
		return s.tor.NewIdentity(ctx)
	}
	return c
}

// Send takes a request and never waits.
func (c *circuits) Send(r im.Request) error {
	select {
	case c.requests <- r:
		return nil
	default:
		return &im.Failure{Code: im.CodeQueueFull}
	}
}

// run answers the requests until ctx is done.
func (c *circuits) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-c.requests:
			c.post(ctx, im.Done{Request: r.Number(), Result: im.CircuitsResult{Asked: c.renew(ctx)}})
		}
	}
}
