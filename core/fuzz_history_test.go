package core

import (
	"fmt"
	"time"

	"traboule/im"
)

// fuzzedCore is a Core that keeps and reads archives, or one that does neither.
func (d *dice) fuzzedCore() *Core {
	if d.coin() {
		return newTestCore()
	}
	n := 0
	return New(Options{
		Accounts: []AccountOptions{{JID: ana, Connect: true}},
		NewID:    func() string { n++; return fmt.Sprintf("id-%d", n) },
		History: HistoryOptions{
			Store: HistoryStore(d.throw(3)), LastSeq: uint64(d.throw(2)) * seqAt(noon.Add(time.Hour)),
			Policies: []im.HistoryRecord{{Policy: im.HistoryPolicy{Mode: im.HistoryMode(d.throw(4)), Days: d.throw(3), Encrypted: d.coin()}}},
			Marks: []im.ArchiveRecord{
				{Kept: im.Kept{Account: ana}, Mark: im.ArchiveMark{ID: d.foreign(), Time: noon.Add(-time.Hour)}},
				{Kept: im.Kept{Account: ana}, Archive: d.room(), Mark: im.ArchiveMark{ID: d.foreign()}},
			},
		},
	})
}

// answerTo gives a result of the sort that a request about what was said before asks for, nil for any other request.
func (d *dice) answerTo(r im.Request) im.Result {
	switch r := r.(type) {
	case im.FetchHistory:
		result := im.HistoryResult{More: d.coin()}
		for range d.throw(4) {
			result.Messages = append(result.Messages, d.stored(r.Peer))
		}
		if d.coin() {
			result.Gaps = []im.Gap{{Seq: d.seq(), Until: d.seq(), After: d.foreign(), Before: d.foreign()}}
		}
		return result
	case im.SearchHistory:
		result := im.SearchResult{More: d.coin()}
		for range d.throw(4) {
			result.Found = append(result.Found, im.FoundMessage{Account: pick(d, ana, d.bare()), StoredMessage: d.stored(d.room())})
		}
		return result
	case im.MergeHistory:
		var result im.MergeResult
		for range d.throw(4) {
			result.Merged = append(result.Merged, im.Merged{Known: d.coin(), Seq: pick(d, 0, d.seq())})
		}
		return result
	case im.FetchArchive:
		result := im.ArchiveResult{First: d.foreign(), Last: d.foreign(), Complete: d.coin()}
		for range d.throw(5) {
			m := d.message()
			m.Body = pick(d, m.Body, "?OTR:AAMDabc", "?OTR|1|2,1,3,?OTR:AAMD,", "?OTRv23?")
			result.Messages = append(result.Messages, im.ArchivedMessage{ID: pick(d, "1", "2", d.foreign()), Message: m})
		}
		return result
	}
	return nil
}

func (d *dice) seq() uint64 {
	return seqAt(noon) + uint64(d.throw(256)) - 128
}

func (d *dice) stored(peer im.JID) im.StoredMessage {
	return im.StoredMessage{
		Peer: peer, Kind: im.Kind(d.throw(3)), Seq: pick(d, d.seq(), uint64(d.throw(9))), Time: noon.Add(-time.Duration(d.throw(256)) * time.Hour),
		Out: d.coin(), From: d.foreign(), JID: d.jid(), Sender: d.foreign(), ID: d.foreign(), StanzaID: d.foreign(), Body: d.foreign(),
		Edited: d.coin(), State: im.MessageState(d.throw(6)), Encryption: im.Encryption(d.throw(2)), Warning: im.Warning(d.throw(5)),
	}
}

// historyCommand is a command about what was said before.
func (d *dice) historyCommand(c *Core) Command {
	lines := []string{
		"/history", "/history on all", "/history off", "/history 3 paulette@example.org", "/history on encrypted", "/history forget yes",
		"/history show 3", "/history more 4", "/search salut", "/search in:. x from:bob since:2026-11-01", "/search on:2026-11-21", "/found 1", "/found 2",
	}
	if command, err := Parse(lines[d.throw(len(lines))]); err == nil && d.coin() {
		return command
	}
	older := Older{}
	log := c.current.log
	if n := log.Len(); n > 0 {
		for i := range n {
			if log.At(i).IsGap() {
				older.Line = log.At(i).Seq
			}
		}
	}
	return pick[Command](d, Older{}, older, CloseSearch{}, ShowFound{d.throw(3)})
}
