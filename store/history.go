package store

import (
	"math"
	"slices"
	"time"

	"traboule/im"
)

// The bounds on how many messages one answer has.
const (
	usualLimit = 50
	maxLimit   = 1000
)

// bounded returns how many messages to give where so many are asked for.
func bounded(limit int) int {
	if limit <= 0 {
		return usualLimit
	}
	return min(limit, maxLimit)
}

// The ways to page through a conversation, from a Seq on.
const (
	pageFrom   = "m.seq >= ? ORDER BY m.seq"
	pageAfter  = "m.seq > ? ORDER BY m.seq"
	pageBefore = "m.seq < ? ORDER BY m.seq DESC"
)

// fetch answers FetchHistory.
func (d *database) fetch(r im.FetchHistory, now time.Time) (result im.HistoryResult, err error) {
	conversation, found, err := d.conversationOf(r.Account, r.Peer)
	if !found || err != nil {
		return result, err
	}
	floor, err := d.floor(r.Account, r.Peer, now)
	if err != nil {
		return result, err
	}
	switch {
	case r.After != 0:
		result.Messages, result.More, err = d.page(conversation, floor, pageAfter, r.After, bounded(r.Limit))
	case r.Before != 0:
		result.Messages, result.More, err = d.page(conversation, floor, pageBefore, r.Before, bounded(r.Limit))
	default:
		result.Messages, result.More, err = d.page(conversation, floor, pageBefore, math.MaxUint64, bounded(r.Limit))
	}
	if err != nil {
		return im.HistoryResult{}, err
	}
	if r.After == 0 {
		slices.Reverse(result.Messages)
	}
	for i := range result.Messages {
		result.Messages[i].Peer = r.Peer
	}
	return result, d.readGaps(conversation, r, &result)
}

// page returns the first messages of a conversation, with ids from floor on, that lie one way; more tells that there are others.
func (d *database) page(conversation, floor int64, way string, seq uint64, limit int) (all []im.StoredMessage, more bool, err error) {
	err = d.rows(func(c *columns) { all = append(all, c.message().StoredMessage) },
		"SELECT "+messageColumns+" FROM message m CROSS JOIN sender s ON s.id = m.sender WHERE m.conversation = ? AND +m.id >= ? AND "+way+" LIMIT ?",
		number(conversation), number(floor), place(seq), number(limit+1))
	if len(all) > limit {
		all, more = all[:limit], true
	}
	return all, more, err
}

// readGaps adds the gaps that lie beside or between the messages of a result, and what they were asked for after or before.
func (d *database) readGaps(conversation int64, r im.FetchHistory, result *im.HistoryResult) error {
	first, last := uint64(0), uint64(math.MaxInt64)
	if n := len(result.Messages); n > 0 {
		first, last = result.Messages[0].Seq, result.Messages[n-1].Seq
	}
	switch {
	case r.After != 0:
		first = r.After
	case r.Before != 0:
		last = r.Before
	default:
		last = math.MaxInt64
	}
	return d.rows(func(c *columns) {
		result.Gaps = append(result.Gaps, im.Gap{Seq: c.place(), Until: c.place(), After: c.text(), Before: c.text()})
	}, "SELECT seq, until, after_id, before_id FROM gap WHERE conversation = ? AND until >= ? AND seq <= ? ORDER BY seq",
		number(conversation), place(first), place(last))
}

// merge answers MergeHistory, and keeps what was not known.
func (d *database) merge(r im.MergeHistory, now clock) (im.MergeResult, error) {
	result, whole, err := d.lookUp(r)
	if whole || err != nil {
		return result, err
	}
	err = d.transact(func() error {
		for _, m := range r.Messages {
			merged, err := d.mergeOne(r.Account, m, now)
			if err != nil {
				return err
			}
			result.Merged = append(result.Merged, merged)
		}
		return nil
	})
	return result, err
}

