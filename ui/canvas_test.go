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
		var c canvas
		terminal := newSimulation(t)
		for range rapid.IntRange(1, 5).Draw(t, "frames") {
			puts := rapid.SliceOfN(rapid.Custom(drawPut), 0, 12).Draw(t, "puts")
			drawFrame(&c, terminal, puts)
			var fresh canvas
			want := newSimulation(t)
			drawFrame(&fresh, want, puts)
			if got, want := shownCells(terminal), shownCells(want); got != want {
				t.Fatalf("got\n%s\nwant\n%s", got, want)
			}
			want.Fini()
		}
		terminal.Fini()
	})
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

func drawFrame(c *canvas, screen tcell.SimulationScreen, puts []put) {
	c.begin(12, 3, tcell.StyleDefault)
	p := painter{drawing{c, screen}}
	for _, put := range puts {
		p.text(put.x, put.y, 12-put.x, put.text, tcell.StyleDefault)
	}
	c.end(screen)
	screen.Show()
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
	s := New(Options{Printer: printer("en"), Screen: terminal.screen(t), Now: sampleNow})
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
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
