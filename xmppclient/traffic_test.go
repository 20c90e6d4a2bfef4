package xmppclient

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"traboule/im"
	"traboule/internal/testca"
	"traboule/internal/xmpptest"
)

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

func BenchmarkFlood(b *testing.B) {
	ca, err := testca.New()
	if err != nil {
		b.Fatal(err)
	}
	certificate, err := ca.Issue("localhost")
	if err != nil {
		b.Fatal(err)
	}
	server := &xmpptest.Server{Domain: "localhost", Certificate: certificate, Password: "x", Mechanisms: []string{"SCRAM-SHA-256"}}
	events := make(chan im.Event, 64)
	client := New(Config{
		Account: owner, Roots: ca.Pool(), Password: func(context.Context) (string, error) { return "x", nil },
		Network: &wires{places: []Candidate{{Host: "h"}}, open: map[string]func() (net.Conn, error){
			"h": func() (net.Conn, error) { return server.Pipe(), nil },
		}},
	}, events)
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error)
	go func() { ended <- client.Run(ctx) }()
	client.Send(im.Connect{For: im.For{Account: owner, ID: 1}})
	for c := (im.ConnectionChanged{}); c.State != im.Connected; {
		c, _ = (<-events).(im.ConnectionChanged)
	}
	stanza := `<message from='grenoble@conference.localhost/hubert' to='ana@localhost/x' id='7e1c8cc3' type='groupchat'><body>` +
		strings.Repeat("salut ", 20) + `</body><stanza-id xmlns='urn:xmpp:sid:0' by='grenoble@conference.localhost' id='42'/></message>`
	batch := strings.Repeat(stanza, 100)
	b.ReportAllocs()
	b.ResetTimer()
	go func() {
		for range b.N/100 + 1 {
			server.Session().Raw(batch)
		}
	}()
	for range b.N {
		<-events
	}
	b.StopTimer()
	cancel()
	for {
		select {
		case <-events:
		case <-ended:
			return
		}
	}
}

func TestQuestionsOfTheServerDoNotPileUp(t *testing.T) {
	a := &account{}
	for i := range 1000 {
		a.handled = uint32(i)
		a.tellHandled()
	}
	if len(a.control) != 1 || !strings.Contains(string(a.control[0].bytes), "h='999'") {
		t.Errorf("%d answers, the first %q", len(a.control), a.control[0].bytes)
	}
}
