package xmppclient

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"time"

	"mellium.im/xmpp"

	"traboule/im"
)

const (
	nsBind = "urn:ietf:params:xml:ns:xmpp-bind" // RFC 6120 §7
	nsSM   = "urn:xmpp:sm:3"                    // XEP-0198
	// maxEarly: stanzas that may come before stream management is settled.
	maxEarly = 16
	// resumeWithin is how long a lost session is tried to be resumed if the server names no time, or a longer one.
	resumeWithin = 10 * time.Minute
)

// resumption is what it takes to go on with a lost session (XEP-0198 §5).
type resumption struct {
	id      string
	handled uint32 // stanzas of the server that we dealt with
	full    im.JID
}

// management is what the server granted (XEP-0198 §3). The zero value is a session without it.
type management struct {
	enabled bool
	id      string // empty if the session cannot be resumed
	within  time.Duration
}

// binding is the one stream feature after the login: it resumes the old session or binds a resource and enables stream
// management. These are not three features because the library would pick among them at random.
func (l *login) binding() xmpp.StreamFeature {
	return xmpp.StreamFeature{
		Name:      xml.Name{Space: nsBind, Local: "bind"},
		Necessary: xmpp.Secure | xmpp.Authn,
		Parse:     parseFeature,
		Negotiate: func(_ context.Context, s *xmpp.Session, _ any) (xmpp.SessionState, io.ReadWriter, error) {
			return xmpp.Ready, nil, l.settle(s)
		},
	}
}

func (l *login) settle(s *xmpp.Session) error {
	_, managed := s.Feature(nsSM)
	if managed && l.previous != nil {
		if err := l.resumeSession(s); err != nil || l.resumed {
			return err
		}
	}
	if err := l.bind(s); err != nil || !managed {
		return err
	}
	return l.enable(s)
}

// resumeSession asks for the old session. A refusal is no error; it may still tell what of ours had arrived (XEP-0198 §5).
func (l *login) resumeSession(s *xmpp.Session) error {
	ask := el(nsSM, "resume").set("h", formatCount(l.previous.handled)).set("previd", l.previous.id)
	if _, err := s.Conn().Write(ask.bytes()); err != nil {
		return err
	}
	n, err := readElement(s)
	if err != nil {
		return err
	}
	count, hasCount := parseCount(n.attr("h"))
	switch {
	case n.is(nsSM, "resumed") && hasCount && n.attr("previd") == l.previous.id:
		l.resumed, l.full = true, l.previous.full
		l.acknowledged = &count
	case n.is(nsSM, "failed"):
		if hasCount {
			l.acknowledged = &count
		}
	default:
		return &im.Failure{Code: im.CodeStream, Detail: "server does not answer the resumption"}
	}
	return nil
}

// bind asks for our resource. The library's own request leaves it out, and servers then choose one.
func (l *login) bind(s *xmpp.Session) error {
	id := nonce()
	ask := el(nsClient, "iq", el(nsBind, "bind", textEl(nsBind, "resource", l.resource))).set("type", "set").set("id", id)
	if _, err := s.Conn().Write(ask.bytes()); err != nil {
		return err
	}
	for {
		n, err := l.await(s, func(n *node) bool { return n.is(nsClient, "iq") && n.attr("id") == id })
		if err != nil {
			return err
		}
		switch n.attr("type") {
		case "result":
			return l.accept(n.kid(nsBind, "bind").kidText(nsBind, "jid", 3*maxText))
		case "error":
			f := decodeFailure(n)
			f.Detail = "no resource was bound"
			return &f
		}
	}
}

// accept checks the address that the server bound: another account's would be a fault or an attack.
func (l *login) accept(address string) error {
	full, err := im.WireJID(address)
	same := full.Bare() == l.cfg.Account.Bare()
	if l.cfg.anonymous() {
		same = full.Domain() == l.cfg.Account.Domain() && full.Local() != ""
	}
	if err != nil || full.IsBare() || !same {
		return &im.Failure{Code: im.CodeBadAnswer, Detail: fmt.Sprintf("server bound %q", truncate(address, maxText)), Lasting: true}
	}
	l.full = full
	return nil
}

// enable asks for stream management; a server may refuse, and the session goes on without.
func (l *login) enable(s *xmpp.Session) error {
	if _, err := s.Conn().Write(el(nsSM, "enable").set("resume", "true").bytes()); err != nil {
		return err
	}
	n, err := l.await(s, func(n *node) bool { return n.name.Space == nsSM && n.name.Local != "r" })
	if err != nil || !n.is(nsSM, "enabled") {
		return err
	}
	l.management = management{enabled: true, within: resumeWithin}
	if id := n.attr("id"); n.attr("resume") == "true" || n.attr("resume") == "1" {
		l.management.id = clip(id, maxID)
	}
	if seconds, err := strconv.Atoi(n.attr("max")); err == nil && seconds > 0 && seconds < int(resumeWithin/time.Second) {
		l.management.within = time.Duration(seconds) * time.Second
	}
	return nil
}

// await reads until the element that is wanted; what a server sends before it is kept for later.
func (l *login) await(s *xmpp.Session, wanted func(*node) bool) (*node, error) {
	for {
		n, err := readElement(s)
		if err != nil {
			return nil, err
		}
		if wanted(n) {
			return n, nil
		}
		if len(l.early) == maxEarly {
			return nil, &im.Failure{Code: im.CodeStream, Detail: "server does not let the login end"}
		}
		l.early = append(l.early, n)
	}
}

// readElement reads the next element during negotiation.
func readElement(s *xmpp.Session) (*node, error) {
	r := s.TokenReader()
	defer r.Close()
	return nextElement(r)
}

// randomResource tells nothing about the person, the machine or the client.
func randomResource() string {
	b := make([]byte, 8)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// parseCount reads a counter of XEP-0198, which is an unsigned 32-bit number.
func parseCount(s string) (uint32, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil
}

func formatCount(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
