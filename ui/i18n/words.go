package i18n

import (
	"strings"

	"traboule/core"
	"traboule/im"
)

// words are the names of the values of im and core, each list in the order of its constants.
type words struct {
	days          [7]string
	months        [12]string
	shows         [6]string
	roles         [4]string
	affiliations  [5]string
	subscriptions [4]string
	connections   [6]string
	vias          [5]string
	ways          [5]string // vias in a word
	states        [6]string
	warnings      [5]string
	protections   [3]string
	conversations [6]string // how each is protected
	trusts        [3]string
	policies      [4]string
	filters       [5]string // of core.SearchFilters
	kept          map[bool]string
	keptDays      string
	audiences     [5]string
	disclosures   [11]string // what it means that a switch is on
	undisclosed   [11]string // what it means that it is off
	refusals      [5]string
	lacks         [5]string
	flags         map[im.RoomFlag]string
	drops         map[im.DropReason]string
	certificates  map[string]string // what is wrong with a certificate, by the condition of its im.Failure
	quotes        [2]string
	nested        *strings.Replacer // makes quotes, and what looks like them, into those that stand within others
	people        string            // number of people in a room
	unread        string            // number of unread lines
	asNick        string            // under which nickname, of a bookmark
	autoJoin      string            // of a bookmark: entered at each start
	aliases       string            // before the other names of a command
	colon         string            // between a name and what it stands for
	said          string            // appended to a failure: what the other side wrote
}

// Show returns how available somebody is: "away".
func (p *Printer) Show(s im.Show) string { return pick(p.text.words.shows[:], int(s)) }

// SearchFilters returns the words that begin a filter of /search, in the order of core.SearchFilters.
func (p *Printer) SearchFilters() []string { return p.text.words.filters[:] }

// Query returns what is looked for as it can be typed.
func (p *Printer) Query(q core.SearchQuery) string { return q.Typed(p.SearchFilters()) }

// Role returns what somebody may do in a room: "moderator".
func (p *Printer) Role(r im.Role) string { return pick(p.text.words.roles[:], int(r)) }

// Affiliation returns somebody's standing in a room: "member".
func (p *Printer) Affiliation(a im.Affiliation) string {
	return pick(p.text.words.affiliations[:], int(a))
}

// Subscription returns who sees whose presence.
func (p *Printer) Subscription(s im.Subscription) string {
	return pick(p.text.words.subscriptions[:], int(s))
}

// Connection returns where a connection stands: "connecting".
func (p *Printer) Connection(s im.ConnState) string {
	return pick(p.text.words.connections[:], int(s))
}

// Via returns the way a connection takes: "through Tor".
func (p *Printer) Via(v im.Via) string { return pick(p.text.words.vias[:], int(v)) }

// Way returns the way a connection takes in a word or two, where there is little room: "Tor".
func (p *Printer) Way(v im.Via) string { return pick(p.text.words.ways[:], int(v)) }

// State returns how far a message of ours has come: "sending"; empty for messages of others.
func (p *Printer) State(s core.MessageState) string { return pick(p.text.words.states[:], int(s)) }

// Warning returns what to know about a message: "NOT ENCRYPTED"; empty for none.
func (p *Printer) Warning(w core.Warning) string { return pick(p.text.words.warnings[:], int(w)) }

// Protection returns how a text was protected: "encrypted, verified".
func (p *Printer) Protection(e im.Encryption, t im.Trust) string {
	switch {
	case e == im.Unencrypted:
		return p.text.words.protections[0]
	case t == im.Verified:
		return p.text.words.protections[2]
	default:
		return p.text.words.protections[1]
	}
}

// Protected returns how a conversation is protected: "encrypted, verified".
func (p *Printer) Protected(by core.Protection) string {
	return pick(p.text.words.conversations[:], int(by))
}

// Trust returns how well a key is known: "not verified".
func (p *Printer) Trust(t im.Trust) string { return pick(p.text.words.trusts[:], int(t)) }

// Policy returns when OTR is used: "when you start it".
func (p *Printer) Policy(o im.OTRPolicy) string { return pick(p.text.words.policies[:], int(o)) }

// Keeping returns how long something is kept.
func (p *Printer) Keeping(h im.HistoryPolicy) string {
	if h.Mode == im.HistoryDays {
		return p.expand(p.text.words.keptDays, func(string) value { return p.count(h.Days) })
	}
	return p.text.words.kept[h.Keeps()]
}

// flag returns a property of a room: "public". A flag without a word shows as itself.
func (p *Printer) flag(f im.RoomFlag) string {
	if word, known := p.text.words.flags[f]; known {
		return word
	}
	return string(f)
}

// Flags returns the properties of a room in a row.
func (p *Printer) Flags(flags []im.RoomFlag) string {
	list := make([]string, len(flags))
	for i, flag := range flags {
		list[i] = p.flag(flag)
	}
	return strings.Join(list, ", ")
}

// pick returns word i, or a question mark for a value that has none.
func pick(list []string, i int) string {
	if i >= len(list) {
		return "?"
	}
	return list[i]
}
