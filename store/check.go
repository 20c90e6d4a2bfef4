package store

import (
	"context"
	"errors"
	"fmt"

	"traboule/im"
)

// Report tells what of a database can be read.
type Report struct {
	// Messages is how many messages can be read.
	Messages int
	// Damaged names what cannot be read, or not all of it: the parts of a Profile, secrets, history, search.
	Damaged []string
}

// Check reads all of the database. If something is not as it was written it says so by ErrDamaged, and the report tells what
// is left. It takes seconds where much is kept.
func (s *Store) Check(ctx context.Context) (r Report, err error) {
	for _, part := range profileParts() {
		r.note(part.name, s.with(func(d *database) error { return part.read(d, &Profile{}) }))
	}
	r.note("secrets", s.with((*database).checkSecrets))
	r.note("history", s.checkHistory(ctx, &r))
	r.note("search", s.with((*database).checkIndex))
	faults := s.with((*database).checkPages)
	switch {
	case ctx.Err() != nil:
		return r, ctx.Err()
	case len(r.Damaged) > 0:
		return r, fmt.Errorf("%d parts of the database: %w", len(r.Damaged), ErrDamaged)
	}
	return r, faults
}

// note adds a part that could not be read.
func (r *Report) note(part string, err error) {
	if err != nil {
		r.Damaged = append(r.Damaged, part)
	}
}

// checkHistory counts the messages of each conversation, up to the first that cannot be read.
func (s *Store) checkHistory(ctx context.Context, r *Report) error {
	var all []Conversation
	wrong := s.with(func(d *database) error {
		return d.rows(func(c *columns) { all = append(all, Conversation{Account: c.jid(), Peer: c.jid()}) },
			"SELECT account, peer FROM conversation")
	})
	for _, c := range all {
		err := s.Export(ctx, c.Account, c.Peer, func(im.FoundMessage) error { r.Messages++; return nil })
		wrong = errors.Join(wrong, err)
	}
	return wrong
}

func (d *database) checkSecrets() error {
	passwords := d.rows(func(c *columns) { c.text() }, "SELECT password FROM password")
	return errors.Join(passwords, d.rows(func(c *columns) { c.blob() }, "SELECT sealed, tag FROM otr_key"))
}

// checkIndex compares the index with the messages.
func (d *database) checkIndex() error {
	return d.exec("INSERT INTO word (word, rank) VALUES ('integrity-check', 1)")
}

// checkPages looks for faults in all that SQLite has made of the pages.
func (d *database) checkPages() error {
	wrong := 0
	err := d.rows(func(c *columns) {
		if c.text() != "ok" {
			wrong++
		}
	}, "PRAGMA integrity_check")
	if err == nil && wrong > 0 {
		err = fmt.Errorf("%d faults in the database: %w", wrong, ErrDamaged)
	}
	return err
}
