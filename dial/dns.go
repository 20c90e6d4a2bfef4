package dial

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// The bounds of an answer.
const (
	maxAliases = 8
	maxRecords = 128
)

// paddedQuery is the length that queries are filled up to, so that over TLS their length does not tell what they ask for
// (RFC 8467 §4.1).
const paddedQuery = 128

var errAnswer = errors.New("the name server's answer makes no sense")

// askSRV asks the name server at the other end of a stream for the SRV records of a name (RFC 7766), until ctx is done. No
// records are no error.
func askSRV(ctx context.Context, conn net.Conn, name string) ([]*net.SRV, error) {
	if deadline, set := ctx.Deadline(); set {
		conn.SetDeadline(deadline)
	}
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	absolute, err := dnsmessage.NewName(strings.TrimSuffix(name, ".") + ".")
	if err != nil {
		return nil, fmt.Errorf("%q: %w", name, err)
	}
	var random [2]byte
	rand.Read(random[:])
	q := query{binary.BigEndian.Uint16(random[:]), dnsmessage.Question{Name: absolute, Type: dnsmessage.TypeSRV, Class: dnsmessage.ClassINET}}
	text, err := q.text()
	if err != nil {
		return nil, fmt.Errorf("%q: %w", name, err)
	}
	if _, err := conn.Write(text); err != nil {
		return nil, err
	}
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return nil, err
	}
	answer := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(conn, answer); err != nil {
		return nil, err
	}
	return q.records(answer)
}

// query is a question with its number.
type query struct {
	id       uint16
	question dnsmessage.Question
}

// text is the query as a stream carries it.
func (q query) text() ([]byte, error) {
	const padding = 12 // RFC 7830 §3
	pad := func(n int) dnsmessage.Message {
		option := dnsmessage.Option{Code: padding, Data: make([]byte, n)}
		var header dnsmessage.ResourceHeader
		_ = header.SetEDNS0(4096, dnsmessage.RCodeSuccess, false) // never fails
		return dnsmessage.Message{
			Header: dnsmessage.Header{ID: q.id, RecursionDesired: true}, Questions: []dnsmessage.Question{q.question},
			Additionals: []dnsmessage.Resource{{Header: header, Body: &dnsmessage.OPTResource{Options: []dnsmessage.Option{option}}}},
		}
	}
	bare := pad(0)
	packed, err := bare.Pack()
	if err != nil {
		return nil, err
	}
	full := pad((paddedQuery - len(packed)%paddedQuery) % paddedQuery)
	if packed, err = full.Pack(); err != nil {
		return nil, err
	}
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...), nil
}

// records reads the answer. It must be to this very query; what it says of other names does not count.
func (q query) records(answer []byte) ([]*net.SRV, error) {
	var p dnsmessage.Parser
	header, err := p.Start(answer)
	if err != nil || !header.Response || header.ID != q.id || header.OpCode != 0 {
		return nil, errAnswer
	}
	asked, err := p.Question()
	if err != nil || asked.Type != q.question.Type || asked.Class != q.question.Class || !sameName(asked.Name, q.question.Name) {
		return nil, errAnswer
	}
	if err := p.SkipAllQuestions(); err != nil {
		return nil, errAnswer
	}
	switch header.RCode {
	case dnsmessage.RCodeNameError:
		return nil, nil
	case dnsmessage.RCodeSuccess:
		return answers(&p, q.question.Name)
	}
	return nil, fmt.Errorf("the name server answered %v", header.RCode)
}

// answers reads the records of a name, or of the one that it is an alias of.
func answers(p *dnsmessage.Parser, name dnsmessage.Name) ([]*net.SRV, error) {
	var found []*net.SRV
	for aliases := 0; len(found) < maxRecords && aliases <= maxAliases; {
		header, err := p.AnswerHeader()
		switch {
		case errors.Is(err, dnsmessage.ErrSectionDone):
			return found, nil
		case err != nil:
			return nil, errAnswer
		case header.Class != dnsmessage.ClassINET || !sameName(header.Name, name):
			err = p.SkipAnswer()
		case header.Type == dnsmessage.TypeCNAME:
			var alias dnsmessage.CNAMEResource
			alias, err = p.CNAMEResource()
			name = alias.CNAME
			aliases++
		case header.Type == dnsmessage.TypeSRV:
			var srv dnsmessage.SRVResource
			srv, err = p.SRVResource()
			found = append(found, &net.SRV{Target: srv.Target.String(), Port: srv.Port, Priority: srv.Priority, Weight: srv.Weight})
		default:
			err = p.SkipAnswer()
		}
		if err != nil {
			return nil, errAnswer
		}
	}
	return found, nil
}

func sameName(a, b dnsmessage.Name) bool { return strings.EqualFold(a.String(), b.String()) }
