package app

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"traboule/core"
	"traboule/im"
)

// wire is a client that keeps what it is asked for, and answers connects as a server would.
type wire struct {
	events chan im.Event
	asked  []im.Request
	full   bool
}

func (w *wire) Send(r im.Request) error {
	if w.full {
		return &im.Failure{Code: im.CodeQueueFull}
	}
	w.asked = append(w.asked, r)
	return nil
}

// stage is a running loop with both its ends in the test's hands.
type stage struct {
	t        *testing.T
	account  im.JID
	wire     *wire
	commands chan core.Command
	updates  chan core.Update
	ended    chan int
	cancel   context.CancelFunc
}

// session is the client of what belongs to no account: it has other circuits at once.
type session struct{ events chan im.Event }

func (s session) Send(r im.Request) error {
	s.events <- im.Done{Request: r.Number(), Result: im.CircuitsResult{Asked: true}}
	return nil
}

func newStage(t *testing.T, exitWhenFailed bool) *stage {
	return newStageWith(t, Config{ExitWhenFailed: exitWhenFailed})
}

// newStageWith runs a loop with what else is in the Config.
func newStageWith(t *testing.T, cfg Config) *stage {
	account := im.MustJID("ana@example.org")
	ctx, cancel := context.WithCancel(t.Context())
	s := &stage{t, account, &wire{events: make(chan im.Event, 64)}, make(chan core.Command), make(chan core.Update), make(chan int, 1), cancel}
	n := 0
	cfg.Core = core.New(core.Options{
		Accounts: []core.AccountOptions{{JID: account, Connect: true}},
		NewID:    func() string { n++; return "id" + strconv.Itoa(n) },
	})
	cfg.Clients = map[im.JID]Client{account: s.wire, {}: session{s.wire.events}}
	cfg.Events, cfg.Commands, cfg.Updates = s.wire.events, s.commands, s.updates
	go func() {
		status, _ := Run(ctx, cfg)
		s.ended <- status
	}()
	t.Cleanup(cancel)
	return s
}

func (s *stage) message(body string) im.Event {
	from := im.MustJID("paulette@example.org/x")
	return im.MessageReceived{On: im.On{Account: s.account}, Message: im.Message{From: from, To: s.account, Body: body, ID: body}}
}

// bodies returns the texts of an Update's new lines.
func bodies(u core.Update) []string {
	var found []string
	for _, f := range u.Facts {
		if added, is := f.(core.LineAdded); is && added.Line.Notice == nil {
			found = append(found, added.Line.Body)
		}
	}
	return found
}

func TestConnectsAtStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, false)
		<-s.updates
		synctest.Wait()
		if !slices.ContainsFunc(s.wire.asked, func(r im.Request) bool { _, is := r.(im.Connect); return is }) {
			t.Errorf("asked of the wire: %v, want a Connect", s.wire.asked)
		}
	})
}

func TestSlowFrontEndMissesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, false)
		var want, got []string
		for i := range 50 {
			body := "message " + strconv.Itoa(i)
			want = append(want, body)
			s.wire.events <- s.message(body)
			if i%7 == 0 {
				synctest.Wait()
				time.Sleep(time.Minute)
			}
		}
		synctest.Wait()
		for len(got) < len(want) {
			select {
			case u := <-s.updates:
				got = append(got, bodies(u)...)
			case <-time.After(time.Minute):
				t.Fatalf("got %d of %d lines", len(got), len(want))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	})
}

func TestStalledFrontEndStopsTheIntake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, false)
		sent := 0
		for {
			select {
			case s.wire.events <- s.message(strconv.Itoa(sent)):
				sent++
				continue
			case <-time.After(time.Second):
			}
			break
		}
		if sent > 2*maxFacts {
			t.Errorf("the loop took %d events with nobody to show them to", sent)
		}
		got := 0
		for got < sent {
			got += len(bodies(<-s.updates))
		}
		if got != sent {
			t.Errorf("%d lines of %d events", got, sent)
		}
	})
}

