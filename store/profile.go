package store

import (
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"traboule/im"
)

// Profile is what was kept, but for messages and secrets: records as they were given, of all accounts.
type Profile struct {
	// New is set if there was no database, and one was made.
	New          bool
	Pins         []im.PinRecord
	Mechanisms   []im.MechanismRecord
	Rosters      []im.RosterRecord
	Fingerprints []im.FingerprintRecord
	OTRPolicies  []im.OTRPolicyRecord
	Bookmarks    []im.BookmarksRecord
	History      []im.HistoryRecord
	Switches     []im.SwitchRecord
	Drafts       []im.DraftRecord
	Unread       []im.UnreadRecord
	Archives     []im.ArchiveRecord
	// Damaged names the fields that could not be read, or not all of them, where that was accepted.
	Damaged []string
	// LastSeq is the highest Seq that any message has, or had before it was erased on request; zero if there is none.
	LastSeq uint64
}

// Profile returns what was kept when the Store was opened.
func (s *Store) Profile() Profile { return s.profile }

// part is one of the fields of a Profile, and how it is read.
type part struct {
	name string
	read func(*database, *Profile) error
}

func profileParts() []part {
	return []part{
		{"pins", (*database).readPins}, {"mechanisms", (*database).readMechanisms}, {"rosters", (*database).readRosters},
		{"fingerprints", (*database).readFingerprints}, {"otr-policies", (*database).readOTRPolicies},
		{"bookmarks", (*database).readBookmarks}, {"history-policies", (*database).readHistory},
		{"switches", (*database).readSwitches}, {"drafts", (*database).readDrafts}, {"unread", (*database).readUnread},
		{"archives", (*database).readArchives},
		{"last-seq", (*database).readLastSeq},
	}
}

// profile reads all that is needed for a start; what is damaged is left out if that is accepted.
func (d *database) profile(accept bool) (Profile, error) {
	var p Profile
	for _, part := range profileParts() {
		err := part.read(d, &p)
		if accept && errors.Is(err, ErrDamaged) {
			p.Damaged = append(p.Damaged, part.name)
			continue
		}
		if err != nil {
			return Profile{}, err
		}
	}
	return p, nil
}

// columns reads the columns of a row from left to right, and remembers the first that is not what it should be.
type columns struct {
	row *sqlite3.Stmt
	at  int
	err error
}

func (c *columns) next() int {
	c.at++
	return c.at - 1
}

func (c *columns) text() string { return c.row.ColumnText(c.next()) }

func (c *columns) number() int { return c.row.ColumnInt(c.next()) }

func (c *columns) wide() int64 { return c.row.ColumnInt64(c.next()) }

// present reports whether the next column has a value, and passes it by if not.
func (c *columns) present() bool {
	if c.row.ColumnType(c.at) != sqlite3.NULL {
		return true
	}
	c.at++
	return false
}

func (c *columns) truth() bool { return c.row.ColumnBool(c.next()) }

func (c *columns) blob() []byte { return c.row.ColumnBlob(c.next(), nil) }

func (c *columns) kept() im.Kept { return im.Kept{Account: c.jid()} }

// jid reads an address; they were addresses when they were written.
func (c *columns) jid() im.JID {
	written := c.text()
	if written == "" {
		return im.JID{}
	}
	jid, err := im.WireJID(written)
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("address: %w", ErrDamaged)
	}
	return jid
}

// rows calls read for each row of a query.
func (d *database) rows(read func(*columns), sql string, values ...value) error {
	return d.each(func(row *sqlite3.Stmt) error {
		c := columns{row: row}
		read(&c)
		return c.err
	}, sql, values...)
}

func (d *database) readPins(p *Profile) error {
	return d.rows(func(c *columns) {
		r := im.PinRecord{Kept: c.kept()}
		copy(r.Pin[:], c.blob())
		p.Pins = append(p.Pins, r)
	}, "SELECT account, pin FROM pin ORDER BY account")
}

func (d *database) readMechanisms(p *Profile) error {
	return d.rows(func(c *columns) {
		p.Mechanisms = append(p.Mechanisms, im.MechanismRecord{Kept: c.kept(), Mechanism: c.text()})
	}, "SELECT account, name FROM mechanism ORDER BY account")
}

func (d *database) readRosters(p *Profile) error {
	err := d.rows(func(c *columns) {
		p.Rosters = append(p.Rosters, im.RosterRecord{Kept: c.kept(), Version: c.text()})
	}, "SELECT account, version FROM roster ORDER BY account")
	for i := range p.Rosters {
		if err == nil {
			err = d.readContacts(&p.Rosters[i])
		}
	}
	return err
}

