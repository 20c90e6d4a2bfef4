package ui

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
	"traboule/ui/i18n"
)

// page is the whole screen, as a primitive of tview.
type page struct {
	*tview.Box
	screen *Screen
}

// Draw draws one frame.
func (g *page) Draw(screen tcell.Screen) {
	_, _, w, h := g.GetRect()
	g.screen.guard(func() { g.screen.drawFrame(painter{screen}, w, h) })
}

// PasteHandler takes pasted texts.
func (g *page) PasteHandler() func(string, func(tview.Primitive)) {
	return func(text string, _ func(tview.Primitive)) {
		g.screen.guard(func() { g.screen.pasteText(text) })
	}
}

// MouseHandler takes the wheel and presses.
func (g *page) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return func(action tview.MouseAction, ev *tcell.EventMouse, _ func(tview.Primitive)) (taken bool, _ tview.Primitive) {
		x, y := ev.Position()
		g.screen.guard(func() { taken = g.screen.mouse(action, x, y) })
		return taken, nil
	}
}

// drawFrame draws one frame.
func (s *Screen) drawFrame(p painter, w, h int) {
	if w < 1 || h < 2 {
		return
	}
	s.layout = arrange(w, h, s.wishes(w))
	s.drawColumns(p)
	s.drawMessages(p)
	s.drawLines(p)
	for i, part := range s.parts {
		if at := s.layout.parts[i]; at.h > 0 {
			part.draw(p, at)
		}
	}
	s.drawOverlay(p, rect{0, 0, w, h})
}

func (s *Screen) wishes(width int) wishes {
	rows := make([]int, len(s.parts))
	for i, part := range s.parts {
		rows[i] = part.rows(width)
	}
	return wishes{
		list: !s.noList, people: !s.noPeople && !s.occupants.empty(), subject: s.status.subject() != "", parts: rows,
	}
}

// drawColumns draws the side columns with the rules that part them from the messages.
func (s *Screen) drawColumns(p painter) {
	faint := s.theme.style(Faint)
	if at := s.layout.list; at.w > 0 {
		s.sidebar.draw(p, at)
		for y := range at.h {
			p.cell(at.x+at.w, at.y+y, "│", faint)
		}
	}
	if at := s.layout.people; at.w > 0 {
		s.occupants.draw(p, at)
		for y := range at.h {
			p.cell(at.x-1, at.y+y, "│", faint)
		}
	}
}

func (s *Screen) drawMessages(p painter) {
	at := s.layout.messages
	empty := s.messages.draw(p, at)
	if s.view.Current.Kind == core.Console {
		s.welcome.draw(p, rect{at.x, at.y, at.w, empty})
	}
}

// drawLines draws the lines above and below the messages.
func (s *Screen) drawLines(p painter) {
	if at := s.layout.top; at.w > 0 {
		s.status.drawTop(p, at)
		s.status.drawTitle(p, s.layout.title)
		s.status.drawReaders(p, s.layout.readers)
	}
	if at := s.layout.subject; at.w > 0 {
		p.text(at.x, at.y, at.w, truncate(s.status.subject(), at.w), s.theme.style(Text))
	}
	if at := s.layout.rule; at.w > 0 {
		s.drawRule(p, at)
	}
	if at := s.layout.hint; at.w > 0 {
		lines, _ := s.messages.below()
		s.status.drawHints(p, at, lines > 0, s.layout.narrow)
	}
}

// drawRule draws the rule below the messages, and on it who is writing and how much is below the edge.
func (s *Screen) drawRule(p painter, at rect) {
	faint := s.theme.style(Faint)
	for x := range at.w {
		p.cell(at.x+x, at.y, "─", faint)
	}
	if l := s.layout.list; l.w > 0 {
		p.cell(l.x+l.w, at.y, "┴", faint)
	}
	if l := s.layout.people; l.w > 0 {
		p.cell(l.x-1, at.y, "┴", faint)
	}
	x, room := s.layout.messages.x, s.layout.messages.w
	if below := s.outOfSight(); below != "" {
		below = truncate(" "+below+" ", room)
		room -= width(below) + 1
		p.text(x+room, at.y, width(below), below, s.theme.style(Unread))
	}
	if typing := s.status.typing(); typing != "" && room > 8 {
		p.text(x, at.y, room, truncate(" "+typing, room-1)+" ", s.theme.style(NoticeText))
	}
}

// outOfSight words what is below the edge, and what is unread elsewhere if the list of conversations does not show it.
func (s *Screen) outOfSight() string {
	below, unread := s.below(), 0
	if s.layout.list.w == 0 {
		for i := range s.view.Conversations {
			unread += s.view.Conversations[i].Unread
		}
	}
	if unread == 0 {
		return below
	}
	elsewhere := s.options.Printer.Format(i18n.Elsewhere, unread)
	if below == "" {
		return elsewhere
	}
	return below + " · " + elsewhere
}

// below words how many lines are below the edge; empty if the newest is in sight.
func (s *Screen) below() string {
	lines, news := s.messages.below()
	switch {
	case lines == 0:
		return ""
	case news == 0:
		return s.options.Printer.Format(i18n.Below, lines)
	}
	return s.options.Printer.Format(i18n.BelowNews, lines, news)
}

func (s *Screen) drawOverlay(p painter, whole rect) {
	at := s.layout.overlay
	switch {
	case s.help.open:
		s.help.draw(p, whole)
		s.screen.HideCursor()
		return
	case s.overlay == listOverlay && s.layout.narrow:
		p.blank(at, s.theme.style(Text))
		s.sidebar.draw(p, at)
	case s.overlay == peopleOverlay && s.layout.people.w == 0:
		p.blank(at, s.theme.style(Text))
		s.occupants.draw(p, at)
	default:
		s.overlay = noOverlay
	}
}
