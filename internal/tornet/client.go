package tornet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"time"

	"traboule/dial"
)

const (
	// probeName is looked up by an exit to see whether the network works.
	probeName = "probe.test"
	probeWait = 5 * time.Second
)

// Ready waits until the client's tor knows all relays and a connection through an exit works, and the onion services' tor
// is as far.
func (n *Network) Ready(ctx context.Context) error {
	if err := each(ctx, []*node{n.client, n.services}, (*node).connected); err != nil {
		return err
	}
	if err := n.probe(ctx); err != nil {
		return fmt.Errorf("tor network: %w", err)
	}
	return nil
}

// probe connects through an exit to a listener of its own.
func (n *Network) probe(ctx context.Context) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, probeName)
			conn.Close()
		}
	}()
	n.Names.SetHost(probeName, "127.0.0.1")
	port := netip.MustParseAddrPort(listener.Addr().String()).Port()
	dialer := dial.New(dial.Config{SOCKS: n.SOCKS, Required: true})
	return retry(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, probeWait)
		defer cancel()
		conn, _, err := dialer.Dial(ctx, probeName, port, probeName)
		if err != nil {
			return err
		}
		defer conn.Close()
		stop := context.AfterFunc(ctx, func() { conn.Close() })
		defer stop()
		heard, err := io.ReadAll(conn)
		if err == nil && string(heard) != probeName {
			err = errors.New("the exit leads somewhere else")
		}
		return err
	})
}

// StopClient kills the client's tor, as if it had crashed. The network stays.
func (n *Network) StopClient() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.client.kill()
}

// StartClient starts the client's tor again, after StopClient, on the same ports, and waits until they take connections.
// Ready waits for more.
func (n *Network) StartClient(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.client.start(ctx, n.tools.tor)
}

// FreezeClient keeps the client's tor from running without ending it: its ports take connections and say nothing.
func (n *Network) FreezeClient() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.client.process.Freeze()
}

// ThawClient ends a FreezeClient.
func (n *Network) ThawClient() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.client.process.Thaw()
}
