package store

import (
	"context"
	"slices"
	"time"

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
		all, err = d.conversations(s.now())
		return err
	})
	return all, err
}

func (d *database) conversations(now time.Time) (all []Conversation, err error) {
	var ids []int64
	err = d.rows(func(c *columns) {
		ids = append(ids, c.wide())
		all = append(all, Conversation{Account: c.jid(), Peer: c.jid()})
	}, "SELECT id, account, peer FROM conversation ORDER BY account, peer")
	for i := range all {
		floor := int64(0)
		if err == nil {
			floor, err = d.floor(all[i].Account, all[i].Peer, now)
		}
		if err != nil {
			return nil, err
		}
		n, _, err := d.number("SELECT count(*) FROM message WHERE conversation = ? AND +id >= ?", number(ids[i]), number(floor))
		if err != nil {
			return nil, err
		}
		all[i].Messages = int(n)
	}
	return slices.DeleteFunc(all, func(c Conversation) bool { return c.Messages == 0 }), err
}

// Known lists the same conversations, without counting: Messages is zero.
func (s *Store) Known() (all []Conversation, err error) {
	err = s.with(func(d *database) error {
		all, err = d.known(s.now())
		return err
	})
	return all, err
}

func (d *database) known(now time.Time) (all []Conversation, err error) {
	policies, err := d.readPolicies()
	if err != nil {
		return nil, err
	}
	err = d.rows(func(c *columns) {
		account, peer, newest := c.jid(), c.jid(), c.wide()
		since, bounded := policies.since(account.String(), peer.String(), now)
		if !bounded || newest >= since.Unix()*perSecond {
			all = append(all, Conversation{Account: account, Peer: peer})
		}
	}, `SELECT account, peer, (SELECT id FROM message WHERE conversation = c.id ORDER BY seq DESC LIMIT 1) AS newest
		FROM conversation c WHERE newest IS NOT NULL ORDER BY account, peer`)
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
		floor, err := d.floor(account, peer, s.now())
		if err != nil {
			return err
		}
		all, more, err = d.page(conversation, floor, pageFrom, from, exportPage)
		return err
	})
	return all, more, err
}
