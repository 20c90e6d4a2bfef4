// Package crowd is a room service with one room of as many occupants as a test wants, connected to a server as an external
// component (XEP-0114). It answers joins and sends what the test says; it keeps no state of a real room.
package crowd

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
)

// Host is the name of the service, Room its room.
const (
	Host = "crowd.localhost"
	Room = "agora@" + Host
)

// Service is a connected component.
type Service struct {
	conn      net.Conn
	decoder   *xml.Decoder
	occupants atomic.Int64
	joins     chan string
	ended     chan struct{}

	mutex sync.Mutex // held to write
	out   *bufio.Writer
}

// stanza is what the service looks at in what it gets.
type stanza struct {
	XMLName xml.Name
	From    string `xml:"from,attr"`
	To      string `xml:"to,attr"`
	Type    string `xml:"type,attr"`
	ID      string `xml:"id,attr"`
	Info    *struct {
		Node string `xml:"node,attr"`
	} `xml:"http://jabber.org/protocol/disco#info query"`
}

// Connect connects to a server's port for components. The caller must Close the service.
func Connect(ctx context.Context, addr, secret string, occupants int) (*Service, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &Service{
		conn: conn, decoder: xml.NewDecoder(conn), joins: make(chan string, 16), ended: make(chan struct{}),
		out: bufio.NewWriterSize(conn, 1<<16),
	}
	s.Grow(occupants)
	if err := s.handshake(secret); err != nil {
		return nil, errors.Join(fmt.Errorf("component %q: %w", Host, err), conn.Close())
	}
	go s.serve()
	return s, nil
}

// Close leaves.
func (s *Service) Close() error {
	err := s.conn.Close()
	<-s.ended
	return err
}

// Grow changes how many occupants those find who join from now on.
func (s *Service) Grow(occupants int) { s.occupants.Store(int64(occupants)) }

// Joined returns the full JIDs of those who join, as they do. Their crowd is then on its way.
func (s *Service) Joined() <-chan string { return s.joins }

// Say has an occupant say n texts to a full JID; text gives the one with a number.
func (s *Service) Say(to string, n int, text func(int) string) error {
	return s.write(func(w io.Writer) {
		for i := range n {
			fmt.Fprintf(w, `<message from='%s/%s' to='%s' type='groupchat' id='crowd-%d'><body>%s</body></message>`,
				Room, Nick(i%max(int(s.occupants.Load()), 1)), escape(to), i, escape(text(i)))
		}
	})
}

// Nick names an occupant.
func Nick(i int) string { return fmt.Sprintf("occupant%05d", i) }

func (s *Service) handshake(secret string) error {
	if _, err := fmt.Fprintf(s.conn, `<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='%s'>`, Host); err != nil {
		return err
	}
	header, err := s.start()
	if err != nil {
		return err
	}
	id := ""
	for _, a := range header.Attr {
		if a.Name.Local == "id" {
			id = a.Value
		}
	}
	digest := sha1.Sum([]byte(id + secret))
	if _, err := fmt.Fprintf(s.conn, "<handshake>%s</handshake>", hex.EncodeToString(digest[:])); err != nil {
		return err
	}
	answer, err := s.start()
	if err != nil {
		return err
	}
	if answer.Name.Local != "handshake" {
		return fmt.Errorf("refused: %q", answer.Name.Local)
	}
	return s.decoder.Skip()
}

// start reads up to the next start tag.
func (s *Service) start() (xml.StartElement, error) {
	for {
		token, err := s.decoder.Token()
		if err != nil {
			return xml.StartElement{}, err
		}
		if start, ok := token.(xml.StartElement); ok {
			return start, nil
		}
	}
}

// serve answers until the connection ends.
func (s *Service) serve() {
	defer close(s.ended)
	for {
		start, err := s.start()
		if err != nil {
			return
		}
		var got stanza
		if err := s.decoder.DecodeElement(&got, &start); err != nil {
			return
		}
		if err := s.answer(got); err != nil {
			return
		}
	}
}

func (s *Service) answer(got stanza) error {
	switch {
	case got.XMLName.Local == "presence" && got.Type == "" && strings.HasPrefix(got.To, Room+"/"):
		if err := s.welcome(got); err != nil {
			return err
		}
		select {
		case s.joins <- got.From:
		default: // nobody wants to know
		}
		return nil
	case got.XMLName.Local == "iq" && got.Type == "get" && got.Info != nil && (got.To == Host || got.To == Room):
		return s.write(func(w io.Writer) {
			fmt.Fprintf(w, `<iq type='result' from='%s' to='%s' id='%s'><query xmlns='http://jabber.org/protocol/disco#info'>`+
				`<identity category='conference' type='text'/><feature var='http://jabber.org/protocol/muc'/>`+
				`<feature var='muc_public'/></query></iq>`, got.To, escape(got.From), escape(got.ID))
		})
	case got.XMLName.Local == "iq" && (got.Type == "get" || got.Type == "set"):
		return s.write(func(w io.Writer) {
			fmt.Fprintf(w, `<iq type='error' from='%s' to='%s' id='%s'><error type='cancel'>`+
				`<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`, escape(got.To), escape(got.From), escape(got.ID))
		})
	}
	return nil
}

// welcome sends the presence of all, the newcomer's own, and the empty subject (XEP-0045 §7.2).
func (s *Service) welcome(newcomer stanza) error {
	to := escape(newcomer.From)
	return s.write(func(w io.Writer) {
		for i := range int(s.occupants.Load()) {
			fmt.Fprintf(w, `<presence from='%s/%s' to='%s'><x xmlns='http://jabber.org/protocol/muc#user'>`+
				`<item affiliation='none' role='participant'/></x></presence>`, Room, Nick(i), to)
		}
		fmt.Fprintf(w, `<presence from='%s' to='%s'><x xmlns='http://jabber.org/protocol/muc#user'>`+
			`<item affiliation='none' role='participant'/><status code='110'/></x></presence>`, escape(newcomer.To), to)
		fmt.Fprintf(w, `<message from='%s' to='%s' type='groupchat'><subject/></message>`, Room, to)
	})
}

// write sends what the function writes. A bufio.Writer keeps its first error.
func (s *Service) write(what func(io.Writer)) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	what(s.out)
	return s.out.Flush()
}

func escape(text string) string {
	var escaped strings.Builder
	if err := xml.EscapeText(&escaped, []byte(text)); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	return escaped.String()
}
