package im

// Record is something to be kept. The set is sealed: the types of this file.
type Record interface {
	// Of names the account (bare JID) that the record belongs to.
	Of() JID
	record()
}

// Kept is the part that all records share.
type Kept struct{ Account JID }

// Of returns the account's bare JID.
func (k Kept) Of() JID { return k.Account }

func (Kept) record() {}

// PinRecord keeps the key that the account's server showed on first use.
type PinRecord struct {
	Kept
	Pin Pin
}

// RosterRecord keeps the roster and its version.
type RosterRecord struct {
	Kept
	Items   []RosterItem
	Version string
}
