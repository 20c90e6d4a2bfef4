package im

import "time"

// Kind says what sort of conversation a message belongs to.
type Kind uint8

// The kinds of messages.
const (
	Chat      Kind = iota // one to one, with a contact
	Groupchat             // to everybody in a room
	Private               // to one occupant of a room
)

// Carbon says whether a message is a copy from or for another device of one's own (XEP-0280).
type Carbon uint8

// The forms of a carbon copy.
const (
	NoCarbon Carbon = iota
	CarbonReceived
	CarbonSent
)

// Encryption says how the text of a message was protected between its two ends.
type Encryption uint8

// The ways a text can be protected.
const (
	Unencrypted Encryption = iota
	OTR
)

// Trust says how well the other end of an encrypted conversation is known.
type Trust uint8

// The degrees of trust.
const (
	TrustNone Trust = iota
	Unverified
	Verified
)

// Message is one message stanza, decoded but not cleaned: every text in it is as the sender wrote it.
type Message struct {
	From, To JID
	Kind     Kind
	// ID is the sender's id of the message; for our own it is unguessable.
	ID string
	// OriginID and StanzaID are those of XEP-0359; StanzaID is empty unless its "by" is a party we believe.
	OriginID, StanzaID string
	// OccupantID is the room's stable name for the occupant (XEP-0421), empty outside rooms.
	OccupantID string
	Body       string
	// Replaces is the id of the message that this one corrects (XEP-0308), else empty.
	Replaces string
	// Delay is when the message was first sent, if somebody stamped it (XEP-0203); zero otherwise or if the stamp is odd.
	Delay time.Time
	// Delayed is set if the message carries a stamp at all, readable or not.
	Delayed bool
	Carbon  Carbon
	// Headline is set for news that expects no answer (RFC 6121 §5.2.2).
	Headline bool
	// FromRoom is set if the sender marked the message as coming out of a room (XEP-0045 §7.5).
	FromRoom     bool
	WantsReceipt bool
	Markable     bool
	Encryption   Encryption
	// Fingerprint is that of the key which it was encrypted with: 40 hexadecimal digits, empty for none.
	Fingerprint string
	// Exposed is set if it came as plain text where encryption was expected: in a session, after one that was ended, or
	// where the policy asks for it.
	Exposed bool
	// Hint is the XEP-0380 name of an encryption that we could not undo, else empty.
	Hint string
}

// ChatState is what somebody is doing in a conversation (XEP-0085 §2).
type ChatState uint8

// The chat states.
const (
	Active ChatState = iota
	Composing
	Paused
	Inactive
	Gone
)
