package otr

import (
	"testing"
	"time"

	"traboule/im"
)

func (u *user) presence(from im.JID, show im.Show) {
	u.world.t.Helper()
	u.happen(im.PresenceReceived{On: u.on(), Presence: im.Presence{From: from, Show: show}})
	u.world.settle()
}

func TestStagePeerGone(t *testing.T) {
	w, h, p := together(t)
	p.presence(h.jid, im.Offline)
	p.expect("im.PresenceReceived", "tui finished because 4")
	p.say(hubert+"/tui", "secret")
	p.say(hubert, "secret")
	p.expect("request failed: not-encrypted", "request failed: not-encrypted")
	p.silent()
	p.presence(h.jid, im.Online)
	h.say(paulette+"/phone", "are you there?")
	p.expect("im.PresenceReceived", "tui note 1")
	h.expect("sent encrypted", "phone note 2 no session")
	h.start(p) // they have seen the error, and begin anew
	p.expect("tui starting because 2", "tui encrypted because 2", "message tui: [resent] are you there? (OTR)")
	h.expect("phone encrypted because 3", "phone note 3")
	w.ended()
}

func TestStageAllDevicesGone(t *testing.T) {
	_, h, p := together(t)
	p.presence(h.jid.Bare(), im.Offline)
	p.expect("im.PresenceReceived", "tui finished because 4")
}

// TestStageHoldsWhileGone: a session that only starts falls back, and gives back what was held.
func TestStageHeldWhenGone(t *testing.T) {
	w := newWorld(t)
	p := w.join(paulette + "/phone")
	there := im.MustJID(hubert + "/tui")
	p.policy(hubert, im.OTRRequired, true)
	p.presence(there, im.Online)
	p.say(hubert, "held")
	p.presence(there, im.Offline)
	p.expect("im.PresenceReceived", "tui starting because 1", "im.PresenceReceived", "request failed: not-encrypted", "tui plain because 4")
	p.say(hubert, "nobody is there")
	p.expect("request failed: service-unavailable")
	if got := p.bodies(); len(got) != 1 || KindOf(got[0]) != KindQuery {
		t.Errorf("sent %q", got)
	}
	w.ended()
}

func TestStageNewLogin(t *testing.T) {
	w, h, p := together(t)
	p.happen(im.ConnectionChanged{On: p.on(), State: im.Disconnected, RetryIn: time.Second})
	p.happen(im.ConnectionChanged{On: p.on(), State: im.Resumed})
	h.say(paulette+"/phone", "x")
	p.expect("im.ConnectionChanged", "im.ConnectionChanged", "message tui: x (OTR)")
	p.happen(im.ConnectionChanged{On: p.on(), State: im.Connected})
	w.settle()
	p.expect("im.ConnectionChanged", "tui finished because 7")
	p.say(hubert+"/tui", "secret")
	p.expect("request failed: not-encrypted")
	p.silent()
	w.ended()
}

// TestStageNewLoginWaits: what came in the session before is read before anything of the next is told.
func TestStageNewLoginWaits(t *testing.T) {
	w, h, p := together(t)
	text := h.sealed(p, "last words")
	p.happen(im.MessageReceived{On: p.on(), Message: im.Message{From: h.jid, Body: text}})
	p.happen(im.ConnectionChanged{On: p.on(), State: im.Connected})
	p.happen(im.RosterChanged{On: p.on()})
	p.expect()
	w.settle()
	p.expect("message tui: last words (OTR)", "im.ConnectionChanged", "tui finished because 7", "im.RosterChanged")
	w.ended()
}

func TestStageSaysGoodbye(t *testing.T) {
	w, h, p := together(t)
	secret := p.ask()
	p.do(im.SendMessage{For: secret, To: h.jid, Body: "before I go"})
	quit := im.Disconnect{For: p.ask()}
	p.do(quit)
	again := im.Connect{For: p.ask()}
	p.do(again)
	if len(p.others) != 0 {
		t.Errorf("went out before the goodbye: %v", p.others)
	}
	w.settle()
	if len(p.others) != 2 || p.others[0] != quit || p.others[1] != again {
		t.Errorf("went out: %v", p.others)
	}
	h.expect("message phone: before I go (OTR)", "phone finished because 2")
	p.expect("tui finished because 7", "sent encrypted")
	w.ended()
}

