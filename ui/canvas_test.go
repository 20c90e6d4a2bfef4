package ui

import (
	"strings"
	"testing"

	"github.com/gdamore/tcell/v2"
	"pgregory.net/rapid"

	"traboule/core"
)

type put struct {
	x, y int
	text string
}

// Frames that follow each other on one terminal look as each would on a fresh one, also where wide clusters are cut.
func TestCanvasShowsEachFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terminal := newSimulation(t)
		on := drawnOn(terminal)
		for range rapid.IntRange(1, 5).Draw(t, "frames") {
			puts := rapid.SliceOfN(rapid.Custom(drawPut), 0, 12).Draw(t, "puts")
			drawFrame(on, puts)
			want := newSimulation(t)
			drawFrame(drawnOn(want), puts)
			if got, want := shownCells(terminal), shownCells(want); got != want {
				t.Fatalf("got\n%s\nwant\n%s", got, want)
			}
			want.Fini()
		}
		terminal.Fini()
	})
}

// drawnOn returns what tview would draw on.
func drawnOn(screen tcell.Screen) *terminal {
	return &terminal{Screen: screen, now: sampleNow, guard: func(f func()) { f() }}
}

func drawPut(t *rapid.T) put {
	return put{rapid.IntRange(0, 11).Draw(t, "x"), rapid.IntRange(0, 2).Draw(t, "y"),
		rapid.SampledFrom([]string{"ab", "語", "語語語", "e\u0301", "👩‍👩‍👧x", " ", "─"}).Draw(t, "text")}
}

func newSimulation(t interface{ Fatal(...any) }) tcell.SimulationScreen {
	screen := tcell.NewSimulationScreen("UTF-8")
	if err := screen.Init(); err != nil {
		t.Fatal(err)
	}
	screen.SetSize(12, 3)
	return screen
}

func drawFrame(on *terminal, puts []put) {
	on.Clear()
	for _, put := range puts {
		painter{on}.text(put.x, put.y, 12-put.x, put.text, tcell.StyleDefault)
	}
	on.Show()
}

func shownCells(screen tcell.SimulationScreen) string {
	cells, w, h := screen.GetContents()
	text := ""
	for y := range h {
		text += rowText(cells[y*w:(y+1)*w]) + "\n"
	}
	return text
}

// A key costs the bytes of what it changes, not those of the screen.
func TestUnchangedCellsAreNotSent(t *testing.T) {
	terminal := newPseudoTerminal(t, 120, 40)
	s := stageOn(t, Options{}, terminal.screen(t))
	v := sampleRoom()
	s.update(core.Update{View: v})
	s.draw()
	terminal.see(t, "qui a du pain")
	s.write("<mark>")
	terminal.see(t, "<mark>")
	for range 10 {
		s.draw()
	}
	v.Current.Subject = "ZZZZZZ"
	s.update(core.Update{View: v})
	s.draw()
	s.close()
	terminal.see(t, "ZZZZZZ")
	terminal.see(t, "\x1b[?1049l")
	_, after, _ := strings.Cut(terminal.output(), "<mark>")
	if len(after) > 2000 {
		t.Errorf("ten frames without a change and one with few took %d bytes", len(after))
	}
}

// What the terminal forgot is sent again: after it was given to the shell, and after its size changed and changed back.
func TestForgottenCellsAreSentAgain(t *testing.T) {
	for name, forget := range map[string]func(*stage, *pseudoTerminal){
		"suspend": func(s *stage, _ *pseudoTerminal) {
			if err := s.screen.Suspend(); err != nil {
				t.Error(err)
			}
			if err := s.screen.Resume(); err != nil {
				t.Error(err)
			}
		},
		"redraw": func(s *stage, _ *pseudoTerminal) { s.do(ActRedraw) },
		"resize": func(s *stage, terminal *pseudoTerminal) {
			for _, size := range [][2]uint16{{50, 20}, {120, 40}} {
				terminal.resize(size[0], size[1])
				s.screen.Screen.Sync()
			}
			post(s.screen, tcell.NewEventResize(120, 40))
			for {
				if _, resized := s.screen.PollEvent().(*tcell.EventResize); resized {
					return
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			terminal := newPseudoTerminal(t, 120, 40)
			s := stageOn(t, Options{}, terminal.screen(t))
			s.show(sampleRoom())
			terminal.see(t, "qui a du pain")
			forget(s, terminal)
			s.write("<mark>")
			s.draw()
			s.write("<end>")
			terminal.see(t, "<end>")
			_, after, _ := strings.Cut(terminal.output(), "<mark>")
			for _, text := range []string{"qui a du pain", "grenoble", "On se retrouve"} {
				if !strings.Contains(after, text) {
					t.Errorf("%q was not sent again", text)
				}
			}
		})
	}
}
