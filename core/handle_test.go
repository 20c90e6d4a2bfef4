package core

import (
	"fmt"
	"testing"
	"time"

	"traboule/im"
)

var (
	ana      = im.MustJID("ana@example.org")
	paulette = im.MustJID("paulette@example.net")
	noon     = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
)

// newTestCore makes a Core with one account and message ids that count up.
func newTestCore() *Core {
	n := 0
	return New(Options{
		Accounts: []AccountOptions{{JID: ana, Connect: true, Archive: new(bool)}},
		NewID:    func() string { n++; return fmt.Sprintf("id-%d", n) },
	})
}

func TestFirstInputConnects(t *testing.T) {
	c := newTestCore()
	e := c.Handle(noon, Woken{})
	want := im.Connect{For: im.For{Account: ana, ID: 1}}
	if len(e.Send) != 1 || e.Send[0] != want {
		t.Fatalf("sent %v, want %v", e.Send, want)
	}
	if e = c.Handle(noon, Woken{}); len(e.Send) != 0 {
		t.Errorf("the second input sent %v", e.Send)
	}
}

func TestEventsOfOtherAccountsAreDropped(t *testing.T) {
	c := newTestCore()
	e := c.Handle(noon, Received{im.MessageReceived{
		On: im.On{Account: paulette}, Message: im.Message{From: ana, Body: "salut"},
	}})
	if len(e.Show) != 0 {
		t.Errorf("shown: %v", e.Show)
	}
}
