package ui

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
)

const (
	// frameTime is the shortest time between two frames that nobody asked for by a key.
	frameTime = 16 * time.Millisecond
	// title is the name of the terminal's window: that of the program, and nothing of what it shows.
	title = "traboule"
)

// Run draws until ctx ends, the updates end or a View says Quit. commands takes what the user wants and updates brings
// what to draw. The terminal is as it was before when Run returns, whatever happens; a fault of the screen itself comes
// back as an error without anything of what was shown.
func (s *Screen) Run(ctx context.Context, commands chan<- core.Command, updates <-chan core.Update) (err error) {
	if err := s.open(); err != nil {
		return err
	}
	events := make(chan tcell.Event)
	var poller sync.WaitGroup
	defer func() {
		fault := recover()
		s.close()
		poller.Wait()
		if fault != nil {
			err = faultError(fault)
		}
	}()
	poller.Go(func() { s.poll(events) })
	return s.loop(ctx, events, commands, updates)
}

// open takes the terminal.
func (s *Screen) open() error {
	screen := s.options.Screen
	if screen == nil {
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
	s.screen = &pasteScreen{Screen: screen}
	colours := screen.Colors()
	if s.options.Env("NO_COLOR") != "" {
		colours = 0
	}
	*s.theme = *s.options.Theme.prepared(colours)
	if !s.options.NoMouse {
		screen.EnableMouse(tcell.MouseButtonEvents)
	}
	screen.EnablePaste()
	screen.EnableFocus()
	screen.SetTitle(title)
	return nil
}

// close gives the terminal back and ends what waits for the screen.
func (s *Screen) close() {
	close(s.ended)
	s.screen.Fini()
}

// poll hands over the events of the terminal until it is given back.
func (s *Screen) poll(events chan<- tcell.Event) {
	for {
		ev := s.screen.PollEvent()
		if ev == nil {
			return
		}
		select {
		case events <- ev:
		case <-s.ended:
			return
		}
	}
}

// loop is the screen's one goroutine: everything that changes its state or draws happens here, one after the other. It
// waits without a timer while nothing happens, and no channel can hold it up.
func (s *Screen) loop(ctx context.Context, events <-chan tcell.Event, commands chan<- core.Command, updates <-chan core.Update) error {
	var pacer pacer
	s.draw()
	for {
		out, next := s.nextCommand(commands)
		select {
		case <-ctx.Done():
			return nil
		case out <- next:
			s.outgoing = s.outgoing[1:]
		case ev := <-events:
			if err := s.events(ev, events); err != nil {
				return fmt.Errorf("terminal: %w", err)
			}
			pacer.drawn()
			s.draw()
		case f := <-s.later:
			f()
			pacer.drawn()
			s.draw()
		case u, open := <-updates:
			if !open {
				return nil
			}
			s.update(u)
			if u.View.Quit {
				return nil
			}
			if pacer.due() {
				s.draw()
			}
		case <-pacer.wait():
			pacer.drawn()
			s.draw()
		}
	}
}

// nextCommand returns where to send which command; a nil channel if there is none.
func (s *Screen) nextCommand(commands chan<- core.Command) (chan<- core.Command, core.Command) {
	if len(s.outgoing) == 0 {
		return nil, nil
	}
	return commands, s.outgoing[0]
}

// eventBatch bounds how many events are handled before the next frame.
const eventBatch = 256

// events handles an event and those that already wait behind it, so that a burst of keys costs one frame.
func (s *Screen) events(ev tcell.Event, more <-chan tcell.Event) error {
	for range eventBatch {
		if err := s.event(ev); err != nil {
			return err
		}
		select {
		case ev = <-more:
		default:
			return nil
		}
	}
	return s.event(ev)
}

// pacer spaces the frames that updates ask for. Its timer runs only while a frame is owed.
type pacer struct {
	last  time.Time
	timer *time.Timer
}

// due reports whether to draw now; if it is too early, wait will tell when.
func (p *pacer) due() bool {
	if p.timer != nil {
		return false
	}
	if early := frameTime - time.Since(p.last); early > 0 {
		p.timer = time.NewTimer(early)
		return false
	}
	p.last = time.Now()
	return true
}

// wait returns a channel that tells when the owed frame is due, nil if none is owed.
func (p *pacer) wait() <-chan time.Time {
	if p.timer == nil {
		return nil
	}
	return p.timer.C
}

// drawn notes that a frame is drawn now.
func (p *pacer) drawn() {
	if p.timer != nil {
		p.timer.Stop()
	}
	p.last, p.timer = time.Now(), nil
}
