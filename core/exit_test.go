package core

import (
	"testing"
	"time"

	"traboule/im"
)

func TestExitStatus(t *testing.T) {
	want := map[im.Code]int{
		im.CodeTorMissing: 4, im.CodeTorFailed: 4, im.CodeTorUnavailable: 4, im.CodeTorBootstrap: 4, im.CodeNotTor: 4,
		im.CodeNoNetwork: 4, im.CodeClockWrong: 4,
		im.CodeLoginRefused: 3, im.CodeDowngrade: 3, im.CodeNoMechanism: 3, im.CodeNoAnonymous: 3,
	}
	for _, code := range im.Codes() {
		if got := ExitStatus(code); got != max(want[code], StatusFailure) {
			t.Errorf("%s: status %d, want %d", code, got, max(want[code], StatusFailure))
		}
	}
}

func TestStatusTellsWhatKeepsAnAccountOffLine(t *testing.T) {
	ana, bob := im.MustJID("ana@example.org"), im.MustJID("bob@example.org")
	tests := map[string]struct {
		events []im.ConnectionChanged
		want   int
	}{
		"connected":       {[]im.ConnectionChanged{{State: im.Connected}}, 0},
		"connection lost": {[]im.ConnectionChanged{{State: im.Connected}, {State: im.Disconnected, Err: &im.Failure{Code: im.CodeTimeout}}}, 0},
		"never connected": {[]im.ConnectionChanged{
			{State: im.Disconnected, Err: &im.Failure{Code: im.CodeTorUnavailable}}, {State: im.Connecting}, {State: im.Disconnected},
		}, StatusTor},
		"waiting for Tor":    {[]im.ConnectionChanged{{State: im.WaitingForTor}, {State: im.Disconnected}}, StatusTor},
		"not Tor":            {[]im.ConnectionChanged{{State: im.Failed, Err: &im.Failure{Code: im.CodeNotTor}}}, StatusTor},
		"password refused":   {[]im.ConnectionChanged{{State: im.Failed, Err: &im.Failure{Code: im.CodeLoginRefused}}}, StatusLoginRefused},
		"weaker login":       {[]im.ConnectionChanged{{State: im.Failed, Err: &im.Failure{Code: im.CodeDowngrade}}}, StatusLoginRefused},
		"no Tor":             {[]im.ConnectionChanged{{State: im.Failed, Err: &im.Failure{Code: im.CodeTorUnavailable}}}, StatusTor},
		"false certificate":  {[]im.ConnectionChanged{{State: im.Failed, Err: &im.Failure{Code: im.CodeCertificate}}}, StatusFailure},
		"failed without why": {[]im.ConnectionChanged{{State: im.Failed}}, StatusFailure},
		"one of two": {[]im.ConnectionChanged{
			{State: im.Failed, Err: &im.Failure{Code: im.CodeLoginRefused}}, {On: im.On{Account: bob}, State: im.Connected},
		}, StatusLoginRefused},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := New(Options{Accounts: []AccountOptions{{JID: ana}, {JID: bob}}})
			for _, e := range test.events {
				if e.Account.IsZero() {
					e.Account = ana
				}
				c.Handle(time.Unix(0, 0), Received{Event: e})
			}
			if got := c.View().Status; got != test.want {
				t.Errorf("status %d, want %d", got, test.want)
			}
		})
	}
}
