package core

import (
	"strings"
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

// TestQuitWarnsOfNoSession shows that the sessions which end with the client are told to scripts, and alarm nobody.
func TestQuitWarnsOfNoSession(t *testing.T) {
	ana, peer := im.MustJID("ana@example.org"), im.MustJID("paulette@example.org/x")
	now := time.Unix(0, 0)
	c := New(Options{Accounts: []AccountOptions{{JID: ana, Connect: true}}, NewID: func() string { return "id" }})
	receive := func(e im.Event) Effects { return c.Handle(now, Received{Event: e}) }
	on := im.On{Account: ana}
	c.Handle(now, Woken{})
	receive(im.ConnectionChanged{On: on, State: im.Connected, JID: im.MustJID("ana@example.org/x")})
	key := strings.Repeat("a", 40)
	begun := receive(im.OTRChanged{On: on, Peer: peer, State: im.OTREncrypted, Version: 3, Theirs: key, Ours: key, Reason: im.OTRByUs})
	if spoken(begun) == 0 {
		t.Error("nothing is said of a session that begins")
	}
	c.Handle(now, Typed{Command: Quit{}})
	ended := receive(im.OTRChanged{On: on, Peer: peer, State: im.OTRFinished, Reason: im.OTRDisconnected})
	if spoken(ended) != 0 || len(ended.Show) == 0 {
		t.Errorf("at the end: %+v", ended.Show)
	}
}

// spoken counts what is said of OTR to people.
func spoken(e Effects) int {
	n := 0
	for _, f := range e.Show {
		if added, is := f.(LineAdded); is && added.Line.Notice != nil && strings.HasPrefix(string(added.Line.Notice.Code), "otr-") {
			n++
		}
	}
	return n
}
