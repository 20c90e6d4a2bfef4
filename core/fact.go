package core

import (
	"time"

	"traboule/im"
)

// Update is what a front end receives: the newest View and, in order, all that happened since the last Update.
type Update struct {
	View  View
	Facts []Fact
}

// Fact is one thing that happened. The set is sealed: the types of this file. All text in facts is clean.
//
// Every line that appears in a conversation is a LineAdded; that is what the screen's notifications and line mode need.
// The other facts are what JSON mode prints, each one an object of the contract.
type Fact interface{ fact() }

type (
	// LineAdded tells of a new line.
	LineAdded struct {
		Conversation ConversationID
		Kind         ConversationKind
		Name         string // what the conversation is called
		Line         *Line
		// Current is set if the conversation is the one on screen.
		Current bool
	}

	// LineChanged tells of a line that was corrected, acknowledged or failed.
	LineChanged struct {
		Conversation ConversationID
		Kind         ConversationKind
		Name         string
		Line         *Line
	}

	// ConnectionFact is the contract's "connection".
	ConnectionFact struct {
		im.ConnectionChanged
		RetryAt time.Time
	}

	// RosterFact is the contract's "roster".
	RosterFact struct {
		Account im.JID
		Item    im.RosterItem
		Removed bool
	}

	// PresenceFact is the contract's "presence"; Subscription is nil for plain availability.
	PresenceFact struct {
		Account      im.JID
		From         im.JID
		Show         im.Show
		Status       string
		Subscription *im.SubscriptionKind
	}

	// RoomFact is the contract's "room".
	RoomFact struct {
		Account   im.JID
		Room      im.JID
		State     RoomState
		Nick      string
		Occupants int
		Flags     []im.RoomFlag
		Err       *im.Failure
	}

	// OccupantFact is the contract's "occupant".
	OccupantFact struct {
		Account       im.JID
		Room          im.JID
		Nick          string
		Event         OccupantEvent
		NewNick       string
		Affiliation   im.Affiliation
		Role          im.Role
		Actor, Reason string
	}

	// SubjectFact is the contract's "subject".
	SubjectFact struct {
		Account im.JID
		Room    im.JID
		From    string
		Text    string
	}

	// MessageFact is the contract's "message"; a correction carries the id of the message it replaces.
	MessageFact struct {
		Conversation ConversationID
		Kind         im.Kind
		Line         *Line
		Replaces     string
	}

	// MessageStateFact is the contract's "message-state".
	MessageStateFact struct {
		Conversation ConversationID
		ID           string
		State        MessageState
		Err          *im.Failure
		// Encryption and Trust are how it went out, once that is known.
		Encryption im.Encryption
		Trust      im.Trust
	}

	// OTRFact is the contract's "otr": where a session stands, after something has happened in it or been decided about it.
	OTRFact struct {
		Account im.JID
		// Peer is the full JID of the other side; bare where it is about no device.
		Peer  im.JID
		State im.OTRState
		Trust im.Trust
		// Fingerprint is that of their key, and Former that of the one before, of OTRNewFingerprint.
		Fingerprint, Former string
		Version             int
		Reason              im.OTRReason // why the state changed, zero if it did not
		Event               OTREvent
		Question            string // of OTRSMPRequest
		Progress            int    // of OTRSMPProgress, in per cent
		Text                string // of OTRError, in their words
	}

	// HistoryFact is the contract's "history": an old line that was asked for, by /search, /history show or /history more. It is no news.
	HistoryFact struct {
		Conversation ConversationID
		Kind         im.Kind
		Line         *Line
		// Number is that of a search result, from 1; 0 for others.
		Number int
	}

	// LineShown asks a front end to show the line with this Seq of the current conversation: it is where the user wants to be.
	LineShown struct {
		Conversation ConversationID
		Seq          uint64
	}

	// NoticeFact is the contract's "notice": what no other fact says.
	NoticeFact struct {
		Conversation ConversationID
		Notice       *Notice
	}
)

func (LineAdded) fact()        {}
func (LineChanged) fact()      {}
func (ConnectionFact) fact()   {}
func (RosterFact) fact()       {}
func (PresenceFact) fact()     {}
func (RoomFact) fact()         {}
func (OccupantFact) fact()     {}
func (SubjectFact) fact()      {}
func (MessageFact) fact()      {}
func (MessageStateFact) fact() {}
func (OTRFact) fact()          {}
func (NoticeFact) fact()       {}
func (HistoryFact) fact()      {}
func (LineShown) fact()        {}

// RoomState is where our visit to a room stands.
type RoomState uint8

// The states of a visit.
const (
	RoomLeft RoomState = iota
	RoomJoining
	RoomJoined
	RoomFailed
)

// OccupantEvent is what happened to an occupant.
type OccupantEvent uint8

// The events of an occupant.
const (
	OccupantJoined OccupantEvent = iota
	OccupantLeft
	OccupantRenamed
	OccupantKicked
	OccupantBanned
	OccupantModified // affiliation or role
)

// OTREvent is what happened in an OTR session, beside its state.
type OTREvent uint8

// The events of an OTR session.
const (
	OTRNothing OTREvent = iota
	OTROfferMade
	OTRNewFingerprint
	OTRTrusted
	OTRDistrusted
	OTRSMPRequest
	OTRSMPProgress
	OTRSMPSuccess
	OTRSMPFailure
	OTRSMPAbort
	OTRUnreadable
	OTRError
	OTRResent
	OTRNotResent
	OTROversized
	OTRUnsupported
	OTRUnsafeSMP
	OTRReflected
	OTRSameKey
)
