package xmppclient

import (
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"traboule/im"
)

// faulty is a connection in which a fault of ours shows, as a stanza could bring one about.
type faulty struct {
	net.Conn
	read, write *atomic.Bool
}

func (f faulty) Read(p []byte) (int, error) {
	n, err := f.Conn.Read(p)
	if f.read.Load() {
		panic("geheim")
	}
	return n, err
}

func (f faulty) Write(p []byte) (int, error) {
	if f.write.Load() {
		panic("geheim")
	}
	return f.Conn.Write(p)
}

// TestFaultsEndOneConnection: a panic in any goroutine of the client ends the connection, which then comes back.
func TestFaultsEndOneConnection(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var read, write atomic.Bool
		b := newBench(t)
		b.net.open["localhost"] = func() (net.Conn, error) { return faulty{b.server.Pipe(), &read, &write}, nil }
		read.Store(true)
		b.start()
		lost := b.state(im.Disconnected) // while logging in
		if lost.Err == nil || !strings.HasPrefix(lost.Err.Detail, "internal fault at ") || strings.Contains(lost.Err.Error(), "geheim") {
			t.Errorf("lost for %v", lost.Err)
		}
		read.Store(false)
		b.state(im.Connected)
		read.Store(true)
		b.server.Session().Send(`<message from='bob@localhost/x'><body>x</body></message>`)
		b.state(im.Disconnected)
		read.Store(false)
		b.state(im.Resumed)
		write.Store(true)
		time.AfterFunc(time.Millisecond, func() { b.message("x") })
		b.state(im.Disconnected)
		write.Store(false)
		b.state(im.Resumed)
	})
}
