package dial

import (
	"context"
	"net"

	"golang.org/x/net/proxy"
)

// The reply codes of RFC 1928 §6 that mean something to us.
const (
	replyFailed          = 0x01
	replyNotAllowed      = 0x02
	replyNoNetwork       = 0x03
	replyHostUnreachable = 0x04
	replyRefused         = 0x05
	replyTTLExpired      = 0x06
	replyNoCommand       = 0x07
	replyNoAddressType   = 0x08
)

// The reply codes of Tor for onion services, if its port has the flag ExtendedErrors (tor's manual, SocksPort).
const (
	replyNoDescriptor      = 0xF0
	replyBadDescriptor     = 0xF1
	replyNoIntroduction    = 0xF2
	replyNoRendezvous      = 0xF3
	replyNoAuthorization   = 0xF4
	replyBadAuthorization  = 0xF5
	replyBadAddress        = 0xF6
	replySlowIntroductions = 0xF7
)

// dialSOCKS asks the proxy for a stream to target, which goes to it as a name. x/net/proxy tells a refusal in words only,
// so the proxy's answers are overheard to know its code.
func (d *Dialer) dialSOCKS(ctx context.Context, via proxyAt, target string, auth *proxy.Auth) (net.Conn, error) {
	ear := &overhearing{open: d.open}
	socks, err := proxy.SOCKS5(via.network, via.address, auth, ear)
	if err != nil {
		return nil, &Error{Kind: ProxyUnreachable, Target: via.address, Cause: err}
	}
	if _, err := socks.(proxy.ContextDialer).DialContext(ctx, "tcp", target); err != nil {
		ear.close()
		fault := socksError(ctx, target, ear, err)
		if fault.Kind == ProxyUnreachable || fault.Kind == NotSOCKS {
			fault.Target = via.address
		}
		return nil, d.tor.explain(fault)
	}
	return ear.conn.Conn, nil
}

func socksError(ctx context.Context, target string, ear *overhearing, err error) *Error {
	fault := &Error{Target: target, Cause: err}
	switch {
	case ear.conn == nil && ctx.Err() == nil:
		fault.Kind = ProxyUnreachable
	case ear.conn == nil:
		fault.Kind = Timeout
	case ear.conn.answered() && ear.conn.heard[0] != 5:
		fault.Kind = NotSOCKS
	default:
		fault.Reply = ear.conn.reply()
		fault.Kind = replyKind(target, fault.Reply)
		if fault.Reply == 0 && (ctx.Err() != nil || isTimeout(err)) {
			fault.Kind = Timeout
		}
	}
	return fault
}

// replyKind reads a reply code. Without ExtendedErrors Tor has but the codes of RFC 1928 for onion services too, and no
// more can be said than that there is none.
func replyKind(target string, reply byte) Kind {
	host, _, _ := net.SplitHostPort(target)
	switch reply {
	case replyNoDescriptor:
		return OnionNotFound
	case replyBadDescriptor, replyNoIntroduction, replyNoRendezvous, replySlowIntroductions:
		return OnionDown
	case replyNoAuthorization, replyBadAuthorization:
		return OnionAuth
	case replyBadAddress:
		return OnionAddress
	case replyRefused:
		return Refused
	case replyTTLExpired:
		return TorNotReady
	case replyNoCommand, replyNoAddressType:
		return ProxyRefused
	}
	switch {
	case reply == 0:
		return Unreachable
	case isOnion(host):
		return OnionUnreachable
	case reply == replyHostUnreachable:
		return NameNotFound
	case reply == replyFailed, reply == replyNotAllowed, reply == replyNoNetwork:
		return ExitRefused
	default:
		return ProxyRefused
	}
}

// overhearing is a dialer to the proxy which keeps the connection it opened.
type overhearing struct {
	open proxy.ContextDialer
	conn *overheard
}

// DialContext opens the connection to the proxy.
func (o *overhearing) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := o.open.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	o.conn = &overheard{Conn: conn}
	return o.conn, nil
}

// Dial is there because x/net/proxy asks for it; it is not used.
func (o *overhearing) Dial(network, address string) (net.Conn, error) {
	return o.DialContext(context.Background(), network, address)
}

func (o *overhearing) close() {
	if o.conn != nil {
		o.conn.Close()
	}
}

// overheard keeps the first bytes that the proxy sends.
type overheard struct {
	net.Conn
	heard []byte
}

// maxHeard is enough for the method, the authentication and the head of the reply.
const maxHeard = 8

// Read reads and keeps.
func (o *overheard) Read(p []byte) (int, error) {
	n, err := o.Conn.Read(p)
	o.heard = append(o.heard, p[:min(n, maxHeard-len(o.heard))]...)
	return n, err
}

func (o *overheard) answered() bool { return len(o.heard) > 0 }

// reply returns the code of the proxy's reply to CONNECT, 0 if it did not come to that.
func (o *overheard) reply() byte {
	const methodPassword = 2
	rest := o.heard
	if len(rest) < 2 {
		return 0
	}
	method, rest := rest[1], rest[2:]
	if method == methodPassword {
		rest = rest[min(2, len(rest)):]
	}
	if len(rest) < 2 {
		return 0
	}
	return rest[1]
}
