package otr

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

func TestStageRequired(t *testing.T) {
	w, h, p := pair(t)
	h.policy(paulette, im.OTRRequired, false)
	p.policy(hubert, im.OTROpportunistic, true)
	h.say(paulette, "nobody is there")
	h.expect("request failed: service-unavailable")
	h.presence(im.MustJID(paulette+"/old"), im.Away)
	h.happen(im.PresenceReceived{On: h.on(), Presence: im.Presence{From: p.jid, Show: im.Online, Priority: 5}})
	h.took()
	for _, text := range []string{"one", "two"} {
		h.do(im.SendMessage{For: h.ask(), To: p.account, Body: text, Stanza: text})
	}
	h.do(im.SendMessage{For: h.ask(), To: p.jid, Body: "three"})
	h.expect("phone starting because 1")
	w.settle()
	p.expect("tui starting because 2", "tui encrypted because 2", "message tui: one (OTR)", "message tui: two (OTR)", "message tui: three (OTR)")
	h.expect("phone encrypted because 1", "sent encrypted", "sent encrypted", "sent encrypted")
	for _, body := range h.bodies() {
		if KindOf(body) == KindText {
			t.Errorf("sent %q", body)
		}
	}
	h.presence(p.jid, im.Offline)
	h.say(paulette+"/old", "to a device that has no session yet")
	h.expect("im.PresenceReceived", "phone finished because 4", "old starting because 1")
	w.later(startWithin)
	h.expect("request failed: not-encrypted", "old plain because 5")
	w.ended()
}

// TestStageCarriesNothingBeside: what the user switched on goes along, and nothing that is about the text.
func TestStageCarriesNothingBeside(t *testing.T) {
	_, h, p := together(t)
	r := im.SendMessage{For: h.ask(), To: p.jid, Body: "x", Stanza: "s", Replaces: "r", AskReceipt: true, State: true}
	h.do(r)
	h.world.settle()
	want := r
	want.Body, want.Replaces, want.Encryption = h.sent[0].Body, "", im.OTR
	if h.sent[0] != want || KindOf(want.Body) != KindData {
		t.Errorf("sent %+v", h.sent[0])
	}
	p.expect("message tui: x (OTR) (receipt)")
}

// TestStageOtherDevices: there is a session with one device of a contact. The others are no way round it.
func TestStageOtherDevices(t *testing.T) {
	w, h, p := together(t)
	q := w.join(paulette + "/desk")
	h.say(paulette+"/desk", "secret")
	h.expect("request failed: not-encrypted")
	h.start(q)
	q.start(h)
	h.expect("desk starting because 1", "desk encrypted because 1")
	h.say(paulette+"/desk", "for the desk")
	w.later(time.Second)
	h.say(paulette+"/phone", "for the phone")
	h.say(paulette, "for the one spoken with last")
	q.expect("tui offers", "tui starting because 1", "tui encrypted because 1", "message tui: for the desk (OTR)")
	p.expect("message tui: for the phone (OTR)", "message tui: for the one spoken with last (OTR)")
	h.took()
	h.do(im.EndOTR{For: h.ask(), To: im.MustJID(paulette)})
	w.settle()
	if told := h.took(); len(told) != 2 {
		t.Errorf("told %q", told)
	}
	h.say(paulette+"/desk", "in clear")
	q.expect("tui finished because 2", "message tui: in clear (exposed)")
	w.ended()
}

func TestStageStartsWithAnyDevice(t *testing.T) {
	w, h, p := pair(t)
	h.do(im.StartOTR{For: h.ask(), To: p.account})
	h.expect("request failed: service-unavailable")
	h.presence(p.jid, im.Online)
	h.do(im.StartOTR{For: h.ask(), To: p.account})
	h.expect("im.PresenceReceived", "phone starting because 1")
	w.settle()
	p.expect("tui offers")
	w.ended()
}

