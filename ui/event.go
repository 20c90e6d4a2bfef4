package ui

import (
	"strings"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
)

// wheelRows is how far one step of the wheel goes.
const wheelRows = 3

// paste collects a pasted text, which the terminal delivers as keys between two marks.
type paste struct {
	open bool
	text strings.Builder
}

// event handles one event of the terminal. It returns the error with which the terminal failed, if it did.
func (s *Screen) event(ev tcell.Event) error {
	switch ev := ev.(type) {
	case *tcell.EventKey:
		if s.paste.open {
			s.paste.key(ev)
			return nil
		}
		s.key(ev)
	case *tcell.EventPaste:
		s.pasteEdge(ev.Start())
	case *tcell.EventMouse:
		s.mouse(ev)
	case *tcell.EventFocus:
		s.notifier.away = !ev.Focused
		s.send(core.Focus{Looking: ev.Focused})
	case *tcell.EventResize:
		s.screen.Sync()
	case *tcell.EventError:
		return ev
	}
	return nil
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

func (p *paste) key(ev *tcell.EventKey) {
	switch ev.Key() {
	case tcell.KeyRune:
		p.text.WriteRune(ev.Rune())
	case tcell.KeyEnter:
		p.text.WriteByte('\n')
	case tcell.KeyTab:
		p.text.WriteByte('\t')
	}
}

// pasteEdge begins or ends a paste.
func (s *Screen) pasteEdge(start bool) {
	text := s.paste.text.String()
	s.paste = paste{open: start}
	if start || text == "" || s.help.open {
		return
	}
	for _, p := range s.parts {
		if p.paste(text) {
			return
		}
	}
}

// mouse handles the wheel and presses of the first button.
func (s *Screen) mouse(ev *tcell.EventMouse) {
	x, y := ev.Position()
	pressed := ev.Buttons() &^ s.buttons
	s.buttons = ev.Buttons() & tcell.ButtonPrimary
	switch {
	case ev.Buttons()&tcell.WheelUp != 0:
		s.wheel(x, y, -wheelRows)
	case ev.Buttons()&tcell.WheelDown != 0:
		s.wheel(x, y, wheelRows)
	case pressed&tcell.ButtonPrimary != 0 && !s.help.open:
		s.click(x, y)
	}
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
