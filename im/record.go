package im

import "time"

// Record is something to be kept. The set is sealed: the types of this file. What they hold of kinds, states, policies and the
// like is kept as its number, so that a new one has to come last.
type Record interface {
	// Of names the account (bare JID) that the record belongs to; zero for what concerns the whole client.
	Of() JID
	record()
}

// Kept is the part that all records share.
type Kept struct{ Account JID }

// Of returns the account's bare JID.
func (k Kept) Of() JID { return k.Account }

func (Kept) record() {}

// The records. Each replaces an earlier one of the same type, account and, where it has one, peer or name.
type (
	// PinRecord keeps the key that the account's server showed on first use.
	PinRecord struct {
		Kept
		Pin Pin
	}

	// MechanismRecord keeps the strongest login mechanism that the account's server has offered.
	MechanismRecord struct {
		Kept
		Mechanism string
	}

	// RosterRecord keeps the roster and its version.
	RosterRecord struct {
		Kept
		Items   []RosterItem
		Version string
	}

	// FingerprintRecord keeps a key that somebody has shown, and how well it is known. Peer is bare: keys of occupants are
	// not kept, since anybody may have their nick next time.
	FingerprintRecord struct {
		Kept
		Peer        JID
		Fingerprint string
		Trust       Trust
		// Forgotten takes the key away.
		Forgotten bool
	}

	// OTRPolicyRecord keeps the policy with somebody, or with the zero Peer the account's.
	OTRPolicyRecord struct {
		Kept
		Peer   JID
		Policy OTRPolicy
	}

	// BookmarksRecord keeps the rooms of an account, in the order in which they are shown. Removed are those that the user took
	// away, of which the server is not known to have heard yet.
	BookmarksRecord struct {
		Kept
		Bookmarks, Removed []Bookmark
	}

	// HistoryRecord keeps how long what is said is kept: in one conversation, or with the zero Account and Peer where nothing
	// else is said. The store erases what is older as it gets it. The zero Policy takes it away.
	HistoryRecord struct {
		Kept
		Peer   JID
		Policy HistoryPolicy
	}

	// SwitchRecord keeps a setting that was changed in the client, such as a disclosure.
	SwitchRecord struct {
		Kept
		Name string
		On   bool
	}

	// DraftRecord keeps what was typed in a conversation and not sent; an empty text takes it away.
	DraftRecord struct {
		Kept
		Peer JID
		Text string
	}

	// UnreadRecord keeps from which message on a conversation has not been read, Seq being its place; 0 takes it away. Room tells
	// that Peer is a room.
	UnreadRecord struct {
		Kept
		Peer JID
		Room bool
		Seq  uint64
	}

	// MessageRecord keeps a message, or what has changed about it: one of the same conversation and Seq is replaced.
	MessageRecord struct {
		Kept
		Message StoredMessage
	}

	// ArchiveRecord keeps up to where an archive has been read: Archive is a room, or zero for the account's own. Absences are
	// those of which not all has been read, from the oldest on; what is still to be read belongs above Above.
	ArchiveRecord struct {
		Kept
		Archive  JID
		Mark     ArchiveMark
		Above    uint64
		Absences []Absence
	}

	// GapRecord keeps that messages may be missing in a conversation between two that are kept. Closed takes the gap away.
	GapRecord struct {
		Kept
		Peer   JID
		Gap    Gap
		Closed bool
	}
)

// Absence is a time in which we were not there: what was said in it belongs between two Seq, the lines of before below Lower, and
// those of the session after it above Upper.
type Absence struct{ Lower, Upper uint64 }

// ArchiveMark is the place in an archive up to which it has been read.
type ArchiveMark struct {
	ID   string // of the archive (XEP-0313 §4.1)
	Time time.Time
}
