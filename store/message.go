package store

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"traboule/im"
)

// The flags of a message as they are kept.
const (
	flagOut = 1 << iota
	flagAction
	flagMention
	flagEdited
	flagDelayed
	flagArchived
)

// perSecond is for how many messages of one second there are ids; eraSize how many messages one era has.
const (
	perSecond = 4096
	eraSize   = 1 << 17
)

// conversation returns the number of a conversation, which it gets if it has none.
func (d *database) conversation(account, peer im.JID) (int64, error) {
	id, found, err := d.conversationOf(account, peer)
	if found || err != nil {
		return id, err
	}
	// One that is being erased keeps its number as long as it has messages.
	err = d.exec(`INSERT INTO conversation VALUES (1 + max((SELECT ifnull(max(id), 0) FROM conversation),
		(SELECT ifnull(max(conversation), 0) FROM erasing)), ?, ?)`, text(account.String()), text(peer.String()))
	return d.conn.LastInsertRowID(), err
}

// conversationOf returns the number of a conversation, if it has one.
func (d *database) conversationOf(account, peer im.JID) (id int64, found bool, err error) {
	return d.number("SELECT id FROM conversation WHERE account = ? AND peer = ?", text(account.String()), text(peer.String()))
}

// sender returns the number of the sender of a message in a conversation.
func (d *database) sender(conversation int64, m im.StoredMessage) (int64, error) {
	who := []value{number(conversation), text(m.From), text(m.JID.String()), text(m.Sender)}
	id, found, err := d.number("SELECT id FROM sender WHERE conversation = ? AND name = ? AND jid = ? AND sender = ?", who...)
	if found || err != nil {
		return id, err
	}
	err = d.exec("INSERT INTO sender (conversation, name, jid, sender) VALUES (?, ?, ?, ?)", who...)
	return d.conn.LastInsertRowID(), err
}

// keepMessage keeps a message, in place of what is kept at its place. One that is too old to be kept, or was erased
// on request, is left out.
func (d *database) keepMessage(r im.MessageRecord, now clock) error {
	if r.Message.Seq > math.MaxInt64 {
		return fmt.Errorf("message at %d: %w", r.Message.Seq, ErrInvalid)
	}
	conversation, there, err := d.conversationOf(r.Account, r.Message.Peer)
	if err != nil {
		return err
	}
	if there {
		old, found, err := d.messageAt(conversation, r.Message.Seq)
		if err != nil {
			return err
		}
		if found && sameMoment(old.Time, r.Message.Time) {
			return d.replace(old, r.Message)
		}
		if found {
			if err := d.erase(old.id); err != nil {
				return err
			}
		}
	}
	return d.insert(r.Account, r.Message, now)
}

