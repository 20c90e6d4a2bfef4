package store

import (
	"fmt"
	"slices"

	"traboule/im"
)

// keep writes one record, in place of an earlier one of the same type, account and peer or name.
func (d *database) keep(r im.Record, now clock) error {
	account := text(r.Of().String())
	switch r := r.(type) {
	case im.PinRecord:
		return d.exec("INSERT INTO pin VALUES (?, ?) ON CONFLICT DO UPDATE SET pin = excluded.pin", account, blob(r.Pin[:]))
	case im.MechanismRecord:
		return d.exec("INSERT INTO mechanism VALUES (?, ?) ON CONFLICT DO UPDATE SET name = excluded.name", account, text(r.Mechanism))
	case im.RosterRecord:
		return d.keepRoster(r)
	case im.FingerprintRecord:
		return d.keepFingerprint(r)
	case im.OTRPolicyRecord:
		return d.exec("INSERT INTO otr_policy VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET policy = excluded.policy",
			account, text(r.Peer.String()), number(r.Policy))
	case im.BookmarksRecord:
		return d.keepBookmarks(r)
	case im.HistoryRecord:
		return d.keepPolicy(r)
	case im.SwitchRecord:
		return d.exec("INSERT INTO switch VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET is_on = excluded.is_on",
			account, text(r.Name), truth(r.On))
	case im.DraftRecord:
		return d.keepDraft(r)
	case im.UnreadRecord:
		return d.keepUnread(r)
	case im.ArchiveRecord:
		return d.keepArchive(r)
	case im.MessageRecord:
		return d.keepMessage(r, now)
	case im.GapRecord:
		return d.keepGap(r)
	}
	return fmt.Errorf("record %T: %w", r, ErrInvalid)
}

func (d *database) keepRoster(r im.RosterRecord) error {
	account := text(r.Account.String())
	for _, table := range []string{"roster", "contact", "contact_group"} {
		if err := d.exec("DELETE FROM "+table+" WHERE account = ?", account); err != nil {
			return err
		}
	}
	if err := d.exec("INSERT INTO roster VALUES (?, ?)", account, text(r.Version)); err != nil {
		return err
	}
	for place, item := range r.Items {
		err := d.exec("INSERT INTO contact VALUES (?, ?, ?, ?, ?, ?)", account, number(place),
			text(item.JID.String()), text(item.Name), number(item.Subscription), truth(item.Asked))
		if err != nil {
			return err
		}
		for i, group := range item.Groups {
			err := d.exec("INSERT INTO contact_group VALUES (?, ?, ?, ?)", account, number(place), number(i), text(group))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *database) keepFingerprint(r im.FingerprintRecord) error {
	account, peer, fingerprint := text(r.Account.String()), text(r.Peer.String()), text(r.Fingerprint)
	if r.Forgotten {
		return d.exec("DELETE FROM fingerprint WHERE account = ? AND peer = ? AND fingerprint = ?", account, peer, fingerprint)
	}
	return d.exec("INSERT INTO fingerprint VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET trust = excluded.trust",
		account, peer, fingerprint, number(r.Trust))
}

func (d *database) keepBookmarks(r im.BookmarksRecord) error {
	account := text(r.Account.String())
	if err := d.exec("DELETE FROM bookmark WHERE account = ?", account); err != nil {
		return err
	}
	for place, b := range slices.Concat(r.Bookmarks, r.Removed) {
		err := d.exec("INSERT INTO bookmark VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", account, number(place), text(b.Room.String()),
			text(b.Name), text(b.Nick), text(b.Password), truth(b.AutoJoin), truth(b.Published), truth(place >= len(r.Bookmarks)))
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *database) keepDraft(r im.DraftRecord) error {
	account, peer := text(r.Account.String()), text(r.Peer.String())
	if r.Text == "" {
		return d.exec("DELETE FROM draft WHERE account = ? AND peer = ?", account, peer)
	}
	return d.exec("INSERT INTO draft VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body", account, peer, text(r.Text))
}

func (d *database) keepArchive(r im.ArchiveRecord) error {
	account, archive := text(r.Account.String()), text(r.Archive.String())
	err := d.exec(`INSERT INTO archive VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET mark = excluded.mark, time = excluded.time, above = excluded.above`,
		account, archive, text(r.Mark.ID), moment(r.Mark.Time), place(r.Above))
	if err != nil {
		return err
	}
	if err := d.exec("DELETE FROM absence WHERE account = ? AND archive = ?", account, archive); err != nil {
		return err
	}
	for n, a := range r.Absences {
		if err := d.exec("INSERT INTO absence VALUES (?, ?, ?, ?, ?)", account, archive, number(n), place(a.Lower), place(a.Upper)); err != nil {
			return err
		}
	}
	return nil
}

func (d *database) keepUnread(r im.UnreadRecord) error {
	account, peer := text(r.Account.String()), text(r.Peer.String())
	if r.Seq == 0 {
		return d.exec("DELETE FROM unread WHERE account = ? AND peer = ?", account, peer)
	}
	return d.exec("INSERT INTO unread VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET room = excluded.room, seq = excluded.seq",
		account, peer, truth(r.Room), place(r.Seq))
}

// dropUnread forgets that a conversation was not read of which there is nothing.
func (d *database) dropUnread(account, peer im.JID) error {
	return d.exec(`DELETE FROM unread WHERE account = ?1 AND peer = ?2
		AND NOT EXISTS (SELECT 1 FROM conversation WHERE account = ?1 AND peer = ?2)`, text(account.String()), text(peer.String()))
}

// keepGap keeps a gap, of which there is one after each place.
func (d *database) keepGap(r im.GapRecord) error {
	if r.Closed {
		return d.closeGap(r)
	}
	all, err := d.readForgotten()
	if err != nil || r.Gap.Until < all.of(r.Account, r.Peer).before {
		return err
	}
	conversation, err := d.conversation(r.Account, r.Peer)
	if err != nil {
		return err
	}
	return d.exec(`INSERT INTO gap VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET until = excluded.until, after_id = excluded.after_id, before_id = excluded.before_id`,
		number(conversation), place(r.Gap.Seq), place(r.Gap.Until), text(r.Gap.After), text(r.Gap.Before))
}

// closeGap takes a gap away, and the conversation if there was nothing else of it.
func (d *database) closeGap(r im.GapRecord) error {
	conversation, found, err := d.conversationOf(r.Account, r.Peer)
	if !found || err != nil {
		return err
	}
	if err := d.exec("DELETE FROM gap WHERE conversation = ? AND seq = ?", number(conversation), place(r.Gap.Seq)); err != nil {
		return err
	}
	return d.dropEmpty(conversation)
}
