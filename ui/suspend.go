package ui

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// stopGrace is how long to wait for being stopped: where no shell has job control, it never happens.
const stopGrace = 200 * time.Millisecond

// suspend gives the terminal back to the shell until the shell wakes the program.
func (s *Screen) suspend() { s.app.Suspend(stopJob) }

// stopJob stops the program, with all of its job as the shell would, until the shell wakes it.
func stopJob() {
	woken := make(chan os.Signal, 1)
	signal.Notify(woken, syscall.SIGCONT)
	defer signal.Stop(woken)
	if err := syscall.Kill(0, syscall.SIGTSTP); err != nil {
		return
	}
	select {
	case <-woken:
	case <-time.After(stopGrace):
	}
}
