package ui

import (
	"strings"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
	"traboule/ui/i18n"
)

// help is the page over the screen that lists all keys and commands.
type help struct {
	*tview.Box
	printer *i18n.Printer
	theme   *Theme
	keys    *KeyMap
	// close hides the page.
	close  func()
	offset int
	height int // of the text, when it was last drawn
}

func newHelp(p *i18n.Printer, t *Theme, keys *KeyMap) *help {
	return &help{Box: newCover(), printer: p, theme: t, keys: keys}
}

// Draw draws the page.
func (h *help) Draw(screen tcell.Screen) {
	h.DrawForSubclass(screen, h)
	if at, visible := placeOf(h.Box); visible && at.h > 1 {
		h.draw(painter{screen}, at)
	}
	screen.HideCursor()
}

// InputHandler takes all keys.
func (h *help) InputHandler() func(*tcell.EventKey, func(tview.Primitive)) {
	return h.WrapInputHandler(func(ev *tcell.EventKey, _ func(tview.Primitive)) { h.key(ev) })
}

// MouseHandler takes the wheel, and presses, which are for nothing behind.
func (h *help) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return mouseHandler(h.Box, func(int, int) bool { return true }, func(rows int) bool {
		h.offset = max(h.offset+rows, 0)
		return true
	})
}

func (h *help) draw(p painter, at rect) {
	text := rect{at.x + 1, at.y, max(at.w-2, 1), max(at.h-1, 1)}
	h.height = text.h
	rows := h.rows(text.w)
	h.offset = max(min(h.offset, len(rows)-text.h), 0)
	for i := 0; i < text.h && h.offset+i < len(rows); i++ {
		p.row(text.x, text.y+i, text.w, rows[h.offset+i])
	}
	p.fit(at.x, at.y+at.h-1, at.w, " "+h.printer.Format(i18n.HelpClose, h.keys.Key(ActHelp)), h.theme.style(Bar))
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

// key scrolls or closes the page.
func (h *help) key(ev *tcell.EventKey) {
	switch h.keys.action(ev) {
	case ActHelp, ActCancel, ActSend:
		h.close()
	case ActUp:
		h.offset--
	case ActDown:
		h.offset++
	case ActScrollUp:
		h.offset -= h.height - 1
	case ActScrollDown:
		h.offset += h.height - 1
	case ActScrollTop, ActLineStart:
		h.offset = 0
	case ActScrollBottom, ActLineEnd:
		h.offset = 1 << 30
	}
	h.offset = max(h.offset, 0)
}
