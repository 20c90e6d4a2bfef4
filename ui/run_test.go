package ui

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"
	"go.uber.org/goleak"

	"traboule/core"
)

// running is a Screen whose loop runs on a simulated terminal.
type running struct {
	terminal *countingTerminal
	commands chan core.Command
	updates  chan core.Update
	stop     context.CancelFunc
	done     chan error
}

// countingTerminal counts the frames, and hands out a copy of the last one.
type countingTerminal struct {
	tcell.SimulationScreen
	frames  atomic.Int64
	shown   chan string
	onShow  func()
	started chan struct{}
}

func (c *countingTerminal) Init() error {
	err := c.SimulationScreen.Init()
	c.SetSize(100, 30)
	return err
}

func (c *countingTerminal) Show() {
	c.SimulationScreen.Show()
	if c.onShow != nil {
		c.onShow()
	}
	if c.frames.Add(1) == 1 {
		close(c.started)
	}
	cells, w, h := c.GetContents()
	var text strings.Builder
	for y := range h {
		text.WriteString(rowText(cells[y*w:(y+1)*w]) + "\n")
	}
	select {
	case <-c.shown:
	default:
	}
	c.shown <- text.String()
}

func run(t *testing.T, change func(*Screen, *countingTerminal)) *running {
	t.Helper()
	terminal := &countingTerminal{
		SimulationScreen: tcell.NewSimulationScreen("UTF-8"), shown: make(chan string, 1), started: make(chan struct{}),
	}
	s := New(Options{Printer: printer("en"), Screen: terminal})
	if change != nil {
		change(s, terminal)
	}
	ctx, stop := context.WithCancel(t.Context())
	r := &running{terminal, make(chan core.Command), make(chan core.Update), stop, make(chan error, 1)}
	var running sync.WaitGroup
	running.Go(func() { r.done <- s.Run(ctx, r.commands, r.updates) })
	t.Cleanup(func() {
		stop()
		running.Wait()
	})
	<-terminal.started
	return r
}

// see waits for a frame that holds a text, and returns it.
func (r *running) see(t *testing.T, text string) string {
	t.Helper()
	deadline := time.After(10 * time.Second)
	last := ""
	for {
		select {
		case last = <-r.terminal.shown:
			if strings.Contains(last, text) {
				return last
			}
		case <-deadline:
			t.Fatalf("%q did not appear; last:\n%s", text, last)
		}
	}
}

func (r *running) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-r.done:
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("the screen does not end")
		return nil
	}
}

func (r *running) command(t *testing.T) core.Command {
	t.Helper()
	select {
	case c := <-r.commands:
		return c
	case <-time.After(10 * time.Second):
		t.Fatal("no command came")
		return nil
	}
}

func TestRunEnds(t *testing.T) {
	for name, end := range map[string]func(*running){
		"context": func(r *running) { r.stop() },
		"quit":    func(r *running) { r.updates <- core.Update{View: core.View{Quit: true}} },
		"updates": func(r *running) { close(r.updates) },
	} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t)
			r := run(t, nil)
			end(r)
			if err := r.end(t); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRunShowsUpdatesAndSendsCommands(t *testing.T) {
	r := run(t, nil)
	r.updates <- core.Update{View: sampleRoom()}
	r.see(t, "grenoble")
	for _, test := range []struct {
		key  tcell.Key
		r    rune
		mod  tcell.ModMask
		want core.Command
	}{
		{tcell.KeyRune, 'a', tcell.ModAlt, core.SelectUnread{}},
		{tcell.KeyCtrlN, 0, tcell.ModCtrl, core.SelectNext{N: 1}},
		{tcell.KeyCtrlP, 0, tcell.ModCtrl, core.SelectNext{N: -1}},
		{tcell.KeyRune, '3', tcell.ModAlt, core.Win{Number: 3}},
	} {
		r.terminal.InjectKey(test.key, test.r, test.mod)
		if got := r.command(t); got != test.want {
			t.Errorf("got %#v, want %#v", got, test.want)
		}
	}
	r.stop()
	if err := r.end(t); err != nil {
		t.Error(err)
	}
}

// Nobody takes the commands, and the screen still answers to keys and updates.
func TestRunIsNotHeldUpByCommands(t *testing.T) {
	r := run(t, nil)
	for range 50 {
		r.terminal.InjectKey(tcell.KeyRune, 'a', tcell.ModAlt)
	}
	r.updates <- core.Update{View: sampleRoom()}
	r.see(t, "grenoble")
	r.terminal.InjectKey(tcell.KeyF1, 0, tcell.ModNone)
	r.see(t, "COMMANDS")
	for range 50 {
		if got := r.command(t); got != (core.SelectUnread{}) {
			t.Errorf("got %#v", got)
		}
	}
}

func TestRunTellsWhetherTheUserIsLooking(t *testing.T) {
	r := run(t, nil)
	for _, looking := range []bool{false, true} {
		post(r.terminal, tcell.NewEventFocus(looking))
		if got := r.command(t); got != (core.Focus{Looking: looking}) {
			t.Errorf("got %#v, want looking %v", got, looking)
		}
	}
}

func TestRunDrawsNothingWhileIdle(t *testing.T) {
	r := run(t, nil)
	r.updates <- core.Update{View: sampleRoom()}
	r.see(t, "grenoble")
	// What the update brought may still be on its way on a busy machine; what draws by itself never rests.
	for deadline := time.Now().Add(10 * time.Second); ; {
		before := r.terminal.frames.Load()
		time.Sleep(20 * frameTime)
		after := r.terminal.frames.Load()
		if after == before {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d frames were drawn while nothing happened", after-before)
		}
	}
}

