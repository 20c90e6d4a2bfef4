package core

import (
	"slices"

	"traboule/im"
)

// ArgumentKind is what an argument of a command is, for completion.
type ArgumentKind uint8

// The kinds of argument.
const (
	ArgText         ArgumentKind = iota // any text up to the end of the line
	ArgCommand                          // the name of a command
	ArgWindow                           // a window's number or a part of its name
	ArgAccount                          // one of our own accounts
	ArgRoom                             // a room's address, or its local part
	ArgService                          // a room service
	ArgNick                             // an occupant of the current room
	ArgOwnNick                          // a nickname for ourselves
	ArgJID                              // a contact or any other address
	ArgConversation                     // a room, a contact or an occupant
	ArgPassword                         // never to be completed or remembered
	ArgRole                             // one of RoleWords
	ArgAffiliation                      // one of AffiliationWords
	ArgSwitch                           // one of SwitchWords
	ArgOnOff                            // on or off
	ArgTor                              // one of TorWords
	ArgPolicy                           // one of PolicyWords
	ArgHistory                          // one of HistoryWords, or a number of days
	ArgSearch                           // words, and filters of SearchFilters
	ArgBookmark                         // one of BookmarkWords
)

// ArgumentInfo is one argument of a command.
type ArgumentInfo struct {
	// Name stands for the argument in help and errors, in English capitals: NICK, TEXT.
	Name     string
	Kind     ArgumentKind
	Optional bool
}

// CommandInfo is one typed command, for help and completion.
type CommandInfo struct {
	Name    string   // of one word, or two
	Aliases []string // in any language, accepted in all
	// Arguments stand in the order in which they are typed.
	Arguments []ArgumentInfo
}

// RoleWords are the words for a role, by value.
func RoleWords() []string { return []string{"none", "visitor", "participant", "moderator"} }

// AffiliationWords are the words for an affiliation, by value.
func AffiliationWords() []string { return []string{"none", "outcast", "member", "admin", "owner"} }

// TorWords are the words that ask for new circuits, the one that is offered first.
func TorWords() []string { return []string{"new", "nouveau", "nouveaux"} }

// Commands lists the typed commands in the order of the manual.
func Commands() []CommandInfo {
	var list []CommandInfo
	for _, row := range commandTable() {
		list = append(list, row.CommandInfo)
	}
	return list
}

// commandRow is a command and how its arguments become a Command.
type commandRow struct {
	CommandInfo
	parse func(*arguments) Command
}

func row(name string, aliases []string, parse func(*arguments) Command, args ...ArgumentInfo) commandRow {
	return commandRow{CommandInfo{name, aliases, args}, parse}
}

func need(name string, kind ArgumentKind) ArgumentInfo { return ArgumentInfo{name, kind, false} }
func may(name string, kind ArgumentKind) ArgumentInfo  { return ArgumentInfo{name, kind, true} }

// commandTable has one row for each typed command.
func commandTable() []commandRow {
	return slices.Concat(sessionCommands(), roomCommands(), bookmarkCommands(), talkCommands(), otrCommands(), historyCommands())
}

func sessionCommands() []commandRow {
	return []commandRow{
		row("help", []string{"aide", "h"}, func(a *arguments) Command { return Help{a.text()} }, may("COMMAND", ArgCommand)),
		row("quit", []string{"quitter", "exit"}, func(a *arguments) Command { return Quit{a.text()} }, may("TEXT", ArgText)),
		row("clear", []string{"effacer"}, func(*arguments) Command { return Clear{} }),
		row("win", []string{"fenetre", "window"}, parseWin, may("N|NAME", ArgWindow)),
		row("close", []string{"fermer"}, func(*arguments) Command { return Close{} }),
		row("connect", []string{"connecter"}, func(a *arguments) Command { return ConnectAccount{a.maybeJID("JID")} }, may("JID", ArgAccount)),
		row("disconnect", []string{"deconnecter"}, func(a *arguments) Command { return DisconnectAccount{a.maybeJID("JID")} }, may("JID", ArgAccount)),
		row("away", []string{"absent"}, func(a *arguments) Command { return GoAway{a.text()} }, may("TEXT", ArgText)),
		row("back", []string{"retour"}, func(*arguments) Command { return ComeBack{} }),
		row("tor", nil, parseTor, may("new", ArgTor)),
		row("privacy", []string{"confidentialite"}, parsePrivacy, may("SWITCH", ArgSwitch), may("on|off", ArgOnOff), may("JID", ArgAccount)),
		row("panic", []string{"panique"}, func(*arguments) Command { return Panic{} }),
	}
}

