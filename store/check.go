package store

import (
	"context"
	"fmt"
)

// Check reads all of the database and tells by ErrDamaged if something is not as it was written. It takes seconds where
// much is kept.
func (s *Store) Check(ctx context.Context) error {
	return s.with((*database).check)
}

func (d *database) check() error {
	wrong := 0
	err := d.rows(func(c *columns) {
		if c.text() != "ok" {
			wrong++
		}
	}, "PRAGMA integrity_check")
	if err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d faults in the database: %w", wrong, ErrDamaged)
	}
	// The index is compared with the messages.
	return d.exec("INSERT INTO word (word, rank) VALUES ('integrity-check', 1)")
}
