package dial

import (
	"context"
	"net"

	"golang.org/x/net/proxy"
)

// The reply codes of RFC 1928 §6 that mean something to us.
const (
	replyHostUnreachable = 0x04
	replyRefused         = 0x05
	replyTTLExpired      = 0x06
	replyOnionFirst      = 0xF0 // tor's, for onion services
)

// dialSOCKS asks the proxy for a stream to target, which goes to it as a name. x/net/proxy tells a refusal in words only,
// so the proxy's answers are overheard to know its code.
func (d *Dialer) dialSOCKS(ctx context.Context, target string, auth *proxy.Auth) (net.Conn, error) {
	ear := &overhearing{open: d.open}
	socks, err := proxy.SOCKS5(d.network, d.address, auth, ear)
	if err != nil {
		return nil, &Error{Kind: ProxyUnreachable, Target: d.address, Cause: err}
	}
	if _, err := socks.(proxy.ContextDialer).DialContext(ctx, "tcp", target); err != nil {
		ear.close()
		return nil, d.socksError(ctx, target, ear, err)
	}
	return ear.conn.Conn, nil
}

func (d *Dialer) socksError(ctx context.Context, target string, ear *overhearing, err error) *Error {
	fault := &Error{Target: target, Cause: err}
	switch {
	case ear.conn == nil:
		fault.Kind, fault.Target = ProxyUnreachable, d.address
	case ear.conn.answered() && ear.conn.heard[0] != 5:
		fault.Kind, fault.Target = NotSOCKS, d.address
	default:
		fault.Reply = ear.conn.reply()
		fault.Kind = replyKind(ctx, target, fault.Reply, err)
	}
	return fault
}

func replyKind(ctx context.Context, target string, reply byte, err error) Kind {
	host, _, _ := net.SplitHostPort(target)
	switch {
	case reply == 0 && (ctx.Err() != nil || isTimeout(err)), reply == replyTTLExpired:
		return Timeout
	case reply == replyRefused:
		return Refused
	case reply >= replyOnionFirst, reply != 0 && isOnion(host):
		return OnionUnreachable
	case reply == replyHostUnreachable:
		return NameNotFound
	default:
		return Unreachable
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
