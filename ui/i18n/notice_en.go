package i18n

import "traboule/core"

func noticesEnglish() map[core.NoticeCode]string {
	return merge(clientNoticesEnglish(), torNoticesEnglish(), privacyNoticesEnglish(), bookmarkNoticesEnglish(), roomNoticesEnglish(), otrNoticesEnglish(), historyNoticesEnglish())
}

func clientNoticesEnglish() map[core.NoticeCode]string {
	return map[core.NoticeCode]string{
		"unknown-command":    "/{text}: there is no such command[. Did you mean /{suggestion}?| · /help lists them]",
		"missing-argument":   "/{command} lacks {argument} · /help {command}",
		"too-many-arguments": "/{command} takes no “{argument}” · /help {command}",
		"bad-address":        "“{argument}” is not an address like name@example.org",
		"bad-number":         "“{argument}” is not a number from 1 on",
		"bad-choice":         "/{command} does not know “{argument}” · /help {command} lists the choices",
		"input-too-long":     "that line was longer than {of} bytes and was thrown away",
		"current":            "[what you type goes to {jid} now|you are in no conversation now]",
		"open-quote":         "the quote in “{argument}” is not closed",

		"help":                 "the commands; /help COMMAND tells more about one",
		"windows":              "{count} {count|window|windows} · /win N goes to one",
		"no-such-window":       "[no window is called “{text}”|there is no window {count}], {of} in all · /win lists them",
		"which-conversation":   "“{text}” may be any of {count}: write the address, such as {suggestion}",
		"no-such-conversation": "“{text}” is neither an address nor the name of a conversation or of somebody in this room",
		"console-stays":        "this window stays: news of the connection appears here",
		"nobody-here":          "nobody would read this here: [/win {count} goes to “{text}”|open a conversation with /join or /query]",

		"waiting-for-tor":   "waiting for Tor[: {count}%][ (“{reason}”)]",
		"connecting":        "connecting {jid}[ to {text}][, {via}]",
		"connected":         "connected as {jid}, {via}[ ({text})]",
		"resumed":           "connected again as {jid}, {via}: nothing was lost",
		"disconnected":      "you are offline ({jid})[: {err}][ Next attempt in {wait}.]",
		"connection-failed": "[{jid} is not connected: ]{err}",
		"already-connected": "{jid} is connected already",
		"not-connected":     "{jid} is [not connected yet ({state}): try again once it is|offline · /connect]",
		"no-account":        "there is no account: start with your address, such as traboule ana@example.org",
		"linked-account":    "the link is for the account {jid}; it opens with {text}, as --account says",
		"no-such-account":   "{jid} is none of your accounts",
		"route":             "{jid}: {state}[, {via}][ ({text})][, Tor at {count}%][: {err}]",
		"amnesic":           "nothing of this session is kept: contacts, keys and trust are gone when it ends[ · {text} asks for that| · to keep them, encrypted: traboule profile]",
		"password-kept":     "the profile keeps the password of {jid} from now on · keep_password = false in the settings keeps it out",
		"key-pinned":        "seen for the first time: the key of the server of {jid}, {text} · its onion address vouches for it; no other is accepted in this session",
		"carbons-failed":    "what your other devices send and get will not appear here: {err}",
		"stanza-dropped":    "{count} {count|stanza was|stanzas were} thrown away[, the last from {jid}]: {drop}",
		"away":              "you are away[: “{text}”]",
		"back":              "you are back",

		"presence":             "{nick}: {show}[, “{text}”]",
		"roster":               "{count} {count|contact|contacts} of {jid}",
		"roster-failed":        "your contacts could not be fetched: {err}",
		"contact-added":        "{jid} is among your contacts[ as {text}] and is asked to let you see their presence",
		"add-failed":           "{jid} was not added: {err}",
		"own-address":          "{jid} is your own address",
		"contact-removed":      "{jid} is no longer among your contacts",
		"remove-failed":        "{jid} stays among your contacts: {err}",
		"not-in-roster":        "{jid} is not among your contacts",
		"subscription-request": "{nick} asks to see when you are online[: “{text}”] · /accept {jid} or /refuse {jid}",
		"subscription-granted": "{nick} lets you see their presence[: “{text}”]",
		"subscription-ended":   "{nick} does not let you see their presence[: “{text}”]",
		"subscription-left":    "{nick} no longer wants to see your presence[: “{text}”]",
		"nothing-to-answer":    "[{jid} has asked you nothing|nobody waits for your answer]",
		"which-question":       "{count} wait for your answer: say which, such as /accept {jid}",
		"accepted":             "{jid} may see when you are online",
		"refused":              "{jid} may not see when you are online",
		"answer-failed":        "the answer to {jid} did not go out: {err}",
		"blocked":              "{jid} is blocked: nothing from there will reach you",
		"unblocked":            "{jid} may write to you again",
		"block-failed":         "the block list did not change for {jid}: {err}",
		"blocklist":            "{count} blocked {count|address|addresses}",
		"blocklist-failed":     "the block list could not be fetched: {err}",

		"message-too-long":   "not sent: {count} bytes, and at most {of} fit · send it in pieces",
		"too-many-unsent":    "not sent: {of} messages to {jid} are waiting for the connection already",
		"unsent":             "{count} {count|message|messages} to {jid}: [{err}|not sent, as you closed the window]",
		"nothing-to-correct": "you have said nothing here that can be corrected",
		"stranger-message":   "{jid}, who is not among your contacts, writes: “{text}” · /query {jid} to answer",
	}
}
