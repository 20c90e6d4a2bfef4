package ui

import (
	"fmt"
	"runtime"
	"strings"
)

// faultError makes an error of a panic in the screen. It names the place in the source and, for an error of the Go runtime,
// which tells types and numbers, its words; never the value of anything else, which could hold what was shown.
func faultError(fault any) error {
	what := fmt.Sprintf("%T", fault)
	if err, ok := fault.(runtime.Error); ok {
		what = err.Error()
	}
	return fmt.Errorf("screen: internal fault: %s%s", what, faultPlace())
}

// faultPlace returns the innermost function of this package that was running, called while recovering.
func faultPlace() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	panicked := false
	for {
		frame, more := frames.Next()
		if frame.Function == "runtime.gopanic" {
			panicked = true
		} else if panicked && !strings.HasPrefix(frame.Function, "runtime.") {
			file := frame.File[strings.LastIndexByte(frame.File, '/')+1:]
			return fmt.Sprintf(" in %s (%s:%d)", frame.Function, file, frame.Line)
		}
		if !more {
			return ""
		}
	}
}
