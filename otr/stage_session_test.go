package otr

import (
	"strings"
	"testing"
	"time"

	"traboule/im"
)

const (
	hubert   = "hubert@example.org"
	paulette = "paulette@example.org"
)

func TestStageTalks(t *testing.T) {
	w, h, p := together(t)
	h.say(paulette+"/phone", "salut <b>toi</b>")
	h.expect("sent encrypted")
	p.expect("message tui: salut <b>toi</b> (OTR)")
	p.say(hubert, "çà et là") // to all devices, of which one has a session
	h.expect("message phone: çà et là (OTR)")
	p.expect("sent encrypted")
	for _, u := range w.users {
		for _, r := range u.sent {
			if r.Encryption != im.OTR || r.To.IsBare() || KindOf(r.Body) != KindData {
				t.Errorf("went out as %+v", r)
			}
		}
	}
	w.ended()
}

// TestStageSendsToNoOtherKey has a text that was written for one key wait while the keys are exchanged.
func TestStageSendsToNoOtherKey(t *testing.T) {
	w, h, p := together(t)
	say := func(theirs, text string) {
		h.do(im.SendMessage{For: h.ask(), To: p.jid, Kind: im.Chat, Stanza: "s", Body: text, Theirs: theirs})
		w.settle()
	}
	say(p.fake.key, "right")
	say("another", "wrong")
	h.expect("sent encrypted", "request failed: key-changed")
	p.expect("message tui: right (OTR)")
	h.do(im.EndOTR{For: h.ask(), To: p.jid})
	w.settle()
	h.expect("phone plain because 1")
	say(p.fake.key, "secret")
	h.expect("request failed: not-encrypted")
	h.policy(paulette, im.OTRRequired, true)
	say("another", "for somebody else")
	h.expect("phone starting because 1", "phone encrypted because 1", "request failed: key-changed")
	w.ended()
}

func TestStageNamesTheKeys(t *testing.T) {
	_, h, p := pair(t)
	p.policy(hubert, im.OTROpportunistic, true)
	h.start(p)
	var last im.OTRChanged
	for _, e := range h.events {
		if c, is := e.(im.OTRChanged); is {
			last = c
		}
	}
	if last.Version != 3 || last.Theirs != p.fake.key || last.Ours != h.fake.key || last.SessionID == "" || last.Peer != p.jid || last.Account != h.account {
		t.Errorf("told %+v", last)
	}
	h.events = nil
	h.say(paulette+"/phone", "x")
	if d := h.events[0].(im.Done); d.Result != (im.SentResult{Encryption: im.OTR, Theirs: p.fake.key}) {
		t.Errorf("told %+v", d)
	}
	if m := p.events[len(p.events)-1].(im.MessageReceived).Message; m.Fingerprint != h.fake.key {
		t.Errorf("came as %+v", m)
	}
	h.events = nil
	h.do(im.FetchOTRKey{For: h.ask()})
	h.world.settle()
	if d := h.events[0].(im.Done); d.Result != (im.OTRKeyResult{Fingerprint: h.fake.key}) {
		t.Errorf("told %+v", d)
	}
}

func TestStageBothStartAtOnce(t *testing.T) {
	w, h, p := pair(t)
	h.do(im.StartOTR{For: h.ask(), To: p.jid})
	p.do(im.StartOTR{For: p.ask(), To: h.jid})
	w.settle()
	h.expect("phone starting because 1", "phone encrypted because 1")
	p.expect("tui starting because 1", "tui encrypted because 1")
	h.say(paulette+"/phone", "x")
	p.expect("message tui: x (OTR)")
	w.ended()
}

