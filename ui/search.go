package ui

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
	"traboule/ui/i18n"
)

// search is the line in which a text is looked for in the conversation on screen, as it is typed.
type search struct {
	*tview.Box
	common
	words *i18n.Printer
	keys  *KeyMap
	// found shows the chosen line and marks the query wherever it stands; done ends that.
	found func(seq uint64, query string)
	done  func()
	// turned is called when the keys are for the search from now on, or no more.
	turned func()
	// pass takes the actions that are not for the search.
	pass func(Action)

	open   bool
	in     core.ConversationID
	log    core.Log
	query  editor
	finder finder
	cells  int // of the prompt, when it was last drawn
}

// newSearch returns a closed search; shown gives a line as it is on screen.
func newSearch(c common, words *i18n.Printer, keys *KeyMap, shown func(*core.Line) string) *search {
	return &search{
		Box: newBox(), common: c, words: words, keys: keys, finder: finder{words: shown},
		found: func(uint64, string) {}, done: func() {}, turned: func() {}, pass: func(Action) {},
	}
}

// start opens the search. If it is open, it goes to the next match, as elsewhere.
func (s *search) start() {
	if s.open {
		s.finder.older()
		s.show()
		return
	}
	s.open = true
	s.query.clear()
	s.finder.find(s.log, "")
	s.turned()
}

// stop closes the search and leaves the view where it is.
func (s *search) stop() {
	if s.open {
		s.open = false
		s.finder.find(s.log, "")
		s.done()
		s.turned()
	}
}

func (s *search) follow(v *core.View) {
	s.log = v.Current.Log
	if v.Current.ID != s.in {
		s.in = v.Current.ID
		s.stop()
	}
	if s.open {
		s.finder.follow(s.log)
	}
}

// InputHandler takes keys while the search is open.
func (s *search) InputHandler() func(*tcell.EventKey, func(tview.Primitive)) {
	return s.WrapInputHandler(func(ev *tcell.EventKey, _ func(tview.Primitive)) {
		if !s.key(ev) {
			s.pass(s.keys.action(ev))
		}
	})
}

func (s *search) key(ev *tcell.EventKey) bool {
	if !s.open {
		return false
	}
	if r, isText := typedRune(ev); isText {
		s.query.insert(string(r))
		s.find()
		return true
	}
	switch action := s.keys.action(ev); action {
	case ActSend, ActUp, ActSearch:
		s.finder.older()
		s.show()
	case ActDown:
		s.finder.newer()
		s.show()
	case ActCancel:
		s.stop()
	case ActAbort:
		s.stop()
	case ActNewline, ActComplete, ActCompleteBack:
	default:
		return s.edit(action)
	}
	return true
}

func (s *search) edit(a Action) bool {
	act := editorAction(a)
	if act == nil {
		return false
	}
	text := s.query.text
	act(&s.query)
	if s.query.text != text {
		s.find()
	}
	return true
}

func (s *search) find() {
	s.finder.find(s.log, s.query.text)
	s.show()
}

func (s *search) show() {
	if seq, any := s.finder.chosen(); any {
		s.found(seq, s.query.text)
	} else {
		s.done()
	}
}

// PasteHandler takes pasted texts while the search is open.
func (s *search) PasteHandler() func(string, func(tview.Primitive)) {
	return s.WrapPasteHandler(func(text string, _ func(tview.Primitive)) { s.paste(text) })
}

func (s *search) paste(raw string) {
	s.query.insert(core.CleanLine(raw))
	s.find()
}

// MouseHandler takes presses in the text.
func (s *search) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return mouseHandler(s.Box, s.press, nil)
}

// press puts the cursor where the mouse was pressed.
func (s *search) press(x, _ int) bool {
	at, _ := placeOf(s.Box)
	s.query.moveTo(textRow{0, len(s.query.text)}.offsetAt(s.query.text, max(0, x-at.x-s.cells)))
	return true
}

func (s *search) rows(int) int {
	if s.open {
		return 1
	}
	return 0
}

// Draw draws the search while it is open.
func (s *search) Draw(screen tcell.Screen) {
	s.DrawForSubclass(screen, s)
	if at, visible := placeOf(s.Box); visible && s.open {
		s.draw(painter{screen}, at)
	}
}

// draw draws the prompt, the query and how many matches there are.
func (s *search) draw(p painter, at rect) {
	prompt, count := s.words.Text(i18n.SearchPrompt)+" ", s.count()
	s.cells = p.text(at.x, at.y, at.w, prompt, s.theme.style(Title))
	room := at.w - s.cells - width(count) - 2
	if room < 8 {
		room, count = at.w-s.cells-1, ""
	}
	if room <= 0 {
		return
	}
	text, cursor := inSight(s.query.text, s.query.cursor, room)
	p.text(at.x+s.cells, at.y, room, text, s.theme.style(Text))
	p.text(at.x+at.w-width(count), at.y, width(count), count, s.theme.style(Faint))
	p.screen.ShowCursor(at.x+s.cells+cursor, at.y)
}

// count words how many matches there are.
func (s *search) count() string {
	if s.query.text == "" {
		return ""
	}
	n, of := s.finder.place()
	if of == 0 {
		return s.words.Text(i18n.SearchNone)
	}
	return s.words.Format(i18n.SearchCount, n, of)
}

// inSight returns the text from such a place on that the cursor has room, and the cell of the cursor.
func inSight(text string, cursor, cells int) (string, int) {
	from := 0
	for from < cursor && cellsOf(text[from:cursor]) > cells {
		from = after(text, from)
	}
	return text[from:], cellsOf(text[from:cursor])
}
