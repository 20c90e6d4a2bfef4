package ui

import (
	"time"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
)

// part is a piece of the screen that stands below the messages: the input, a question, the search line. The Screen asks
// for its height, places it, draws it and offers it keys. All methods are called on the UI goroutine.
type part interface {
	// follow takes the newest View, before it is drawn.
	follow(v *core.View)
	// rows returns how many rows the part wants at a width; 0 hides it.
	rows(width int) int
	// draw fills the rectangle that the Screen gave it, which may have fewer rows than wanted.
	draw(p painter, at rect)
	// key handles a key and reports whether it was the part's to handle.
	key(ev *tcell.EventKey) bool
	// paste takes a pasted text, as the terminal delivered it, and reports whether it was the part's to take.
	paste(text string) bool
	// click handles a mouse press inside the part's rectangle, at a place counted from its corner.
	click(x, y int)
}

// common is what the Screen lends to its parts.
type common struct {
	theme *Theme
	now   func() time.Time
	// send gives a command to the client; it never waits.
	send func(core.Command)
	// after runs f on the UI goroutine once d has passed, and then draws.
	after func(d time.Duration, f func())
}

// rect is a piece of the screen, in cells.
type rect struct{ x, y, w, h int }

// has reports whether a cell is inside.
func (r rect) has(x, y int) bool {
	return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h
}
