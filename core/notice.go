package core

import (
	"time"

	"traboule/im"
)

// Level is how much a notice matters.
type Level uint8

// The levels of a notice.
const (
	Info Level = iota
	Warn
	Error
)

// NoticeCode names a notice. Codes are kebab-case, stable for scripts, and listed in docs/json.md; the words are in
// ui/i18n.
type NoticeCode string

// Notice is something the client itself says. Which fields are set depends on the code; all text in it is clean.
type Notice struct {
	Code    NoticeCode
	Level   Level
	Account im.JID

	JID     im.JID // the address that it is about
	Room    im.JID
	Nick    string // the occupant that it is about
	Actor   string // who did it
	Reason  string // why, in their words
	Text    string // a name, a subject, a command, a topic
	NewNick string
	// Argument is the part of a command that is missing or wrong, Suggestion the command that was probably meant.
	Argument, Suggestion string

	Affiliation im.Affiliation
	Role        im.Role
	Show        im.Show
	Flags       []im.RoomFlag
	State       im.ConnState
	Via         im.Via

	Count, Of int
	Wait      time.Duration
	Err       *im.Failure // its Text is clean too

	// OTR is what a notice about encryption tells; it must not be changed.
	OTR *OTRNotice

	// Confinement is what the kernel refuses to the client; it must not be changed.
	Confinement *im.Confinement

	// Privacy makes it a row of /privacy; it must not be changed.
	Privacy *Disclosed
	// Search is what was looked for; it must not be changed.
	Search *SearchQuery
	// History is how long something is kept.
	History im.HistoryPolicy

	// List holds the rows of an answer: occupants, rooms, contacts, blocked addresses.
	List []Row
}

// Row is one row of a list that answers a command.
type Row struct {
	Account      im.JID // of a window, where there are several
	JID          im.JID
	Name         string // a nickname, a contact's or a room's name
	Status       string
	Nick         string // ours, of a bookmark
	AutoJoin     bool   // of a bookmark: it is entered at each start
	Count        int    // occupants of a room, -1 unknown
	Show         im.Show
	Affiliation  im.Affiliation
	Role         im.Role
	Subscription im.Subscription
	Protection   Protection // of a device
}

// OTRNotice is the part of a notice that is about encryption.
type OTRNotice struct {
	// Theirs and Ours are fingerprints of 40 hexadecimal digits. Former is one that Theirs is not: the key used before, or
	// the one that was expected.
	Theirs, Ours, Former string
	Trust                im.Trust // in Theirs
	Version              int
	Policy               im.OTRPolicy
	// URI is the link that gives Ours to others.
	URI string
}
