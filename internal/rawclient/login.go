package rawclient

import (
	"context"
	"testing"
	"time"
)

// patience is how long a test waits for a server.
const patience = 30 * time.Second

// Login is Dial for a test, at the end of which the connection is cut.
func Login(t testing.TB, a Account) *Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, err := Dial(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// Ask sends a request for a test, waits for an element that holds all of the texts, and returns it.
func (c *Client) Ask(t testing.TB, request string, want ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := c.Send(request); err != nil {
		t.Fatal(err)
	}
	answer, err := c.Await(ctx, want...)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}
