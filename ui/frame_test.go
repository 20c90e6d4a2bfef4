package ui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"traboule/core"
)

var update = flag.Bool("update", false, "rewrite the frames in testdata")

// stage is a Screen on a simulated terminal, without a loop.
type stage struct {
	*Screen
	terminal tcell.SimulationScreen
	outgoing []core.Command // what was sent
	given    []core.Command // the same with the conversation in which it was given
}

func newStage(t testing.TB, o Options, w, h int) *stage {
	t.Helper()
	terminal := tcell.NewSimulationScreen("UTF-8")
	s := stageOn(t, o, terminal)
	s.terminal = terminal
	terminal.SetSize(w, h)
	return s
}

// stageOn puts a Screen on a terminal, and keeps what it sends.
func stageOn(t testing.TB, o Options, on tcell.Screen) *stage {
	t.Helper()
	if o.Printer == nil {
		o.Printer = printer("en")
	}
	o.Now, o.Screen = sampleNow, on
	s := &stage{Screen: New(o)}
	s.post = func(c core.Command) {
		s.outgoing = append(s.outgoing, bare(c))
		s.given = append(s.given, c)
	}
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	t.Cleanup(func() { close(s.ended) }) // what still comes afterwards waits for nobody
	return s
}

func (s *stage) close() { s.app.Stop() }

// draw draws a frame, as tview does after every event.
func (s *stage) draw() {
	s.app.ForceDraw()
	if s.failure != nil {
		panic(s.failure)
	}
}

// key gives a key to the screen, as tview does.
func (s *stage) key(ev *tcell.EventKey) {
	s.screen.keys.Add(1)
	if ev = s.app.GetInputCapture()(ev); ev != nil {
		s.root.InputHandler()(ev, func(p tview.Primitive) { s.app.SetFocus(p) })
	}
}

// mouse gives something done with the mouse to the screen, as tview does.
func (s *stage) mouse(action tview.MouseAction, x, y int) {
	ev := tcell.NewEventMouse(x, y, tcell.ButtonNone, tcell.ModNone)
	s.root.MouseHandler()(action, ev, func(p tview.Primitive) { s.app.SetFocus(p) })
}

func (s *stage) show(v core.View) {
	s.update(core.Update{View: v})
	s.draw()
}

// text returns what is on the screen, without blanks at the ends of rows.
func (s *stage) text() string {
	cells, w, h := s.terminal.GetContents()
	var out strings.Builder
	for y := range h {
		out.WriteString(rowText(cells[y*w:(y+1)*w]) + "\n")
	}
	return out.String()
}

func rowText(cells []tcell.SimCell) string {
	var line strings.Builder
	for x := 0; x < len(cells); x++ {
		text := string(cells[x].Runes)
		if text == "" {
			text = " "
		}
		line.WriteString(text)
		x += max(width(text), 1) - 1
	}
	return strings.TrimRight(line.String(), " ")
}

// styles returns the looks of the rows, as runs of cells that are not plain: "row: first+cells look".
func (s *stage) styles() string {
	cells, w, h := s.terminal.GetContents()
	var out strings.Builder
	for y := range h {
		line, from := "", 0
		for x := 1; x <= w; x++ {
			if x < w && cells[y*w+x].Style == cells[y*w+from].Style {
				continue
			}
			if look := lookOf(cells[y*w+from].Style); look != "" {
				line += fmt.Sprintf(" %d+%d %s", from, x-from, look)
			}
			from = x
		}
		if line != "" {
			fmt.Fprintf(&out, "%d:%s\n", y, line)
		}
	}
	return out.String()
}

func lookOf(style tcell.Style) string {
	fg, bg, attributes := style.Decompose()
	var parts []string
	if fg != tcell.ColorDefault {
		parts = append(parts, fg.String())
	}
	if bg != tcell.ColorDefault {
		parts = append(parts, "on-"+bg.String())
	}
	for _, a := range []struct {
		mask tcell.AttrMask
		name string
	}{{tcell.AttrBold, "bold"}, {tcell.AttrDim, "dim"}, {tcell.AttrReverse, "reverse"}, {tcell.AttrItalic, "italic"}} {
		if attributes&a.mask != 0 {
			parts = append(parts, a.name)
		}
	}
	if style.GetUnderlineStyle() != tcell.UnderlineStyleNone {
		parts = append(parts, "underline")
	}
	return strings.Join(parts, ",")
}

// golden compares with a file of testdata, or with -update rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test ./ui -update rewrites it):\n%s\nwant:\n%s", path, got, want)
	}
}

// frames are the states of the screen that testdata shows.
func frames() map[string]func(s *stage) {
	return map[string]func(s *stage){
		"first":  func(s *stage) { s.draw() },
		"start":  func(s *stage) { s.show(sampleStart()) },
		"room":   func(s *stage) { s.show(sampleRoom()) },
		"person": func(s *stage) { s.show(samplePerson()) },
		"scrolled": func(s *stage) {
			v := sampleLong(400)
			s.show(v)
			s.do(ActScrollUp)
			s.do(ActScrollUp)
			for range 12 {
				v.Current.Log, _ = v.Current.Log.Append(say("paulette", "plus tard", at(15, 0)))
			}
			s.show(v)
		},
		"conversations": func(s *stage) {
			s.show(sampleRoom())
			s.do(ActConversations)
			s.draw()
		},
		"occupants": func(s *stage) {
			s.show(sampleRoom())
			s.do(ActOccupants)
			s.draw()
		},
		"privacy": func(s *stage) {
			s.show(samplePrivacy())
			s.queue(core.Privacy{})
			s.draw()
			for s.privacy.chosen.topic != "carbons" {
				s.privacy.walk(1)
				s.draw()
			}
		},
		"found": func(s *stage) {
			s.show(sampleFound(9))
			s.found.walk(4)
			s.draw()
		},
		"help": func(s *stage) {
			s.show(sampleRoom())
			s.do(ActHelp)
			s.draw()
		},
	}
}

func TestFrames(t *testing.T) {
	for name, show := range frames() {
		for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 40}, {200, 50}} {
			for _, lang := range []string{"en", "fr"} {
				t.Run(fmt.Sprintf("%s-%dx%d-%s", name, size[0], size[1], lang), func(t *testing.T) {
					s := newStage(t, Options{Printer: printer(lang)}, size[0], size[1])
					show(s)
					golden(t, fmt.Sprintf("%s-%dx%d-%s", name, size[0], size[1], lang), s.text())
				})
			}
		}
	}
}

func TestFrameStyles(t *testing.T) {
	for _, theme := range []string{"dark", "light", "mono"} {
		s := newStage(t, Options{Theme: Theme{Name: theme}}, 120, 40)
		s.show(sampleRoom())
		golden(t, "styles-"+theme, s.styles())
	}
}

func TestNoColorLeavesAttributesOnly(t *testing.T) {
	env := func(name string) string {
		if name == "NO_COLOR" {
			return "1"
		}
		return ""
	}
	s := newStage(t, Options{Env: env}, 120, 40)
	s.show(sampleRoom())
	cells, _, _ := s.terminal.GetContents()
	for _, c := range cells {
		if fg, bg, _ := c.Style.Decompose(); fg != tcell.ColorDefault || bg != tcell.ColorDefault {
			t.Fatalf("%q has a colour", string(c.Runes))
		}
	}
	colourful := newStage(t, Options{}, 120, 40)
	colourful.show(sampleRoom())
	if s.text() != colourful.text() {
		t.Error("without colour, other words are shown")
	}
}
