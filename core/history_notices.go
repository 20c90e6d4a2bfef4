package core

// The notices about what is kept, and about what was said before.
const (
	// NoticeHistory answers /history for JID (its name in Nick): History is how long what is said there is kept, as elsewhere.
	NoticeHistory NoticeCode = "history"
	// NoticeHistoryOwn is the same where it was set for that conversation.
	NoticeHistoryOwn NoticeCode = "history-own"
	// NoticeHistoryMemory answers /history: History is how long what is said is kept in memory where nothing else is set.
	NoticeHistoryMemory NoticeCode = "history-memory"
	// NoticeHistoryMemoryOff answers /history where nothing is kept but in the windows, and nothing else is set.
	NoticeHistoryMemoryOff NoticeCode = "history-memory-off"
	// NoticeHistoryOwnMemory is NoticeHistoryOwn where what is said is kept in memory.
	NoticeHistoryOwnMemory NoticeCode = "history-own-memory"
	// NoticeHistoryDisk is NoticeHistoryMemory where what is said is kept on the disk, if at all.
	NoticeHistoryDisk NoticeCode = "history-disk"
	// NoticeHistoryNowhere: nothing can be kept in this session. Nothing set.
	NoticeHistoryNowhere NoticeCode = "history-nowhere"
	// NoticeHistoryOTR: what is encrypted with JID (Nick) is not kept, though the rest is; how to change it without
	// that anything is kept longer: Text is the word for how long.
	NoticeHistoryOTR NoticeCode = "history-otr"
	// NoticeHistoryOTRAll: the same of all with whom nothing else is set. Nothing set.
	NoticeHistoryOTRAll NoticeCode = "history-otr-all"
	// NoticeHistoryOTRKept: what is encrypted with JID (Nick) is kept too.
	NoticeHistoryOTRKept NoticeCode = "history-otr-kept"
	// NoticeHistoryOTRMemory: what is encrypted with JID (Nick) is kept too, in memory.
	NoticeHistoryOTRMemory NoticeCode = "history-otr-memory"
	// NoticeHistoryForget: "yes" has to be added to erase what is kept of JID (Nick).
	NoticeHistoryForget NoticeCode = "history-forget"
	// NoticeHistoryForgetAll: "yes" has to be added to erase what is kept of all conversations. Nothing set.
	NoticeHistoryForgetAll NoticeCode = "history-forget-all"
	// NoticeHistoryForgotten: what was kept of JID (Nick), or of all, is erased.
	NoticeHistoryForgotten NoticeCode = "history-forgotten"
	// NoticeHistoryForgetFailed: JID, Nick as above; Err.
	NoticeHistoryForgetFailed NoticeCode = "history-forget-failed"
	// NoticeHistoryShown ends the answer to /history show and /history more: Count lines of JID (Nick) were told as "history".
	NoticeHistoryShown NoticeCode = "history-shown"
	// NoticeHistoryBeginning is the same where nothing is known of before.
	NoticeHistoryBeginning NoticeCode = "history-beginning"
	// NoticeHistoryFull: there is no room in memory for more lines of JID.
	NoticeHistoryFull NoticeCode = "history-full"
	// NoticeHistoryFailed: what was said before in JID (Nick) could not be had; Err.
	NoticeHistoryFailed NoticeCode = "history-failed"
	// NoticeStoreFailed: something could not be kept or read, and what there is to keep waits or is lost; Err.
	NoticeStoreFailed NoticeCode = "store-failed"

	// Lines that stand where others are missing; see Line.IsGap. Scripts hear of them between lines that they ask for.

	// NoticeHistoryUnloaded: more lines are kept here. Nothing set.
	NoticeHistoryUnloaded NoticeCode = "history-unloaded"
	// NoticeHistoryGap: messages may be missing here, and perhaps the archive has them. Nothing set.
	NoticeHistoryGap NoticeCode = "history-gap"
	// NoticeHistoryGapLoading: they are being fetched. Nothing set.
	NoticeHistoryGapLoading NoticeCode = "history-gap-loading"
	// NoticeHistoryGapFailed: they could not be had; Err.
	NoticeHistoryGapFailed NoticeCode = "history-gap-failed"

	// NoticeArchiveMissed: Count messages were said in our absence, Of of them naming us: in the room JID, or if that is zero by
	// people.
	NoticeArchiveMissed NoticeCode = "archive-missed"
	// NoticeArchiveUnshown: Count messages of our absence found no window, for too many strangers wrote; JID as above.
	NoticeArchiveUnshown NoticeCode = "archive-unshown"
	// NoticeArchiveUnreadable: Count encrypted messages of Nick (JID) or to them were kept by the server, which nobody can read
	// any more.
	NoticeArchiveUnreadable NoticeCode = "archive-unreadable"
	// NoticeArchiveFailed: what was said in our absence could not be had, in the room JID or from people; Err.
	NoticeArchiveFailed NoticeCode = "archive-failed"

	// NoticeSearch ends the answer to /search: Count lines were found, told as "history"; Search what was looked for.
	NoticeSearch NoticeCode = "search"
	// NoticeSearchCut is the same where more were found than are shown.
	NoticeSearchCut NoticeCode = "search-cut"
	// NoticeSearchFailed: Search as above; Err.
	NoticeSearchFailed NoticeCode = "search-failed"
	// NoticeBadDate: Text the command; Argument what is no day of the form 2026-11-22.
	NoticeBadDate NoticeCode = "bad-date"
	// NoticeEmptyFilter: Text the command; nothing stands behind the filter Argument; Suggestion an example.
	NoticeEmptyFilter NoticeCode = "empty-filter"
	// NoticeNoWord: Text the command; there is no word in Argument that could be looked for.
	NoticeNoWord NoticeCode = "no-word"
	// NoticeNoSuchResult: the last search found no line with the number Count; Of is how many it found.
	NoticeNoSuchResult NoticeCode = "no-such-result"
	// NoticeFoundGone: the line is neither in the window of JID (Nick) nor kept any more.
	NoticeFoundGone NoticeCode = "found-gone"
)

// historyNoticeCodes lists the notices about what is kept.
func historyNoticeCodes() []NoticeCode {
	return []NoticeCode{
		NoticeHistory, NoticeHistoryOwn, NoticeHistoryMemory, NoticeHistoryMemoryOff, NoticeHistoryOwnMemory, NoticeHistoryDisk, NoticeHistoryNowhere, NoticeHistoryOTR, NoticeHistoryOTRAll, NoticeHistoryOTRKept, NoticeHistoryOTRMemory, NoticeHistoryForget, NoticeHistoryForgetAll,
		NoticeHistoryForgotten, NoticeHistoryForgetFailed, NoticeHistoryShown, NoticeHistoryBeginning, NoticeHistoryFull, NoticeHistoryFailed, NoticeStoreFailed, NoticeHistoryUnloaded, NoticeHistoryGap,
		NoticeHistoryGapLoading, NoticeHistoryGapFailed, NoticeArchiveMissed, NoticeArchiveUnshown, NoticeArchiveUnreadable, NoticeArchiveFailed,
		NoticeSearch, NoticeSearchCut, NoticeSearchFailed, NoticeBadDate, NoticeEmptyFilter, NoticeNoWord, NoticeNoSuchResult, NoticeFoundGone,
	}
}
