package otr

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"traboule/im"
)

// patience is for what other processes do; a test that passes does not wait for it.
const patience = 30 * time.Second

// settle calls what an Engine completes, until something holds.
func (e *Engine) settle(t testing.TB, until func() bool) {
	t.Helper()
	late := time.After(patience)
	for !until() {
		select {
		case done := <-e.Completed():
			done()
		case <-late:
			t.Fatal("waited in vain for the engine")
		}
	}
}

// scripted is a child whose answers the test gives.
func scripted(t *testing.T, answer func(request) (reply, bool)) func(context.Context) (net.Conn, error) {
	return func(context.Context) (net.Conn, error) {
		ours, theirs := socketPair(t)
		w, err := newWire(theirs)
		if err != nil {
			return nil, err
		}
		go func() {
			defer w.close()
			for {
				packet, err := w.read()
				if err != nil {
					return
				}
				r, err := decode[request](packet)
				if err != nil {
					t.Error(err)
				}
				a, live := answer(r)
				if !live {
					return
				}
				packet, err = encode(a)
				if err != nil {
					t.Error(err)
				}
				if w.write(packet, nil) != nil {
					return
				}
			}
		}()
		return ours, nil
	}
}

func testConversation() Conversation {
	return Conversation{im.MustJID("hubert@example.org"), im.MustJID("paulette@example.org/phone")}
}

func TestEngineCompletesInOrder(t *testing.T) {
	e := Start(t.Context(), Options{Launch: scripted(t, func(r request) (reply, bool) {
		return reply{ID: r.ID, Result: outcome{Plain: r.Text, HasPlain: true}}, true
	})})
	defer e.Close()
	var got []string
	for _, text := range []string{"one", "two", "three"} {
		e.Receive(testConversation(), Flags{}, text, func(r Result, err error) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, r.Plain)
		})
	}
	e.settle(t, func() bool { return len(got) == 3 })
	if got[0] != "one" || got[1] != "two" || got[2] != "three" {
		t.Errorf("completed %q", got)
	}
}

func TestEngineRefusesAtOnce(t *testing.T) {
	e := Start(t.Context(), Options{Launch: scripted(t, func(request) (reply, bool) { return reply{}, false })})
	defer e.Close()
	var failed error
	e.Encrypt(testConversation(), string(make([]byte, MaxText+1)), func(_ Result, err error) { failed = err })
	e.settle(t, func() bool { return failed != nil })
	if !errors.Is(failed, ErrTooLong) {
		t.Errorf("a text that is too long: %v", failed)
	}
}

// TestEngineOutlivesItsChild has a child end in the middle, and one that answers wrongly: all that was asked fails, and the
// next thing that is asked goes to a new child.
func TestEngineOutlivesItsChild(t *testing.T) {
	for name, last := range map[string]func(request) (reply, bool){
		"it ends":               func(request) (reply, bool) { return reply{}, false },
		"it answers nobody":     func(r request) (reply, bool) { return reply{ID: r.ID + 1000}, true },
		"it answers what it is": func(r request) (reply, bool) { return reply{ID: r.ID, Result: outcome{Send: []string{"clear"}}}, true },
	} {
		t.Run(name, func(t *testing.T) {
			var died []error
			asked := make(chan struct{}) // closed when all was
			launch := scripted(t, func(r request) (reply, bool) {
				if r.Text == "last" {
					<-asked
					return last(r)
				}
				return reply{ID: r.ID}, true
			})
			e := Start(t.Context(), Options{Launch: launch, Died: func(err error) { died = append(died, err) }})
			defer e.Close()
			var results []error
			for _, text := range []string{"good", "last", "lost"} {
				e.Receive(testConversation(), Flags{}, text, func(_ Result, err error) { results = append(results, err) })
			}
			close(asked)
			e.settle(t, func() bool { return len(died) == 1 })
			if len(results) != 3 || results[0] != nil || !errors.Is(results[1], ErrDied) || !errors.Is(results[2], ErrDied) || died[0] == nil {
				t.Errorf("results %v, died %v", results, died)
			}
			e.Receive(testConversation(), Flags{}, "again", func(_ Result, err error) { results = append(results, err) })
			e.settle(t, func() bool { return len(results) == 4 })
			if results[3] != nil {
				t.Errorf("with a new child: %v", results[3])
			}
		})
	}
}

func TestEngineWithoutAChild(t *testing.T) {
	broken := errors.New("no such program")
	var died error
	e := Start(t.Context(), Options{
		Launch: func(context.Context) (net.Conn, error) { return nil, broken },
		Died:   func(err error) { died = err },
	})
	defer e.Close()
	var failed error
	e.Query(testConversation(), Flags{V3: true}, func(_ Result, err error) { failed = err })
	e.settle(t, func() bool { return died != nil })
	if !errors.Is(failed, ErrDied) || !errors.Is(died, broken) {
		t.Errorf("query: %v; died: %v", failed, died)
	}
}

// TestEngineBoundsWhatWaits asks a child that answers nothing for more and more.
func TestEngineBoundsWhatWaits(t *testing.T) {
	stop := make(chan struct{})
	e := Start(t.Context(), Options{Launch: scripted(t, func(request) (reply, bool) { <-stop; return reply{}, false })})
	defer e.Close()
	defer close(stop)
	var refused error
	asked := 0
	for ; refused == nil && asked <= maxPending; asked++ {
		e.Receive(testConversation(), Flags{}, string(make([]byte, 1000)), func(_ Result, err error) { refused = err })
		select {
		case done := <-e.Completed():
			done()
		default:
		}
	}
	e.settle(t, func() bool { return refused != nil })
	if !errors.Is(refused, ErrBusy) {
		t.Errorf("after %d requests: %v", asked, refused)
	}
}

// TestEngineLosesPatience asks a child that is stopped, and so cannot end by itself: what was asked fails, and a new child
// starts.
func TestEngineLosesPatience(t *testing.T) {
	stop := make(chan struct{})
	var died error
	completed := make(chan func())
	l := newLedger(Options{
		Launch: scripted(t, func(request) (reply, bool) { <-stop; return reply{}, false }),
		Died:   func(err error) { died = err },
	}, completed)
	l.patience = 10 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	e := &Engine{calls: make(chan call), completed: completed, cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(e.ended)
		l.run(ctx, e.calls)
	}()
	defer e.Close()
	defer close(stop)
	var failed error
	e.Query(testConversation(), Flags{V3: true}, func(_ Result, err error) { failed = err })
	e.settle(t, func() bool { return died != nil })
	if !errors.Is(failed, ErrDied) || !errors.Is(died, errSilent) {
		t.Errorf("query: %v; died: %v", failed, died)
	}
}
