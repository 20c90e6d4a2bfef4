package line

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// stage is a real core with nobody at the other end: requests succeed at once, and events come as the test writes them.
type stage struct {
	core    *core.Core
	session session
	now     time.Time
	out     *bytes.Buffer
}

func newStage(lang string, json bool) *stage {
	s := &stage{now: noon()}
	ids := 0
	s.core = core.New(core.Options{
		Accounts: []core.AccountOptions{{JID: im.MustJID("ana@localhost"), Nick: "ana", Connect: true}},
		NewID: func() string {
			ids++
			return fmt.Sprintf("id-%d", ids)
		},
	})
	s.out = &s.session.page
	s.session.form = newForm(Options{Printer: i18n.NewIn(lang, time.UTC), JSON: json, Now: func() time.Time { return s.now }})
	return s
}

// types gives lines as a user would.
func (s *stage) types(lines ...string) {
	for _, line := range lines {
		s.out.WriteString("> " + line + "\n")
		command, err := core.Parse(line)
		if err != nil {
			s.session.form.say(s.out, err.(*core.CommandError).Notice())
			continue
		}
		s.handle(core.Typed{Command: command})
	}
}

// hears gives events, five seconds after what was before.
func (s *stage) hears(events ...im.Event) {
	for _, event := range events {
		s.now = s.now.Add(5 * time.Second)
		s.handle(core.Received{Event: event})
	}
}

func (s *stage) handle(in core.Input) {
	effects := s.core.Handle(s.now, in)
	s.session.take(core.Update{View: s.core.View(), Facts: effects.Show})
	for _, request := range effects.Send {
		s.handle(core.Received{Event: im.Done{On: on(), Request: request.Number(), Result: result(request)}})
	}
}

func on() im.On { return im.On{Account: im.MustJID("ana@localhost")} }

// result is what a request brings back here.
func result(r im.Request) im.Result {
	grenoble := im.RoomInfo{Room: room().Peer, Name: "Grenoble", Occupants: 3, Flags: []im.RoomFlag{im.FlagPublic, im.FlagLogged}}
	switch r.(type) {
	case im.FetchRoster:
		return im.RosterResult{Items: []im.RosterItem{{JID: im.MustJID("paulette@localhost"), Name: "Paulette", Subscription: im.SubscriptionBoth}}}
	case im.FindRoomService:
		return im.RoomServiceResult{Service: im.MustJID("conference.localhost")}
	case im.ListRooms:
		return im.RoomsResult{Rooms: []im.RoomInfo{grenoble}}
	case im.DescribeRoom:
		return im.RoomInfoResult{Info: grenoble}
	case im.FetchBlocklist:
		return im.BlocklistResult{JIDs: []im.JID{im.MustJID("troll@example.org")}}
	case im.ListAffiliations:
		return im.AffiliationsResult{Occupants: []im.Occupant{{JID: im.MustJID("hubert@localhost"), Affiliation: im.Owner}}}
	}
	return nil
}

func occupant(nick string, present bool, change func(*im.OccupantChanged)) im.Event {
	e := im.OccupantChanged{On: on(), Room: room().Peer, Present: present,
		Occupant: im.Occupant{Nick: nick, Role: im.Participant, Show: im.Online}}
	if change != nil {
		change(&e)
	}
	return e
}

func codes(codes ...int) func(*im.OccupantChanged) {
	return func(e *im.OccupantChanged) { e.Codes = codes }
}

func heard(kind im.Kind, from, id, body string) im.MessageReceived {
	return im.MessageReceived{On: on(), Message: im.Message{
		From: wire(from), To: im.MustJID("ana@localhost"), Kind: kind, ID: id, Body: body}}
}

// visit is a session with all that commonly happens.
func visit(s *stage) {
	s.handle(core.Woken{})
	s.hears(im.ConnectionChanged{On: on(), State: im.Connecting, Via: im.ViaTor},
		im.ConnectionChanged{On: on(), State: im.Connected, JID: im.MustJID("ana@localhost/q"), Via: im.ViaTor, Server: "localhost:5222", TLS: "TLS 1.3", SASL: "SCRAM-SHA-256"})
	s.types("/rooms", "/join grenoble")
	s.hears(occupant("hubert", true, func(e *im.OccupantChanged) { e.Occupant.Role = im.Moderator }),
		occupant("ana", true, codes(110, 100)),
		im.SubjectReceived{On: on(), Room: room().Peer, Nick: "hubert", Text: "jeudi, 18 h"},
		heard(im.Groupchat, "grenoble@conference.localhost/hubert", "h1", "salut ana\nça va ?"))
	s.types("oui !", "/me sourit", "/names", "/subject", "/msg hubert psst")
	correction := heard(im.Groupchat, "grenoble@conference.localhost/hubert", "h2", "salut Ana, ça va ?")
	correction.Message.Replaces = "h1"
	s.hears(occupant("tigrou", true, nil), correction,
		occupant("tigrou", false, func(e *im.OccupantChanged) { e.Codes, e.NewNick = []int{303}, "lion" }),
		occupant("lion", true, nil),
		occupant("lion", false, func(e *im.OccupantChanged) { e.Codes, e.Actor, e.Reason = []int{307}, "hubert", "trop de bruit" }),
		im.InvitationReceived{On: on(), Room: im.MustJID("lyon@conference.localhost"), From: im.MustJID("paulette@localhost"), Reason: "viens"})
	s.types("/query paulette@localhost", "bonjour")
	s.hears(im.PresenceReceived{On: on(), Presence: im.Presence{From: wire("paulette@localhost/tel"), Show: im.Away, Status: "au marché"}},
		heard(im.Chat, "paulette@localhost/tel", "p1", "coucou"),
		im.SubscriptionReceived{On: on(), From: im.MustJID("lupin@example.org"), Text: "bonsoir"})
	s.types("/refuse lupin@example.org", "/roster", "/win", "/privacy", "/jion", "/help kick", "/block troll@example.org", "/blocklist")
	s.hears(im.ConnectionChanged{On: on(), State: im.Disconnected, RetryIn: 5 * time.Second, Err: &im.Failure{Code: im.CodeConnectionLost}})
	s.types("/tor", "/quit")
}