// TestStageResends has a text come when the other side has no session any more.
func TestStageResends(t *testing.T) {
	for name, row := range map[string]struct {
		between func(w *world, h, p *user)
		h, p    []string
	}{
		"at once":          {func(*world, *user, *user) {}, []string{"phone note 3"}, []string{"message tui: [resent] two (OTR)"}},
		"after a minute":   {func(w *world, _, _ *user) { w.later(resendWithin) }, []string{"phone note 4"}, nil},
		"with another key": {func(_ *world, _, p *user) { p.fake.key = strings.Repeat("ab", 20) }, []string{"phone note 4"}, nil},
		"after a receipt": {func(_ *world, h, p *user) {
			h.happen(im.ReceiptReceived{On: h.on(), From: p.jid, ID: "two"})
			h.took()
		}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w, h, p := together(t)
			p.fake.talks = map[Conversation]*fakeTalk{}
			for _, text := range []string{"one", "two"} {
				h.do(im.SendMessage{For: h.ask(), To: p.jid, Body: text, Stanza: text})
				w.settle()
				p.stage.desks[p.account].peers[h.jid].complained = time.Time{}
			}
			h.expect("sent encrypted", "phone note 2 no session", "sent encrypted", "phone note 2 no session")
			row.between(w, h, p)
			p.took()
			h.start(p)
			h.expect(append([]string{"phone encrypted because 3"}, row.h...)...)
			p.expect(append([]string{"tui starting because 2", "tui encrypted because 2"}, row.p...)...)
			h.start(p)
			h.expect("phone encrypted because 3")
			w.ended()
		})
	}
}

// TestStageHeldForAnotherKey: what was typed for somebody whose key is known does not go to another key.
func TestStageHeldForAnotherKey(t *testing.T) {
	w, h, p := together(t)
	h.presence(p.jid, im.Offline)
	h.took()
	p.fake.key = strings.Repeat("ab", 20)
	p.fake.talks = map[Conversation]*fakeTalk{}
	h.do(im.StartOTR{For: h.ask(), To: p.jid})
	h.do(im.SendMessage{For: h.ask(), To: p.jid, Body: "for the old one"})
	w.settle()
	h.expect("phone starting because 1", "phone encrypted because 1", "request failed: key-changed")
	h.say(paulette+"/phone", "for the new one")
	p.expect("tui finished because 6", "tui starting because 2", "tui encrypted because 2", "message tui: for the new one (OTR)")
	w.ended()
}

func TestStageHoldsNoMoreThanItCan(t *testing.T) {
	w, h, _ := pair(t)
	h.policy(paulette, im.OTRRequired, true)
	for i := range maxHeld + 1 {
		h.say(paulette+"/gone", fmt.Sprint(i))
	}
	h.expect("gone starting because 1", "request failed: queue-full")
	h.policy("ana@example.org", im.OTRRequired, true)
	for range 9 {
		h.say("ana@example.org/x", strings.Repeat("x", MaxText))
	}
	h.expect("x starting because 1", "request failed: queue-full")
	w.later(startWithin)
	if told := h.took(); len(told) != maxHeld+8+2 {
		t.Errorf("told %q", told)
	}
	if sent := h.bodies(); len(sent) != 2 {
		t.Errorf("sent %q", sent)
	}
	w.ended()
}

// TestStageFullAccount has sessions with as many devices as there can be: another one that encryption is required with gets
// no text in clear.
func TestStageFullAccount(t *testing.T) {
	w := newWorld(t)
	h := w.join(hubert + "/tui")
	for i := range maxPeers {
		h.do(im.StartOTR{For: h.ask(), To: im.MustJID(fmt.Sprintf("%d@example.org/x", i))})
	}
	w.settle()
	h.took()
	h.sent = nil
	h.policy("", im.OTRRequired, true)
	h.say("another@example.org/x", "secret")
	h.expect("request failed: queue-full")
	h.do(im.StartOTR{For: h.ask(), To: im.MustJID("another@example.org/x")})
	h.expect("request failed: queue-full")
	h.hear(im.Message{From: im.MustJID("another@example.org/x"), Body: "?OTRv3?"})
	h.expect()
	h.silent()
	w.later(startWithin)
	h.took()
	h.say("another@example.org/x", "secret")
	h.expect("x starting because 1")
}

func TestStagePoliciesAreBounded(t *testing.T) {
	w := newWorld(t)
	h := w.join(hubert + "/tui")
	for i := range maxPolicies + 1 {
		h.policy(fmt.Sprintf("%d@example.org", i), im.OTRManual, false)
	}
	h.expect("request failed: queue-full")
	h.policy("7@example.org", im.OTRRequired, false)
	h.expect()
}
