package otr

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// sealed is a text as a user's session would have it, without that they send it.
func (u *user) sealed(to *user, text string) string {
	u.world.t.Helper()
	var sealed string
	u.fake.do(Conversation{u.account, to.jid}, func(t *fakeTalk) (Result, error) {
		t.data(text)
		sealed = t.send[0]
		return Result{}, nil
	}, func(Result, error) {})
	u.workOnce()
	return sealed
}

// TestStageOverhears gives messages of OTR that are not for us, or that nobody waits to have answered, to somebody who
// answers everything that is.
func TestStageOverhears(t *testing.T) {
	from, ours := im.MustJID(hubert+"/tui"), im.MustJID(paulette+"/desk")
	query, data := "?OTRv23?", "?OTR:AAMDxyz."
	commit := "?OTR:AAMC" + strings.Repeat("a", 40) + "-1."
	tagged := AddTag("salut", Flags{V3: true})
	for name, row := range map[string]struct {
		message im.Message
		told    []string
	}{
		"data in a carbon":              {im.Message{From: from, Carbon: im.CarbonReceived, Body: data, WantsReceipt: true}, []string{"message tui:  (hint OTR)"}},
		"data of our own":               {im.Message{From: ours, To: from, Carbon: im.CarbonSent, Body: data}, []string{"message desk:  (hint OTR)"}},
		"a piece of it":                 {im.Message{From: from, Carbon: im.CarbonReceived, Body: "?OTR|101|102,00001,00002,?OTR:AAMD,"}, []string{"message tui:  (hint OTR)"}},
		"another piece":                 {im.Message{From: from, Carbon: im.CarbonReceived, Body: "?OTR|101|102,00002,00002,xyz.,"}, nil},
		"a query in a carbon":           {im.Message{From: from, Carbon: im.CarbonReceived, Body: query}, nil},
		"a handshake in a carbon":       {im.Message{From: from, Carbon: im.CarbonReceived, Body: commit}, nil},
		"an error in a carbon":          {im.Message{From: from, Carbon: im.CarbonReceived, Body: "?OTR Error: x"}, nil},
		"a tag in a carbon":             {im.Message{From: from, Carbon: im.CarbonReceived, Body: tagged}, []string{"message tui: salut"}},
		"a tag of our own":              {im.Message{From: ours, To: from, Carbon: im.CarbonSent, Body: tagged}, []string{"message desk: salut"}},
		"a query for all":               {im.Message{From: from, Kind: im.Groupchat, Body: query}, []string{"message tui: " + query}},
		"a tag for all":                 {im.Message{From: from, Kind: im.Groupchat, Body: tagged}, []string{"message tui: salut"}},
		"data for all":                  {im.Message{From: from, Kind: im.Groupchat, Body: data}, []string{"message tui: " + data}},
		"a query as news":               {im.Message{From: from, Headline: true, Body: query}, []string{"message tui: " + query}},
		"data as news":                  {im.Message{From: from, Headline: true, Body: data, WantsReceipt: true}, []string{"message tui:  (hint OTR)"}},
		"a piece of it as news":         {im.Message{From: from, Headline: true, Body: "?OTR|101|102,00001,00002,?OTR:AAMD,"}, []string{"message tui:  (hint OTR)"}},
		"something unknown as news":     {im.Message{From: from, Headline: true, Body: "?OTR:xyz."}, []string{"message tui:  (hint OTR)"}},
		"a handshake as news":           {im.Message{From: from, Headline: true, Body: commit}, nil},
		"a tag as news":                 {im.Message{From: from, Headline: true, Body: tagged}, []string{"message tui: salut"}},
		"a query out of a strange room": {im.Message{From: from, FromRoom: true, Body: query}, []string{"message tui: " + query}},
		"a query of a server":           {im.Message{From: from.DomainJID(), Body: query}, []string{"message : " + query}},
		"a late query":                  {im.Message{From: from, Delayed: true, Body: query}, []string{"tui offers"}},
		"a late handshake":              {im.Message{From: from, Delayed: true, Delay: time.Unix(1e9, 0), Body: commit}, []string{"tui offers"}},
		"a late step of one":            {im.Message{From: from, Delayed: true, Body: "?OTR:AAMK."}, nil},
		"a late tag":                    {im.Message{From: from, Delayed: true, Body: tagged}, []string{"message tui: salut"}},
		"a late error":                  {im.Message{From: from, Delayed: true, Body: "?OTR Error: x"}, nil},
		"late data":                     {im.Message{From: from, Delayed: true, Body: data, WantsReceipt: true}, []string{"message tui:  (hint OTR)"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			p := w.join(paulette + "/phone")
			p.policy("", im.OTROpportunistic, true)
			p.hear(row.message)
			p.expect(row.told...)
			p.silent()
			if len(p.fake.talks) > 0 {
				t.Errorf("the engine was given something: %v", p.fake.talks)
			}
			w.ended()
		})
	}
}

