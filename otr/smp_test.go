package otr

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/big"
	"reflect"
	"slices"
	"testing"

	"github.com/coyim/otr3"

	"traboule/im"
)

func TestSMP(t *testing.T) {
	for name, row := range map[string]struct {
		question, secret, answer string
		ours, theirs             im.SMPStep
	}{
		"with a question":      {"où ?", "à l'atelier 🧵", "à l'atelier 🧵", im.SMPSucceeded, im.SMPSucceeded},
		"without one":          {"", "a secret", "a secret", im.SMPSucceeded, im.SMPSucceeded},
		"with a wrong answer":  {"où ?", "à l'atelier", "au bureau", im.SMPFailed, im.SMPFailed},
		"with a wrong secret":  {"", "a secret", "A secret", im.SMPFailed, im.SMPFailed},
		"with an empty answer": {"où ?", "à l'atelier", "", im.SMPFailed, im.SMPFailed},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := inSession(t, inside(t))
			a.startSMP(row.question, row.secret)
			exchange(a, b)
			if got := b.takeEvents(); !reflect.DeepEqual(got, []Event{SMP{im.SMPRequested, row.question, 25}}) {
				t.Fatalf("who is asked: %+v", got)
			}
			b.answerSMP(row.answer)
			exchange(a, b)
			if got := a.takeEvents(); !reflect.DeepEqual(got, []Event{SMP{im.SMPProgress, "", 60}, SMP{row.ours, "", 100}}) {
				t.Errorf("who asks: %+v", got)
			}
			if got := b.takeEvents(); !reflect.DeepEqual(got, []Event{SMP{row.theirs, "", 100}}) {
				t.Errorf("who is asked, in the end: %+v", got)
			}
			if len(a.errors)+len(b.errors) > 0 || a.state.Phase != im.OTREncrypted {
				t.Errorf("errors %v, %v, state %+v", a.errors, b.errors, a.state)
			}
		})
	}
}

// onlySMP leaves what is about verification.
func onlySMP(events []Event) []Event {
	return slices.DeleteFunc(events, func(e Event) bool { _, is := e.(SMP); return !is })
}

func TestSMPIsAborted(t *testing.T) {
	for name, abort := range map[string]func(a, b *side){
		"by who asks":            func(a, _ *side) { a.abortSMP() },
		"by who is asked":        func(_, b *side) { b.abortSMP() },
		"by the end":             func(a, _ *side) { a.end() },
		"by the end, of b":       func(_, b *side) { b.end() },
		"by new keys":            func(_, b *side) { b.query() },
		"by who asks, after all": func(a, b *side) { b.answerSMP("là"); a.abortSMP() },
	} {
		t.Run(name, func(t *testing.T) {
			a, b := inSession(t, inside(t))
			a.startSMP("où ?", "là")
			exchange(a, b)
			b.takeEvents()
			abort(a, b)
			exchange(a, b)
			for _, s := range []*side{a, b} {
				if got := onlySMP(s.takeEvents()); !reflect.DeepEqual(got, []Event{SMP{Step: im.SMPAborted}}) {
					t.Errorf("%s: %+v", s.self, got)
				}
			}
		})
	}
}

func TestSMPOutOfOrder(t *testing.T) {
	a, b := inSession(t, inside(t))
	fails := func(s *side, what string, want error) {
		t.Helper()
		if got := s.takeErrors(); len(got) != 1 || !errors.Is(got[0], want) || len(s.outbox) > 0 {
			t.Errorf("%s: %v, %q", what, got, s.outbox)
		}
	}
	a.answerSMP("x")
	fails(a, "an answer to nothing", ErrNoSMP)
	a.abortSMP()
	fails(a, "an abort of nothing", ErrNoSMP)
	a.startSMP("", "x")
	a.answerSMP("x")
	if got := a.takeErrors(); len(got) != 1 || !errors.Is(got[0], ErrNoSMP) {
		t.Errorf("an answer to ourselves: %v", got)
	}
	// They ask again, and only the last question counts.
	a.startSMP("second", "y")
	exchange(a, b)
	got := onlySMP(b.takeEvents())
	want := []Event{SMP{im.SMPRequested, "", 25}, SMP{Step: im.SMPAborted}, SMP{im.SMPRequested, "second", 25}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("asked twice: %+v", got)
	}
	b.answerSMP("y")
	exchange(a, b)
	if got := b.takeEvents(); !reflect.DeepEqual(got, []Event{SMP{im.SMPSucceeded, "", 100}}) {
		t.Errorf("the second: %+v", got)
	}
	a.end()
	a.outbox = nil
	a.startSMP("", "x")
	fails(a, "without a session", ErrNotEncrypted)
}

