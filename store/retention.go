package store

import (
	"fmt"
	"time"

	"traboule/im"
)

// How much one transaction erases, so that what waits does not wait long: of messages, of bytes of text, of messages that are
// taken out of the index one by one, and of pages that are given back.
const (
	eraseAtOnce  = 250
	eraseBytes   = 1 << 20
	singlyAtOnce = 10
	vacuumPages  = 500
)

// eraseSingly is how many messages are taken out of the index one by one. After more were erased, it is written anew.
const eraseSingly = 50

// whose names a conversation for its policy: both empty for all of which nothing else is said.
type whose struct{ account, peer string }

type policies map[whose]im.HistoryPolicy

// of returns the policy for a conversation: its own, else that for all.
func (p policies) of(account, peer string) im.HistoryPolicy {
	if own := p[whose{account, peer}]; own.Mode != im.HistoryUnset {
		return own
	}
	return p[whose{}]
}

// since returns from when on messages of a conversation are kept; ok is false if they are kept for good.
func (p policies) since(account, peer string, now time.Time) (since time.Time, ok bool) {
	policy := p.of(account, peer)
	if policy.Mode != im.HistoryDays {
		return time.Time{}, false
	}
	return now.AddDate(0, 0, -max(policy.Days, 0)), true
}

// keepPolicy keeps a policy; one that says nothing leaves no trace of the conversation.
func (d *database) keepPolicy(r im.HistoryRecord) error {
	d.policies = nil
	if r.Policy == (im.HistoryPolicy{}) {
		return d.exec("DELETE FROM history WHERE account = ? AND peer = ?", text(r.Account.String()), text(r.Peer.String()))
	}
	return d.exec(`INSERT INTO history VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET mode = excluded.mode, days = excluded.days, encrypted = excluded.encrypted`,
		text(r.Account.String()), text(r.Peer.String()), number(r.Policy.Mode), number(r.Policy.Days), truth(r.Policy.Encrypted))
}

// readPolicies reads all policies, unless they are known.
func (d *database) readPolicies() (policies, error) {
	if d.policies != nil {
		return d.policies, nil
	}
	all := policies{}
	err := d.rows(func(c *columns) {
		all[whose{c.text(), c.text()}] = im.HistoryPolicy{Mode: im.HistoryMode(c.number()), Days: c.number()}
	}, "SELECT account, peer, mode, days FROM history")
	if err == nil {
		d.policies = all
	}
	return all, err
}

// outdated reports whether a message of a time would be erased at once.
func (d *database) outdated(account, peer im.JID, stamp, now time.Time) (bool, error) {
	all, err := d.readPolicies()
	if err != nil {
		return false, err
	}
	since, bounded := all.since(account.String(), peer.String(), now)
	return bounded && stamp.Before(since), nil
}

// floor returns the id below which messages of a conversation are too old to be kept, and to be shown until they are erased.
func (d *database) floor(account, peer im.JID, now time.Time) (int64, error) {
	all, err := d.readPolicies()
	if err != nil {
		return 0, err
	}
	since, bounded := all.since(account.String(), peer.String(), now)
	if !bounded {
		return 0, nil
	}
	return since.Unix() * perSecond, nil
}

// eraseOutdated erases some of the messages that are older than they are to be; more tells that there are others.
func (d *database) eraseOutdated(now time.Time) (more bool, err error) {
	all, err := d.readPolicies()
	if err != nil {
		return false, err
	}
	type limit struct{ conversation, before int64 }
	var limits []limit
	err = d.rows(func(c *columns) {
		id := c.wide()
		if since, bounded := all.since(c.text(), c.text(), now); bounded {
			limits = append(limits, limit{id, since.Unix() * perSecond})
		}
	}, "SELECT id, account, peer FROM conversation")
	for _, l := range limits {
		if err != nil || more {
			break
		}
		_, more, err = d.eraseSome("SELECT m.id FROM word CROSS JOIN message m ON m.id = word.rowid WHERE word MATCH ? AND word.rowid < ? ORDER BY word.rowid LIMIT ?",
			text(quote(mark('c', l.conversation))), number(l.before), number(eraseAtOnce))
	}
	return more, err
}

// erasePiece does some of what there is to erase, for no longer than others may be kept waiting; more tells that there is more to
// do. When there is not, all of it is really gone.
func (d *database) erasePiece(now time.Time) (more bool, err error) {
	outdated := func() (bool, error) { return d.eraseOutdated(now) }
	for _, step := range []func() (bool, error){d.eraseHidden, d.dropIndexAside, outdated, d.purge, d.tidySome} {
		if more, err := step(); more || err != nil {
			return more, err
		}
	}
	return false, nil
}

// ids returns the ids of messages that a query gives.
func (d *database) ids(query string, values ...value) (all []int64, err error) {
	err = d.rows(func(c *columns) { all = append(all, c.wide()) }, query, values...)
	return all, err
}

// eraseSome erases the messages whose ids a query gives, or the first of them; it returns how many, and more tells that there
// are, or may be, others.
func (d *database) eraseSome(query string, values ...value) (n int, more bool, err error) {
	ids, err := d.ids(query, values...)
	if err != nil || len(ids) == 0 {
		return 0, false, err
	}
	err = d.transact(func() (err error) { n, err = d.eraseBest(ids, d.erase); return err })
	return n, n < len(ids) || len(ids) >= eraseAtOnce, err
}

