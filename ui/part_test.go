package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
)

// lender is a common whose clock, timers and client are the test's.
type lender struct {
	clock  time.Time
	sent   []core.Command
	timers []func()
}

func (l *lender) common() common {
	return common{
		theme: Theme{Name: "mono"}.prepared(0),
		now:   func() time.Time { return l.clock },
		send:  func(c core.Command) { l.sent = append(l.sent, bare(c)) },
		after: func(_ time.Duration, f func()) { l.timers = append(l.timers, f) },
	}
}

// bare returns a command without the conversation in which it was given.
func bare(c core.Command) core.Command {
	if at, says := c.(core.At); says {
		return at.Command
	}
	return c
}

// pass lets time go by and fires the timers that were set.
func (l *lender) pass(d time.Duration) {
	l.clock = l.clock.Add(d)
	timers := l.timers
	l.timers = nil
	for _, f := range timers {
		f()
	}
}

// said returns what was sent since the last call, without what is about typing.
func (l *lender) said() []core.Command {
	var said []core.Command
	for _, c := range l.sent {
		if _, typing := c.(core.Compose); !typing {
			said = append(said, c)
		}
	}
	l.sent = nil
	return said
}

// keysOf makes key events of a script: text is typed, names of keys stand in angle brackets.
func keysOf(t testing.TB, script string) []*tcell.EventKey {
	t.Helper()
	var events []*tcell.EventKey
	for script != "" {
		if name, rest, found := strings.Cut(strings.TrimPrefix(script, "<"), ">"); script[0] == '<' && found {
			s, err := parseStroke(name)
			if err != nil {
				t.Fatal(err)
			}
			events = append(events, tcell.NewEventKey(s.key, s.ch, s.mod))
			script = rest
			continue
		}
		r := []rune(script)[0]
		events = append(events, tcell.NewEventKey(tcell.KeyRune, r, 0))
		script = script[len(string(r)):]
	}
	return events
}

// typeInto gives a script of keys to a part.
func typeInto(t testing.TB, p part, script string) {
	t.Helper()
	for _, ev := range keysOf(t, script) {
		p.InputHandler()(ev, nil)
	}
}

// frame draws a part and returns its rows without the blanks at their ends, and a | where the cursor is.
func frame(t testing.TB, p part, width, height int) string {
	t.Helper()
	screen := tcell.NewSimulationScreen("UTF-8")
	if err := screen.Init(); err != nil {
		t.Fatal(err)
	}
	defer screen.Fini()
	screen.SetSize(width, height)
	p.SetRect(0, 0, width, height)
	on := drawnOn(screen)
	on.Clear()
	p.Draw(on)
	on.Show()
	cells, w, _ := screen.GetContents()
	cx, cy, visible := screen.GetCursor()
	var rows []string
	for y := range height {
		var b strings.Builder
		for x := range w {
			if visible && x == cx && y == cy {
				b.WriteByte('|')
			}
			b.WriteString(string(cells[y*w+x].Runes))
		}
		rows = append(rows, strings.TrimRight(b.String(), " \x00"))
	}
	return strings.Join(rows, "\n")
}
