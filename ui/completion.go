package ui

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

const (
	// maxChoices bounds how many choices Tab goes through: nobody walks further, and rooms can be huge.
	maxChoices = 200
	// recentLines is how far back a room is searched for who spoke last.
	recentLines = 300
	// nickWords is the most words of a text that are tried as the beginning of one nickname.
	nickWords = 4
)

// completion is what Tab offers: the choices for the text from start to end.
type completion struct {
	start, end int
	choices    []choice
}

// choice is one way to complete: what is shown, and what is put into the text.
type choice struct{ label, text string }

// offers is what choices are made of.
type offers struct {
	view  *core.View
	words *i18n.Printer
}

// complete returns the choices at the cursor of a text in a View, for who reads the language of words.
func complete(text string, cursor int, v *core.View, words *i18n.Printer) completion {
	o := offers{v, words}
	typed := text[:cursor]
	if !strings.HasPrefix(typed, "/") || strings.HasPrefix(typed, "//") {
		return completeNick(typed, 0, v)
	}
	// A name may have two words, so what follows a first one may be the rest of a name.
	if c := o.command(typed, 0, "/", " "); len(c.choices) > 0 {
		return c
	}
	if c, arguments, found := commandOf(typed[1:]); found {
		return o.argument(typed, len(typed)-len(arguments), c)
	}
	return completion{}
}

// commandOf finds the command that a text begins with, the one of two words before the one of the first, and what follows it.
func commandOf(text string) (command core.CommandInfo, arguments string, found bool) {
	first, rest, _ := strings.Cut(text, " ")
	second, after, more := strings.Cut(rest, " ")
	for _, c := range core.Commands() {
		switch {
		case more && named(c, first+" "+second):
			return c, after, true
		case named(c, first):
			command, arguments, found = c, rest, true
		}
	}
	return command, arguments, found
}

// command completes the name of a command at the end of typed, with what stands before and after it.
func (o offers) command(typed string, start int, slash, ending string) completion {
	c := completion{start: start, end: len(typed)}
	for _, info := range core.Commands() {
		for _, name := range o.words.CommandNames(info) {
			if c.offer(typed[start:], slash+name, slash+name+ending) {
				break
			}
		}
	}
	return c
}

func named(c core.CommandInfo, name string) bool {
	same := func(other string) bool { return im.Fold(other) == im.Fold(name) }
	return same(c.Name) || slices.ContainsFunc(c.Aliases, same)
}

// argument completes the word at the end of typed; the arguments begin at offset from.
func (o offers) argument(typed string, from int, command core.CommandInfo) completion {
	n, start := lastWord(typed, from)
	kind := core.ArgText
	switch {
	case n < len(command.Arguments):
		kind = command.Arguments[n].Kind
	case command.Name == "search":
		kind = core.ArgSearch
	}
	switch kind {
	case core.ArgText:
		if command.Name == "correct" && start == len(typed) && n == 0 {
			return completeCorrection(typed, o.view)
		}
		return completeNick(typed, len(typed), o.view)
	case core.ArgCommand:
		return o.command(typed, start, "", "")
	}
	c := completion{start: start, end: len(typed)}
	if kind == core.ArgSearch {
		return o.search(typed, c)
	}
	word := strings.TrimPrefix(typed[start:], `"`)
	for _, name := range candidates(kind, o.view) {
		c.offer(word, name, core.Quote(name)+" ")
	}
	return c
}

// search offers the words that begin a filter. What is looked for stands right behind them.
func (o offers) search(typed string, c completion) completion {
	for _, filter := range o.words.SearchFilters() {
		c.offer(typed[c.start:], filter, filter)
	}
	return c
}

// completeCorrection offers what we said last, which is what a correction replaces.
func completeCorrection(typed string, v *core.View) completion {
	log := v.Current.Log
	for i := log.Len() - 1; i >= max(0, log.Len()-recentLines); i-- {
		if l := log.At(i); l.Out && !l.Action {
			return completion{len(typed), len(typed), []choice{{l.Body, l.Body}}}
		}
	}
	return completion{}
}

