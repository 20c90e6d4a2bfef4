package core

import (
	"slices"
	"strings"
	"testing"

	"traboule/im"
)

// commandSamples are lines for each command, in all its forms. "grenoble" is a room's short name and the name of its window.
func commandSamples() map[string][]string {
	return map[string][]string{
		"help": {"/help", "/help join"}, "quit": {"/quit", "/quit à demain"}, "win": {"/win", "/win 1", "/win 99", "/win grenoble", "/win nulle part"},
		"close": {"/close"}, "connect": {"/connect", "/connect ana@example.org", "/connect zoe@example.net"},
		"disconnect": {"/disconnect", "/disconnect zoe@example.net"}, "away": {"/away", "/away au marché"}, "back": {"/back"}, "tor": {"/tor", "/tor new"},
		"privacy": {"/privacy", "/privacy typing on", "/privacy receipts off"}, "panic": {"/panic"},
		"join": {
			"/join grenoble@chat.example.org", "/join grenoble@chat.example.org Ana", "/join lyon@chat.example.org ana secret", "/join paris",
		},
		"bookmarks": {"/bookmarks"}, "bookmark": {"/bookmark", "/bookmark on lyon@chat.example.org", "/bookmark off", "/bookmark auto lyon@chat.example.org"},
		"bookmark name": {"/bookmark name", "/bookmark name le four"}, "bookmark move": {"/bookmark move 1", "/bookmark move 2 lyon@chat.example.org"},
		"part": {"/part", "/part à demain"}, "nick": {"/nick Ana", "/nick ana"}, "subject": {"/subject", "/subject jeudi", `/subject ""`}, "names": {"/names"},
		"invite": {"/invite paulette@example.net"}, "kick": {"/kick hubert", "/kick personne"},
		"ban":   {"/ban hubert", "/ban zoe@example.net"},
		"unban": {"/unban zoe@example.net"}, "voice": {"/voice hubert"}, "devoice": {"/devoice hubert"}, "role": {"/role hubert moderator"},
		"affiliation": {"/affiliation hubert member", "/affiliation zoe@example.net none"}, "affiliations": {"/affiliations", "/affiliations owner"},
		"destroy": {"/destroy grenoble", "/destroy lyon"}, "rooms": {"/rooms", "/rooms chat.example.org"},
		"msg":   {"/msg paulette@example.net salut", "/msg hubert salut", "/msg grenoble salut", "/msg grenoble@chat.example.org/hubert psst"},
		"query": {"/query paulette@example.net", "/query hubert", "/query grenoble", "/query grenoble@chat.example.org/hubert"},
		"me":    {"/me rit"}, "say": {"/say salut", "/say \x01", "salut", "\x01"}, "correct": {"/correct mieux"}, "roster": {"/roster"},
		"add": {"/add zoe@example.net", "/add ana@example.org"}, "remove": {"/remove paulette@example.net", "/remove zoe@example.net"},
		"accept": {"/accept", "/accept zoe@example.net"}, "refuse": {"/refuse", "/refuse zoe@example.net"},
		"otr": {"/otr"}, "otr start": {"/otr start", "/otr start paulette@example.net", "/otr start hubert"}, "otr end": {"/otr end", "/otr end hubert"},
		"otr policy":      {"/otr policy", "/otr policy required", "/otr policy never paulette@example.net", "/otr policy paulette@example.net"},
		"otr fingerprint": {"/otr fingerprint", "/otr fingerprint paulette@example.net"}, "otr trust": {"/otr trust"}, "otr distrust": {"/otr distrust hubert"},
		"otr ask": {`/otr ask "comment va le chat ?" mal`}, "otr secret": {"/otr secret chat"}, "otr answer": {"/otr answer chat"}, "otr abort": {"/otr abort"},
		"history": {
			"/history", "/history on", "/history 30 paulette@example.net", "/history off all", "/history default", "/history on paulette@example.net encrypted",
			"/history on encrypted",
		},
		"history show": {"/history show", "/history show 3"}, "history more": {"/history more", "/history more 3"}, "found": {"/found 1"},
		"history forget": {"/history forget", "/history forget yes", "/history forget all yes", "/history forget grenoble"},
		"search":         {"/search pain", "/search from:hubert", "/search in:. le pain", "/search since:2026-11-01 before:2026-11-22 x", "/search in:grenoble on:2026-11-21 x"},
		"block":          {"/block zoe@example.net"}, "unblock": {"/unblock zoe@example.net"}, "blocklist": {"/blocklist"},
	}
}

// places are where a command can be given, each made by what was typed and what happened before.
func places() map[string]func() *Core {
	connection := func(c *Core, state im.ConnState, wait bool) {
		e := im.ConnectionChanged{On: im.On{Account: ana}, State: state}
		if wait {
			e.RetryIn, e.Err = 1, &im.Failure{Code: im.CodeConnectionLost}
		}
		c.Handle(noon, Received{e})
	}
	return map[string]func() *Core{
		"no account":   func() *Core { return New(Options{NewID: func() string { return "id" }}) },
		"disconnected": newTestCore,
		"connecting":   func() *Core { c := newTestCore(); connection(c, im.Connecting, false); return c },
		"console":      func() *Core { c := newTestCore(); connection(c, im.Connected, false); return c },
		"contact":      func() *Core { c := inGrenoble("hubert"); c.Handle(noon, Typed{Query{paulette.String()}}); return c },
		"room":         func() *Core { return inGrenoble("hubert") },
		"occupant":     func() *Core { c := inGrenoble("hubert"); c.Handle(noon, Typed{Query{"hubert"}}); return c },
		"encrypted":    func() *Core { return talking(im.OTREncrypted) },
		"finished":     func() *Core { return talking(im.OTRFinished) },
		"asked": func() *Core {
			c := talking(im.OTREncrypted)
			c.Handle(noon, Received{im.SMPChanged{On: im.On{Account: ana}, Peer: phone, Step: im.SMPRequested}})
			return c
		},
		"room left":    func() *Core { c := inGrenoble("hubert"); c.Handle(noon, Typed{Part{}}); return c },
		"room joining": func() *Core { c := inGrenoble(); c.Handle(noon, Typed{Join{Room: lyon.String()}}); return c },
		"room lost":    func() *Core { c := inGrenoble("hubert"); connection(c, im.Disconnected, true); return c },
		"room ended":   func() *Core { c := inGrenoble("hubert"); connection(c, im.Disconnected, false); return c },
	}
}

