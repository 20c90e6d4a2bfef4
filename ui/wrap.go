package ui

import (
	"strings"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/uniseg"
)

// span is a piece of text in one style.
type span struct {
	text  string
	style tcell.Style
}

// row is what stands on one row of the screen.
type row []span

// tabStop is the distance of tab stops within a text, in cells.
const tabStop = 4

// wrap breaks a text into rows of at most width cells: at line feeds, where the writing system allows it (Unicode annex
// 14), and else between grapheme clusters. There is at least one row.
func wrap(spans []span, width int) []row {
	w := wrapper{width: max(width, 1)}
	for _, s := range spans {
		w.add(s)
	}
	w.flush()
	return append(w.rows, w.row)
}

// wrapper collects the rows. What must stay together is held back until its end is known, since it may have to go to the
// next row.
type wrapper struct {
	width  int
	rows   []row
	row    row
	used   int // cells of row
	held   row // a word and the spaces after it
	word   int // cells of the word held
	spaces int // cells of the spaces after it
	broken bool
}

func (w *wrapper) add(s span) {
	text, state := s.text, -1
	for text != "" {
		var cluster string
		var properties int
		cluster, text, properties, state = uniseg.StepString(text, state)
		switch cluster {
		case "\n", "\r\n", "\r":
			w.flush()
			w.feed()
			continue
		case "\t":
			w.space(strings.Repeat(" ", tabStop-(w.used+w.word+w.spaces)%tabStop), s.style)
		case " ":
			w.space(cluster, s.style)
		default:
			w.letter(cluster, properties>>uniseg.ShiftWidth, s.style)
		}
		isCommand := cluster == "/" && w.word == 1 // a slash stays with its command
		if properties&uniseg.MaskLine == uniseg.LineCanBreak && text != "" && !isCommand {
			w.flush()
		}
	}
}

// letter adds a cluster to the word. A word wider than a row is broken; it begins where it stands, so that long addresses
// leave no holes.
func (w *wrapper) letter(cluster string, cells int, style tcell.Style) {
	if cells == 0 {
		return
	}
	if cells > w.width { // a wide rune on a screen of one column
		cluster, cells = "…", 1
	}
	if w.spaces > 0 {
		w.flush()
	}
	if w.word+cells > w.width {
		w.split()
	}
	w.held = w.held.with(cluster, style)
	w.word += cells
}

func (w *wrapper) space(spaces string, style tcell.Style) {
	w.held = w.held.with(spaces, style)
	w.spaces += len(spaces)
}

// flush puts the held word onto the row, or onto the next one where it has no room. Spaces that have no room are dropped.
func (w *wrapper) flush() {
	switch {
	case w.broken && w.word > 0:
		w.split()
	case w.used+w.word > w.width:
		w.feed()
		w.place()
	default:
		w.place()
	}
	w.broken = false
}

// place puts what is held onto the row as it is.
func (w *wrapper) place() {
	kept := min(w.spaces, w.width-w.used-w.word)
	for _, s := range w.held.cut(w.spaces - kept) {
		w.row = w.row.with(s.text, s.style)
	}
	w.used += w.word + kept
	w.held, w.word, w.spaces = nil, 0, 0
}

// split puts as much of what is held onto the row as there is room for, and the rest onto the next.
func (w *wrapper) split() {
	for _, s := range w.held {
		text, state := s.text, -1
		for text != "" {
			var cluster string
			var cells int
			cluster, text, cells, state = uniseg.FirstGraphemeClusterInString(text, state)
			if w.used+cells > w.width {
				w.feed()
			}
			w.row = w.row.with(cluster, s.style)
			w.used += cells
		}
	}
	w.held, w.word, w.spaces, w.broken = nil, 0, 0, true
}

func (w *wrapper) feed() {
	w.rows = append(w.rows, w.row)
	w.row, w.used = nil, 0
}

// with returns the row with a text added.
func (r row) with(text string, style tcell.Style) row {
	if text == "" {
		return r
	}
	if last := len(r) - 1; last >= 0 && r[last].style == style {
		r[last].text += text
		return r
	}
	return append(r, span{text, style})
}

// joined returns the row with another behind it.
func (r row) joined(other row) row {
	for _, s := range other {
		r = r.with(s.text, s.style)
	}
	return r
}

// cut returns the row without its last n bytes, which are spaces.
func (r row) cut(n int) row {
	for i := len(r) - 1; n > 0 && i >= 0; i-- {
		off := min(n, len(r[i].text))
		r[i].text = r[i].text[:len(r[i].text)-off]
		n -= off
	}
	return r
}

// cells returns the width of the row.
func (r row) cells() int {
	n := 0
	for _, s := range r {
		n += width(s.text)
	}
	return n
}

// String returns the row's text.
func (r row) String() string {
	text := ""
	for _, s := range r {
		text += s.text
	}
	return text
}
