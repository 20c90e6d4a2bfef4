package main

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"traboule/confine"
	"traboule/dial"
	"traboule/im"
)

// TestTorStatus shows that core hears of each phase and warning by its own name, and why there is no Tor.
func TestTorStatus(t *testing.T) {
	phases := map[dial.TorPhase]im.TorPhase{
		dial.TorLooking: im.TorLooking, dial.TorStarting: im.TorStarting, dial.TorBootstrapping: im.TorBootstrapping,
		dial.TorReady: im.TorReady, dial.TorGone: im.TorGone, dial.TorMissing: im.TorMissing, dial.TorStopped: im.TorMissing,
	}
	for phase, want := range phases {
		if got := torStatus(dial.TorState{Phase: phase}); got.Phase != want {
			t.Errorf("phase %d is told as %d, want %d", phase, got.Phase, want)
		}
	}
	warnings := map[dial.TorWarning]im.TorWarning{
		dial.NoWarning: im.NoTorWarning, dial.TorNoNetwork: im.TorNoNetwork,
		dial.TorClockWrong: im.TorClockWrong, dial.TorBlocked: im.TorBlocked,
	}
	for warning, want := range warnings {
		if got := torStatus(dial.TorState{Warning: warning}); got.Warning != want {
			t.Errorf("warning %d is told as %d, want %d", warning, got.Warning, want)
		}
	}
	got := torStatus(dial.TorState{
		Progress: 45, Summary: "Loading", Skew: time.Hour, Own: true, Where: "127.0.0.1:9050", Control: "127.0.0.1:9051",
		Proved: true, Err: &dial.Error{Kind: dial.NoTor},
	})
	want := im.Tor{
		Phase: im.TorLooking, Progress: 45, Summary: "Loading", Skew: time.Hour, Own: true, Where: "127.0.0.1:9050",
		Asked: true, Proved: true,
	}
	if got.Err == nil || got.Err.Code != im.CodeTorMissing {
		t.Errorf("no Tor for want of %v", got.Err)
	}
	if got.Err = nil; got != want {
		t.Errorf("told %+v, want %+v", got, want)
	}
}

func TestConfinement(t *testing.T) {
	got := confinement(confine.State{
		Landlock: 3, FilesConfined: true, UDPBlocked: true, UnixConfined: true, ProgramsBlocked: true,
		Reasons: []confine.Reason{confine.NoLandlock, confine.OldLandlock, confine.NoSeccomp, confine.UnknownProcessor},
	})
	lacks := []im.ConfinementLack{im.NoLandlock, im.OldLandlock, im.NoSeccomp, im.UnknownProcessor}
	if !got.Wanted || got.Landlock != 3 || !got.Files || got.TCP || !got.UDP || !got.UnixSockets || !got.Programs || !slices.Equal(got.Lacks, lacks) {
		t.Errorf("told %+v", got)
	}
	if got := confinement(confine.State{TCPConfined: true}); !got.TCP || got.Files || got.UDP || got.UnixSockets || got.Programs {
		t.Errorf("told %+v", got)
	}
}

// TestCircuits shows that each request for other circuits ends, and that too many are refused rather than waited for.
func TestCircuits(t *testing.T) {
	events := make(chan im.Event, 100)
	s := &session{events: events}
	c := s.newCircuits()
	c.renew = func(context.Context) bool { return true }
	taken := 0
	for id := range im.RequestID(100) {
		err := c.Send(im.RenewCircuits{For: im.For{ID: id + 1}})
		if f := (*im.Failure)(nil); err != nil && (!errors.As(err, &f) || f.Code != im.CodeQueueFull) {
			t.Fatal(err)
		}
		if err == nil {
			taken++
		}
	}
	if taken == 0 || taken == 100 {
		t.Errorf("%d of 100 requests were taken at once", taken)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go c.run(ctx)
	for id := range im.RequestID(taken) {
		d, is := (<-events).(im.Done)
		if !is || d.Request != id+1 || d.Err != nil || d.Result != (im.CircuitsResult{Asked: true}) || !d.Of().IsZero() {
			t.Errorf("request %d ended as %+v", id+1, d)
		}
	}
}

// TestNoTorLasts shows that a script is told at once that there is no Tor, rather than that it is waited for.
func TestNoTorLasts(t *testing.T) {
	s := &session{tor: dial.NewTor(dial.TorConfig{Places: []string{"unix:/nonexistent/socks"}, NoStart: true})}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go s.tor.Run(ctx)
	err := s.ready(ctx, func(int) {})
	var f *im.Failure
	if !errors.As(err, &f) || f.Code != im.CodeTorMissing || !f.Lasting {
		t.Errorf("got %v, want a lasting failure for want of Tor", err)
	}
	if fault := s.torFault(); fault == nil || fault.Code != im.CodeTorMissing {
		t.Errorf("fault %v", fault)
	}
}