// TestStageAsksBeforeAnswering has somebody start whom the user has to be asked about, in each way there is.
func TestStageAsksBeforeAnswering(t *testing.T) {
	commit := "?OTR:AAMC" + strings.Repeat("a", 40) + "-1."
	for name, row := range map[string]struct {
		policy im.OTRPolicy
		known  bool
		body   string
		told   []string
		answer string // to StartOTR
	}{
		"a query of a stranger":   {im.OTROpportunistic, false, "?OTRv3?", []string{"tui offers"}, "?OTR:AAMC"},
		"a query, manual":         {im.OTRManual, true, "?OTRv23? read about it", []string{"tui offers"}, "?OTR:AAMC"},
		"a handshake":             {im.OTRManual, true, commit, []string{"tui offers"}, "?OTR:AAMK"},
		"a handshake in pieces":   {im.OTRManual, true, "?OTR|101|0,1,2," + commit + ",", []string{"tui offers"}, "?OTRv23?"},
		"a tag":                   {im.OTRRequired, false, AddTag("hi", Flags{V3: true}), []string{"message tui: hi (exposed)", "tui offers"}, "?OTR:AAMC"},
		"a later step":            {im.OTRManual, true, "?OTR:AAMK.", nil, "?OTRv23?"},
		"version 1":               {im.OTRManual, true, "?OTR?", nil, "?OTRv23?"},
		"never":                   {im.OTRNever, true, "?OTRv3?", nil, "?OTRv23?"},
		"never, by tag":           {im.OTRNever, true, AddTag("hi", Flags{V3: true}), []string{"message tui: hi"}, "?OTRv23?"},
		"a text about it":         {im.OTROpportunistic, true, "what is ?OTRv3? good for", []string{"message tui: what is ?OTRv3? good for"}, "?OTRv23?"},
		"an error of a stranger":  {im.OTRManual, true, "?OTR Error: you", []string{"message tui: ?OTR Error: you"}, "?OTRv23?"},
		"what a stranger hides":   {im.OTRManual, false, "?OTR:AAMDxyz.", []string{"message tui:  (hint OTR)"}, "?OTRv23?"},
		"a piece of it":           {im.OTRManual, false, "?OTR,1,2,?OTR:AAID,", []string{"message tui:  (hint OTR)"}, "?OTRv23?"},
		"another piece of it":     {im.OTRManual, false, "?OTR,2,2,xyz,", nil, "?OTRv23?"},
		"something of the future": {im.OTRManual, false, "?OTR:AAQDxyz.", []string{"message tui:  (hint OTR)"}, "?OTRv23?"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			p := w.join("paulette@example.org/phone")
			p.policy("", row.policy, row.known)
			for range 3 {
				p.hear(im.Message{From: im.MustJID(hubert + "/tui"), Body: row.body, WantsReceipt: row.body == "?OTR:AAMDxyz."})
			}
			p.silent()
			got := p.took()
			if len(row.told) > 0 && strings.HasPrefix(row.told[0], "message") {
				if len(got) < 3 || got[0] != row.told[0] {
					t.Errorf("told %q", got)
				}
			} else if len(got) != len(row.told) || len(got) > 0 && got[0] != row.told[0] {
				t.Errorf("told %q, want %q, once", got, row.told)
			}
			p.do(im.StartOTR{For: p.ask(), To: im.MustJID(hubert + "/tui")})
			w.settle()
			if sent := p.bodies(); len(sent) != 1 || !strings.HasPrefix(sent[0], row.answer) {
				t.Errorf("agreed with %q, want %q", sent, row.answer)
			}
			w.ended()
		})
	}
}

func TestStageOffersAreBounded(t *testing.T) {
	w := newWorld(t)
	p := w.join("paulette@example.org/phone")
	for i := range 2 * maxOffers {
		stranger, _ := im.MustJID("s@example.net").WithResource(strings.Repeat("r", i%30+1))
		if i >= 30 {
			stranger = im.MustJID(strings.Repeat("s", i) + "@example.net/r")
		}
		p.hear(im.Message{From: stranger, Body: "?OTRv3?"})
	}
	if got := len(p.took()); got != maxOffers {
		t.Errorf("%d offers were told", got)
	}
	p.silent()
	w.ended()
}

