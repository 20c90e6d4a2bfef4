package dial

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"syscall"

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

// dialSOCKS has x/net/proxy ask the proxy for a stream to target, which goes to it as a name: what looks it up is the
// proxy. It reads nothing beyond the proxy's answer, waits no longer than ctx, and closes what comes to nothing.
func (d *Dialer) dialSOCKS(ctx context.Context, via proxyAt, target target, who *proxy.Auth) (net.Conn, error) {
	near := &forward{open: d.open, tor: via.proved}
	socks, err := proxy.SOCKS5(via.network, via.address, who, near)
	if err == nil {
		_, err = socks.(proxy.ContextDialer).DialContext(ctx, "tcp", target.String())
	}
	if err != nil {
		return nil, d.tor.explain(near.fault(ctx, via, target, err))
	}
	return near.conn.Conn, nil
}

// target is where a stream is to lead.
type target struct {
	host string
	port uint16
}

func (t target) String() string { return net.JoinHostPort(t.host, strconv.Itoa(int(t.port))) }

// forward is the dialer by which x/net/proxy reaches the proxy. It keeps the connection.
type forward struct {
	open dialFunc
	tor  bool // the proxy said that it is Tor
	conn *proxyConn
}

// DialContext opens the connection to the proxy.
func (f *forward) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := f.open(ctx, network, address)
	if err != nil {
		return nil, err
	}
	f.conn = &proxyConn{Conn: conn, tor: f.tor}
	return f.conn, nil
}

// Dial is there because x/net/proxy asks for it; it is not used.
func (f *forward) Dial(network, address string) (net.Conn, error) {
	return f.DialContext(context.Background(), network, address)
}

// fault says why the proxy gave no stream.
func (f *forward) fault(ctx context.Context, via proxyAt, target target, err error) *Error {
	fault := &Error{Target: target.String(), Cause: err}
	var both *net.OpError // the library's own, which names the proxy and the target once more
	if errors.As(err, &both) {
		fault.Cause = both.Err
	}
	switch {
	case f.conn == nil && ctx.Err() == nil:
		fault.Kind, fault.Target = ProxyUnreachable, via.address
	case f.conn != nil && f.conn.reply != 0:
		fault.Kind, fault.Reply = replyKind(target.host, f.conn.reply), f.conn.reply
	case ctx.Err() != nil || isTimeout(err):
		fault.Kind = Timeout
	case errors.Is(err, errNotSOCKS):
		fault.Kind, fault.Target = NotSOCKS, via.address
	case errors.Is(err, errNoMethod), errors.Is(err, errRefusedUs):
		fault.Kind = ProxyRefused
	case hungUp(err): // it ended, as a Tor does that is killed
		fault.Kind, fault.Target = ProxyUnreachable, via.address
	}
	return fault
}

// hungUp reports whether the other end closed the connection.
func hungUp(err error) bool {
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}

// replyKind reads a reply code. Without ExtendedErrors Tor has but the codes of RFC 1928 for onion services too, and no
// more can be said than that there is none.
func replyKind(host string, reply byte) Kind {
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
