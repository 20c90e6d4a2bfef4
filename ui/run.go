package ui

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
)

// title is the name of the terminal's window: that of the program, and nothing of what it shows.
const title = "traboule"

// Run draws until ctx ends, the updates end or a View says Quit. commands takes what the user wants and updates brings
// what to draw. The terminal is as it was before when Run returns, whatever happens; a fault of the screen itself comes
// back as an error without anything of what was shown. A Screen runs once.
func (s *Screen) Run(ctx context.Context, commands chan<- core.Command, updates <-chan core.Update) (err error) {
	if err := s.open(); err != nil {
		return err
	}
	if s.options.Opened != nil {
		s.options.Opened()
	}
	defer func() {
		// Faults of our own end at guard. One of tview's goes this way, after tview has given the terminal back.
		if fault := recover(); fault != nil {
			err = faultError(fault)
		}
	}()
	var helpers sync.WaitGroup
	helpers.Go(func() { s.feed(ctx, updates) })
	helpers.Go(func() { s.deliver(commands) })
	err = s.app.Run()
	helpers.Wait()
	if s.failure != nil {
		return s.failure
	}
	return err
}

// open takes the terminal and gives it to tview.
func (s *Screen) open() error {
	screen := s.options.Screen
	if screen == nil {
		tolerateBytes()
		made, err := tcell.NewScreen()
		if err != nil {
			return fmt.Errorf("terminal %q: %w: set TERM to a kind of terminal that is known here, or use --line",
				s.options.Env("TERM"), err)
		}
		screen = made
	}
	if err := screen.Init(); err != nil {
		return fmt.Errorf("terminal %q: %w", s.options.Env("TERM"), err)
	}
	colours := screen.Colors()
	if s.options.Env("NO_COLOR") != "" {
		colours = 0
	}
	*s.theme = *s.options.Theme.prepared(colours)
	screen.EnableFocus()
	s.screen = &terminal{Screen: &pasteScreen{Screen: screen}, now: s.now, call: s.call, guard: s.guard, focus: s.look, fail: s.fail}
	s.app.SetScreen(s.screen).EnableMouse(!s.options.NoMouse).EnablePaste(true).SetTitle(title)
	s.app.SetBeforeDrawFunc(s.screen.skip)
	s.app.SetInputCapture(s.capture)
	s.app.SetRoot(s.root, true)
	return nil
}

// feed brings updates and calls to the UI goroutine until there is an end to it, and then stops tview. It alone queues
// anything there, so nothing is ever queued that tview would no longer take.
func (s *Screen) feed(ctx context.Context, updates <-chan core.Update) {
	defer func() {
		close(s.ended)
		s.app.QueueUpdate(func() { s.app.Stop() })
	}()
	var owed core.Update
	var pacer pacer
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.failed:
			return
		case f := <-s.later:
			s.app.QueueUpdateDraw(func() { s.guard(f) })
		case u, open := <-updates:
			if !open || u.View.Quit {
				return
			}
			owed = core.Update{View: u.View, Facts: slices.Concat(owed.Facts, u.Facts)}
			if pacer.due() {
				s.bring(&owed)
			}
		case <-pacer.wait():
			pacer.drawn()
			s.bring(&owed)
		}
	}
}

// bring shows what is owed.
func (s *Screen) bring(owed *core.Update) {
	u := *owed
	*owed = core.Update{}
	s.app.QueueUpdateDraw(func() { s.guard(func() { s.update(u) }) })
}

// deliver hands commands on in their order, however long the client takes for them, so that the screen never waits.
func (s *Screen) deliver(commands chan<- core.Command) {
	var waiting []core.Command
	for {
		out, next := (chan<- core.Command)(nil), core.Command(nil)
		if len(waiting) > 0 {
			out, next = commands, waiting[0]
		}
		select {
		case <-s.ended:
			return
		case c := <-s.outgoing:
			waiting = append(waiting, c)
		case out <- next:
			waiting = waiting[1:]
		}
	}
}

// handOver gives a command to deliver.
func (s *Screen) handOver(c core.Command) {
	select {
	case s.outgoing <- c:
	case <-s.ended:
	}
}

// call has a function called on the UI goroutine, and then a frame drawn. It must not be called on that goroutine.
func (s *Screen) call(f func()) {
	select {
	case s.later <- f:
	case <-s.ended:
	}
}

// guard calls a function. A fault in it ends the screen; after it nothing is called any more.
func (s *Screen) guard(f func()) {
	if s.failure != nil {
		return
	}
	defer func() {
		if fault := recover(); fault != nil {
			s.end(faultError(fault))
		}
	}()
	f()
}

// fail ends the screen because of its terminal.
func (s *Screen) fail(err error) { s.end(fmt.Errorf("terminal: %w", err)) }

// end ends the screen because of an error.
func (s *Screen) end(err error) {
	if s.failure == nil {
		s.failure = err
		close(s.failed)
	}
}
