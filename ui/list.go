package ui

import "github.com/gdamore/tcell/v2"

// listRow is one row of a side column: a name on the left and a word about it on the right.
type listRow struct {
	left, right           string
	leftStyle, rightStyle tcell.Style
	// of is the index of what the row is about, -1 for a heading.
	of int
	// yields is set if the word is shortened rather than the name, where there is no room for both.
	yields bool
}

// leastWord is how many cells are kept for a word that yields.
const leastWord = 4

// word returns what stands on the right of a row of some cells.
func (r *listRow) word(cells int) string {
	room := cells * 2 / 3
	if r.yields {
		room = min(room, max(cells-width(r.left)-1, leastWord))
	}
	return truncate(r.right, room)
}

// list is a side column that can be longer than the screen. It asks only for the rows that are visible.
type list struct {
	offset int
	at     rect
	drawn  []listRow
}

// draw fills the rectangle with the rows that rowAt gives for the numbers from 0 to n-1.
func (l *list) draw(p painter, at rect, n int, rowAt func(int) listRow) {
	l.at = at
	l.offset = max(min(l.offset, n-at.h), 0)
	l.drawn = l.drawn[:0]
	for y := 0; y < at.h && l.offset+y < n; y++ {
		r := rowAt(l.offset + y)
		l.drawn = append(l.drawn, r)
		right := r.word(at.w)
		space := 0
		if right != "" {
			space = width(right) + 1
		}
		p.fit(at.x, at.y+y, max(at.w-space, 0), r.left, r.leftStyle)
		p.text(at.x+at.w-width(right), at.y+y, width(right), right, r.rightStyle)
	}
}

// reveal scrolls no further than needed for row i to be visible in h rows.
func (l *list) reveal(i, h int) {
	l.offset = max(min(l.offset, i), i-h+1, 0)
}

// scroll moves the list down by n rows.
func (l *list) scroll(n int) { l.offset = max(l.offset+n, 0) }

// hit returns what the row at a place of the screen is about.
func (l *list) hit(x, y int) (of int, ok bool) {
	if !l.at.has(x, y) || y-l.at.y >= len(l.drawn) {
		return 0, false
	}
	of = l.drawn[y-l.at.y].of
	return of, of >= 0
}
