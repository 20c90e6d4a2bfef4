package otr

import (
	"context"
	"net"
	"os"
	"testing"

	"traboule/confine"
	"traboule/im"
)

func TestMain(m *testing.M) {
	if confine.IsDoor(os.Args) {
		os.Exit(confine.ServeDoor())
	}
	if IsChild(os.Args) {
		os.Exit(ServeChild())
	}
	os.Exit(m.Run())
}

// apart starts a child as the client does.
func apart(context.Context) (net.Conn, error) { return confine.Attach(ChildName) }

// inside runs a child in a goroutine of the test, for the race detector to watch.
func inside(t testing.TB) func(context.Context) (net.Conn, error) {
	return func(context.Context) (net.Conn, error) {
		ours, theirs := socketPair(t)
		w, err := newWire(theirs)
		if err != nil {
			return nil, err
		}
		c := &child{wire: w, accounts: map[string]*account{}, replies: make(chan response), patience: stuckAfter, hang: func() { t.Error("an operation hangs") }}
		served := make(chan struct{})
		go func() {
			defer close(served)
			c.serve()
		}()
		t.Cleanup(func() { ours.Close(); <-served })
		return ours, nil
	}
}

// side is one of two that talk to each other: an engine with one account, and what came of its operations.
type side struct {
	t       testing.TB
	engine  *Engine
	self    im.JID
	peer    im.JID
	flags   Flags
	died    []error
	pending int

	state  State
	events []Event
	texts  []Result // with a text
	errors []error
	outbox []string
}

func allFlags() Flags {
	return Flags{V3: true, V2: true, AnswerTag: true, Heartbeat: true, ErrorReply: true}
}

// twoSides makes two that can talk to each other.
func twoSides(t testing.TB, launch func(context.Context) (net.Conn, error)) (*side, *side) {
	hubert, paulette := im.MustJID("hubert@example.org/tui"), im.MustJID("paulette@example.org/phone")
	return newSide(t, launch, hubert, paulette), newSide(t, launch, paulette, hubert)
}

// strangerKey is a third key in the file.
const strangerKey = `somebody "else" (at home)`

func newSide(t testing.TB, launch func(context.Context) (net.Conn, error), self, peer im.JID) *side {
	return newSideWithKey(t, launch, self, peer, KeyName{self.String(), "prpl-jabber"})
}

// stranger is somebody else who says to be this side.
func stranger(t testing.TB, launch func(context.Context) (net.Conn, error), pretends *side) *side {
	return newSideWithKey(t, launch, pretends.self, pretends.peer, KeyName{strangerKey, "xmpp"})
}

func newSideWithKey(t testing.TB, launch func(context.Context) (net.Conn, error), self, peer im.JID, key KeyName) *side {
	s := &side{t: t, self: self, peer: peer, flags: allFlags()}
	s.engine = Start(context.Background(), Options{Launch: launch, Died: func(err error) { s.died = append(s.died, err) }})
	t.Cleanup(s.engine.Close)
	// Keys that are made take their time; these are for tests alone.
	file, err := os.Open("testdata/otr.private_key")
	if err != nil {
		t.Fatal(err)
	}
	s.pending++
	s.engine.LoadKey(self.Bare(), key, file, func(k Key, err error) {
		s.pending--
		if err != nil || len(k.Fingerprint) != 40 {
			t.Errorf("key %+v, %v", k, err)
		}
	})
	s.wait()
	return s
}

func (s *side) conversation() Conversation { return Conversation{s.self.Bare(), s.peer} }

// done takes what came of an operation.
func (s *side) done(r Result, err error) {
	s.pending--
	if err != nil {
		s.errors = append(s.errors, err)
		return
	}
	s.state = r.State
	s.events = append(s.events, r.Events...)
	s.outbox = append(s.outbox, r.Send...)
	if r.HasPlain {
		s.texts = append(s.texts, r)
	}
}

// wait waits until all operations have come to their ends.
func (s *side) wait() {
	s.t.Helper()
	s.engine.settle(s.t, func() bool { return s.pending == 0 })
}

// The operations, which are waited for.

func (s *side) receive(text string) {
	s.t.Helper()
	s.pending++
	s.engine.Receive(s.conversation(), s.flags, text, s.done)
	s.wait()
}

func (s *side) encrypt(text string) {
	s.t.Helper()
	s.pending++
	s.engine.Encrypt(s.conversation(), text, s.done)
	s.wait()
}

func (s *side) query() {
	s.t.Helper()
	s.pending++
	s.engine.Query(s.conversation(), s.flags, s.done)
	s.wait()
}

func (s *side) end() {
	s.t.Helper()
	s.pending++
	s.engine.End(s.conversation(), s.done)
	s.wait()
}

func (s *side) startSMP(question, secret string) {
	s.t.Helper()
	s.pending++
	s.engine.StartSMP(s.conversation(), question, secret, s.done)
	s.wait()
}

func (s *side) answerSMP(secret string) {
	s.t.Helper()
	s.pending++
	s.engine.AnswerSMP(s.conversation(), secret, s.done)
	s.wait()
}

func (s *side) abortSMP() {
	s.t.Helper()
	s.pending++
	s.engine.AbortSMP(s.conversation(), s.done)
	s.wait()
}

// takeEvents gives the events since the last call.
func (s *side) takeEvents() []Event {
	events := s.events
	s.events = nil
	return events
}

// takeTexts gives the texts since the last call, those that did not come encrypted with a mark.
func (s *side) takeTexts() []string {
	var texts []string
	for _, r := range s.texts {
		if !r.Encrypted {
			r.Plain = "clear: " + r.Plain
		}
		texts = append(texts, r.Plain)
	}
	s.texts = nil
	return texts
}

// takeErrors gives the errors since the last call.
func (s *side) takeErrors() []error {
	errors := s.errors
	s.errors = nil
	return errors
}

// exchange carries messages between two until both have nothing more to say.
func exchange(a, b *side) {
	a.t.Helper()
	for range 100 {
		if len(a.outbox)+len(b.outbox) == 0 {
			return
		}
		fromA, fromB := a.outbox, b.outbox
		a.outbox, b.outbox = nil, nil
		for _, text := range fromA {
			b.receive(text)
		}
		for _, text := range fromB {
			a.receive(text)
		}
	}
	a.t.Fatal("they never come to an end")
}

// inSession makes two between whom there is a session.
func inSession(t testing.TB, launch func(context.Context) (net.Conn, error)) (*side, *side) {
	t.Helper()
	a, b := twoSides(t, launch)
	a.query()
	exchange(a, b)
	if a.state.Phase != im.OTREncrypted || b.state.Phase != im.OTREncrypted {
		t.Fatalf("no session: %+v, %+v", a.state, b.state)
	}
	a.takeEvents()
	b.takeEvents()
	return a, b
}
