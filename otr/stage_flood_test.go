package otr

import (
	"fmt"
	"strings"
	"testing"

	"traboule/im"
)

// TestStageNeverFloods has two talk whose engines answer everything with an error, errors too, and throws at one of them what
// nobody can read. Each says so once a minute.
func TestStageNeverFloods(t *testing.T) {
	w, h, p := together(t)
	h.policy(paulette, im.OTROpportunistic, true)
	h.fake.rude, p.fake.rude = true, true
	for i := range 500 {
		p.hear(im.Message{From: h.jid, Body: fmt.Sprintf("?OTR Error: %d", i)})
		p.hear(im.Message{From: h.jid, Body: "?OTR:===."})
		p.hear(im.Message{From: h.jid, Body: fmt.Sprintf("?OTR:AAMD%x.", i)})
		p.hear(im.Message{From: h.jid, Body: "?OTR|101|102,1,2,?OTR:AAMD,"})
	}
	if sent := p.bodies(); len(sent) > 1 {
		t.Errorf("%d messages went out: %q", len(sent), sent[:10])
	}
	h.silent()
	told := map[string]int{}
	for _, words := range p.took() {
		told[words[:10]]++
	}
	if told["tui note 1"] != 1500 || told["tui note 2"] != maxComplaints {
		t.Errorf("told %v", told)
	}
	w.ended()
}

// TestStageQueriesAreNoFlood: of many offers, one is taken up while that is under way.
func TestStageQueriesAreNoFlood(t *testing.T) {
	w := newWorld(t)
	p := w.join(paulette + "/phone")
	p.policy(hubert, im.OTROpportunistic, true)
	for range 500 {
		p.hear(im.Message{From: im.MustJID(hubert + "/tui"), Body: "?OTRv3?"})
	}
	if sent := p.bodies(); len(sent) != 1 {
		t.Errorf("%d messages went out", len(sent))
	}
	p.expect("tui starting because 2")
	w.later(startWithin)
	p.expect("tui plain because 5")
	for i := range 2 * maxDevices {
		p.hear(im.Message{From: im.MustJID(fmt.Sprintf("%s/%d", hubert, i)), Body: "?OTRv3?"})
	}
	if sent := p.bodies(); len(sent) > maxDevices {
		t.Errorf("%d devices of one contact were answered", len(sent))
	}
	w.ended()
}

func TestStageLongErrors(t *testing.T) {
	_, h, p := together(t)
	p.hear(im.Message{From: h.jid, Body: "?OTR Error: " + strings.Repeat("é", 5000)})
	for _, e := range p.events {
		if n := e.(im.OTRNoted); n.Note != im.OTRPeerError || len(n.Text) > maxPeerError || strings.Trim(n.Text, "é") != "" {
			t.Errorf("told %+v", n)
		}
	}
}

func TestStageForgetsWhatIsOver(t *testing.T) {
	w := newWorld(t)
	p := w.join(paulette + "/phone")
	p.policy("", im.OTROpportunistic, true)
	for i := range 1200 {
		from := im.MustJID(fmt.Sprintf("%d@example.net/x", i))
		p.hear(im.Message{From: from, Body: "?OTR:AAMDx."})
		p.say(from.String(), "who are you?")
		p.presence(from, im.Online)
		p.presence(from, im.Offline)
		if n := len(p.stage.desks[p.account].peers); n > maxPeers {
			t.Fatalf("%d peers are kept", n)
		}
	}
	if d := p.stage.desks[p.account]; d.known != 0 || len(d.devices) != 0 {
		t.Errorf("%d devices are known", d.known)
	}
	w.ended()
}

func TestStageDevicesAreBounded(t *testing.T) {
	w := newWorld(t)
	p := w.join(paulette + "/phone")
	for i := range maxResources + 10 {
		p.happen(im.PresenceReceived{On: p.on(), Presence: im.Presence{From: im.MustJID(fmt.Sprintf("%d@example.net/x", i)), Show: im.Online}})
		p.happen(im.PresenceReceived{On: p.on(), Presence: im.Presence{From: im.MustJID(fmt.Sprintf("one@example.net/%d", i)), Show: im.Online}})
	}
	d := p.stage.desks[p.account]
	if d.known > maxResources || len(d.devices[im.MustJID("one@example.net")]) > maxDevices {
		t.Errorf("%d devices are known", d.known)
	}
	p.happen(im.ConnectionChanged{On: p.on(), State: im.Connected})
	if d.known != 0 {
		t.Errorf("%d devices are known in the next session", d.known)
	}
}

// TestStageAsksAboutWhoBreaksChildren has a contact whose messages end the child again and again.
func TestStageAsksAboutWhoBreaksChildren(t *testing.T) {
	w := newWorld(t)
	p := w.join(paulette + "/phone")
	p.policy(hubert, im.OTROpportunistic, true)
	for i := range maxBreakages {
		p.fake.dead = true
		p.hear(im.Message{From: im.MustJID(fmt.Sprintf("%s/%d", hubert, i)), Body: "?OTRv3?"})
		p.fake.dead = false
		p.fake.die(p.stage)
		w.settle()
	}
	p.expect()
	p.hear(im.Message{From: im.MustJID(hubert + "/next"), Body: "?OTRv3?"})
	p.expect("next offers")
	p.silent()
	p.do(im.StartOTR{For: p.ask(), To: im.MustJID(hubert + "/next")})
	w.settle()
	if sent := p.bodies(); len(sent) != 1 || KindOf(sent[0]) != KindHandshake {
		t.Errorf("sent %q", sent)
	}
	w.later(breakagesWithin + 1)
	p.took()
	p.hear(im.Message{From: im.MustJID(hubert + "/later"), Body: "?OTRv3?"})
	p.expect("later starting because 2")
	w.ended()
}
