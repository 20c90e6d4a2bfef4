// Package xmppclient is one account on the wire: it logs in, keeps the connection alive, turns stanzas into im.Events and
// im.Requests into stanzas. It owns its connection and its goroutines. It must not keep chats, rooms or rosters, must not
// open sockets itself (a Network does), and believes no stanza because of what it claims.
package xmppclient

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net"

	"traboule/im"
)

// Candidate is a place where a domain's server may answer.
type Candidate struct {
	Host string
	Port uint16
	// DirectTLS means TLS from the first byte (XEP-0368) rather than STARTTLS.
	DirectTLS bool
}

// Network opens connections. Its errors are *im.Failure where the cause is known.
type Network interface {
	// Known tells where the server of a domain may answer as far as nothing has to be looked up, best first.
	Known(domain string) []Candidate
	// Candidates looks up where else it may answer, best first. It is asked once all that is known was tried.
	Candidates(ctx context.Context, domain string) ([]Candidate, error)
	// Dial opens a stream to one of them and tells which way it goes.
	Dial(ctx context.Context, c Candidate) (net.Conn, im.Via, error)
}

// Config is what a Client needs.
type Config struct {
	Account im.JID
	// Password gives the account's password when the server asks for it; never called for anonymous accounts.
	Password func(context.Context) (string, error)
	// Refused, unless nil, is called when the server has refused the password, before the failure is told: whoever keeps
	// the password should forget it.
	Refused func()
	// Accepted, unless nil, is called when the server has accepted the password, and has proved that it knows it too where
	// the mechanism can.
	Accepted func()
	Network  Network
	// Ready, unless nil, waits until the Network can be used at all; an attempt to connect begins with it, and so does each
	// step of one. It tells how far that is, in per cent. Its errors are *im.Failure where the cause is known.
	Ready func(ctx context.Context, tell func(progress int)) error
	// Roots are the certificate authorities to believe; nil for those of the system.
	Roots *x509.CertPool
	// Pins are the keys that the server may have, whatever the certificates say; empty to believe the authorities. What is
	// pinned was compared by a person, so that neither a name nor a date in the certificate, which whoever has the key wrote
	// there, has anything to add. Only the key counts that the server proves to have in the handshake.
	Pins []im.Pin
	// Known is the key that was pinned on first use in an earlier session (im.KeyPinned); zero for none.
	Known im.Pin
	// AllowPlain lets the password go to the server itself (SASL PLAIN), inside TLS.
	AllowPlain bool
	// Least is the weakest mechanism to accept, as remembered from earlier sessions; empty for none.
	Least string
	// Pace times retries and signs of life; fields left zero are those of DefaultPace.
	Pace Pace
	Log  *slog.Logger
}

// mailbox is how many requests may wait for an account; more means that something upstream has run wild.
const mailbox = 1024

// Client is one account on the wire. Make one with New and let Run own it.
type Client struct {
	cfg      Config
	events   chan<- im.Event
	requests chan im.Request
}

// New makes a client that posts what it learns to events. Nothing happens before Run.
func New(cfg Config, events chan<- im.Event) *Client {
	cfg.Pace = cfg.Pace.orDefault()
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Client{cfg: cfg, events: events, requests: make(chan im.Request, mailbox)}
}

// Send hands over a request and never waits. Each request taken ends in one im.Done; a full mailbox is an *im.Failure.
func (c *Client) Send(r im.Request) error {
	select {
	case c.requests <- r:
		return nil
	default:
		return &im.Failure{Code: im.CodeQueueFull, Detail: c.cfg.Account.String()}
	}
}