// insert adds a message where there is none. Of one that is not to be kept nothing stays, not even with whom it was.
func (d *database) insert(account im.JID, m im.StoredMessage, now clock) error {
	stamp := m.Time
	if stamp.IsZero() || stamp.After(now()) {
		stamp = now()
	}
	unwanted, err := d.isForgotten(account, m)
	if err == nil && !unwanted {
		unwanted, err = d.outdated(account, m.Peer, stamp, now())
	}
	if err != nil {
		return err
	}
	if unwanted {
		return d.dropUnread(account, m.Peer)
	}
	conversation, err := d.conversation(account, m.Peer)
	if err != nil {
		return err
	}
	id, err := d.freeID(stamp)
	if err != nil {
		return err
	}
	sender, err := d.sender(conversation, m)
	if err != nil {
		return err
	}
	era := d.ledger.messages / eraSize
	d.ledger.messages++
	values := append([]value{number(id), number(conversation), place(m.Seq), moment(m.Time), number(sender), number(era)}, contents(m)...)
	err = d.exec("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values...)
	if err != nil {
		return err
	}
	r := row{id: id, conversation: conversation, sender: sender, era: era, StoredMessage: m}
	if err := d.exec("INSERT INTO word (rowid, body) VALUES (?, ?)", number(id), text(r.searchable())); err != nil {
		return err
	}
	return d.know(r)
}

// contents lists the columns of a message from its kind on.
func contents(m im.StoredMessage) []value {
	origin := text(m.OriginID)
	if m.OriginID == m.ID {
		origin = value{}
	}
	return []value{
		number(m.Kind), number(flags(m)), number(m.State), number(m.Encryption), number(m.Trust), number(m.Warning),
		text(m.ID), origin, text(m.StanzaID), text(m.Body),
	}
}

func flags(m im.StoredMessage) int {
	return bit(m.Out, flagOut) | bit(m.Action, flagAction) | bit(m.Mention, flagMention) |
		bit(m.Edited, flagEdited) | bit(m.Delayed, flagDelayed) | bit(m.Archived, flagArchived)
}

func bit(set bool, flag int) int {
	if set {
		return flag
	}
	return 0
}

// freeID returns an id for a message of a second, or of the next one that is not full.
func (d *database) freeID(stamp time.Time) (int64, error) {
	for second := max(stamp.Unix(), 0); ; second++ {
		first := second * perSecond
		last, found, err := d.number("SELECT max(id) FROM message WHERE id BETWEEN ? AND ?", number(first), number(first+perSecond-1))
		if err != nil {
			return 0, err
		}
		if !found {
			return first, nil
		}
		if last < first+perSecond-1 {
			return last + 1, nil
		}
	}
}

// replace writes a message over an earlier form of it.
func (d *database) replace(old row, m im.StoredMessage) error {
	sender, err := d.sender(old.conversation, m)
	if err != nil {
		return err
	}
	r := row{id: old.id, conversation: old.conversation, sender: sender, era: old.era, StoredMessage: m}
	if err := d.reindex(old, r); err != nil {
		return err
	}
	values := append(append([]value{number(sender)}, contents(m)...), number(old.id))
	err = d.exec(`UPDATE message SET sender = ?, kind = ?, flags = ?, state = ?, encryption = ?, trust = ?, warning = ?,
		message_id = ?, origin_id = ?, stanza_id = ?, body = ? WHERE id = ?`, values...)
	if err != nil {
		return err
	}
	if sender != old.sender {
		if err := d.dropSender(old.sender); err != nil {
			return err
		}
	}
	if m.ID == old.ID && m.OriginID == old.OriginID && m.StanzaID == old.StanzaID {
		return nil
	}
	if err := d.unknow(old); err != nil {
		return err
	}
	return d.know(r)
}

// reindex has a message found by what it is now.
func (d *database) reindex(old, r row) error {
	if old.searchable() == r.searchable() {
		return nil
	}
	if err := d.unindex(old); err != nil {
		return err
	}
	return d.exec("INSERT INTO word (rowid, body) VALUES (?, ?)", number(r.id), text(r.searchable()))
}

// unindex takes a message out of the index, which has to be told what it was.
func (d *database) unindex(r row) error {
	return d.exec("INSERT INTO word (word, rowid, body) VALUES ('delete', ?, ?)", number(r.id), text(r.searchable()))
}

// row is a message with the numbers that it has in the database.
type row struct {
	id, conversation, sender, era int64
	im.StoredMessage
}

// searchable is what the index gets of a message, the same as the view of that name.
func (r row) searchable() string {
	return strings.ReplaceAll(r.Body, marker, " ") + " " + mark('c', r.conversation) + " " + mark('s', r.sender)
}

// messageColumns are what columns.message reads, of the tables message (m) and sender (s).
const messageColumns = `m.id, m.conversation, m.sender, m.era, m.seq, m.time, s.name, s.jid, s.sender, m.kind, m.flags, m.state,
	m.encryption, m.trust, m.warning, m.message_id, m.origin_id, m.stanza_id, m.body`

// message reads a message; its Peer is left to who asked.
func (c *columns) message() row {
	r := row{id: c.wide(), conversation: c.wide(), sender: c.wide(), era: c.wide()}
	m := &r.StoredMessage
	m.Seq, m.Time = c.place(), c.time()
	m.From, m.JID, m.Sender = c.text(), c.jid(), c.text()
	m.Kind = im.Kind(c.number())
	all := c.number()
	m.Out, m.Action, m.Mention = all&flagOut != 0, all&flagAction != 0, all&flagMention != 0
	m.Edited, m.Delayed, m.Archived = all&flagEdited != 0, all&flagDelayed != 0, all&flagArchived != 0
	m.State, m.Encryption = im.MessageState(c.number()), im.Encryption(c.number())
	m.Trust, m.Warning = im.Trust(c.number()), im.Warning(c.number())
	m.ID = c.text()
	m.OriginID = m.ID
	if c.present() {
		m.OriginID = c.text()
	}
	m.StanzaID, m.Body = c.text(), c.text()
	return r
}

// messageAt returns the message of a conversation at a place.
func (d *database) messageAt(conversation int64, seq uint64) (found row, ok bool, err error) {
	err = d.rows(func(c *columns) { found, ok = c.message(), true },
		"SELECT "+messageColumns+" FROM message m JOIN sender s ON s.id = m.sender WHERE m.conversation = ? AND m.seq = ?",
		number(conversation), place(seq))
	return found, ok, err
}

// digest shortens an id of a message to a number that its conversation and the sort of id are part of.
func digest(conversation int64, sort byte, id string) value {
	sum := sha256.Sum256([]byte(strconv.FormatInt(conversation, 10) + string(rune(sort)) + id))
	return number(int64(binary.BigEndian.Uint64(sum[:]) >> 16))
}

// digests are what a message is known by. An origin id that is the message's id too is known as that alone.
func digests(r row) (all []value) {
	if r.ID != "" {
		all = append(all, digest(r.conversation, 'm', r.ID))
	}
	if r.OriginID != "" && r.OriginID != r.ID {
		all = append(all, digest(r.conversation, 'o', r.OriginID))
	}
	if r.StanzaID != "" {
		all = append(all, digest(r.conversation, 's', r.StanzaID))
	}
	return all
}

func (d *database) know(r row) error {
	for _, digest := range digests(r) {
		if err := d.exec("INSERT OR IGNORE INTO known VALUES (?, ?, ?)", number(r.era), digest, number(r.id)); err != nil {
			return err
		}
	}
	return nil
}

func (d *database) unknow(r row) error {
	for _, digest := range digests(r) {
		if err := d.exec("DELETE FROM known WHERE era = ? AND digest = ? AND message = ?", number(r.era), digest, number(r.id)); err != nil {
			return err
		}
	}
	return nil
}
