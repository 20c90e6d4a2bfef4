package xmppclient

import "context"

// Run owns the account until ctx ends, and returns when all its goroutines have.
func (c *Client) Run(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}
