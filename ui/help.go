package ui

import (
	"strings"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
	"traboule/ui/i18n"
)

// help is the page over the screen that lists all keys and commands.
type help struct {
	*pager
	printer *i18n.Printer
	keys    *KeyMap
	// close hides the page.
	close func()
}

func newHelp(p *i18n.Printer, t *Theme, keys *KeyMap) *help {
	h := &help{pager: newPager(t), printer: p, keys: keys}
	h.content, h.key = h.framed, h.press
	h.hint = func() string { return p.Format(i18n.HelpClose, keys.Key(ActHelp)) }
	return h
}

// framed returns the rows with a cell left free on each side.
func (h *help) framed(cells int) (rows []row, from, to int) {
	for _, r := range h.rows(max(cells-1, 1)) {
		rows = append(rows, append(row{{" ", tcell.StyleDefault}}, r...))
	}
	return rows, 0, 0
}

// rows returns the whole page: the commands, which are what it is opened for, and then the keys.
func (h *help) rows(cells int) []row {
	heading := h.theme.style(Title)
	rows := []row{{{h.printer.Text(i18n.HelpCommands), heading}}}
	for _, c := range core.Commands() {
		rows = append(rows, h.entry(h.printer.CommandUsage(c), h.printer.Command(c.Name)+h.alias(c), cells)...)
	}
	rows = append(rows, nil, row{{h.printer.Text(i18n.HelpKeys), heading}})
	for _, b := range h.bindings() {
		rows = append(rows, h.entry(strings.Join(b.Keys, ", "), h.printer.Action(string(b.Action)), cells)...)
	}
	return rows
}

// alias returns the name by which a command is known elsewhere, for who reads French.
func (h *help) alias(c core.CommandInfo) string {
	if h.printer.CommandNames(c)[0] == c.Name {
		return ""
	}
	return " · /" + c.Name
}

// bindings returns the keys to list: the nine that go to a window by its number are one entry.
func (h *help) bindings() []Binding {
	var list []Binding
	var numbered []string
	at := 0
	for _, b := range h.keys.Bindings() {
		switch {
		case len(b.Keys) == 0:
		case !strings.HasPrefix(string(b.Action), string(ActWindow)):
			list = append(list, b)
		default:
			if numbered = append(numbered, b.Keys[0]); len(numbered) == 1 {
				at = len(list)
				list = append(list, Binding{Action: ActWindow})
			}
		}
	}
	if len(numbered) > 2 {
		numbered = []string{numbered[0] + "…" + numbered[len(numbered)-1]}
	}
	if len(numbered) > 0 {
		list[at].Keys = numbered
	}
	return list
}

// helpColumn is where the words begin, if there is room beside the names.
const helpColumn = 34

// entry returns the rows of one key or command: the name, and beside or below it what it does.
func (h *help) entry(name, words string, cells int) []row {
	column := helpColumn
	if cells < 2*helpColumn {
		column = 4
	}
	look := h.theme.style(Unread)
	rows := indented(wrap([]span{{words, h.theme.style(Text)}}, cells-column), nil, column)
	if width(name)+3 > column {
		rows[0] = append(row{{spaces(column), look}}, rows[0]...)
		return append([]row{{{"  " + name, look}}}, rows...)
	}
	rows[0] = append(row{{"  " + name + spaces(column-2-width(name)), look}}, rows[0]...)
	return rows
}

// press scrolls or closes the page.
func (h *help) press(ev *tcell.EventKey) {
	switch h.keys.action(ev) {
	case ActHelp, ActCancel, ActAbort, ActSend:
		h.close()
	case ActUp:
		h.offset--
	case ActDown:
		h.offset++
	case ActScrollUp:
		h.turn(-1)
	case ActScrollDown:
		h.turn(1)
	case ActScrollTop, ActLineStart:
		h.offset = 0
	case ActScrollBottom, ActLineEnd:
		h.offset = 1 << 30
	}
	h.offset = max(h.offset, 0)
}
