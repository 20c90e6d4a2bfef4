package im

// Bookmark is a room that the user returns to (XEP-0402 §3).
type Bookmark struct {
	Room     JID // bare
	Name     string
	Nick     string
	Password string
	AutoJoin bool
	// Published is set once the server is known to have it; it is for who keeps bookmarks, not for the wire.
	Published bool
}

type (
	// FetchBookmarks asks the server for the bookmarks that it keeps.
	FetchBookmarks struct{ For }

	// SetBookmark has the server keep a bookmark, or with Removed keep it no more. What other clients keep there stays as it
	// is.
	SetBookmark struct {
		For
		Bookmark Bookmark
		Removed  bool
	}
)

// BookmarksResult is the answer to FetchBookmarks: each room once. CodeUnavailable as its failure means that the server keeps
// none; CodeNotAllowed as that of SetBookmark, that others could read what it keeps.
type BookmarksResult struct{ Bookmarks []Bookmark }

func (BookmarksResult) result() {}

// BookmarkChanged tells that another device has changed a bookmark on the account's own server.
type BookmarkChanged struct {
	On
	Bookmark Bookmark
	Removed  bool
}
