package core

import (
	"time"

	"traboule/im"
)

// View is everything a front end draws, as a value: nothing in it changes after it was made, so it may be read from any
// goroutine. All text in it is clean.
type View struct {
	Accounts      []AccountView
	Conversations []ConversationView // in the order shown: consoles, rooms, people
	Current       Window
	Questions     []Question // oldest first
	// KeepsDrafts is set if the front end is to tell what is typed and not sent.
	KeepsDrafts bool
	// Privacy holds the rows of /privacy while a front end shows them (WatchPrivacy); they must not be changed.
	Privacy []*Notice
	Tor     im.Tor // clean
	// Confinement is what the kernel refuses, none of it before that is known.
	Confinement im.Confinement
	// Quit is set when the client is about to end; Status is its exit status.
	Quit   bool
	Status int
	// Panic is set with or before Quit when everything is to end at once, and nothing to stay on the terminal.
	Panic bool
	// Search is the last search, until it is closed.
	Search SearchView
	// Unsent is how many messages the end of the client keeps from being sent, or from being known as sent.
	Unsent int
	// Unheard is how many changes of bookmarks it keeps servers from hearing of, where nothing else keeps them.
	Unheard int
}

// AccountView is one account's connection.
type AccountView struct {
	Account im.JID // bare
	JID     im.JID // full, once bound
	State   im.ConnState
	Via     im.Via
	// Progress is Tor's bootstrap in per cent.
	Progress int
	Server   string
	Err      *im.Failure // clean
	// RetryAt is when the next attempt is made; zero for none.
	RetryAt time.Time
	Show    im.Show
	Status  string
	// Bookmarks are the rooms that the user returns to, in their order.
	Bookmarks []im.JID
}

// ConversationKind is what a conversation is with.
type ConversationKind uint8

// The kinds of conversation.
const (
	Console ConversationKind = iota
	Room
	Person   // a contact or a stranger, one to one
	Occupant // a private conversation with an occupant of a room
)

// Protection is who can read what is typed here.
type Protection uint8

// The kinds of protection, in the order of im: plain texts are readable by the servers.
const (
	Plain Protection = iota
	Starting
	EncryptedUnverified
	EncryptedVerified
	Finished
	Required // not encrypted yet: what is typed waits until it is
)

// ConversationView is one row of the list of conversations.
type ConversationView struct {
	ID ConversationID
	// Window numbers the window for as long as it is open, also when the ID of an occupant changes with their nick; 0 for a
	// contact without one.
	Window uint64
	Kind   ConversationKind
	// Name is what to call it: the room's local part or name, the contact's name or address, the occupant's nick.
	Name       string
	Unread     int
	Mentions   int
	Show       im.Show // of a person
	Joined     bool    // of a room: we are in it
	Protection Protection
	// Asking is set for somebody who asks to see our presence and is not answered yet.
	Asking bool
	// Closed is set for a contact who has no window yet; selecting the row opens one.
	Closed bool
}

// Window is the conversation on screen.
type Window struct {
	ConversationView
	Account im.JID
	Log     Log
	// ReadUpTo is the Seq of the first line not yet read when the window was last left; lines from there on are "new".
	ReadUpTo uint64
	// Older is what can be had above the first line of Log by the command Older, and OlderErr why it could not, of OlderFailed.
	// A line for which IsGap holds is a place between, from where Older loads too.
	Older    OlderState
	OlderErr *im.Failure
	// History is how long what is said here is kept, by its own setting or that of all; zero where
	// nothing can be kept.
	History im.HistoryPolicy
	// Draft is what was typed there in an earlier session and not sent.
	Draft   string
	Subject string
	Status  string // of a person
	Flags   []im.RoomFlag
	// Held is set while we are on the way into a room, or back into it: what is said goes out once we are in it.
	Held bool
	// Nick is our own nickname in a room.
	Nick string
	// Occupants are those of a room, moderators first, then by nick.
	Occupants []OccupantView
	// NeverOTR is set where the policy is never to encrypt.
	NeverOTR bool
	// OTRVersion is that of the session that texts go to, 0 for none.
	OTRVersion int
	// Resources are those of a contact, most available first, and those with a session that nothing more is known of.
	Resources []ResourceView
	// Typing names who is writing at the moment.
	Typing []string
}

// OccupantView is one occupant of the room on screen.
type OccupantView struct {
	Nick        string
	JID         im.JID
	Affiliation im.Affiliation
	Role        im.Role
	Show        im.Show
	Status      string
	// Lookalike is set if the nick can be taken for that of another occupant.
	Lookalike bool
	Self      bool
}

// ResourceView is one device of the contact on screen.
type ResourceView struct {
	JID      im.JID // full
	Show     im.Show
	Status   string
	Priority int8
	// Protection is that of the OTR session with this device; Chosen tells that texts go there alone.
	Protection Protection
	Chosen     bool
}

// QuestionKind is what a question asks.
type QuestionKind uint8

// The kinds of question.
const (
	AskSubscription QuestionKind = iota // From wants to see our presence: Yes accepts, No refuses
	AskInvitation                       // From invites us to Room: Yes joins, No declines
	AskOTR                              // From offers to encrypt: Yes starts, No is not told to anybody
	AskSMP                              // From asks for a secret: Yes goes to the conversation, where VerifyAnswer answers; No refuses
	AskBookmark                         // another device has begun to enter Room by itself: Yes joins
)

// Question waits for the user's decision. It goes away when answered, or when its cause does.
type Question struct {
	ID      uint64
	Kind    QuestionKind
	Account im.JID
	From    im.JID
	Room    im.JID
	// Conversation is where it belongs to, of AskOTR and AskSMP.
	Conversation ConversationID
	Text         string // what the other side wrote with it
}
