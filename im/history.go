package im

import "time"

// HistoryPolicy is how long what is said in a conversation is kept.
type HistoryPolicy struct {
	Mode HistoryMode
	// Days is after how many days it is erased, with HistoryDays: from 1 to MaxHistoryDays.
	Days int
	// Encrypted is set if the user wants even the text of OTR messages kept here.
	Encrypted bool
}

// MaxHistoryDays bounds for how many days messages can be kept: some hundred years.
const MaxHistoryDays = 36_500

// HistoryMode says whether what is said is kept.
type HistoryMode uint8

// The modes.
const (
	HistoryUnset HistoryMode = iota // as it is elsewhere: for a conversation, as for all others
	HistoryOff
	HistoryOn
	HistoryDays
)

// Keeps reports whether anything is kept.
func (p HistoryPolicy) Keeps() bool { return p.Mode == HistoryOn || p.Mode == HistoryDays }

// StoredMessage is a message as it is kept: a line of a conversation, clean as it was shown.
type StoredMessage struct {
	// Peer is the other end: a room or a person, bare, or an occupant of a room with nickname.
	Peer JID
	Kind Kind
	// Seq is its place in the conversation. It grows with time and leaves room between any two for what an archive tells later.
	Seq  uint64
	Time time.Time
	Out  bool
	// From is what to call the sender, JID their address where it is known.
	From string
	JID  JID
	// Sender tells who alone may correct it, and tells those apart who use the same message ids.
	Sender string
	// ID is the sender's id of the message, OriginID that of XEP-0359, StanzaID that of the archive which we believe.
	ID, OriginID, StanzaID string
	Body                   string
	// Action, Mention, Edited, Delayed and Archived are as on the line that was shown.
	Action, Mention, Edited, Delayed, Archived bool
	State                                      MessageState
	Encryption                                 Encryption
	Trust                                      Trust
	Warning                                    Warning
}

// MessageState is how far a message of ours has come.
type MessageState uint8

// The states of a message of ours; StateNone for those of others.
const (
	StateNone     MessageState = iota
	StatePending               // not yet acknowledged by the server
	StateSent                  // the server has it, or the room has shown it to all
	StateReceived              // the other end's device has it (XEP-0184)
	StateRead                  // the other end has displayed it (XEP-0333)
	StateFailed                // it was not sent
)

// Warning is something a reader should know about one message.
type Warning uint8

// The warnings about a message.
const (
	NoWarning Warning = iota
	// WarnLookalike: the nickname looks like that of another occupant.
	WarnLookalike
	// WarnForeignCorrection: somebody tried to correct a message that is not theirs; shown as a new message.
	WarnForeignCorrection
	// WarnUndecryptable: the text is encrypted in a way that we cannot undo.
	WarnUndecryptable
	// WarnNotEncrypted: plain text where encryption was expected.
	WarnNotEncrypted
)

// Gap is a place in a conversation where messages may be missing: after Seq and before Until.
type Gap struct {
	Seq, Until uint64
	// After and Before are the archive's ids of the messages on both sides, empty where they have none.
	After, Before string
}

// StoreRequest is a request that is carried out by what keeps records, not by the network. Records that were handed over
// before it have taken effect, but for those that could not be kept yet, which StoreFailed tells.
type StoreRequest interface {
	Request
	storeRequest()
}

func (FetchHistory) storeRequest()  {}
func (SearchHistory) storeRequest() {}
func (MergeHistory) storeRequest()  {}
func (ForgetHistory) storeRequest() {}

type (
	// FetchHistory asks for messages of a conversation, in their order: the last Limit before Before (zero: the newest), or
	// with After the first Limit after it. A Limit of 0 stands for 50, here and in SearchHistory, and there are never more
	// than 1,000.
	FetchHistory struct {
		For
		Peer          JID
		Before, After uint64
		Limit         int
	}

	// SearchHistory asks for messages, newest first, which have all the words of Text (or words that begin with them), and
	// are of what else is asked for; zero fields ask for nothing. A zero Account asks all accounts. Case and accents do not
	// matter.
	SearchHistory struct {
		For
		Peer JID
		Text string
		// From is a part of the sender's name or address.
		From string
		// Since and Until bound the time, Until not included.
		Since, Until time.Time
		Limit        int
	}

	// MergeHistory asks which of these messages, read in an archive, are kept already, and keeps the others: each has its
	// Peer and Seq; one without a Seq is only looked for. One is known if a message of the conversation has its StanzaID, or has
	// its ID or OriginID, Out or Sender, and Body, and no other StanzaID; and one of ours by its OriginID alone where that has
	// been edited. A known one that lacked a StanzaID gets it.
	MergeHistory struct {
		For
		Messages []StoredMessage
	}

	// ForgetHistory erases what is kept of a conversation, or with a zero Account and Peer of all. It is out of sight before
	// anything that is asked or kept later; it is done when nothing of it is left on the disk. What lies before a Seq is not
	// kept again, whoever tells it later, nor what an archive or the history of a room has from before At; with zeros it is.
	ForgetHistory struct {
		For
		Peer   JID
		Before uint64
		At     time.Time
	}
)

// The results of requests about what is kept.
type (
	// HistoryResult is the answer to FetchHistory, oldest first.
	HistoryResult struct {
		Messages []StoredMessage
		// More is set if there are more on the side that was asked for.
		More bool
		// Gaps are those that lie beside or between these messages.
		Gaps []Gap
	}

	// SearchResult is the answer to SearchHistory, newest first.
	SearchResult struct {
		Found []FoundMessage
		// More is set if there are more than were asked for.
		More bool
	}

	// MergeResult is the answer to MergeHistory.
	MergeResult struct{ Merged []Merged }
)

// Merged is what became of a message that was to be merged: whether it was known, and the Seq that it has, which another message
// may have moved; zero for one that was only looked for and is not known.
type Merged struct {
	Known bool
	Seq   uint64
}

// FoundMessage is a message that was found, and the account that it belongs to.
type FoundMessage struct {
	Account JID
	StoredMessage
}

func (HistoryResult) result() {}
func (SearchResult) result()  {}
func (MergeResult) result()   {}

// StoreFailed tells that something could not be kept or read: the disk is full, or what is on it is damaged. It belongs to no
// account. What was to be kept since then may be lost.
type StoreFailed struct {
	On
	Err Failure
}
