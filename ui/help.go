package ui

import (
	"strings"

	"github.com/gdamore/tcell/v2"

	"traboule/ui/i18n"
)

// help is the page over the screen that lists all keys and commands.
type help struct {
	printer *i18n.Printer
	theme   *Theme
	keys    *KeyMap
	open    bool
	offset  int
	height  int // of the text, when it was last drawn
}

func (h *help) toggle() { h.open, h.offset = !h.open, 0 }

func (h *help) draw(p painter, at rect) {
	p.blank(at, h.theme.style(Text))
	text := rect{at.x + 1, at.y, max(at.w-2, 1), max(at.h-1, 1)}
	h.height = text.h
	rows := wrap(h.text(text.w), text.w)
	h.offset = max(min(h.offset, len(rows)-text.h), 0)
	for i := 0; i < text.h && h.offset+i < len(rows); i++ {
		p.row(text.x, text.y+i, text.w, rows[h.offset+i])
	}
	p.fit(at.x, at.y+at.h-1, at.w, " "+h.printer.Format(i18n.HelpClose, h.keys.Key(ActHelp)), h.theme.style(Bar))
}

// text returns the whole page.
func (h *help) text(width int) []span {
	heading, plain := h.theme.style(Title), h.theme.style(Text)
	text := []span{{h.printer.Text(i18n.HelpKeys) + "\n", heading}}
	for _, b := range h.bindings() {
		text = append(text, h.entry(strings.Join(b.Keys, ", "), h.printer.Action(string(b.Action)), width)...)
	}
	return append(text, span{"\n", plain})
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

// helpColumn is where the words begin, if there is room.
const helpColumn = 30

func (h *help) entry(name, words string, cells int) []span {
	gap := "\n    "
	if cells >= 2*helpColumn && width(name) < helpColumn-2 {
		gap = spaces(helpColumn - 2 - width(name))
	}
	return []span{{"  " + name, h.theme.style(Unread)}, {gap + words + "\n", h.theme.style(Text)}}
}

// key handles a key while the help is open. Every key is the help's then.
func (h *help) key(ev *tcell.EventKey) {
	switch h.keys.action(ev) {
	case ActHelp, ActCancel, ActSend:
		h.toggle()
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