// TestStageReadsOnAfterACut: what a server has kept while the connection was cut is part of the session, and may be read; no
// session starts by it.
func TestStageReadsOnAfterACut(t *testing.T) {
	w, h, p := together(t)
	text := h.sealed(p, "while you were away")
	p.happen(im.ConnectionChanged{On: p.on(), State: im.Disconnected, RetryIn: time.Second})
	p.happen(im.ConnectionChanged{On: p.on(), State: im.Resumed})
	p.took()
	p.hear(im.Message{From: h.jid, Delayed: true, Body: text})
	p.hear(im.Message{From: h.jid, Delayed: true, Body: "?OTRv3?"})
	p.hear(im.Message{From: h.jid, Delayed: true, Body: "?OTR:AAMDdead."})
	p.expect("message tui: while you were away (OTR)", "tui offers", "tui note 1")
	p.silent()
	w.ended()
}

// TestStageMarksWhatIsExposed sends plain text in every state, from the device that there is a session with, and another.
func TestStageMarksWhatIsExposed(t *testing.T) {
	_, h, p := together(t)
	other := im.MustJID(hubert + "/other")
	hear := func(want string) {
		t.Helper()
		p.hear(im.Message{From: h.jid, Body: "a", Replaces: "x", Hint: map[bool]string{true: "OTR"}[want != ""]})
		p.hear(im.Message{From: other, Body: AddTag("b", Flags{V3: true})})
		p.hear(im.Message{From: h.jid.Bare(), Body: "c"})
		p.hear(im.Message{From: h.jid, Body: "d", Carbon: im.CarbonReceived})
		p.hear(im.Message{From: h.jid, Body: "news", Headline: true, Hint: "OMEMO"})
		p.hear(im.Message{From: h.jid, Body: "out of nowhere", FromRoom: true})
		p.hear(im.Message{From: p.jid, To: h.jid, Body: "e", Carbon: im.CarbonSent})
		for _, e := range p.events {
			if m, is := e.(im.MessageReceived); is && m.Message.Exposed && m.Message.Replaces+m.Message.Hint != "" {
				t.Errorf("may change what came before: %+v", m.Message)
			}
		}
		hint := " (hint OMEMO)"
		if want != "" {
			hint = ""
		}
		p.expect("message tui: a"+want, "message other: b"+want, "message : c"+want, "message tui: d"+want,
			"message tui: news"+want+hint, "message tui: out of nowhere"+want, "message phone: e")
	}
	p.policy("hubert@example.org", im.OTRNever, true)
	hear(" (exposed)")
	h.do(im.EndOTR{For: h.ask(), To: p.jid})
	h.world.settle()
	p.expect("tui finished because 2")
	hear(" (exposed)")
	p.do(im.EndOTR{For: p.ask(), To: h.jid})
	p.world.settle()
	p.expect("tui plain because 1")
	hear("")
	p.policy("hubert@example.org", im.OTRRequired, false)
	p.hear(im.Message{From: h.jid, Body: "a"})
	p.expect("message tui: a (exposed)")
}

// TestStageUndecryptable sends what cannot be read in each state: it is told, no receipt is asked for, and those who may know
// us are told once in a while.
func TestStageUndecryptable(t *testing.T) {
	w, h, p := together(t)
	bad := func() { p.hear(im.Message{From: h.jid, Body: "?OTR:AAMDdead.", WantsReceipt: true}) }
	bad()
	bad()
	p.expect("tui note 1", "tui note 1")
	h.expect("phone note 2 no session")
	w.later(complainEvery + time.Second)
	bad()
	p.expect("tui note 1")
	h.expect("phone note 2 no session")
	if sent := p.bodies(); len(sent) != 2 {
		t.Errorf("sent %q", sent)
	}
	h.silent()
	w.ended()
}

