package im

import "time"

// Event is a fact from outside. The set is sealed: the types of this file and of the files named after what they are about.
type Event interface {
	// Of names the account (bare JID) that the event belongs to; zero for what concerns the whole session.
	Of() JID
	event()
}

// On is the part that all events share: the account they belong to.
type On struct{ Account JID }

// Of returns the account's bare JID.
func (o On) Of() JID { return o.Account }

func (On) event() {}

// ConnState is where an account's connection stands.
type ConnState uint8

// The states of a connection, in the order of a login.
const (
	Disconnected ConnState = iota
	WaitingForTor
	Connecting
	Connected // a new session: nothing of an earlier one is left
	Resumed   // the same session goes on (XEP-0198 §5)
	Failed    // given up until the user acts
)

// Via is the way a connection takes out of this machine.
type Via uint8

// The ways out.
const (
	ViaNothing Via = iota
	ViaTor
	ViaOnion // through Tor to an onion service
	ViaSOCKS // a SOCKS proxy that is not known to be Tor
	ViaDirect
)

type (
	// ConnectionChanged tells a step of an account's connection.
	ConnectionChanged struct {
		On
		State ConnState
		JID   JID // full JID, once bound
		Via   Via
		// Server is the host and port that was reached, TLS and SASL the version and mechanism agreed on.
		Server, TLS, SASL string
		// Progress is Tor's bootstrap in per cent, in state WaitingForTor.
		Progress int
		// Err is why, for Disconnected and Failed; nil if the user asked.
		Err *Failure
		// RetryIn is how long the client waits before it tries again; zero if it does not.
		RetryIn time.Duration
	}

	// MechanismOffered tells the strongest login mechanism that the account's server has offered, whenever that is stronger than
	// what is known.
	MechanismOffered struct {
		On
		Mechanism string
	}

	// PasswordKept tells that the profile keeps the account's password from now on.
	PasswordKept struct{ On }

	// OTRKeyUnkept tells that the OTR key that was made for the account could not be kept: it lasts as long as the client runs.
	OTRKeyUnkept struct {
		On
		Err Failure
	}

	// KeyPinned tells that nothing but the address of an onion service vouches for the key of the account's server,
	// and that this was its first use. From now on no other is accepted that nothing else vouches for.
	KeyPinned struct {
		On
		Pin Pin
	}

	// Done ends a request. Every request ends in exactly one Done, also when the connection drops.
	Done struct {
		On
		Request RequestID
		Result  Result   // nil where there is nothing to tell
		Err     *Failure // nil for success
		// Unknown is set with Err if the request may have been carried out all the same: its acknowledgement was lost.
		Unknown bool
	}

	// RosterChanged is a roster push from the account's own server (RFC 6121 §2.1.6).
	RosterChanged struct {
		On
		Item    RosterItem
		Removed bool
		Version string
	}

	// PresenceReceived tells the availability of a contact's resource.
	PresenceReceived struct {
		On
		Presence Presence
	}

	// PresenceFailed is a presence of type error, such as a refused join (XEP-0045 §7.2).
	PresenceFailed struct {
		On
		From JID
		Err  Failure
	}

	// SubscriptionReceived is a step of a presence subscription.
	SubscriptionReceived struct {
		On
		From JID // bare
		Kind SubscriptionKind
		Text string
	}

	// MessageReceived is a message with a text, or with a Hint and no text if all of it is encrypted in a way that we
	// do not know.
	MessageReceived struct {
		On
		Message Message
	}

	// MessageBounced is a message of type error: From could not or would not take our message ID.
	MessageBounced struct {
		On
		From JID
		ID   string
		Err  Failure
	}

	// ReceiptReceived tells that From got our message ID (XEP-0184), or displayed it (XEP-0333).
	ReceiptReceived struct {
		On
		From      JID
		ID        string
		Displayed bool
	}

	// ChatStateReceived tells what From is doing (XEP-0085).
	ChatStateReceived struct {
		On
		From  JID
		State ChatState
	}

	// OccupantChanged is presence out of a room (XEP-0045 §7): somebody is there, changed, or left.
	OccupantChanged struct {
		On
		Room     JID // bare
		Occupant Occupant
		Present  bool
		// NewNick is set when the occupant leaves one nickname for another (status 303).
		NewNick string
		// Codes are the status codes of XEP-0045 §15.6.
		Codes []int
		// Actor and Reason tell who changed it and why, where the room says.
		Actor, Reason string
		Destroyed     *Destruction
	}

	// SubjectReceived tells a room's subject; an empty text means none.
	SubjectReceived struct {
		On
		Room    JID
		Nick    string
		Text    string
		Delayed bool
	}

	// RoomConfigChanged tells status codes about the room itself (XEP-0045 §10.2.1).
	RoomConfigChanged struct {
		On
		Room  JID
		Codes []int
	}

	// InvitationReceived invites us to a room, directly (XEP-0249) or through the room (XEP-0045 §7.8.2).
	InvitationReceived struct {
		On
		Room, From       JID
		Direct           bool
		Reason, Password string
	}

	// InvitationDeclined tells that From will not come (XEP-0045 §7.8.2).
	InvitationDeclined struct {
		On
		Room, From JID
		Reason     string
	}

	// BlocklistChanged is a push of the account's own server (XEP-0191).
	BlocklistChanged struct {
		On
		JIDs    []JID // empty with Blocked false: all were unblocked
		Blocked bool
	}

	// TorChanged tells how the Tor of the session is. It belongs to no account.
	TorChanged struct {
		On
		Tor Tor
	}

	// Confined tells what the kernel refuses to this process from now on. It belongs to no account.
	Confined struct {
		On
		Confinement Confinement
	}

	// Dropped tells that a stanza was thrown away because it was hostile, forged or broken.
	Dropped struct {
		On
		From   JID // zero if unreadable
		Reason DropReason
	}
)

