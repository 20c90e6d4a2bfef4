package xmppclient

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"traboule/im"
	"traboule/internal/xmpptest"
)

func TestServerThatSendsElsewhere(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		moved := &xmpptest.Server{Domain: "localhost", Certificate: b.server.Certificate, Bindings: b.server.Bindings, Forge: func(stage xmpptest.Stage, honest string) string {
			if stage == xmpptest.AuthFeatures {
				return `<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>localhost:5222</see-other-host></stream:error>`
			}
			return honest
		}}
		b.net.places = []Candidate{{Host: "old", Port: 5222}}
		b.net.open["old"] = func() (net.Conn, error) { return moved.Pipe(), nil }
		b.start()
		if e := b.state(im.Connected); e.Server != "localhost:5222" {
			t.Errorf("at %q", e.Server)
		}
		b.net.places = nil // a running session can be sent elsewhere too
		b.server.Session().Raw(`<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>[localhost]:5222</see-other-host></stream:error></stream:stream>`)
		if e := b.state(im.Connected); e.Server != "localhost:5222" {
			t.Errorf("then at %q", e.Server)
		}
	})
}

func TestRedirectionsEnd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, forge(xmpptest.AuthFeatures, `<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>localhost</see-other-host></stream:error>`))
		b.start()
		b.state(im.Disconnected)
		if n := len(b.net.dialed); n != 1+maxRedirects {
			t.Errorf("dialled %d times", n)
		}
	})
}

func TestRedirectionMustBeAHost(t *testing.T) {
	for _, text := range []string{"", "a b", "evil\x1b[m", "host:0", "host:99999", "ho/st:1", "é", ":5222"} {
		if c := redirection(streamError("see-other-host", text), true); c != nil {
			t.Errorf("%q followed to %+v", text, c)
		}
	}
	for text, want := range map[string]Candidate{
		"a.example:5269": {Host: "a.example", Port: 5269}, "a.example": {Host: "a.example", Port: 5222},
		"[2001:db8::1]:443": {Host: "2001:db8::1", Port: 443}, "2001:db8::1": {Host: "2001:db8::1", Port: 5222},
	} {
		if c := redirection(streamError("see-other-host", text), false); c == nil || *c != want {
			t.Errorf("%q: %+v", text, c)
		}
	}
	if redirection(errors.New("other"), false) != nil || redirection(streamError("reset", "a"), false) != nil {
		t.Error("something else was followed")
	}
}

func TestPersonMayThinkAboutThePassword(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, func(_ *xmpptest.Server, c *Config) {
			c.Password = func(context.Context) (string, error) {
				time.Sleep(10 * DefaultPace().Login)
				return "sésame", nil
			}
		})
		b.start()
		b.state(im.Connected)
	})
}

func TestRefusedPasswordIsAskedForAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		kept, refused, accepted := "sesame", 0, 0
		b := newBench(t, func(_ *xmpptest.Server, c *Config) {
			c.Password = func(context.Context) (string, error) { return kept, nil }
			c.Refused = func() { kept, refused = "sésame", refused+1 }
			c.Accepted = func() { accepted++ }
		})
		b.start()
		if e := b.state(im.Failed); e.Err.Code != im.CodeLoginRefused || refused != 1 || accepted != 0 {
			t.Errorf("%+v, refused %d times, accepted %d times", e.Err, refused, accepted)
		}
		b.send(im.Connect{For: b.number()})
		b.state(im.Connected)
		if accepted != 1 {
			t.Errorf("accepted %d times", accepted)
		}
		b.server.Session().Cut()
		await(b, func(e im.ConnectionChanged) bool { return e.State == im.Connected || e.State == im.Resumed })
		if refused != 1 {
			t.Errorf("a password that is right was refused: %d times", refused-1)
		}
	})
}

