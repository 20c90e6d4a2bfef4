package i18n

// The texts of the input: the line being typed, completion, questions, paste, search and notifications.
const (
	PasteAsk        Key = "paste-ask"        // {1} lines were pasted
	PasteEdit       Key = "paste-edit"       // answer: put them into the input
	PasteSendOne    Key = "paste-send-one"   // answer
	PasteSendLines  Key = "paste-send-lines" // answer: {1} messages
	PasteCut        Key = "paste-cut"
	Cancel          Key = "cancel"      // answer
	HowToQuit       Key = "how-to-quit" // after Ctrl+C in an empty input
	InputFull       Key = "input-full"
	AskSubscription Key = "ask-subscription" // {1} is an address
	AskBookmark     Key = "ask-bookmark"     // {2} is the room
	AskInvitation   Key = "ask-invitation"   // {1} is who invites, {2} the room
	AnswerLater     Key = "answer-later"     // answer: decide later
	AnswerAccept    Key = "answer-accept"
	AnswerRefuse    Key = "answer-refuse"
	AnswerJoin      Key = "answer-join"
	AnswerDecline   Key = "answer-decline"
	SecretHint      Key = "secret-hint" // behind a question for a password
	SearchPrompt    Key = "search-prompt"
	SearchNone      Key = "search-none"
	SearchCount     Key = "search-count"     // {1} is the place of the match, counted from the newest, {2} how many there are
	NewMessage      Key = "new-message"      // notification
	NewMessageFrom  Key = "new-message-from" // notification; {1} is who wrote
	NewMention      Key = "new-mention"      // notification
	NewMentionIn    Key = "new-mention-in"   // notification; {1} is who wrote, {2} the room
)
