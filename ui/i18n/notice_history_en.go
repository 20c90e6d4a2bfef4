package i18n

import "traboule/core"

func historyNoticesEnglish() map[core.NoticeCode]string {
	return map[core.NoticeCode]string{
		"history":               "{nick}: what is said is {keep}, as everywhere · /history on, /history off",
		"history-own":           "{nick}: what is said is {keep}, by a setting of its own · /history default undoes it",
		"history-memory":        "everywhere: what is said is {keep}, in memory alone: nothing of it is left when this session ends",
		"history-memory-off":    "everywhere: what is said is forgotten as its window closes, and all of it when this session ends · /history on all",
		"history-own-memory":    "{nick}: what is said is {keep}, in memory alone, by a setting of its own · /history default undoes it",
		"history-disk":          "everywhere: in your profile, what is said is {keep}, except where a conversation has a setting of its own · /history on all, /history off all",
		"history-nowhere":       "nothing is kept in this session: there is no profile",
		"history-otr":           "what you encrypt with {nick} is not kept. To keep that too: /history {text} {jid} encrypted",
		"history-otr-all":       "what you encrypt is not kept, except with those for whom you say so: /history on ADDRESS encrypted",
		"history-otr-kept":      "CAREFUL: what you encrypt with {nick} is kept too, and whoever opens your profile can read it · /history off {jid}",
		"history-otr-memory":    "what you encrypt with {nick} is kept too, in memory alone, until this session ends · /history off {jid}",
		"history-forget":        "this erases for good what is kept of {nick}. If that is what you want: /history forget {jid} yes",
		"history-forget-all":    "this erases for good what is kept of ALL conversations. If that is what you want: /history forget all yes",
		"history-forgotten":     "erased for good: what was kept of [{nick}|all conversations]",
		"history-forget-failed": "what is kept of [{nick}|all conversations] could not be erased: {err}",
		"history-shown":         "[{count} {count|line|lines}|nothing] from before[ · {nick}] · /history more shows older ones",
		"history-beginning":     "[{count} {count|line|lines}|nothing] from before[ · {nick}]; nothing older is known",
		"history-full":          "there is no room in memory for more lines here · /clear makes some",
		"history-failed":        "what was said before could not be had[ ({nick})]: {err}",
		"store-failed":          "CAREFUL: {err}",
		"history-unloaded":      "··· more was said here ···",
		"history-gap":           "··· messages may be missing here ···",
		"history-gap-loading":   "··· loading what was said here ···",
		"history-gap-failed":    "··· messages may be missing here, and could not be had: {err} ···",
		"archive-missed":        "while you were away: {count} {count|message|messages}[ in {jid}][, {of} of them for you]",
		"archive-unshown":       "{count} {count|message|messages} of your absence found no window: too many strangers wrote",
		"archive-unreadable":    "{count} encrypted {count|message|messages} with {nick} from your absence: nobody can read {count|it|them} any more",
		"archive-failed":        "what was said in your absence could not be had[ ({jid})]: {err}",
		"search":                "[{count} {count|line|lines} found for “{query}” · /found N goes there|nothing found for “{query}”]",
		"search-cut":            "the newest {count} {count|line|lines} found for “{query}”; there are more · /found N goes there, before:2026-11-22 shows older ones",
		"search-failed":         "what is kept could not be searched for “{query}”: {err}",
		"bad-date":              "/{command}: “{argument}” is no day; a day looks like this: 2026-11-22",
		"empty-filter":          "/{command}: nothing stands behind “{argument}”; it goes like this: {suggestion}",
		"no-word":               "/{command}: there is no word in “{argument}”; only letters and digits can be found",
		"found-gone":            "that line is gone[ ({nick})]: neither in the window nor kept",
		"no-such-result":        "the last search found [{of} {of|line|lines}|nothing]: there is no number {count}",
	}
}
