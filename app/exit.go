package app

import "traboule/im"

// The exit statuses of the contract.
const (
	StatusFailure      = 1
	StatusUsage        = 2
	StatusLoginRefused = 3
	StatusTor          = 4
	StatusPassphrase   = 5
)

// ExitStatus gives the exit status that tells a script why the client could not connect.
func ExitStatus(code im.Code) int {
	switch code {
	case im.CodeLoginRefused, im.CodeDowngrade, im.CodeNoMechanism:
		return StatusLoginRefused
	case im.CodeTorUnavailable, im.CodeTorBootstrap:
		return StatusTor
	default:
		return StatusFailure
	}
}

// noteFailure remembers which accounts have given up.
func (l *loop) noteFailure(c im.ConnectionChanged) {
	if c.State != im.Failed {
		delete(l.failed, c.Of())
		return
	}
	code := im.CodeUnreachable
	if c.Err != nil {
		code = c.Err.Code
	}
	l.failed[c.Of()] = code
}

// allFailed reports that every account has given up, and with which status to end.
func (l *loop) allFailed() (status int, ended bool) {
	if !l.ExitWhenFailed || len(l.Clients) == 0 || len(l.failed) < len(l.Clients) {
		return 0, false
	}
	for _, code := range l.failed {
		status = max(status, ExitStatus(code))
	}
	return status, true
}
