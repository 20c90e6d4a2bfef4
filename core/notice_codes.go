package core

import "slices"

// Every notice has Account set to the account that it is about, mostly that of its conversation, and Level. Failures are told with Err. The comment of a
// code says which other fields it sets.
const (
	// About commands. Text is the command as it was typed.

	// NoticeUnknownCommand: Text the name; Suggestion a command that is near, or empty.
	NoticeUnknownCommand NoticeCode = "unknown-command"
	// NoticeMissingArgument: Text the command; Argument the name of what is missing, such as NICK.
	NoticeMissingArgument NoticeCode = "missing-argument"
	// NoticeTooManyArguments: Text the command; Argument what is too much.
	NoticeTooManyArguments NoticeCode = "too-many-arguments"
	// NoticeBadAddress: Text the command; Argument what is no address.
	NoticeBadAddress NoticeCode = "bad-address"
	// NoticeBadNumber: Text the command; Argument what is no number from 1 on.
	NoticeBadNumber NoticeCode = "bad-number"
	// NoticeBadChoice: Text the command; Argument the word that is none of those allowed.
	NoticeBadChoice NoticeCode = "bad-choice"
	// NoticeOpenQuote: Text the command; Argument the text whose quote does not end.
	NoticeOpenQuote NoticeCode = "open-quote"
	// NoticeInputTooLong (of line mode): a line of input has more than Of bytes.
	NoticeInputTooLong NoticeCode = "input-too-long"
	// NoticeCurrent: what is typed goes to JID; zero for a console, where nobody reads it. Line mode tells each change; core
	// answers with it who goes where they are.
	NoticeCurrent NoticeCode = "current"

	// About windows and help.

	// NoticeHelp answers /help: Text the command asked about, empty for all. The words and the list come from Commands.
	NoticeHelp NoticeCode = "help"
	// NoticeWindows answers /win: List of Name, JID, Count (unread lines) and, where there are several, Account, in order;
	// Count their number.
	NoticeWindows NoticeCode = "windows"
	// NoticeNoSuchWindow: Count the number or Text the name asked for; Of how many there are.
	NoticeNoSuchWindow NoticeCode = "no-such-window"
	// NoticeNoSuchConversation: Text what is neither an address nor an occupant.
	NoticeNoSuchConversation NoticeCode = "no-such-conversation"
	// NoticeWhichConversation: Text is the name of Count conversations; Suggestion their addresses, or the first of them.
	NoticeWhichConversation NoticeCode = "which-conversation"
	// NoticeConsoleStays: a console cannot be closed. Nothing set.
	NoticeConsoleStays NoticeCode = "console-stays"
	// NoticeNobodyHere: a text was typed in a console, where nobody would read it; Text, Count: the name and number of a window
	// where somebody would, if any is open.
	NoticeNobodyHere NoticeCode = "nobody-here"

	// About accounts and connections; told to scripts as "connection", except where noted.

	// NoticeWaitingForTor: JID the account; Count the progress in per cent; Reason the step that Tor is at, in its words.
	NoticeWaitingForTor NoticeCode = "waiting-for-tor"
	// NoticeConnecting: JID the account; Via and Text the server that is tried, once they are known. One for each attempt.
	NoticeConnecting NoticeCode = "connecting"
	// NoticeConnected: JID the address, bare; Via; Text the server reached.
	NoticeConnected NoticeCode = "connected"
	// NoticeResumed: as NoticeConnected; nothing was lost.
	NoticeResumed NoticeCode = "resumed"
	// NoticeDisconnected: JID the account; Err why, nil if the user asked; Wait until the next attempt, zero for none.
	NoticeDisconnected NoticeCode = "disconnected"
	// NoticeConnectionFailed: JID the account (may be zero); Err. Nothing is tried again until the user acts.
	NoticeConnectionFailed NoticeCode = "connection-failed"
	// NoticeAlreadyConnected (a "notice"): JID the full address.
	NoticeAlreadyConnected NoticeCode = "already-connected"
	// NoticeNotConnected (a "notice"): a command needs the connection of JID, which is off line, or on its way (State).
	NoticeNotConnected NoticeCode = "not-connected"
	// NoticeNoAccount (a "notice"): a command needs an account and there is none. Nothing set.
	NoticeNoAccount NoticeCode = "no-account"
	// NoticeLinkedAccount: the link that the client was started with is for the account JID, but opens with the account Text.
	NoticeLinkedAccount NoticeCode = "linked-account"
	// NoticeNoSuchAccount (a "notice"): JID is none of our accounts.
	NoticeNoSuchAccount NoticeCode = "no-such-account"
	// NoticeRoute (a "notice") answers /tor, once for each account: JID; State; Via; Text the server; Count Tor's progress; Err.
	NoticeRoute NoticeCode = "route"
	// NoticeKeyPinned (a "notice"): the key of the server of JID, an onion service, was seen for the first time; Text
	// its fingerprint.
	NoticeKeyPinned NoticeCode = "key-pinned"
	// NoticeAmnesic: at the start, that nothing of this session is kept; Text the flag that asks for it, empty where there is no profile.
	NoticeAmnesic NoticeCode = "amnesic"
	// NoticePasswordKept: the profile keeps the password of JID from now on.
	NoticePasswordKept NoticeCode = "password-kept"
	// NoticeCarbonsFailed: the server sends no copies of what other devices get; Err.
	NoticeCarbonsFailed NoticeCode = "carbons-failed"
	// NoticeStanzaDropped: Count stanzas were thrown away, the last from JID (zero if unreadable); Text the im.DropReason.
	NoticeStanzaDropped NoticeCode = "stanza-dropped"
	// NoticeAway and NoticeBack answer /away and /back: Show; Text the status.
	NoticeAway NoticeCode = "away"
	// NoticeBack answers /back.
	NoticeBack NoticeCode = "back"

	// About contacts.

	// NoticePresence (told to scripts as "presence"): JID the contact, bare; Nick what to call them; Show; Text the status.
	NoticePresence NoticeCode = "presence"
	// NoticeRoster answers /roster: JID the account; Count contacts; List of JID, Name, Show, Status, Subscription.
	NoticeRoster NoticeCode = "roster"
	// NoticeRosterFailed: the roster could not be had; Err.
	NoticeRosterFailed NoticeCode = "roster-failed"
	// NoticeAdded answers /add: JID; Text the name given, may be empty. They are asked to let us see their presence.
	NoticeAdded NoticeCode = "contact-added"
	// NoticeAddFailed: JID; Err.
	NoticeAddFailed NoticeCode = "add-failed"
	// NoticeOwnAddress: JID is our own address.
	NoticeOwnAddress NoticeCode = "own-address"
	// NoticeRemoved answers /remove: JID.
	NoticeRemoved NoticeCode = "contact-removed"
	// NoticeRemoveFailed: JID; Err.
	NoticeRemoveFailed NoticeCode = "remove-failed"
	// NoticeNotInRoster: JID.
	NoticeNotInRoster NoticeCode = "not-in-roster"
	// NoticeSubscriptionRequest (told to scripts as "presence", as the next three): JID asks to see our presence; Nick what
	// to call them; Text what they wrote, may be empty. The same is a Question.
	NoticeSubscriptionRequest NoticeCode = "subscription-request"
	// NoticeSubscriptionGranted: JID lets us see their presence; Nick, Text as above.
	NoticeSubscriptionGranted NoticeCode = "subscription-granted"
	// NoticeSubscriptionEnded: JID does not let us see their presence, or no longer; Nick, Text as above.
	NoticeSubscriptionEnded NoticeCode = "subscription-ended"
	// NoticeSubscriptionLeft: JID no longer wants to see our presence; Nick, Text as above.
	NoticeSubscriptionLeft NoticeCode = "subscription-left"
	// NoticeNothingToAnswer: /accept or /refuse, and nothing is asked by JID (zero if none was given).
	NoticeNothingToAnswer NoticeCode = "nothing-to-answer"
	// NoticeWhichQuestion: /accept or /refuse without an address, and Count wait for an answer, the first by the name of JID.
	NoticeWhichQuestion NoticeCode = "which-question"
	// NoticeAccepted answers /accept: JID may see our presence.
	NoticeAccepted NoticeCode = "accepted"
	// NoticeRefused answers /refuse: JID may not see our presence.
	NoticeRefused NoticeCode = "refused"
	// NoticeAnswerFailed: JID; Err.
	NoticeAnswerFailed NoticeCode = "answer-failed"
	// NoticeBlocked answers /block: JID.
	NoticeBlocked NoticeCode = "blocked"
	// NoticeUnblocked answers /unblock: JID.
	NoticeUnblocked NoticeCode = "unblocked"
	// NoticeBlockFailed: /block or /unblock of JID failed; Err.
	NoticeBlockFailed NoticeCode = "block-failed"
	// NoticeBlocklist answers /blocklist: Count; List of JID.
	NoticeBlocklist NoticeCode = "blocklist"
	// NoticeBlocklistFailed: Err.
	NoticeBlocklistFailed NoticeCode = "blocklist-failed"

	// About messages.

	// NoticeMessageTooLong: the text was not sent; Count its bytes; Of the most allowed.
	NoticeMessageTooLong NoticeCode = "message-too-long"
	// NoticeTooManyUnsent: the text was not sent, for Of messages to JID wait for the connection already.
	NoticeTooManyUnsent NoticeCode = "too-many-unsent"
	// NoticeUnsent: the window of JID was closed before Count messages were sent; Err what became of them, if it is known.
	NoticeUnsent NoticeCode = "unsent"
	// NoticeNothingToCorrect: /correct, and we have said nothing here that can be corrected. Nothing set.
	NoticeNothingToCorrect NoticeCode = "nothing-to-correct"
	// NoticeStrangerMessage: JID, who is not in the roster, wrote Text (of several lines perhaps); it has no window, for Of
	// strangers have one already.
	NoticeStrangerMessage NoticeCode = "stranger-message"
)