func TestStageReceiptsComeAfterReading(t *testing.T) {
	_, h, p := together(t)
	p.hear(im.Message{From: h.jid, Body: h.sealed(p, "x"), WantsReceipt: true})
	p.expect("message tui: x (OTR) (receipt)")
}

// TestStageKeepsOrder has many things come at once while the engine works: those of one device stay in order, those of
// others do not wait.
func TestStageKeepsOrder(t *testing.T) {
	w, h, p := together(t)
	first, second := h.sealed(p, "first"), h.sealed(p, "second")
	for _, m := range []im.Message{
		{From: h.jid, Body: first}, {From: h.jid, Body: "plain"}, {From: im.MustJID("ana@example.org/x"), Body: "meanwhile"},
		{From: h.jid, Body: second},
	} {
		p.happen(im.MessageReceived{On: p.on(), Message: m})
	}
	p.happen(im.ChatStateReceived{On: p.on(), From: h.jid})
	p.happen(im.RosterChanged{On: p.on()})
	p.happen(im.PresenceReceived{On: p.on(), Presence: im.Presence{From: h.jid, Show: im.Away}})
	p.expect("message x: meanwhile", "im.RosterChanged")
	w.settle()
	p.expect("message tui: first (OTR)", "message tui: plain (exposed)", "message tui: second (OTR)", "im.ChatStateReceived", "im.PresenceReceived")
	w.ended()
}

func TestStagePassesTheRestOn(t *testing.T) {
	w := newWorld(t)
	p := w.join(paulette + "/phone")
	stranger := im.On{Account: im.MustJID("nobody@example.org")}
	for _, e := range []im.Event{
		im.TorChanged{}, im.MessageReceived{On: stranger, Message: im.Message{Body: "?OTRv3?"}}, im.KeyPinned{On: p.on()},
		im.SubscriptionReceived{On: p.on()}, im.ConnectionChanged{On: p.on(), State: im.Connecting},
		im.SubjectReceived{On: p.on()}, im.Dropped{On: p.on()},
	} {
		p.happen(e)
		if len(p.events) != 1 || p.events[0] != e {
			t.Errorf("%T came as %v", e, p.events)
		}
		p.events = nil
	}
	for _, r := range []im.Request{
		im.Connect{For: p.ask()}, im.FetchRoster{For: p.ask(), Version: "v"}, im.SendReceipt{For: p.ask()}, im.JoinRoom{For: p.ask()},
	} {
		p.others = nil
		p.do(r)
		if len(p.others) != 1 || p.others[0].Number() != r.Number() {
			t.Errorf("%T went as %v", r, p.others)
		}
	}
	p.say("ana@example.org", "in clear")
	p.say("room@rooms.example.org", "?OTRv3?")
	p.online = false
	id := p.say("ana@example.org", "off line")
	if d := p.events[len(p.events)-1].(im.Done); d.Request != id || d.Err.Code != im.CodeNotConnected {
		t.Errorf("told %+v", d)
	}
}

// TestStageTakesTagsOutOfArchives: else a text of ours that came back from an archive would be another one than was said.
func TestStageTakesTagsOutOfArchives(t *testing.T) {
	p := newWorld(t).join(paulette + "/phone")
	page := func(bodies ...string) im.ArchiveResult {
		r := im.ArchiveResult{First: "1", Last: "9", Complete: true}
		for _, body := range bodies {
			r.Messages = append(r.Messages, im.ArchivedMessage{ID: "3", Message: im.Message{Body: body}})
		}
		return r
	}
	offer := Flags{V2: true, V3: true}
	request := im.FetchArchive{For: p.ask()}
	p.do(request)
	p.happen(im.Done{On: p.on(), Request: request.ID, Result: page("", AddTag("salut", offer), AddTag("", offer), "?OTR:AAMDxyz.", "a\tb")})
	want := im.Done{On: p.on(), Request: request.ID, Result: page("", "salut", "?OTR:AAMDxyz.", "a\tb")}
	if len(p.events) != 1 || !reflect.DeepEqual(p.events[0], want) {
		t.Errorf("told %+v, want %+v", p.events, want)
	}
}