// TestStageOffersOfContactsComeThrough: strangers can send any number of offers, and none of them is in the way of a contact's.
func TestStageOffersOfContactsComeThrough(t *testing.T) {
	w := newWorld(t)
	p := w.join("paulette@example.org/phone")
	p.policy("", im.OTRManual, false)
	p.do(im.SetOTRPolicy{For: p.ask(), Peer: im.MustJID(hubert), Contact: true}) // who is not told that we are here
	for i := range maxOffers + 1 {
		p.hear(im.Message{From: im.MustJID(strings.Repeat("s", i+1) + "@example.net/r"), Body: "?OTRv3?"})
	}
	if got := len(p.took()); got != maxOffers {
		t.Errorf("%d offers were told", got)
	}
	p.hear(im.Message{From: im.MustJID(hubert + "/tui"), Body: "?OTRv3?"})
	p.expect("tui offers")
	for i := range 2 * maxDevices {
		p.hear(im.Message{From: im.MustJID(hubert + "/" + strings.Repeat("x", i+1)), Body: "?OTRv3?"})
	}
	if got := len(p.took()); got != maxDevices-1 {
		t.Errorf("%d more offers of one contact were told", got)
	}
	w.ended()
}

func TestStageTurnsDown(t *testing.T) {
	w, h, p := pair(t)
	h.start(p)
	p.expect("tui offers")
	p.do(im.EndOTR{For: p.ask(), To: h.jid})
	h.start(p)
	p.expect()
	w.later(offerEvery + time.Second)
	h.start(p)
	p.expect("tui offers")
	p.silent()
	w.ended()
}

func TestStageStartsByTag(t *testing.T) {
	w, h, p := pair(t)
	h.policy(paulette, im.OTROpportunistic, true)
	p.policy(hubert, im.OTROpportunistic, true)
	h.say(paulette+"/phone", "salut")
	p.expect("message tui: salut", "tui starting because 2", "tui encrypted because 2")
	h.expect("phone starting because 2", "phone encrypted because 2")
	if h.sent[0].Body != AddTag("salut", Flags{V2: true, V3: true}) || h.sent[0].Encryption != im.Unencrypted {
		t.Errorf("sent %+v", h.sent[0])
	}
	w.ended()
}

func TestStageTagsOnce(t *testing.T) {
	w, h, _ := pair(t)
	h.policy(paulette, im.OTROpportunistic, true)
	h.say(paulette, "to all devices, of which none is known to be there")
	h.happen(im.PresenceReceived{On: h.on(), Presence: im.Presence{From: im.MustJID(paulette + "/phone"), Show: im.Online}})
	h.say(paulette, "to the only one that is there")
	h.say(paulette+"/phone", "again")
	h.say(paulette+"/desk", "to another"+tagBase+tagV2)
	h.policy(paulette, im.OTROpportunistic, false)
	h.say(paulette+"/sofa", "to a stranger")
	both := Flags{V2: true, V3: true}
	want := []string{
		"to all devices, of which none is known to be there", AddTag("to the only one that is there", both), "again",
		AddTag("to another", both), "to a stranger",
	}
	for i, body := range h.bodies() {
		if body != want[i] {
			t.Errorf("sent %q, want %q", body, want[i])
		}
	}
	w.ended()
}

func TestStageEnds(t *testing.T) {
	w, h, p := together(t)
	h.do(im.EndOTR{For: h.ask(), To: p.jid})
	w.settle()
	h.expect("phone plain because 1")
	p.expect("tui finished because 2")
	p.say(hubert+"/tui", "still secret")
	p.say(hubert, "still secret")
	p.say(hubert+"/other", "still secret")
	p.expect("request failed: not-encrypted", "request failed: not-encrypted", "request failed: not-encrypted")
	p.silent()
	h.say(paulette+"/phone", "in clear")
	p.expect("message tui: in clear (exposed)")
	p.do(im.EndOTR{For: p.ask(), To: h.jid})
	w.settle()
	p.expect("tui plain because 1")
	p.say(hubert+"/tui", "in clear, knowingly")
	h.expect("message phone: in clear, knowingly")
	h.start(p)
	p.expect("tui starting because 2", "tui encrypted because 2")
	w.ended()
}

func TestStageStartsAfterTheEnd(t *testing.T) {
	w, h, p := together(t)
	h.do(im.EndOTR{For: h.ask(), To: p.jid})
	w.settle()
	h.policy(paulette, im.OTROpportunistic, true)
	p.expect("tui finished because 2")
	p.start(h)
	p.expect("tui starting because 1", "tui encrypted because 1")
	h.expect("phone plain because 1", "phone starting because 2", "phone encrypted because 2")
	w.ended()
}

