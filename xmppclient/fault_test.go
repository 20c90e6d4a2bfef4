package xmppclient

import (
	"maps"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
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

// TestFaultsEndOneConnection: a panic in any goroutine of a connection ends that connection for good, visibly, until the user
// asks for it again: what brought it about would only come again.
func TestFaultsEndOneConnection(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var read, write atomic.Bool
		b := newBench(t)
		b.net.open["localhost"] = func() (net.Conn, error) { return faulty{b.server.Pipe(), &read, &write}, nil }
		fails := func() {
			t.Helper()
			e := b.state(im.Failed)
			if e.Err == nil || e.Err.Code != im.CodeInternalFault || !strings.Contains(e.Err.Detail, ".go:") || strings.Contains(e.Err.Error(), "geheim") {
				t.Errorf("failed for %v", e.Err)
			}
			logins := b.server.Logins()
			time.Sleep(time.Hour)
			if b.server.Logins() != logins {
				t.Error("came back by itself")
			}
			read.Store(false)
			write.Store(false)
			b.send(im.Connect{For: b.number()})
		}
		read.Store(true)
		b.start()
		fails() // while logging in
		b.state(im.Connected)
		synctest.Wait()
		read.Store(true)
		b.server.Session().Send(`<message from='bob@localhost/x'><body>x</body></message>`)
		fails()
		b.state(im.Connected)
		synctest.Wait()
		write.Store(true)
		time.AfterFunc(time.Millisecond, func() { b.message("x") })
		fails()
		b.state(im.Connected)
	})
}

// faultyRequest panics when it is asked for its number for the first time.
type faultyRequest struct {
	im.SendChatState
	asked *bool
}

func (f faultyRequest) Number() im.RequestID {
	if !*f.asked {
		*f.asked = true
		panic("geheim")
	}
	return f.SendChatState.Number()
}

// TestFaultInTheLoop: a panic in the account's own goroutine ends what was under way, each request once, and the account can
// be used again. It still knows how the server can log it in.
func TestFaultInTheLoop(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		b.state(im.Connected)
		roster, broken := b.number(), b.number()
		b.send(im.FetchRoster{For: roster}) // this server never answers
		message := b.message("x")
		b.send(faultyRequest{im.SendChatState{For: broken}, new(bool)})
		ended := map[im.RequestID]int{}
		for failed := false; !failed; {
			switch e := (<-b.events).(type) {
			case im.Done:
				ended[e.Request]++
				if e.Request != message && (e.Err == nil || e.Err.Code != im.CodeInternalFault) {
					t.Errorf("request %d ended with %v", e.Request, e.Err)
				}
			case im.ConnectionChanged:
				failed = e.State == im.Failed && e.Err.Code == im.CodeInternalFault
			}
		}
		if want := map[im.RequestID]int{roster.ID: 1, message: 1, broken.ID: 1}; !maps.Equal(ended, want) {
			t.Errorf("ended %v, want %v", ended, want)
		}
		b.server.Mechanisms = []string{"SCRAM-SHA-256"}
		b.send(im.Connect{For: b.number()})
		if e := b.state(im.Failed); e.Err.Code != im.CodeDowngrade {
			t.Errorf("then failed for %v", e.Err)
		}
	})
}
