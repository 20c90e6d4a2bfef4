package i18n

// Key names a text of the screen. The words of each are in screen_en.go and screen_fr.go, or input_en.go and input_fr.go.
type Key string

// The lists at the sides and the title.
const (
	Rooms           Key = "rooms"            // heading of the list of rooms
	People          Key = "people"           // heading of the list of contacts
	Accounts        Key = "accounts"         // heading of the list of consoles
	WantsToTalk     Key = "wants-to-talk"    // below somebody who asks to see our presence
	NotJoined       Key = "not-joined"       // at a room that we are not in
	ShortPlain      Key = "short-plain"      // at a contact: no encryption
	ShortStarting   Key = "short-starting"   // at a contact: encryption is being set up
	ShortUnverified Key = "short-unverified" // at a contact: encrypted, with whom is not proved
	ShortVerified   Key = "short-verified"   // at a contact: encrypted and proved
	ShortFinished   Key = "short-finished"   // at a contact: they ended the encryption
	ShortAway       Key = "short-away"       // at somebody who is away
	ShortBusy       Key = "short-busy"       // at somebody who does not want to be disturbed
	ShortOnline     Key = "short-online"     // at a device
	ShortOffline    Key = "short-offline"    // at a contact who is not there
	TitlePeople     Key = "title-people"     // {1} occupants are in the room
	Occupants       Key = "occupants"        // heading of the {1} occupants
	Devices         Key = "devices"          // heading of a contact's {1} devices
	ShortModerator  Key = "short-moderator"  // at an occupant
	ShortAdmin      Key = "short-admin"      // at an occupant
	ShortOwner      Key = "short-owner"      // at an occupant
	ShortVisitor    Key = "short-visitor"    // at an occupant who may not speak
	ShortLookalike  Key = "short-lookalike"  // at an occupant whose nick looks like another's
	ShortSelf       Key = "short-self"       // at ourselves
)

// The messages.
const (
	NewSince      Key = "new-since"      // mark where reading stopped, at the time {1}
	Edited        Key = "edited"         // after a message that its author corrected
	FailedBecause Key = "failed-because" // after a message of ours: {1} says why
	Unconfirmed   Key = "unconfirmed"    // after a message of ours that may have been sent: {1} says why nobody knows
	JoinedNames   Key = "joined-names"   // {1} are names
	LeftNames     Key = "left-names"     // {1} are names
	JoinedCount   Key = "joined-count"   // how many joined
	LeftCount     Key = "left-count"     // how many left
	Below         Key = "below"          // {1} lines are below the edge
	BelowNews     Key = "below-news"     // {1} lines are below the edge, {2} of them new
	Elsewhere     Key = "elsewhere"      // {1} messages are unread in other conversations
	TypingOne     Key = "typing-one"     // {1} is a name
	TypingMany    Key = "typing-many"    // {1} are names
)

// Who can read what is typed, above the input.
const (
	ReadersRoom       Key = "readers-room"       // who can read what is typed in a room
	ReadersPublic     Key = "readers-public"     // who can read what is typed in a public room
	ReadersLogged     Key = "readers-logged"     // after ReadersRoom or ReadersPublic
	ReadersOutside    Key = "readers-outside"    // in a room that we are not in
	ReadersHeld       Key = "readers-held"       // in a room that we are on the way into
	ReadersPlain      Key = "readers-plain"      // one to one
	ReadersStarting   Key = "readers-starting"   // one to one with {1}
	ReadersUnverified Key = "readers-unverified" // one to one with {1}
	ReadersVerified   Key = "readers-verified"   // one to one with {1}
	ReadersFinished   Key = "readers-finished"   // one to one with {1}
	ReadersNobody     Key = "readers-nobody"     // in a console
)

