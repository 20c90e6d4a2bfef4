package tornet

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"

	"traboule/dial"
)

const (
	// probeName is looked up by an exit to see whether the network works.
	probeName = "probe.test"
	probeWait = 5 * time.Second
)

// Client is a tor through which one goes out into the network. Its fields do not change; its methods may be called from any
// goroutine.
type Client struct {
	// SOCKS is its SOCKS port, "host:port"; Socket is another, "unix:" and a path. Both tell why an onion service can not be
	// reached (ExtendedErrors).
	SOCKS, Socket string

	network *Network
	node    *node
}

// NewClient starts another client's tor in the network, and waits until a connection goes through it.
func (n *Network) NewClient(ctx context.Context) (*Client, error) {
	var fault error
	for range attempts {
		c, err := n.planClient()
		if err != nil {
			return nil, err
		}
		if fault = c.Start(ctx); fault == nil {
			return c, c.Ready(ctx)
		}
	}
	return nil, fault
}

// planClient writes the settings of a client's tor.
func (n *Network) planClient() (*Client, error) {
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	name := fmt.Sprintf("client%d", len(n.clients))
	place, socket := fmt.Sprintf("127.0.0.1:%d", ports[0]), n.file(name+"/"+socksSocket)
	settings := n.settings + nodeSettings + fmt.Sprintf("SocksPort %s ExtendedErrors\nSocksPort unix:\"%s\" ExtendedErrors\n", place, socket)
	node, err := newNode(n.folder.path, name, settings, nil, ports[0])
	if err != nil {
		return nil, err
	}
	c := &Client{SOCKS: place, Socket: "unix:" + socket, network: n, node: node}
	n.clients = append(n.clients, c)
	return c, nil
}

// Ready waits until this tor knows all relays, and a connection through an exit works.
func (c *Client) Ready(ctx context.Context) error {
	if err := each(ctx, []*node{c.node}, (*node).connected); err != nil {
		return err
	}
	if err := c.probe(ctx); err != nil {
		return fmt.Errorf("tor network: %w", err)
	}
	return nil
}

// Kill ends this tor at once, as if it had crashed.
func (c *Client) Kill() { c.node.kill() }

// Start starts this tor again, after Kill, on the same ports, and waits until they take connections. Ready waits for more.
func (c *Client) Start(ctx context.Context) error { return c.node.start(ctx, c.network.tools.tor) }

// Admit gives this tor the key to an onion service.
func (c *Client) Admit(ctx context.Context, address string, key *OnionKey) error {
	private := base64.StdEncoding.EncodeToString(key.private.Bytes())
	return c.node.ask(ctx, "ONION_CLIENT_AUTH_ADD "+strings.TrimSuffix(address, ".onion")+" x25519:"+private)
}

// probe connects through an exit to a listener of its own.
func (c *Client) probe(ctx context.Context) error {
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
	c.network.Names.SetHost(probeName, "127.0.0.1")
	port := netip.MustParseAddrPort(listener.Addr().String()).Port()
	dialer := dial.New(dial.Config{SOCKS: c.SOCKS, Required: true})
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