func TestStageRenewsKeys(t *testing.T) {
	w, h, p := together(t)
	h.start(p)
	h.expect("phone encrypted because 3")
	p.expect("tui encrypted because 3")
	h.say(paulette+"/phone", "x")
	p.expect("message tui: x (OTR)")
	w.ended()
}

func TestStageGivesUpStarting(t *testing.T) {
	w, h, _ := pair(t)
	h.policy(paulette, im.OTRRequired, true)
	h.say(paulette+"/gone", "held")
	h.expect("gone starting because 1")
	w.later(startWithin - time.Second)
	h.expect()
	w.later(2 * time.Second)
	h.expect("request failed: not-encrypted", "gone plain because 5")
	if got := h.bodies(); len(got) != 1 || got[0] != "?OTRv23?" {
		t.Errorf("sent %q", got)
	}
	w.ended()
}

// TestStageGivesTextsBackUnanswered: what waited for an encryption that the user had asked for goes back, and may go out as it
// is where nothing forbids it.
func TestStageGivesTextsBackUnanswered(t *testing.T) {
	w, h, _ := pair(t)
	h.do(im.StartOTR{For: h.ask(), To: im.MustJID(paulette + "/gone")})
	w.settle()
	h.say(paulette+"/gone", "held")
	w.later(startWithin)
	h.expect("gone starting because 1", "request failed: unanswered", "gone plain because 5")
	h.say(paulette+"/gone", "in clear")
	if got := h.bodies(); len(got) != 2 || got[1] != "in clear" {
		t.Errorf("sent %q", got)
	}
	w.ended()
}

func TestStageStartBounces(t *testing.T) {
	w, h, _ := pair(t)
	h.policy(paulette, im.OTRRequired, true)
	h.say(paulette+"/gone", "held")
	h.took()
	h.happen(im.MessageBounced{On: h.on(), From: im.MustJID(paulette + "/gone"), ID: h.sent[0].Stanza})
	h.expect("request failed: not-encrypted", "gone plain because 4")
	h.happen(im.MessageBounced{On: h.on(), From: im.MustJID(paulette + "/gone"), ID: "other"})
	h.expect("im.MessageBounced")
	w.ended()
}

func TestStageVerifies(t *testing.T) {
	for name, row := range map[string]struct {
		answer string
		step   string
	}{
		"right": {"chat noir", "SMP 3"}, "wrong": {"chien", "SMP 4"},
	} {
		t.Run(name, func(t *testing.T) {
			w, h, p := together(t)
			h.do(im.StartSMP{For: h.ask(), To: p.jid, Question: "quel chat ?", Secret: "chat noir"})
			w.settle()
			p.expect("tui SMP 1 quel chat ?")
			p.do(im.AnswerSMP{For: p.ask(), To: h.jid, Secret: row.answer})
			w.settle()
			p.expect("tui " + row.step)
			h.expect("phone " + row.step)
			w.ended()
		})
	}
}

func TestStageRefusesToVerify(t *testing.T) {
	w, h, p := together(t)
	p.do(im.AnswerSMP{For: p.ask(), To: h.jid, Secret: "nobody asked"})
	p.do(im.StartSMP{For: p.ask(), To: im.MustJID("stranger@example.net/x"), Secret: "x"})
	w.settle()
	p.expect("request failed: not-encrypted", "request failed: not-allowed")
	p.do(im.StartSMP{For: p.ask(), To: h.jid, Secret: "x"})
	w.settle()
	h.do(im.AbortSMP{For: h.ask(), To: p.jid})
	w.settle()
	p.expect("tui SMP 5")
	h.expect("phone SMP 1", "phone SMP 5")
	h.do(im.StartSMP{For: h.ask(), To: p.jid, Secret: "x"})
	w.settle()
	p.do(im.EndOTR{For: p.ask(), To: h.jid})
	w.settle()
	p.expect("tui SMP 1", "tui plain because 1", "tui SMP 5")
	h.expect("phone SMP 5", "phone finished because 2")
	h.do(im.StartSMP{For: h.ask(), To: p.jid, Secret: "x"})
	w.settle()
	h.expect("request failed: not-encrypted")
	w.ended()
}