func TestPlacesAreTriedInOrder(t *testing.T) {
	tests := map[string]struct {
		places []string
		code   im.Code
	}{
		"the first that works":              {[]string{"nowhere", "localhost", "nowhere"}, ""},
		"what smells of an attack is told":  {[]string{"nowhere", "impostor", "nowhere"}, im.CodeCertificate},
		"even if a place without TLS comes": {[]string{"impostor", "bare"}, im.CodeCertificate},
		"no TLS is graver than no name":     {[]string{"nowhere", "bare", "nowhere"}, im.CodeTLSRequired},
		"a refused login is final":          {[]string{"strict", "localhost"}, im.CodeLoginRefused},
		"no place":                          {nil, im.CodeNameNotFound},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t)
				other := newBench(t) // of another authority
				bare := &xmpptest.Server{Domain: "localhost", Forge: func(xmpptest.Stage, string) string { return `<stream:features/>` }}
				strict := &xmpptest.Server{Domain: "localhost", Certificate: b.server.Certificate, Password: "another"}
				b.net.open["impostor"] = func() (net.Conn, error) { return other.server.Pipe(), nil }
				b.net.open["bare"] = func() (net.Conn, error) { return bare.Pipe(), nil }
				b.net.open["strict"] = func() (net.Conn, error) { return strict.Pipe(), nil }
				b.net.places = nil
				for _, host := range test.places {
					b.net.places = append(b.net.places, Candidate{Host: host, Port: 5222})
				}
				b.start()
				e := await(b, func(e im.ConnectionChanged) bool { return e.State != im.Connecting })
				if test.code == "" {
					if e.State != im.Connected || len(b.net.dialed) != 2 {
						t.Errorf("%+v after %q", e, b.net.dialed)
					}
					return
				}
				if e.Err == nil || e.Err.Code != test.code {
					t.Errorf("%+v", e.Err)
				}
			})
		})
	}
}

func TestWeakerOfferLaterIsRefused(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		b.state(im.Connected)
		weak := &xmpptest.Server{Domain: "localhost", Certificate: b.server.Certificate, Password: "sésame", Mechanisms: []string{"SCRAM-SHA-1"}}
		b.net.open["localhost"] = func() (net.Conn, error) { return weak.Pipe(), nil }
		b.server.Session().Cut()
		if e := b.state(im.Failed); e.Err.Code != im.CodeDowngrade {
			t.Errorf("%+v", e.Err)
		}
	})
}

// TestMechanismIsTold: whoever remembers it refuses a weaker one in the next session too.
func TestMechanismIsTold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		offered := await(b, func(im.MechanismOffered) bool { return true })
		if e := b.state(im.Connected); offered.Mechanism != e.SASL || offered.Of() != b.client.cfg.Account || e.SASL == "" {
			t.Errorf("%+v, but logged in by %q", offered, e.SASL)
		}
		b.server.Session().Cut()
		again := await(b, func(e im.Event) bool {
			c, is := e.(im.ConnectionChanged)
			_, twice := e.(im.MechanismOffered)
			return twice || is && (c.State == im.Resumed || c.State == im.Connected)
		})
		if _, twice := again.(im.MechanismOffered); twice {
			t.Error("told a second time")
		}
	})
	bubble(t, func(t *testing.T) {
		b := newBench(t, func(s *xmpptest.Server, c *Config) {
			s.Mechanisms, c.Least = []string{"SCRAM-SHA-1"}, "SCRAM-SHA-256"
		})
		b.start()
		if e := b.state(im.Failed); e.Err.Code != im.CodeDowngrade {
			t.Errorf("%+v", e.Err)
		}
	})
}

// TestKnownPlacesNeedNoLookUp shows that nothing is looked up while what is known answers, and that it is when nobody does.
func TestKnownPlacesNeedNoLookUp(t *testing.T) {
	for host, lookups := range map[string]int{"localhost": 0, "gone.example": 1} {
		bubble(t, func(t *testing.T) {
			b := newBench(t)
			b.net.known = []Candidate{{Host: host, Port: 5222}}
			b.start()
			b.state(im.Connected)
			b.net.mutex.Lock()
			defer b.net.mutex.Unlock()
			if b.net.lookups != lookups || b.net.dialed[0] != host {
				t.Errorf("%s: looked up %d times, dialled %q", host, b.net.lookups, b.net.dialed)
			}
		})
	}
}