var phone = im.MustJID("paulette@example.net/phone")

// talking makes a Core in a conversation with a session in a state.
func talking(state im.OTRState) *Core {
	c := inGrenoble("hubert")
	c.Handle(noon, Typed{Query{paulette.String()}})
	e := im.OTRChanged{On: im.On{Account: ana}, Peer: phone, State: im.OTREncrypted, Version: 3, Theirs: strings.Repeat("b", 40)}
	c.Handle(noon, Received{e})
	e.State = state
	c.Handle(noon, Received{e})
	return c
}

// TestEveryCommandIsAnswered shows that a script never waits in vain: whatever is typed, wherever, leads to a fact, to another
// conversation or to the end, or it asks the network for something and tells how that ended.
func TestEveryCommandIsAnswered(t *testing.T) {
	samples := commandSamples()
	for _, command := range Commands() {
		if command.Name == "clear" {
			continue // what it does is to show nothing
		}
		if len(samples[command.Name]) == 0 {
			t.Errorf("no sample of /%s", command.Name)
		}
		for _, line := range samples[command.Name] {
			for place, start := range places() {
				for _, failure := range []*im.Failure{nil, {Code: im.CodeNotAllowed}} {
					if !answers(t, start(), line, failure) {
						t.Errorf("%s: no answer to %q, which ends in %v", place, line, failure)
					}
				}
			}
		}
	}
}

func answers(t *testing.T, c *Core, line string, failure *im.Failure) bool {
	t.Helper()
	command, err := Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	c.Handle(noon, Woken{})
	before := c.View().Current.ID
	e := c.Handle(noon, Typed{command})
	return c.View().Current.ID != before || c.View().Quit || leadsToFact(c, e, failure)
}

// leadsToFact reports whether line mode prints something in the end, if all that is asked for ends in this way.
func leadsToFact(c *Core, e Effects, failure *im.Failure) bool {
	return slices.ContainsFunc(e.Show, isPrinted) || slices.ContainsFunc(e.Send, func(r im.Request) bool {
		if _, ends := r.(im.Disconnect); ends || failure == nil && isSeen(r) {
			return true // leaving cannot fail
		}
		done := im.Done{On: im.On{Account: r.Of()}, Request: r.Number(), Err: failure}
		switch r.(type) {
		case im.FetchOTRKey:
			done.Result = im.OTRKeyResult{Fingerprint: strings.Repeat("a", 40)}
		case im.FetchBlocklist:
			done.Result = im.BlocklistResult{}
		case im.FindRoomService:
			done.Result = im.RoomServiceResult{Service: grenoble.DomainJID()}
		case im.ListRooms:
			done.Result = im.RoomsResult{}
		}
		return leadsToFact(c, c.Handle(noon, Received{done}), failure)
	})
}

// isPrinted reports whether a fact is printed in every form: lines are told by other facts too.
func isPrinted(f Fact) bool {
	switch f.(type) {
	case LineAdded, LineChanged:
		return false
	}
	return true
}

// isSeen reports whether what a request changes is told by what the server sends to all.
func isSeen(r im.Request) bool {
	switch r.(type) {
	case im.EndOTR, im.Connect, im.ChangeNick, im.SetRole, im.SetSubject, im.DestroyRoom:
		return true
	}
	return false
}

func TestRightsThatSomebodyHasAreTold(t *testing.T) {
	for command, want := range map[Command]NoticeCode{
		GrantRole{Nick: "hubert", Role: im.Participant}:                  NoticeRoleUnchanged,
		GrantRole{Nick: "hubert", Role: im.Visitor}:                      "",
		GrantAffiliation{Nick: "hubert", Affiliation: im.Member}:         NoticeAffiliationUnchanged,
		GrantAffiliation{Nick: "hubert", Affiliation: im.Admin}:          "",
		GrantAffiliation{Nick: "zoe@example.net", Affiliation: im.Admin}: NoticeModerationDone,
	} {
		c := inGrenoble()
		hubert := present("hubert")
		hubert.Occupant.JID, hubert.Occupant.Affiliation = im.MustJID("hubert@example.net/x"), im.Member
		c.Handle(noon, Received{hubert})
		r := c.Handle(noon, Typed{command}).Send[0]
		var got NoticeCode
		for _, f := range c.Handle(noon, Received{im.Done{On: im.On{Account: ana}, Request: r.Number()}}).Show {
			if n, is := f.(NoticeFact); is {
				got = n.Notice.Code
			}
		}
		if got != want {
			t.Errorf("%+v: told %q, want %q", command, got, want)
		}
	}
}
