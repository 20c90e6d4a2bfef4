package core

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"traboule/im"
)

// wire stands for the connection and the server: it takes messages, loses connections, and knows what arrived.
type wire struct {
	core     *Core
	random   *rand.Rand
	inFlight []im.SendMessage
	sent     map[string]int // how often each message was sent that may have arrived
	acked    map[string]bool
	order    []string // ids in the order in which they were first sent
	faults   []string
}

func (w *wire) handle(in Input) {
	for _, r := range w.core.Handle(noon, in).Send {
		m, ok := r.(im.SendMessage)
		if !ok {
			continue
		}
		if w.acked[m.Stanza] {
			w.faults = append(w.faults, m.Stanza+" was sent after it was acknowledged")
		}
		if !slices.Contains(w.order, m.Stanza) {
			w.order = append(w.order, m.Stanza)
		}
		w.inFlight = append(w.inFlight, m)
	}
}

func (w *wire) connection(state im.ConnState, err *im.Failure) {
	w.handle(Received{im.ConnectionChanged{On: im.On{Account: ana}, State: state, Err: err}})
}

// acknowledge ends the oldest message in flight.
func (w *wire) acknowledge() {
	if len(w.inFlight) == 0 {
		return
	}
	m := w.inFlight[0]
	w.inFlight = w.inFlight[1:]
	w.sent[m.Stanza]++
	w.acked[m.Stanza] = true
	w.handle(Received{im.Done{On: im.On{Account: ana}, Request: m.ID}})
}

// forget ends all that is in flight: a part of it may have arrived, the rest certainly has not.
func (w *wire) forget() {
	lost := w.inFlight
	w.inFlight = nil
	unknown := w.random.IntN(len(lost) + 1)
	for i, m := range lost {
		if i < unknown {
			w.sent[m.Stanza]++
		}
		failure := &im.Failure{Code: im.CodeConnectionLost}
		w.handle(Received{im.Done{On: im.On{Account: ana}, Request: m.ID, Err: failure, Unknown: i < unknown}})
	}
}

// step lets one thing happen.
func (w *wire) step() {
	online := w.core.accounts[0].online()
	switch n := w.random.IntN(10); {
	case n < 4:
		w.handle(Typed{Say{"salut"}})
	case n < 7 && online:
		w.acknowledge()
	case n < 9 && online:
		if w.random.IntN(2) == 0 {
			w.forget()
		}
		w.connection(im.Disconnected, &im.Failure{Code: im.CodeConnectionLost})
	case !online && len(w.inFlight) > 0 && w.random.IntN(2) == 0:
		w.connection(im.Resumed, nil)
	case !online:
		late := w.random.IntN(2) == 0
		if !late {
			w.forget()
		}
		w.connection(im.Connected, nil)
		if late {
			w.forget()
		}
	}
}

// TestEveryMessageEnds cuts the connection again and again. Each message must be sent, or shown as failed; none may be sent
// more than once again, and they must go out in the order in which they were typed.
func TestEveryMessageEnds(t *testing.T) {
	for seed := range uint64(300) {
		c := connectedCore(t)
		w := &wire{core: c, random: rand.New(rand.NewPCG(seed, 2)), sent: make(map[string]int), acked: make(map[string]bool)}
		w.handle(Typed{Query{paulette.String()}})
		for range 200 {
			w.step()
		}
		w.handle(Typed{DisconnectAccount{}})
		w.forget()
		w.connection(im.Disconnected, nil)

		log := c.View().Current.Log
		for i := range log.Len() {
			line := log.At(i)
			switch {
			case line.Notice != nil:
			case line.State == StateSent && !w.acked[line.ID], line.State == StateFailed && w.acked[line.ID],
				line.State != StateSent && line.State != StateFailed:
				t.Errorf("seed %d: %s ends in state %d, acknowledged: %t", seed, line.ID, line.State, w.acked[line.ID])
			case w.sent[line.ID] > 2:
				t.Errorf("seed %d: %s may have arrived %d times", seed, line.ID, w.sent[line.ID])
			}
		}
		last := 0
		for _, id := range w.order {
			var n int
			if _, err := fmt.Sscanf(id, "id-%d", &n); err != nil || n < last {
				t.Errorf("seed %d: %s went out after id-%d", seed, id, last)
			}
			last = n
		}
		for _, fault := range w.faults {
			t.Errorf("seed %d: %s", seed, fault)
		}
	}
}
