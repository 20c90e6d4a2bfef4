package ui

import (
	"time"

	"github.com/rivo/tview"

	"traboule/core"
)

// part is a primitive that stands below the messages: the input, a question, the search line. All methods are called on the
// UI goroutine.
type part interface {
	tview.Primitive
	// follow takes the newest View, before it is drawn.
	follow(v *core.View)
	// rows returns how many rows the part wants at a width; 0 hides it. It may be given fewer.
	rows(width int) int
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
