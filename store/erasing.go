package store

import (
	"traboule/im"
)

// How much of an index that was set aside one transaction takes away, in rows of about a page.
const dropAtOnce = 500

// forget puts down for erasing what ForgetHistory names. From then on nobody sees it, and it goes piece by piece, also after
// the next start.
func (d *database) forget(r im.ForgetHistory) error {
	return d.transact(func() error {
		if err := d.noteForgotten(r); err != nil {
			return err
		}
		if r.Account.IsZero() && r.Peer.IsZero() {
			return d.forgetAll()
		}
		return d.hide("account = ? AND peer = ?", text(r.Account.String()), text(r.Peer.String()))
	})
}

// forgetAll forgets all conversations. Their words need not be looked up one by one: all of the index goes.
func (d *database) forgetAll() error {
	if err := d.hide("true"); err != nil {
		return err
	}
	if aside, err := d.hasIndexAside(); aside || err != nil {
		return err
	}
	return d.setIndexAside()
}

// hide takes conversations out of sight. Their numbers are nobody else's until their messages are gone.
func (d *database) hide(which string, values ...value) error {
	for _, sql := range []string{"INSERT INTO erasing SELECT id, 1 FROM conversation WHERE ", "DELETE FROM conversation WHERE "} {
		if err := d.exec(sql+which, values...); err != nil {
			return err
		}
	}
	return d.exec("DELETE FROM gap WHERE conversation IN (SELECT conversation FROM erasing)")
}

// setIndexAside begins a new index of words, for a database none of whose messages is to be found any more. The old one gets
// the root of the new one (rows 1 and 10), so that it is whole, and empty, while its leaves go.
func (d *database) setIndexAside() error {
	made := ""
	if err := d.rows(func(c *columns) { made = c.text() }, "SELECT sql FROM sqlite_schema WHERE name = 'word'"); err != nil {
		return err
	}
	d.purging = false
	return classify(d.conn.Exec("ALTER TABLE word RENAME TO erased_word; " + made + `;
		UPDATE erased_word_data SET block = (SELECT block FROM word_data WHERE id = erased_word_data.id) WHERE id <= 10;
		INSERT INTO word (word, rank) VALUES ('secure-delete', 1);
		UPDATE erasing SET indexed = 0; UPDATE ledger SET purge = 0`))
}

func (d *database) hasIndexAside() (bool, error) {
	_, found, err := d.number("SELECT 1 FROM sqlite_schema WHERE name = 'erased_word'")
	return found, err
}

// dropIndexAside takes away some of an index that was set aside; more tells that there is more of it.
func (d *database) dropIndexAside() (more bool, err error) {
	if aside, err := d.hasIndexAside(); !aside || err != nil {
		return false, err
	}
	err = d.transact(func() error {
		err := d.exec("DELETE FROM erased_word_data WHERE id IN (SELECT id FROM erased_word_data WHERE id > 10 LIMIT ?)", number(dropAtOnce))
		if more = d.conn.Changes() > 0; more || err != nil {
			return err
		}
		return classify(d.conn.Exec("DROP TABLE erased_word"))
	})
	return more, err
}

// eraseHidden erases some of what is hidden; more tells that there is more of it.
func (d *database) eraseHidden() (more bool, err error) {
	conversation, found, err := d.number("SELECT min(conversation) FROM erasing")
	if !found || err != nil {
		return false, err
	}
	ids, err := d.ids("SELECT id FROM message WHERE conversation = ? LIMIT ?", number(conversation), number(eraseAtOnce))
	if err != nil {
		return false, err
	}
	return true, d.transact(func() error {
		if len(ids) == 0 {
			return d.dropHidden(conversation)
		}
		_, err := d.eraseBest(ids, func(ids ...int64) error { _, _, err := d.eraseEach(ids); return err })
		return err
	})
}

// dropHidden forgets who spoke in a conversation of which no message is left, and the conversation.
func (d *database) dropHidden(conversation int64) error {
	if err := d.exec("DELETE FROM sender WHERE conversation = ?", number(conversation)); err != nil {
		return err
	}
	return d.exec("DELETE FROM erasing WHERE conversation = ?", number(conversation))
}