// The top line and the line of hints.
const (
	TopAway           Key = "top-away"           // in the top line while we are away
	TopTor            Key = "top-tor"            // in the top line: Tor is ready by {1} per cent
	TopTorLooking     Key = "top-tor-looking"    // in the top line: a Tor that runs is looked for
	TopTorStarting    Key = "top-tor-starting"   // in the top line: our own Tor starts
	TopTorGone        Key = "top-tor-gone"       // in the top line: Tor has ended
	TopNoNetwork      Key = "top-no-network"     // in the top line, after TopTor: Tor reaches nobody
	TopClockWrong     Key = "top-clock-wrong"    // in the top line, after TopTor: Tor does not work with this clock
	TopBlocked        Key = "top-blocked"        // in the top line, after TopTor: it does not get through
	TopFailed         Key = "top-failed"         // in the top line: {1} says why
	TopRetry          Key = "top-retry"          // in the top line: the next attempt is at {1}
	TopNoAccount      Key = "top-no-account"     // in the top line
	HintUnread        Key = "hint-unread"        // {1} is a key
	HintComplete      Key = "hint-complete"      // {1} is a key
	HintHelp          Key = "hint-help"          // {1} is a key
	HintConversations Key = "hint-conversations" // {1} is a key
	HintBack          Key = "hint-back"          // {1} is a key
	HintQuit          Key = "hint-quit"          // the command
	HintOther         Key = "hint-other"         // in a question: {1} is a key
	HintAnswer        Key = "hint-answer"        // in a question: {1} is a key
	HintOlder         Key = "hint-older"         // in the search: {1} is a key
	HintNewer         Key = "hint-newer"         // in the search: {1} is a key
	HintClose         Key = "hint-close"         // in a question and in the search: {1} is a key
)

// The first screen and the help.
const (
	WelcomeTitle      Key = "welcome-title"       // on the first screen
	WelcomeBackTitle  Key = "welcome-back-title"  // the same while conversations are open elsewhere
	WelcomeGo         Key = "welcome-go"          // what to type
	WelcomeGoMeans    Key = "welcome-go-means"    // what that does
	WelcomeJoin       Key = "welcome-join"        // what to type
	WelcomeJoinMeans  Key = "welcome-join-means"  // what that does
	WelcomeQuery      Key = "welcome-query"       // what to type
	WelcomeQueryMeans Key = "welcome-query-means" // what that does
	WelcomeRooms      Key = "welcome-rooms"       // what to type
	WelcomeRoomsMeans Key = "welcome-rooms-means" // what that does
	WelcomeHelpMeans  Key = "welcome-help-means"  // what the key of the help does
	HelpKeys          Key = "help-keys"           // heading
	HelpCommands      Key = "help-commands"       // heading
	HelpClose         Key = "help-close"          // below the help; {1} is a key
	OlderMore         Key = "older-more"          // above the oldest line; {1} is a key
	OlderLoading      Key = "older-loading"       // above the oldest line
	OlderFailed       Key = "older-failed"        // above the oldest line; {1} is why, {2} is a key
	OlderFull         Key = "older-full"          // above the oldest line
	FoundTitle        Key = "found-title"         // above what a search has found; {1} is what was looked for, {2} how many lines
	FoundSearching    Key = "found-searching"     // the same while it goes on
	FoundFailed       Key = "found-failed"        // the same if it failed; {2} is why
	FoundMore         Key = "found-more"          // below them, if there are more
	FoundNone         Key = "found-none"          // in their place, if there are none
	FoundGo           Key = "found-go"            // below them; {1} is a key
	FoundClose        Key = "found-close"         // below them; {1} is a key
	PrivacyTitle      Key = "privacy-title"       // above what is disclosed
	PrivacyOn         Key = "privacy-on"          // before a switch
	PrivacyOff        Key = "privacy-off"         // before a switch
	PrivacyEnter      Key = "privacy-enter"       // below it while a switch is chosen; {1} is a key, {2} what it does
	PrivacyClose      Key = "privacy-close"       // below what is disclosed; {1} is a key
)

// Action says what an action of the keyboard does, by the name that it has in the settings. An action without words, which
// the tests rule out, shows as its name.
func (p *Printer) Action(name string) string {
	if words, known := p.text.actions[name]; known {
		return words
	}
	return name
}
