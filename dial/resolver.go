package dial

import (
	"cmp"
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
	// TLS asks over TLS (RFC 7858); the certificate must be for Name, or for Host if that is empty.
	TLS  bool
	Name string
}

// ParseResolver reads "tls://HOST", "tls://HOST:PORT", "tcp://HOST" or "tcp://HOST:PORT". After tls, "#" and the name that
// is in the certificate may follow, so that a host given by its address need not be looked up.
func ParseResolver(text string) (Resolver, error) {
	scheme, rest, _ := strings.Cut(text, "://")
	address, name, named := strings.Cut(rest, "#")
	r := Resolver{Host: address, Name: name}
	switch {
	case scheme == "tls":
		r.TLS, r.Port = true, portDNSTLS
	case scheme == "tcp" && !named:
		r.Port = portDNS
	default:
		return Resolver{}, fmt.Errorf("%q: write tls://HOST or tcp://HOST", text)
	}
	if host, port, err := net.SplitHostPort(address); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return Resolver{}, fmt.Errorf("%q: not a port", text)
		}
		r.Host, r.Port = host, uint16(n)
	}
	if net.ParseIP(r.Host) == nil && !isName(r.Host) || named && !isName(name) {
		return Resolver{}, fmt.Errorf("%q: not a host", text)
	}
	return r, nil
}

// isName reports whether s can be a name in the DNS, as it is spelled there. What SOCKS and resolvers make of other
// characters is anybody's guess.
func isName(s string) bool {
	for _, r := range s {
		if r != '.' && r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return s != "" && len(s) <= 253 && !strings.HasPrefix(s, ".") && !strings.HasSuffix(s, ".") && !strings.Contains(s, "..")
}

// proxiedSRV makes a lookupSRV that reaches the resolver through the proxy and nothing else.
func (d *Dialer) proxiedSRV(r Resolver, roots *x509.CertPool) lookupSRV {
	return func(ctx context.Context, service, domain, circuit string) ([]*net.SRV, error) {
		if isOnion(domain) {
			return nil, errors.New("onion names have no records")
		}
		ctx, cancel := context.WithTimeout(ctx, lookupWait)
		defer cancel()
		conn, err := d.dialResolver(ctx, r, roots, circuit)
		if err != nil {
			return nil, err
		}
		defer conn.Close()
		return askSRV(ctx, conn, serviceName(service, domain))
	}
}

// systemSRV asks whom the system asks.
func systemSRV(ctx context.Context, service, domain, _ string) ([]*net.SRV, error) {
	_, found, err := net.DefaultResolver.LookupSRV(ctx, "", "", serviceName(service, domain))
	return found, err
}

// serviceName is where the records of a service are. The dot at its end keeps the search list of this machine's resolv.conf
// out of it, with which others could answer for the domain.
func serviceName(service, domain string) string { return "_" + service + "._tcp." + domain + "." }

// dialResolver opens a stream to the resolver.
func (d *Dialer) dialResolver(ctx context.Context, r Resolver, roots *x509.CertPool, circuit string) (net.Conn, error) {
	conn, _, err := d.Dial(ctx, r.Host, r.Port, circuit)
	if err != nil || !r.TLS {
		return conn, err
	}
	secure := tls.Client(conn, &tls.Config{ServerName: cmp.Or(r.Name, r.Host), RootCAs: roots, MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("resolver %q: %w", r.Host, err)
	}
	return secure, nil
}
