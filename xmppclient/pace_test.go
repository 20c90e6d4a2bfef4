package xmppclient

import (
	"strings"
	"testing"
	"time"

	"traboule/im"
	"traboule/internal/xmpptest"
)

func TestResumptionIsGivenUpInTime(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		b.state(im.Connected)
		b.net.open = nil
		b.server.Session().Cut()
		b.state(im.Disconnected)
		start := time.Now()
		if d := b.done(b.message("kept")); d.Err == nil || time.Since(start) > 61*time.Second {
			t.Errorf("ended with %+v after %v", d, time.Since(start))
		}
	})
}

func TestBackoffGrowsAndIsBounded(t *testing.T) {
	b := backoff{first: time.Second, longest: 2 * time.Minute}
	limit := time.Second
	for i := range 20 {
		wait := b.next()
		if wait > limit || i > 0 && wait < limit/2 {
			t.Errorf("wait %d is %v, limit %v", i, wait, limit)
		}
		limit = min(2*limit, 2*time.Minute)
	}
	b.reset()
	if wait := b.next(); wait > time.Second {
		t.Errorf("after a success %v", wait)
	}
}

func TestSilentServerIsFoundOut(t *testing.T) {
	for name, unmanaged := range map[string]bool{"managed": false, "unmanaged": true} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				stuck := make(chan struct{})
				b := newBench(t, func(s *xmpptest.Server, _ *Config) {
					s.Unmanaged = unmanaged
					s.Arrived = func(*xmpptest.Session, string) { <-stuck }
				})
				t.Cleanup(func() { close(stuck) })
				b.start()
				b.state(im.Connected)
				start := time.Now()
				if !unmanaged {
					b.message("takes the server's voice")
				}
				if e := b.state(im.Disconnected); e.Err == nil || e.Err.Code != im.CodeTimeout {
					t.Errorf("%+v", e.Err)
				}
				if d, pace := time.Since(start), DefaultPace(); d < pace.Silence || d > pace.Silence+2*pace.Answer {
					t.Errorf("found out after %v", d)
				}
			})
		})
	}
}

func TestIdleConnectionLivesAndSleeps(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, func(s *xmpptest.Server, _ *Config) {
			s.Unmanaged = true
			s.Arrived = func(session *xmpptest.Session, stanza string) {
				if _, after, found := strings.Cut(stanza, "id='"); found && strings.Contains(stanza, "urn:xmpp:ping") {
					id, _, _ := strings.Cut(after, "'")
					session.Send(`<iq type='result' id='` + id + `' from='localhost'/>`)
				}
			}
		})
		b.start()
		b.state(im.Connected)
		select {
		case e := <-b.events:
			t.Errorf("event on an idle connection: %+v", e)
		case <-time.After(24 * time.Hour):
		}
		if n := b.server.Logins(); n != 1 {
			t.Errorf("%d logins", n)
		}
	})
}
