package e2e_test

import (
	"context"
	"fmt"
	"testing"

	"traboule/internal/daemon"
	"traboule/internal/tornet"
)

// torClient is a tor of one test, which may be killed and asked, in the private network of all.
type torClient struct {
	*tornet.Client
	t *testing.T
}

// newTorClient starts a tor on ports of its own and waits until it can be used.
func newTorClient(t *testing.T, n *tornet.Network) *torClient {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), torStart)
	defer cancel()
	client, err := n.NewClient(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Kill)
	return &torClient{client, t}
}

// start starts the tor again after Kill, and waits until it can be used.
func (c *torClient) start() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), torStart)
	defer cancel()
	err := c.Start(ctx)
	if err == nil {
		err = c.Ready(ctx)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// freePort is a port that nobody used a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	ports, err := daemon.FreePorts(1)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("127.0.0.1:%d", ports[0])
}

// circuit is one that streams were put on.
type circuit struct{ id, user string }

// circuits returns the circuits that belong to SOCKS credentials.
func (c *torClient) circuits() map[circuit]bool {
	c.t.Helper()
	found := map[circuit]bool{}
	for _, known := range c.known() {
		if known.Status == "BUILT" && known.User != "" {
			found[circuit{known.ID, known.User}] = true
		}
	}
	return found
}

// streams maps each circuit in use to the targets of its streams.
func (c *torClient) streams() map[string][]string {
	c.t.Helper()
	found := map[string][]string{}
	for _, known := range c.known() {
		if len(known.Targets) > 0 {
			found[known.ID] = known.Targets
		}
	}
	return found
}

func (c *torClient) known() []tornet.Circuit {
	c.t.Helper()
	known, err := c.Circuits(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	return known
}
