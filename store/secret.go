package store

import "traboule/im"

// Password returns the password of an account, and whether there is one.
func (s *Store) Password(account im.JID) (password string, found bool, err error) {
	err = s.with(func(d *database) error {
		return d.rows(func(c *columns) { password, found = c.text(), true },
			"SELECT password FROM password WHERE account = ?", text(account.String()))
	})
	return password, found, err
}

// SetPassword keeps the password of an account; it is on the disk when it returns.
func (s *Store) SetPassword(account im.JID, password string) error {
	return s.transact(func(d *database) error {
		return d.exec("INSERT INTO password VALUES (?, ?) ON CONFLICT DO UPDATE SET password = excluded.password",
			text(account.String()), text(password))
	})
}

// ForgetPassword erases the password of an account.
func (s *Store) ForgetPassword(account im.JID) error {
	err := s.transact(func(d *database) error {
		return d.exec("DELETE FROM password WHERE account = ?", text(account.String()))
	})
	if err != nil {
		return err
	}
	return s.with((*database).tidy)
}

// SealedKey is the private OTR key of an account as the process that may open it has sealed it, and the account's instance
// tag.
type SealedKey struct {
	Sealed []byte
	Tag    uint32
}

// SealedKeys returns all OTR keys, by account.
func (s *Store) SealedKeys() (map[im.JID]SealedKey, error) {
	keys := map[im.JID]SealedKey{}
	err := s.with(func(d *database) error {
		return d.rows(func(c *columns) {
			account := c.jid()
			keys[account] = SealedKey{Sealed: c.blob(), Tag: uint32(c.wide())}
		}, "SELECT account, sealed, tag FROM otr_key")
	})
	return keys, err
}

// SetSealedKey keeps the OTR key of an account, in place of another; it is on the disk when it returns.
func (s *Store) SetSealedKey(account im.JID, key SealedKey) error {
	return s.transact(func(d *database) error {
		return d.exec("INSERT INTO otr_key VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET sealed = excluded.sealed, tag = excluded.tag",
			text(account.String()), blob(key.Sealed), number(key.Tag))
	})
}

func (s *Store) transact(do func(*database) error) error {
	return s.with(func(d *database) error { return d.transact(func() error { return do(d) }) })
}
