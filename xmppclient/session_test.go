package xmppclient

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"traboule/im"
	"traboule/internal/xmpptest"
)

// inbox keeps what a server got.
type inbox struct {
	mutex   sync.Mutex
	stanzas []string
}

func (i *inbox) take(_ *xmpptest.Session, stanza string) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.stanzas = append(i.stanzas, stanza)
}

// bodies returns the texts of the messages that came, in order.
func (i *inbox) bodies() []string {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	var bodies []string
	for _, s := range i.stanzas {
		if _, after, found := strings.Cut(s, "<body>"); found {
			body, _, _ := strings.Cut(after, "<")
			bodies = append(bodies, body)
		}
	}
	return bodies
}

func (i *inbox) contains(text string) bool {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	return slices.ContainsFunc(i.stanzas, func(s string) bool { return strings.Contains(s, text) })
}

func TestMessageEndsWhenAcknowledged(t *testing.T) {
	for name, unmanaged := range map[string]bool{"managed": false, "unmanaged": true} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var got inbox
				b := newBench(t, func(s *xmpptest.Server, _ *Config) { s.Arrived, s.Unmanaged = got.take, unmanaged })
				b.start()
				b.state(im.Connected)
				if d := b.done(b.message("salut")); d.Err != nil || d.Unknown {
					t.Errorf("ended with %v", d.Err)
				}
				synctest.Wait()
				if bodies := got.bodies(); !slices.Equal(bodies, []string{"salut"}) {
					t.Errorf("server has %q", bodies)
				}
			})
		})
	}
}

func TestRequestsWithoutASession(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.net.open = nil
		b.start()
		b.state(im.Disconnected)
		if d := b.done(b.message("salut")); d.Err == nil || d.Err.Code != im.CodeNotConnected || d.Unknown {
			t.Errorf("ended with %+v", d)
		}
	})
}

func TestRefusedResumption(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var got inbox
		b := newBench(t, func(s *xmpptest.Server, _ *Config) {
			s.Arrived = func(session *xmpptest.Session, stanza string) {
				got.take(session, stanza)
				if strings.Contains(stanza, "known") {
					session.Cut()
				}
			}
		})
		b.start()
		first := b.state(im.Connected).JID
		b.server.Forget()
		known := b.message("known")
		lost := b.state(im.Disconnected)
		if lost.Err == nil || lost.Err.Code != im.CodeConnectionLost || lost.RetryIn <= 0 || lost.RetryIn > time.Second {
			t.Errorf("loss told as %+v", lost)
		}
		waiting := b.message("waiting")
		roster := b.number()
		b.send(im.FetchRoster{For: roster})
		ends := map[im.RequestID]im.Done{}
		for len(ends) < 3 {
			d := await(b, func(im.Done) bool { return true })
			ends[d.Request] = d
		}
		if d := ends[known]; d.Err != nil {
			t.Errorf("the server counted it, yet it ended with %v", d.Err)
		}
		if d := ends[waiting]; d.Err == nil || d.Err.Code != im.CodeConnectionLost || d.Unknown {
			t.Errorf("never sent, ended with %+v", d)
		}
		if d := ends[roster.ID]; d.Err == nil {
			t.Errorf("question of the old session ended with %+v", d)
		}
		if again := b.state(im.Connected); again.JID != first {
			t.Errorf("came back as %q, was %q", again.JID, first)
		}
		synctest.Wait()
		if bodies := got.bodies(); !slices.Equal(bodies, []string{"known"}) {
			t.Errorf("server has %q", bodies)
		}
		if d := b.done(b.message("afterwards")); d.Err != nil {
			t.Errorf("new session: %v", d.Err)
		}
	})
}

func TestUnacknowledgedMessageIsUnknown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, func(s *xmpptest.Server, _ *Config) {
			s.Arrived = func(session *xmpptest.Session, _ string) { session.Cut() }
			s.Forge = func(stage xmpptest.Stage, honest string) string {
				if stage == xmpptest.Resumed { // says nothing about what it had
					return `<failed xmlns='urn:xmpp:sm:3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`
				}
				return honest
			}
		})
		b.start()
		b.state(im.Connected)
		b.server.Forget()
		if d := b.done(b.message("salut")); d.Err == nil || d.Err.Code != im.CodeConnectionLost || !d.Unknown {
			t.Errorf("ended with %+v", d)
		}
	})
}

func TestImpossibleCounts(t *testing.T) {
	claim := func(h string) func(*xmpptest.Server, *Config) {
		return func(s *xmpptest.Server, _ *Config) {
			s.Arrived = func(session *xmpptest.Session, _ string) {
				session.Raw(`<a xmlns='urn:xmpp:sm:3' h='` + h + `'/>`)
				time.Sleep(time.Second) // before the honest answer
			}
		}
	}
	tests := map[string]func(*xmpptest.Server, *Config){
		"in an acknowledgement": claim("77"),
		"that is no number":     claim("-1"),
		"at the resumption": func(s *xmpptest.Server, _ *Config) {
			s.Arrived = func(session *xmpptest.Session, _ string) { session.Cut() }
			s.Forge = func(stage xmpptest.Stage, honest string) string {
				return strings.Replace(honest, `<resumed xmlns='urn:xmpp:sm:3' h='2'`, `<resumed xmlns='urn:xmpp:sm:3' h='99'`, 1)
			}
		},
	}
	for name, adjust := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, adjust)
				t.Cleanup(func() { time.Sleep(time.Minute) }) // lets the server wake and end
				b.start()
				b.state(im.Connected)
				if d := b.done(b.message("salut")); d.Err == nil || !d.Unknown {
					t.Errorf("ended with %+v", d)
				}
				b.state(im.Connected)
			})
		})
	}
}

func TestOnlyManagedStanzasCount(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, func(s *xmpptest.Server, _ *Config) {
			s.Forge = func(stage xmpptest.Stage, honest string) string {
				if stage == xmpptest.Enabled {
					return `<message from='bob@localhost/x' type='chat'><body>early</body></message>` + honest
				}
				return honest
			}
		})
		b.start()
		b.state(im.Connected)
		if m := await(b, func(im.MessageReceived) bool { return true }); m.Message.Body != "early" {
			t.Errorf("%+v", m)
		}
		synctest.Wait() // for the answer to the first question, which counts
		s := b.server.Session()
		s.Send(`<message from='bob@localhost/x' type='chat'><body>counted</body></message>`)
		await(b, func(im.MessageReceived) bool { return true })
		s.Raw(`<unknown xmlns='urn:example'/>`)
		await(b, func(im.Dropped) bool { return true })
		s.Ask()
		synctest.Wait()
		if h := s.Acknowledged(); h != 2 {
			t.Errorf("client counts %d", h)
		}
	})
}
