package xmppclient

import (
	"encoding/binary"
	"net"
	"strings"
	"sync"
	"testing"

	"traboule/im"
	"traboule/internal/xmpptest"
)

// records keeps the lengths of the TLS records that were written, each of which is one write.
type records struct {
	net.Conn
	mutex   sync.Mutex
	lengths []int
}

func (r *records) Write(p []byte) (int, error) {
	const applicationData, head = 23, 5
	if len(p) > head && p[0] == applicationData {
		r.mutex.Lock()
		r.lengths = append(r.lengths, int(binary.BigEndian.Uint16(p[3:])))
		r.mutex.Unlock()
	}
	return r.Conn.Write(p)
}

// TestRecordsEndBetweenStanzas: what reaches the server before a cut is whole stanzas.
func TestRecordsEndBetweenStanzas(t *testing.T) {
	const messages, length = 20, 3900
	bubble(t, func(t *testing.T) {
		var got inbox
		b := newBench(t, func(s *xmpptest.Server, _ *Config) { s.Arrived = got.take })
		wire := &records{Conn: b.server.Pipe()}
		b.net.open["localhost"] = func() (net.Conn, error) { return wire, nil }
		b.start()
		b.state(im.Connected)
		var last im.RequestID
		for range messages {
			last = b.message(strings.Repeat("x", length))
		}
		b.done(last)
		wire.mutex.Lock()
		defer wire.mutex.Unlock()
		whole := 0
		for _, n := range wire.lengths {
			switch {
			case n >= length && n < 2*length:
				whole++
			case n > 1000:
				t.Errorf("record of %d bytes", n)
			}
		}
		if whole != messages {
			t.Errorf("%d records for %d messages: %v", whole, messages, wire.lengths)
		}
	})
}

// TestWriteIsOneRecord: from the first one on, which crypto/tls would by itself cut small.
func TestWriteIsOneRecord(t *testing.T) {
	b := newBench(t, func(s *xmpptest.Server, _ *Config) { s.Direct = true })
	wire := &records{Conn: b.server.Pipe()}
	conn, err := secure(t.Context(), wire, &trust{domain: "localhost", roots: b.client.cfg.Roots}, true)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	before := len(wire.lengths)
	if _, err := conn.Write(make([]byte, writeBatch)); err != nil {
		t.Fatal(err)
	}
	if n := len(wire.lengths) - before; n != 1 {
		t.Errorf("%d records", n)
	}
}
