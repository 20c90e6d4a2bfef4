package xmpptest

import (
	"fmt"
	"strings"
)

// Send sends one stanza. On a managed session it is kept until the client acknowledges it, and sent again after a
// resumption; an error of the connection is not reported, because a cut connection is what tests are about.
func (s *Session) Send(stanza string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.managed {
		s.unacked = append(s.unacked, stanza)
	}
	s.conn.write(stanza)
}

// Raw sends bytes that nobody counts.
func (s *Session) Raw(bytes string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.conn.write(bytes)
}

// Ask asks the client what it has handled.
func (s *Session) Ask() { s.Raw(`<r xmlns='` + nsSM + `'/>`) }

// Unacknowledged tells how many stanzas the client has not acknowledged.
func (s *Session) Unacknowledged() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return len(s.unacked)
}

// Cut ends the connection without a word, in the middle of whatever goes on.
func (s *Session) Cut() { s.connection().cut() }

// isGreeting reports whether a client asks what its own account can do.
func (s *Session) isGreeting(e element) bool {
	account, _, _ := strings.Cut(s.JID, "/")
	return e.name == "iq" && e.attr("to") == account && e.attr("type") == "get" && strings.Contains(e.raw, nsDiscoInfo)
}

func (s *Server) describe(e element) string {
	answer := fmt.Sprintf(`<iq type='result' from='%s' id='%s'><query xmlns='%s'>`, e.attr("to"), e.attr("id"), nsDiscoInfo)
	for _, f := range s.Features {
		answer += `<feature var='` + f + `'/>`
	}
	return answer + `</query></iq>`
}

func (s *Session) connection() *connection {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.conn
}

// Acknowledged tells the client's last count of what it has handled.
func (s *Session) Acknowledged() uint32 {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.claimed
}

func (s *Session) isDeaf() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.deaf
}

func (s *Session) acknowledge(c *connection) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return c.write(fmt.Sprintf(`<a xmlns='%s' h='%d'/>`, nsSM, s.handled))
}

func (s *Session) acknowledged(h uint32) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.drop(h)
}

func (s *Session) drop(h uint32) {
	s.claimed = h
	n := min(int(h-s.acked), len(s.unacked))
	s.unacked = s.unacked[n:]
	s.acked += uint32(n)
}

// resume moves an old session to c (XEP-0198 §5). It returns nil if it refuses.
func (s *Server) resume(c *connection, e element) (*Session, error) {
	s.mutex.Lock()
	old, forgets := s.sessions[e.attr("previd")], s.forgets
	s.mutex.Unlock()
	if old == nil {
		return nil, c.write(fmt.Sprintf(`<failed xmlns='%s'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`, nsSM))
	}
	before := old.connection()
	before.cut()
	<-before.read // what the old connection still had is counted now
	old.mutex.Lock()
	defer old.mutex.Unlock()
	if forgets {
		return nil, c.write(s.forge(Resumed, fmt.Sprintf(`<failed xmlns='%s' h='%d'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`, nsSM, old.handled)))
	}
	old.conn, old.deaf = c, s.Deaf
	old.drop(e.count())
	s.mutex.Lock()
	s.logins, s.last = s.logins+1, old
	s.mutex.Unlock()
	reply := s.forge(Resumed, fmt.Sprintf(`<resumed xmlns='%s' h='%d' previd='%s'/>`, nsSM, old.handled, old.id))
	for _, stanza := range old.unacked {
		reply += stanza
	}
	return old, c.write(reply)
}
