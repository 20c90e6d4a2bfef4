package e2e_test

import (
	"net"
	"sync"
	"testing"
)

// gate is a SOCKS port that can be shut and opened again, as when Tor is killed and comes back.
type gate struct {
	t      testing.TB
	listen func() (net.Listener, error)
	// serve speaks with one client until it has gone. A client that gives up is no failure.
	serve func(net.Conn) error

	listener net.Listener
	running  sync.WaitGroup
	mutex    sync.Mutex
	conns    map[net.Conn]struct{} // nil while it is shut
}

// newGate opens a gate.
func newGate(t testing.TB, listen func() (net.Listener, error), serve func(net.Conn) error) *gate {
	t.Helper()
	g := &gate{t: t, listen: listen, serve: serve}
	g.open()
	t.Cleanup(g.shut)
	return g
}

func (g *gate) open() {
	g.t.Helper()
	listener, err := g.listen()
	if err != nil {
		g.t.Fatal(err)
	}
	g.listener = listener
	g.mutex.Lock()
	g.conns = map[net.Conn]struct{}{}
	g.mutex.Unlock()
	g.running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			g.running.Go(func() { g.lead(conn) })
		}
	})
}

func (g *gate) lead(conn net.Conn) {
	defer conn.Close()
	g.mutex.Lock()
	isOpen := g.conns != nil
	if isOpen {
		g.conns[conn] = struct{}{}
	}
	g.mutex.Unlock()
	if !isOpen {
		return
	}
	_ = g.serve(conn)
	g.mutex.Lock()
	delete(g.conns, conn)
	g.mutex.Unlock()
}

// shut ends every connection, and refuses new ones.
func (g *gate) shut() {
	_ = g.listener.Close() // again, at the end of the test
	g.mutex.Lock()
	for conn := range g.conns {
		conn.Close()
	}
	g.conns = nil
	g.mutex.Unlock()
	g.running.Wait()
}