func (d *database) readContacts(r *im.RosterRecord) error {
	account := text(r.Account.String())
	err := d.rows(func(c *columns) {
		r.Items = append(r.Items, im.RosterItem{JID: c.jid(), Name: c.text(), Subscription: im.Subscription(c.number()), Asked: c.truth()})
	}, "SELECT jid, name, subscription, asked FROM contact WHERE account = ? ORDER BY place", account)
	if err != nil {
		return err
	}
	return d.rows(func(c *columns) {
		contact, group := c.number(), c.text()
		if contact < 0 || contact >= len(r.Items) {
			c.err = fmt.Errorf("group of a contact: %w", ErrDamaged)
			return
		}
		r.Items[contact].Groups = append(r.Items[contact].Groups, group)
	}, "SELECT contact, name FROM contact_group WHERE account = ? ORDER BY contact, place", account)
}

func (d *database) readFingerprints(p *Profile) error {
	return d.rows(func(c *columns) {
		p.Fingerprints = append(p.Fingerprints, im.FingerprintRecord{
			Kept: c.kept(), Peer: c.jid(), Fingerprint: c.text(), Trust: im.Trust(c.number()),
		})
	}, "SELECT account, peer, fingerprint, trust FROM fingerprint ORDER BY account, peer, fingerprint")
}

func (d *database) readOTRPolicies(p *Profile) error {
	return d.rows(func(c *columns) {
		p.OTRPolicies = append(p.OTRPolicies, im.OTRPolicyRecord{Kept: c.kept(), Peer: c.jid(), Policy: im.OTRPolicy(c.number())})
	}, "SELECT account, peer, policy FROM otr_policy ORDER BY account, peer")
}

// readBookmarks reads the rooms of each account; one that has none left is not told apart from one that never had any.
func (d *database) readBookmarks(p *Profile) error {
	return d.rows(func(c *columns) {
		kept := c.kept()
		if n := len(p.Bookmarks); n == 0 || p.Bookmarks[n-1].Kept != kept {
			p.Bookmarks = append(p.Bookmarks, im.BookmarksRecord{Kept: kept})
		}
		last := &p.Bookmarks[len(p.Bookmarks)-1]
		b := im.Bookmark{Room: c.jid(), Name: c.text(), Nick: c.text(), Password: c.text(), AutoJoin: c.truth(), Published: c.truth()}
		if removed := c.truth(); removed {
			last.Removed = append(last.Removed, b)
		} else {
			last.Bookmarks = append(last.Bookmarks, b)
		}
	}, "SELECT account, room, name, nick, password, autojoin, published, removed FROM bookmark ORDER BY account, place")
}

func (d *database) readHistory(p *Profile) error {
	return d.rows(func(c *columns) {
		p.History = append(p.History, im.HistoryRecord{Kept: c.kept(), Peer: c.jid(), Policy: im.HistoryPolicy{
			Mode: im.HistoryMode(c.number()), Days: c.number(), Encrypted: c.truth(),
		}})
	}, "SELECT account, peer, mode, days, encrypted FROM history ORDER BY account, peer")
}

func (d *database) readSwitches(p *Profile) error {
	return d.rows(func(c *columns) {
		p.Switches = append(p.Switches, im.SwitchRecord{Kept: c.kept(), Name: c.text(), On: c.truth()})
	}, "SELECT account, name, is_on FROM switch ORDER BY account, name")
}

func (d *database) readDrafts(p *Profile) error {
	return d.rows(func(c *columns) {
		p.Drafts = append(p.Drafts, im.DraftRecord{Kept: c.kept(), Peer: c.jid(), Text: c.text()})
	}, "SELECT account, peer, body FROM draft ORDER BY account, peer")
}

func (d *database) readUnread(p *Profile) error {
	return d.rows(func(c *columns) {
		p.Unread = append(p.Unread, im.UnreadRecord{Kept: c.kept(), Peer: c.jid(), Room: c.truth(), Seq: c.place()})
	}, "SELECT account, peer, room, seq FROM unread ORDER BY seq")
}

func (d *database) readArchives(p *Profile) error {
	err := d.rows(func(c *columns) {
		p.Archives = append(p.Archives, im.ArchiveRecord{
			Kept: c.kept(), Archive: c.jid(), Mark: im.ArchiveMark{ID: c.text(), Time: c.time()}, Above: c.place(),
		})
	}, "SELECT account, archive, mark, time, above FROM archive ORDER BY account, archive")
	if err != nil {
		return err
	}
	for i := range p.Archives {
		r := &p.Archives[i]
		err := d.rows(func(c *columns) { r.Absences = append(r.Absences, im.Absence{Lower: c.place(), Upper: c.place()}) },
			"SELECT lower, upper FROM absence WHERE account = ? AND archive = ? ORDER BY place",
			text(r.Account.String()), text(r.Archive.String()))
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *database) readLastSeq(p *Profile) error {
	last, _, err := d.number("SELECT max(last) FROM (SELECT (SELECT max(seq) FROM message WHERE conversation = c.id) AS last FROM conversation c)")
	all, forgottenErr := d.readForgotten()
	p.LastSeq = uint64(last)
	for _, erased := range all {
		p.LastSeq = max(p.LastSeq, erased.before)
	}
	return errors.Join(err, forgottenErr)
}
