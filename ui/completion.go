package ui

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"traboule/core"
)

const (
	// maxChoices bounds how many choices Tab goes through: nobody walks further, and rooms can be huge.
	maxChoices = 200
	// recentLines is how far back a room is searched for who spoke last.
	recentLines = 300
	// nickWords is the most words of a text that are tried as the beginning of one nickname.
	nickWords = 4
)

// argument is what stands at one place of a typed command.
type argument uint8

const (
	argText argument = iota // free words; in a room nicknames are offered inside
	argCommand
	argNick
	argContact
	argRoom
	argConversation
	argAccount
	argWindow
	argWord // one of commandRow.words
)

// commandRow is a command as completion needs it: its name without the slash, and its arguments. The last one stands for
// all that follow if it is argText.
type commandRow struct {
	name  string
	args  []argument
	words []string
}

// completion is what Tab offers: the choices for the text from start to end.
type completion struct {
	start, end int
	choices    []choice
}

// choice is one way to complete: what is shown, and what is put into the text.
type choice struct{ label, text string }

// complete returns the choices at the cursor of a text in a View.
func complete(text string, cursor int, v *core.View, table []commandRow) completion {
	typed := text[:cursor]
	if !strings.HasPrefix(typed, "/") || strings.HasPrefix(typed, "//") {
		return completeNick(typed, 0, v)
	}
	name, arguments, found := strings.Cut(typed[1:], " ")
	if !found {
		return completeCommand(typed, table)
	}
	i := slices.IndexFunc(table, func(row commandRow) bool { return strings.EqualFold(row.name, name) })
	if i < 0 {
		return completion{}
	}
	return completeArgument(typed, len(typed)-len(arguments), table[i], v, table)
}

func completeCommand(typed string, table []commandRow) completion {
	c := completion{start: 0, end: len(typed)}
	for _, row := range table {
		c.offer(typed, "/"+row.name, " ")
	}
	return c
}

// completeArgument completes the word at the end of typed; the arguments begin at offset from.
func completeArgument(typed string, from int, row commandRow, v *core.View, table []commandRow) completion {
	before := strings.Fields(typed[from:lastSpace(typed)])
	kind := row.at(len(before))
	if kind == argText {
		return completeNick(typed, len(typed), v)
	}
	c := completion{start: lastSpace(typed), end: len(typed)}
	word := typed[c.start:]
	switch kind {
	case argCommand:
		for _, row := range table {
			c.offer(word, row.name, "")
		}
	case argNick:
		c.offerNames(word, nicks(v), " ")
	case argWord:
		c.offerNames(word, row.words, " ")
	default:
		c.offerNames(word, addresses(kind, v), " ")
	}
	return c
}

// at returns the kind of argument number i.
func (r commandRow) at(i int) argument {
	if i < len(r.args) {
		return r.args[i]
	}
	return argText
}

// completeNick completes a nickname of the room on screen, with a colon where it addresses somebody: at offset address of the
// text. Nicknames may hold spaces, so the longest run of words that begins one counts.
func completeNick(typed string, address int, v *core.View) completion {
	if v.Current.Kind != core.Room {
		return completion{}
	}
	names := nicks(v)
	for _, start := range wordStarts(typed) {
		c := completion{start: start, end: len(typed)}
		ending := ""
		if start == address {
			ending = ": "
		}
		c.offerNames(strings.TrimPrefix(typed[start:], "@"), names, ending)
		if len(c.choices) > 0 {
			return c
		}
	}
	return completion{}
}

// wordStarts returns where the last words of a text begin, the longest run first.
func wordStarts(typed string) []int {
	starts := []int{lastSpace(typed)}
	if starts[0] == len(typed) {
		return starts
	}
	for len(starts) < nickWords && starts[0] > 0 && typed[starts[0]-1] == ' ' {
		previous := lastSpace(typed[:starts[0]-1])
		if previous == starts[0]-1 {
			break
		}
		starts = append([]int{previous}, starts...)
	}
	return starts
}

// lastSpace returns where the last word of a text begins.
func lastSpace(s string) int {
	i := strings.LastIndexFunc(s, unicode.IsSpace)
	if i < 0 {
		return 0
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return i + n
}

func (c *completion) offerNames(word string, names []string, ending string) {
	for _, name := range names {
		c.offer(word, name, ending)
	}
}

// offer adds a choice if the word begins it, in whatever case and accents.
func (c *completion) offer(word, name, ending string) {
	if len(c.choices) < maxChoices && strings.HasPrefix(fold(name), fold(word)) {
		c.choices = append(c.choices, choice{name, name + ending})
	}
}

// nicks returns the others in the room on screen: those who spoke last first, then the rest in the order of the room.
func nicks(v *core.View) []string {
	present := make(map[string]bool, len(v.Current.Occupants))
	for _, o := range v.Current.Occupants {
		present[o.Nick] = !o.Self
	}
	names := make([]string, 0, len(present))
	log := v.Current.Log
	for i := log.Len() - 1; i >= max(0, log.Len()-recentLines); i-- {
		if from := log.At(i).From; present[from] {
			names = append(names, from)
			present[from] = false
		}
	}
	for _, o := range v.Current.Occupants {
		if present[o.Nick] {
			names = append(names, o.Nick)
		}
	}
	return names
}

// addresses returns what can stand for an argument of a kind, without those that cannot be shown as they are.
func addresses(kind argument, v *core.View) []string {
	var list []string
	if kind == argAccount {
		for _, a := range v.Accounts {
			list = append(list, a.Account.String())
		}
	}
	if kind == argConversation && v.Current.Kind == core.Room {
		list = append(list, nicks(v)...)
	}
	for _, c := range v.Conversations {
		switch {
		case kind == argWindow:
			list = append(list, c.Name)
		case !fits(kind, c.Kind):
		case core.CleanJID(c.ID.Peer) == c.ID.Peer.String():
			list = append(list, c.ID.Peer.String())
		}
	}
	return list
}

// fits reports whether a conversation of a kind can be named by an argument of a kind.
func fits(kind argument, c core.ConversationKind) bool {
	switch kind {
	case argContact:
		return c == core.Person
	case argRoom:
		return c == core.Room
	case argConversation:
		return c != core.Console
	}
	return false
}
