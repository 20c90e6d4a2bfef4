package ui

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// rect is a piece of the screen, in cells.
type rect struct{ x, y, w, h int }

// has reports whether a cell is inside.
func (r rect) has(x, y int) bool {
	return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h
}

// newBox returns what a primitive is made from. It is not blanked before each drawing: tview blanks the whole frame.
func newBox() *tview.Box { return tview.NewFlex().Box }

// newCover returns what a primitive is made from that lies over others.
func newCover() *tview.Box { return tview.NewBox().SetBackgroundColor(tcell.ColorDefault) }

// setRect puts a primitive somewhere.
func setRect(p tview.Primitive, at rect) { p.SetRect(at.x, at.y, at.w, at.h) }

// placeOf returns where a box is, and whether there is anything to draw.
func placeOf(b *tview.Box) (at rect, visible bool) {
	x, y, w, h := b.GetRect()
	return rect{x, y, w, h}, w > 0 && h > 0
}

// mouseHandler returns what tview wants of a primitive that takes presses of the first button and the wheel within its
// rectangle. The functions are given the cell and the rows to go down, and report whether it was theirs; nil for never.
func mouseHandler(b *tview.Box, press func(x, y int) bool, wheel func(rows int) bool) func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return b.WrapMouseHandler(func(action tview.MouseAction, ev *tcell.EventMouse, _ func(tview.Primitive)) (bool, tview.Primitive) {
		x, y := ev.Position()
		if !b.InRect(x, y) {
			return false, nil
		}
		switch {
		case action == tview.MouseLeftDown && press != nil:
			return press(x, y), nil
		case wheelSteps(action) != 0 && wheel != nil:
			return wheel(wheelSteps(action)), nil
		}
		return false, nil
	})
}

// wheelRows is how far one step of the wheel goes.
const wheelRows = 3

// wheelSteps returns how many rows an action goes down, 0 if it is not the wheel's.
func wheelSteps(action tview.MouseAction) int {
	switch action {
	case tview.MouseScrollUp:
		return -wheelRows
	case tview.MouseScrollDown:
		return wheelRows
	}
	return 0
}

// line is a row of the screen that nobody can do anything with.
type line struct {
	*tview.Box
	draw func(p painter, at rect)
}

func newLine(draw func(painter, rect)) *line { return &line{newBox(), draw} }

// Draw draws the line if it has a place.
func (l *line) Draw(screen tcell.Screen) {
	if at, visible := placeOf(l.Box); visible {
		l.draw(painter{screen}, at)
	}
}

// MouseHandler leaves everything to what is behind.
func (l *line) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return mouseHandler(l.Box, nil, nil)
}
