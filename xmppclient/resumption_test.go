package xmppclient

import (
	"testing"
	"time"

	"traboule/im"
	"traboule/internal/xmpptest"
)

// A server that resumes a session and then understands nothing is found out soon, even while it goes on speaking. The
// session is given up, for it would be as deaf the next time, and what was on its way may have arrived.
func TestDeafResumptionIsGivenUp(t *testing.T) {
	pace := DefaultPace()
	for name, test := range map[string]struct {
		speaks bool
		within time.Duration
	}{
		"a server that is silent": {false, pace.Answer},
		"a server that speaks":    {true, pace.Silence},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, func(s *xmpptest.Server, _ *Config) { s.Deaf = true })
				b.start()
				b.state(im.Connected)
				deaf := b.server.Session()
				deaf.Cut()
				b.state(im.Disconnected)
				said := b.message("salut")
				b.state(im.Resumed)
				start := time.Now()
				if test.speaks {
					ended := make(chan struct{})
					defer close(ended)
					go chatter(deaf, ended)
				}
				if d := b.done(said); d.Err == nil || !d.Unknown {
					t.Errorf("the message ended with %+v", d)
				}
				if d := time.Since(start); d < test.within || d > test.within+time.Second {
					t.Errorf("found out after %v", d)
				}
				if e := b.state(im.Disconnected); e.Err == nil || e.Err.Code != im.CodeTimeout {
					t.Errorf("told as %+v", e.Err)
				}
				b.state(im.Connected)
				if n := b.server.Logins(); n != 3 {
					t.Errorf("%d sessions and resumptions, want 3", n)
				}
			})
		})
	}
}

// chatter says something every second.
func chatter(s *xmpptest.Session, ended chan struct{}) {
	for {
		select {
		case <-ended:
			return
		case <-time.After(time.Second):
			s.Send(`<message from='bob@localhost/x' type='chat'><body>encore</body></message>`)
		}
	}
}

// The question that finds out costs an idle session nothing more, and is answered before anything is sent again.
func TestResumptionIsProved(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		b.state(im.Connected)
		b.server.Session().Cut()
		b.state(im.Resumed)
		select {
		case e := <-b.events:
			t.Errorf("event on an idle connection: %+v", e)
		case <-time.After(2 * DefaultPace().Silence):
		}
		if d := b.done(b.message("salut")); d.Err != nil {
			t.Errorf("ended with %+v", d)
		}
	})
}
