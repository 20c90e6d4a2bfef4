package core

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"traboule/im"
)

// CommandError says why a typed line is no command. Its words are those of its Notice.
type CommandError struct {
	Code NoticeCode
	// Command is the command as it was typed, without slash; Argument the name of the argument that is missing, or the
	// text that is wrong; Suggestion a command that was probably meant, if any is near.
	Command, Argument, Suggestion string
}

// Error gives the error in English, for logs and tests.
func (e *CommandError) Error() string {
	return fmt.Sprintf("command %q: %s %q", e.Command, e.Code, e.Argument)
}

// Notice gives the error as what the client says about it.
func (e *CommandError) Notice() *Notice {
	return &Notice{
		Code: e.Code, Level: Error, Text: CleanLine(e.Command), Argument: CleanLine(e.Argument), Suggestion: e.Suggestion,
	}
}

// Parse reads a typed line. A line without a slash in front, or with two, is said in the current conversation. Words with
// spaces in them stand in double quotes.
func Parse(line string) (Command, error) {
	text, isCommand := strings.CutPrefix(line, "/")
	if !isCommand || strings.HasPrefix(text, "/") {
		return Say{Text: text}, nil
	}
	typed, rest, _ := cutWord(text)
	row, rest := find(typed, rest)
	if row == nil {
		return nil, &CommandError{Code: NoticeUnknownCommand, Command: typed, Suggestion: nearest(commandName(typed))}
	}
	a := &arguments{command: row.Name, rest: rest}
	command := row.parse(a)
	if a.err == nil && a.rest != "" {
		a.fail(NoticeTooManyArguments, a.rest)
	}
	if a.err != nil {
		return nil, a.err
	}
	return command, nil
}

// Quote writes a word so that Parse takes it for one argument.
func Quote(word string) string {
	if word != "" && !strings.ContainsAny(word, " \t\n\"") {
		return word
	}
	return `"` + strings.ReplaceAll(word, `"`, `""`) + `"`
}

// commandName folds a typed name: case, slash and the accents of French do not matter.
func commandName(typed string) string {
	fold := strings.NewReplacer("é", "e", "è", "e", "ê", "e", "à", "a", "â", "a", "ç", "c", "û", "u", "î", "i", "ô", "o")
	return fold.Replace(strings.ToLower(strings.TrimPrefix(typed, "/")))
}

// find finds a command by its first word, or by the first two, and returns what follows its name.
func find(typed, rest string) (*commandRow, string) {
	if second, after, closed := cutWord(rest); closed && second != "" {
		if row := lookup(commandName(typed) + " " + commandName(second)); row != nil {
			return row, after
		}
	}
	return lookup(commandName(typed)), rest
}

// lookup finds a command by name or alias.
func lookup(name string) *commandRow {
	for _, row := range commandTable() {
		if row.Name == name || slices.Contains(row.Aliases, name) {
			return &row
		}
	}
	return nil
}

// nearest returns the command or alias whose name is most like this one, empty if none is near.
func nearest(name string) string {
	best, least := "", 3
	if len(name) > 32 {
		return ""
	}
	for _, row := range commandTable() {
		for _, candidate := range append([]string{row.Name}, row.Aliases...) {
			if d := distance(name, candidate); d < least && d < len(candidate) {
				best, least = candidate, d
			}
		}
	}
	return best
}

// distance counts the letters to add, drop, change or swap with their neighbour to make b of a.
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		this := make([]int, len(b)+1)
		this[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			this[j+1] = min(last[j+1]+1, this[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				this[j+1] = min(this[j+1], before[j-1]+1)
			}
		}
		before, last = last, this
	}
	return last[len(b)]
}

// arguments is what follows a command's name. The first fault is kept, and all that is read after it is empty.
type arguments struct {
	command string
	rest    string
	err     error
}

func (a *arguments) fail(code NoticeCode, argument string) {
	if a.err == nil {
		a.err = &CommandError{Code: code, Command: a.command, Argument: argument}
	}
}

// maybeWord takes the next word, empty if there is none.
func (a *arguments) maybeWord() string {
	word, rest, closed := cutWord(a.rest)
	if !closed {
		a.fail(NoticeOpenQuote, a.rest)
	}
	a.rest = rest
	return word
}

// word takes the next word, which must be there.
func (a *arguments) word(name string) string {
	word := a.maybeWord()
	if word == "" {
		a.fail(NoticeMissingArgument, name)
	}
	return word
}

// text takes all that is left.
func (a *arguments) text() string {
	text := strings.TrimSpace(a.rest)
	a.rest = ""
	return text
}

