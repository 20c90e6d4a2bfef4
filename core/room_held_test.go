package core

import (
	"testing"

	"traboule/im"
)

// TestHeldTellsWhatBecomesOfALine: outside of a room, its window says that a text waits exactly where it does.
func TestHeldTellsWhatBecomesOfALine(t *testing.T) {
	lost := Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Disconnected, Err: &im.Failure{Code: im.CodeConnectionLost}}}
	for name, tt := range map[string]struct {
		inputs []Input
		held   bool
	}{
		"in the room":            {nil, false},
		"connection lost":        {[]Input{lost}, true},
		"new session, not in":    {[]Input{lost, Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected}}}, true},
		"left":                   {[]Input{Typed{Part{}}}, false},
		"disconnected by choice": {[]Input{Typed{DisconnectAccount{}}, lost}, false},
		"on the way, given up":   {[]Input{lost, Typed{DisconnectAccount{}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := inGrenoble("hubert")
			for _, in := range tt.inputs {
				c.Handle(noon, in)
			}
			w := c.View().Current
			if w.Held != tt.held {
				t.Errorf("held: %v, want %v", w.Held, tt.held)
			}
			c.Handle(noon, Typed{Say{"salut"}})
			log := c.View().Current.Log
			last := log.At(log.Len() - 1)
			if waits := last.Out && last.State == StatePending; waits != (w.Held || w.Joined) {
				t.Errorf("the line waits or is sent: %v, but held is %v and joined %v", waits, w.Held, w.Joined)
			}
		})
	}
}
