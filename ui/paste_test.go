package ui

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
)

func TestCleanPaste(t *testing.T) {
	tests := []struct {
		name, raw, want string
		asks            bool
	}{
		{"one line", "salut", "salut", false},
		{"one line with its end", "salut\r\n", "salut", false},
		{"CRLF", "un\r\ndeux\r\n", "un\ndeux", true},
		{"CR", "un\rdeux", "un\ndeux", true},
		{"LF", "un\ndeux", "un\ndeux", true},
		{"ESC", "a\x1b[201~b", "a\ufffd[201~b", false},
		{"NUL and C1", "a\x00b\u009bc", "a\ufffdb\ufffdc", false},
		{"tab", "a\tb", "a    b", false},
		{"invalid UTF-8", "a\xffb", "a\ufffdb", false},
		{"turned direction", "a\u202eb", "a\ufffdb", false},
	}
	for _, tt := range tests {
		p := cleanPaste(tt.raw)
		if p.text != tt.want || p.asks() != tt.asks || p.cut {
			t.Errorf("%s: %+v (asks %v), want %q (asks %v)", tt.name, p, p.asks(), tt.want, tt.asks)
		}
	}
}

func TestCleanPasteHasBounds(t *testing.T) {
	for _, raw := range []string{strings.Repeat("x", 1<<20), strings.Repeat("é", maxDraft/2+1), strings.Repeat("\x00", maxDraft), "e" + strings.Repeat("\u0301", 1<<20)} {
		p := cleanPaste(raw)
		if !p.cut || len(p.text) > maxDraft || !utf8.ValidString(p.text) {
			t.Errorf("%.8q… of %d bytes: %d bytes taken, said to be cut: %v", raw, len(raw), len(p.text), p.cut)
		}
	}
}

func TestPastedCommandsAreSaid(t *testing.T) {
	p := cleanPaste("/quit\n\n  \n/join grenoble\nfin")
	want := []core.Command{core.Say{Text: "/quit"}, core.Say{Text: "/join grenoble"}, core.Say{Text: "fin"}}
	if got := said(p.lines()); !slices.Equal(got, want) {
		t.Errorf("sent %v, want %v", got, want)
	}
}

// eventScreen is a screen that delivers given events.
type eventScreen struct {
	tcell.Screen
	events []tcell.Event
}

func (s *eventScreen) PollEvent() tcell.Event {
	if len(s.events) == 0 {
		return nil
	}
	ev := s.events[0]
	s.events = s.events[1:]
	return ev
}

// transcript writes events down: [ and ] for the edges of a paste, the keys by their runes, ⏎ for Enter.
func transcript(s tcell.Screen) string {
	var out strings.Builder
	for ev := s.PollEvent(); ev != nil; ev = s.PollEvent() {
		switch ev := ev.(type) {
		case *tcell.EventPaste:
			out.WriteByte("]["[map[bool]int{true: 1}[ev.Start()]])
		case *tcell.EventKey:
			if ev.Key() == tcell.KeyEnter {
				out.WriteRune('⏎')
			} else if ev.Key() == tcell.KeyCtrlJ {
				out.WriteRune('↓')
			} else {
				out.WriteRune(ev.Rune())
			}
		}
	}
	return out.String()
}

// press makes key events of a text, as tcell does of bytes.
func press(text string) []tcell.Event {
	var events []tcell.Event
	for _, r := range text {
		switch r {
		case '\r':
			events = append(events, tcell.NewEventKey(tcell.KeyEnter, 0, 0))
		case '\n':
			events = append(events, tcell.NewEventKey(tcell.KeyCtrlJ, 0, tcell.ModCtrl))
		default:
			events = append(events, tcell.NewEventKey(tcell.KeyRune, r, 0))
		}
	}
	return events
}

func TestPasteScreen(t *testing.T) {
	start, end := tcell.Event(tcell.NewEventPaste(true)), tcell.Event(tcell.NewEventPaste(false))
	tests := []struct {
		name   string
		events []tcell.Event
		want   string
	}{
		{"keys alone stay", press("a\nb"), "a↓b"},
		{"line feeds of a paste are line ends", slices.Concat([]tcell.Event{start}, press("a\nb"), []tcell.Event{end}, press("\n")), "[a⏎b]↓"},
		{"CRLF is one", slices.Concat([]tcell.Event{start}, press("a\r\n\r\nb"), []tcell.Event{end}), "[a⏎⏎b]"},
		{"a long one is cut", slices.Concat([]tcell.Event{start}, press(strings.Repeat("x", maxPaste+9)), []tcell.Event{end}, press("y")), "[" + strings.Repeat("x", maxPaste) + "]y"},
	}
	for _, tt := range tests {
		if got := transcript(&pasteScreen{Screen: &eventScreen{events: tt.events}}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestPasteThatNeverEnds(t *testing.T) {
	s := &pasteScreen{Screen: &eventScreen{events: slices.Concat([]tcell.Event{tcell.NewEventPaste(true)}, press("ab"))}}
	s.PollEvent()
	s.PollEvent()
	s.last = s.last.Add(-time.Minute)
	if got := transcript(s); got != "]b" {
		t.Errorf("after a minute the next key gives %q, want the end of the paste and the key", got)
	}
}
