package core

import "traboule/im"

// The exit statuses of the contract; 0 is fine.
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
	case im.CodeLoginRefused, im.CodeDowngrade, im.CodeNoMechanism, im.CodeNoAnonymous:
		return StatusLoginRefused
	case im.CodeTorUnavailable, im.CodeTorBootstrap, im.CodeTorMissing, im.CodeTorFailed, im.CodeNoNetwork, im.CodeClockWrong,
		im.CodeNotTor:
		return StatusTor
	default:
		return StatusFailure
	}
}

// status is the exit status if the client ended now: the worst that keeps an account off line, for good or since the start.
func (c *Core) status() int {
	status := 0
	for _, a := range c.accounts {
		switch {
		case a.view.State == im.Failed && a.view.Err == nil:
			status = max(status, StatusFailure)
		case a.view.State == im.Failed:
			status = max(status, ExitStatus(a.view.Err.Code))
		case a.session == 0 && a.fault != nil:
			status = max(status, ExitStatus(a.fault.Code))
		}
	}
	return status
}
