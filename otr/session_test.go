package otr

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"traboule/im"
)

// secured checks that both are in the session of which the other thinks it is.
func secured(t *testing.T, a, b *side, version int) {
	t.Helper()
	x, y := a.state, b.state
	if x.Phase != im.OTREncrypted || y.Phase != im.OTREncrypted || x.Version != version || y.Version != version {
		t.Fatalf("states %+v and %+v", x, y)
	}
	if x.Ours != y.Theirs || x.Theirs != y.Ours || x.Ours == y.Ours || len(x.Ours) != 40 {
		t.Errorf("fingerprints %+v and %+v", x, y)
	}
	if x.SessionID != y.SessionID || len(x.SessionID) != 16 {
		t.Errorf("sessions %q and %q", x.SessionID, y.SessionID)
	}
	if version == 3 && (x.OurTag != y.TheirTag || x.TheirTag != y.OurTag || x.OurTag < minTag) {
		t.Errorf("instance tags %+v and %+v", x, y)
	}
	a.encrypt("from one")
	b.encrypt("from the other")
	exchange(a, b)
	if got := append(a.takeTexts(), b.takeTexts()...); !slices.Equal(got, []string{"from the other", "from one"}) {
		t.Errorf("texts %q", got)
	}
}

func TestHandshake(t *testing.T) {
	v2, v3 := Flags{V2: true, AnswerTag: true}, Flags{V3: true, AnswerTag: true}
	for name, row := range map[string]struct {
		a, b    Flags
		start   func(a, b *side)
		version int
	}{
		"by a query":                 {allFlags(), allFlags(), func(a, _ *side) { a.query() }, 3},
		"by a query, one 3":          {allFlags(), v3, func(a, _ *side) { a.query() }, 3},
		"by a query, one 2":          {allFlags(), v2, func(a, _ *side) { a.query() }, 2},
		"by a query, both 2":         {v2, v2, func(a, _ *side) { a.query() }, 2},
		"by a tag":                   {allFlags(), allFlags(), func(a, b *side) { b.receive(AddTag("salut", a.flags)) }, 3},
		"by a tag, version 2":        {v2, allFlags(), func(a, b *side) { b.receive(AddTag("salut", a.flags)) }, 2},
		"by both at once":            {allFlags(), allFlags(), func(a, b *side) { a.query(); b.query() }, 3},
		"by both at once, version 2": {v2, v2, func(a, b *side) { a.query(); b.query() }, 2},
		"by many queries": {allFlags(), allFlags(), func(a, b *side) {
			for range 5 {
				a.query()
				b.query()
			}
		}, 3},
		"by tags both ways": {allFlags(), allFlags(), func(a, b *side) {
			b.receive(AddTag("salut", a.flags))
			a.receive(AddTag("salut", b.flags))
		}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := twoSides(t, inside(t))
			a.flags, b.flags = row.a, row.b
			row.start(a, b)
			exchange(a, b)
			for _, s := range []*side{a, b} {
				if got := s.takeEvents(); !reflect.DeepEqual(got, []Event{Secured{}}) {
					t.Errorf("events %+v", got)
				}
				for _, text := range s.takeTexts() {
					if text != "clear: salut" {
						t.Errorf("text %q", text)
					}
				}
			}
			secured(t, a, b, row.version)
		})
	}
}

// TestHandshakeOfBothManyTimes tries both outcomes of who of the two counts.
func TestHandshakeOfBothManyTimes(t *testing.T) {
	a, b := twoSides(t, inside(t))
	for range 8 {
		a.query()
		b.query()
		exchange(a, b)
		secured(t, a, b, 3)
		a.end()
		exchange(a, b)
		b.end()
	}
}

func TestHandshakeThatIsNotAllowed(t *testing.T) {
	a, b := twoSides(t, inside(t))
	for name, row := range map[string]struct {
		theirs Flags
		text   string
		want   []Event
	}{
		"of version 2":           {Flags{V3: true}, "?OTRv2?", []Event{Noted{Unsupported}}},
		"of version 1":           {allFlags(), "?OTR?", []Event{Noted{Unsupported}}},
		"of version 4":           {allFlags(), "?OTRv4?", []Event{Noted{Unsupported}}},
		"at all":                 {Flags{}, "?OTRv23?", []Event{Noted{Unsupported}}},
		"by a tag":               {Flags{V3: true}, AddTag("salut", allFlags()), nil},
		"by a tag of version 2":  {Flags{V3: true, AnswerTag: true}, AddTag("salut", Flags{V2: true}), nil},
		"by a message of 1":      {allFlags(), "?OTR:AAEKxxxx.", []Event{Noted{Unsupported}}},
		"by one of version 2":    {Flags{V3: true}, "?OTR:AAICAAAA.", []Event{Noted{Unsupported}}},
		"in a text about it":     {allFlags(), "try ?OTRv3? or ?OTR:AAMC", nil},
		"in a text that is none": {allFlags(), "?OTR is for two", nil},
	} {
		t.Run(name, func(t *testing.T) {
			b.flags = row.theirs
			b.receive(row.text)
			if got := b.takeEvents(); !reflect.DeepEqual(got, row.want) || len(b.outbox) > 0 || b.state.Phase != im.OTRPlain || b.state.Handshake {
				t.Errorf("events %+v, answer %q, state %+v", got, b.outbox, b.state)
			}
			b.outbox = nil
		})
	}
	a.flags = Flags{}
	a.query()
	if got := a.takeErrors(); len(got) != 1 || len(a.outbox) > 0 {
		t.Errorf("a query for nothing: %v, %q", got, a.outbox)
	}
}

