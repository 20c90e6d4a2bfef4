package main

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"sync"

	"traboule/confine"
	"traboule/im"
	"traboule/internal/prosody"
	"traboule/otr"
	"traboule/xmppclient"
)

const (
	contactName = "lucie@localhost"
	// contactSecret answers the question about the cat.
	contactSecret = "filou"
)

// contact is somebody in the guest's roster who speaks OTR: a client without a screen, of the same parts as the real one.
type contact struct {
	account im.JID
	client  *xmppclient.Client
	stage   *otr.Stage
	online  chan struct{} // closed once logged in
	once    sync.Once

	mutex   sync.Mutex
	last    im.RequestID
	carried string // the encrypted message that the server carried last
	answers int
}

// newContact logs the contact in and keeps them there until ctx ends.
func newContact(ctx context.Context, running *sync.WaitGroup, password, addr string, roots *x509.CertPool) *contact {
	c := &contact{account: im.MustJID(contactName), online: make(chan struct{})}
	wire, toStage, toContact := make(chan im.Event, 64), make(chan im.Event, 64), make(chan im.Event, 64)
	c.client = xmppclient.New(xmppclient.Config{
		Account:  c.account,
		Password: func(context.Context) (string, error) { return password, nil },
		Network:  loopback{addr},
		Roots:    roots,
	}, wire)
	launch := func(context.Context) (net.Conn, error) { return confine.Attach(otr.ChildName) }
	engine := otr.Start(ctx, otr.Options{Launch: launch, Died: func(err error) { c.stage.Died(err) }})
	c.stage = otr.NewStage(otr.StageOptions{
		Engine: engine, Clients: map[im.JID]otr.Sender{c.account: c.client}, Events: toStage, Out: toContact, NewID: rand.Text,
	})
	running.Go(func() { c.client.Run(ctx) })
	running.Go(func() {
		defer engine.Close()
		c.stage.Run(ctx)
	})
	running.Go(func() { c.watch(ctx, wire, toStage) })
	running.Go(func() { c.live(ctx, toContact) })
	return c
}

// befriend has the contact in the guest's roster, and logs them in.
func befriend(ctx context.Context, running *sync.WaitGroup, server *prosody.Server, password string) (*contact, error) {
	for _, pair := range [][2]string{{guest, contactName}, {contactName, guest}} {
		if err := server.SetRoster(pair[0], pair[1]); err != nil {
			return nil, err
		}
	}
	arrival, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := newContact(ctx, running, password, server.Addr, server.CA.Pool())
	select {
	case <-c.online:
		return c, nil
	case <-arrival.Done():
		return nil, fmt.Errorf("%q did not log in: %w\n%s", contactName, arrival.Err(), server.Log())
	}
}

// watch keeps what came over the wire before it is decrypted: what the server has seen too.
func (c *contact) watch(ctx context.Context, wire <-chan im.Event, on chan<- im.Event) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-wire:
			if m, is := e.(im.MessageReceived); is && strings.HasPrefix(m.Message.Body, "?OTR:") {
				c.mutex.Lock()
				c.carried = m.Message.Body
				c.mutex.Unlock()
			}
			select {
			case on <- e:
			case <-ctx.Done():
				return
			}
		}
	}
}

// lastCarried is the encrypted message that the server carried last; empty for none.
func (c *contact) lastCarried() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.carried
}

// live does what the contact does by themselves: come, answer.
func (c *contact) live(ctx context.Context, events <-chan im.Event) {
	c.send(im.Connect{For: c.next()})
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-events:
			c.handle(e)
		}
	}
}

func (c *contact) handle(e im.Event) {
	switch e := e.(type) {
	case im.ConnectionChanged:
		if e.State == im.Connected {
			c.send(im.SetOTRPolicy{For: c.next(), Peer: im.MustJID(guest), Policy: im.OTROpportunistic, Known: true})
			c.send(im.SetPresence{For: c.next(), Show: im.Online})
			c.once.Do(func() { close(c.online) })
		}
	case im.SMPChanged:
		if e.Step == im.SMPRequested {
			c.send(im.AnswerSMP{For: c.next(), To: e.Peer, Secret: contactSecret})
		}
	case im.MessageReceived:
		if e.Message.Kind == im.Chat && e.Message.Body != "" && !e.Message.Delayed {
			text := c.answer(e.Message.Encryption == im.OTR)
			c.send(im.SendMessage{For: c.next(), To: e.Message.From, Kind: im.Chat, Stanza: rand.Text(), Body: text})
		}
	}
}

// answer is what the contact says next.
func (c *contact) answer(encrypted bool) string {
	if !encrypted {
		// It may go out encrypted by then: the two programs have met.
		return "coucou ! ce que tu viens d'écrire, les serveurs l'ont lu. Chiffre ce qui suit ; le chat s'appelle filou"
	}
	secrets := []string{
		"enfin entre nous. Les clés sont sous le pot de basilic",
		"and now only the two of us can read this",
		"rien de tout cela n'est resté sur le serveur",
	}
	c.answers++
	return secrets[(c.answers-1)%len(secrets)]
}

func (c *contact) next() im.For {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.last++
	return im.For{Account: c.account, ID: c.last}
}

// send hands a request over. A contact whose mailbox is full stays silent.
func (c *contact) send(r im.Request) { _ = c.stage.Send(r) }
