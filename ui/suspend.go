package ui

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/gdamore/tcell/v2"
)

// stopGrace is how long to wait for being stopped: where no shell has job control, it never happens.
const stopGrace = 200 * time.Millisecond

// suspend gives the terminal back to the shell and stops the program, with all of its job as the shell would, until the
// shell wakes it.
func suspend(screen tcell.Screen) {
	if err := screen.Suspend(); err != nil {
		return
	}
	woken := make(chan os.Signal, 1)
	signal.Notify(woken, syscall.SIGCONT)
	defer signal.Stop(woken)
	if err := syscall.Kill(0, syscall.SIGTSTP); err == nil {
		select {
		case <-woken:
		case <-time.After(stopGrace):
		}
	}
	// A terminal that cannot be had back ends the screen with an event of its own.
	_ = screen.Resume()
	screen.Sync()
}
