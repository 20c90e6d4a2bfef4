// Package xmpptest is a small XMPP server for tests: it speaks TLS, SASL, resource binding and stream management over any
// net.Conn, honestly unless a test tells it otherwise. It owns the connections it serves. It routes nothing: what arrives
// goes to the test, and the test says what is sent.
package xmpptest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
)

// The namespaces that the server speaks.
const (
	nsStream = "http://etherx.jabber.org/streams"
	nsTLS    = "urn:ietf:params:xml:ns:xmpp-tls"
	nsSASL   = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsBind   = "urn:ietf:params:xml:ns:xmpp-bind"
	nsSM     = "urn:xmpp:sm:3"

	nsDiscoInfo = "http://jabber.org/protocol/disco#info"
)

// Stage names a point of the negotiation.
type Stage string

// The stages at which a Server sends features or answers.
const (
	PlainFeatures Stage = "plain features"
	Proceed       Stage = "proceed"
	AuthFeatures  Stage = "features before the login"
	Challenge     Stage = "challenge"
	Success       Stage = "success"
	BindFeatures  Stage = "features after the login"
	Bound         Stage = "bound"
	Enabled       Stage = "enabled"
	Resumed       Stage = "resumed"
)

// Server is one server with one password for all accounts.
type Server struct {
	Domain      string
	Certificate tls.Certificate
	Password    string
	// Mechanisms are offered in that order; nil stands for SCRAM-SHA-256-PLUS and SCRAM-SHA-256.
	Mechanisms []string
	// Bindings are the channel bindings that are announced (XEP-0440); nil announces none.
	Bindings []string
	// MaxTLS is the best version of TLS, 0 for the best there is.
	MaxTLS uint16
	// Direct means TLS from the first byte.
	Direct bool
	// Unmanaged leaves stream management out.
	Unmanaged bool
	// Deaf makes the server read a resumed session and understand nothing of it, as one does whose parser is still inside of
	// the stanza that was cut.
	Deaf bool
	// Features are what an account is told that it has (XEP-0030), to the one question that never reaches the test.
	Features []string
	// Forge may replace what the server is about to send at a stage. It must not change between connections.
	Forge func(stage Stage, honest string) string
	// Arrived gets every stanza of a client, in order, from the goroutine that reads its connection.
	Arrived func(s *Session, stanza string)

	mutex    sync.Mutex
	sessions map[string]*Session
	last     *Session
	logins   int
	forgets  bool
}

// Session is a client that logged in. It outlives its connection if stream management is on.
type Session struct {
	// JID is the full address, Mechanism how the login was done.
	JID, Mechanism string

	id      string
	mutex   sync.Mutex
	conn    *connection
	managed bool
	deaf    bool
	handled uint32
	acked   uint32 // of what was sent
	claimed uint32 // by the client, true or not
	unacked []string
}

// Pipe returns the client's end of a new connection in memory.
func (s *Server) Pipe() net.Conn {
	near, far := pipe()
	go s.Serve(far)
	return near
}

// Serve talks to one client until the connection ends, and returns why it did.
func (s *Server) Serve(conn net.Conn) error {
	defer conn.Close()
	c := newConnection(conn)
	defer close(c.read)
	if err := s.encrypt(c); err != nil {
		return err
	}
	mechanism, local, err := s.authenticate(c)
	if err != nil {
		return err
	}
	session, err := s.settle(c, mechanism, local)
	if err != nil {
		return err
	}
	return s.serve(c, session)
}

// Session returns the session that was opened or resumed last, or nil.
func (s *Server) Session() *Session {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.last
}

// Logins tells how many connections got as far as a session.
func (s *Server) Logins() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.logins
}

// Forget makes the server refuse to resume any session that it has or will have.
func (s *Server) Forget() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.forgets = true
}

func (s *Server) forge(stage Stage, honest string) string {
	if s.Forge == nil {
		return honest
	}
	return s.Forge(stage, honest)
}