// TestSMPOfBoth has both ask at once: neither gets a result that is not true.
func TestSMPOfBoth(t *testing.T) {
	a, b := inSession(t, inside(t))
	a.startSMP("", "x")
	b.startSMP("", "x")
	exchange(a, b)
	for _, s := range []*side{a, b} {
		if got := s.takeEvents(); !reflect.DeepEqual(got, []Event{SMP{Step: im.SMPAborted}}) {
			t.Errorf("%s: %+v", s.self, got)
		}
	}
	a.startSMP("", "x")
	exchange(a, b)
	b.answerSMP("x")
	exchange(a, b)
	if got := a.takeEvents(); !reflect.DeepEqual(got[len(got)-1], SMP{im.SMPSucceeded, "", 100}) {
		t.Errorf("afterwards: %+v", got)
	}
}

func TestSMPInVersion2IsRefused(t *testing.T) {
	a, b := twoSides(t, inside(t))
	a.flags = Flags{V2: true}
	a.query()
	exchange(a, b)
	a.takeEvents()
	a.startSMP("", "x")
	if got := a.takeErrors(); len(got) != 1 || !errors.Is(got[0], ErrUnsafeSMP) || len(a.outbox) > 0 {
		t.Errorf("ours: %v, %q", got, a.outbox)
	}
	them := &rogue{t: t, to: a}
	them.shakeHands(2)
	them.say(them.library.StartAuthenticate("who?", []byte("x")))
	if got := a.takeEvents(); !reflect.DeepEqual(got, []Event{Noted{UnsafeSMP}}) || len(a.outbox) != 1 {
		t.Errorf("theirs: %+v, %d answers", got, len(a.outbox))
	}
	a.answerSMP("x")
	if got := a.takeErrors(); len(got) != 1 || !errors.Is(got[0], ErrUnsafeSMP) {
		t.Errorf("an answer: %v", got)
	}
}

// TestSMPInVersion2CanBeForged shows why it is refused: somebody who does not know the secret makes the library say that
// he does. In version 3 it does not. Should this test fail, the library has changed, and version 2 need not be refused.
func TestSMPInVersion2CanBeForged(t *testing.T) {
	for version, want := range map[int]otr3.SMPEvent{2: otr3.SMPEventSuccess, 3: otr3.SMPEventCheated} {
		victim := newLibrary(version)
		events := &smpEvents{}
		victim.SetSMPEventHandler(events)
		forger := newLibrary(version)
		carry(t, forger, victim, []otr3.ValidMessage{forger.QueryMessage()})
		if !victim.IsEncrypted() {
			t.Fatal("no session")
		}
		// What is in the first message does not matter.
		if _, err := victim.StartAuthenticate("", []byte("known to two")); err != nil {
			t.Fatal(err)
		}
		for _, record := range [][]byte{forgedSecond(), forgedLast()} {
			// After a NUL the library sends records of the protocol as they are.
			messages, err := forger.Send(append([]byte{0}, record...))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range messages {
				if _, _, err := victim.Receive(m); err != nil {
					t.Fatal(err)
				}
			}
		}
		if !slices.Contains(events.all, want) {
			t.Errorf("version %d: events %v, want %v", version, events.all, want)
		}
	}
}

type smpEvents struct{ all []otr3.SMPEvent }

func (e *smpEvents) HandleSMPEvent(event otr3.SMPEvent, _ int, _ string) {
	e.all = append(e.all, event)
}

// hashOf is the hash of numbers by which proofs are bound (OTR v3, "Socialist Millionaires' Protocol").
func hashOf(version byte, numbers ...*big.Int) *big.Int {
	row := []byte{version}
	for _, n := range numbers {
		row = otr3.AppendMPI(row, n)
	}
	sum := sha256.Sum256(row)
	return new(big.Int).SetBytes(sum[:])
}

// record is one that carries numbers.
func record(kind uint16, numbers ...*big.Int) []byte {
	content := otr3.AppendWord(nil, uint32(len(numbers)))
	for _, n := range numbers {
		content = otr3.AppendMPI(content, n)
	}
	return append(binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, kind), uint16(len(content))), content...)
}

// forgedSecond is the answer to the first message, with 1 for every public number: no secret enters into anything.
func forgedSecond() []byte {
	zero, one := big.NewInt(0), big.NewInt(1)
	return record(3, one, hashOf(3, one), zero, one, hashOf(4, one), zero, one, one, hashOf(5, one, one), zero, zero)
}

// forgedLast is the last message, likewise.
func forgedLast() []byte {
	one := big.NewInt(1)
	return record(5, one, hashOf(8, one, one), big.NewInt(0))
}
