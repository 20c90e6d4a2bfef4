package store

import "traboule/im"

// LastAccount returns the account that was last logged in with, and whether there is one.
func (s *Store) LastAccount() (account im.JID, found bool, err error) {
	err = s.with(func(d *database) error {
		return d.rows(func(c *columns) { account, found = c.jid(), true }, "SELECT account FROM last_account")
	})
	return account, found, err
}

// SetLastAccount keeps which account was last logged in with, in place of another: two that are one person's must not open at
// once because nobody chose. It is on the disk when it returns.
func (s *Store) SetLastAccount(account im.JID) error {
	if last, found, err := s.LastAccount(); err != nil || found && last == account {
		return err
	}
	return s.transact(func(d *database) error {
		if err := d.exec("DELETE FROM last_account"); err != nil {
			return err
		}
		return d.exec("INSERT INTO last_account VALUES (?)", text(account.String()))
	})
}
