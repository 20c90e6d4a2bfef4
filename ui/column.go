package ui

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// column is what the side columns have in common: they stand on the main page, or on a narrow screen are pages over it.
type column struct {
	*tview.Box
	list list
	keys *KeyMap
	// walk goes some rows down.
	walk func(rows int)
	// close hides the page.
	close func()
	// behind is the page below: it is given the keys and texts that the column has no use for, so that one can type on.
	behind tview.Primitive
}

func newColumn(keys *KeyMap) column { return column{Box: newCover(), keys: keys} }

// InputHandler takes keys while the column is a page.
func (c *column) InputHandler() func(*tcell.EventKey, func(tview.Primitive)) {
	return c.WrapInputHandler(func(ev *tcell.EventKey, setFocus func(tview.Primitive)) {
		switch c.keys.action(ev) {
		case ActUp:
			c.walk(-1)
		case ActDown:
			c.walk(1)
		case ActSend, ActCancel:
			c.close()
		default:
			c.behind.InputHandler()(ev, setFocus)
		}
	})
}

// PasteHandler takes texts pasted while the column is a page.
func (c *column) PasteHandler() func(string, func(tview.Primitive)) { return c.behind.PasteHandler() }

// wheel scrolls the column.
func (c *column) wheel(rows int) bool {
	c.list.scroll(rows)
	return true
}
