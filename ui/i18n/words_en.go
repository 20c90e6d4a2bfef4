package i18n

import (
	"strings"

	"traboule/im"
)

func wordsEnglish() words {
	return words{
		days: [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months: [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
			"November", "December"},
		shows:         [...]string{"offline", "away for long", "away", "do not disturb", "online", "free to chat"},
		roles:         [...]string{"none", "visitor", "participant", "moderator"},
		affiliations:  [...]string{"none", "banned", "member", "admin", "owner"},
		subscriptions: [...]string{"neither sees the other", "you see them", "they see you", "you see each other"},
		connections:   [...]string{"offline", "waiting for Tor", "connecting", "connected", "connected again", "failed"},
		vias:          [...]string{"not connected", "through Tor", "through Tor (onion)", "through a SOCKS proxy of unknown kind", "directly, WITHOUT TOR"},
		ways:          [...]string{"", "Tor", "Tor (onion)", "unknown SOCKS", "NO TOR"},
		states:        [...]string{"", "sending", "sent", "received", "read", "not sent"},
		warnings: [...]string{"", "this nickname looks like somebody else's", "correction of a message by somebody else",
			"encrypted in a way that cannot be read here", "NOT ENCRYPTED"},
		protections:   [...]string{"not encrypted", "encrypted, not verified", "encrypted, verified"},
		conversations: [...]string{"not encrypted", "starting encryption", "encrypted, not verified", "encrypted, verified", "encryption ended", "not encrypted yet"},
		trusts:        [...]string{"not known", "not verified", "verified"},
		filters:       [...]string{"from:", "in:", "on:", "since:", "before:"},
		kept:          map[bool]string{true: "kept", false: "not kept"},
		keptDays:      "kept for {count} {count|day|days}",
		policies: [...]string{"when you start it, or agree to it", "never", "of its own accord, as soon as they can",
			"always, nothing goes out without it"},
		audiences: [...]string{"the network", "your server", "your contacts", "your rooms", "this machine"},
		disclosures: [...]string{"", "who writes to you is told that it has arrived", "who talks with you is told while you are typing",
			"who writes to you is told what you have read", "those who may are told when you are here",
			"your address there ends in the name from the settings", "others are told what this client can do",
			"it copies to you what your other devices send and get", "what it has kept of your messages is read",
			"it keeps the list of your rooms, for your other devices", "what you typed and did not send is kept if the profile keeps anything, but never what would be encrypted"},
		undisclosed: [...]string{"", "nobody is told that a message has arrived", "nobody is told that you are typing",
			"nobody is told what you have read", "nobody is told that you are here, and what they write waits at your server",
			"your address there ends in letters that mean nothing from the next login on", "nobody is told what this client can do",
			"it does not copy to you what your other devices send and get", "what it has kept of your messages is not asked for",
			"the list of your rooms there is neither read nor changed", "what you typed and did not send is forgotten when the client ends"},
		refusals: [...]string{"files that are not its own", "TCP to anything but Tor", "UDP", "other Unix sockets", "starting programs"},
		lacks: [...]string{"", "this kernel has no Landlock", "this kernel’s Landlock is too old", "this kernel has no seccomp",
			"this processor is not known here"},
		flags: map[im.RoomFlag]string{
			im.FlagPublic:        "public",
			im.FlagHidden:        "hidden",
			im.FlagLogged:        "logged",
			im.FlagNonAnonymous:  "addresses visible",
			im.FlagSemiAnonymous: "addresses visible to moderators",
			im.FlagMembersOnly:   "members only",
			im.FlagModerated:     "moderated",
			im.FlagPassword:      "password",
			im.FlagPersistent:    "permanent",
			im.FlagTemporary:     "temporary",
		},
		drops: map[im.DropReason]string{
			im.DropTooLarge: "too large", im.DropTooDeep: "nested too deeply", im.DropHostile: "hostile", im.DropForged: "forged",
			im.DropUnasked: "an answer that nobody asked for", im.DropUnparseable: "broken",
		},
		certificates: map[string]string{
			"wrong-name":        "its certificate is for [{detail}|no name at all]",
			"unknown-authority": "nobody trusted here has signed its certificate",
			"expired":           "its certificate ended on {detail}",
			"not-yet-valid":     "its certificate begins on {detail}",
			"invalid":           "its certificate is not one for a server",
		},
		quotes:   [...]string{"“", "”"},
		nested:   strings.NewReplacer("“", "‘", "„", "‘", "‟", "‘", "❝", "‘", "〝", "‘", "”", "’", "❞", "’", "〞", "’", "＂", "’", "ˮ", "’", "″", "’"),
		unread:   "{count} unread",
		asNick:   "as {nick}",
		autoJoin: "entered at each start",
		aliases:  "also:",
		colon:    ": ",
		people:   "{count} {count|person|people}",
		said:     "[ They wrote: “{said}”]",
	}
}
