package ui

import (
	"unicode"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/uniseg"
)

// maxMarks is how many bytes one cell may hold: a letter with a few combining marks or an emoji family, but not the 200 kB
// of marks that a hostile message can put on one letter.
const maxMarks = 64

// surface is what a painter draws on: a canvas, or in tests a terminal.
type surface interface {
	Put(x, y int, cluster string, style tcell.Style) (string, int)
	ShowCursor(x, y int)
	HideCursor()
}

// painter is the one way onto the screen. It draws text cell by cell with a style given by the caller, so nothing in a
// text is markup, and it lets no rune through that could be a command to the terminal, even though core has cleaned all
// text before.
type painter struct{ screen surface }

// text draws s from (x, y), at most width cells, and returns the number of cells used. A wide rune that would be cut at
// the edge is left out and its cell stays blank.
func (p painter) text(x, y, width int, s string, style tcell.Style) int {
	used, state := 0, -1
	for s != "" && used < width {
		if s[0] < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf) {
			p.cell(x+used, y, s[:1], style)
			s, state, used = s[1:], -1, used+1
			continue
		}
		var cluster string
		var w int
		cluster, s, w, state = uniseg.FirstGraphemeClusterInString(s, state)
		if w == 0 {
			continue
		}
		if used+w > width {
			p.cell(x+used, y, " ", style)
			return used + 1
		}
		p.cell(x+used, y, cluster, style)
		used += w
	}
	return used
}

// fit draws s in exactly width cells: cut with an ellipsis if it is longer, filled with blanks if it is shorter.
func (p painter) fit(x, y, width int, s string, style tcell.Style) {
	used := p.text(x, y, width, truncate(s, width), style)
	p.blank(rect{x + used, y, width - used, 1}, style)
}

// row draws a row of spans from (x, y), at most width cells.
func (p painter) row(x, y, width int, r row) {
	used := 0
	for _, s := range r {
		used += p.text(x+used, y, width-used, s.text, s.style)
	}
}

// blank fills a rectangle with blanks of a style.
func (p painter) blank(r rect, style tcell.Style) {
	for y := r.y; y < r.y+r.h; y++ {
		for x := r.x; x < r.x+r.w; x++ {
			p.screen.Put(x, y, " ", style)
		}
	}
}

// cell draws one grapheme cluster.
func (p painter) cell(x, y int, cluster string, style tcell.Style) {
	p.screen.Put(x, y, harmless(cluster), style)
}

// harmless returns the cluster, or a replacement if it holds anything but visible runes and what may join them.
func harmless(cluster string) string {
	if len(cluster) == 1 && cluster[0] >= ' ' && cluster[0] < 0x7f {
		return cluster
	}
	if len(cluster) > maxMarks {
		_, n := utf8.DecodeRuneInString(cluster)
		cluster = cluster[:n]
	}
	for _, r := range cluster {
		if !drawable(r) {
			return string(unicode.ReplacementChar)
		}
	}
	return cluster
}

// zeroWidthJoiner and its kind are the only invisible runes that may reach the terminal: they join emoji and letters.
const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
)

// drawable reports whether a rune may reach the terminal: no control, no bidirectional override, no tag, no separator.
func drawable(r rune) bool {
	if r == zeroWidthJoiner || r == zeroWidthNonJoiner || r == ' ' {
		return true
	}
	return unicode.IsGraphic(r) && !unicode.Is(unicode.Z, r) || unicode.Is(unicode.Zs, r)
}

// width returns how many cells a text takes.
func width(s string) int {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return uniseg.StringWidth(s)
		}
	}
	return len(s)
}

// truncate returns s if it fits into width cells, else its beginning with an ellipsis.
func truncate(s string, cells int) string {
	if cells <= 0 {
		return ""
	}
	if width(s) <= cells {
		return s
	}
	end, used, rest, state := 0, 0, s, -1
	for rest != "" {
		cluster, tail, w, next := uniseg.FirstGraphemeClusterInString(rest, state)
		if used+w > cells-1 {
			break
		}
		end, used, rest, state = end+len(cluster), used+w, tail, next
	}
	return s[:end] + "…"
}
