package store

import (
	"traboule/im"
)

// forget puts down for erasing what ForgetHistory names. From then on nobody sees it, and it goes piece by piece, also after
// the next start.
func (d *database) forget(r im.ForgetHistory) error {
	return d.transact(func() error {
		if err := d.noteForgotten(r); err != nil {
			return err
		}
		which, values := "account = ? AND peer = ?", []value{text(r.Account.String()), text(r.Peer.String())}
		if r.Account.IsZero() && r.Peer.IsZero() {
			which, values = "true", nil
		}
		if err := d.hide(which, values...); err != nil {
			return err
		}
		return d.spareIndex()
	})
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
