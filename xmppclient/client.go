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
	// Candidates finds where the server of a domain may answer, best first.
	Candidates(ctx context.Context, domain string) ([]Candidate, error)
	// Dial opens a stream to one of them and tells which way it goes.
	Dial(ctx context.Context, c Candidate) (net.Conn, im.Via, error)
}

// Config is what a Client needs.
type Config struct {
	Account im.JID
	// Password gives the account's password when the server asks for it; never called for anonymous accounts.
	Password func(context.Context) (string, error)
	Network  Network
	// Roots are the certificate authorities to believe; nil for those of the system.
	Roots *x509.CertPool
	// AllowPlain lets the password go to the server itself (SASL PLAIN), inside TLS.
	AllowPlain bool
	// Least is the weakest mechanism to accept, as remembered from earlier sessions; empty for none.
	Least string
	Log   *slog.Logger
}
