package dial

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"traboule/internal/testca"
)

const service = "_xmpp-client._tcp.example.org."

// honest is the answer to a query, with one record.
func honest(asked dnsmessage.Message) dnsmessage.Message {
	q := asked.Questions[0]
	return dnsmessage.Message{
		Header: dnsmessage.Header{ID: asked.ID, Response: true, RecursionAvailable: true}, Questions: asked.Questions,
		Answers: []dnsmessage.Resource{srv(q.Name.String(), "xmpp.example.org.")},
	}
}

func resource(owner string, body dnsmessage.ResourceBody) dnsmessage.Resource {
	return dnsmessage.Resource{
		Header: dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(owner), Class: dnsmessage.ClassINET, TTL: 1<<32 - 1}, Body: body,
	}
}

func srv(owner, target string) dnsmessage.Resource {
	return resource(owner, &dnsmessage.SRVResource{Port: 5222, Target: dnsmessage.MustNewName(target)})
}

func alias(owner, target string) dnsmessage.Resource {
	return resource(owner, &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(target)})
}

// resolving is a name server that answers one query as the function says, and the client's end.
func resolving(t *testing.T, answer func(query []byte) []byte) net.Conn {
	t.Helper()
	near, far := net.Pipe()
	t.Cleanup(func() { near.Close(); far.Close() })
	go func() {
		var length [2]byte
		if _, err := io.ReadFull(far, length[:]); err != nil {
			return
		}
		query := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(far, query); err != nil {
			return
		}
		reply := answer(query)
		_, _ = far.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...))
	}()
	return near
}

// message answers with a changed honest message.
func message(t *testing.T, change func(*dnsmessage.Message)) func([]byte) []byte {
	return func(query []byte) []byte {
		var asked dnsmessage.Message
		if err := asked.Unpack(query); err != nil {
			t.Error(err)
			return nil
		}
		m := honest(asked)
		change(&m)
		packed, err := m.Pack()
		if err != nil {
			t.Error(err)
		}
		return packed
	}
}

// raw answers with changed bytes of an honest message.
func raw(t *testing.T, change func([]byte) []byte) func([]byte) []byte {
	packed := message(t, func(*dnsmessage.Message) {})
	return func(query []byte) []byte { return change(packed(query)) }
}

func ask(t *testing.T, conn net.Conn) ([]string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	found, err := askSRV(ctx, conn, service)
	var targets []string
	for _, r := range found {
		targets = append(targets, r.Target)
	}
	return targets, err
}

func TestAnswers(t *testing.T) {
	endless := func(m *dnsmessage.Message) {
		m.Answers = nil
		for range 5000 {
			m.Answers = append(m.Answers, srv(service, "a."))
		}
	}
	for name, c := range map[string]struct {
		change func(*dnsmessage.Message)
		want   string
	}{
		"one record":   {func(*dnsmessage.Message) {}, "xmpp.example.org."},
		"no such name": {func(m *dnsmessage.Message) { m.RCode, m.Answers = dnsmessage.RCodeNameError, nil }, ""},
		"no records":   {func(m *dnsmessage.Message) { m.Answers = nil }, ""},
		"in capitals":  {func(m *dnsmessage.Message) { m.Answers[0] = srv(strings.ToUpper(service), "a.") }, "a."},
		"of another name": {func(m *dnsmessage.Message) {
			m.Answers = append(m.Answers, srv("_xmpp-client._tcp.example.net.", "evil."))
		}, "xmpp.example.org."},
		"of another class": {func(m *dnsmessage.Message) { m.Answers[0].Header.Class = dnsmessage.ClassCHAOS }, ""},
		"of another type":  {func(m *dnsmessage.Message) { m.Answers[0] = resource(service, &dnsmessage.AResource{}) }, ""},
		"an alias":         {func(m *dnsmessage.Message) { m.Answers = []dnsmessage.Resource{alias(service, "s."), srv("s.", "a.")} }, "a."},
		"an alias of itself": {func(m *dnsmessage.Message) {
			m.Answers = []dnsmessage.Resource{alias(service, service), srv(service, "a.")}
		}, "a."},
		"in another section": {func(m *dnsmessage.Message) { m.Additionals, m.Answers = m.Answers, nil }, ""},
		"aliases without end": {func(m *dnsmessage.Message) {
			m.Answers = nil
			for range 50 {
				m.Answers = append(m.Answers, alias(service, service))
			}
			m.Answers = append(m.Answers, srv(service, "a."))
		}, ""},
		"too many": {endless, strings.TrimSuffix(strings.Repeat("a. ", maxRecords), " ")},
	} {
		found, err := ask(t, resolving(t, message(t, c.change)))
		if err != nil || strings.Join(found, " ") != c.want {
			t.Errorf("%s: %q, %v; want %q", name, found, err, c.want)
		}
	}
}

