package dial

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

const (
	portDNS    = 53
	portDNSTLS = 853
	// lookupWait bounds one look-up through the proxy, connection included. The usual ports are tried after it.
	lookupWait = 10 * time.Second
)

// Resolver is a name server that is asked through the proxy for what the proxy itself cannot look up: SRV records. It
// learns the domain of the account and that somebody behind Tor asked.
type Resolver struct {
	Host string
	Port uint16
	// TLS asks over TLS (RFC 7858); the certificate must be for Host.
	TLS bool
}

// ParseResolver reads "tls://HOST", "tls://HOST:PORT", "tcp://HOST" or "tcp://HOST:PORT".
func ParseResolver(text string) (Resolver, error) {
	scheme, address, found := strings.Cut(text, "://")
	port, known := map[string]uint16{"tls": portDNSTLS, "tcp": portDNS}[scheme]
	if !found || !known {
		return Resolver{}, fmt.Errorf("%q: write tls://HOST or tcp://HOST", text)
	}
	host := address
	if h, p, err := net.SplitHostPort(address); err == nil {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return Resolver{}, fmt.Errorf("%q: not a port", text)
		}
		host, port = h, uint16(n)
	}
	if host == "" || strings.ContainsAny(host, "/@ \t") {
		return Resolver{}, fmt.Errorf("%q: not a host", text)
	}
	return Resolver{Host: host, Port: port, TLS: scheme == "tls"}, nil
}

// proxiedSRV makes a lookupSRV that reaches the resolver through the proxy and nothing else. Go's own resolver does the
// talking: whatever server it means to ask, dialling gives it this one, and a stream, so that it speaks TCP.
func (d *Dialer) proxiedSRV(r Resolver, roots *x509.CertPool) lookupSRV {
	return func(ctx context.Context, service, proto, name string) (string, []*net.SRV, error) {
		if isOnion(name) {
			return "", nil, errors.New("onion names have no records")
		}
		ctx, cancel := context.WithTimeout(ctx, lookupWait)
		defer cancel()
		resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return d.dialResolver(ctx, r, roots, name)
		}}
		// The dot keeps the search list of this machine's resolv.conf out of it.
		return resolver.LookupSRV(ctx, service, proto, strings.TrimSuffix(name, ".")+".")
	}
}

// dialResolver opens a stream to the resolver, on a circuit of its own for each domain that is looked up.
func (d *Dialer) dialResolver(ctx context.Context, r Resolver, roots *x509.CertPool, domain string) (net.Conn, error) {
	conn, _, err := d.Dial(ctx, r.Host, r.Port, "look-up of "+domain)
	if err != nil || !r.TLS {
		return conn, err
	}
	secure := tls.Client(conn, &tls.Config{ServerName: r.Host, RootCAs: roots, MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("resolver %q: %w", r.Host, err)
	}
	return secure, nil
}
