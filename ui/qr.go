package ui

import (
	"github.com/gdamore/tcell/v2"
	"rsc.io/qr"
)

// The light frame around a QR code, in modules: what readers want, and what most can do with.
const (
	quietZone    = 4
	leastQuiet   = 2
	modulesByRow = 2 // two modules stand in one cell, one above the other
)

// qrCode is a text as a QR code, or nothing.
type qrCode struct{ code *qr.Code }

func newQRCode(text string) qrCode {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return qrCode{}
	}
	return qrCode{code}
}

// size returns how many cells it takes with a frame of so many modules.
func (q qrCode) size(quiet int) (w, h int) {
	modules := q.code.Size + 2*quiet
	return modules, (modules + modulesByRow - 1) / modulesByRow
}

// quiet returns the widest frame with which it fits, and whether it fits at all.
func (q qrCode) quiet(w, h int) (modules int, fits bool) {
	for n := quietZone; q.code != nil && n >= leastQuiet; n -= 2 {
		if cw, ch := q.size(n); cw <= w && ch <= h {
			return n, true
		}
	}
	return 0, false
}

// draw draws it in half blocks: what is light with the foreground, for most terminals are dark.
func (q qrCode) draw(p painter, x, y, quiet int, style tcell.Style, inverted bool) {
	w, h := q.size(quiet)
	light := func(x, y int) bool {
		x, y = x-quiet, y-quiet
		outside := x < 0 || y < 0 || x >= q.code.Size || y >= q.code.Size
		return (outside || !q.code.Black(x, y)) != inverted
	}
	blocks := map[[2]bool]string{{true, true}: "█", {true, false}: "▀", {false, true}: "▄", {false, false}: " "}
	for row := range h {
		for column := range w {
			halves := [2]bool{light(column, modulesByRow*row), light(column, modulesByRow*row+1)}
			p.cell(x+column, y+row, blocks[halves], style)
		}
	}
}
