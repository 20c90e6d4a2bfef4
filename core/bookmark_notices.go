package core

// About bookmarks. Room is set in all of them that concern one.
const (
	// NoticeBookmarks answers /bookmarks: JID the account; Count; List of JID, Name, Nick, AutoJoin, in their order.
	NoticeBookmarks NoticeCode = "bookmarks"
	// NoticeBookmarkedAuto answers /bookmark: the room is entered at each start.
	NoticeBookmarkedAuto NoticeCode = "bookmarked-auto"
	// NoticeBookmarked answers /bookmark on: the room is not entered by itself.
	NoticeBookmarked NoticeCode = "bookmarked"
	// NoticeBookmarkRemoved answers /bookmark off.
	NoticeBookmarkRemoved NoticeCode = "bookmark-removed"
	// NoticeNotBookmarked: there is no such bookmark.
	NoticeNotBookmarked NoticeCode = "not-bookmarked"
	// NoticeTooManyBookmarks: Of are the most.
	NoticeTooManyBookmarks NoticeCode = "too-many-bookmarks"
	// NoticeBookmarkNamed answers /bookmark name: Text, empty for none.
	NoticeBookmarkNamed NoticeCode = "bookmark-named"
	// NoticeBookmarkMoved answers /bookmark move: Count is the place.
	NoticeBookmarkMoved NoticeCode = "bookmark-moved"
	// NoticeBookmarksFailed: the server did not give its list; Err.
	NoticeBookmarksFailed NoticeCode = "bookmarks-failed"
	// NoticeBookmarkFailed: the server did not take a change; Err.
	NoticeBookmarkFailed NoticeCode = "bookmark-failed"
	// NoticeBookmarkUnheard: the client ends before the server of the account JID has heard of Count changes, and nothing keeps them.
	NoticeBookmarkUnheard NoticeCode = "bookmark-unheard"
	// NoticeBookmarkNew: another device, or the server, has a room entered by itself that was not known; Text its name there.
	NoticeBookmarkNew NoticeCode = "bookmark-new"
	// NoticeBookmarkLeft: the user does not want to enter that room here.
	NoticeBookmarkLeft NoticeCode = "bookmark-left"
	// NoticeRoomLeftElsewhere: another device does not want to be in the room any more, and so we have left it.
	NoticeRoomLeftElsewhere NoticeCode = "room-left-elsewhere"
)

// bookmarkNoticeCodes lists the notices about bookmarks.
func bookmarkNoticeCodes() []NoticeCode {
	return []NoticeCode{
		NoticeBookmarks, NoticeBookmarkedAuto, NoticeBookmarked, NoticeBookmarkRemoved, NoticeNotBookmarked, NoticeTooManyBookmarks,
		NoticeBookmarkNamed, NoticeBookmarkMoved, NoticeBookmarksFailed, NoticeBookmarkFailed, NoticeBookmarkUnheard, NoticeBookmarkNew, NoticeBookmarkLeft,
		NoticeRoomLeftElsewhere,
	}
}