// lookUp answers a MergeHistory that only looks for messages and has nothing to write, for a transaction has to wait for the disk;
// whole reports whether it is one.
func (d *database) lookUp(r im.MergeHistory) (result im.MergeResult, whole bool, err error) {
	merged := make([]im.Merged, len(r.Messages))
	for i, m := range r.Messages {
		if m.Seq != 0 {
			return im.MergeResult{}, false, nil
		}
		old, known, err := d.find(r.Account, m)
		if err != nil || known && old.StanzaID == "" && m.StanzaID != "" {
			return im.MergeResult{}, false, err
		}
		if known {
			merged[i] = im.Merged{Known: true, Seq: old.Seq}
		}
	}
	return im.MergeResult{Merged: merged}, true, nil
}

func (d *database) mergeOne(account im.JID, m im.StoredMessage, now clock) (im.Merged, error) {
	old, known, err := d.find(account, m)
	switch {
	case err != nil, !known && m.Seq == 0:
		return im.Merged{}, err
	case !known:
		seq, err := d.insertNear(account, m, now)
		return im.Merged{Seq: seq}, err
	case old.StanzaID == "" && m.StanzaID != "":
		changed := old.StoredMessage
		changed.StanzaID = m.StanzaID
		err = d.replace(old, changed)
	}
	return im.Merged{Known: true, Seq: old.Seq}, err
}

// insertNear adds a message at its place, or if another has it at the next one that is free, and returns which: none is ever
// overwritten.
func (d *database) insertNear(account im.JID, m im.StoredMessage, now clock) (seq uint64, err error) {
	conversation, there, err := d.conversationOf(account, m.Peer)
	for taken := there; taken && err == nil; {
		_, taken, err = d.number("SELECT id FROM message WHERE conversation = ? AND seq = ?", number(conversation), place(m.Seq))
		if taken {
			m.Seq++
		}
	}
	if err != nil {
		return 0, err
	}
	return m.Seq, d.keepMessage(im.MessageRecord{Kept: im.Kept{Account: account}, Message: m}, now)
}

// find returns the message that is kept of a conversation and is the same as m.
func (d *database) find(account im.JID, m im.StoredMessage) (found row, ok bool, err error) {
	conversation, has, err := d.conversationOf(account, m.Peer)
	if !has || err != nil {
		return row{}, false, err
	}
	by := digests(row{conversation: conversation, StoredMessage: m})
	if m.OriginID != "" {
		by = append(by, digest(conversation, 'm', m.OriginID), digest(conversation, 'o', m.OriginID))
	}
	for _, digest := range by {
		candidates, err := d.candidates(digest)
		if err != nil {
			return row{}, false, err
		}
		for _, c := range candidates {
			if c.conversation == conversation && same(c.StoredMessage, m) {
				return c, true, nil
			}
		}
	}
	return row{}, false, nil
}

// candidates returns the messages that are known by a digest.
func (d *database) candidates(digest value) (all []row, err error) {
	oldest, _, err := d.number("SELECT min(era) FROM known")
	if err != nil {
		return nil, err
	}
	for era := d.ledger.messages / eraSize; era >= oldest; era-- {
		err := d.rows(func(c *columns) { all = append(all, c.message()) }, "SELECT "+messageColumns+` FROM known k
			JOIN message m ON m.id = k.message JOIN sender s ON s.id = m.sender WHERE k.era = ? AND k.digest = ?`, number(era), digest)
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// same reports whether two messages of a conversation are one, as MergeHistory has it.
func same(kept, m im.StoredMessage) bool {
	if m.StanzaID != "" && kept.StanzaID == m.StanzaID {
		return true
	}
	byID := m.ID != "" && kept.ID == m.ID || m.OriginID != "" && kept.OriginID == m.OriginID
	bySender := kept.Out && m.Out || kept.Sender == m.Sender
	corrected := kept.Edited && kept.Out && m.Out && m.OriginID != "" && kept.OriginID == m.OriginID
	other := m.StanzaID != "" && kept.StanzaID != "" // there are clients that begin again at 1
	return byID && bySender && !other && kept.Body == m.Body || corrected
}
