package main

import (
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// panicTime is how long the parts have to end after a panic; core has given the servers a moment before it.
const panicTime = 600 * time.Millisecond

// terminalWipe leaves the second screen and the modes that a screen of ours sets, and clears the terminal with all that it has
// scrolled away, where it lets us (xterm's E3).
const terminalWipe = "\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[H\x1b[2J\x1b[3J"

// panicked forgets the passwords and sees to it that the process ends soon, whatever is stuck. All else that is secret goes
// with the memory of this process and of the one that holds the keys.
func (s *session) panicked() {
	s.panic = true
	for _, a := range s.accounts {
		go a.password.forget() // which waits while one is asked for
	}
	time.AfterFunc(panicTime, func() {
		if s.before != nil {
			_ = term.Restore(int(os.Stdout.Fd()), s.before) // the process ends whether it works or not
		}
		wipeTerminal(os.Stdout)
		os.Exit(0)
	})
}

// wipeTerminal clears a terminal; other files stay as they are.
func wipeTerminal(out *os.File) {
	if term.IsTerminal(int(out.Fd())) {
		_, _ = io.WriteString(out, terminalWipe) // nobody is left to tell of a terminal that is gone
	}
}
