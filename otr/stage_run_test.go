package otr

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"traboule/im"
)

// sink takes requests, on a channel that never blocks.
type sink chan im.Request

func (s sink) Send(r im.Request) error {
	select {
	case s <- r:
		return nil
	default:
		return &im.Failure{Code: im.CodeQueueFull}
	}
}

// running is a stage that runs.
type running struct {
	stage  *Stage
	engine *fakeEngine
	events chan im.Event
	out    chan im.Event
	client sink
}

func run(t *testing.T) *running {
	t.Helper()
	return runWith(t, func(e *fakeEngine) engine { return e })
}

func runWith(t *testing.T, wrap func(*fakeEngine) engine) *running {
	t.Helper()
	r := &running{engine: newFakeEngine("x"), events: make(chan im.Event), out: make(chan im.Event), client: make(sink, 100)}
	r.stage = NewStage(StageOptions{
		Engine: wrap(r.engine), Clients: map[im.JID]Sender{im.MustJID(hubert): r.client}, Events: r.events, Out: r.out, NewID: func() string { return "id" },
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- r.stage.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	return r
}

func TestStageRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t)
		f := im.For{Account: im.MustJID(hubert), ID: 1}
		if err := r.stage.Send(im.SetOTRPolicy{For: f, Policy: im.OTRRequired}); err != nil {
			t.Fatal(err)
		}
		if d := (<-r.out).(im.Done); d.Err != nil {
			t.Errorf("%+v", d)
		}
		began := time.Now()
		if err := r.stage.Send(im.SendMessage{For: f, To: im.MustJID(paulette + "/x"), Body: "held"}); err != nil {
			t.Fatal(err)
		}
		if c := (<-r.out).(im.OTRChanged); c.State != im.OTRStarting {
			t.Errorf("%+v", c)
		}
		if q := (<-r.client).(im.SendMessage); q.Body != "?OTRv23?" || q.Stanza != "id" {
			t.Errorf("%+v", q)
		}
		r.events <- im.RosterChanged{}
		if e, is := (<-r.out).(im.RosterChanged); !is {
			t.Errorf("%+v", e)
		}
		if d := (<-r.out).(im.Done); d.Err == nil || time.Since(began) != startWithin {
			t.Errorf("%+v after %v", d, time.Since(began))
		}
		if c := (<-r.out).(im.OTRChanged); c.State != im.OTRPlain {
			t.Errorf("%+v", c)
		}
	})
}

// TestStageNeverBlocksTheLoop asks for more and more while the loop takes nothing.
func TestStageNeverBlocksTheLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t)
		var refused error
		asked := 0
		for ; refused == nil; asked++ {
			refused = r.stage.Send(im.SendMessage{For: im.For{Account: im.MustJID(hubert), ID: im.RequestID(asked)}, To: im.MustJID(paulette), Body: "x"})
		}
		if failure := (*im.Failure)(nil); !errors.As(refused, &failure) || failure.Code != im.CodeQueueFull || asked > 10*mailbox {
			t.Errorf("after %d: %v", asked, refused)
		}
		if err := r.stage.Send(im.Connect{For: im.For{Account: im.MustJID(paulette)}}); err == nil {
			t.Error("took a request for an account that there is not")
		}
	})
}

// idle is an engine that takes work and does none.
type idle struct{ *fakeEngine }

func (idle) Completed() <-chan func() { return nil }

// TestStageMakesClientsWait gives events while the loop takes none, and while the engine does nothing.
func TestStageMakesClientsWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t)
		if n := r.push(im.RosterChanged{On: im.On{Account: im.MustJID(hubert)}}); n != maxReady {
			t.Errorf("%d events were taken that nobody takes", n)
		}
		r = runWith(t, func(e *fakeEngine) engine { return idle{e} })
		if err := r.stage.Send(im.SetOTRPolicy{For: im.For{Account: im.MustJID(hubert)}, Policy: im.OTROpportunistic, Known: true}); err != nil {
			t.Fatal(err)
		}
		<-r.out
		data := im.MessageReceived{On: im.On{Account: im.MustJID(hubert)}, Message: im.Message{From: im.MustJID(paulette + "/x"), Body: "?OTR:AAMDx."}}
		if n := r.push(data); n != maxWaiting+1 {
			t.Errorf("%d messages were taken that nobody reads", n)
		}
	})
}

// push gives an event again and again until it is not taken.
func (r *running) push(e im.Event) int {
	for n := 0; ; n++ {
		select {
		case r.events <- e:
		case <-time.After(time.Second):
			return n
		}
	}
}

// TestStageBoundsWhatWaits has one device send while the engine does nothing: no more is taken than can be kept.
func TestStageBoundsWhatWaits(t *testing.T) {
	w, h, p := together(t)
	text := h.sealed(p, strings.Repeat("x", 10_000))
	n := 0
	for p.stage.waiting < maxWaiting && p.stage.weight < maxWaitingBytes {
		p.happen(im.MessageReceived{On: p.on(), Message: im.Message{From: h.jid, Body: text}})
		n++
	}
	if n > maxWaiting || p.stage.weight > maxWaitingBytes+2*MaxMessage {
		t.Errorf("%d wait, of %d bytes", n, p.stage.weight)
	}
	w.settle()
	if got := p.took(); len(got) != n {
		t.Errorf("%d came of %d", len(got), n)
	}
	w.ended()
}