// TestStageDoesNotWaitForEver has the engine take its time when the user wants to leave.
func TestStageDoesNotWaitForEver(t *testing.T) {
	w, _, p := together(t)
	quit := im.Disconnect{For: p.ask()}
	p.do(quit)
	w.now = w.now.Add(endWithin)
	p.stage.now = w.now
	p.stage.wake()
	if len(p.others) != 1 || p.others[0] != quit {
		t.Errorf("went out: %v", p.others)
	}
	w.settle()
	if len(p.others) != 1 {
		t.Errorf("went out: %v", p.others)
	}
}

func TestStageChildDies(t *testing.T) {
	w, h, p := together(t)
	w.join("ana@example.org/x")
	p.policy("ana@example.org", im.OTRRequired, true)
	p.say("ana@example.org/gone", "held")
	p.expect("gone starting because 1")
	p.sent = nil
	p.fake.dead = true
	p.do(im.SendMessage{For: p.ask(), To: h.jid, Body: "on its way"})
	p.do(im.SendMessage{For: p.ask(), To: h.jid, Body: "behind it"})
	p.hear(im.Message{From: h.jid, Body: "?OTR:AAMDx."})
	p.fake.dead = false
	p.fake.die(p.stage)
	w.settle()
	p.expect("tui finished because 6", "request failed: not-encrypted", "request failed: not-encrypted", "tui note 1",
		"request failed: not-encrypted", "gone finished because 6")
	p.say(hubert+"/tui", "secret")
	p.expect("request failed: not-encrypted")
	for _, body := range p.bodies() {
		if KindOf(body) != KindError {
			t.Errorf("sent %q", body)
		}
	}
	h.took()
	p.start(h)
	p.expect("tui starting because 1", "tui encrypted because 1")
	p.say(hubert+"/tui", "again")
	h.expect("phone encrypted because 3", "message phone: again (OTR)")
	w.ended()
}

// TestStageCannotStart: what could not be asked of the child is told as what it is, and not as the end of the connection.
func TestStageCannotStart(t *testing.T) {
	w := newWorld(t)
	p := w.join(paulette + "/phone")
	p.fake.dead = true
	p.do(im.StartOTR{For: p.ask(), To: im.MustJID(hubert + "/tui")})
	p.fake.dead = false
	p.fake.die(p.stage)
	w.settle()
	p.expect("tui starting because 1", "tui finished because 6", "request failed: otr-fault")
	p.silent()
	w.ended()
}

// inRoom is two with a session in private messages of a room.
func inRoom(t *testing.T) (*world, *user, *user) {
	t.Helper()
	w := newWorld(t)
	room := im.MustJID("room@rooms.example.org")
	h, p := w.joinAs(im.MustJID(hubert), im.MustJID("room@rooms.example.org/hubert")), w.joinAs(im.MustJID(paulette), im.MustJID("room@rooms.example.org/paulette"))
	for _, u := range w.users {
		u.do(im.JoinRoom{For: u.ask(), Room: room, Nick: u.jid.Resource()})
		u.occupant(u.jid.Resource(), true, "", codeSelf)
	}
	h.start(p)
	p.expect("im.OccupantChanged", "hubert offers")
	p.start(h)
	p.expect("hubert starting because 1", "hubert encrypted because 1")
	h.took()
	h.sent, p.sent = nil, nil
	return w, h, p
}

// occupant tells of a coming or going.
func (u *user) occupant(nick string, present bool, newNick string, codes ...int) {
	u.world.t.Helper()
	u.happen(im.OccupantChanged{
		On: u.on(), Room: im.MustJID("room@rooms.example.org"), Occupant: im.Occupant{Nick: nick}, Present: present, NewNick: newNick, Codes: codes,
	})
	if !u.stage.desks[u.account].working() {
		u.world.settle()
	}
}

func TestStageInARoom(t *testing.T) {
	w, h, p := inRoom(t)
	h.say(p.jid.String(), "psst")
	p.expect("message hubert: psst (OTR)")
	if r := h.sent[0]; r.Kind != im.Private || r.To != p.jid || r.Encryption != im.OTR {
		t.Errorf("sent %+v", r)
	}
	p.hear(im.Message{From: im.MustJID("room@rooms.example.org/other"), Kind: im.Private, Body: "somebody else"})
	p.say("room@rooms.example.org/other", "in clear")
	p.expect("message other: somebody else")
	w.ended()
}

