package store

import (
	"crypto/sha256"
	"encoding/binary"

	"traboule/im"
)

// forgotten says up to which place conversations were erased on request, by their pseudonym.
type forgotten map[int64]uint64

// everybody stands for all conversations.
const everybody = 0

// pseudonym names a conversation that leaves no name behind.
func pseudonym(account, peer im.JID) int64 {
	sum := sha256.Sum256([]byte(account.String() + "\x00" + peer.String()))
	return int64(binary.BigEndian.Uint64(sum[:])>>16) + everybody + 1
}

// before returns below which place nothing of a conversation is kept.
func (f forgotten) before(account, peer im.JID) uint64 {
	return max(f[everybody], f[pseudonym(account, peer)])
}

// readForgotten reads what was erased on request, unless it is known.
func (d *database) readForgotten() (forgotten, error) {
	if d.forgotten != nil {
		return d.forgotten, nil
	}
	all := forgotten{}
	err := d.rows(func(c *columns) { all[c.wide()] = c.place() }, "SELECT conversation, seq FROM forgotten")
	if err == nil {
		d.forgotten = all
	}
	return all, err
}

// isForgotten reports whether a place of a conversation lies in what was erased on request.
func (d *database) isForgotten(account, peer im.JID, seq uint64) (bool, error) {
	all, err := d.readForgotten()
	return seq < all.before(account, peer), err
}

// noteForgotten has nothing kept any more of what a request erases, wherever it comes from.
func (d *database) noteForgotten(r im.ForgetHistory) error {
	if r.Before == 0 {
		return nil
	}
	d.forgotten = nil
	conversation := int64(everybody)
	if !r.Peer.IsZero() {
		conversation = pseudonym(r.Account, r.Peer)
	} else if err := d.exec("DELETE FROM forgotten"); err != nil {
		return err
	}
	return d.exec("INSERT INTO forgotten VALUES (?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq", number(conversation), place(r.Before))
}