// eraseBest has as many of the messages erased as one transaction may, in the way that is quicker for so many; it returns how
// many.
func (d *database) eraseBest(ids []int64, erase func(ids ...int64) error) (n int, err error) {
	due, _, err := d.number("SELECT purge FROM ledger")
	if err != nil {
		return 0, err
	}
	few, err := d.fewBytes(ids)
	if err != nil {
		return 0, err
	}
	if due != 0 || len(few) < len(ids) || len(few) > eraseSingly {
		return len(few), d.eraseMany(few, erase)
	}
	few = few[:min(len(few), singlyAtOnce)]
	return len(few), erase(few...)
}

// fewBytes returns as many of the messages, one at least, as one transaction may erase: until it ends, memory holds what they
// were.
func (d *database) fewBytes(ids []int64) ([]int64, error) {
	bytes := int64(0)
	for i, id := range ids {
		n, _, err := d.number("SELECT octet_length(body) FROM message WHERE id = ?", number(id))
		if err != nil {
			return nil, err
		}
		if bytes += n; bytes > eraseBytes && i > 0 {
			return ids[:i], nil
		}
	}
	return ids, nil
}

// eraseMany has messages erased whose words stay in the index until it is purged: to look each of them up takes much longer.
func (d *database) eraseMany(ids []int64, erase func(ids ...int64) error) error {
	if err := d.exec("INSERT INTO word (word, rank) VALUES ('secure-delete', 0)"); err != nil {
		return err
	}
	err := erase(ids...)
	if again := d.exec("INSERT INTO word (word, rank) VALUES ('secure-delete', 1)"); err == nil {
		err = again
	}
	if err == nil {
		err = d.exec("UPDATE ledger SET purge = purge + ?", number(len(ids)))
	}
	return err
}

// erase takes messages away, with all that was there for their sake alone.
func (d *database) erase(ids ...int64) error {
	senders, conversations, err := d.eraseEach(ids)
	if err != nil {
		return err
	}
	for sender := range senders {
		if err := d.dropSender(sender); err != nil {
			return err
		}
	}
	for conversation := range conversations {
		if err := d.dropConversation(conversation); err != nil {
			return err
		}
	}
	return nil
}

// eraseEach takes messages away, and tells whose they were and where.
func (d *database) eraseEach(ids []int64) (senders, conversations map[int64]bool, err error) {
	senders, conversations = map[int64]bool{}, map[int64]bool{}
	for _, id := range ids {
		r, found, err := d.eraseOne(id)
		if err != nil {
			return nil, nil, err
		}
		if found {
			senders[r.sender], conversations[r.conversation] = true, true
		}
	}
	return senders, conversations, nil
}

// eraseOne takes a message out of its table and the indices, and tells what it was, if it was there: the index of words would
// take another out for one that is not.
func (d *database) eraseOne(id int64) (r row, found bool, err error) {
	err = d.rows(func(c *columns) { r, found = c.message(), true },
		"SELECT "+messageColumns+" FROM message m LEFT JOIN sender s ON s.id = m.sender WHERE m.id = ?", number(id))
	if !found || err != nil {
		return row{}, false, err
	}
	if err := d.unknow(r); err != nil {
		return row{}, false, err
	}
	_, gone, err := d.number("SELECT 1 FROM erasing WHERE conversation = ? AND NOT indexed", number(r.conversation))
	if err == nil && !gone {
		err = d.unindex(r)
	}
	if err != nil {
		return row{}, false, err
	}
	return r, true, d.exec("DELETE FROM message WHERE id = ?", number(id))
}

// dropSender forgets a sender who has no message left.
func (d *database) dropSender(sender int64) error {
	_, found, err := d.number("SELECT rowid FROM word WHERE word MATCH ? ORDER BY rowid DESC LIMIT 1", text(quote(mark('s', sender))))
	if found || err != nil {
		return err
	}
	return d.exec("DELETE FROM sender WHERE id = ?", number(sender))
}

// dropConversation forgets the gaps before the first message of a conversation, and the conversation if nothing is left.
func (d *database) dropConversation(conversation int64) error {
	err := d.exec(`DELETE FROM gap WHERE conversation = ?1
		AND until < (SELECT ifnull(min(seq), 9223372036854775807) FROM message WHERE conversation = ?1)`, number(conversation))
	if err != nil {
		return err
	}
	return d.dropEmpty(conversation)
}

// dropEmpty forgets a conversation of which nothing is left.
func (d *database) dropEmpty(conversation int64) error {
	return d.exec(`DELETE FROM conversation WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM message WHERE conversation = ?1)
		AND NOT EXISTS (SELECT 1 FROM gap WHERE conversation = ?1)`, number(conversation))
}

// tidy leaves nothing of what was erased.
func (d *database) tidy() error {
	for more := true; more; {
		var err error
		if more, err = d.tidySome(); err != nil {
			return err
		}
	}
	return nil
}

// tidySome gives back some of the pages that have no content any more, and at the end the log; more tells that there are others.
// In memory such pages are zeros, and used again.
func (d *database) tidySome() (more bool, err error) {
	if d.seal == nil {
		return false, nil
	}
	before, _, err := d.number("PRAGMA freelist_count")
	if err == nil {
		err = classify(d.conn.Exec(fmt.Sprintf("PRAGMA incremental_vacuum(%d)", vacuumPages)))
	}
	if err != nil {
		return false, err
	}
	left, _, err := d.number("PRAGMA freelist_count")
	if more = 0 < left && left < before; more || err != nil {
		return more, err
	}
	return false, d.exec("PRAGMA wal_checkpoint(TRUNCATE)")
}
