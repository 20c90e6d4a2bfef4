package dial

import (
	"errors"
	"net"
)

const socksVersion = 5

// The greetings of RFC 1928 §3: what x/net/proxy says to every proxy, and what a Tor is to hear.
const (
	greetingAny      = "\x05\x02\x00\x02" // no authentication, or user and password
	greetingPassword = "\x05\x01\x02"
)

// The faults of a proxy that does not keep to the protocol, or not to what we want.
var (
	errNotSOCKS  = errors.New("does not speak SOCKS 5")
	errNoMethod  = errors.New("takes no user and password")
	errRefusedUs = errors.New("refuses the user and password")
	errReply     = errors.New("refuses")
	errGreeting  = errors.New("not greeted: x/net/proxy offers something else than it did")
)

// proxyConn is the connection to the proxy while x/net/proxy shakes hands on it. A Tor hears of no way but user and
// password, and so keeps us apart from others whatever its settings prefer; it takes any. Other proxies may know none, and
// ours mean nothing to them. The answers are overheard, because the library tells what is wrong with them in words only.
type proxyConn struct {
	net.Conn
	tor     bool
	greeted bool
	heard   []byte // the beginning of what the proxy said
	reply   byte   // its code for a refusal; 0 while there is none
}

// maxHeard is the length of the answers to the greeting and to the user and password, and of the head of the reply.
const maxHeard = 2 + 2 + 4

// Write passes on what the library says. What goes to a Tor begins with the greeting as we know it, or does not go.
func (c *proxyConn) Write(p []byte) (int, error) {
	if c.greeted || !c.tor {
		return c.Conn.Write(p)
	}
	if string(p) != greetingAny {
		return 0, errGreeting
	}
	c.greeted = true
	if _, err := c.Conn.Write([]byte(greetingPassword)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Read reads as much as the library asks for. It gives nothing of an answer with which the handshake ends.
func (c *proxyConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.heard = append(c.heard, p[:min(n, maxHeard-len(c.heard))]...)
	if fault := c.judge(); fault != nil {
		return 0, fault
	}
	return n, err
}

// judge looks at what the proxy has said so far (RFC 1928 §3, RFC 1929 §2).
func (c *proxyConn) judge() error {
	const none, password, loginVersion = 0, 2, 1
	rest := c.heard
	switch {
	case len(rest) > 0 && rest[0] != socksVersion:
		return errNotSOCKS
	case len(rest) < 2:
		return nil
	case rest[1] == none && !c.tor:
		return c.judgeReply(rest[2:])
	case rest[1] != password:
		return errNoMethod
	case len(rest) < 4:
		return nil
	case rest[2] != loginVersion:
		return errNotSOCKS
	case rest[3] != 0:
		return errRefusedUs
	}
	return c.judgeReply(rest[4:])
}

// judgeReply looks at the head of the reply to the request (RFC 1928 §6). A refusal counts even if the rest is missing.
func (c *proxyConn) judgeReply(head []byte) error {
	const ipv4, name, ipv6 = 1, 3, 4
	switch {
	case len(head) > 0 && head[0] != socksVersion:
		return errNotSOCKS
	case len(head) > 1 && head[1] != 0:
		c.reply = head[1]
		return errReply
	case len(head) > 2 && head[2] != 0:
		return errNotSOCKS
	case len(head) > 3 && head[3] != ipv4 && head[3] != name && head[3] != ipv6:
		return errNotSOCKS
	}
	return nil
}
