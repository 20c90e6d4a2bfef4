// Package dial opens every socket of the client and looks up every name: directly, or through a SOCKS proxy that does all
// looking up itself. It finds Tor, or starts one of its own and owns it until the end. It owns no connection once it has
// handed it out. It must not fall back from one way to another: what was to go through the proxy goes through the proxy or
// not at all.
package dial

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"syscall"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Way is the way a connection takes out of this machine.
type Way uint8

// The ways out.
const (
	Direct     Way = iota
	SOCKS          // through a SOCKS proxy that is not known to be Tor
	Onion          // through a SOCKS proxy that said it is Tor, to an onion service
	ThroughTor     // the same, to anywhere else
)

// Config says how to reach the outside.
type Config struct {
	// SOCKS is the proxy's "host:port", or "unix:" and a path; empty for none.
	SOCKS string
	// Tor, if there is one, gives the SOCKS port instead, and is waited for.
	Tor *Tor
	// Required forbids every way but the proxy: without one, nothing is opened or looked up.
	Required bool
	// Resolver is asked through the proxy for SRV records; nil to ask nobody.
	Resolver *Resolver
	// Onions tells which domains have an onion service; nil for none.
	Onions *OnionList
	// Roots are believed for the resolver's certificate; nil for those of the system.
	Roots *x509.CertPool
}

// Dialer opens connections in the one way that its Config allows. It may be used from any goroutine.
type Dialer struct {
	network, address string // of the proxy; empty for none
	tor              *Tor   // gives the proxy instead; nil for none
	required         bool
	identity         *identity
	open             dialFunc
	onions           *OnionList
	lookupSRV        lookupSRV // nil to look nothing up
}

// New makes a Dialer. It opens nothing.
func New(cfg Config) *Dialer {
	d := &Dialer{required: cfg.Required, open: (&net.Dialer{}).DialContext, onions: cfg.Onions}
	switch {
	case cfg.Tor != nil:
		d.tor, d.identity, d.open = cfg.Tor, cfg.Tor.identity, cfg.Tor.dial
	case cfg.SOCKS != "":
		d.network, d.address = splitPlace(cfg.SOCKS)
		fallthrough
	default:
		d.identity = newIdentity()
	}
	switch {
	case !d.Proxied():
		d.lookupSRV = systemSRV
	case cfg.Resolver != nil:
		d.lookupSRV = d.proxiedSRV(*cfg.Resolver, cfg.Roots)
	}
	return d
}

// Proxied reports whether connections go through a SOCKS proxy.
func (d *Dialer) Proxied() bool { return d.address != "" || d.tor != nil }

// Usable returns an *Error of kind NoProxy if a proxy is required and none is set, else nil.
func (d *Dialer) Usable() error {
	if d.required && !d.Proxied() {
		return &Error{Kind: NoProxy}
	}
	return nil
}

// NewIdentity gives every connection from now on other credentials. A Dialer with a Tor shares them with it.
func (d *Dialer) NewIdentity() { d.identity.renew() }

// Dial opens a stream to host and port. Connections with different isolation keys, one for each account, give the proxy
// different names and passwords, so that Tor keeps them on different circuits. With a Tor it waits until that is ready.
// Errors are *Error.
func (d *Dialer) Dial(ctx context.Context, host string, port uint16, isolation string) (net.Conn, Way, error) {
	name, err := asciiHost(host)
	if err != nil {
		return nil, Direct, err
	}
	to := target{name, port}
	onion := isOnion(name)
	switch {
	case d.Usable() != nil:
		return nil, Direct, d.Usable()
	case !d.Proxied() && onion:
		return nil, Direct, &Error{Kind: OnionWithoutProxy, Target: to.String()}
	case !d.Proxied():
		conn, err := d.open(ctx, "tcp", to.String())
		if err != nil {
			return nil, Direct, &Error{Kind: directKind(ctx, err), Target: to.String(), Cause: err}
		}
		return conn, Direct, nil
	case onion:
		if err := CheckOnion(host); err != nil {
			return nil, Onion, err
		}
	}
	via, err := d.proxy(ctx)
	if err != nil {
		return nil, SOCKS, err
	}
	if onion && via.proved {
		via.way = Onion
	}
	conn, err := d.dialSOCKS(ctx, via, to, d.identity.credentials(isolation))
	return conn, via.way, err
}

// proxyAt is the proxy at the moment.
type proxyAt struct {
	network, address string
	way              Way
	proved           bool // it said that it is Tor
}

// proxy returns the proxy to use, once it can be used.
func (d *Dialer) proxy(ctx context.Context) (proxyAt, error) {
	if d.tor == nil {
		return proxyAt{network: d.network, address: d.address, way: SOCKS}, nil
	}
	for {
		if err := d.tor.Ready(ctx, nil); err != nil {
			return proxyAt{}, err
		}
		s := d.tor.State()
		if s.Phase != TorReady {
			continue // it went just now
		}
		way := SOCKS
		if s.Proved {
			way = ThroughTor
		}
		network, address := splitPlace(s.Where)
		return proxyAt{network, address, way, s.Proved}, nil
	}
}

// asciiHost is a host as the DNS and SOCKS spell it, without a dot at its end. What else could be in a host, nobody knows
// how a proxy or a resolver would read it.
func asciiHost(host string) (string, error) {
	host = strings.TrimSuffix(host, ".")
	if net.ParseIP(host) != nil || isName(host) {
		return host, nil
	}
	if name, err := idna.Lookup.ToASCII(host); err == nil && isName(name) && utf8.ValidString(host) {
		return name, nil
	}
	return "", &Error{Kind: NameNotFound, Target: host}
}

// IsLookedUp reports whether somebody has to be asked where a host is: neither for an IP address nor for this machine nor for an
// onion service.
func IsLookedUp(host string) bool {
	host = strings.TrimSuffix(host, ".")
	return net.ParseIP(host) == nil && !isOnion(host) && !strings.EqualFold(host, "localhost")
}

// isOnion reports whether a name ends in .onion, which no resolver may ever be asked for (RFC 7686).
func isOnion(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	return name == "onion" || strings.HasSuffix(name, ".onion")
}

func directKind(ctx context.Context, err error) Kind {
	var dns *net.DNSError
	switch {
	case ctx.Err() != nil:
		return Timeout
	case errors.As(err, &dns) && dns.IsNotFound:
		return NameNotFound
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused
	case isTimeout(err):
		return Timeout
	default:
		return Unreachable
	}
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
