package xmppclient

import (
	"context"
	"net"
	"slices"
	"testing"
	"time"

	"traboule/im"
	"traboule/internal/xmpptest"
)

// TestReady shows that nothing is dialled before the network is ready, that the wait is told, and that its failure is that of
// the attempt.
func TestReady(t *testing.T) {
	bubble(t, func(t *testing.T) {
		step := make(chan int, 1)
		b := newBench(t, func(_ *xmpptest.Server, c *Config) {
			c.Ready = func(_ context.Context, tell func(int)) error {
				for progress := range step {
					tell(progress)
				}
				return nil
			}
		})
		b.start()
		var seen []int
		for _, progress := range []int{0, 45} {
			step <- progress
			seen = append(seen, b.state(im.WaitingForTor).Progress)
		}
		if b.net.dialed != nil || !slices.Equal(seen, []int{0, 45}) {
			t.Errorf("dialled %q before the network was ready, told %d", b.net.dialed, seen)
		}
		close(step)
		b.state(im.Connecting)
		b.state(im.Connected)
	})
}

func TestNotReady(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, func(_ *xmpptest.Server, c *Config) {
			c.Ready = func(context.Context, func(int)) error { return &im.Failure{Code: im.CodeTorMissing, Lasting: true} }
		})
		b.start()
		if e := b.state(im.Failed); e.Err.Code != im.CodeTorMissing || b.net.dialed != nil {
			t.Errorf("failed with %v, dialled %q", e.Err, b.net.dialed)
		}
	})
}

// TestNetworkGoesDuringAttempt lets the first place find out that the network has gone: the wait for it is told, and the
// attempt goes on after it.
func TestNetworkGoesDuringAttempt(t *testing.T) {
	bubble(t, func(t *testing.T) {
		gone, back := make(chan struct{}), make(chan struct{})
		b := newBench(t, func(_ *xmpptest.Server, c *Config) {
			c.Ready = func(_ context.Context, tell func(int)) error {
				select {
				case <-gone:
					tell(0)
					<-back
				default:
				}
				return nil
			}
		})
		b.net.known = []Candidate{{Host: "known.example", Port: 5222}}
		b.net.open["known.example"] = func() (net.Conn, error) {
			close(gone)
			return nil, &im.Failure{Code: im.CodeTorUnavailable}
		}
		b.start()
		b.state(im.Connecting)
		b.state(im.WaitingForTor)
		if b.net.lookups != 0 {
			t.Errorf("looked up %d times without a network", b.net.lookups)
		}
		close(back)
		b.state(im.Connecting)
		b.state(im.Connected)
	})
}

// TestReconnect shows that the session goes on in a new connection, at once, and that what is on its way arrives.
func TestReconnect(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		b.state(im.Connected)
		message := b.message("sent before")
		b.send(im.Reconnect{For: b.number()})
		var left *im.ConnectionChanged
		var sent *im.Done // the server may have acknowledged it before the connection is left
		resumed := false
		await(b, func(e im.Event) bool {
			switch e := e.(type) {
			case im.Done:
				if e.Request == message {
					sent = &e
				}
			case im.ConnectionChanged:
				if e.State == im.Disconnected {
					left = &e
				}
				resumed = resumed || e.State == im.Resumed
			}
			return resumed && sent != nil
		})
		if left == nil || left.Err == nil || left.Err.Code != im.CodeCircuitsRenewed || left.RetryIn <= 0 {
			t.Errorf("left with %+v", left)
		}
		if sent.Err != nil {
			t.Errorf("the message ended with %v", sent.Err)
		}
		if len(b.net.dialed) != 2 {
			t.Errorf("dialled %q", b.net.dialed)
		}
	})
}

// TestReconnectWhileConnecting shows that a connection which is not ready yet makes place too, and that the one in its place
// comes at once.
func TestReconnectWhileConnecting(t *testing.T) {
	bubble(t, func(t *testing.T) {
		asked, times := make(chan struct{}), 0
		b := newBench(t, func(_ *xmpptest.Server, cfg *Config) {
			password := cfg.Password
			cfg.Password = func(ctx context.Context) (string, error) {
				if times++; times == 1 {
					close(asked)
					<-ctx.Done()
					return "", ctx.Err()
				}
				return password(ctx)
			}
		})
		b.start()
		b.state(im.Connecting)
		b.state(im.Connecting) // at a server
		<-asked
		begun := time.Now()
		b.send(im.Reconnect{For: b.number()})
		b.state(im.Connected)
		if len(b.net.dialed) != 2 || time.Since(begun) > 0 {
			t.Errorf("dialled %q, after %v", b.net.dialed, time.Since(begun))
		}
	})
}

// TestReconnectOffline shows that it connects nobody who is not connected.
func TestReconnectOffline(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		b.state(im.Connected)
		b.send(im.Disconnect{For: b.number()})
		b.state(im.Disconnected)
		again := b.number()
		b.send(im.Reconnect{For: again})
		if d := b.done(again.ID); d.Err != nil || len(b.net.dialed) != 1 {
			t.Errorf("ended with %v, dialled %q", d.Err, b.net.dialed)
		}
	})
}
