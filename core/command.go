package core

import "traboule/im"

// Command is something the user wants. The set is sealed: the types of this file, of otr_table.go and of history_command.go. Those without a
// conversation of their own apply to the current one, unless an At says where they were given.
type Command interface{ command() }

// Typed commands, in the order of the manual.
type (
	// Help shows all commands, or one.
	Help struct{ Topic string }
	// Quit leaves all rooms and connections and ends the client.
	Quit struct{ Text string }
	// Clear takes the lines off the current window.
	Clear struct{}
	// Win goes to a window by number (from 1) or by a part of its name; with neither it lists them.
	Win struct {
		Number int
		Name   string
	}
	// Close closes the current window; a room is left.
	Close struct{}

	// ConnectAccount connects one account, or with a zero JID all.
	ConnectAccount struct{ JID im.JID }
	// DisconnectAccount disconnects one account, or with a zero JID all.
	DisconnectAccount struct{ JID im.JID }
	// GoAway tells contacts and rooms that we are away, and why.
	GoAway struct{ Text string }
	// ComeBack tells them that we are available again.
	ComeBack struct{}

	// Join enters a room. For one without a service, the account's server is asked; Account is zero for the current one.
	Join struct {
		Account  im.JID
		Room     string // a room's address, or its local part alone
		Nick     string
		Password string
	}
	// Part leaves the current room.
	Part struct{ Text string }
	// ChangeNick changes our nickname in the current room.
	ChangeNick struct{ Nick string }
	// Subject shows the subject, or with Set changes it.
	Subject struct {
		Text string
		Set  bool
	}
	// Names lists the occupants of the current room.
	Names struct{}
	// Invite invites somebody to the current room.
	Invite struct {
		JID  im.JID
		Text string
	}
	// Kick takes an occupant out of the current room.
	Kick struct{ Nick, Text string }
	// Ban takes an occupant (or an address) out of the current room for good.
	Ban struct{ Nick, Text string }
	// GrantRole changes an occupant's role.
	GrantRole struct {
		Nick string
		Role im.Role
		Text string
	}
	// GrantAffiliation changes the standing of an occupant or an address.
	GrantAffiliation struct {
		Nick        string
		Affiliation im.Affiliation
		Text        string
	}
	// Affiliations lists those with a standing in the current room.
	Affiliations struct{ Affiliation im.Affiliation }
	// Destroy ends the current room for everybody. Name must be that of the room, so that nobody does it by mistake.
	Destroy struct {
		Name      string
		Alternate im.JID
		Text      string
	}
	// Rooms lists the public rooms of a service, or with a zero JID of the account's own.
	Rooms struct{ Service im.JID }

	// Msg sends a text to a conversation and makes a window for it.
	Msg struct {
		To   string // an address, or in a room a nick
		Text string
	}
	// Query goes to a conversation's window and makes one where there is none.
	Query struct{ To string }
	// Say sends a text to the current conversation; "/me" texts too.
	Say struct{ Text string }
	// Correct replaces our last text in the current conversation (XEP-0308).
	Correct struct{ Text string }

	// Roster lists the contacts.
	Roster struct{}
	// Add puts somebody into the roster and asks to see their presence.
	Add struct {
		JID  im.JID
		Name string
	}
	// Remove takes somebody off the roster, with all subscriptions.
	Remove struct{ JID im.JID }
	// Accept accepts a subscription request or an invitation (by the room's address); with a zero JID the one that is meant.
	Accept struct{ JID im.JID }
	// Decline refuses a subscription request or an invitation, named as for Accept.
	Decline struct{ JID im.JID }
	// Block stops all traffic from an address.
	Block struct{ JID im.JID }
	// Unblock lets an address in again.
	Unblock struct{ JID im.JID }
	// Blocklist shows the blocked addresses.
	Blocklist struct{}

	// TorState shows how Tor is, which way each connection takes, and what the kernel refuses.
	TorState struct{}
	// NewCircuits has all connections go over other circuits from now on.
	NewCircuits struct{}
	// Privacy shows what this session discloses, or switches one disclosure: everywhere, or the use of archives in one account.
	Privacy struct {
		Switch  Disclosure
		On      bool
		Set     bool
		Account im.JID
	}
	// Panic ends everything at once, and leaves nothing in memory or on the terminal.
	Panic struct{}
)

// Commands that only a front end gives.
type (
	// At gives a command in the window that was on screen when the user gave it, by its number in ConversationView. Core may
	// have turned to another one by itself meanwhile, which the user has not seen yet; an occupant may have taken another
	// nick, and somebody else theirs.
	At struct {
		Window  uint64
		Command Command
	}
	// Select goes to a conversation's window.
	Select struct{ Conversation ConversationID }
	// SelectNext goes N windows further, or back for a negative N.
	SelectNext struct{ N int }
	// SelectUnread goes to the next window with unread lines, mentions first.
	SelectUnread struct{}
	// Compose tells that the user is typing, or no longer, in the current conversation.
	Compose struct{ Typing bool }
	// Answer answers a Question.
	Answer struct {
		Question uint64
		Yes      bool
	}
	// Draft tells what was typed in a conversation and not sent, as the user leaves it or pauses; an empty text takes back
	// what was told before.
	Draft struct {
		Conversation ConversationID
		Text         string
	}
	// WatchPrivacy has the View hold the rows of /privacy, as long as they are shown.
	WatchPrivacy struct{ Shown bool }
	// Focus tells whether the user is looking: lines that arrive meanwhile are unread.
	Focus struct{ Looking bool }
)

func (Help) command()              {}
func (Quit) command()              {}
func (Clear) command()             {}
func (Win) command()               {}
func (Close) command()             {}
func (ConnectAccount) command()    {}
func (DisconnectAccount) command() {}
func (GoAway) command()            {}
func (ComeBack) command()          {}
func (Join) command()              {}
func (Part) command()              {}
func (ChangeNick) command()        {}
func (Subject) command()           {}
func (Names) command()             {}
func (Invite) command()            {}
func (Kick) command()              {}
func (Ban) command()               {}
func (GrantRole) command()         {}
func (GrantAffiliation) command()  {}
func (Affiliations) command()      {}
func (Destroy) command()           {}
func (Rooms) command()             {}
func (Msg) command()               {}
func (Query) command()             {}
func (Say) command()               {}
func (Correct) command()           {}
func (Roster) command()            {}
func (Add) command()               {}
func (Remove) command()            {}
func (Accept) command()            {}
func (Decline) command()           {}
func (Block) command()             {}
func (Unblock) command()           {}
func (Blocklist) command()         {}
func (TorState) command()          {}
func (NewCircuits) command()       {}
func (Privacy) command()           {}
func (Panic) command()             {}
func (At) command()                {}
func (Select) command()            {}
func (SelectNext) command()        {}
func (SelectUnread) command()      {}
func (Compose) command()           {}
func (Answer) command()            {}
func (Focus) command()             {}
func (WatchPrivacy) command()      {}
func (Draft) command()             {}
