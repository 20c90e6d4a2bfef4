package otr

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"traboule/im"
)

// realPair is two with real engines, of whom the second answers by itself.
func realPair(t *testing.T, launch func(context.Context) (net.Conn, error)) (*world, *user, *user) {
	t.Helper()
	w := newWorld(t)
	h := w.joinForReal(t, launch, hubert+"/tui")
	p := w.joinForReal(t, inside(t), paulette+"/phone")
	p.policy(hubert, im.OTROpportunistic, true)
	return w, h, p
}

func TestStageForReal(t *testing.T) {
	w, h, p := realPair(t, inside(t))
	h.start(p)
	h.expect("phone starting because 1", "phone encrypted because 1")
	p.expect("tui starting because 2", "tui encrypted because 2")
	h.say(paulette+"/phone", "çà & là 🐈")
	p.expect("message tui: çà & là 🐈 (OTR)")
	p.say(hubert, "<html>oui &amp; <b>non</b></html>")
	h.expect("sent encrypted", "message phone: <html>oui &amp; <b>non</b></html> (OTR)")
	h.start(p)
	h.expect("phone encrypted because 3")
	p.expect("sent encrypted", "tui encrypted because 3")
	h.hear(im.Message{From: p.jid, Body: "in clear"})
	h.expect("message phone: in clear (exposed)")
	h.do(im.EndOTR{For: h.ask(), To: p.jid})
	w.settle()
	h.expect("phone plain because 1")
	p.expect("tui finished because 2")
	p.say(hubert+"/tui", "secret")
	p.expect("request failed: not-encrypted")
	for _, u := range w.users {
		for _, r := range u.sent {
			if r.Encryption != im.OTR || !strings.HasPrefix(r.Body, "?OTR") {
				t.Errorf("sent %+v", r)
			}
		}
	}
	w.ended()
}

func TestStageForRealBothStart(t *testing.T) {
	w, h, p := realPair(t, inside(t))
	h.do(im.StartOTR{For: h.ask(), To: p.jid})
	p.do(im.StartOTR{For: p.ask(), To: h.jid})
	w.settle()
	h.expect("phone starting because 1", "phone encrypted because 1")
	p.expect("tui starting because 1", "tui encrypted because 1")
	h.say(paulette+"/phone", "x")
	p.expect("message tui: x (OTR)")
	w.ended()
}

func TestStageForRealHoldsAndTags(t *testing.T) {
	w, h, p := realPair(t, inside(t))
	h.policy(paulette, im.OTROpportunistic, true)
	h.say(paulette+"/phone", "by tag")
	h.expect("phone starting because 2", "phone encrypted because 2")
	p.expect("message tui: by tag", "tui starting because 2", "tui encrypted because 2")
	h.presence(p.jid, im.Offline)
	h.policy(paulette, im.OTRRequired, true)
	h.do(im.EndOTR{For: h.ask(), To: p.jid})
	w.settle()
	h.say(paulette+"/phone", "held")
	h.expect("im.PresenceReceived", "phone finished because 4", "phone plain because 1", "phone starting because 1", "phone encrypted because 1", "sent encrypted")
	p.expect("tui encrypted because 3", "message tui: held (OTR)")
	w.ended()
}

// TestStageForRealResends: the other side has lost its session, and says so in its own words.
func TestStageForRealResends(t *testing.T) {
	w, h, p := realPair(t, inside(t))
	h.start(p)
	p.happen(im.ConnectionChanged{On: p.on(), State: im.Connected})
	w.settle()
	h.say(paulette+"/phone", "lost")
	h.start(p)
	h.expect("phone starting because 1", "phone encrypted because 1", "sent encrypted",
		"phone note 2 You sent encrypted data, and I have no session to read it in.", "phone encrypted because 3", "phone note 3")
	p.expect("tui starting because 2", "tui encrypted because 2", "im.ConnectionChanged", "tui finished because 7", "tui note 1",
		"tui starting because 2", "tui encrypted because 2", "message tui: [resent] lost (OTR)")
	w.ended()
}

