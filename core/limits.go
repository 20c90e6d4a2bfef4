package core

// Limits on everything that others can make grow. A limit is far above what people do, and low enough that reaching it
// costs nobody but the one who tries.
const (
	// maxText bounds a cleaned body, in bytes: some twenty pages, and the most that one line may weigh in memory.
	maxText = 64 << 10
	// maxSentence bounds a cleaned subject, status, reason or error text, in bytes: they share one line with other things.
	maxSentence = 2 << 10
	// maxName bounds a cleaned name, in bytes: longer ones are only made to push other things off the screen.
	maxName = 256
	// maxAddress bounds a cleaned address, in bytes: three parts of 1023 bytes each, and their separators (RFC 7622 §3.1).
	maxAddress = 3*1023 + 2
	// maxMarks bounds what may be piled on one character: real scripts and emoji families need at most six.
	maxMarks = 8

	// maxLines bounds the lines kept in one conversation: some weeks of a busy room; older ones go.
	maxLines = 50_000
	// maxLogBytes bounds what one conversation keeps in memory, for lines may be long.
	maxLogBytes = 16 << 20
	// maxAllLogBytes bounds all conversations together, for they may be many: the oldest lines of the heaviest go first.
	maxAllLogBytes = 48 << 20
	// maxRecent bounds the messages of a conversation that can still be corrected, acknowledged or known again.
	maxRecent = 1024
	// maxMessageID bounds the id of a message, in bytes: a longer one is taken for none.
	maxMessageID = 256

	// uniqueID is the length in bytes from which on the id of a message was not simply counted up: half of a UUID.
	uniqueID = 16
	// maxStrangers bounds the windows that people opened who are not in the roster, per account. What more of them write
	// goes to the account's console.
	maxStrangers = 100
	// maxContacts bounds the roster: no server lets one have more.
	maxContacts = 10_000
	// maxGroups bounds the groups of one contact.
	maxGroups = 64
	// maxResources bounds the devices of one contact.
	maxResources = 32
	// maxQuestions bounds what waits for a decision, of contacts and of everybody else: more than that nobody answers one by one.
	maxQuestions = 100
	// maxTyping bounds who is shown as writing in one conversation.
	maxTyping = 16
	// maxOutbox bounds the messages of one conversation that wait for the connection.
	maxOutbox = 500
	// maxBlocked bounds the block list that is shown.
	maxBlocked = 5_000

	// maxOTRPeers bounds those of whom something about OTR is remembered, per account.
	maxOTRPeers = 10_000
	// maxOTRSessions bounds the sessions of an account, each with one device.
	maxOTRSessions = 1_000
	// maxOTRKeys bounds the keys of one peer that are remembered: somebody may show another one each time.
	maxOTRKeys = 32

	// maxOccupants bounds those of a room: no room has more people, but a service can invent any number.
	maxOccupants = 20_000
	// maxLookalikes bounds those that are named when we enter a room full of look-alikes.
	maxLookalikes = 20
	// maxListed bounds the rows of an answer: more than that nobody reads.
	maxListed = 5_000
	// maxPrivates bounds the windows that the occupants of one room open. What more of them write goes to the console.
	maxPrivates = 100
	// maxInvitations bounds those that wait for an answer, per account: a stranger can send any number.
	maxInvitations = 20
	// maxShownHistory bounds the lines that are told once more at a time.
	maxShownHistory = 1_000
	// maxFound bounds the lines that a search finds.
	maxFound = 200
	// maxBookmarks bounds the rooms of an account: a server can name any number, and have us enter them.
	maxBookmarks = 200
	// maxReturns bounds the attempts to return to a room that lost us: some eight minutes, longer than a service restarts.
	maxReturns = 5
)