// TestStalledFrontEndIsOwedLittle: long lines fill the memory before there are many of them.
func TestStalledFrontEndIsOwedLittle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, false)
		const size = 60_000
		sent := 0
		for s.offer(s.message(strconv.Itoa(sent) + strings.Repeat("x", size))) {
			sent++
		}
		if most := maxFactBytes/size + cap(s.wire.events) + 2; sent > most {
			t.Errorf("the loop took %d long messages with nobody to show them to, more than %d", sent, most)
		}
	})
}

// offer gives an event, and reports whether it was taken in good time.
func (s *stage) offer(e im.Event) bool {
	select {
	case s.wire.events <- e:
		return true
	case <-time.After(time.Second):
		return false
	}
}

func TestFullMailboxFailsTheMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, false)
		s.wire.events <- im.ConnectionChanged{On: im.On{Account: s.account}, State: im.Connected, JID: im.MustJID("ana@example.org/r")}
		synctest.Wait()
		s.wire.full = true
		s.commands <- core.Msg{To: "paulette@example.org", Text: "salut"}
		synctest.Wait()
		var states []core.MessageState
		for _, f := range (<-s.updates).Facts {
			if m, is := f.(core.MessageStateFact); is {
				states = append(states, m.State)
			}
		}
		if !slices.Contains(states, core.StateFailed) {
			t.Errorf("states %v: the message is not shown as failed", states)
		}
	})
}

// TestSessionHasAClient: what belongs to no account is asked of a client of its own, whose answer reaches core.
func TestSessionHasAClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, false)
		s.wire.events <- im.ConnectionChanged{On: im.On{Account: s.account}, State: im.Connected, JID: im.MustJID("ana@example.org/r")}
		synctest.Wait()
		s.commands <- core.NewCircuits{}
		synctest.Wait()
		told := slices.ContainsFunc((<-s.updates).Facts, func(f core.Fact) bool {
			n, is := f.(core.NoticeFact)
			return is && n.Notice.Code == core.NoticeNewCircuits
		})
		moved := slices.ContainsFunc(s.wire.asked, func(r im.Request) bool { _, is := r.(im.Reconnect); return is })
		if !told || !moved {
			t.Errorf("answered: %v; the account moves: %v", told, moved)
		}
	})
}

func TestEndsWhenNoAccountCanConnect(t *testing.T) {
	for code, want := range map[im.Code]int{
		im.CodeLoginRefused: core.StatusLoginRefused, im.CodeDowngrade: core.StatusLoginRefused, im.CodeTorUnavailable: core.StatusTor, im.CodeCertificate: core.StatusFailure,
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newStage(t, true)
			s.wire.events <- im.ConnectionChanged{On: im.On{Account: s.account}, State: im.Failed, Err: &im.Failure{Code: code, Lasting: true}}
			var last core.Update
			for {
				select {
				case last = <-s.updates:
					continue
				case status := <-s.ended:
					if status != want {
						t.Errorf("%s: status %d, want %d", code, status, want)
					}
				}
				break
			}
			if !last.View.Quit {
				t.Errorf("%s: the front end was not told that it ends", code)
			}
		})
	}
}

func TestQuit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, false)
		s.commands <- core.Quit{}
		for {
			select {
			case <-s.updates:
				continue
			case status := <-s.ended:
				if status != 0 {
					t.Errorf("status %d", status)
				}
			case <-time.After(time.Minute):
				t.Error("/quit did not end the loop")
			}
			break
		}
	})
}

func TestCancelEndsTheLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, false)
		s.cancel()
		if status := <-s.ended; status == 0 {
			t.Error("a cancelled loop claims success")
		}
		if _, err := Run(canceled(), Config{Core: core.New(core.Options{NewID: func() string { return "" }})}); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// TestPanicWaitsForNobody: a front end that is stuck and a server that does not answer hold up nothing.
func TestPanicWaitsForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, false)
		s.wire.events <- im.ConnectionChanged{On: im.On{Account: s.account}, State: im.Connected}
		s.commands <- core.Panic{}
		select {
		case status := <-s.ended:
			if status != 0 {
				t.Errorf("status %d", status)
			}
		case <-time.After(time.Second):
			t.Fatal("the loop goes on")
		}
		if !slices.ContainsFunc(s.wire.asked, func(r im.Request) bool { _, is := r.(im.Disconnect); return is }) {
			t.Errorf("asked of the wire: %v, want a Disconnect", s.wire.asked)
		}
	})
}
