package store

// bound erases the oldest messages while the database takes more than so many bytes of memory; 0 is no bound.
func (d *database) bound(limit int64) error {
	for limit > 0 {
		used, err := d.used()
		if err != nil || used <= limit {
			return err
		}
		if left, err := d.eraseOldest(); err != nil || !left {
			return err
		}
		for _, step := range []func() (bool, error){d.purge, d.dropIndexAside} {
			for more := true; more; {
				if more, err = step(); err != nil {
					return err
				}
			}
		}
		if err := d.tidy(); err != nil {
			return err
		}
	}
	return nil
}

// eraseOldest erases an eighth of the messages; left tells that there are others.
func (d *database) eraseOldest() (left bool, err error) {
	messages, _, err := d.number("SELECT count(*) FROM message")
	if err != nil {
		return false, err
	}
	left = messages > 0
	for erased := int64(0); left && err == nil && erased <= messages/8; {
		var n int
		n, left, err = d.eraseSome("SELECT id FROM message ORDER BY id LIMIT ?", number(eraseAtOnce))
		erased += int64(n)
	}
	return left, err
}

// used returns how many bytes the pages take that have content.
func (d *database) used() (int64, error) {
	pages, _, err := d.number("PRAGMA page_count")
	if err != nil {
		return 0, err
	}
	free, _, err := d.number("PRAGMA freelist_count")
	return (pages - free) * blockSize, err
}
