package im

import "time"

// RequestID pairs a request with the Done that ends it. Core numbers its requests from 1; 0 is never used.
type RequestID uint64

// Request is something asked of the network, or if it is a StoreRequest of what keeps records. The set is sealed: the types of
// this file and of the files named after what they are about.
type Request interface {
	// Of names the account (bare JID) that is to carry it out; zero for what concerns the whole session.
	Of() JID
	// Number is the request's id, repeated in its Done.
	Number() RequestID
	request()
}

// For is the part that all requests share.
type For struct {
	Account JID
	ID      RequestID
}

// Of returns the account's bare JID.
func (f For) Of() JID { return f.Account }

// Number returns the request's id.
func (f For) Number() RequestID { return f.ID }

func (For) request() {}

type (
	// Connect brings the account on line and keeps it there. Done comes at once; ConnectionChanged tells the rest.
	Connect struct {
		For
		// Resource is what our full address is to end in from the next session on; empty for a random one.
		Resource string
	}

	// Disconnect says goodbye to the server and closes the connection.
	Disconnect struct{ For }

	// Reconnect leaves the connection for a new one, in which the session goes on (XEP-0198 §5) if the server lets it. It
	// does nothing while not connected.
	Reconnect struct{ For }

	// RenewCircuits gives all connections from now on other circuits. It belongs to no account.
	RenewCircuits struct{ For }

	// FetchRoster asks for the roster; Version is what is known already, empty for nothing (RFC 6121 §2.6). Items are
	// what is known in that version: if it is still right, the server does not say again who sees our presence.
	FetchRoster struct {
		For
		Version string
		Items   []RosterItem
	}

	// EnableCarbons asks the server for copies of what other devices send and get (XEP-0280 §4).
	EnableCarbons struct{ For }

	// DisableCarbons asks it for no more of them.
	DisableCarbons struct{ For }

	// SetCaps says whether anybody is told what this client can do (XEP-0115, XEP-0030), from the next presence on; it is
	// told before this is asked.
	SetCaps struct {
		For
		Told bool
	}

	// SetPresence tells contacts how available we are. To is zero for all contacts, or a joined room's occupant JID. Offline
	// is for all: it takes back what everybody was told, rooms too, while we stay connected.
	SetPresence struct {
		For
		To     JID
		Show   Show
		Status string
	}

	// SendMessage sends a text. Done without Err means that the server has it (XEP-0198 §4, or flushed where the
	// server lacks it); Done with Unknown that it may have it.
	SendMessage struct {
		For
		To       JID
		Kind     Kind
		Stanza   string // the id attribute and origin-id, chosen by core
		Body     string
		Replaces string // XEP-0308; not with Encryption
		// Encryption says what Body is to the server. Core leaves it at Unencrypted, and a stage below it that encrypts sets it.
		Encryption Encryption
		// Theirs is the fingerprint of the key that it was written for: it is encrypted to no other, nor sent as it is. Empty
		// for none.
		Theirs string
		// AskReceipt, AskMarker and State are disclosures that the user switched on.
		AskReceipt, AskMarker, State bool
	}

	// SendReceipt tells To that its message was received, or displayed (XEP-0184, XEP-0333).
	SendReceipt struct {
		For
		To        JID
		Kind      Kind
		Stanza    string
		Displayed bool
	}

	// SendChatState tells To what we are doing (XEP-0085).
	SendChatState struct {
		For
		To    JID
		Kind  Kind
		State ChatState
	}

	// SetRosterItem adds a contact or changes its name and groups (RFC 6121 §2.3).
	SetRosterItem struct {
		For
		JID    JID
		Name   string
		Groups []string
	}

	// RemoveRosterItem deletes a contact and all subscriptions with it (RFC 6121 §2.5).
	RemoveRosterItem struct {
		For
		JID JID
	}

	// Subscribe asks to see the presence of JID (RFC 6121 §3.1).
	Subscribe struct {
		For
		JID JID
	}

	// Approve lets JID see our presence (RFC 6121 §3.1.5).
	Approve struct {
		For
		JID JID
	}

	// Refuse does not let JID see our presence, or no longer (RFC 6121 §3.2).
	Refuse struct {
		For
		JID JID
	}

	// Block puts JID on the server's block list (XEP-0191).
	Block struct {
		For
		JID JID
	}

	// Unblock takes JID off the block list.
	Unblock struct {
		For
		JID JID
	}

	// FetchBlocklist asks for the block list.
	FetchBlocklist struct{ For }

	// FindRoomService asks the account's server for its room service (XEP-0045 §6.1).
	FindRoomService struct{ For }

	// ListRooms asks a service for its public rooms (XEP-0045 §6.3), with the number of occupants where it tells.
	ListRooms struct {
		For
		Service JID
	}

	// DescribeRoom asks for a room's name and features (XEP-0045 §6.4).
	DescribeRoom struct {
		For
		Room JID
	}

	// JoinRoom enters a room (XEP-0045 §7.2). Done comes when it is on the wire; OccupantChanged or PresenceFailed tell
	// the rest.
	JoinRoom struct {
		For
		Room     JID
		Nick     string
		Password string
		// History is the most messages wanted; Since, unless zero, the time from which on.
		History int
		Since   time.Time
		Show    Show
		Status  string
	}

	// LeaveRoom leaves a room (XEP-0045 §7.14).
	LeaveRoom struct {
		For
		Room JID
		Nick string
		Text string
	}

	// ChangeNick asks for another nickname in a room (XEP-0045 §7.6).
	ChangeNick struct {
		For
		Room JID
		Nick string
	}

	// UnlockRoom accepts the default settings of a room that we just created (XEP-0045 §10.1.2).
	UnlockRoom struct {
		For
		Room JID
	}

	// PingRoom asks whether we are still in the room (XEP-0410). Done without Err means yes, with CodeNotAcceptable no,
	// with CodeItemNotFound that nobody there has the nickname, for it just changed or the room is gone; any other
	// failure, such as CodeTimeout or CodeServiceGone, tells nothing.
	PingRoom struct {
		For
		Room JID
		Nick string
	}

	// SetSubject changes a room's subject (XEP-0045 §8.1).
	SetSubject struct {
		For
		Room JID
		Text string
	}

	// SetRole changes an occupant's role; RoleNone kicks (XEP-0045 §8.2 to §8.4).
	SetRole struct {
		For
		Room   JID
		Nick   string
		Role   Role
		Reason string
	}

	// SetAffiliation changes somebody's standing; Outcast bans (XEP-0045 §9).
	SetAffiliation struct {
		For
		Room        JID
		JID         JID // bare
		Affiliation Affiliation
		Reason      string
	}

	// ListAffiliations asks for everybody with this standing (XEP-0045 §9.2, §9.5).
	ListAffiliations struct {
		For
		Room        JID
		Affiliation Affiliation
	}

	// DestroyRoom ends a room for everybody (XEP-0045 §10.9).
	DestroyRoom struct {
		For
		Room      JID
		Alternate JID
		Reason    string
	}

	// Invite invites To, through the room or directly (XEP-0045 §7.8, XEP-0249).
	Invite struct {
		For
		Room, To         JID
		Direct           bool
		Reason, Password string
	}

	// DeclineInvitation tells the inviter, through the room, that we will not come (XEP-0045 §7.8.2).
	DeclineInvitation struct {
		For
		Room, To JID
		Reason   string
	}
)
