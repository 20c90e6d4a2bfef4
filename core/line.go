package core

import (
	"time"

	"traboule/im"
)

// Line is one line of a conversation. It never changes once it is in a View: a change makes a new Line with the same Seq.
// All text in it is clean (see CleanText).
type Line struct {
	// Seq is the line's place in its conversation. It grows with time, by more than one, is kept with the line for the next
	// session, and is never used for another line: what an archive tells later finds a place between.
	Seq uint64
	// Number counts the lines of this session as they came, from 1; it is 0 for one out of what was kept or an archive.
	Number uint64
	// Time is when it was said, or for a notice when it was noticed.
	Time time.Time

	// Notice is set for the client's own words; all fields below are then empty.
	Notice *Notice

	Out bool
	// From is what to call the sender: a nickname, a contact's name or address.
	From string
	// JID is the sender's address: a contact's full JID, an occupant's real JID where the room shows it, else zero.
	JID  im.JID
	Body string
	// Action is set for a "/me" text (XEP-0245); Body then lacks the "/me ".
	Action bool
	// Mention is set if the text names us in a room.
	Mention bool
	// Edited is set if the sender has corrected the text (XEP-0308).
	Edited bool
	// Delayed and Archived tell that the text is not fresh.
	Delayed, Archived bool
	ID                string
	State             MessageState
	Err               *im.Failure // with StateFailed
	Encryption        im.Encryption
	Trust             im.Trust
	Warning           Warning

	origin *origin // nil for notices; never changed
}

// origin is what is kept of a message beside what is shown of it.
type origin struct {
	// sender is who alone may correct the message, if that can be told in another session too.
	sender, originID, stanzaID string
	// sealed is set for a text of ours that was to be encrypted.
	sealed bool
}

// secret reports whether a text was encrypted between its ends, or would have had to be: it is kept only on request.
func (l *Line) secret() bool {
	return l.Encryption != im.Unencrypted || l.Warning == WarnNotEncrypted || l.origin != nil && l.origin.sealed
}

// stanzaID is the id that an archive which we believe gave the message.
func (l *Line) stanzaID() string {
	if l.origin == nil {
		return ""
	}
	return l.origin.stanzaID
}

// MessageState is how far a message of ours has come.
type MessageState = im.MessageState

// The states of a message of ours, as im has them; StateNone for those of others.
const (
	StateNone     = im.StateNone
	StatePending  = im.StatePending
	StateSent     = im.StateSent
	StateReceived = im.StateReceived
	StateRead     = im.StateRead
	StateFailed   = im.StateFailed
)

// Warning is something a reader should know about one message.
type Warning = im.Warning

// The warnings about a message, as im has them.
const (
	NoWarning             = im.NoWarning
	WarnLookalike         = im.WarnLookalike
	WarnForeignCorrection = im.WarnForeignCorrection
	WarnUndecryptable     = im.WarnUndecryptable
	WarnNotEncrypted      = im.WarnNotEncrypted
)
