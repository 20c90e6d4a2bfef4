package otr

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"traboule/im"
)

// chaos is two users to whom everything happens, in any order.
type chaos struct {
	*world
	choose func(n int) int                  // one of 0 to n-1
	said   []im.JID                         // to whom each text was addressed
	states map[*user]map[im.JID]im.OTRState // as core was told
	seen   map[*user]int                    // how many of its events have been looked at
	heard  map[*user]map[[2]im.JID]int      // the last text, by whom and where it was addressed to
}

func newChaos(t reporter, choose func(int) int) *chaos {
	c := &chaos{
		world: newWorld(t), choose: choose, states: map[*user]map[im.JID]im.OTRState{}, seen: map[*user]int{},
		heard: map[*user]map[[2]im.JID]int{},
	}
	c.log = true
	c.join(hubert + "/tui")
	c.join(paulette + "/phone")
	for _, u := range c.users {
		c.states[u], c.heard[u] = map[im.JID]im.OTRState{}, map[[2]im.JID]int{}
		u.watch = func(r im.SendMessage) { c.watch(u, r) }
		u.do(im.JoinRoom{For: u.ask(), Room: im.MustJID("room@rooms.example.org"), Nick: "me"})
		u.occupant("me", true, "", codeSelf)
	}
	return c
}

// run has so many things happen, and then nothing more.
func (c *chaos) run(steps int) {
	for range steps {
		c.happen(c.users[c.choose(2)])
		c.look()
	}
	for _, u := range c.users {
		u.fake.dead, u.online = false, true
	}
	c.settle()
	for range 3 {
		c.later(2 * time.Minute)
	}
	c.look()
	c.ended()
}

// look notes what core was told.
func (c *chaos) look() {
	c.t.Helper()
	for _, u := range c.users {
		c.note(u, u.events[c.seen[u]:])
		c.seen[u] = len(u.events)
	}
}

func (c *chaos) note(u *user, events []im.Event) {
	c.t.Helper()
	for _, e := range events {
		switch e := e.(type) {
		case im.OTRChanged:
			c.states[u][e.Peer] = e.State
		case im.MessageReceived:
			c.hear(u, e.Message)
		}
	}
}

// hear sees that texts come in order, and for what they are.
func (c *chaos) hear(u *user, m im.Message) {
	c.t.Helper()
	number := 0
	if _, err := fmt.Sscanf(m.Body, "secret %d", &number); err != nil {
		return
	}
	way := [2]im.JID{m.From, c.said[number-1]}
	// Those for any device of a contact may go by way of one or the other, at the very moment when sessions begin and end.
	if number <= c.heard[u][way] && !way[1].IsBare() {
		c.t.Errorf("%q after number %d", m.Body, c.heard[u][way])
	}
	c.heard[u][way] = number
	if m.Encryption != im.OTR && !m.Exposed && guarded(m.From, c.states[u], false) {
		c.t.Errorf("%+v passes for what it is not", m)
	}
}

// guarded reports whether plain text is out of place, going by the states that core knows.
func guarded(with im.JID, states map[im.JID]im.OTRState, starting bool) bool {
	for jid, state := range states {
		same := jid == with || with.Domain() == "example.org" && jid.Bare() == with.Bare()
		if same && (state == im.OTREncrypted || state == im.OTRFinished || starting && state == im.OTRStarting && jid == with) {
			return true
		}
	}
	return false
}

// watch sees that no text goes out as it is which should not.
func (c *chaos) watch(u *user, r im.SendMessage) {
	c.t.Helper()
	if r.Encryption == im.OTR {
		if !strings.HasPrefix(r.Body, "?OTR") || r.To.IsBare() {
			c.t.Errorf("sent as encrypted: %+v", r)
		}
		return
	}
	states := map[im.JID]im.OTRState{}
	for jid, state := range c.states[u] {
		states[jid] = state
	}
	for _, e := range append(append([]im.Event{}, u.events[c.seen[u]:]...), u.stage.ready...) {
		if e, is := e.(im.OTRChanged); is {
			states[e.Peer] = e.State
		}
	}
	if guarded(r.To, states, true) || u.stage.desks[u.account].policy(r.To).policy == im.OTRRequired {
		c.t.Errorf("%s sent in clear to %s: %q, policy %v, states %v", u.jid, r.To, r.Body, u.stage.desks[u.account].policy(r.To), states)
	}
}

// somebody is an address that the other one, or somebody in a room, may have.
func (c *chaos) somebody(u *user) im.JID {
	other := c.users[0]
	if other == u {
		other = c.users[1]
	}
	return []im.JID{
		other.jid, other.jid, other.account, im.MustJID(other.account.String() + "/desk"),
		im.MustJID("room@rooms.example.org/a"), im.MustJID("room@rooms.example.org/b"),
	}[c.choose(6)]
}

func kindOf(jid im.JID) im.Kind {
	if jid.Domain() == "rooms.example.org" {
		return im.Private
	}
	return im.Chat
}

