package ui

import (
	"sync/atomic"
	"time"

	"github.com/gdamore/tcell/v2"
)

// terminal is what tview draws on and takes events from. tview draws every frame from the start: what is drawn goes to a
// canvas, and the terminal is given only the cells that changed. Events that tview knows nothing of go to the screen.
type terminal struct {
	tcell.Screen
	canvas canvas
	now    func() time.Time

	// call has a function called on the UI goroutine, soon; it may wait for that goroutine.
	call func(func())
	// guard keeps a fault from going up into tview.
	guard func(func())
	// focus tells whether the user looks at the terminal, fail that it cannot be used any more. UI goroutine.
	focus func(looking bool)
	fail  func(error)

	// whole is set if what the terminal shows is not known: the next frame is sent as a whole.
	whole atomic.Bool
	// keys counts those that tview was given and has not brought back yet.
	keys atomic.Int32

	pasting bool      // belongs to the goroutine that polls
	shown   time.Time // the last frame
	skipped bool      // the frame being drawn
}

// Init does nothing: the terminal was initialised before tview, which does not look at the error.
func (t *terminal) Init() error { return nil }

// EnableMouse asks for presses and the wheel alone: movements would wake the program up for nothing.
func (t *terminal) EnableMouse(...tcell.MouseFlags) { t.Screen.EnableMouse(tcell.MouseButtonEvents) }

// PollEvent returns the next event for tview, nil once the terminal is given back. tview calls it from one goroutine.
func (t *terminal) PollEvent() tcell.Event {
	for {
		ev := t.Screen.PollEvent()
		switch ev := ev.(type) {
		case *tcell.EventFocus:
			t.call(func() { t.focus(ev.Focused) })
			continue
		case *tcell.EventError:
			t.call(func() { t.fail(ev) })
			continue
		case *tcell.EventResize:
			t.whole.Store(true)
		case *tcell.EventPaste:
			t.pasting = ev.Start()
		case *tcell.EventKey:
			if !t.pasting {
				t.keys.Add(1)
			}
		}
		return ev
	}
}

// keyTaken notes that tview has brought a key back.
func (t *terminal) keyTaken() { t.keys.Add(-1) }

// skip reports whether to leave out a frame: another key is on its way and will bring one, so that a burst of keys does not
// cost a frame for each. tview asks before it draws.
func (t *terminal) skip(tcell.Screen) bool {
	t.skipped = t.keys.Load() > 0 && t.now().Sub(t.shown) < frameTime
	return t.skipped
}

// Clear begins a frame.
func (t *terminal) Clear() {
	w, h := t.Screen.Size()
	t.Screen.HideCursor()
	t.canvas.begin(w, h, tcell.StyleDefault)
}

// Show sends the frame.
func (t *terminal) Show() {
	if t.skipped {
		t.skipped = false
		return
	}
	t.guard(t.show)
}

func (t *terminal) show() {
	t.shown = t.now()
	whole := t.whole.Swap(false)
	if whole {
		t.canvas.forget()
	}
	t.canvas.end(t.Screen)
	if whole {
		t.Screen.Sync()
	}
	t.Screen.Show()
}

// Sync has the next frame sent as a whole.
func (t *terminal) Sync() { t.whole.Store(true) }

// Resume takes the terminal back.
func (t *terminal) Resume() error {
	t.whole.Store(true)
	err := t.Screen.Resume()
	if err != nil {
		t.fail(err)
	}
	return err
}

// Put draws one grapheme cluster.
func (t *terminal) Put(x, y int, cluster string, style tcell.Style) (string, int) {
	return t.canvas.Put(x, y, harmless(cluster), style)
}

// PutStr draws a text.
func (t *terminal) PutStr(x, y int, text string) { t.PutStrStyled(x, y, text, tcell.StyleDefault) }

// PutStrStyled draws a text with a style.
func (t *terminal) PutStrStyled(x, y int, text string, style tcell.Style) {
	painter{t}.text(x, y, t.canvas.w-x, text, style)
}

// SetContent draws one rune and what combines with it.
func (t *terminal) SetContent(x, y int, primary rune, combining []rune, style tcell.Style) {
	cluster := " "
	if primary != ' ' || len(combining) > 0 {
		cluster = string(primary) + string(combining)
	}
	t.Put(x, y, cluster, style)
}

// SetCell is SetContent with another order of arguments.
func (t *terminal) SetCell(x, y int, style tcell.Style, ch ...rune) {
	if len(ch) == 0 {
		ch = []rune{' '}
	}
	t.SetContent(x, y, ch[0], ch[1:], style)
}

// Fill fills the frame.
func (t *terminal) Fill(r rune, style tcell.Style) {
	for i := range t.canvas.w * t.canvas.h {
		t.SetContent(i%t.canvas.w, i/t.canvas.w, r, nil, style)
	}
}

// Get returns what is drawn on a cell.
func (t *terminal) Get(x, y int) (string, tcell.Style, int) {
	cell := t.canvas.at(x, y)
	return cell.text, cell.style, width(cell.text)
}

// GetContent returns what is drawn on a cell, as runes.
func (t *terminal) GetContent(x, y int) (primary rune, combining []rune, style tcell.Style, cells int) {
	text, style, cells := t.Get(x, y)
	if text == "" {
		text = " " // the right half of a wide cluster
	}
	runes := []rune(text)
	return runes[0], runes[1:], style, cells
}