func TestTextsArriveAsTheyWereSent(t *testing.T) {
	for _, version := range []Flags{{V3: true}, {V2: true}} {
		a, b := twoSides(t, inside(t))
		a.flags, b.flags = version, version
		a.query()
		exchange(a, b)
		for _, text := range []string{
			"salut", "Ça va où ? ÀÉÎÕÜ", "🧵👩‍👩‍👧 ❤️", "line\nline\r\n\ttab", "<b>&amp;</b>", "?OTRv3?", "?OTR Error: no", " ", "/me laughs",
			strings.Repeat("é", MaxText/2), tagBase + tagV3,
		} {
			for _, from := range []*side{a, b} {
				from.encrypt(text)
				exchange(a, b)
			}
			for _, to := range []*side{a, b} {
				if got := to.takeTexts(); !slices.Equal(got, []string{text}) {
					t.Errorf("%.20q became %.40q", text, got)
				}
			}
		}
		a.encrypt("nul\x00\x00\x01\x00\x00") // would be the record by which a session is ended
		exchange(a, b)
		if got := b.takeTexts(); !slices.Equal(got, []string{"nul\x01"}) || b.state.Phase != im.OTREncrypted {
			t.Errorf("with records of the protocol: %q, %+v", got, b.state)
		}
		a.encrypt("")
		exchange(a, b)
		if got := b.takeTexts(); len(got) > 0 {
			t.Errorf("nothing became %q", got)
		}
		if len(a.errors)+len(b.errors) > 0 {
			t.Errorf("errors %v, %v", a.errors, b.errors)
		}
	}
}

// TestLengthSaysLittle: short texts give messages of one length.
func TestLengthSaysLittle(t *testing.T) {
	a, b := inSession(t, inside(t))
	lengths := map[int]bool{}
	for _, text := range []string{"y", "no", "perhaps", strings.Repeat("x", 250)} {
		a.encrypt(text)
		lengths[len(a.outbox[0])] = true
		a.outbox = nil
	}
	a.encrypt(strings.Repeat("x", 252))
	if len(lengths) != 1 || lengths[len(a.outbox[0])] {
		t.Errorf("lengths %v, and %d for a long text", lengths, len(a.outbox[0]))
	}
	_ = b
}

func TestEnd(t *testing.T) {
	for name, launch := range map[string]bool{"by us": true, "by them": false} {
		t.Run(name, func(t *testing.T) {
			a, b := inSession(t, inside(t))
			ends, hears := a, b
			if !launch {
				ends, hears = b, a
			}
			theirs := hears.state.Theirs
			ends.end()
			if ends.state.Phase != im.OTRPlain || ends.state.Theirs != "" || len(ends.outbox) != 1 {
				t.Errorf("who ends it: %+v, %d messages", ends.state, len(ends.outbox))
			}
			exchange(a, b)
			if got := hears.takeEvents(); !reflect.DeepEqual(got, []Event{Ended{}}) || hears.state.Phase != im.OTRFinished || hears.state.Theirs != theirs {
				t.Errorf("who hears of it: %+v, %+v", got, hears.state)
			}
			hears.encrypt("not to be sent")
			if got := hears.takeErrors(); len(got) != 1 || !errors.Is(got[0], ErrNotEncrypted) || len(hears.outbox) > 0 {
				t.Errorf("a text afterwards: %v, %q", got, hears.outbox)
			}
			hears.receive("in clear")
			if got := hears.takeEvents(); !reflect.DeepEqual(got, []Event{Noted{Unencrypted}}) {
				t.Errorf("a text in clear afterwards: %+v", got)
			}
			hears.end()
			if hears.state.Phase != im.OTRPlain || len(hears.outbox) > 0 {
				t.Errorf("ended by both: %+v, %q", hears.state, hears.outbox)
			}
			hears.takeTexts()
			ends.query()
			exchange(a, b)
			secured(t, a, b, 3)
		})
	}
}