func TestHostileAnswers(t *testing.T) {
	question := func(change func(*dnsmessage.Question)) func([]byte) []byte {
		return message(t, func(m *dnsmessage.Message) {
			q := m.Questions[0]
			change(&q)
			m.Questions = []dnsmessage.Question{q}
		})
	}
	for name, answer := range map[string]func([]byte) []byte{
		"nothing":             func([]byte) []byte { return nil },
		"noise":               func([]byte) []byte { return []byte("HTTP/1.1 400 Bad Request\r\n\r\n") },
		"our own question":    func(query []byte) []byte { return query },
		"another number":      message(t, func(m *dnsmessage.Message) { m.ID++ }),
		"no answer":           message(t, func(m *dnsmessage.Message) { m.Response = false }),
		"another operation":   message(t, func(m *dnsmessage.Message) { m.OpCode = 5 }),
		"no question":         message(t, func(m *dnsmessage.Message) { m.Questions = nil }),
		"another name":        question(func(q *dnsmessage.Question) { q.Name = dnsmessage.MustNewName("_xmpp-client._tcp.example.net.") }),
		"another type":        question(func(q *dnsmessage.Question) { q.Type = dnsmessage.TypeA }),
		"another class":       question(func(q *dnsmessage.Question) { q.Class = dnsmessage.ClassANY }),
		"server failure":      message(t, func(m *dnsmessage.Message) { m.RCode = dnsmessage.RCodeServerFailure }),
		"refused":             message(t, func(m *dnsmessage.Message) { m.RCode = dnsmessage.RCodeRefused }),
		"cut":                 raw(t, func(b []byte) []byte { return b[:len(b)-3] }),
		"more than there is":  raw(t, func(b []byte) []byte { b[7] = 0xff; return b }),
		"a name that is loop": raw(t, func(b []byte) []byte { return append(b[:12], 0xc0, 12, 0, 33, 0, 1) }),
		"a target that is a loop": raw(t, func(b []byte) []byte {
			at := len(b) - len("\x04xmpp\x07example\x03org\x00")
			if b[at] != 4 {
				t.Errorf("no target at %d of %q", at, b)
			}
			b = append(b[:at], 0xc0, byte(at))
			binary.BigEndian.PutUint16(b[at-8:], 8)
			return b
		}),
	} {
		if found, err := ask(t, resolving(t, answer)); err == nil || len(found) > 0 {
			t.Errorf("%s: %q, %v", name, found, err)
		}
	}
}

func TestSilentResolver(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	go func() { _, _ = io.Copy(io.Discard, far) }()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := askSRV(ctx, near, service); err == nil {
		t.Error("an answer from nobody")
	}
}

// TestQueriesAreOfOneLength, so that over TLS nobody can tell from it what is asked.
func TestQueriesAreOfOneLength(t *testing.T) {
	for _, name := range []string{service, "_xmpps-client._tcp.a.b.", "_xmpp-client._tcp." + strings.Repeat("a", 40) + ".example."} {
		lengths := make(chan int, 1)
		conn := resolving(t, func(query []byte) []byte {
			lengths <- len(query)
			return nil
		})
		_, _ = askSRV(t.Context(), conn, name)
		if got := <-lengths; got != paddedQuery {
			t.Errorf("%s: %d bytes", name, got)
		}
	}
}

// TestResolverBehindUnixSocket: a stream stays a stream, whatever carries it to the proxy.
func TestResolverBehindUnixSocket(t *testing.T) {
	s, questions := answeringAt(t, "unix", filepath.Join(shortTempDir(t), "socks"), map[string]dnsmessage.SRVResource{
		service: {Port: 5222, Target: dnsmessage.MustNewName("xmpp.example.org.")},
	})
	d := New(Config{SOCKS: "unix:" + s.Addr().String(), Required: true, Resolver: &Resolver{Host: "192.0.2.1", Port: 53}})
	found, err := d.Targets(t.Context(), "example.org")
	if err != nil || len(found) != 1 || found[0].Host != "xmpp.example.org" || len(questions()) != 2 {
		t.Errorf("%v, %v after %q", found, err, questions())
	}
}

// TestResolverMustProveItself: an exit that answers in the resolver's place has no certificate for it.
func TestResolverMustProveItself(t *testing.T) {
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	for name, proves := range map[string]bool{"dns.example.net": true, "evil.example.net": false} {
		certificate, err := ca.Issue(name)
		if err != nil {
			t.Fatal(err)
		}
		s, questions := answering(t, map[string]dnsmessage.SRVResource{service: {Port: 5222, Target: dnsmessage.MustNewName("xmpp.example.org.")}})
		plain := s.then
		s.then = func(conn net.Conn) {
			plain(tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{certificate}}))
		}
		d := New(Config{
			SOCKS: s.Addr().String(), Required: true, Roots: ca.Pool(),
			Resolver: &Resolver{Host: "192.0.2.1", Port: 853, TLS: true, Name: "dns.example.net"},
		})
		found, err := d.Targets(t.Context(), "example.org")
		if err != nil || (found[0].Host == "xmpp.example.org") != proves || (len(questions()) == 2) != proves {
			t.Errorf("%s: %v, %v after %q", name, found, err, questions())
		}
	}
}

func TestNamesThatCannotBeAsked(t *testing.T) {
	near, _ := net.Pipe()
	for _, name := range []string{strings.Repeat("a", 64) + ".example.", strings.Repeat("a.", 130), "a..b."} {
		if _, err := askSRV(t.Context(), near, name); err == nil || errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// FuzzAnswers reads answers that anybody could send.
func FuzzAnswers(f *testing.F) {
	q := query{7, dnsmessage.Question{Name: dnsmessage.MustNewName(service), Type: dnsmessage.TypeSRV, Class: dnsmessage.ClassINET}}
	m := honest(dnsmessage.Message{Header: dnsmessage.Header{ID: 7}, Questions: []dnsmessage.Question{q.question}})
	m.Answers = append(m.Answers, alias(service, "s."), srv("s.", "a."))
	packed, err := m.Pack()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	f.Fuzz(func(t *testing.T, answer []byte) {
		found, err := q.records(answer)
		if err != nil && found != nil || len(found) > maxRecords {
			t.Errorf("%d records, %v", len(found), err)
		}
	})
}