// lastWord returns how many words stand before the last one, and where that begins, for words from offset from on that may
// be quoted.
func lastWord(typed string, from int) (n, start int) {
	start = from
	quoted := false
	for i := from; i < len(typed); i++ {
		switch {
		case typed[i] == '"':
			quoted = !quoted
		case typed[i] == ' ' && !quoted:
			if i > start {
				n++
			}
			start = i + 1
		}
	}
	return n, start
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
		for _, name := range names {
			c.offer(strings.TrimPrefix(typed[start:], "@"), name, name+ending)
		}
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

// offer adds a choice if the word begins its label, in whatever case and accents.
func (c *completion) offer(word, label, text string) bool {
	if len(c.choices) == maxChoices || !strings.HasPrefix(im.Fold(label), im.Fold(word)) {
		return false
	}
	c.choices = append(c.choices, choice{label, text})
	return true
}

// nicks returns the others in the room on screen: those who spoke last first, then the rest in the order of the room, and
// at the end those who can be taken for somebody else.
func nicks(v *core.View) []string {
	open := make(map[string]bool, len(v.Current.Occupants)) // not in the list yet
	for _, o := range v.Current.Occupants {
		open[o.Nick] = !o.Self && !o.Lookalike
	}
	names := make([]string, 0, len(open))
	log := v.Current.Log
	for i := log.Len() - 1; i >= max(0, log.Len()-recentLines); i-- {
		if from := log.At(i).From; open[from] {
			names = append(names, from)
			open[from] = false
		}
	}
	var deceptive []string
	for _, o := range v.Current.Occupants {
		switch {
		case open[o.Nick]:
			names = append(names, o.Nick)
		case o.Lookalike && !o.Self:
			deceptive = append(deceptive, o.Nick)
		}
	}
	return append(names, deceptive...)
}

// candidates returns what can stand for an argument of a kind.
func candidates(kind core.ArgumentKind, v *core.View) []string {
	switch kind {
	case core.ArgNick:
		return nicks(v)
	case core.ArgRole:
		return core.RoleWords()
	case core.ArgAffiliation:
		return core.AffiliationWords()
	case core.ArgSwitch:
		return core.SwitchWords()
	case core.ArgOnOff:
		return []string{"on", "off"}
	case core.ArgTor:
		return core.TorWords()[:1]
	case core.ArgBookmark:
		return core.BookmarkWords()
	case core.ArgPolicy:
		return core.PolicyWords()
	case core.ArgHistory:
		return core.HistoryWords()
	case core.ArgPassword:
		return nil
	case core.ArgConversation:
		if v.Current.Kind == core.Room {
			return append(plainNicks(v), addresses(kind, v)...)
		}
	case core.ArgWindow:
		return windowNames(v)
	case core.ArgAccount:
		return accounts(v)
	}
	return addresses(kind, v)
}

// plainNicks returns the nicks that cannot be taken for an address: as a conversation, such a word means the address.
func plainNicks(v *core.View) []string {
	return slices.DeleteFunc(nicks(v), func(nick string) bool { return strings.Contains(nick, "@") })
}

func windowNames(v *core.View) []string {
	names := make([]string, len(v.Conversations))
	for i, c := range v.Conversations {
		names[i] = c.Name
	}
	return names
}

func accounts(v *core.View) []string {
	names := make([]string, len(v.Accounts))
	for i, a := range v.Accounts {
		names[i] = a.Account.String()
	}
	return names
}

// addresses returns the addresses that can stand for an argument of a kind, without those that cannot be shown as they are.
func addresses(kind core.ArgumentKind, v *core.View) []string {
	var list []string
	add := func(jid im.JID, of core.ConversationKind) {
		if kind == core.ArgService {
			jid = jid.DomainJID()
		}
		if address := jid.String(); fits(kind, of) && core.CleanJID(jid) == address && !slices.Contains(list, address) {
			list = append(list, address)
		}
	}
	for _, c := range v.Conversations {
		add(c.ID.Peer, c.Kind)
	}
	for _, a := range v.Accounts {
		for _, room := range a.Bookmarks {
			add(room, core.Room)
		}
	}
	return list
}

// fits reports whether the address of a conversation of a kind can be named by an argument of a kind.
func fits(kind core.ArgumentKind, c core.ConversationKind) bool {
	switch kind {
	case core.ArgJID:
		return c == core.Person
	case core.ArgRoom, core.ArgService:
		return c == core.Room
	case core.ArgConversation:
		return c != core.Console
	}
	return false
}
