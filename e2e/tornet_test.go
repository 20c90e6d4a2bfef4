package e2e_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"traboule/internal/tornet"
)

// privateTor is the Tor network of all tests, started by the first that wants it and stopped after the last.
type privateTor struct {
	once    sync.Once
	network *tornet.Network
	fault   error
}

var sharedTor = new(privateTor)

// torStart bounds the start of the network on a busy machine.
const torStart = 3 * time.Minute

// onTor returns the private Tor network. No test may stop or freeze it, since others use it at the same time.
func onTor(t testing.TB) *tornet.Network {
	t.Helper()
	if !tornet.Installed() {
		need(t, "tor")
	}
	sharedTor.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), torStart)
		defer cancel()
		sharedTor.network, sharedTor.fault = tornet.Start(ctx, tornet.Options{})
	})
	if sharedTor.fault != nil {
		t.Fatal(sharedTor.fault)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(sharedTor.network.Log())
		}
	})
	return sharedTor.network
}

// stop ends what was started.
func (p *privateTor) stop() error {
	if p.network == nil {
		return nil
	}
	return p.network.Stop()
}
