package ui

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// pager is what a page over the screen is made from that may have more rows than there is room for: it draws those that are
// scrolled to, and below them a line that tells what the keys do. It takes all keys.
type pager struct {
	*tview.Box
	theme *Theme
	// content gives all rows, so many cells wide, and which of them, if any, are brought in sight; hint tells what the keys do.
	content func(cells int) (rows []row, from, to int)
	hint    func() string
	key     func(*tcell.EventKey)

	offset int
	height int  // of the rows, when they were last drawn
	reveal bool // has rows brought in sight at the next drawing
}

func newPager(t *Theme) *pager { return &pager{Box: newCover(), theme: t} }

// Draw draws the page.
func (g *pager) Draw(screen tcell.Screen) {
	g.DrawForSubclass(screen, g)
	if at, visible := placeOf(g.Box); visible && at.h > 1 {
		g.draw(painter{screen}, at)
	}
	screen.HideCursor()
}

func (g *pager) draw(p painter, at rect) {
	rows, from, to := g.content(at.w - 1)
	g.height = at.h - 1
	if g.reveal {
		g.reveal = false
		g.offset = max(min(g.offset, from), to-g.height)
	}
	g.offset = max(min(g.offset, len(rows)-g.height), 0)
	for i := 0; i < g.height && g.offset+i < len(rows); i++ {
		p.row(at.x, at.y+i, at.w, rows[g.offset+i])
	}
	p.fit(at.x, at.y+at.h-1, at.w, " "+g.hint(), g.theme.style(Bar))
}

// turn scrolls by pages, which share a row.
func (g *pager) turn(pages int) { g.offset = max(g.offset+pages*(g.height-1), 0) }

// InputHandler takes all keys.
func (g *pager) InputHandler() func(*tcell.EventKey, func(tview.Primitive)) {
	return g.WrapInputHandler(func(ev *tcell.EventKey, _ func(tview.Primitive)) { g.key(ev) })
}

// MouseHandler takes the wheel, and presses, which are for nothing behind.
func (g *pager) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return mouseHandler(g.Box, func(int, int) bool { return true }, func(rows int) bool {
		g.offset = max(g.offset+rows, 0)
		return true
	})
}