// DropReason says why a stanza was thrown away.
type DropReason string

// The reasons for throwing a stanza away.
const (
	DropTooLarge    DropReason = "too-large"
	DropTooDeep     DropReason = "too-deep"
	DropHostile     DropReason = "hostile"
	DropForged      DropReason = "forged"
	DropUnasked     DropReason = "unasked"
	DropUnparseable DropReason = "unparseable"
)

// Result is what a successful request brought back. The set is sealed: the types below and in the files named after what they are about.
type Result interface{ result() }

type (
	// RosterResult is the answer to FetchRoster. Unchanged means that the version given is still right (RFC 6121 §2.6.3).
	RosterResult struct {
		Items     []RosterItem
		Version   string
		Unchanged bool
	}

	// RoomServiceResult is the answer to FindRoomService.
	RoomServiceResult struct{ Service JID }

	// RoomsResult is the answer to ListRooms.
	RoomsResult struct {
		Rooms []RoomInfo
		// Cut is set if the service has more rooms than we take.
		Cut bool
	}

	// RoomInfoResult is the answer to DescribeRoom.
	RoomInfoResult struct{ Info RoomInfo }

	// BlocklistResult is the answer to FetchBlocklist.
	BlocklistResult struct{ JIDs []JID }

	// AffiliationsResult is the answer to ListAffiliations.
	AffiliationsResult struct{ Occupants []Occupant }

	// CircuitsResult is the answer to RenewCircuits.
	CircuitsResult struct {
		// Asked is set if Tor itself was asked for a new start too (NEWNYM), and allowed it.
		Asked bool
	}
)

func (RosterResult) result()       {}
func (RoomServiceResult) result()  {}
func (RoomsResult) result()        {}
func (RoomInfoResult) result()     {}
func (BlocklistResult) result()    {}
func (AffiliationsResult) result() {}
func (CircuitsResult) result()     {}