// needText takes all that is left, which must be something.
func (a *arguments) needText(name string) string {
	text := a.text()
	if text == "" {
		a.fail(NoticeMissingArgument, name)
	}
	return text
}

// jid takes the next word, which must be an address.
func (a *arguments) jid(name string) im.JID {
	word := a.word(name)
	if word == "" {
		return im.JID{}
	}
	return a.address(word)
}

// person takes the next word, which must be the address of somebody or of a server: one word alone is a typing mistake.
func (a *arguments) person(name string) im.JID {
	jid := a.jid(name)
	if jid.Local() == "" && !strings.Contains(jid.Domain(), ".") {
		a.fail(NoticeBadAddress, jid.String())
	}
	return jid
}

// maybeJID takes the next word, which must be an address if there is one.
func (a *arguments) maybeJID(name string) im.JID {
	if a.rest == "" {
		return im.JID{}
	}
	return a.jid(name)
}

func (a *arguments) address(word string) im.JID {
	jid, err := im.ParseJID(strings.TrimPrefix(word, "xmpp:"))
	if err != nil {
		a.fail(NoticeBadAddress, word)
	}
	return jid
}

// choice takes the next word, which must be one of words, and returns its place among them.
func (a *arguments) choice(name string, words []string) int {
	word := a.word(name)
	i := slices.Index(words, strings.ToLower(word))
	if i < 0 {
		a.fail(NoticeBadChoice, word)
		return 0
	}
	return i
}

// cutWord splits off the first word; closed is false if it begins with a quote that does not end.
func cutWord(s string) (word, rest string, closed bool) {
	s = strings.TrimLeft(s, " \t")
	if !strings.HasPrefix(s, `"`) {
		i := strings.IndexAny(s, " \t\n")
		if i < 0 {
			return s, "", true
		}
		return s[:i], strings.TrimLeft(s[i:], " \t\n"), true
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		if s[i] != '"' {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '"' {
			b.WriteByte('"')
			i++
			continue
		}
		return b.String(), strings.TrimLeft(s[i+1:], " \t\n"), true
	}
	return s[1:], "", false
}

func parseWin(a *arguments) Command {
	text := a.text()
	if n, err := strconv.Atoi(text); err == nil {
		if n < 1 {
			a.fail(NoticeBadNumber, text)
		}
		return Win{Number: n}
	}
	return Win{Name: text}
}

func parseTor(a *arguments) Command {
	if a.rest == "" {
		return TorState{}
	}
	a.choice("new", TorWords())
	return NewCircuits{}
}

func parsePrivacy(a *arguments) Command {
	if a.rest == "" {
		return Privacy{}
	}
	which := disclosures()[a.choice("SWITCH", SwitchWords())].which
	on := a.choice("on|off", []string{"on", "off"}) == 0
	d := Privacy{Switch: which, On: on, Set: true}
	if which == DiscloseArchive {
		d.Account = a.maybeJID("JID").Bare()
	}
	return d
}

func parseJoin(a *arguments) Command {
	room := strings.TrimSuffix(strings.TrimPrefix(a.word("ROOM"), "xmpp:"), "?join")
	if strings.Contains(room, "@") {
		a.address(room)
	}
	return Join{Room: room, Nick: a.maybeWord(), Password: a.maybeWord()}
}

// parseSubject takes two quotes for the wish to have no subject any more.
func parseSubject(a *arguments) Command {
	text := a.text()
	if text == `""` {
		return Subject{Set: true}
	}
	return Subject{Text: text, Set: text != ""}
}

func parseUnban(a *arguments) Command {
	return GrantAffiliation{Nick: a.jid("JID").String(), Affiliation: im.AffiliationNone}
}

func parseRole(a *arguments) Command {
	nick := a.word("NICK")
	return GrantRole{Nick: nick, Role: im.Role(a.choice("ROLE", RoleWords())), Text: a.text()}
}

func parseAffiliation(a *arguments) Command {
	nick := a.word("NICK")
	affiliation := im.Affiliation(a.choice("AFFILIATION", AffiliationWords()))
	return GrantAffiliation{Nick: nick, Affiliation: affiliation, Text: a.text()}
}

func parseAffiliations(a *arguments) Command {
	if a.rest == "" {
		return Affiliations{}
	}
	return Affiliations{im.Affiliation(a.choice("AFFILIATION", AffiliationWords()))}
}

// parseDestroy takes a second word that is an address for the room to go to instead.
func parseDestroy(a *arguments) Command {
	name := a.word("NAME")
	if first, rest, _ := cutWord(a.rest); strings.Contains(first, "@") {
		a.rest = rest
		return Destroy{Name: name, Alternate: a.address(first), Text: a.text()}
	}
	return Destroy{Name: name, Text: a.text()}
}