func TestSessions(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		for name, json := range map[string]bool{"txt": false, "json": true} {
			s := newStage(lang, json)
			visit(s)
			compare(t, "session_"+lang+"."+name, s.out.String())
		}
	}
}

// TestEveryCommandIsAnswered types every command and checks that each leads to something a script can see.
func TestEveryCommandIsAnswered(t *testing.T) {
	silent := map[string]bool{"clear": true, "quit": true, "panic": true}
	for _, info := range core.Commands() {
		s := newStage("en", true)
		s.handle(core.Woken{})
		s.hears(im.ConnectionChanged{On: on(), State: im.Connected, JID: im.MustJID("ana@localhost/q")})
		s.types("/join grenoble")
		s.hears(occupant("hubert", true, func(e *im.OccupantChanged) { e.Occupant.JID = im.MustJID("hubert@localhost/x") }),
			occupant("ana", true, codes(110)))
		before := s.out.Len()
		s.types(example(info))
		printed := s.out.String()[before:]
		if lines := strings.Count(printed, "\n"); lines < 2 && !silent[info.Name] && !asks(info.Name) {
			t.Errorf("%q is not answered", example(info))
		}
	}
}

// asks reports whether a command only asks the room for something, which answers by presence later.
func asks(name string) bool {
	return strings.Contains(" connect disconnect part nick subject kick ban unban voice devoice role affiliation destroy ", " "+name+" ")
}

// example writes a command with all its arguments.
func example(info core.CommandInfo) string {
	words := []string{"/" + info.Name}
	for _, argument := range info.Arguments {
		words = append(words, map[core.ArgumentKind]string{
			core.ArgText: "texte", core.ArgCommand: "join", core.ArgWindow: "1", core.ArgAccount: "ana@localhost",
			core.ArgRoom: "lyon@conference.localhost", core.ArgService: "conference.localhost", core.ArgNick: "hubert", core.ArgOwnNick: "anna",
			core.ArgJID: "paulette@localhost", core.ArgConversation: "paulette@localhost", core.ArgPassword: "secret",
			core.ArgRole: "visitor", core.ArgAffiliation: "member", core.ArgSwitch: "archive", core.ArgOnOff: "on", core.ArgHistory: "on",
			core.ArgSearch: "texte",
		}[argument.Kind])
	}
	return strings.Join(words, " ")
}

// TestHostileSession sends through core what hostile peers send, and looks for it in the output.
func TestHostileSession(t *testing.T) {
	evil := "x\x1b]0;pwned\x07\u202e\u2028\u0085\n12:00 -!- hubert left {nick} [red]" + strings.Repeat("\u0301", 2000)
	for _, json := range []bool{false, true} {
		s := newStage("fr", json)
		s.handle(core.Woken{})
		s.hears(im.ConnectionChanged{On: on(), State: im.Connected, JID: im.MustJID("ana@localhost/q"), Server: evil})
		s.types("/join grenoble")
		s.hears(occupant("ana", true, codes(110)),
			occupant(evil, true, func(e *im.OccupantChanged) { e.Occupant.Status = evil }),
			heard(im.Groupchat, "grenoble@conference.localhost/"+evil[:400], evil, evil),
			heard(im.Private, "grenoble@conference.localhost/"+evil[:400], evil, evil),
			im.SubjectReceived{On: on(), Room: room().Peer, Nick: evil, Text: evil},
			heard(im.Chat, "e\x1b[2J@evil\x07.example/"+evil[:400], evil, evil),
			im.PresenceReceived{On: on(), Presence: im.Presence{From: wire("paulette@localhost/" + evil[:400]), Show: im.Away, Status: evil}},
			im.RosterChanged{On: on(), Item: im.RosterItem{JID: wire("a\x1bb@localhost"), Name: evil, Groups: []string{evil}}},
			im.SubscriptionReceived{On: on(), From: wire("l\x1bupin@example.org"), Text: evil},
			im.InvitationReceived{On: on(), Room: wire("ly\x1bon@conference.localhost"), From: wire("l\x1bupin@example.org"), Reason: evil},
			occupant(evil, false, func(e *im.OccupantChanged) { e.Codes, e.Actor, e.Reason = []int{307}, evil, evil }),
			im.ConnectionChanged{On: on(), State: im.Failed, Err: &im.Failure{Code: im.CodeStream, Condition: evil, Text: evil, Detail: evil}})
		for _, line := range strings.Split(s.out.String(), "\n") {
			for _, r := range line {
				if !printable(r) {
					t.Fatalf("JSON %v: %q holds %U", json, line, r)
				}
			}
			if json && line != "" && !strings.HasPrefix(line, "{\"type\":") && !strings.HasPrefix(line, "> /") {
				t.Errorf("not an object: %q", line)
			}
			if !json && strings.HasPrefix(line, "12:00 -!- hubert left") {
				t.Errorf("forged: %q", line)
			}
		}
	}
}
