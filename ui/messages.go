package ui

import (
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
	"traboule/ui/i18n"
)

// messages shows the lines of the current conversation. It draws from the bottom up and looks only at what is visible, so
// that a long conversation costs no more than a short one.
type messages struct {
	*tview.Box
	welcome welcome
	printer *i18n.Printer
	theme   *Theme
	keys    *KeyMap
	// older asks for what was said before.
	older func(core.Older)
	now   func() time.Time

	window *core.Window
	// places is where each conversation is scrolled to; one that shows its newest line has none.
	places map[core.ConversationID]place
	// found is what the search looks for, highlighted where it stands.
	found string

	width, height int
	wrapped       map[*core.Line][]row // of the lines drawn last, for this width
}

// place is what stands on the bottom row.
type place struct {
	seq    uint64 // the line
	hidden int    // how many of its last rows are below the edge
	next   uint64 // the Seq that was to come when the user scrolled up: lines from there on are news
}

func newMessages(p *i18n.Printer, t *Theme, keys *KeyMap, now func() time.Time) *messages {
	return &messages{
		Box: newBox(), welcome: welcome{printer: p, theme: t, keys: keys}, printer: p, theme: t, keys: keys,
		older: func(core.Older) {}, now: now, window: &core.Window{},
		places: map[core.ConversationID]place{}, wrapped: map[*core.Line][]row{},
	}
}

// follow takes the window to show.
func (m *messages) follow(v *core.View) {
	m.window = &v.Current
	m.welcome.follow(v)
	m.places = kept(m.places, v.Conversations, v.Current.ID)
}

// kept forgets the places of conversations that are closed.
func kept(places map[core.ConversationID]place, open []core.ConversationView, current core.ConversationID) map[core.ConversationID]place {
	if len(places) == 0 {
		return places
	}
	still := map[core.ConversationID]place{}
	for _, c := range open {
		if at, scrolled := places[c.ID]; scrolled {
			still[c.ID] = at
		}
	}
	if at, scrolled := places[current]; scrolled {
		still[current] = at
	}
	return still
}

// Draw draws the messages, and in a window that is about no conversation a few words for who is new.
func (m *messages) Draw(screen tcell.Screen) {
	m.DrawForSubclass(screen, m)
	at, visible := placeOf(m.Box)
	if !visible {
		return
	}
	p := painter{screen}
	empty := m.draw(p, at)
	if m.window.Kind == core.Console {
		m.welcome.draw(p, rect{at.x, at.y, at.w, empty})
	}
}

// MouseHandler takes the wheel.
func (m *messages) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return mouseHandler(m.Box, nil, func(rows int) bool {
		m.turn(-rows)
		return true
	})
}

// draw fills the rectangle and returns how many rows at its top stayed empty.
func (m *messages) draw(p painter, at rect) int {
	m.resize(at.w, at.h)
	fresh := map[*core.Line][]row{}
	y, i, hidden := at.h, 0, 0
	if i, hidden = m.bottom(); i < 0 {
		return at.h
	}
	for i >= 0 && y > 0 {
		e := m.entryAt(i)
		for n := len(e.rows) - 1 - hidden; n >= 0 && y > 0; n-- {
			y--
			p.row(at.x, at.y+y, at.w, e.rows[n])
		}
		if e.line != nil {
			fresh[e.line] = e.content
		}
		i, hidden = e.first-1, 0
	}
	m.wrapped = fresh
	return y
}

// resize takes the size of the next frame; rows wrapped for another width are of no use then.
func (m *messages) resize(width, height int) {
	if width != m.width {
		clear(m.wrapped)
	}
	m.width, m.height = width, height
}

// bottom returns the index of the line on the bottom row and how many of its rows are below it; -1 if there is no line.
func (m *messages) bottom() (index, hidden int) {
	log := m.window.Log
	at, scrolled := m.places[m.window.ID]
	if !scrolled || log.Len() == 0 {
		return log.Len() - 1, 0
	}
	i, still := log.Seek(at.seq)
	if !still {
		oldest := m.oldest() // what stood here was dropped
		return oldest.last, oldest.hidden
	}
	return i, min(at.hidden, len(m.entryAt(i).rows)-1)
}