// happen has one thing happen to a user.
func (c *chaos) happen(u *user) {
	with := c.somebody(u)
	switch c.choose(16) {
	case 0, 1, 2:
		c.said = append(c.said, with)
		r := im.SendMessage{For: u.ask(), To: with, Body: fmt.Sprintf("secret %d", len(c.said)), Kind: kindOf(with)}
		r.Stanza = r.Body
		u.do(r)
	case 3:
		u.do(im.StartOTR{For: u.ask(), To: with})
	case 4:
		u.do(im.EndOTR{For: u.ask(), To: with})
	case 5:
		u.policy(with.String(), im.OTRPolicy(c.choose(4)), c.choose(2) == 0)
	case 6, 7:
		if u.engine.pending > 0 {
			u.workOnce()
		}
	case 8, 9:
		u.deliver()
	case 10:
		c.settle()
	case 11:
		c.receive(u, with)
	case 12:
		c.comeAndGo(u, with)
	case 13:
		c.connection(u)
	case 14:
		c.smp(u, with)
	case 15:
		c.later(time.Duration(c.choose(70)) * time.Second)
	}
}

// receive has somebody, or the server, put in a word.
func (c *chaos) receive(u *user, from im.JID) {
	bodies := []string{
		"?OTRv3?", "?OTR:AAMDdead.", "?OTR Error: x", "?OTR:===.", "plain", AddTag("tagged", Flags{V3: true}), "?OTR,1,2,?OTR:AAMD,",
		"?OTR:AAMC" + strings.Repeat("f", 40) + "-9.", "?OTR:AAMS" + u.fake.key + "-1/" + u.fake.key + ".",
	}
	m := im.Message{From: from, To: u.jid, Body: bodies[c.choose(len(bodies))], Kind: kindOf(from)}
	m.Delayed, m.Carbon = c.choose(4) == 0, im.Carbon(max(0, c.choose(6)-3))
	u.happen(im.MessageReceived{On: u.on(), Message: m})
}

// comeAndGo has a device or an occupant come, go, or change its name, or ourselves.
func (c *chaos) comeAndGo(u *user, who im.JID) {
	room := im.MustJID("room@rooms.example.org")
	if who.Bare() != room {
		if c.choose(8) == 0 {
			u.do(im.JoinRoom{For: u.ask(), Room: who.Bare(), Nick: "me"}) // the user may be wrong
			return
		}
		u.happen(im.PresenceReceived{On: u.on(), Presence: im.Presence{From: who, Show: im.Show(c.choose(2) * 4)}})
		return
	}
	e := im.OccupantChanged{On: u.on(), Room: room, Occupant: im.Occupant{Nick: who.Resource()}}
	switch c.choose(5) {
	case 0:
		e.NewNick = "b"
	case 1:
		e.Occupant.Nick, e.Codes = "me", []int{codeSelf}
	case 2:
		u.do(im.LeaveRoom{For: u.ask(), Room: room, Nick: "me"})
		return
	default:
		e.Present = c.choose(2) == 0
	}
	u.happen(e)
}

// connection has the connection, the account or the child end.
func (c *chaos) connection(u *user) {
	switch c.choose(8) {
	case 0:
		u.happen(im.ConnectionChanged{On: u.on(), State: im.Connected})
	case 1:
		u.happen(im.ConnectionChanged{On: u.on(), State: im.Resumed})
	case 2:
		u.do(im.Disconnect{For: u.ask()})
	case 3:
		u.fake.dead = !u.fake.dead
	case 4:
		u.fake.die(u.stage)
		u.engine.pending++
		u.fake.completed <- func() { u.engine.pending-- }
	case 5:
		u.online = !u.online
	case 6:
		u.lose()
	case 7:
		u.fake.rude = !u.fake.rude
	}
}

// lose has the client give up what is on its way.
func (u *user) lose() {
	outbox := u.outbox
	u.outbox = nil
	for _, r := range outbox {
		u.happen(im.Done{On: u.on(), Request: r.ID, Err: &im.Failure{Code: im.CodeConnectionLost}, Unknown: true})
	}
}

func (c *chaos) smp(u *user, with im.JID) {
	switch c.choose(3) {
	case 0:
		u.do(im.StartSMP{For: u.ask(), To: with, Secret: "s"})
	case 1:
		u.do(im.AnswerSMP{For: u.ask(), To: with, Secret: "s"})
	case 2:
		u.do(im.AbortSMP{For: u.ask(), To: with})
	}
}

// TestStageProperty: whatever happens in whatever order, no text goes out in clear where encryption is required, in use, or
// ended by anybody but the user; texts of one device come in order; every request ends once; nothing is left waiting.
func TestStageProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newChaos(t, func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "choice") })
		c.run(rapid.IntRange(1, 120).Draw(t, "steps"))
	})
}

func FuzzStage(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x03\x04\x05\x06\x07"))
	f.Fuzz(func(t *testing.T, script []byte) {
		at := 0
		c := newChaos(t, func(n int) int {
			if at >= len(script) {
				return 0
			}
			at++
			return int(script[at-1]) % n
		})
		c.run(min(len(script)/3, 500))
	})
}
