package core

import (
	"testing"
	"time"

	"traboule/im"
)

// TestQuitCountsWhatIsUnsent shows that the end of the client tells how many messages it kept from being sent: the lines that
// say so are not seen any more.
func TestQuitCountsWhatIsUnsent(t *testing.T) {
	ana := im.MustJID("ana@example.org")
	now := time.Unix(0, 0)
	c := New(Options{Accounts: []AccountOptions{{JID: ana, Connect: true}}, NewID: func() string { return "id" }})
	c.Handle(now, Woken{})
	c.Handle(now, Received{Event: im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected, JID: im.MustJID("ana@example.org/x")}})
	for _, text := range []string{"one", "two"} {
		c.Handle(now, Typed{Command: Msg{To: "paulette@example.org", Text: text}})
	}
	c.Handle(now, Typed{Command: Quit{}})
	if v := c.View(); v.Quit || v.Unsent != 0 {
		t.Errorf("at once: quit %v, %d unsent", v.Quit, v.Unsent)
	}
	c.Handle(now.Add(unsentTime), Woken{})
	if v := c.View(); !v.Quit || v.Unsent != 2 {
		t.Errorf("in the end: quit %v, %d unsent, want 2", v.Quit, v.Unsent)
	}
}

// TestQuitTellsWhatIsUnsent: what still waits for encryption when the last account has said goodbye is told to be lost.
func TestQuitTellsWhatIsUnsent(t *testing.T) {
	c := talking(im.OTREncrypted)
	c.Handle(noon, Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected}})
	c.Handle(noon, Received{im.OTRChanged{On: im.On{Account: ana}, Peer: phone, State: im.OTREncrypted, Theirs: fingerprint(1)}})
	c.Handle(noon, Typed{Say{"secret"}})
	var facts []Fact
	for _, r := range c.Handle(noon, Typed{Quit{}}).Send {
		facts = append(facts, c.Handle(noon, Received{im.Done{On: im.On{Account: ana}, Request: r.Number()}}).Show...)
	}
	v := c.View()
	if !v.Quit || v.Unsent != 1 {
		t.Errorf("quit %v, %d unsent, want 1", v.Quit, v.Unsent)
	}
	for _, f := range facts {
		if m, is := f.(MessageStateFact); is && m.State == StateFailed {
			return
		}
	}
	t.Errorf("not told: %v", facts)
}