// turn scrolls as the user wants, and asks for more where they come to the end of what is there.
func (m *messages) turn(n int) {
	m.scroll(n)
	if n > 0 {
		m.reach()
	}
}

// scroll moves n rows towards the past, or with a negative n towards the present.
func (m *messages) scroll(n int) {
	i, hidden := m.bottom()
	if i < 0 {
		return
	}
	at := spot{m.entryAt(i), hidden}
	if n < 0 {
		m.stand(m.down(at, -n))
		return
	}
	at = m.up(at, n)
	m.stand(m.down(at, m.height-m.rowsUpTo(at, m.height)))
}

// spot is a row of an entry, counted from the entry's end.
type spot struct {
	entry
	hidden int
}

func (m *messages) up(at spot, n int) spot {
	for ; n > 0; n-- {
		if at.hidden < len(at.rows)-1 {
			at.hidden++
		} else if at.first > 0 {
			at = spot{m.entryAt(at.first - 1), 0}
		} else {
			return at
		}
	}
	return at
}

func (m *messages) down(at spot, n int) spot {
	for ; n > 0; n-- {
		if at.hidden > 0 {
			at.hidden--
		} else if at.last+1 < m.window.Log.Len() {
			at.entry = m.entryAt(at.last + 1)
			at.hidden = len(at.rows) - 1
		} else {
			return at
		}
	}
	return at
}

// rowsUpTo counts the rows from the oldest down to a spot, but not beyond enough.
func (m *messages) rowsUpTo(at spot, enough int) int {
	n := len(at.rows) - at.hidden
	for e := at.entry; n < enough && e.first > 0; {
		e = m.entryAt(e.first - 1)
		n += len(e.rows)
	}
	return min(n, enough)
}

// stand puts a spot on the bottom row. The newest row of all is no place: from there on the window follows again.
func (m *messages) stand(at spot) {
	log, id := m.window.Log, m.window.ID
	if at.hidden == 0 && at.last == log.Len()-1 {
		delete(m.places, id)
		return
	}
	next := log.Next()
	if before, scrolled := m.places[id]; scrolled {
		next = before.next
	}
	m.places[id] = place{seq: log.At(at.last).Seq, hidden: at.hidden, next: next}
}

// scrollToTop shows the oldest lines.
func (m *messages) scrollToTop() {
	if m.window.Log.Len() > 0 {
		m.stand(m.oldest())
	}
}

// oldest returns the bottom row of the window that begins with the oldest line.
func (m *messages) oldest() spot {
	first := m.entryAt(0)
	return m.down(spot{first, len(first.rows) - 1}, m.height-1)
}

// scrollToBottom shows the newest lines and follows them; what a search has marked is marked no more.
func (m *messages) scrollToBottom() {
	delete(m.places, m.window.ID)
	m.highlight("")
}

// goTo shows the line with a Seq, in the middle of the window if it can be, and reports whether it is still kept.
func (m *messages) goTo(seq uint64) bool {
	i, still := m.window.Log.Seek(seq)
	if !still {
		return false
	}
	at := m.down(spot{m.entryAt(i), 0}, m.height/2)
	m.stand(m.down(at, m.height-m.rowsUpTo(at, m.height)))
	return true
}

// words returns a line's words as they are shown, for the search.
func (m *messages) words(l *core.Line) string {
	if l.Notice != nil {
		return m.printer.Notice(l.Notice)
	}
	return l.From + " " + l.Body
}

// highlight marks a text wherever it stands in a message; an empty text ends that.
func (m *messages) highlight(text string) {
	if text != m.found {
		m.found = text
		clear(m.wrapped)
	}
}

// below counts the lines after the bottom row, and those of them that came since the user scrolled up.
func (m *messages) below() (lines, news int) {
	at, scrolled := m.places[m.window.ID]
	if !scrolled {
		return 0, 0
	}
	log := m.window.Log
	if log.Len() == 0 || at.seq >= log.Next() { // the window was cleared
		delete(m.places, m.window.ID)
		return 0, 0
	}
	return log.Len() - log.Search(at.seq+1), log.Len() - log.Search(at.next)
}
