package ui

import (
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/uniseg"
)

// canvas is a frame in the making. A terminal is given only the cells that differ from the frame before: tcell alone would
// send a cell again whenever it was blank for a moment while the frame was drawn.
type canvas struct {
	w, h   int
	now    []canvasCell
	before []canvasCell // the frame on the terminal
}

// canvasCell is one cell. The right half of a wide cluster has no text.
type canvasCell struct {
	text  string
	style tcell.Style
}

// begin starts a blank frame.
func (c *canvas) begin(w, h int, style tcell.Style) {
	if w != c.w || h != c.h {
		c.w, c.h = w, h
		c.now, c.before = make([]canvasCell, w*h), make([]canvasCell, w*h)
	}
	for i := range c.now {
		c.now[i] = canvasCell{" ", style}
	}
}

// Put draws one grapheme cluster, like tcell.Screen.
func (c *canvas) Put(x, y int, cluster string, style tcell.Style) (string, int) {
	cells := 1
	if len(cluster) != 1 || cluster[0] >= utf8.RuneSelf {
		cells = uniseg.StringWidth(cluster)
	}
	if x < 0 || y < 0 || y >= c.h || x+cells > c.w || cells == 0 {
		return "", cells
	}
	at := y*c.w + x
	c.split(at)
	c.now[at] = canvasCell{cluster, style}
	for i := 1; i < cells; i++ {
		c.split(at + i)
		c.now[at+i] = canvasCell{"", style}
	}
	return "", cells
}

// split blanks the other half of a wide cluster that is about to be drawn over.
func (c *canvas) split(at int) {
	if c.now[at].text == "" && at > 0 {
		c.now[at-1].text = " "
	}
	if at+1 < len(c.now) && c.now[at+1].text == "" {
		c.now[at+1].text = " "
	}
}

// at returns a cell of the frame, a blank one where there is none.
func (c *canvas) at(x, y int) canvasCell {
	if x < 0 || y < 0 || x >= c.w || y >= c.h {
		return canvasCell{" ", tcell.StyleDefault}
	}
	return c.now[y*c.w+x]
}

// forget has every cell count as changed.
func (c *canvas) forget() { clear(c.before) }

// end gives the frame to the terminal.
func (c *canvas) end(screen tcell.Screen) {
	for i := range c.now {
		if cell := c.now[i]; cell != c.before[i] && cell.text != "" {
			screen.Put(i%c.w, i/c.w, cell.text, cell.style)
		}
	}
	c.now, c.before = c.before, c.now
}
