package ui

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/ui/i18n"
)

// page is the main page: it arranges everything that stands on it anew for each frame, and gives the focus to where texts
// are typed.
type page struct {
	*tview.Box
	*Screen

	top, title, subject, rule, readers, hint *line
	// shown are those that had a place on the last frame, in the order in which the mouse is offered to them.
	shown []tview.Primitive
}

func newPage(s *Screen) *page {
	g := &page{Box: newBox(), Screen: s}
	g.top, g.title, g.subject = newLine(s.status.drawTop), newLine(s.status.drawTitle), newLine(s.status.drawSubject)
	g.rule, g.readers, g.hint = newLine(g.drawRule), newLine(s.status.drawReaders), newLine(g.drawHint)
	g.SetInputCapture(func(ev *tcell.EventKey) *tcell.EventKey {
		if s.asked(ev) {
			return nil
		}
		return ev
	})
	return g
}

// Draw arranges the page and draws it.
func (g *page) Draw(screen tcell.Screen) {
	g.DrawForSubclass(screen, g)
	at, _ := placeOf(g.Box)
	g.arrange(at)
	for _, p := range g.shown {
		p.Draw(screen)
	}
	g.drawEdges(painter{screen})
}

// arrange gives everything its place, and those without one none.
func (g *page) arrange(at rect) {
	g.layout = layout{parts: make([]rect, len(g.parts))}
	if at.w >= 1 && at.h >= 2 {
		g.layout = arrange(at.w, at.h, g.wishes(at.w))
	}
	l := g.layout
	g.shown = g.shown[:0]
	add := func(p tview.Primitive, at rect) {
		setRect(p, at)
		if at.w > 0 && at.h > 0 {
			g.shown = append(g.shown, p)
		}
	}
	setRect(g.sidebar, l.overlay)
	setRect(g.occupants, l.overlay)
	if !l.narrow {
		add(g.sidebar, l.list)
	}
	if l.people.w > 0 {
		add(g.occupants, l.people)
	}
	for i, p := range g.parts {
		add(p, l.parts[i])
	}
	add(g.messages, l.messages)
	add(g.top, l.top)
	add(g.title, l.title)
	add(g.subject, l.subject)
	add(g.rule, l.rule)
	add(g.readers, l.readers)
	add(g.hint, l.hint)
}

// wishes returns what is to have a place.
func (g *page) wishes(width int) wishes {
	rows := make([]int, len(g.parts))
	for i, part := range g.parts {
		rows[i] = part.rows(width)
	}
	return wishes{
		list: !g.noList, people: !g.noPeople && !g.occupants.empty(), subject: g.status.subject() != "", parts: rows,
	}
}

// drawEdges draws the rules that part the side columns from the messages.
func (g *page) drawEdges(p painter) {
	faint := g.theme.style(Faint)
	if at := g.layout.list; at.w > 0 {
		for y := range at.h {
			p.cell(at.x+at.w, at.y+y, "│", faint)
		}
	}
	if at := g.layout.people; at.w > 0 {
		for y := range at.h {
			p.cell(at.x-1, at.y+y, "│", faint)
		}
	}
}

// drawRule draws the rule below the messages, and on it who is writing and how much is below the edge.
func (g *page) drawRule(p painter, at rect) {
	faint := g.theme.style(Faint)
	for x := range at.w {
		p.cell(at.x+x, at.y, "─", faint)
	}
	if l := g.layout.list; l.w > 0 {
		p.cell(l.x+l.w, at.y, "┴", faint)
	}
	if l := g.layout.people; l.w > 0 {
		p.cell(l.x-1, at.y, "┴", faint)
	}
	x, room := g.layout.messages.x, g.layout.messages.w
	if below := g.outOfSight(); below != "" {
		below = truncate(" "+below+" ", room)
		room -= width(below) + 1
		p.text(x+room, at.y, width(below), below, g.theme.style(Unread))
	}
	if typing := g.status.typing(); typing != "" && room > 8 {
		p.text(x, at.y, room, truncate(" "+typing, room-1)+" ", g.theme.style(NoticeText))
	}
}

// outOfSight words what is below the edge, and what is unread elsewhere if the list of conversations does not show it.
func (g *page) outOfSight() string {
	below, unread := g.below(), 0
	if g.layout.list.w == 0 {
		for i := range g.view.Conversations {
			unread += g.view.Conversations[i].Unread
		}
	}
	if unread == 0 {
		return below
	}
	elsewhere := g.options.Printer.Format(i18n.Elsewhere, unread)
	if below == "" {
		return elsewhere
	}
	return below + " · " + elsewhere
}

// below words how many lines are below the edge; empty if the newest is in sight.
func (g *page) below() string {
	lines, news := g.messages.below()
	switch {
	case lines == 0:
		return ""
	case news == 0:
		return g.options.Printer.Format(i18n.Below, lines)
	}
	return g.options.Printer.Format(i18n.BelowNews, lines, news)
}

func (g *page) drawHint(p painter, at rect) {
	lines, _ := g.messages.below()
	hints := g.status.hints(lines > 0, g.layout.narrow)
	switch {
	case g.panel.current != nil:
		hints = g.status.questionHints()
	case g.search.open:
		hints = g.status.searchHints()
	}
	g.status.drawHints(p, at, hints)
}

// target returns what the keys on this page are for.
func (g *page) target() tview.Primitive {
	if g.search.open {
		return g.search
	}
	return g.input
}

// Focus gives the focus to what the keys are for.
func (g *page) Focus(delegate func(tview.Primitive)) { delegate(g.target()) }

// HasFocus reports whether something on the page has the focus.
func (g *page) HasFocus() bool { return g.target().HasFocus() }

// InputHandler takes keys.
func (g *page) InputHandler() func(*tcell.EventKey, func(tview.Primitive)) {
	return g.WrapInputHandler(func(ev *tcell.EventKey, setFocus func(tview.Primitive)) {
		g.target().InputHandler()(ev, setFocus)
	})
}

// PasteHandler takes pasted texts.
func (g *page) PasteHandler() func(string, func(tview.Primitive)) {
	return g.WrapPasteHandler(func(text string, setFocus func(tview.Primitive)) {
		if !g.secret.paste(text) {
			g.target().PasteHandler()(text, setFocus)
		}
	})
}

// MouseHandler offers what is done with the mouse to everything on the page. The wheel is for the messages wherever
// nothing else takes it.
func (g *page) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return g.WrapMouseHandler(func(action tview.MouseAction, ev *tcell.EventMouse, setFocus func(tview.Primitive)) (bool, tview.Primitive) {
		for _, p := range g.shown {
			if taken, capture := p.MouseHandler()(action, ev, setFocus); taken {
				return true, capture
			}
		}
		if rows := wheelSteps(action); rows != 0 {
			g.messages.turn(-rows)
			return true, nil
		}
		return false, nil
	})
}
