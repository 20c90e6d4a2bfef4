package store

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"traboule/im"
)

// erasure is up to where a conversation was erased on request: below a place, and of what comes out of archives all that was
// said before a time.
type erasure struct {
	before uint64
	at     time.Time
}

// forgotten tells of the conversations that were erased on request, by their pseudonyms.
type forgotten map[int64]erasure

// everybody stands for all conversations.
const everybody = 0

// pseudonym names a conversation that leaves no name behind. It hides nothing from who has the database and guesses the name.
func pseudonym(account, peer im.JID) int64 {
	sum := sha256.Sum256([]byte(account.String() + "\x00" + peer.String()))
	return int64(binary.BigEndian.Uint64(sum[:])>>16) + everybody + 1
}

// of returns what was erased of a conversation.
func (f forgotten) of(account, peer im.JID) erasure {
	one, all := f[pseudonym(account, peer)], f[everybody]
	if one.before > all.before {
		return one
	}
	return all
}

// readForgotten reads what was erased on request, unless it is known.
func (d *database) readForgotten() (forgotten, error) {
	if d.forgotten != nil {
		return d.forgotten, nil
	}
	all := forgotten{}
	err := d.rows(func(c *columns) { all[c.wide()] = erasure{before: c.place(), at: c.time()} }, "SELECT conversation, seq, time FROM forgotten")
	if err == nil {
		d.forgotten = all
	}
	return all, err
}

// isForgotten reports whether a message belongs to what was erased on request.
func (d *database) isForgotten(account im.JID, m im.StoredMessage) (bool, error) {
	all, err := d.readForgotten()
	erased := all.of(account, m.Peer)
	return m.Seq < erased.before || m.Archived && m.Time.Before(erased.at), err
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
	return d.exec("INSERT INTO forgotten VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq, time = excluded.time",
		number(conversation), place(r.Before), moment(r.At))
}
