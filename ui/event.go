package ui

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
)

// capture is given every key before any primitive is, and takes those that are for the whole screen, whatever has the focus.
// The others go on as copies: tview itself would stop at the original of Ctrl+C.
func (s *Screen) capture(ev *tcell.EventKey) (rest *tcell.EventKey) {
	s.screen.keyTaken()
	s.guard(func() {
		s.settle()
		if isEscapedSlash(ev) && s.keys.action(ev) == "" {
			ev = s.unescape()
		}
		if s.root.covered() || !s.global(ev) {
			rest = tcell.NewEventKey(ev.Key(), ev.Rune(), ev.Modifiers())
		}
	})
	return rest
}

// unescape takes Esc and a slash that reach us as one key apart: the first closes what it closes, and without the second the
// command that follows would go to the room as a text.
func (s *Screen) unescape() (slash *tcell.EventKey) {
	s.passBehind(tcell.NewEventKey(tcell.KeyEscape, 0, tcell.ModNone))
	return tcell.NewEventKey(tcell.KeyRune, '/', tcell.ModNone)
}

// global handles a key that is for the whole screen and reports whether it was one.
func (s *Screen) global(ev *tcell.EventKey) bool {
	action := s.keys.action(ev)
	if !isGlobal(action) {
		return false
	}
	if !s.asked(ev) {
		s.input.endCompletion()
		s.do(action)
	}
	return true
}

// asked offers a key to the questions on screen and reports whether one took it. They want to know of every key, because
// they take none before the keyboard has been quiet.
func (s *Screen) asked(ev *tcell.EventKey) bool { return s.secret.key(ev) || s.panel.key(ev) }

// pass does what an action means when nothing is typed.
func (s *Screen) pass(a Action) {
	switch a {
	case ActLineStart:
		s.messages.scrollToTop()
	case ActLineEnd:
		s.messages.scrollToBottom()
	}
}

// settle hides the side columns that lie over the main page if they have a place on it by now.
func (s *Screen) settle() {
	switch s.root.front() {
	case conversationsPage:
		if !s.layout.narrow {
			s.root.hideColumns()
		}
	case occupantsPage:
		if s.layout.people.w > 0 {
			s.root.hideColumns()
		}
	}
}

// look notes whether the user looks at the terminal.
func (s *Screen) look(looking bool) {
	s.notifier.away = !looking
	s.send(core.Focus{Looking: looking})
}

// refocus gives the focus to what the keys are for.
func (s *Screen) refocus() { s.app.SetFocus(s.root) }

// choose goes to a conversation.
func (s *Screen) choose(id core.ConversationID) {
	s.root.hideColumns()
	s.send(core.Select{Conversation: id})
}

// chooseOccupant goes to the private conversation with an occupant.
func (s *Screen) chooseOccupant(who core.OccupantView) {
	address, err := s.view.Current.ID.Peer.WithResource(who.Nick)
	if err != nil {
		return
	}
	s.root.hideColumns()
	s.send(core.At{Window: s.view.Current.Window, Command: core.Query{To: address.String()}})
}

// passBehind gives a key that closed a page to what was behind it, as if it had come there.
func (s *Screen) passBehind(ev *tcell.EventKey) {
	if !s.global(ev) {
		s.root.InputHandler()(ev, func(p tview.Primitive) { s.app.SetFocus(p) })
	}
}
