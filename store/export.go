package store

import (
	"context"

	"traboule/im"
)

// exportPage is how many messages are read at a time, so that Run can go on meanwhile.
const exportPage = 500

// Conversation is one of which messages are kept.
type Conversation struct {
	Account, Peer im.JID
	Messages      int
}

// Conversations lists the conversations of which messages are kept, by account and peer.
func (s *Store) Conversations() (all []Conversation, err error) {
	err = s.with(func(d *database) error {
		return d.rows(func(c *columns) {
			all = append(all, Conversation{Account: c.jid(), Peer: c.jid(), Messages: c.number()})
		}, `SELECT account, peer, n FROM (SELECT account, peer, (SELECT count(*) FROM message WHERE conversation = c.id) AS n
			FROM conversation c) WHERE n > 0 ORDER BY account, peer`)
	})
	return all, err
}

// Export calls write for each message of a conversation, oldest first, until it returns an error, which is returned. What
// is added to the end of the conversation meanwhile is given too.
func (s *Store) Export(ctx context.Context, account, peer im.JID, write func(im.FoundMessage) error) error {
	next := uint64(0)
	for more := true; more; {
		var page []im.StoredMessage
		err := ctx.Err()
		if err == nil {
			page, more, err = s.page(account, peer, next)
		}
		if err != nil {
			return err
		}
		for _, m := range page {
			m.Peer, next = peer, m.Seq+1
			if err := write(im.FoundMessage{Account: account, StoredMessage: m}); err != nil {
				return err
			}
		}
	}
	return nil
}

// page returns messages of a conversation from a Seq on.
func (s *Store) page(account, peer im.JID, from uint64) (all []im.StoredMessage, more bool, err error) {
	err = s.with(func(d *database) error {
		conversation, found, err := d.conversationOf(account, peer)
		if !found || err != nil {
			return err
		}
		all, more, err = d.page(conversation, pageFrom, from, exportPage)
		return err
	})
	return all, more, err
}
