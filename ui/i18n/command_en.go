package i18n

// commandsEnglish says what each command does, in the order of the manual.
func commandsEnglish() map[string]string {
	return map[string]string{
		"help":       "lists the commands, or explains one",
		"quit":       "leaves the rooms, says goodbye to the servers and ends the client",
		"clear":      "takes the lines off this window",
		"win":        "goes to a window by its number or a part of its name; alone, lists them",
		"close":      "closes this window; a room is left",
		"connect":    "connects an account, or all",
		"disconnect": "disconnects an account, or all",
		"away":       "tells your contacts and rooms that you are away, and why",
		"back":       "tells your contacts and rooms that you are back",
		"tor":        "shows how Tor is and which way each connection takes; new: other circuits",
		"privacy":    "shows what this session discloses and to whom, or switches a part of it",
		"panic":      "ends everything at once and wipes the terminal; an encrypted profile stays on the disk",

		"join":         "enters a room; a name without @ is looked for on your own server",
		"part":         "leaves this room, with parting words if you like",
		"nick":         "changes your nickname in this room",
		"subject":      "shows the subject of this room, or changes it; \"\" removes it",
		"names":        "lists who is in this room",
		"invite":       "invites somebody to this room",
		"kick":         "puts somebody out of this room, who may come back",
		"ban":          "puts somebody out of this room for good",
		"unban":        "lets an address into this room again",
		"voice":        "lets somebody speak in a moderated room",
		"devoice":      "lets somebody only read in this room",
		"role":         "changes what somebody may do during this visit",
		"affiliation":  "changes somebody’s lasting standing in this room",
		"affiliations": "lists the addresses with a standing in this room",
		"destroy":      "closes this room for good, for everybody; NAME is its name, to be sure",
		"rooms":        "lists the public rooms of your server, or of another service",

		"bookmarks":     "lists your bookmarked rooms in their order",
		"bookmark":      "bookmarks a room: entered at each start (auto), by hand (on), or no more (off)",
		"bookmark name": "gives the bookmark of this room a name of your own, or none",
		"bookmark move": "puts a bookmark at another place of the list",

		"msg":       "sends a text to a room, a contact or, in a room, a nickname",
		"query":     "opens a conversation and goes to it",
		"me":        "says what you are doing: /me makes tea",
		"say":       "sends a text as it is, even one that starts with a slash",
		"correct":   "replaces the last text that you sent here",
		"roster":    "lists your contacts",
		"add":       "adds a contact and asks to see their presence",
		"remove":    "removes a contact; neither of you sees the other any more",
		"accept":    "says yes to a request or an invitation; alone, to the only one, or to that of this window",
		"refuse":    "says no to a request or an invitation; alone, to the only one, or to that of this window",
		"block":     "stops everything from an address",
		"unblock":   "lets an address write to you again",
		"blocklist": "lists the blocked addresses",

		"otr":             "explains how this conversation is encrypted, and what to do next",
		"otr start":       "starts to encrypt with somebody, or accepts their offer",
		"otr end":         "ends it: the servers can read what you type from then on",
		"otr policy":      "shows or changes when to encrypt with somebody, or with all",
		"otr fingerprint": "shows your key and theirs, to compare them by another way",
		"otr trust":       "marks their key as verified, once you have compared it",
		"otr distrust":    "takes that back",
		"otr ask":         "verifies who it is by a question; one of several words in quotes",
		"otr secret":      "verifies who it is by a secret that you both know",
		"otr answer":      "answers who wants to know whether it is you",
		"otr abort":       "ends a verification",

		"history":        "shows or changes how long what is said is kept: here or, with \"all\", everywhere",
		"history show":   "shows the last lines of this conversation once more",
		"history more":   "shows the lines above those, out of what is kept and of the archive",
		"history forget": "erases for good what is kept of a conversation, or of all",
		"search":         "finds lines by words, and from:NAME in:CONVERSATION (. is this one) on: since: before:DAY",
		"found":          "goes to a line that the last search found",
	}
}

// argumentsEnglish names arguments; those that are missing are called as core calls them.
func argumentsEnglish() map[string]string { return map[string]string{} }
