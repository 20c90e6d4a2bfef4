package xmppclient_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"traboule/im"
	"traboule/internal/cutproxy"
	"traboule/internal/ejabberd"
	"traboule/internal/prosody"
	"traboule/internal/testca"
	"traboule/xmppclient"
)

// at is a Network of one place, whatever name is asked for.
type at struct {
	address string
	direct  bool
}

func (a at) Known(string) []xmppclient.Candidate {
	return []xmppclient.Candidate{{Host: "server.example", Port: 5222, DirectTLS: a.direct}}
}

func (a at) Candidates(context.Context, string) ([]xmppclient.Candidate, error) { return nil, nil }

func (a at) Dial(ctx context.Context, _ xmppclient.Candidate) (net.Conn, im.Via, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", a.address)
	return conn, im.ViaDirect, err
}

// daemon is what the two real servers have in common here.
type daemon struct {
	name            string
	address, direct string
	ca              *testca.CA
	// orderly is set if the server resumes as XEP-0198 wants. ejabberd 23.01 lets new stanzas overtake those that it sends
	// again, and under load goes on with what the dead connection had brought, after telling that it had not got it: order
	// and number are beyond what a client can hold together then, but nothing may be lost.
	orderly bool
}

const password = "sésame, ouvre-toi"

// daemons starts both real servers with the accounts of ana and bob.
func daemons(t *testing.T) []daemon {
	users := map[string]string{"ana@localhost": password, "bob@localhost": password}
	p := prosody.New(t, prosody.Options{Users: users, Quiet: true, MemoryArchive: true})
	e := ejabberd.New(t, ejabberd.Options{Users: users})
	return []daemon{{"Prosody", p.Addr, p.DirectAddr, p.CA, true}, {"ejabberd", e.Addr, e.DirectAddr, e.CA, false}}
}

// login runs a client until the end of the test.
func login(t *testing.T, d daemon, account string, network at, adjust ...func(*xmppclient.Config)) (*xmppclient.Client, <-chan im.Event) {
	t.Helper()
	cfg := xmppclient.Config{
		Account: im.MustJID(account), Network: network, Roots: d.ca.Pool(),
		Password: func(context.Context) (string, error) { return password, nil },
		Pace:     xmppclient.Pace{FirstRetry: 20 * time.Millisecond, LongestRetry: 200 * time.Millisecond},
	}
	for _, f := range adjust {
		f(&cfg)
	}
	events := make(chan im.Event, 16)
	client := xmppclient.New(cfg, events)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); client.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	client.Send(im.Connect{For: im.For{Account: cfg.Account, ID: 1}})
	return client, events
}

// settled waits until a login has succeeded or failed.
func settled(t *testing.T, events <-chan im.Event) im.ConnectionChanged {
	t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case e := <-events:
			if c, ok := e.(im.ConnectionChanged); ok && c.State != im.Connecting {
				return c
			}
		case <-timeout:
			t.Fatalf("no login within %v", patience)
		}
	}
}

func TestRealServers(t *testing.T) {
	for _, d := range daemons(t) {
		t.Run(d.name, func(t *testing.T) {
			t.Run("STARTTLS", func(t *testing.T) {
				_, events := login(t, d, "ana@localhost", at{address: d.address})
				if e := settled(t, events); e.State != im.Connected || e.TLS != "TLS 1.3" || e.JID.Bare() != im.MustJID("ana@localhost") {
					t.Errorf("%+v: %v", e, e.Err)
				}
			})
			t.Run("direct TLS", func(t *testing.T) {
				_, events := login(t, d, "ana@localhost", at{address: d.direct, direct: true})
				if e := settled(t, events); e.State != im.Connected {
					t.Errorf("%+v: %v", e, e.Err)
				}
			})
			t.Run("anonymous", func(t *testing.T) {
				_, events := login(t, d, "guest.localhost", at{address: d.address})
				if e := settled(t, events); e.State != im.Connected || e.SASL != "ANONYMOUS" || e.JID.Local() == "" {
					t.Errorf("%+v: %v", e, e.Err)
				}
			})
			t.Run("wrong password", func(t *testing.T) {
				_, events := login(t, d, "ana@localhost", at{address: d.address}, func(c *xmppclient.Config) {
					c.Password = func(context.Context) (string, error) { return "wrong", nil }
				})
				if e := settled(t, events); e.State != im.Failed || e.Err.Code != im.CodeLoginRefused {
					t.Errorf("%+v: %v", e, e.Err)
				}
			})
			t.Run("hard cuts", func(t *testing.T) { cutBetween(t, d) })
		})
	}
}

