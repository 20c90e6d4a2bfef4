package xmpptest

import (
	"io"
	"net"
	"sync"
	"time"
)

// pipe is a connection in memory whose writes never wait, as those of the kernel hardly do: on net.Pipe, two ends that
// write at the same time, as TLS does when it fails, wait for each other. Deadlines have no effect.
func pipe() (near, far net.Conn) {
	a, b := newFlow(), newFlow()
	return &pipeEnd{in: a, out: b}, &pipeEnd{in: b, out: a}
}

type pipeEnd struct{ in, out *flow }

// flow is one direction.
type flow struct {
	mutex  sync.Mutex
	ready  *sync.Cond
	data   []byte
	closed bool // by either end
}

func newFlow() *flow {
	f := &flow{}
	f.ready = sync.NewCond(&f.mutex)
	return f
}

// Read waits for bytes; what was written before the other end closed can still be read.
func (p *pipeEnd) Read(b []byte) (int, error) {
	p.in.mutex.Lock()
	defer p.in.mutex.Unlock()
	for len(p.in.data) == 0 {
		if p.in.closed {
			return 0, io.EOF
		}
		p.in.ready.Wait()
	}
	n := copy(b, p.in.data)
	p.in.data = p.in.data[n:]
	return n, nil
}

// Write never waits.
func (p *pipeEnd) Write(b []byte) (int, error) {
	p.out.mutex.Lock()
	defer p.out.mutex.Unlock()
	if p.out.closed {
		return 0, io.ErrClosedPipe
	}
	p.out.data = append(p.out.data, b...)
	p.out.ready.Broadcast()
	return len(b), nil
}

// Close ends both directions; bytes that this end has not read are lost.
func (p *pipeEnd) Close() error {
	p.in.end(true)
	p.out.end(false)
	return nil
}

// cut loses what is under way in both directions.
func (p *pipeEnd) cut() {
	p.in.end(true)
	p.out.end(true)
}

func (f *flow) end(lose bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.closed = true
	if lose {
		f.data = nil
	}
	f.ready.Broadcast()
}

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }

func (p *pipeEnd) LocalAddr() net.Addr              { return pipeAddr{} }
func (p *pipeEnd) RemoteAddr() net.Addr             { return pipeAddr{} }
func (p *pipeEnd) SetDeadline(time.Time) error      { return nil }
func (p *pipeEnd) SetReadDeadline(time.Time) error  { return nil }
func (p *pipeEnd) SetWriteDeadline(time.Time) error { return nil }