func roomCommands() []commandRow {
	nick, text := need("NICK", ArgNick), may("TEXT", ArgText)
	return []commandRow{
		row("join", []string{"entrer", "rejoindre", "j"}, parseJoin, need("ROOM", ArgRoom), may("NICK", ArgOwnNick), may("PASSWORD", ArgPassword)),
		row("part", []string{"sortir", "leave"}, func(a *arguments) Command { return Part{a.text()} }, text),
		row("nick", []string{"pseudo"}, func(a *arguments) Command { return ChangeNick{a.needText("NICK")} }, need("NICK", ArgOwnNick)),
		row("subject", []string{"sujet", "topic"}, parseSubject, text),
		row("names", []string{"noms"}, func(*arguments) Command { return Names{} }),
		row("invite", []string{"inviter"}, func(a *arguments) Command { return Invite{a.person("JID"), a.text()} }, need("JID", ArgJID), text),
		row("kick", []string{"expulser"}, func(a *arguments) Command { return Kick{a.word("NICK"), a.text()} }, nick, text),
		row("ban", []string{"bannir"}, func(a *arguments) Command { return Ban{a.word("NICK"), a.text()} }, nick, text),
		row("unban", []string{"debannir"}, parseUnban, need("JID", ArgJID)),
		row("voice", []string{"parole"}, func(a *arguments) Command { return GrantRole{a.word("NICK"), im.Participant, a.text()} }, nick, text),
		row("devoice", []string{"silence"}, func(a *arguments) Command { return GrantRole{a.word("NICK"), im.Visitor, a.text()} }, nick, text),
		row("role", nil, parseRole, nick, need("ROLE", ArgRole), text),
		row("affiliation", []string{"statut"}, parseAffiliation, nick, need("AFFILIATION", ArgAffiliation), text),
		row("affiliations", []string{"statuts"}, parseAffiliations, may("AFFILIATION", ArgAffiliation)),
		row("destroy", []string{"detruire"}, parseDestroy, need("NAME", ArgText), may("ALTERNATE", ArgRoom), text),
		row("rooms", []string{"salons", "list"}, func(a *arguments) Command { return Rooms{a.maybeJID("SERVICE")} }, may("SERVICE", ArgService)),
	}
}

func talkCommands() []commandRow {
	jid, text := need("JID", ArgJID), need("TEXT", ArgText)
	return []commandRow{
		row("msg", []string{"message", "m"}, func(a *arguments) Command { return Msg{a.word("CONVERSATION"), a.needText("TEXT")} }, need("CONVERSATION", ArgConversation), text),
		row("query", []string{"discuter", "q"}, func(a *arguments) Command { return Query{a.word("CONVERSATION")} }, need("CONVERSATION", ArgConversation)),
		row("me", []string{"moi"}, func(a *arguments) Command { return Say{"/me " + a.needText("TEXT")} }, text),
		row("say", []string{"dire"}, func(a *arguments) Command { return Say{a.needText("TEXT")} }, text),
		row("correct", []string{"corriger"}, func(a *arguments) Command { return Correct{a.needText("TEXT")} }, text),
		row("roster", []string{"contacts"}, func(*arguments) Command { return Roster{} }),
		row("add", []string{"ajouter"}, func(a *arguments) Command { return Add{a.person("JID"), a.text()} }, jid, may("NAME", ArgText)),
		row("remove", []string{"retirer"}, func(a *arguments) Command { return Remove{a.person("JID")} }, jid),
		row("accept", []string{"accepter"}, func(a *arguments) Command { return Accept{a.maybeJID("JID")} }, may("JID", ArgJID)),
		row("refuse", []string{"refuser", "decline", "decliner"}, func(a *arguments) Command { return Decline{a.maybeJID("JID")} }, may("JID", ArgJID)),
		row("block", []string{"bloquer"}, func(a *arguments) Command { return Block{a.person("JID")} }, jid),
		row("unblock", []string{"debloquer"}, func(a *arguments) Command { return Unblock{a.person("JID")} }, jid),
		row("blocklist", []string{"bloques"}, func(*arguments) Command { return Blocklist{} }),
	}
}
