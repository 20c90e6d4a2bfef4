package ui

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
)

// wheelRows is how far one step of the wheel goes.
const wheelRows = 3

// capture takes every key from tview, before any primitive.
func (s *Screen) capture(ev *tcell.EventKey) *tcell.EventKey {
	s.screen.keyTaken()
	s.guard(func() { s.key(ev) })
	return nil
}

// look notes whether the user looks at the terminal.
func (s *Screen) look(looking bool) {
	s.notifier.away = !looking
	s.send(core.Focus{Looking: looking})
}

// key offers a key to what is open, from the front to the back.
func (s *Screen) key(ev *tcell.EventKey) {
	if s.help.open {
		s.help.key(ev)
		return
	}
	if s.overlayKey(ev) {
		return
	}
	for _, p := range s.parts {
		if p.key(ev) {
			return
		}
	}
	s.do(s.keys.action(ev))
}

// overlayKey handles the keys that walk through a column that covers the messages.
func (s *Screen) overlayKey(ev *tcell.EventKey) bool {
	if s.overlay == noOverlay {
		return false
	}
	step := 0
	switch s.keys.action(ev) {
	case ActUp:
		step = -1
	case ActDown:
		step = 1
	case ActSend, ActCancel:
		s.overlay = noOverlay
		return true
	default:
		return false
	}
	if s.overlay == listOverlay {
		s.send(core.SelectNext{N: step})
	} else {
		s.occupants.list.scroll(step)
	}
	return true
}

// pasteText offers a pasted text to what is open.
func (s *Screen) pasteText(text string) {
	if s.help.open {
		return
	}
	for _, p := range s.parts {
		if p.paste(text) {
			return
		}
	}
}

// mouse handles the wheel and presses of the first button, and reports whether it was one of these.
func (s *Screen) mouse(action tview.MouseAction, x, y int) bool {
	switch {
	case action == tview.MouseScrollUp:
		s.wheel(x, y, -wheelRows)
	case action == tview.MouseScrollDown:
		s.wheel(x, y, wheelRows)
	case action == tview.MouseLeftDown && !s.help.open:
		s.click(x, y)
	default:
		return false
	}
	return true
}

// wheel scrolls what is under the mouse, down for positive rows.
func (s *Screen) wheel(x, y, rows int) {
	switch {
	case s.help.open:
		s.help.offset = max(s.help.offset+rows, 0)
	case s.listAt().has(x, y):
		s.sidebar.list.scroll(rows)
	case s.peopleAt().has(x, y):
		s.occupants.list.scroll(rows)
	default:
		s.messages.scroll(-rows)
	}
}

func (s *Screen) click(x, y int) {
	for i, p := range s.parts {
		if at := s.layout.parts[i]; at.has(x, y) {
			p.click(x-at.x, y-at.y)
			return
		}
	}
	if s.listAt().has(x, y) {
		if id, ok := s.sidebar.hit(x, y); ok {
			s.overlay = noOverlay
			s.send(core.Select{Conversation: id})
		}
		return
	}
	if s.peopleAt().has(x, y) {
		s.clickOccupant(x, y)
	}
}

// clickOccupant goes to the private conversation with an occupant.
func (s *Screen) clickOccupant(x, y int) {
	who, ok := s.occupants.hit(x, y)
	if !ok || who.Self {
		return
	}
	address, err := s.view.Current.ID.Peer.WithResource(who.Nick)
	if err != nil {
		return
	}
	s.overlay = noOverlay
	s.send(core.Query{To: address.String()})
}

// listAt and peopleAt return where the side columns are now.
func (s *Screen) listAt() rect {
	if s.overlay == listOverlay {
		return s.layout.overlay
	}
	return s.layout.list
}

func (s *Screen) peopleAt() rect {
	if s.overlay == peopleOverlay {
		return s.layout.overlay
	}
	return s.layout.people
}
