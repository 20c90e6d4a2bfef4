package core

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"traboule/im"
)

var (
	grenoble = im.MustJID("grenoble@chat.example.org")
	lyon     = im.MustJID("lyon@chat.example.org")
)

// hostileNicks are nicks that meet each other: ours, look-alikes, empty when cleaned, full of controls.
var hostileNicks = []string{"ana", "an\u0430", "hubert", "HUBERT", "hubert ", "hub\u200bert", "\u3164", "<ana>", "\x1b[2J", "a\u0301\u0301", "tigrou"}

// player drives a Core with what a hostile room and a busy user may do, and remembers what it asked of the network.
type player struct {
	t       *rapid.T
	core    *Core
	now     time.Time
	running []im.Request
}

func (p *player) nick() string { return rapid.SampledFrom(hostileNicks).Draw(p.t, "nick") }

func (p *player) text() string {
	return rapid.SampledFrom([]string{"salut", "ana: \x1b]0;x\a", "/me rit", "\u202eabc", "", "a\nb\r\n", "😀\u200d"}).Draw(p.t, "text")
}

func (p *player) room() im.JID { return rapid.SampledFrom([]im.JID{grenoble, lyon}).Draw(p.t, "room") }

func (p *player) codes() []int {
	known := []int{100, 104, 110, 110, 170, 171, 172, 173, 174, 201, 210, 301, 303, 303, 307, 321, 322, 332, 333, 999, -1}
	return rapid.SliceOfN(rapid.SampledFrom(known), 0, 3).Draw(p.t, "codes")
}

func (p *player) occupantJID() im.JID {
	jid, err := p.room().WithResource(p.nick())
	if err != nil {
		p.t.Fatal(err)
	}
	return jid
}

func (p *player) event() im.Event {
	t, on := p.t, im.On{Account: ana}
	stamp := p.now.Add(-time.Duration(rapid.IntRange(-100, 1000).Draw(t, "age")) * time.Second)
	id := rapid.SampledFrom([]string{"", "1", "2", "id-1", "id-2", "id-3"})
	switch rapid.IntRange(0, 9).Draw(t, "event") {
	case 0, 1, 2, 3:
		e := im.OccupantChanged{
			On: on, Room: p.room(), Present: rapid.Bool().Draw(t, "present"), Codes: p.codes(), NewNick: p.nick(),
			Actor: p.nick(), Reason: p.text(),
			Occupant: im.Occupant{
				Nick: p.nick(), Status: p.text(), ID: rapid.SampledFrom([]string{"", "", "x"}).Draw(t, "id"),
				Role: im.Role(rapid.IntRange(0, 3).Draw(t, "role")), Affiliation: im.Affiliation(rapid.IntRange(0, 4).Draw(t, "affiliation")),
			},
		}
		if rapid.IntRange(0, 30).Draw(t, "destroyed") == 0 {
			e.Destroyed = &im.Destruction{Reason: p.text()}
		}
		return e
	case 4, 5:
		return im.MessageReceived{On: on, Message: im.Message{
			From: p.occupantJID(), Kind: rapid.SampledFrom([]im.Kind{im.Groupchat, im.Private}).Draw(t, "kind"),
			ID: id.Draw(t, "id"), StanzaID: id.Draw(t, "stanza"), Body: p.text(), Replaces: id.Draw(t, "replaces"),
			Delayed: rapid.Bool().Draw(t, "delayed"), Delay: stamp,
		}}
	case 6:
		return im.SubjectReceived{On: on, Room: p.room(), Nick: p.nick(), Text: p.text()}
	case 7:
		return im.RoomConfigChanged{On: on, Room: p.room(), Codes: p.codes()}
	case 8:
		return im.InvitationReceived{On: on, Room: p.room(), From: p.occupantJID(), Reason: p.text(), Direct: rapid.Bool().Draw(t, "direct")}
	default:
		state := rapid.SampledFrom([]im.ConnState{im.Connected, im.Connected, im.Resumed, im.Disconnected}).Draw(t, "state")
		e := im.ConnectionChanged{On: on, State: state, RetryIn: time.Second}
		if state == im.Disconnected {
			e.Err = &im.Failure{Code: im.CodeConnectionLost}
		}
		return e
	}
}

func (p *player) command() Command {
	t := p.t
	return rapid.SampledFrom([]Command{
		Join{Room: p.room().String()}, Join{Room: p.room().String(), Nick: p.nick()}, Join{Room: "paris"}, Part{Text: p.text()},
		ChangeNick{Nick: p.nick()}, Say{Text: "salut"}, Say{Text: p.text()}, Msg{To: p.nick(), Text: "psst"}, Query{To: p.occupantJID().String()},
		Close{}, Kick{Nick: p.nick(), Text: p.text()}, Ban{Nick: p.nick()}, GrantRole{Nick: p.nick(), Role: im.Visitor},
		Subject{}, Subject{Text: p.text(), Set: true}, Names{}, Invite{JID: paulette}, Accept{JID: p.room()}, Decline{JID: p.room()},
		SelectNext{N: 1}, Rooms{}, Correct{Text: "mieux"}, Affiliations{Affiliation: im.Member}, Clear{},
	}).Draw(t, "command")
}

