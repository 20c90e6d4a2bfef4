// Package cutproxy is a TCP relay on loopback that a test can cut: hard (RST on both sides, as when a router dies), or by
// letting nothing through for a while. It knows nothing of what it relays.
package cutproxy

import (
	"fmt"
	"io"
	"net"
	"sync"
)

// Proxy relays connections to one address.
type Proxy struct {
	listener net.Listener
	target   string
	relays   sync.WaitGroup

	mutex    sync.Mutex
	open     map[*net.TCPConn]struct{}
	dams     map[*dam]struct{}
	holding  bool
	refusing bool
	accepted int
	closed   bool
}

// New starts a relay to target, a HOST:PORT; the caller must Close it.
func New(target string) (*Proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("relay to %q: %w", target, err)
	}
	p := &Proxy{listener: listener, target: target, open: map[*net.TCPConn]struct{}{}, dams: map[*dam]struct{}{}}
	p.relays.Add(1)
	go p.accept()
	return p, nil
}

// Addr returns the HOST:PORT to connect to.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Accepted returns how many connections were relayed so far.
func (p *Proxy) Accepted() int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.accepted
}

// Cut resets every open connection, on both sides, and returns how many ends it reset.
func (p *Proxy) Cut() int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	n := len(p.open)
	for conn := range p.open {
		reset(conn)
	}
	clear(p.open)
	return n
}

// Refuse makes the relay reset new connections at once, until it is called with false.
func (p *Proxy) Refuse(refusing bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.refusing = refusing
}

// Hold makes what servers send wait in the relay, until it is called with false: then all of it goes out at once.
func (p *Proxy) Hold(holding bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.holding = holding
	for d := range p.dams {
		d.set(holding)
	}
}

// Held returns how many bytes wait.
func (p *Proxy) Held() int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	n := 0
	for d := range p.dams {
		n += d.held()
	}
	return n
}

// Close cuts everything and waits until all is gone.
func (p *Proxy) Close() error {
	err := p.listener.Close()
	p.mutex.Lock()
	p.closed = true
	p.mutex.Unlock()
	p.Cut()
	p.relays.Wait()
	return err
}

func (p *Proxy) accept() {
	defer p.relays.Done()
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return // closed
		}
		p.relays.Add(1)
		go p.relay(conn.(*net.TCPConn))
	}
}

// relay copies both ways until one side ends.
func (p *Proxy) relay(client *net.TCPConn) {
	defer p.relays.Done()
	dialed, err := net.Dial("tcp", p.target)
	if err != nil {
		reset(client)
		return
	}
	server := dialed.(*net.TCPConn)
	d := p.track(client, server)
	if d == nil {
		reset(client)
		reset(server)
		return
	}
	defer p.forget(d, client, server)
	var copies sync.WaitGroup
	copies.Go(func() {
		_, _ = io.Copy(server, client) // an error is an end too
		p.end(server)
	})
	copies.Go(func() { d.flow(client, server, func() { p.end(client) }) })
	copies.Wait()
}

// end passes on the end of a stream. What has been cut gets no tidy end, although its other side ended.
func (p *Proxy) end(to *net.TCPConn) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if _, open := p.open[to]; open {
		_ = to.CloseWrite()
	}
}

// track takes up a relay and returns its dam, or nil if it is not wanted.
func (p *Proxy) track(conns ...*net.TCPConn) *dam {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.refusing || p.closed {
		return nil
	}
	p.accepted++
	for _, conn := range conns {
		p.open[conn] = struct{}{}
	}
	d := newDam(p.holding)
	p.dams[d] = struct{}{}
	return d
}

func (p *Proxy) forget(d *dam, conns ...*net.TCPConn) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	delete(p.dams, d)
	for _, conn := range conns {
		delete(p.open, conn)
		_ = conn.Close()
	}
}

// reset closes so that the other side gets RST and what was still to be sent is thrown away.
func reset(conn *net.TCPConn) {
	_ = conn.SetLinger(0)
	_ = conn.Close()
}
