package im

import "time"

// FetchArchive asks an archive for a page of messages (XEP-0313): of the account's own, or with Archive of a room's. Without
// After and Before it is the oldest page; with After the one that follows that id; with Before, or with Last, the one that
// comes before that id, or the newest.
type FetchArchive struct {
	For
	Archive JID // a room's bare JID; zero for the account's own
	// With is the other end, of the account's own archive; zero for all.
	With JID
	// After and Before are ids of the archive.
	After, Before string
	Last          bool
	// Since, unless zero, leaves out what is older.
	Since time.Time
	// Max is how many messages are wanted at most, at least 1. A page has 100 at most, and fewer where they are long or the
	// archive gives fewer.
	Max int
}

// ArchivedMessage is a message out of an archive. Its Delay is the archive's stamp, its StanzaID the archive's id, and it
// asks for no answer. Message.Hint is set on what OTR encrypted: nobody can read that any more.
type ArchivedMessage struct {
	ID      string // of the archive
	Message Message
}

// ArchiveResult is the answer to FetchArchive, oldest first. CodeUnavailable or CodeItemNotFound as its failure mean that
// there is no archive, or that it does not know the id any more. After CodeConnectionLost, CodeTimeout or CodeQueueFull the
// same page can be asked for again. In an account's archive there is nothing that was said in rooms.
type ArchiveResult struct {
	Messages []ArchivedMessage
	// First and Last are the archive's ids of the ends of the page, which may be those of messages that are not given here
	// because they are none for people. They are empty if the page is.
	First, Last string
	// Complete is set if there is nothing beyond this page, in its direction.
	Complete bool
}

func (ArchiveResult) result() {}
