package ui

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
)

// typed gives a script of keys to the screen and draws.
func (s *stage) typed(t testing.TB, script string) {
	t.Helper()
	for _, ev := range keysOf(t, script) {
		s.key(ev)
	}
	s.draw()
}

// inputFrames are the states of the input that testdata shows.
func inputFrames() map[string]func(t testing.TB, s *stage) {
	return map[string]func(t testing.TB, s *stage){
		"input-lines": func(t testing.TB, s *stage) {
			s.typed(t, "un<Alt+Enter>deux<Alt+Enter>trois et une ligne assez longue pour qu’elle ne tienne pas sur un écran de 80 colonnes")
		},
		"input-unknown": func(t testing.TB, s *stage) { s.typed(t, "/jion grenoble<Enter>") },
		"input-choices": func(t testing.TB, s *stage) { s.typed(t, "<Tab><Tab>") },
		"input-paste": func(t testing.TB, s *stage) {
			s.typed(t, "dis : ")
			s.input.paste("un\r\ndeux\x1b[31m\r\ntrois")
			s.draw()
		},
		"input-search": func(t testing.TB, s *stage) { s.typed(t, "<Ctrl+F>the") },
		"input-question": func(t testing.TB, s *stage) {
			v := sampleRoom()
			v.Questions = lupinAsks().Questions
			s.typed(t, "je disais")
			s.show(v)
		},
	}
}

func TestInputFrames(t *testing.T) {
	for name, act := range inputFrames() {
		for _, size := range [][2]int{{40, 10}, {80, 24}, {200, 50}} {
			for _, lang := range []string{"en", "fr"} {
				full := fmt.Sprintf("%s-%dx%d-%s", name, size[0], size[1], lang)
				t.Run(full, func(t *testing.T) {
					s := newStage(t, Options{Printer: printer(lang)}, size[0], size[1])
					s.show(sampleRoom())
					act(t, s)
					golden(t, full, s.text())
				})
			}
		}
	}
}

func TestKeysOfTheScreen(t *testing.T) {
	tests := []struct {
		script string
		want   []core.Command
	}{
		{"<Alt+A>", []core.Command{core.SelectUnread{}}},
		{"<Alt+3>", []core.Command{core.Win{Number: 3}}},
		{"<Ctrl+N><Ctrl+P><Alt+Down>", []core.Command{core.SelectNext{N: 1}, core.SelectNext{N: -1}, core.SelectNext{N: 1}}},
		{"a<Alt+A>", []core.Command{core.Compose{Typing: true}, core.Compose{Typing: false}, core.SelectUnread{}}},
		{"a<Enter>", []core.Command{core.Compose{Typing: true}, core.Say{Text: "a"}}},
		{"<F1>x<F1>", nil},
		{"/help<Enter>x<F1>", nil},
		{"/help join<Enter>", []core.Command{core.Help{Topic: "join"}}},
		{"<Ctrl+F>x<Enter><Esc>", nil},
	}
	for _, tt := range tests {
		s := newStage(t, Options{}, 80, 24)
		s.show(sampleRoom())
		s.typed(t, tt.script)
		if got := fmt.Sprint(s.outgoing); got != fmt.Sprint(tt.want) {
			t.Errorf("%s sends %v, want %v", tt.script, got, tt.want)
		}
	}
}

func TestHomeAndEndScrollWhileNothingIsTyped(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	s.show(sampleLong(200))
	s.typed(t, "<Home>")
	if !strings.Contains(s.text(), "ligne 0\n") && !strings.Contains(s.text(), "ligne 0 ") {
		t.Errorf("Home does not show the oldest line:\n%s", s.text())
	}
	s.typed(t, "x<Home><End>")
	if !strings.Contains(s.text(), "> x") || strings.Contains(s.text(), "ligne 199") {
		t.Error("Home and End scroll while something is typed")
	}
	s.typed(t, "<Enter>")
	if !strings.Contains(s.text(), "ligne 199") {
		t.Error("what was sent is out of sight")
	}
}

// keyboard is a screen that runs on a pseudo-terminal, with a hand on its keys.
type keyboard struct {
	*pseudoTerminal
	commands chan core.Command
	updates  chan core.Update
}

