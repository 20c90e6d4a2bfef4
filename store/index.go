package store

// How much of the index of words one transaction does: pages that it reads or writes to write the index anew, rows of about a
// page that it takes away of one that was set aside, and messages and bytes of text that it makes an index of.
const (
	purgePages = 100
	dropAtOnce = 500
	fewAtOnce  = 1000
	fewLetters = 1 << 20
)

// purge writes some of the index anew without what was erased; more tells that there is more to do.
func (d *database) purge() (more bool, err error) {
	erased, _, err := d.number("SELECT purge FROM ledger")
	if erased == 0 || err != nil {
		d.purging = false
		return false, err
	}
	if small, err := d.isSpare(); small || err != nil {
		if err == nil {
			err = d.transact(d.setIndexAside)
		}
		return err == nil, err
	}
	pages, err := d.purgeAtOnce(erased)
	if err != nil {
		return false, err
	}
	if !d.purging {
		pages = -pages // the first time, all of the index is put down for writing
	}
	err = d.transact(func() error {
		before := d.conn.TotalChanges()
		if err := d.exec("INSERT INTO word (word, rank) VALUES ('merge', ?)", number(pages)); err != nil {
			return err
		}
		// The statement itself is one change.
		if more = d.conn.TotalChanges()-before > 1; more {
			return nil
		}
		return d.exec("UPDATE ledger SET purge = 0")
	})
	d.purging = more && err == nil
	return more, err
}

// purgeAtOnce returns how many pages of the new index to write at a time: the fewer the more was erased, for all of the old one
// is read.
func (d *database) purgeAtOnce(erased int64) (pages int64, err error) {
	left, err := d.indexed()
	return max(1, purgePages*left/(left+erased)), err
}

// indexed returns how many messages the index has. It counts them itself, with seven bits to a byte, the highest first, in the
// row of averages of its data.
func (d *database) indexed() (n int64, err error) {
	var averages []byte
	if err := d.rows(func(c *columns) { averages = c.blob() }, "SELECT block FROM word_data WHERE id = 1"); err != nil {
		return 0, err
	}
	for _, b := range averages[:min(len(averages), 9)] {
		n = n<<7 | int64(b&0x7f)
		if b < 0x80 {
			break
		}
	}
	return n, nil
}

// spareIndex begins a new index of words if that is quicker than to look up in the old one what was hidden.
func (d *database) spareIndex() error {
	hidden, _, err := d.number(`SELECT count(*) FROM
		(SELECT 1 FROM message WHERE conversation IN (SELECT conversation FROM erasing WHERE indexed) LIMIT ?)`, number(eraseSingly+1))
	if hidden <= eraseSingly || err != nil {
		return err
	}
	spare, err := d.isSpare()
	if !spare || err != nil {
		return err
	}
	return d.setIndexAside()
}

// isSpare reports whether the index can be set aside, for so little is left to be found that another is made at once.
func (d *database) isSpare() (few bool, err error) {
	if aside, err := d.hasIndexAside(); aside || err != nil {
		return false, err
	}
	err = d.rows(func(c *columns) { few = c.wide() <= fewAtOnce && c.wide() <= fewLetters },
		`SELECT count(*), ifnull(sum(octet_length(body)), 0) FROM
			(SELECT body FROM message WHERE conversation IN (SELECT id FROM conversation) LIMIT ?)`, number(fewAtOnce+1))
	return few, err
}

// setIndexAside begins a new index of words of what is not hidden, which is little. The old one gets the root of an empty one
// (rows 1 and 10), so that it is whole while its leaves go.
func (d *database) setIndexAside() error {
	made := ""
	if err := d.rows(func(c *columns) { made = c.text() }, "SELECT sql FROM sqlite_schema WHERE name = 'word'"); err != nil {
		return err
	}
	d.purging = false
	return classify(d.conn.Exec("ALTER TABLE word RENAME TO erased_word; " + made + `;
		UPDATE erased_word_data SET block = (SELECT block FROM word_data WHERE id = erased_word_data.id) WHERE id <= 10;
		INSERT INTO word (word, rank) VALUES ('secure-delete', 1);
		UPDATE erasing SET indexed = 0; UPDATE ledger SET purge = 0;
		INSERT INTO word (word) VALUES ('rebuild')`))
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
