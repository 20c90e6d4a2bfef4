package dial

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strconv"
	"time"
)

const socksVersion = 5

// The address types of RFC 1928 §5.
const (
	addressIPv4 = 1
	addressName = 3
	addressIPv6 = 4
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

// dialSOCKS asks the proxy for a stream to target, which goes to it as a name: what looks it up is the proxy.
func (d *Dialer) dialSOCKS(ctx context.Context, via proxyAt, target target, who credentials) (net.Conn, error) {
	conn, err := d.open(ctx, via.network, via.address)
	if err != nil {
		fault := &Error{Kind: ProxyUnreachable, Target: via.address, Cause: err}
		if ctx.Err() != nil {
			fault.Kind, fault.Target = Timeout, target.String()
		}
		return nil, d.tor.explain(fault)
	}
	fault := handshake(ctx, conn, target, who, via.proved)
	if fault == nil {
		return conn, nil
	}
	conn.Close()
	if fault.Kind == NotSOCKS {
		fault.Target = via.address
	}
	return nil, d.tor.explain(fault)
}

// handshake has the proxy connect the stream to target, until ctx is done. Nothing is read beyond the proxy's answer.
func handshake(ctx context.Context, conn net.Conn, target target, who credentials, proved bool) *Error {
	if deadline, set := ctx.Deadline(); set {
		conn.SetDeadline(deadline)
	}
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	socks := &socksClient{conn: conn, target: target}
	err := socks.greet(who, proved)
	if err == nil {
		err = socks.connect()
	}
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = conn.SetDeadline(time.Time{})
	}
	if err != nil {
		return socks.fault(ctx, err)
	}
	return nil
}

// socksClient is our end of a SOCKS 5 handshake (RFC 1928). Every answer has a length that is known before it is read.
type socksClient struct {
	conn   net.Conn
	target target
	reply  byte // to the request; 0 while there is none
}

// The faults of a proxy that does not keep to the protocol, or not to what we want.
var (
	errNotSOCKS  = errors.New("does not speak SOCKS 5")
	errNoMethod  = errors.New("takes no user and password")
	errRefusedUs = errors.New("refuses the user and password")
	errReply     = errors.New("refuses")
)

// greet says who we are (RFC 1929). A Tor is offered nothing but a user and a password, and so keeps us apart from others
// whatever its settings prefer; it takes any. Other proxies may know none, and ours mean nothing to them.
func (s *socksClient) greet(who credentials, proved bool) error {
	const none, password = 0, 2
	offer := []byte{socksVersion, 2, none, password}
	if proved {
		offer = []byte{socksVersion, 1, password}
	}
	answer, err := s.ask(offer, 2)
	switch {
	case err != nil:
		return err
	case answer[0] != socksVersion:
		return errNotSOCKS
	case answer[1] == none && !proved:
		return nil
	case answer[1] != password:
		return errNoMethod
	}
	const version = 1
	login := append([]byte{version, byte(len(who.user))}, who.user...)
	login = append(append(login, byte(len(who.password))), who.password...)
	answer, err = s.ask(login, 2)
	if err == nil && answer[1] != 0 {
		err = errRefusedUs
	}
	return err
}

// connect asks for the stream (RFC 1928 §4). Where the proxy says that it connected from is read and not looked at.
func (s *socksClient) connect() error {
	const connect, reserved = 1, 0
	request := append([]byte{socksVersion, connect, reserved}, s.target.address()...)
	answer, err := s.ask(binary.BigEndian.AppendUint16(request, s.target.port), 4)
	switch {
	case err != nil:
		return err
	case answer[0] != socksVersion:
		return errNotSOCKS
	}
	if s.reply = answer[1]; s.reply != 0 {
		return errReply
	}
	rest := net.IPv4len
	switch answer[3] {
	case addressIPv4:
	case addressIPv6:
		rest = net.IPv6len
	case addressName:
		length, err := s.read(1)
		if err != nil {
			return err
		}
		rest = int(length[0])
	default:
		return errNotSOCKS
	}
	_, err = s.read(rest + 2)
	return err
}

// ask sends something and reads an answer of a known length.
func (s *socksClient) ask(text []byte, length int) ([]byte, error) {
	if _, err := s.conn.Write(text); err != nil {
		return nil, err
	}
	return s.read(length)
}

func (s *socksClient) read(length int) ([]byte, error) {
	answer := make([]byte, length)
	_, err := io.ReadFull(s.conn, answer)
	return answer, err
}

// fault says why the handshake failed.
func (s *socksClient) fault(ctx context.Context, err error) *Error {
	f := &Error{Target: s.target.String(), Reply: s.reply, Cause: err}
	switch {
	case s.reply != 0:
		f.Kind = replyKind(s.target.host, s.reply)
	case ctx.Err() != nil || isTimeout(err):
		f.Kind = Timeout
	case errors.Is(err, errNotSOCKS):
		f.Kind = NotSOCKS
	case errors.Is(err, errNoMethod), errors.Is(err, errRefusedUs):
		f.Kind = ProxyRefused
	}
	return f
}

// target is where a stream is to lead.
type target struct {
	host string
	port uint16
}

func (t target) String() string { return net.JoinHostPort(t.host, strconv.Itoa(int(t.port))) }

// address is the host as a SOCKS request has it.
func (t target) address() []byte {
	ip := net.ParseIP(t.host)
	switch {
	case ip.To4() != nil:
		return append([]byte{addressIPv4}, ip.To4()...)
	case ip != nil:
		return append([]byte{addressIPv6}, ip...)
	}
	return append([]byte{addressName, byte(len(t.host))}, t.host...)
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
