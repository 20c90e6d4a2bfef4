package main

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"traboule/im"
	"traboule/xmppclient"
)

// person is somebody who is logged in and in the room, by the same wire code as the client's.
type person struct {
	nick    string
	account im.JID
	client  *xmppclient.Client
	// reply chooses an answer to a text that names the person, or is for them alone; nil for somebody who never answers.
	reply func(text string, private bool) string
	// pause is how long the person thinks before answering.
	pause time.Duration

	joined chan struct{} // closed once in the room
	once   sync.Once
	mutex  sync.Mutex
	last   im.RequestID
}

// start logs the person in and keeps them there until ctx ends.
func (p *person) start(ctx context.Context, running *sync.WaitGroup, password, addr string, roots *x509.CertPool) {
	events := make(chan im.Event, 64)
	p.client = xmppclient.New(xmppclient.Config{
		Account:  p.account,
		Password: func(context.Context) (string, error) { return password, nil },
		Network:  loopback{addr},
		Roots:    roots,
	}, events)
	running.Go(func() { p.client.Run(ctx) })
	running.Go(func() { p.live(ctx, running, events) })
}

// live does what the person does by themselves: come, answer.
func (p *person) live(ctx context.Context, running *sync.WaitGroup, events <-chan im.Event) {
	p.send(im.Connect{For: p.next()})
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-events:
			p.handle(ctx, running, e)
		}
	}
}

func (p *person) handle(ctx context.Context, running *sync.WaitGroup, e im.Event) {
	switch e := e.(type) {
	case im.ConnectionChanged:
		if e.State == im.Connected {
			p.join()
		}
	case im.OccupantChanged:
		if e.Present && e.Occupant.Nick == p.nick {
			p.once.Do(func() { close(p.joined) })
		}
	case im.MessageReceived:
		if answer := p.answer(e.Message); answer != nil {
			running.Go(func() {
				if wait(ctx, p.pause) {
					p.send(*answer)
				}
			})
		}
	}
}

// answer is what the person says to a message, nil for nothing.
func (p *person) answer(m im.Message) *im.SendMessage {
	from := m.From.Resource()
	if m.From.Bare() != room() || m.Delayed || from == "" || from == p.nick || p.reply == nil {
		return nil
	}
	if m.Kind != im.Groupchat {
		return p.message(m.From, im.Private, p.reply(m.Body, true))
	}
	if !strings.Contains(strings.ToLower(m.Body), p.nick) || isOneOfUs(from) {
		return nil
	}
	return p.message(room(), im.Groupchat, from+": "+p.reply(m.Body, false))
}

func (p *person) join() {
	p.send(im.SetPresence{For: p.next(), Show: im.Online})
	p.send(im.JoinRoom{For: p.next(), Room: room(), Nick: p.nick})
}

// say speaks in the room.
func (p *person) say(text string) { p.send(*p.message(room(), im.Groupchat, text)) }

func (p *person) message(to im.JID, kind im.Kind, text string) *im.SendMessage {
	return &im.SendMessage{For: p.next(), To: to, Kind: kind, Stanza: rand.Text(), Body: text}
}

func (p *person) next() im.For {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.last++
	return im.For{Account: p.account, ID: p.last}
}

// send hands a request over. A person whose mailbox is full stays silent.
func (p *person) send(r im.Request) { _ = p.client.Send(r) }

// wait waits and reports whether there was time to.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// loopback is the way to the private server.
type loopback struct{ addr string }

// Known is nothing: an address that is no address has to be told.
func (l loopback) Known(string) []xmppclient.Candidate { return nil }

// Candidates knows one place.
func (l loopback) Candidates(context.Context, string) ([]xmppclient.Candidate, error) {
	host, text, err := net.SplitHostPort(l.addr)
	if err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(text, 10, 16)
	return []xmppclient.Candidate{{Host: host, Port: uint16(port)}}, err
}

// Dial goes nowhere but to this machine.
func (l loopback) Dial(ctx context.Context, c xmppclient.Candidate) (net.Conn, im.Via, error) {
	if ip := net.ParseIP(c.Host); ip == nil || !ip.IsLoopback() {
		return nil, im.ViaNothing, errors.New(strconv.Quote(c.Host) + ": not this machine")
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(c.Host, fmt.Sprint(c.Port)))
	return conn, im.ViaDirect, err
}