// cutBetween cuts both clients again and again while they write to each other; with a server that is not orderly, only
// ana writes and is cut.
func cutBetween(t *testing.T, d daemon) {
	const cuts, messages = 20, 300
	var peers [2]*peer
	for i, account := range []string{"ana@localhost", "bob@localhost"} {
		proxy, err := cutproxy.New(d.address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { proxy.Close() })
		client, events := login(t, d, account, at{address: proxy.Addr()})
		e := settled(t, events)
		if e.State != im.Connected {
			t.Fatalf("%+v: %v", e, e.Err)
		}
		peers[i] = &peer{
			client: client, events: events, full: e.JID, proxy: proxy, different: map[string]bool{},
			resumed: make(chan struct{}, cuts), unended: make(chan struct{}, maxUnended), finished: make(chan struct{}),
		}
	}
	var running sync.WaitGroup
	peers[0].sends, peers[1].gets = messages, messages
	peers[0].cuts = cuts
	if d.orderly {
		peers[1].sends, peers[0].gets, peers[1].cuts = messages, messages, cuts
	}
	for i, p := range peers {
		running.Go(func() { p.write(peers[1-i].full) })
		running.Go(func() { p.read() })
		running.Go(func() { p.cut() })
	}
	running.Wait()
	var want []string
	for i := range messages {
		want = append(want, fmt.Sprint("text ", i))
	}
	for _, p := range peers {
		if p.fault != "" {
			t.Errorf("%s: %s", p.full, p.fault)
		}
		if d.orderly && !slices.Equal(p.received, want[:p.gets]) || len(p.different) != p.gets {
			t.Errorf("%s received %d, %d different, of %d: %q", p.full, len(p.received), len(p.different), p.gets, p.received)
		}
	}
}

type peer struct {
	client    *xmppclient.Client
	events    <-chan im.Event
	full      im.JID
	proxy     *cutproxy.Proxy
	sends     int // messages
	gets      int // messages
	cuts      int
	received  []string
	different map[string]bool
	resumed   chan struct{}
	unended   chan struct{} // one for each message on its way
	finished  chan struct{} // closed when nothing more is read
	fault     string
}

// maxUnended keeps what is on its way well below 4 KiB. Prosody 0.12 reads that much at once, and if the connection breaks
// while more waits, half a stanza stays in its parser, after which it understands nothing of the resumed session.
const maxUnended = 8

// firstMessage is the request of the first message.
const firstMessage = 100

// patience is for a busy machine.
const patience = 5 * time.Minute

func (p *peer) write(to im.JID) {
	for i := range p.sends {
		select {
		case p.unended <- struct{}{}:
		case <-p.finished:
			return
		}
		p.client.Send(im.SendMessage{
			For: im.For{Account: p.full.Bare(), ID: im.RequestID(firstMessage + i)}, To: to, Stanza: fmt.Sprint("id", i), Body: fmt.Sprint("text ", i),
		})
		time.Sleep(10 * time.Millisecond)
	}
}

// cut lets the session come back between two cuts, but not always settle.
func (p *peer) cut() {
	for i := range p.cuts {
		time.Sleep(time.Duration(i%5) * 20 * time.Millisecond)
		p.proxy.Cut()
		select {
		case <-p.resumed:
		case <-p.finished:
			return
		}
	}
}

// read goes on until all messages have come and all that were sent have ended.
func (p *peer) read() {
	defer close(p.finished)
	ended := 0
	timeout := time.After(patience)
	for len(p.different) < p.gets || ended < p.sends {
		select {
		case e := <-p.events:
			switch e := e.(type) {
			case im.MessageReceived:
				p.received = append(p.received, e.Message.Body)
				p.different[e.Message.Body] = true
			case im.Done:
				if e.Request < firstMessage {
					continue // that of the login
				}
				if ended++; e.Err != nil {
					p.fault = fmt.Sprintf("message %d: %v", e.Request, e.Err)
					return
				}
				<-p.unended
			case im.ConnectionChanged:
				if e.State == im.Resumed {
					p.resumed <- struct{}{}
				}
				if e.State == im.Connected || e.State == im.Failed {
					p.fault = fmt.Sprintf("the session was lost: %+v, %v", e, e.Err)
					return
				}
			}
		case <-timeout:
			p.fault = fmt.Sprintf("%d received, %d ended in %v", len(p.received), ended, patience)
			return
		}
	}
}
