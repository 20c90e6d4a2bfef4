package xmppclient

import (
	"context"
	"errors"
	"fmt"
	"net"
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

// TestHardCuts cuts the connection again and again while both sides send. Nothing may be lost, doubled or reordered, in
// either direction, and every message ends well.
func TestHardCuts(t *testing.T) {
	for name, listen := range map[string]bool{"in memory": false, "over TCP": true} {
		t.Run(name, func(t *testing.T) {
			if listen { // real sockets need the real clock
				cutHard(t, true)
				return
			}
			bubble(t, func(t *testing.T) { cutHard(t, false) })
		})
	}
}

func cutHard(t *testing.T, listen bool) {
	const cuts, messages = 20, 400
	var got inbox
	b := newBench(t, func(s *xmpptest.Server, c *Config) {
		s.Arrived = got.take
		c.Pace = Pace{FirstRetry: 5 * time.Millisecond, LongestRetry: 50 * time.Millisecond}
	})
	if listen {
		b.net.open["localhost"] = overTCP(t, b.server)
	}
	b.start()
	b.state(im.Connected)

	var sending sync.WaitGroup
	sending.Go(func() {
		for i := range messages {
			b.server.Session().Send(fmt.Sprintf(`<message from='bob@localhost/x' to='ana@localhost' type='chat' id='s%d'><body>s%d</body></message>`, i, i))
			time.Sleep(time.Millisecond)
		}
	})
	sending.Go(func() {
		for i := range messages {
			for b.client.Send(im.SendMessage{For: im.For{Account: owner, ID: im.RequestID(1000 + i)}, To: im.MustJID("bob@localhost"), Stanza: fmt.Sprint("c", i), Body: fmt.Sprint("c", i)}) != nil {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(time.Millisecond)
		}
	})
	sending.Go(func() {
		for i := range cuts {
			time.Sleep(time.Duration(10+i%7) * time.Millisecond)
			b.server.Session().Cut()
		}
	})

	var received []string
	ended := map[im.RequestID]int{}
	resumed := 0
	timeout := time.After(time.Minute)
	for len(received) < messages || len(ended) < messages {
		select {
		case e := <-b.events:
			switch e := e.(type) {
			case im.MessageReceived:
				received = append(received, e.Message.Body)
			case im.Done:
				if e.Request < 1000 {
					continue
				}
				if ended[e.Request]++; e.Err != nil {
					t.Fatalf("message %d: %v", e.Request, e.Err)
				}
			case im.ConnectionChanged:
				if e.State == im.Resumed {
					resumed++
				}
				if e.State == im.Connected || e.State == im.Failed {
					t.Fatalf("the session was lost: %+v", e)
				}
			}
		case <-timeout:
			t.Fatalf("%d received, %d ended, %d resumed", len(received), len(ended), resumed)
		}
	}
	sending.Wait()
	want := func(prefix string) []string {
		var all []string
		for i := range messages {
			all = append(all, fmt.Sprint(prefix, i))
		}
		return all
	}
	if !slices.Equal(received, want("s")) {
		t.Errorf("received %d: %q", len(received), received)
	}
	if sent := got.bodies(); !slices.Equal(sent, want("c")) {
		t.Errorf("server has %d: %q", len(sent), sent)
	}
	for id, n := range ended {
		if n != 1 {
			t.Errorf("request %d ended %d times", id, n)
		}
	}
	if resumed < 3 {
		t.Errorf("only %d resumptions in %d cuts: the test proves little", resumed, cuts)
	}
}

// overTCP serves on loopback, where a cut is a reset.
func overTCP(t *testing.T, s *xmpptest.Server) func() (net.Conn, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.Serve(conn)
		}
	}()
	return func() (net.Conn, error) { return net.Dial("tcp", listener.Addr().String()) }
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
				return strings.Replace(honest, `<resumed xmlns='urn:xmpp:sm:3' h='1'`, `<resumed xmlns='urn:xmpp:sm:3' h='99'`, 1)
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
				b.state(im.Disconnected)
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

func TestHostileStanzasDoNotEndTheSession(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		b.state(im.Connected)
		s := b.server.Session()
		hostile := []string{
			`<message from='eve@localhost/x'><x xmlns='http://etherx.jabber.org/streams'/></message>`,
			`<message from='eve@localhost/x'><body>` + strings.Repeat("a", 2<<20) + `</body></message>`,
			`<message from='eve@localhost/x'>` + strings.Repeat("<x>", 1000) + strings.Repeat("</x>", 1000) + `</message>`,
			`<message from='eve@localhost/x'>` + strings.Repeat("<x>", maxDepth+1) + strings.Repeat("</x>", maxDepth+1) + `</message>`,
			`<message from='eve@localhost/x' a='1' a='2'><body>x</body></message>`,
		}
		for i, stanza := range hostile {
			s.Send(stanza)
			d := await(b, func(im.Dropped) bool { return true })
			if d.From != im.MustJID("eve@localhost/x") {
				t.Errorf("stanza %d: from %q, %q", i, d.From, d.Reason)
			}
		}
		s.Send(`<iq type='get' id='q' from='x@y/` + "\u3164" + `'><query xmlns='jabber:iq:version'/></iq>`)
		s.Send(`<message from='bob@localhost/x' type='chat'><body>still here</body></message>`)
		if m := await(b, func(im.MessageReceived) bool { return true }); m.Message.Body != "still here" {
			t.Errorf("%+v", m)
		}
		s.Ask()
		synctest.Wait()
		if n := s.Unacknowledged(); n != 0 {
			t.Errorf("%d stanzas were not counted as handled", n)
		}
	})
}

func TestBrokenStreamEndsAndComesBack(t *testing.T) {
	for _, wire := range []string{`<!-- x -->`, `<message><a></b></message>`, `<?php ?>`, `<message>&nbsp;</message>`, "\x00"} {
		bubble(t, func(t *testing.T) {
			b := newBench(t)
			b.start()
			b.state(im.Connected)
			b.server.Session().Raw(wire)
			if e := b.state(im.Disconnected); e.Err.Code != im.CodeStream {
				t.Errorf("%q: %+v", wire, e.Err)
			}
			b.state(im.Resumed)
		})
	}
}

func TestFullOutboxRefuses(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		b.state(im.Connected)
		b.net.open = nil
		b.server.Session().Cut()
		b.state(im.Disconnected)
		for range maxOutboxStanzas {
			for b.client.Send(im.SendMessage{For: b.number(), To: im.MustJID("bob@localhost"), Body: "x"}) != nil {
				time.Sleep(time.Millisecond)
				b.id--
			}
		}
		if d := b.done(b.message("one too many")); d.Err == nil || d.Err.Code != im.CodeQueueFull {
			t.Errorf("%+v", d.Err)
		}
	})
}

func TestFullMailboxRefuses(t *testing.T) {
	c := New(Config{Account: owner}, nil)
	for i := range mailbox {
		if err := c.Send(im.Connect{}); err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
	}
	var f *im.Failure
	if err := c.Send(im.Connect{}); !errors.As(err, &f) || f.Code != im.CodeQueueFull {
		t.Errorf("%v", err)
	}
}