func TestRunGathersUpdates(t *testing.T) {
	r := run(t, nil)
	start, v := time.Now(), sampleLong(10)
	for range 2000 {
		v = appended(v, say("hubert", "encore", at(14, 0)))
		r.updates <- core.Update{View: v}
	}
	v = appended(v, say("hubert", "le dernier", at(14, 0)))
	r.updates <- core.Update{View: v}
	r.see(t, "le dernier")
	if frames, most := r.terminal.frames.Load(), int64(time.Since(start)/frameTime)+3; frames > most {
		t.Errorf("%d frames in a time for %d", frames, most)
	}
}

func TestRunSurvivesAFault(t *testing.T) {
	defer goleak.VerifyNone(t)
	secret := "hunter2"
	for name, fault := range map[string]func(){
		"value":   func() { panic(secret) },
		"runtime": func() { var rows []row; _ = rows[len(secret)] },
	} {
		t.Run(name, func(t *testing.T) {
			armed := false
			r := run(t, func(_ *Screen, c *countingTerminal) {
				c.onShow = func() {
					if armed {
						fault()
					}
					armed = true
				}
			})
			r.terminal.InjectKey(tcell.KeyF1, 0, tcell.ModNone)
			err := r.end(t)
			if err == nil || strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), "run_test.go") {
				t.Errorf("got %v", err)
			}
			if r.terminal.PollEvent() != nil {
				t.Error("the terminal was not given back")
			}
		})
	}
}

func TestRunTellsWhatTerminalIsUnknown(t *testing.T) {
	t.Setenv("TERM", "nonesuch")
	s := New(Options{Printer: printer("en"), Env: func(string) string { return "nonesuch" }})
	if err := s.Run(t.Context(), nil, nil); err == nil || !strings.Contains(err.Error(), `terminal "nonesuch"`) {
		t.Errorf("got %v", err)
	}
}

// tview's own key to stop the program is a key like others here: it takes away what is being typed.
func TestRunLeavesCtrlCToTheKeyMap(t *testing.T) {
	r := run(t, nil)
	r.updates <- core.Update{View: sampleRoom()}
	r.terminal.InjectKey(tcell.KeyRune, 'x', tcell.ModNone)
	r.see(t, "> x")
	r.terminal.InjectKey(tcell.KeyCtrlC, 0, tcell.ModCtrl)
	r.see(t, "\n>\n")
	r.terminal.InjectKey(tcell.KeyRune, 'y', tcell.ModNone)
	r.see(t, "> y")
}

func TestRunTakesTheMouse(t *testing.T) {
	r := run(t, nil)
	r.updates <- core.Update{View: sampleRoom()}
	for y, line := range strings.Split(r.see(t, "qui a du pain"), "\n") {
		if strings.HasPrefix(line, "6 tigrou") {
			r.terminal.InjectMouse(2, y, tcell.ButtonPrimary, tcell.ModNone)
			r.terminal.InjectMouse(2, y, tcell.ButtonNone, tcell.ModNone)
		}
	}
	if got, want := r.command(t), (core.Select{Conversation: personID("tigrou")}); got != want {
		t.Errorf("got %#v, want %#v", got, want)
	}
}

// A burst of keys does not cost a frame for each: of those that come in while the screen is busy, in the time of one frame,
// only the last is drawn.
func TestRunGathersKeys(t *testing.T) {
	const burst = 50
	var screen *Screen
	r := run(t, func(s *Screen, _ *countingTerminal) {
		s.now = sampleNow
		screen = s
	})
	busy, done := make(chan struct{}), make(chan struct{})
	go screen.call(func() {
		close(busy)
		<-done
	})
	<-busy
	for range burst {
		post(r.terminal, tcell.NewEventKey(tcell.KeyRune, 'x', tcell.ModNone))
	}
	for screen.screen.keys.Load() < burst {
		time.Sleep(time.Millisecond)
	}
	before := r.terminal.frames.Load()
	close(done)
	r.see(t, "> "+strings.Repeat("x", burst))
	if frames := r.terminal.frames.Load() - before; frames != 1 {
		t.Errorf("%d frames for a burst of %d keys", frames, burst)
	}
}

// A terminal that is lost ends the screen with an error, and all goroutines with it.
func TestRunEndsWithItsTerminal(t *testing.T) {
	defer goleak.VerifyNone(t)
	r := run(t, nil)
	post(r.terminal, tcell.NewEventError(errors.New("input/output error")))
	if err := r.end(t); err == nil || !strings.Contains(err.Error(), "terminal: input/output error") {
		t.Errorf("got %v", err)
	}
}

// However much comes in while the screen ends, it ends, and leaves nothing running.
func TestRunEndsInAStorm(t *testing.T) {
	defer goleak.VerifyNone(t)
	for range 20 {
		r := run(t, nil)
		var storm sync.WaitGroup
		stop := make(chan struct{})
		storm.Go(func() {
			for {
				select {
				case r.updates <- core.Update{View: sampleRoom()}:
				case <-stop:
					return
				}
			}
		})
		storm.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					r.terminal.InjectKey(tcell.KeyRune, 'a', tcell.ModAlt)
					_ = r.terminal.PostEvent(tcell.NewEventFocus(true))
				}
			}
		})
		r.stop()
		if err := r.end(t); err != nil {
			t.Error(err)
		}
		close(stop)
		storm.Wait()
	}
}

// post gives an event to a terminal, as soon as it takes one.
func post(terminal tcell.Screen, event tcell.Event) {
	for terminal.PostEvent(event) != nil {
		time.Sleep(time.Millisecond)
	}
}
