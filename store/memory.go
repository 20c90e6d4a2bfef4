package store

// bound erases the oldest messages while the database takes more than so many bytes of memory; 0 is no bound.
func (d *database) bound(limit int64) error {
	for limit > 0 {
		used, err := d.used()
		if err != nil || used <= limit {
			return err
		}
		more, err := d.eraseSome("SELECT id FROM message ORDER BY id LIMIT ?", number(eraseAtOnce))
		if err != nil {
			return err
		}
		if err := d.tidy(); err != nil || !more {
			return err
		}
	}
	return nil
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