func TestStageForRealVerifies(t *testing.T) {
	w, h, p := realPair(t, inside(t))
	h.start(p)
	h.took()
	p.took()
	for _, row := range []struct {
		answer string
		step   string
	}{{"chat noir", "SMP 3"}, {"chien", "SMP 4"}} {
		h.do(im.StartSMP{For: h.ask(), To: p.jid, Question: "quel chat ?", Secret: "chat noir"})
		w.settle()
		p.expect("tui SMP 1 quel chat ?")
		p.do(im.AnswerSMP{For: p.ask(), To: h.jid, Secret: row.answer})
		w.settle()
		p.expect("tui " + row.step)
		h.expect("phone SMP 2", "phone "+row.step)
	}
	p.do(im.StartSMP{For: p.ask(), To: h.jid, Secret: "x"})
	w.settle()
	p.do(im.AbortSMP{For: p.ask(), To: h.jid})
	w.settle()
	p.expect("tui SMP 5")
	h.expect("phone SMP 1", "phone SMP 5")
	w.ended()
}

// TestStageForRealChildDies cuts the child off in the middle of a conversation.
func TestStageForRealChildDies(t *testing.T) {
	var child net.Conn
	launch := inside(t)
	w, h, p := realPair(t, func(ctx context.Context) (conn net.Conn, err error) {
		conn, err = launch(ctx)
		child = conn
		return conn, err
	})
	h.start(p)
	h.took()
	p.took()
	h.sent = nil
	child.Close()
	h.workOnce() // it is told to have died
	h.expect("phone finished because 6")
	h.say(paulette+"/phone", "secret")
	h.expect("request failed: not-encrypted")
	h.silent()
	p.say(hubert+"/tui", "are you there?")
	h.expect("message phone:  (hint OTR)") // nothing says that she may know of us
	p.expect("sent encrypted")
	h.start(p)
	h.expect("phone starting because 1", "phone encrypted because 1")
	p.expect("tui encrypted because 3")
	h.say(paulette+"/phone", "again")
	p.expect("message tui: again (OTR)")
	w.ended()
}

// manySessions is somebody in a session with each of many.
func manySessions(t testing.TB, launch func(context.Context) (net.Conn, error), many int) (*world, *user, []*user) {
	t.Helper()
	w := newWorld(t)
	h := w.joinForReal(t, launch, hubert+"/tui")
	var others []*user
	for i := range many {
		other := w.joinWithKey(t, launch, im.MustJID(fmt.Sprintf("p%d@example.org/phone", i)), paulette+"/phone")
		other.policy(hubert, im.OTROpportunistic, true)
		h.start(other)
		other.expect("tui starting because 2", "tui encrypted because 2")
		others = append(others, other)
	}
	return w, h, others
}

// TestStageForRealSaysGoodbyeToAll: whoever ends the program has all the others know before they are gone.
func TestStageForRealSaysGoodbyeToAll(t *testing.T) {
	w, h, others := manySessions(t, inside(t), 20)
	h.sent = nil
	quit := im.Disconnect{For: h.ask()}
	h.do(quit)
	h.work()
	if len(h.sent) != len(others) || len(h.others) != 1 || h.others[0] != quit {
		t.Fatalf("%d goodbyes to %d others, then %v", len(h.sent), len(others), h.others)
	}
	w.settle()
	for _, other := range others {
		other.expect("tui finished because 2")
	}
	w.ended()
}

// TestStageForRealInAMirror has somebody send back whatever we say.
func TestStageForRealInAMirror(t *testing.T) {
	w := newWorld(t)
	h := w.joinForReal(t, inside(t), hubert+"/tui")
	mirror := im.MustJID(paulette + "/phone")
	h.do(im.StartOTR{For: h.ask(), To: mirror})
	w.settle()
	h.hear(im.Message{From: mirror, Body: h.bodies()[0]})
	answer := h.bodies()[0]
	for range 3 {
		h.hear(im.Message{From: mirror, Body: answer})
	}
	h.expect("phone starting because 1", "phone note 8")
	h.silent()
	h.do(im.StartOTR{For: h.ask(), To: mirror})
	w.settle()
	h.hear(im.Message{From: mirror, Body: answer})
	h.expect("phone note 8")
	w.later(startWithin)
	h.expect("phone plain because 5")
	w.ended()
}