func (s *Server) encrypt(c *connection) error {
	if !s.Direct {
		if err := s.startTLS(c); err != nil {
			return err
		}
	}
	settings := &tls.Config{
		Certificates: []tls.Certificate{s.Certificate}, MaxVersion: s.MaxTLS, SessionTicketsDisabled: true,
	}
	if s.Direct {
		settings.NextProtos = []string{"xmpp-client"}
	}
	t := tls.Server(c.conn, settings)
	if err := t.HandshakeContext(context.Background()); err != nil {
		return err
	}
	c.replace(t)
	return nil
}

func (s *Server) startTLS(c *connection) error {
	header, err := c.header()
	if err != nil {
		return err
	}
	if strings.Contains(header, "from=") {
		return errors.New("address before TLS")
	}
	features := s.forge(PlainFeatures, `<stream:features><starttls xmlns='`+nsTLS+`'><required/></starttls></stream:features>`)
	if err := c.write(s.header() + features); err != nil {
		return err
	}
	if _, err := c.expect("starttls"); err != nil {
		return err
	}
	return c.write(s.forge(Proceed, `<proceed xmlns='`+nsTLS+`'/>`))
}

func (s *Server) header() string {
	return fmt.Sprintf(`<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='%s' from='%s' id='1' version='1.0'>`, nsStream, s.Domain)
}

// settle binds a resource, or goes on with an old session.
func (s *Server) settle(c *connection, mechanism, local string) (*Session, error) {
	if _, err := c.header(); err != nil {
		return nil, err
	}
	features := `<bind xmlns='` + nsBind + `'/>`
	if !s.Unmanaged {
		features += `<sm xmlns='` + nsSM + `'/>`
	}
	if err := c.write(s.header() + s.forge(BindFeatures, `<stream:features>`+features+`</stream:features>`)); err != nil {
		return nil, err
	}
	session := &Session{conn: c, Mechanism: mechanism, JID: local + "@" + s.Domain}
	for {
		e, err := c.next()
		if err != nil {
			return nil, err
		}
		switch e.name {
		case "resume":
			old, err := s.resume(c, e)
			if err != nil || old != nil {
				return old, err
			}
		case "iq":
			session.JID += "/" + between(e.raw, "<resource>", "</resource>")
			reply := fmt.Sprintf(`<iq type='result' id='%s'><bind xmlns='%s'><jid>%s</jid></bind></iq>`, e.attr("id"), nsBind, session.JID)
			s.remember(session)
			return session, c.write(s.forge(Bound, reply))
		default:
			return nil, fmt.Errorf("unexpected %q", e.raw)
		}
	}
}

func (s *Server) remember(session *Session) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.sessions == nil {
		s.sessions = map[string]*Session{}
	}
	s.logins++
	session.id = fmt.Sprintf("session-%d", s.logins)
	s.sessions[session.id], s.last = session, session
}

// serve counts and acknowledges (XEP-0198 §4) and gives stanzas to the test.
func (s *Server) serve(c *connection, session *Session) error {
	for {
		e, err := c.next()
		if err != nil {
			return err
		}
		if session.isDeaf() {
			continue
		}
		switch e.name {
		case "enable":
			session.mutex.Lock()
			session.managed = true
			session.mutex.Unlock()
			err = c.write(s.forge(Enabled, fmt.Sprintf(`<enabled xmlns='%s' id='%s' resume='true' max='60'/>`, nsSM, session.id)))
		case "r":
			err = session.acknowledge(c)
		case "a":
			session.acknowledged(e.count())
		case "message", "presence", "iq":
			session.mutex.Lock()
			session.handled++
			session.mutex.Unlock()
			if session.isGreeting(e) {
				session.Send(s.describe(e))
			} else if s.Arrived != nil {
				s.Arrived(session, e.raw)
			}
		}
		if err != nil {
			return err
		}
	}
}