func TestTextInClearWhileEncrypted(t *testing.T) {
	_, b := inSession(t, inside(t))
	b.receive("in clear")
	if got := b.takeEvents(); !reflect.DeepEqual(got, []Event{Noted{Unencrypted}}) || b.state.Phase != im.OTREncrypted {
		t.Errorf("events %+v, %+v", got, b.state)
	}
	if got := b.takeTexts(); !slices.Equal(got, []string{"clear: in clear"}) {
		t.Errorf("texts %q", got)
	}
}

// TestKeysAreRenewed exchanges the keys of a session anew, with the same person and with another.
func TestKeysAreRenewed(t *testing.T) {
	a, b := inSession(t, inside(t))
	before, session := a.state.Theirs, a.state.SessionID
	b.query()
	exchange(a, b)
	if got := a.takeEvents(); !reflect.DeepEqual(got, []Event{Secured{Before: before}}) || a.state.SessionID == session || a.state.Theirs != before {
		t.Errorf("events %+v, state %+v", got, a.state)
	}
	secured(t, a, b, 3)

	other := stranger(t, inside(t), b)
	other.query()
	exchange(a, other)
	if got := a.takeEvents(); !reflect.DeepEqual(got, []Event{Secured{Before: before}}) || a.state.Theirs == before || a.state.Theirs != other.state.Ours {
		t.Errorf("with somebody else: events %+v, state %+v", got, a.state)
	}
	secured(t, a, other, 3)
}

// TestNothingIsSentAgain: the library keeps all that was sent, to send it once more after an error to whoever shakes hands
// next. It must not.
func TestNothingIsSentAgain(t *testing.T) {
	a, b := inSession(t, inside(t))
	a.encrypt("a secret for b alone")
	exchange(a, b)
	a.receive("?OTR Error: please once more")
	other := stranger(t, inside(t), b)
	other.query()
	exchange(a, other)
	if got := other.takeTexts(); len(got) > 0 {
		t.Errorf("the stranger got %q", got)
	}
	if a.state.Theirs != other.state.Ours {
		t.Errorf("state %+v", a.state)
	}
}

// TestOneSideForgets has one lose the session, as a program that crashed.
func TestOneSideForgets(t *testing.T) {
	a, b := inSession(t, inside(t))
	b.pending++
	b.engine.Forget(b.conversation(), b.done)
	b.wait()
	if b.state.Phase != im.OTRPlain || len(b.outbox) > 0 {
		t.Errorf("forgotten: %+v, %q", b.state, b.outbox)
	}
	for range 3 {
		a.encrypt("unreadable")
		exchange(a, b)
	}
	if got := b.takeEvents(); !reflect.DeepEqual(got, []Event{Noted{NotPrivate}, Noted{NotPrivate}, Noted{NotPrivate}}) {
		t.Errorf("who forgot: %+v", got)
	}
	// Of one cause the other side is told once, and an error is not answered.
	if got := a.takeEvents(); !reflect.DeepEqual(got, []Event{PeerError{complaint(NotPrivate)}}) || a.state.Phase != im.OTREncrypted {
		t.Errorf("who did not: %+v, %+v", got, a.state)
	}
	b.query()
	exchange(a, b)
	secured(t, a, b, 3)
}

// TestAnotherDevice: a message for another of our devices, or from another of theirs, is left alone.
func TestAnotherDevice(t *testing.T) {
	a, b := inSession(t, inside(t))
	a.encrypt("for b alone")
	forB := a.outbox[0]
	a.outbox = nil
	other := newSide(t, inside(t), b.self, b.peer)
	other.receive(forB)
	if got := other.takeEvents(); !reflect.DeepEqual(got, []Event{Noted{OtherInstance}}) || len(other.outbox) > 0 {
		t.Errorf("another device: %+v, %q", got, other.outbox)
	}
	other.query()
	exchange(a, other)
	a.takeEvents()
	b.encrypt("from the first device")
	exchange(a, b)
	if got := a.takeEvents(); !reflect.DeepEqual(got, []Event{Noted{OtherInstance}}) || len(a.takeTexts()) > 0 {
		t.Errorf("from the first device: %+v", got)
	}
}

// TestKeyOfOurOwn: whoever has our key has taken it, or is us. It is told where a session begins, not each time its keys are
// renewed.
func TestKeyOfOurOwn(t *testing.T) {
	a := newSide(t, inside(t), im.MustJID("hubert@example.org/tui"), im.MustJID("paulette@example.org/phone"))
	b := newSideWithKey(t, inside(t), a.peer, a.self, KeyName{a.self.String(), "prpl-jabber"})
	begin := func(want ...Event) {
		t.Helper()
		a.query()
		exchange(a, b)
		for _, s := range []*side{a, b} {
			if got := s.takeEvents(); !slices.Equal(got, want) {
				t.Errorf("%s: %+v, want %+v", s.self, got, want)
			}
		}
	}
	begin(Secured{}, Noted{SameKey})
	begin(Secured{Before: a.state.Ours})
}
