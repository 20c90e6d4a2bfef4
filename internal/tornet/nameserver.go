package tornet

import (
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"

	"golang.org/x/net/dns/dnsmessage"

	"traboule/internal/testca"
)

// ResolverName is the name under which a NameServer knows itself, and for which its certificate is.
const ResolverName = "resolver.test"

// recordTTL is in seconds. Tor's exits keep an answer for minutes whatever it says.
const recordTTL = 60

// NameServer is a name server on loopback, over UDP and TCP at one port and over TLS at another. It knows the names that it
// was told; others do not exist. What an exit has asked once it remembers for minutes, so tell a name before it is used.
type NameServer struct {
	// Port and TLSPort are its ports on 127.0.0.1.
	Port, TLSPort uint16
	// CA is the authority that signed its certificate.
	CA *testca.CA

	packets   net.PacketConn
	listeners []net.Listener
	running   sync.WaitGroup

	mu      sync.Mutex
	records map[string][]dnsmessage.ResourceBody
	open    map[net.Conn]bool // nil once it is closed
}

// NewNameServer starts a name server that knows itself alone.
func NewNameServer() (*NameServer, error) {
	ca, err := testca.New()
	if err != nil {
		return nil, err
	}
	certificate, err := ca.Issue(ResolverName)
	if err != nil {
		return nil, err
	}
	s := &NameServer{CA: ca, records: map[string][]dnsmessage.ResourceBody{}, open: map[net.Conn]bool{}}
	s.SetHost(ResolverName, "127.0.0.1")
	if err := s.listen(&tls.Config{Certificates: []tls.Certificate{certificate}}); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.running.Go(s.servePackets)
	for _, listener := range s.listeners {
		s.running.Go(func() { s.accept(listener) })
	}
	return s, nil
}

func (s *NameServer) listen(config *tls.Config) error {
	if err := s.listenPlain(); err != nil {
		return fmt.Errorf("name server: %w", err)
	}
	secure, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		return fmt.Errorf("name server: %w", err)
	}
	s.listeners = append(s.listeners, secure)
	s.TLSPort = netip.MustParseAddrPort(secure.Addr().String()).Port()
	return nil
}

// listenPlain takes a port for TCP and UDP. One that is free for TCP may be taken for UDP, rarely; the other way it is not so rare.
func (s *NameServer) listenPlain() error {
	var err error
	for range attempts {
		var plain net.Listener
		if plain, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return err
		}
		if s.packets, err = net.ListenPacket("udp", plain.Addr().String()); err == nil {
			s.listeners = append(s.listeners, plain)
			s.Port = netip.MustParseAddrPort(plain.Addr().String()).Port()
			return nil
		}
		plain.Close()
	}
	return err
}

// Close ends the server and all its connections.
func (s *NameServer) Close() error {
	var errs []error
	if s.packets != nil {
		errs = append(errs, s.packets.Close())
	}
	for _, listener := range s.listeners {
		errs = append(errs, listener.Close())
	}
	s.mu.Lock()
	for conn := range s.open {
		conn.Close()
	}
	s.open = nil
	s.mu.Unlock()
	s.running.Wait()
	return errors.Join(errs...)
}

// SetHost gives a name its addresses, IPv4 or IPv6, in place of all it had.
func (s *NameServer) SetHost(name string, addresses ...string) {
	var bodies []dnsmessage.ResourceBody
	for _, text := range addresses {
		if address := netip.MustParseAddr(text); address.Is4() {
			bodies = append(bodies, &dnsmessage.AResource{A: address.As4()})
		} else {
			bodies = append(bodies, &dnsmessage.AAAAResource{AAAA: address.As16()})
		}
	}
	s.set(name, bodies)
}

// SetService gives a service of a domain, such as "_xmpp-client._tcp.example.org", its places, in place of those it had.
func (s *NameServer) SetService(name string, places ...net.SRV) {
	var bodies []dnsmessage.ResourceBody
	for _, p := range places {
		target := dnsmessage.MustNewName(strings.TrimSuffix(p.Target, ".") + ".")
		bodies = append(bodies, &dnsmessage.SRVResource{Priority: p.Priority, Weight: p.Weight, Port: p.Port, Target: target})
	}
	s.set(name, bodies)
}

func (s *NameServer) set(name string, bodies []dnsmessage.ResourceBody) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records[key(name)] = bodies
}

// key is the form in which names are compared: without case and the last dot.
func key(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// find returns the records of a name, and whether it exists: a name below it makes it exist too (RFC 8020).
func (s *NameServer) find(name string) (bodies []dnsmessage.ResourceBody, exists bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	bodies, exists = s.records[key(name)]
	for other := range s.records {
		exists = exists || strings.HasSuffix(other, "."+key(name))
	}
	return bodies, exists
}

// answer makes the answer to a message. The question goes back byte for byte, as tor plays with the case of its letters and
// wants to see them again.
func (s *NameServer) answer(message []byte) ([]byte, error) {
	var p dnsmessage.Parser
	header, err := p.Start(message)
	if err != nil {
		return nil, err
	}
	question, err := p.Question()
	if err != nil {
		return nil, err
	}
	bodies, exists := s.find(question.Name.String())
	reply := dnsmessage.Message{
		Header: dnsmessage.Header{
			ID: header.ID, Response: true, Authoritative: true, RecursionDesired: header.RecursionDesired, RecursionAvailable: true,
		},
		Questions: []dnsmessage.Question{question},
	}
	if !exists {
		reply.RCode = dnsmessage.RCodeNameError
	}
	for _, body := range bodies {
		if kind(body) == question.Type {
			name := dnsmessage.ResourceHeader{Name: question.Name, Class: question.Class, TTL: recordTTL}
			reply.Answers = append(reply.Answers, dnsmessage.Resource{Header: name, Body: body})
		}
	}
	return reply.Pack()
}

func kind(body dnsmessage.ResourceBody) dnsmessage.Type {
	switch body.(type) {
	case *dnsmessage.AResource:
		return dnsmessage.TypeA
	case *dnsmessage.AAAAResource:
		return dnsmessage.TypeAAAA
	default:
		return dnsmessage.TypeSRV
	}
}

// servePackets answers over UDP; who sends no question gets no answer.
func (s *NameServer) servePackets() {
	buffer := make([]byte, 4096)
	for {
		n, from, err := s.packets.ReadFrom(buffer)
		if err != nil {
			return
		}
		if reply, err := s.answer(buffer[:n]); err == nil {
			_, _ = s.packets.WriteTo(reply, from)
		}
	}
}

func (s *NameServer) accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		if !s.admit(conn) {
			conn.Close()
			return
		}
		s.running.Go(func() {
			defer s.dismiss(conn)
			s.serveStream(conn)
		})
	}
}

// admit notes a connection that Close has to end, unless it has come already.
func (s *NameServer) admit(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		return false
	}
	s.open[conn] = true
	return true
}

func (s *NameServer) dismiss(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, conn)
	conn.Close()
}

// serveStream answers over a stream, where a length stands before each message (RFC 7766 §8), until the other side goes.
func (s *NameServer) serveStream(conn net.Conn) {
	for {
		length := make([]byte, 2)
		if _, err := io.ReadFull(conn, length); err != nil {
			return
		}
		message := make([]byte, binary.BigEndian.Uint16(length))
		if _, err := io.ReadFull(conn, message); err != nil {
			return
		}
		reply, err := s.answer(message)
		if err != nil {
			return
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
			return
		}
	}
}