// answer ends the oldest request that runs, one way or another.
func (p *player) answer() im.Event {
	r := p.running[0]
	p.running = p.running[1:]
	d := im.Done{On: im.On{Account: ana}, Request: r.Number()}
	switch rapid.IntRange(0, 3).Draw(p.t, "answer") {
	case 0:
		d.Err = &im.Failure{Code: im.CodeNotAllowed, Text: p.text()}
	case 1:
		d.Err, d.Unknown = &im.Failure{Code: im.CodeConnectionLost}, true
	}
	switch r.(type) {
	case im.DescribeRoom:
		d.Result = im.RoomInfoResult{Info: im.RoomInfo{Name: p.text(), Flags: []im.RoomFlag{im.FlagLogged, "\x1b"}}}
	case im.FindRoomService:
		d.Result = im.RoomServiceResult{Service: grenoble.DomainJID()}
	case im.ListRooms:
		d.Result = im.RoomsResult{Rooms: []im.RoomInfo{{Room: lyon, Name: p.text()}}}
	}
	return d
}

func (p *player) input() Input {
	switch n := rapid.IntRange(0, 9).Draw(p.t, "input"); {
	case n < 5:
		return Received{p.event()}
	case n < 8:
		return Typed{p.command()}
	case n < 9 && len(p.running) > 0:
		return Received{p.answer()}
	}
	p.now = p.now.Add(time.Duration(rapid.IntRange(0, 90).Draw(p.t, "seconds")) * time.Second)
	return Woken{}
}

func TestRoomsUnderFire(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &player{t: t, core: newTestCore(), now: noon}
		p.core.Handle(noon, Woken{})
		p.core.Handle(noon, Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected}})
		p.core.Handle(noon, Typed{Join{Room: grenoble.String()}})
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			in := p.input()
			e := p.core.Handle(p.now, in)
			p.running = append(p.running, e.Send...)
			for _, f := range e.Show {
				checkTexts(t, reflect.ValueOf(f), fmt.Sprintf("%T", f))
			}
			checkTexts(t, reflect.ValueOf(p.core.View().Current.Occupants), "Occupants")
			p.checkRooms(in)
		}
	})
}

// checkTexts fails if a text that front ends show is not clean.
func checkTexts(t *rapid.T, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); CleanText(s) != s {
			t.Fatalf("%s is not clean: %q", path, s)
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			checkTexts(t, v.Elem(), path)
		}
	case reflect.Slice:
		for i := range v.Len() {
			checkTexts(t, v.Index(i), path)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				checkTexts(t, v.Field(i), path+"."+f.Name)
			}
		}
	}
}

// checkRooms fails if the state of the rooms does not hold together.
func (p *player) checkRooms(in Input) {
	c := p.core
	for _, conv := range c.windows {
		if c.conversations[conv.id] != conv {
			p.t.Fatalf("after %+v: the window of %v is lost", in, conv.id)
		}
		p.checkPending(in, conv)
		r := conv.room
		if r == nil {
			continue
		}
		if r.isJoined() && (r.present.byNick[r.nick] == nil || !r.wanted) {
			p.t.Fatalf("after %+v: we are in %v, but not among its occupants", in, conv.id.Peer)
		}
		sorted, similar := r.present.inOrder(), 0
		for _, same := range r.present.similar {
			similar += len(same)
		}
		if len(sorted) != len(r.present.byNick) || similar != len(sorted) || !slices.IsSortedFunc(sorted, compareOccupants) {
			p.t.Fatalf("after %+v: %d occupants, %d sorted, %d skeletons", in, len(r.present.byNick), len(sorted), similar)
		}
	}
}

// checkPending fails if a message of ours is shown as pending and nothing will ever change that.
func (p *player) checkPending(in Input, conv *conversation) {
	for i := range conv.log.Len() {
		line := conv.log.At(i)
		waits := slices.ContainsFunc(conv.outbox, func(o *outgoing) bool { return o.id == line.ID })
		if line.State == StatePending && !waits {
			p.t.Fatalf("after %+v: %q is pending for ever", in, line.Body)
		}
	}
	for _, o := range conv.outbox {
		running := slices.ContainsFunc(p.running, func(r im.Request) bool {
			m, ok := r.(im.SendMessage)
			return ok && m.Stanza == o.id
		})
		if o.inFlight && !running {
			p.t.Fatalf("after %+v: %q is in flight, but not asked for", in, o.body)
		}
	}
}

