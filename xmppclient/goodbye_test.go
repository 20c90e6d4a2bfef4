package xmppclient

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"traboule/im"
	"traboule/internal/xmpptest"
)

func TestConflictLasts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		b.state(im.Connected)
		b.server.Session().Raw(`<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>replaced</text></stream:error></stream:stream>`)
		e := b.state(im.Failed)
		if e.Err.Code != im.CodeConflict || e.Err.Text != "replaced" || !e.Err.Lasting || e.RetryIn != 0 {
			t.Errorf("%+v", e.Err)
		}
		time.Sleep(time.Hour)
		if n := b.server.Logins(); n != 1 {
			t.Errorf("%d logins", n)
		}
		b.send(im.Connect{For: b.number()}) // the user may insist
		b.state(im.Connected)
	})
}

func TestDisconnect(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var got inbox
		b := newBench(t, func(s *xmpptest.Server, _ *Config) { s.Arrived = got.take })
		b.start()
		b.state(im.Connected)
		b.send(im.SetPresence{For: b.number(), Show: im.Online})
		last := b.message("au revoir")
		bye := b.number()
		b.send(im.Disconnect{For: bye})
		if d := b.done(last); d.Err != nil {
			t.Errorf("last words: %v", d.Err)
		}
		if e := b.state(im.Disconnected); e.Err != nil || e.RetryIn != 0 {
			t.Errorf("%+v", e)
		}
		if d := b.done(bye.ID); d.Err != nil {
			t.Error(d.Err)
		}
		synctest.Wait()
		if !got.contains("unavailable") {
			t.Errorf("no goodbye in %q", got.stanzas)
		}
		if d := b.done(b.message("too late")); d.Err == nil || d.Err.Code != im.CodeNotConnected {
			t.Errorf("%+v", d)
		}
		time.Sleep(time.Hour)
		if n := b.server.Logins(); n != 1 {
			t.Errorf("%d logins", n)
		}
		b.send(im.Connect{For: b.number()})
		b.state(im.Connected)
	})
}

// TestUnseenGoodbye shows that contacts hear nothing of the end of a session of which they were not told, or were told that it is
// over: some servers pass on whatever is broadcast.
func TestUnseenGoodbye(t *testing.T) {
	for name, before := range map[string][]im.Show{"never shown": nil, "taken back": {im.Online, im.Offline}} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var got inbox
				b := newBench(t, func(s *xmpptest.Server, _ *Config) { s.Arrived = got.take })
				b.start()
				b.state(im.Connected)
				for _, show := range before {
					b.send(im.SetPresence{For: b.number(), Show: show})
				}
				b.message("dernier mot")
				synctest.Wait()
				bye := b.number()
				b.send(im.Disconnect{For: bye})
				if d := b.done(bye.ID); d.Err != nil {
					t.Error(d.Err)
				}
				synctest.Wait()
				if !slices.Equal(got.bodies(), []string{"dernier mot"}) {
					t.Errorf("server has %q", got.stanzas)
				}
				told := 0
				for _, stanza := range got.stanzas {
					if strings.HasPrefix(stanza, "<presence") {
						told++
					}
				}
				if told != len(before) {
					t.Errorf("presence was sent %d times, want %d: %q", told, len(before), got.stanzas)
				}
			})
		})
	}
}

func TestDisconnectWhileDown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		b.state(im.Connected)
		b.net.open = nil
		b.server.Session().Cut()
		b.state(im.Disconnected)
		kept := b.message("kept for the resumption")
		bye := b.number()
		b.send(im.Disconnect{For: bye})
		if d := b.done(kept); d.Err == nil || d.Unknown {
			t.Errorf("%+v", d)
		}
		b.done(bye.ID)
		time.Sleep(time.Hour)
		if n := len(b.net.dialed); n > 2 {
			t.Errorf("dialled %d times", n)
		}
	})
}

func TestEndOfRunSaysGoodbye(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var got inbox
		b := newBench(t, func(s *xmpptest.Server, _ *Config) { s.Arrived = got.take })
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- b.client.Run(ctx) }()
		b.send(im.Connect{For: b.number()})
		b.state(im.Connected)
		b.send(im.SetPresence{For: b.number(), Show: im.Online})
		b.message("last")
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		synctest.Wait()
		if !got.contains("unavailable") || !slices.Equal(got.bodies(), []string{"last"}) {
			t.Errorf("server has %q", got.stanzas)
		}
	})
}

func TestEndOfRunDoesNotWaitForADeadServer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		stuck := make(chan struct{})
		b := newBench(t, func(s *xmpptest.Server, _ *Config) {
			s.Arrived = func(*xmpptest.Session, string) { <-stuck }
		})
		b.start() // its cleanup waits for Run
		b.state(im.Connected)
		b.message("never handled")
		synctest.Wait()
		t.Cleanup(func() { close(stuck) })
	})
}