func runOnTerminal(t *testing.T, o Options) *keyboard {
	t.Helper()
	x := &keyboard{newPseudoTerminal(t, 80, 24), make(chan core.Command, 100), make(chan core.Update)}
	o.Printer, o.Screen = printer("en"), x.screen(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- New(o).Run(ctx, x.commands, x.updates) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	x.updates <- core.Update{View: sampleRoom()}
	x.see(t, "irene")
	return x
}

// press writes what a terminal sends for keys.
func (x *keyboard) press(t *testing.T, bytes string) {
	t.Helper()
	if _, err := x.master.WriteString(bytes); err != nil {
		t.Fatal(err)
	}
}

// next returns the next command that is not about typing or looking.
func (x *keyboard) next(t *testing.T) core.Command {
	t.Helper()
	for {
		select {
		case c := <-x.commands:
			c = bare(c)
			switch c.(type) {
			case core.Compose, core.Focus:
				continue
			}
			return c
		case <-time.After(10 * time.Second):
			t.Fatalf("no command came; drawn: %q", x.output())
		}
	}
}

// What a real terminal sends for keys and pastes comes out as meant.
func TestTerminalKeys(t *testing.T) {
	x := runOnTerminal(t, Options{})
	tests := []struct {
		name, bytes string
		want        core.Command
	}{
		{"a text", "salut\r", core.Say{Text: "salut"}},
		{"Alt+Enter and line feed", "un\x1b\rdeux\ntrois\r", core.Say{Text: "un\ndeux\ntrois"}},
		{"UTF-8", "été 日本\r", core.Say{Text: "été 日本"}},
		{"Alt+Backspace", "un deux\x1b\x7ftrois\r", core.Say{Text: "un trois"}},
		{"arrows and Ctrl+A", "lut\x01sa\x1b[C\x1b[D\x1b[H\x1b[F !\r", core.Say{Text: "salut !"}},
		{"Alt+1 as ESC 1", "\x1b1", core.Win{Number: 1}},
		{"a paste of one line", "\x1b[200~/quit\x1b[201~ now\x01.\r", core.Say{Text: "./quit now"}},
		{"a paste that tries to end itself and to name the window", "\x1b[200~a\x1b]0;evil\x07b\x1b[201~\r", core.Say{Text: "ab"}},
	}
	for _, tt := range tests {
		x.press(t, tt.bytes)
		if got := x.next(t); got != tt.want {
			t.Errorf("%s: %#v, want %#v", tt.name, got, tt.want)
		}
	}
	if strings.Contains(x.output(), "evil") {
		t.Error("a pasted sequence went to the terminal")
	}
}

func TestTerminalPasteOfLines(t *testing.T) {
	var clock atomic.Int64
	x := runOnTerminal(t, Options{Now: func() time.Time { return time.Unix(1e9, clock.Load()) }})
	x.press(t, "\x1b[200~un\ndeux\x1b[201~")
	x.see(t, "2 lines were pasted")
	clock.Add(int64(panelQuiet))
	x.press(t, "\t\r")
	if got, want := x.next(t), (core.Say{Text: "un\ndeux"}); got != want {
		t.Errorf("%#v, want %#v", got, want)
	}
}

func TestTerminalNotifications(t *testing.T) {
	x := runOnTerminal(t, Options{Notifications: Notifications{Bell: RingMention, Desktop: DesktopOSC9}})
	line := &core.Line{From: "paulette", Body: "secret"}
	x.updates <- core.Update{View: sampleRoom(), Facts: []core.Fact{core.LineAdded{Kind: core.Person, Line: line}}}
	x.see(t, "\a\x1b]9;traboule: new message\x1b\\")
	if strings.Contains(x.output(), "secret") {
		t.Error("the notification says what")
	}
}

// BenchmarkKeyToScreen is a letter on a whole screen full of messages, from the key to the cells.
func BenchmarkKeyToScreen(b *testing.B) {
	s := newStage(b, Options{}, 120, 40)
	s.show(sampleLong(20_000))
	ev := tcell.NewEventKey(tcell.KeyRune, 'x', 0)
	for i := 0; b.Loop(); i++ {
		if i%100 == 0 {
			s.input.edit.clear()
		}
		s.key(ev)
		s.draw()
	}
}

// TestSlashAfterEscape: a terminal reports Esc and a slash right behind it as one key. Esc closes what it closes, and the slash
// must not be lost, or the command would be said in the room.
func TestSlashAfterEscape(t *testing.T) {
	for what, open := range map[string]string{"the input": "", "the search": "<Ctrl+F>hubert", "the help": "<F1>"} {
		s := newStage(t, Options{}, 80, 24)
		s.show(sampleRoom())
		s.typed(t, open)
		s.key(tcell.NewEventKey(tcell.KeyRune, '/', tcell.ModAlt))
		s.typed(t, "nick anne<Enter>")
		if len(s.outgoing) == 0 || s.outgoing[len(s.outgoing)-1] != (core.ChangeNick{Nick: "anne"}) {
			t.Errorf("behind %s: sent %v", what, s.outgoing)
		}
	}
}
