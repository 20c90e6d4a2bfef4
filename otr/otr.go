// Package otr is the stage between the wire and core that keeps one-to-one messages private with Off-the-Record messaging
// (OTR, versions 3 and 2). It owns the child process in which the OTR library runs and the private keys are, the engine
// that talks to it, and what is held while a session starts. It must not open sockets, write files or word sentences, and
// no private key may ever come into the parent process.
package otr

import (
	"errors"

	"traboule/im"
)

// Limits, in bytes of UTF-8.
const (
	// MaxText is the longest text that is encrypted.
	MaxText = 64 << 10
	// MaxMessage is the longest message of the other side that is looked at, whole or put together from fragments: what
	// MaxText becomes, and room for what other programs add.
	MaxMessage = 128 << 10
	// MaxSecret is the longest secret or question of a verification.
	MaxSecret = 1 << 10
)

// The ways in which an operation of the Engine can fail.
var (
	// ErrDied means that the child ended before it answered. All its sessions are gone; what was to be encrypted was not.
	ErrDied = errors.New("otr: the process that holds the keys ended")
	// ErrBusy means that too much waits for the child already.
	ErrBusy = errors.New("otr: too much to do at once")
	// ErrTooLong means that a text is longer than MaxText, MaxMessage or MaxSecret.
	ErrTooLong = errors.New("otr: text too long")
	// ErrNotEncrypted means that there is no session to encrypt in, or that the other side has ended it.
	ErrNotEncrypted = errors.New("otr: no session to encrypt in")
	// ErrNoSMP means that no secret is asked for at this moment.
	ErrNoSMP = errors.New("otr: no secret is asked for")
	// ErrUnsafeSMP means that a verification by a secret proves nothing in this session, which is of version 2: the library
	// lacks the checks there without which anybody passes. Fingerprints can be compared instead.
	ErrUnsafeSMP = errors.New("otr: no verification by a secret in version 2")
	// ErrBadKeyFile means that a file is not one of libotr's with private keys.
	ErrBadKeyFile = errors.New("otr: not a file with private keys")
	// ErrNoKey means that a file has no key for the account.
	ErrNoKey = errors.New("otr: no key for this account")
	// ErrBadSealedKey means that what a profile keeps as the key of an account was not sealed by this profile for this account,
	// or has been changed since.
	ErrBadSealedKey = errors.New("otr: not the sealed key of this account")
	// ErrFault means that the library failed in a way that it should not. The session lives on.
	ErrFault = errors.New("otr: the library failed")
)

// Conversation names what an OTR session belongs to: the account, by its bare JID, and the full JID of the other side.
type Conversation struct{ Account, Peer im.JID }

// Flags are what is allowed in a conversation at this moment.
type Flags struct {
	// V3 and V2 are the versions in which a session may be started. What there is goes on without.
	V3, V2 bool
	// AnswerTag starts a handshake when a text carries a tag that offers OTR.
	AnswerTag bool
	// Heartbeat lets an empty message go out now and then, to renew the keys.
	Heartbeat bool
	// ErrorReply lets the other side be told that a message of theirs could not be read: once for each cause.
	ErrorReply bool
}

// KeyName is what libotr's files call an account: Pidgin "hubert@example.org/Home" and "prpl-jabber", mcabber
// "hubert@example.org" and "jabber", Profanity the same and "xmpp".
type KeyName struct{ Name, Protocol string }

// Key is an account's own.
type Key struct {
	// Fingerprint is of the public key, 40 lower-case hexadecimal digits.
	Fingerprint string
	// Tag is the account's instance tag, by which the other side tells our devices apart.
	Tag uint32
}

// State is where a session stands.
type State struct {
	// Phase is OTRPlain, OTREncrypted or OTRFinished; that texts are held (OTRStarting) is the stage's affair.
	Phase im.OTRState
	// Handshake tells that an exchange of keys is under way, perhaps beside a session that there is already.
	Handshake bool
	// Version is 2 or 3 while encrypted, else 0.
	Version int
	// Ours and Theirs are fingerprints, 40 lower-case hexadecimal digits; Theirs is empty but while encrypted or finished.
	Ours, Theirs string
	// SessionID is the value that both sides can compare by voice, 16 hexadecimal digits, while encrypted.
	SessionID string
	// OurTag and TheirTag are instance tags; TheirTag is 0 if not known, as in version 2.
	OurTag, TheirTag uint32
}

// Result is what came of an operation on a conversation. With an error only State is set, and not even that with ErrDied,
// ErrBusy and ErrTooLong.
type Result struct {
	// Plain is the text of the other side, if HasPlain: valid UTF-8, not yet cleaned, perhaps HTML (see PlainText). Encrypted
	// tells that it came encrypted in the session; a text that did not, although there is or was a session, has the note
	// Unencrypted too.
	Plain     string
	HasPlain  bool
	Encrypted bool
	// Send are messages to send to the other side now, in this order.
	Send []string
	// Events are what happened, in this order.
	Events []Event
	// State is how things stand afterwards.
	State State
}

// Event is something that happened in a conversation.
type Event interface{ event() }

// The events.
type (
	// Secured tells that a session began, or that its keys were exchanged anew. Before is their fingerprint in the session
	// that it replaced, empty for none.
	Secured struct{ Before string }

	// Ended tells that the other side ended the session.
	Ended struct{}

	// SMP tells a step of a verification by a secret. Question is theirs, of SMPRequested; Progress is in per cent.
	SMP struct {
		Step     im.SMPStep
		Question string
		Progress int
	}

	// PeerError tells that the other side says something went wrong; Text is theirs.
	PeerError struct{ Text string }

	// Noted tells something that needs no more than its name.
	Noted struct{ Note Note }
)

func (Secured) event()   {}
func (Ended) event()     {}
func (SMP) event()       {}
func (PeerError) event() {}
func (Noted) event()     {}

// Note is what Noted tells.
type Note string

// The notes.
const (
	Unencrypted     Note = "unencrypted"      // a text came as it is, although there is or was a session
	NotPrivate      Note = "not-private"      // an encrypted message came, and there is no session to read it in
	Unreadable      Note = "unreadable"       // one could not be decrypted
	Malformed       Note = "malformed"        // one was not as OTR messages are
	Oversized       Note = "oversized"        // one was too long, or came in too many pieces
	Unsupported     Note = "unsupported"      // an offer or message of a version that may not be spoken
	OtherInstance   Note = "other-instance"   // a message was for another device, or from one
	HandshakeFailed Note = "handshake-failed" // a step of the handshake was wrong
	Reflected       Note = "reflected"        // our own message came back
	SameKey         Note = "same-key"         // the other side has our own key
	UnsafeSMP       Note = "unsafe-smp"       // they asked for a verification that would prove nothing; see ErrUnsafeSMP
	ExtraKey        Note = "extra-key"        // they want to use the session's extra key, which we have no use for
	HeartbeatOut    Note = "heartbeat-out"    // one is among those to send
)