// TestStageOccupants: whatever becomes of somebody in a room, no text goes out in clear to whoever has the nick.
func TestStageOccupants(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*user)
		told   []string
	}{
		"left":           {func(p *user) { p.occupant("hubert", false, "") }, []string{"im.OccupantChanged", "hubert finished because 4"}},
		"another left":   {func(p *user) { p.occupant("other", false, "") }, []string{"im.OccupantChanged"}},
		"changed":        {func(p *user) { p.occupant("hubert", true, "") }, []string{"im.OccupantChanged"}},
		"we were thrown": {func(p *user) { p.occupant("paulette", false, "", codeSelf, 307) }, []string{"im.OccupantChanged", "hubert finished because 4"}},
		"by an old room": {func(p *user) { p.occupant("paulette", false, "") }, []string{"im.OccupantChanged", "hubert finished because 4"}},
		"we are renamed": {func(p *user) { p.occupant("paulette", false, "paule", codeSelf, 303) }, []string{"im.OccupantChanged", "hubert finished because 4"}},
		"renamed": {func(p *user) { p.occupant("hubert", false, "hub", 303) },
			[]string{"im.OccupantChanged", "hubert finished because 4", "hub finished because 4"}},
		"somebody else came": {func(p *user) {
			p.occupant("hubert", false, "")
			p.occupant("hubert", true, "")
		}, []string{"im.OccupantChanged", "hubert finished because 4", "im.OccupantChanged"}},
	} {
		t.Run(name, func(t *testing.T) {
			w, _, p := inRoom(t)
			row.change(p)
			w.settle()
			p.expect(row.told...)
			p.say("room@rooms.example.org/hubert", "secret")
			if name == "renamed" {
				p.say("room@rooms.example.org/hub", "secret")
			}
			for _, r := range p.sent {
				if r.Body == "secret" {
					t.Errorf("sent %+v", r)
				}
			}
			w.ended()
		})
	}
}

// TestStageRenamesAgainAndAgain: somebody who does it leaves two names behind, not a hundred.
func TestStageRenamesAgainAndAgain(t *testing.T) {
	w, _, p := inRoom(t)
	nick := "hubert"
	for i := range 100 {
		next := string(rune(0x4e00 + i))
		p.occupant(nick, false, next, 303)
		p.occupant(next, true, "")
		p.say("room@rooms.example.org/"+next, "secret")
		nick = next
	}
	p.silent()
	if n := len(p.stage.desks[p.account].peers); n > 4 {
		t.Errorf("%d names are kept", n)
	}
	w.ended()
}

// TestStageHandsNicksOverInOrder: while a message is decrypted, the nick changes hands. The message comes before.
func TestStageHandsNicksOverInOrder(t *testing.T) {
	w, h, p := inRoom(t)
	room := im.MustJID("room@rooms.example.org")
	p.happen(im.MessageReceived{On: p.on(), Message: im.Message{From: h.jid, Kind: im.Private, Body: h.sealed(p, "x")}})
	p.occupant("other", true, "")
	p.occupant("hubert", false, "")
	p.happen(im.MessageReceived{On: p.on(), Message: im.Message{From: h.jid, Kind: im.Private, Body: "of somebody else"}})
	p.happen(im.MessageReceived{On: p.on(), Message: im.Message{From: h.jid, Kind: im.Groupchat, Body: "to all"}})
	p.happen(im.SubjectReceived{On: p.on(), Room: room})
	p.happen(im.SubjectReceived{On: p.on(), Room: im.MustJID("other@rooms.example.org")})
	p.expect("im.OccupantChanged", "im.SubjectReceived")
	w.settle()
	p.expect("message hubert: x (OTR)", "im.OccupantChanged", "hubert finished because 4", "message hubert: to all", "im.SubjectReceived",
		"message hubert: of somebody else (exposed)")
	w.ended()
}

func TestStageLeavesARoom(t *testing.T) {
	w, h, p := inRoom(t)
	p.others = nil
	p.do(im.LeaveRoom{For: p.ask(), Room: p.jid.Bare()})
	if len(p.others) > 0 {
		t.Errorf("left without a word: %v", p.others)
	}
	w.settle()
	h.expect("paulette finished because 2")
	p.expect("hubert finished because 4")
	if len(p.others) != 1 {
		t.Errorf("did not leave: %v", p.others)
	}
}
