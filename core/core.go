// Package core is the state of the client: accounts, roster, rooms, conversations and windows, and what a typed line means.
// It turns inputs into ordered effects and the state into a View. It must not touch sockets, files, screens, clocks,
// randomness, logs or goroutines, and holds no sentence for people: notices are typed values that ui/i18n words.
package core

import (
	"time"

	"traboule/im"
)

// Input is what goes into Handle: a Received event, a Typed command, or Woken.
type Input interface{ input() }

type (
	// Received is an event from a stage below.
	Received struct{ Event im.Event }
	// Typed is a command from a front end.
	Typed struct{ Command Command }
	// Woken tells that the time of Effects.WakeAt has come.
	Woken struct{}
)

func (Received) input() {}
func (Typed) input()    {}
func (Woken) input()    {}

// Effects is what an input leads to. The fields stand in the order in which they are carried out.
type Effects struct {
	Keep []im.Record
	Send []im.Request
	Show []Fact
	// WakeAt is when core wants a Woken next; zero for never. It replaces any earlier wish.
	WakeAt time.Time
}

// Options are what a Core starts with.
type Options struct {
	Accounts []AccountOptions
	// NewID gives a fresh unguessable message id; core has no randomness of its own.
	NewID func() string
	// Disclose is what the settings say of the disclosures with a switch. Switches, by the word of each, are those that the
	// user switched in an earlier session (im.SwitchRecord), which comes before the settings.
	Disclose map[Disclosure]bool
	Switches map[string]bool
	// Standing is what /privacy shows and cannot change.
	Standing Standing
	// Unkept has the user told at the start that nothing is kept.
	Unkept bool
	// Amnesic is how the user asked for that; empty where it is so because there is no profile.
	Amnesic string
	// Linked is the account that a link is for, where another one was named to be used; zero for none.
	Linked im.JID
	// History is where what is said is kept, and what is kept already.
	History HistoryOptions
}

// AccountOptions is one configured account.
type AccountOptions struct {
	JID im.JID // bare; without local part for an anonymous login
	// Nick is the nickname in rooms; empty for the JID's local part, or a name of no meaning for anonymous accounts.
	Nick string
	// Resource is what our address is to end in, empty for what means nothing.
	Resource string
	// PasswordKept is set if the profile keeps the password.
	PasswordKept bool
	// Connect tells to connect at start.
	Connect bool
	// Rooms are joined as soon as the account is connected.
	Rooms []RoomOptions
	// Drafts are what an earlier session kept of what was typed and not sent (im.DraftRecord), by the other end.
	Drafts map[im.JID]string
	// Bookmarks and RemovedBookmarks are what an earlier session kept (im.BookmarksRecord), in the order shown.
	Bookmarks, RemovedBookmarks []im.Bookmark
	// Roster and RosterVersion are what an earlier session kept (im.RosterRecord), if anything.
	Roster        []im.RosterItem
	RosterVersion string
	// Fingerprints are the keys of others that are known from before.
	Fingerprints []KnownFingerprint
	// Policies are what an earlier session kept of when OTR is used (im.OTRPolicyRecord).
	Policies []KnownPolicy
	// Archive tells whether the archives of its server and of its rooms may be asked (XEP-0313); nil for what is disclosed elsewhere.
	Archive *bool
	// Switches are those that the user switched for this account alone in an earlier session (im.SwitchRecord), by their words.
	Switches map[string]bool
}

// RoomOptions is one room to join by itself.
type RoomOptions struct {
	Room im.JID
	Nick string
}
