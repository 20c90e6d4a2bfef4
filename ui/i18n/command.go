package i18n

import (
	"slices"
	"strings"

	"traboule/core"
)

// CommandNames returns the names of a command, all of which work in every language, in the order in which to offer them: in
// French its French name comes first, which is the first of its aliases.
func (p *Printer) CommandNames(info core.CommandInfo) []string {
	names := append([]string{info.Name}, info.Aliases...)
	if p.lang == French && len(names) > 1 {
		names[0], names[1] = names[1], names[0]
	}
	return names
}

// CommandUsage returns how a command is typed: "/join ROOM [NICK] [PASSWORD]".
func (p *Printer) CommandUsage(info core.CommandInfo) string {
	words := []string{"/" + p.CommandNames(info)[0]}
	for _, argument := range info.Arguments {
		name := p.argument(argument.Name)
		if argument.Optional {
			name = "[" + name + "]"
		}
		words = append(words, name)
	}
	return strings.Join(words, " ")
}

// Command returns what a command does, by its name: "enters a room".
func (p *Printer) Command(name string) string { return p.typeset(p.text.commands[name]) }

// commandHelp returns in one line how a command is typed and what it does.
func (p *Printer) commandHelp(name string) string {
	commands := core.Commands()
	i := slices.IndexFunc(commands, func(info core.CommandInfo) bool { return info.Name == name })
	if i < 0 {
		return p.Notice(&core.Notice{Code: core.NoticeUnknownCommand, Text: name})
	}
	return p.CommandUsage(commands[i]) + "  " + p.Command(name)
}

// CommandError returns why a typed line is no command, and what to type instead.
func (p *Printer) CommandError(e *core.CommandError) string { return p.Notice(e.Notice()) }

// commandList returns the help of every command, one a line.
func (p *Printer) commandList() []string {
	var rows [][2]string
	for _, info := range core.Commands() {
		rows = append(rows, [2]string{p.CommandUsage(info), p.Command(info.Name)})
	}
	return aligned(rows)
}

// commandDetails returns what there is to know of a command beyond its help: other names, the words it takes, and the commands
// of two words that begin with it.
func (p *Printer) commandDetails(name string) []string {
	var lines []string
	for _, info := range core.Commands() {
		if strings.HasPrefix(info.Name, name+" ") {
			lines = append(lines, p.commandHelp(info.Name))
		}
		if info.Name != name {
			continue
		}
		if len(info.Aliases) > 0 {
			lines = append(lines, p.typeset(p.text.words.aliases)+" /"+strings.Join(p.CommandNames(info)[1:], ", /"))
		}
		for _, argument := range info.Arguments {
			if choices := choices(argument.Kind); len(choices) > 0 {
				lines = append(lines, p.argument(argument.Name)+p.typeset(p.text.words.colon)+strings.Join(choices, ", "))
			}
		}
	}
	return lines
}

// choices returns the words that an argument may be, if they are given.
func choices(kind core.ArgumentKind) []string {
	switch kind {
	case core.ArgRole:
		return core.RoleWords()
	case core.ArgAffiliation:
		return core.AffiliationWords()
	case core.ArgSwitch:
		return core.SwitchWords()
	case core.ArgTor:
		return core.TorWords()[:1]
	case core.ArgBookmark:
		return core.BookmarkWords()
	case core.ArgPolicy:
		return core.PolicyWords()
	}
	return nil
}

// command returns what to call the command with a name.
func (p *Printer) command(name string) string {
	for _, info := range core.Commands() {
		if info.Name == name {
			return p.CommandNames(info)[0]
		}
	}
	return name
}

// argument returns the name of an argument.
func (p *Printer) argument(name string) string {
	if word, known := p.text.arguments[name]; known {
		return word
	}
	return name
}
