package ui

import (
	"strings"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// rows returns the rows of the text and of what stands above it.
func (in *input) rows(width int) int {
	return len(in.above(width)) + len(textRows(in.edit.text, in.textCells(width)))
}

// textCells returns how many cells of a row are for text: the last one is left to the cursor.
func (in *input) textCells(width int) int { return max(width-promptCells-1, 1) }

// above returns the rows above the text: the choices of a completion, or the hint.
func (in *input) above(width int) []row {
	if len(in.cycle.choices) > 0 {
		return []row{in.choiceRow(width)}
	}
	if in.hint == "" {
		return nil
	}
	rows := wrap([]span{{in.hint, in.theme.style(in.hintStyle)}}, width)
	return rows[:min(len(rows), maxHintRows)]
}

// choiceRow returns the choices, from such a one that the chosen one is in sight.
func (in *input) choiceRow(cells int) row {
	from := 0
	used := 0
	for i := 0; i <= in.cycle.at; i++ {
		used += width(in.cycle.choices[i].label) + 2
		for used > cells && from < i {
			used -= width(in.cycle.choices[from].label) + 2
			from++
		}
	}
	var r row
	plain := in.theme.style(Completion)
	for i := from; i < len(in.cycle.choices) && r.cells() < cells; i++ {
		style := plain
		if i == in.cycle.at {
			style = in.theme.style(CompletionOn)
		}
		r = append(r, span{in.cycle.choices[i].label, style}, span{"  ", plain})
	}
	return r
}

// Draw draws what is being typed, and what stands above it.
func (in *input) Draw(screen tcell.Screen) {
	in.DrawForSubclass(screen, in)
	if at, visible := placeOf(in.Box); visible {
		in.draw(painter{screen}, at)
	}
}

// MouseHandler takes presses in the text.
func (in *input) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return mouseHandler(in.Box, in.press, nil)
}

// press puts the cursor where the mouse was pressed.
func (in *input) press(x, y int) bool {
	at, _ := placeOf(in.Box)
	in.click(x-at.x, y-at.y)
	return true
}

// draw fills the rectangle: at the bottom as much of the text as there is room for, around the cursor.
func (in *input) draw(p painter, at rect) {
	in.cells = in.textCells(at.w)
	rows := textRows(in.edit.text, in.cells)
	above := in.above(at.w)
	above = above[:min(len(above), at.h-1)]
	for i, r := range above {
		p.row(at.x, at.y+i, at.w, r)
	}
	in.aboveRows = len(above)
	at = rect{at.x, at.y + len(above), at.w, at.h - len(above)}
	in.scroll(rows, at.h)
	in.drawText(p, at, rows)
}

// scroll chooses the first row so that the cursor is in sight and no room is wasted.
func (in *input) scroll(rows []textRow, height int) {
	cursor := rowAt(rows, in.edit.cursor)
	in.top = min(in.top, cursor, max(0, len(rows)-height))
	in.top = max(in.top, cursor-height+1)
}

func (in *input) drawText(p painter, at rect, rows []textRow) {
	prompt := min(promptCells, at.w-1)
	cursor := rowAt(rows, in.edit.cursor)
	if in.top == 0 {
		p.text(at.x, at.y, prompt, ">", in.theme.style(Faint))
	}
	at.x, at.w = at.x+prompt, at.w-prompt
	for i, r := range rows[in.top:min(in.top+at.h, len(rows))] {
		drawTyped(p, at.x, at.y+i, at.w, in.edit.text[r.start:r.end], in.theme.style(Text))
		if in.top+i == cursor && !in.elsewhere() {
			p.screen.ShowCursor(at.x+r.cellAt(in.edit.text, in.edit.cursor), at.y+i)
		}
	}
}

// drawTyped draws a row of a text being typed, its tabs as blanks.
func drawTyped(p painter, x, y, cells int, text string, style tcell.Style) {
	for piece, rest, tab := strings.Cut(text, "\t"); ; piece, rest, tab = strings.Cut(rest, "\t") {
		used := p.text(x, y, cells, piece, style)
		if !tab {
			return
		}
		x, cells = x+used+tabStop, cells-used-tabStop
	}
}

// click puts the cursor to a place counted from the corner.
func (in *input) click(x, y int) {
	rows := textRows(in.edit.text, in.cells)
	n := in.top + y - in.aboveRows
	if y < in.aboveRows || n >= len(rows) {
		return
	}
	in.cycle = cycle{}
	in.edit.moveTo(rows[n].offsetAt(in.edit.text, max(0, x-promptCells)))
}
