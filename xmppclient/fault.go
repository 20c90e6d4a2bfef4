package xmppclient

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"

	"mellium.im/xmpp/stream"

	"traboule/im"
)

// asFailure words whatever ended an attempt or a session.
func asFailure(err error) *im.Failure {
	var f *im.Failure
	if errors.As(err, &f) {
		return f
	}
	var s stream.Error
	if errors.As(err, &s) {
		return streamFailure(s)
	}
	return networkFailure(err)
}

// networkFailure words an error of the connection itself. The texts of the operating system stay out of it.
func networkFailure(err error) *im.Failure {
	var f *im.Failure
	var netErr net.Error
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, errRestrictedXML), errors.Is(err, errNotWellFormed):
		return &im.Failure{Code: im.CodeStream, Detail: err.Error()}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return &im.Failure{Code: im.CodeTimeout}
	case errors.Is(err, errGone), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe), errors.As(err, &netErr):
		return &im.Failure{Code: im.CodeConnectionLost}
	}
	return &im.Failure{Code: im.CodeStream, Detail: "server's XML cannot be read"}
}

// streamFailure words a stream error (RFC 6120 §4.9.3). Another client that took our place would be thrown out in turn if
// we came back by ourselves, and so for ever.
func streamFailure(s stream.Error) *im.Failure {
	f := &im.Failure{Code: im.CodeStream, Condition: clip(s.Err, maxID)}
	if len(s.Text) > 0 {
		f.Text = clip(s.Text[0].Value, maxText)
	}
	switch s.Err {
	case "conflict":
		f.Code, f.Lasting = im.CodeConflict, true
	case "host-unknown", "host-gone", "not-authorized", "unsupported-version":
		f.Lasting = true
	}
	return f
}

// contain, deferred, hands a panic of this goroutine to f as a failure. It ends one connection then, and not the client, which
// would leave the terminal unusable and print what it held. The failure names the place alone. It lasts: coming back by
// ourselves, we would be sent again what brought it about.
func contain(f func(*im.Failure)) {
	if recover() != nil {
		f(&im.Failure{Code: im.CodeInternalFault, Detail: faultPlace(), Lasting: true})
	}
}

// faultPlace finds the innermost line of this package on the stack of a panic.
func faultPlace() string {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	for panicked := false; ; {
		frame, more := frames.Next()
		if frame.Function == "runtime.gopanic" {
			panicked = true
		} else if panicked && strings.HasPrefix(frame.Function, "traboule/xmppclient") {
			return frame.File[strings.LastIndexByte(frame.File, '/')+1:] + ":" + strconv.Itoa(frame.Line)
		}
		if !more {
			return ""
		}
	}
}
