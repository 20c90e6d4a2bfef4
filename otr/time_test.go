package otr

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coyim/otr3"
)

// receiveAll has a talk receive messages and tells what it would send.
func receiveAll(t *talk, texts []string) []string {
	t.events, t.send = nil, nil
	for _, text := range texts {
		t.receive(text)
	}
	return t.send
}

// sealed is a text as a message of the session.
func sealed(t *testing.T, from *talk, text string) []string {
	t.Helper()
	from.events, from.send = nil, nil
	if fault := from.encrypt(text); fault != "" {
		t.Fatal(fault)
	}
	return from.send
}

func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, other := insideSession(t)
		beats := func(want int) {
			t.Helper()
			answers := receiveAll(one, sealed(t, other, "salut"))
			if len(answers) != want || slices.Contains(one.events, Event(Noted{HeartbeatOut})) != (want > 0) {
				t.Errorf("%d answers, events %+v", len(answers), one.events)
			}
			other.events = nil
			if more := receiveAll(other, answers); len(more) > 0 || len(other.events) > 0 {
				t.Errorf("to a heartbeat: %q, %+v", more, other.events)
			}
		}
		sealed(t, one, "said lately")
		beats(0)
		time.Sleep(time.Minute + time.Second)
		beats(1)
		beats(0)
		one.flags.Heartbeat = false
		time.Sleep(time.Minute + time.Second)
		beats(0)
	})
}

func TestHandshakeThatStandsStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		account := insideAccount(t, "hubert@example.org", KeyName{})
		one := &talk{account: account, flags: allFlags()}
		query := []string{QueryText(allFlags())}
		first := receiveAll(one, query)
		if len(first) != 1 || !one.state().Handshake {
			t.Fatalf("first offer: %q", first)
		}
		if again := receiveAll(one, query); len(again) > 0 {
			t.Errorf("at once: %q", again)
		}
		time.Sleep(offerPace + time.Second)
		if again := receiveAll(one, query); !slices.Equal(again, first) {
			t.Errorf("after a while: %q, want what was said first", again)
		}
		time.Sleep(handshakeLasts)
		if anew := receiveAll(one, query); len(anew) != 1 || anew[0] == first[0] {
			t.Errorf("when it is stale: %q", anew)
		}
		time.Sleep(handshakeLasts + time.Second)
		if one.expire(); !one.idle() || one.state().Handshake {
			t.Error("it is never forgotten")
		}
	})
}

// TestTagOfAnotherDevice: a message with the instance tag of another device does not keep the right one from the handshake.
func TestTagOfAnotherDevice(t *testing.T) {
	one := &talk{account: insideAccount(t, "hubert@example.org", KeyName{}), flags: allFlags()}
	var last *talk
	for range 3 {
		last = &talk{account: insideAccount(t, "paulette@example.org", KeyName{}), flags: allFlags()}
		commit := receiveAll(last, []string{QueryText(allFlags())})
		if answer := receiveAll(one, commit); len(answer) != 1 {
			t.Fatalf("answers %q, events %+v", answer, one.events)
		}
	}
	commit := last.next.sent
	insideExchange(one, last, receiveAll(one, []string{commit}))
	if one.session == nil || last.session == nil || one.state().TheirTag != last.account.tag {
		t.Errorf("states %+v and %+v", one.state(), last.state())
	}
}

// TestComplaintsAreForgotten: of a cause the other side is told again after a while, and nothing stays in memory for ever.
func TestComplaintsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, other := insideSession(t)
		one.end()
		message := sealed(t, other, "salut")
		if got := receiveAll(one, slices.Repeat(message, 3)); len(got) != 1 {
			t.Errorf("complaints %q", got)
		}
		time.Sleep(complaintLasts + time.Second)
		if got := receiveAll(one, message); len(got) != 1 {
			t.Errorf("later: %q", got)
		}
		time.Sleep(complaintLasts + time.Second)
		if one.expire(); !one.idle() {
			t.Error("it is never forgotten")
		}
	})
}

// TestBothGiveUp has the other side give up its own handshake for ours as we give up ours for its, as libotr does in version 2.
func TestBothGiveUp(t *testing.T) {
	offer := Flags{V2: true}
	for {
		one := &talk{account: insideAccount(t, "hubert@example.org", KeyName{}), flags: offer}
		ours := receiveAll(one, []string{QueryText(offer)})
		begins, answers := newLibrary(2), newLibrary(2)
		_, theirs, err := begins.Receive(otr3.ValidMessage(QueryText(offer)))
		if err != nil || len(ours) != 1 || len(theirs) != 1 {
			t.Fatal(ours, theirs, err)
		}
		if key := receiveAll(one, []string{string(theirs[0])}); key[0] == ours[0] {
			continue // ours counts: try again
		}
		for texts := ours; len(texts) > 0; {
			var back []string
			for _, text := range texts {
				_, messages, err := answers.Receive(otr3.ValidMessage(text))
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range messages {
					back = append(back, string(m))
				}
			}
			texts = receiveAll(one, back)
		}
		if one.session == nil || !answers.IsEncrypted() {
			t.Errorf("state %+v, events %+v", one.state(), one.events)
		}
		return
	}
}
