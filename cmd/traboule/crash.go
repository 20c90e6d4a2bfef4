package main

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"traboule/ui/i18n"
)

// crash is a panic, without the values that it might have carried: only where it happened.
type crash struct{ place string }

// Error names the place.
func (c *crash) Error() string { return "crash at " + c.place }

// guard runs f and turns a panic into an error.
func guard(f func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = &crash{place()}
		}
	}()
	return f()
}

// place lists our own functions on the stack of a panic, innermost first.
func place() string {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)])
	var names []string
	for {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.Function, "traboule/") {
			names = append(names, fmt.Sprintf("%s:%d", frame.Function, frame.Line))
		}
		if !more || len(names) == 5 {
			return strings.Join(names, " < ")
		}
	}
}

// crashed words the end of a session by a fault of ours.
func (s *session) crashed(err error) error {
	var c *crash
	if errors.As(err, &c) {
		return errors.New(s.printer.Format(i18n.StartCrashed, c.place))
	}
	return err
}
