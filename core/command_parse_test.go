package core

import (
	"errors"
	"testing"

	"traboule/im"
)

func TestParse(t *testing.T) {
	tests := []struct {
		line string
		want Command
	}{
		{"salut", Say{"salut"}},
		{"  salut /me", Say{"  salut /me"}},
		{"//join is a command", Say{"/join is a command"}},
		{"", Say{}},
		{"/me danse", Say{"/me danse"}},
		{"/moi danse", Say{"/me danse"}},
		{"/help", Help{}},
		{"/aide /join", Help{"/join"}},
		{"/QUITTER à bientôt", Quit{"à bientôt"}},
		{"/fenêtre 3", Win{Number: 3}},
		{"/win gren oble", Win{Name: "gren oble"}},
		{"/win", Win{}},
		{"/join grenoble", Join{Room: "grenoble"}},
		{"/join xmpp:grenoble@conference.example.org?join ana", Join{Room: "grenoble@conference.example.org", Nick: "ana"}},
		{`/j grenoble@c.example.org "ana b" secret`, Join{Room: "grenoble@c.example.org", Nick: "ana b", Password: "secret"}},
		{"/part", Part{}},
		{"/sortir à demain", Part{"à demain"}},
		{"/nick ana la grande", ChangeNick{"ana la grande"}},
		{"/subject", Subject{}},
		{"/sujet jeudi, 18 h", Subject{Text: "jeudi, 18 h", Set: true}},
		{`/subject ""`, Subject{Set: true}},
		{"/invite bob@example.org viens", Invite{im.MustJID("bob@example.org"), "viens"}},
		{`/kick "nick with ""quotes""" for spam`, Kick{`nick with "quotes"`, "for spam"}},
		{"/ban troll", Ban{"troll", ""}},
		{"/unban troll@example.org", GrantAffiliation{Nick: "troll@example.org"}},
		{"/voice bob", GrantRole{Nick: "bob", Role: im.Participant}},
		{"/devoice bob flood", GrantRole{"bob", im.Visitor, "flood"}},
		{"/role bob moderator", GrantRole{Nick: "bob", Role: im.Moderator}},
		{"/affiliation bob@example.org Owner merci", GrantAffiliation{"bob@example.org", im.Owner, "merci"}},
		{"/affiliations outcast", Affiliations{im.Outcast}},
		{"/affiliations", Affiliations{}},
		{"/destroy old", Destroy{Name: "old"}},
		{"/destroy old new@c.example.org we move", Destroy{"old", im.MustJID("new@c.example.org"), "we move"}},
		{"/destroy old we stop", Destroy{Name: "old", Text: "we stop"}},
		{"/rooms", Rooms{}},
		{"/salons conference.example.org", Rooms{im.MustJID("conference.example.org")}},
		{"/msg bob  two  spaces", Msg{"bob", "two  spaces"}},
		{"/query room@c.example.org/bob", Query{"room@c.example.org/bob"}},
		{"/correct salut", Correct{"salut"}},
		{"/add bob@example.org Bob l'Ancien", Add{im.MustJID("bob@example.org"), "Bob l'Ancien"}},
		{"/accept", Accept{}},
		{"/refuser bob@example.org", Decline{im.MustJID("bob@example.org")}},
		{"/tor", TorState{}},
		{"/tor new", NewCircuits{}},
		{"/TOR Nouveau", NewCircuits{}},
		{"/tor nouveaux", NewCircuits{}},
		{"/privacy", Privacy{}},
		{"/privacy receipts on", Privacy{Switch: DiscloseReceipts, On: true, Set: true}},
		{"/privacy archive off ana@example.org", Privacy{Switch: DiscloseArchive, Set: true, Account: ana}},
		{"/privacy typing OFF", Privacy{Switch: DiscloseTyping, Set: true}},
		{"/connect", ConnectAccount{}},
		{"/disconnect ana@example.org", DisconnectAccount{im.MustJID("ana@example.org")}},
		{"/away", GoAway{}},
		{"/panic", Panic{}},
	}
	for _, tt := range tests {
		got, err := Parse(tt.line)
		if err != nil || got != tt.want {
			t.Errorf("Parse(%q) = %#v, %v; want %#v", tt.line, got, err, tt.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		line string
		want CommandError
	}{
		{"/jion grenoble", CommandError{NoticeUnknownCommand, "jion", "", "join"}},
		{"/aidez", CommandError{NoticeUnknownCommand, "aidez", "", "aide"}},
		{"/usr/bin/env", CommandError{NoticeUnknownCommand, "usr/bin/env", "", ""}},
		{"/", CommandError{NoticeUnknownCommand, "", "", ""}},
		{"/join", CommandError{NoticeMissingArgument, "join", "ROOM", ""}},
		{"/join a@b@c", CommandError{NoticeBadAddress, "join", "a@b@c", ""}},
		{"/entrer a b c d", CommandError{NoticeTooManyArguments, "join", "d", ""}},
		{"/kick", CommandError{NoticeMissingArgument, "kick", "NICK", ""}},
		{`/kick "bob`, CommandError{NoticeOpenQuote, "kick", `"bob`, ""}},
		{"/msg bob", CommandError{NoticeMissingArgument, "msg", "TEXT", ""}},
		{"/me", CommandError{NoticeMissingArgument, "me", "TEXT", ""}},
		{"/nick", CommandError{NoticeMissingArgument, "nick", "NICK", ""}},
		{"/invite @@", CommandError{NoticeBadAddress, "invite", "@@", ""}},
		{"/add", CommandError{NoticeMissingArgument, "add", "JID", ""}},
		{"/add bernard", CommandError{NoticeBadAddress, "add", "bernard", ""}},
		{"/win 0", CommandError{NoticeBadNumber, "win", "0", ""}},
		{"/role bob king", CommandError{NoticeBadChoice, "role", "king", ""}},
		{"/role bob", CommandError{NoticeMissingArgument, "role", "ROLE", ""}},
		{"/privacy receipts maybe", CommandError{NoticeBadChoice, "privacy", "maybe", ""}},
		{"/tor off", CommandError{NoticeBadChoice, "tor", "off", ""}},
		{"/tor new now", CommandError{NoticeTooManyArguments, "tor", "now", ""}},
		{"/names all", CommandError{NoticeTooManyArguments, "names", "all", ""}},
	}
	for _, tt := range tests {
		command, err := Parse(tt.line)
		var got *CommandError
		if !errors.As(err, &got) || *got != tt.want {
			t.Errorf("Parse(%q) = %#v, %v; want %+v", tt.line, command, err, tt.want)
			continue
		}
		n := got.Notice()
		if n.Code != tt.want.Code || n.Level != Error || n.Suggestion != tt.want.Suggestion {
			t.Errorf("Parse(%q): notice %+v", tt.line, n)
		}
	}
}

func TestCommandNamesAreUnique(t *testing.T) {
	seen := make(map[string]string)
	for _, info := range Commands() {
		for _, name := range append([]string{info.Name}, info.Aliases...) {
			if other, found := seen[name]; found {
				t.Errorf("%q is both %q and %q", name, other, info.Name)
			}
			seen[name] = info.Name
			if commandName(name) != name {
				t.Errorf("%q cannot be typed: it is read as %q", name, commandName(name))
			}
		}
	}
}

func TestQuoteSurvivesParse(t *testing.T) {
	for _, nick := range []string{"bob", "nick with spaces", `"`, `a"b c`, "\ttab"} {
		got, err := Parse("/kick " + Quote(nick) + " why")
		if want := (Kick{nick, "why"}); err != nil || got != want {
			t.Errorf("nick %q: %#v, %v", nick, got, err)
		}
	}
}

func TestNoticeCodesAreUnique(t *testing.T) {
	seen := make(map[NoticeCode]bool)
	for _, code := range NoticeCodes() {
		if seen[code] || code == "" {
			t.Errorf("code %q is there twice, or empty", code)
		}
		seen[code] = true
	}
}