func TestMentions(t *testing.T) {
	tests := []struct {
		text, nick string
		want       bool
	}{
		{"ana: salut", "ana", true}, {"salut Ana", "ana", true}, {"ANA!", "ana", true}, {"(ana)", "ana", true}, {"banana", "ana", false},
		{"anatole", "ana", false}, {"banana, ana", "ana", true}, {"ana_2", "ana", false}, {"ana2", "ana", false}, {"", "ana", false},
		{"salut", "", false}, {"été Éa?", "éa", true}, {"<3 <3", "<3", true}, {"太郎さん", "太郎", true}, {"l'ana", "ana", true}, {"aana ana", "ana", true},
	}
	for _, tt := range tests {
		if got := mentions(tt.text, tt.nick); got != tt.want {
			t.Errorf("mentions(%q, %q) = %v", tt.text, tt.nick, got)
		}
	}
}

// inGrenoble makes a Core that is in grenoble with some others.
func inGrenoble(nicks ...string) *Core {
	c := newTestCore()
	c.Handle(noon, Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected}})
	c.Handle(noon, Typed{Join{Room: grenoble.String()}})
	for _, nick := range nicks {
		c.Handle(noon, Received{present(nick)})
	}
	c.Handle(noon, Received{present("ana", statusSelf)})
	return c
}

func present(nick string, codes ...int) im.OccupantChanged {
	return im.OccupantChanged{
		On: im.On{Account: ana}, Room: grenoble, Present: true, Codes: codes, Occupant: im.Occupant{Nick: nick, Role: im.Participant},
	}
}

func TestOccupantsAreCapped(t *testing.T) {
	var nicks []string
	for i := range maxOccupants + 10 {
		nicks = append(nicks, fmt.Sprint("nick-", i))
	}
	c := inGrenoble(nicks...)
	r := c.roomAt(c.byJID[ana], grenoble)
	if got := len(r.present.byNick); got != maxOccupants+1 || !r.isJoined() {
		t.Fatalf("%d occupants, joined %v", got, r.isJoined())
	}
	e := c.Handle(noon, Received{present("one-more")})
	if len(e.Show) == 0 || len(r.present.byNick) != maxOccupants+1 {
		t.Fatalf("one more was let in: %v", e.Show)
	}
	if e = c.Handle(noon, Received{present("and-another")}); len(e.Show) != 0 {
		t.Errorf("the cap is told twice: %v", e.Show)
	}
}

func TestPrivateWindowsAreCapped(t *testing.T) {
	c := inGrenoble()
	before := len(c.windows)
	for i := range maxPrivates + 20 {
		from, err := grenoble.WithResource(fmt.Sprint("nick-", i))
		if err != nil {
			t.Fatal(err)
		}
		c.Handle(noon, Received{im.MessageReceived{On: im.On{Account: ana}, Message: im.Message{From: from, Kind: im.Private, Body: "psst"}}})
	}
	if got := len(c.windows) - before; got != maxPrivates {
		t.Errorf("%d windows were opened", got)
	}
	if got := c.byJID[ana].console.log.Len(); got < 20 {
		t.Errorf("only %d lines in the console", got)
	}
}

func TestInvitationsAreCapped(t *testing.T) {
	c := inGrenoble()
	for i := range 10 * maxInvitations {
		c.Handle(noon, Received{im.InvitationReceived{
			On: im.On{Account: ana}, Room: im.MustJID(fmt.Sprintf("room%d@chat.example.org", i)), From: paulette,
		}})
	}
	console := c.byJID[ana].console
	last := console.log.At(console.log.Len() - 1).Notice
	if len(c.View().Questions) != maxInvitations || last.Code != NoticeInvitationsCapped {
		t.Errorf("%d questions, then %s", len(c.View().Questions), last.Code)
	}
}

func TestViewKeepsItsOccupants(t *testing.T) {
	c := inGrenoble("hubert", "paulette")
	before := c.View().Current.Occupants
	text := fmt.Sprint(before)
	c.Handle(noon, Received{present("albert")})
	c.Handle(noon, Received{present("HUBERT")})
	if after := c.View().Current.Occupants; len(after) != 5 || fmt.Sprint(before) != text {
		t.Errorf("before %v, now %v, after %v", text, before, after)
	}
}

func TestAnonymousNickMeansNothing(t *testing.T) {
	c := New(Options{
		Accounts: []AccountOptions{{JID: im.MustJID("anon.example.org"), Connect: true}},
		NewID:    func() string { return "0123456789" },
	})
	c.Handle(noon, Received{im.ConnectionChanged{On: im.On{Account: im.MustJID("anon.example.org")}, State: im.Connected}})
	e := c.Handle(noon, Typed{Join{Room: grenoble.String()}})
	join, ok := e.Send[len(e.Send)-1].(im.JoinRoom)
	if !ok || !strings.HasPrefix(join.Nick, "guest-") || strings.Contains(join.Nick, "0123456789") {
		t.Errorf("sent %+v", e.Send)
	}
}