// NoticeCodes returns every code, for catalogues and their tests.
func NoticeCodes() []NoticeCode {
	return append([]NoticeCode{
		NoticeUnknownCommand, NoticeMissingArgument, NoticeTooManyArguments, NoticeBadAddress, NoticeBadNumber,
		NoticeBadChoice, NoticeOpenQuote, NoticeInputTooLong, NoticeCurrent,
		NoticeHelp, NoticeWindows, NoticeNoSuchWindow, NoticeNoSuchConversation, NoticeWhichConversation, NoticeConsoleStays, NoticeNobodyHere,
		NoticeWaitingForTor, NoticeConnecting, NoticeConnected, NoticeResumed, NoticeDisconnected, NoticeConnectionFailed,
		NoticeAlreadyConnected, NoticeNotConnected, NoticeNoAccount, NoticeLinkedAccount, NoticeNoSuchAccount, NoticeRoute, NoticeKeyPinned,
		NoticeAmnesic, NoticePasswordKept, NoticeCarbonsFailed,
		NoticeStanzaDropped, NoticeAway, NoticeBack,
		NoticePresence, NoticeRoster, NoticeRosterFailed, NoticeAdded, NoticeAddFailed, NoticeOwnAddress, NoticeRemoved,
		NoticeRemoveFailed, NoticeNotInRoster, NoticeSubscriptionRequest, NoticeSubscriptionGranted,
		NoticeSubscriptionEnded, NoticeSubscriptionLeft, NoticeNothingToAnswer, NoticeWhichQuestion, NoticeAccepted, NoticeRefused,
		NoticeAnswerFailed, NoticeBlocked, NoticeUnblocked, NoticeBlockFailed, NoticeBlocklist, NoticeBlocklistFailed,
		NoticeMessageTooLong, NoticeTooManyUnsent, NoticeUnsent, NoticeNothingToCorrect, NoticeStrangerMessage,
	}, slices.Concat(privacyNoticeCodes(), bookmarkNoticeCodes(), torNoticeCodes(), roomNoticeCodes(), otrNoticeCodes(), historyNoticeCodes())...)
}
