package rawclient

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// wave is how many messages of a flood are on their way at once; a server that has to keep more may end the session.
const wave = 500

// Flood sends many messages of a type to somebody as fast as the server deals with them, and returns when all are in its
// archives. Text gives the body of each, from 0 on. What arrives meanwhile is thrown away.
func (c *Client) Flood(ctx context.Context, to, typ string, count int, text func(int) string) error {
	for sent := 0; sent < count; sent += wave {
		var stanzas strings.Builder
		for i := sent; i < min(sent+wave, count); i++ {
			fmt.Fprintf(&stanzas, `<message to='%s' type='%s' id='flood-%d'><body>%s</body></message>`, Escape(to), typ, i, Escape(text(i)))
		}
		id := fmt.Sprintf("wave-%d", sent)
		stanzas.WriteString(barrier(to, typ, id))
		failed := make(chan error, 1)
		go func() { failed <- c.Send(stanzas.String()) }() // while what comes back is read
		_, err := c.Await(ctx, "<iq", "id='"+id+"'")
		if sendErr := <-failed; sendErr != nil || err != nil {
			return fmt.Errorf("flood of %q after %d messages: %w", to, sent, errors.Join(sendErr, err))
		}
	}
	return nil
}

// barrier asks a question that is answered when all before it is dealt with: by the room for what is said in it.
func barrier(to, typ, id string) string {
	if typ == "groupchat" {
		return fmt.Sprintf(`<iq to='%s' type='get' id='%s'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`, Escape(to), id)
	}
	return fmt.Sprintf(`<iq type='get' id='%s'><ping xmlns='urn:xmpp:ping'/></iq>`, id)
}

// Drain throws away what arrives, until the connection ends.
func (c *Client) Drain() {
	err := c.conn.SetReadDeadline(time.Time{})
	for err == nil {
		_, err = c.Next()
	}
}
