package ui

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
	"traboule/ui/i18n"
)

// maxSecret bounds a secret in bytes.
const maxSecret = 4096

// The reasons why AskSecret brings nothing.
var (
	ErrNotGiven = errors.New("no answer was given")
	ErrEnded    = errors.New("the screen has ended")
)

// secretAnswer is what became of a question for a secret.
type secretAnswer struct {
	text string
	err  error
}

// secretQuestion waits for a secret. Whoever asks waits on answer, which has room for it.
type secretQuestion struct {
	label  string
	answer chan secretAnswer
}

// secret asks for passwords in a line above the input, one at a time, and shows stars for what is typed. What is typed
// goes to whoever asked and nowhere else: not to core, not into the history, not to what Ctrl+Y brings back.
type secret struct {
	*tview.Box
	common
	words *i18n.Printer
	keys  *KeyMap
	// typing reports whether a text is being typed in the input: then keys go there until the keyboard has been quiet.
	typing func() bool

	asked []*secretQuestion
	text  []byte
	ready time.Time // when it takes keys; zero for at once
}

func newSecret(c common, words *i18n.Printer, keys *KeyMap) *secret {
	return &secret{Box: newBox(), common: c, words: words, keys: keys, typing: func() bool { return false }}
}

// AskSecret asks the user for a secret on the screen and returns it, ErrNotGiven if they would not tell, ErrEnded if the
// screen is gone, or the error of ctx. It may be called from any goroutine, also before Run.
func (s *Screen) AskSecret(ctx context.Context, label string) (string, error) {
	q := &secretQuestion{label: label, answer: make(chan secretAnswer, 1)}
	select {
	case s.later <- func() { s.secret.ask(q) }:
	case <-s.ended:
		return "", ErrEnded
	case <-ctx.Done():
		return "", ctx.Err()
	}
	select {
	case a := <-q.answer:
		return a.text, a.err
	case <-s.ended:
		return "", ErrEnded
	case <-ctx.Done():
		s.call(func() { s.secret.withdraw(q) })
		return "", ctx.Err()
	}
}

// open reports whether a secret is being asked for.
func (s *secret) open() bool { return len(s.asked) > 0 }

func (s *secret) ask(q *secretQuestion) {
	s.asked = append(s.asked, q)
	if len(s.asked) == 1 {
		s.begin()
	}
}

// begin makes room for the answer to the first question.
func (s *secret) begin() {
	s.wipe()
	s.ready = time.Time{}
	if s.typing() {
		s.ready = s.now().Add(panelQuiet)
	}
}

// withdraw forgets a question that nobody waits for any more.
func (s *secret) withdraw(q *secretQuestion) {
	for i, asked := range s.asked {
		if asked == q {
			s.asked = append(s.asked[:i:i], s.asked[i+1:]...)
			if i == 0 {
				s.begin()
			}
			return
		}
	}
}

// give answers the first question, wipes what was typed and goes on to the next.
func (s *secret) give(a secretAnswer) {
	s.asked[0].answer <- a
	s.asked = s.asked[1:]
	s.begin()
}

// wipe overwrites what was typed.
func (s *secret) wipe() {
	clear(s.text[:cap(s.text)])
	s.text = s.text[:0]
}

func (s *secret) follow(*core.View) {}

// takes reports whether keys go to the question. Those of a text that was being typed go on to the input.
func (s *secret) takes() bool {
	if !s.open() {
		return false
	}
	if now := s.now(); now.Before(s.ready) {
		s.ready = now.Add(panelQuiet)
		return false
	}
	s.ready = time.Time{}
	return true
}

// InputHandler takes keys.
func (s *secret) InputHandler() func(*tcell.EventKey, func(tview.Primitive)) {
	return s.WrapInputHandler(func(ev *tcell.EventKey, _ func(tview.Primitive)) { s.key(ev) })
}

// PasteHandler takes pasted texts.
func (s *secret) PasteHandler() func(string, func(tview.Primitive)) {
	return s.WrapPasteHandler(func(text string, _ func(tview.Primitive)) { s.paste(text) })
}

// MouseHandler takes presses, which do nothing.
func (s *secret) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return mouseHandler(s.Box, func(int, int) bool { return true }, nil)
}

func (s *secret) key(ev *tcell.EventKey) bool {
	if !s.takes() {
		return false
	}
	if r, isText := typedRune(ev); isText {
		s.add(string(r))
		return true
	}
	switch s.keys.action(ev) {
	case ActSend:
		if len(s.text) > 0 {
			s.give(secretAnswer{text: string(s.text)})
		}
	case ActCancel, ActAbort:
		s.give(secretAnswer{err: ErrNotGiven})
	case ActDeleteLeft:
		_, size := utf8.DecodeLastRune(s.text)
		s.text = s.text[:len(s.text)-size]
	case ActDeleteToStart, ActDeleteWordLeft, ActDeleteToSpace:
		s.wipe()
	case ActNewline, ActComplete, ActCompleteBack, ActUp, ActDown, ActLeft, ActRight, ActYank, ActUndo, ActTranspose, ActSearch:
	default:
		return false
	}
	return true
}

// add appends what was typed or pasted. The array never grows, so that no copy of the secret stays behind.
func (s *secret) add(text string) {
	if s.text == nil {
		s.text = make([]byte, 0, maxSecret)
	}
	if len(s.text)+len(text) <= cap(s.text) {
		s.text = append(s.text, text...)
	}
}

// paste takes the first line of a pasted text.
func (s *secret) paste(raw string) bool {
	if !s.takes() {
		return false
	}
	line, _, _ := strings.Cut(strings.ReplaceAll(raw, "\r", "\n"), "\n")
	s.add(line)
	return true
}

func (s *secret) rows(int) int {
	if s.open() {
		return 1
	}
	return 0
}

// minStars is how many cells for what is typed the label leaves free.
const minStars = 8

// Draw draws the first question.
func (s *secret) Draw(screen tcell.Screen) {
	s.DrawForSubclass(screen, s)
	if at, visible := placeOf(s.Box); visible && s.open() {
		s.draw(painter{screen}, at)
	}
}

// draw draws the question, a star for each character typed, as far as there is room, and what the keys do.
func (s *secret) draw(p painter, at rect) {
	label, hint := truncate(s.asked[0].label, max(at.w-minStars-2, 1)), s.words.Text(i18n.SecretHint)
	x := p.text(at.x, at.y, at.w, label, s.theme.style(Panel)) + 1
	room := max(at.w-x-1, 0)
	if left := room - width(hint) - 1; left >= 2*minStars {
		p.text(at.x+at.w-width(hint), at.y, width(hint), hint, s.theme.style(Faint))
		room = left
	}
	stars := min(utf8.RuneCount(s.text), room)
	p.text(at.x+x, at.y, room, strings.Repeat("*", stars), s.theme.style(Text))
	p.screen.ShowCursor(at.x+x+stars, at.y)
}
