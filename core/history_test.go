package core

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"traboule/im"
)

// shelf is a store in memory, as a test sees it: what was kept, and the answers to requests about it.
type shelf struct {
	messages map[ConversationID][]im.StoredMessage // in order of Seq
	marks    map[ConversationID]im.ArchiveRecord
	policies []im.HistoryRecord
	gaps     map[ConversationID]map[uint64]im.Gap
	// forgotten is below which place nothing is kept any more.
	forgotten map[ConversationID]uint64
	unread    map[ConversationID]im.UnreadRecord
}

func newShelf() *shelf {
	return &shelf{
		messages: make(map[ConversationID][]im.StoredMessage), marks: make(map[ConversationID]im.ArchiveRecord),
		forgotten: make(map[ConversationID]uint64), gaps: make(map[ConversationID]map[uint64]im.Gap),
		unread: make(map[ConversationID]im.UnreadRecord),
	}
}

func (s *shelf) keep(records []im.Record) {
	for _, r := range records {
		switch r := r.(type) {
		case im.MessageRecord:
			s.put(ConversationID{r.Account, r.Message.Peer}, r.Message)
		case im.ArchiveRecord:
			s.marks[ConversationID{r.Account, r.Archive}] = r
		case im.GapRecord:
			id := ConversationID{r.Account, r.Peer}
			if s.gaps[id] == nil {
				s.gaps[id] = make(map[uint64]im.Gap)
			}
			if s.gaps[id][r.Gap.Seq] = r.Gap; r.Closed {
				delete(s.gaps[id], r.Gap.Seq)
			}
		case im.HistoryRecord:
			s.policies = append(s.policies, r)
		case im.UnreadRecord:
			if s.unread[ConversationID{r.Account, r.Peer}] = r; r.Seq == 0 {
				delete(s.unread, ConversationID{r.Account, r.Peer})
			}
		}
	}
}

func (s *shelf) put(id ConversationID, m im.StoredMessage) {
	if m.Seq < s.forgotten[id] {
		return
	}
	list := s.messages[id]
	i, there := slices.BinarySearchFunc(list, m.Seq, func(m im.StoredMessage, seq uint64) int {
		return int(int64(m.Seq) - int64(seq))
	})
	if there {
		list[i] = m
	} else {
		s.messages[id] = slices.Insert(list, i, m)
	}
}

func (s *shelf) has(id ConversationID, seq uint64) bool {
	return slices.ContainsFunc(s.messages[id], func(m im.StoredMessage) bool { return m.Seq == seq })
}

// options are what a session begins with after another.
func (s *shelf) options() HistoryOptions {
	o := HistoryOptions{Store: DiskStore, Policies: s.policies}
	for id, list := range s.messages {
		o.Conversations = append(o.Conversations, id)
		for _, m := range list {
			o.LastSeq = max(o.LastSeq, m.Seq)
		}
	}
	for _, before := range s.forgotten {
		o.LastSeq = max(o.LastSeq, before)
	}
	for _, r := range s.marks {
		o.Marks = append(o.Marks, r)
	}
	o.Unread = slices.Collect(maps.Values(s.unread))
	return o
}

// answer gives the result of a request about what is kept.
func (s *shelf) answer(r im.StoreRequest) im.Result {
	switch r := r.(type) {
	case im.FetchHistory:
		return s.page(r)
	case im.SearchHistory:
		return s.search(r)
	case im.MergeHistory:
		return s.merge(r)
	case im.ForgetHistory:
		for id := range s.messages {
			if r.Account.IsZero() || id == (ConversationID{r.Account, r.Peer}) {
				delete(s.messages, id)
				s.forgotten[id] = r.Before
			}
		}
	}
	return nil
}

func (s *shelf) page(r im.FetchHistory) im.HistoryResult {
	list := slices.Clone(s.messages[ConversationID{r.Account, r.Peer}])
	if r.After != 0 {
		list = slices.DeleteFunc(list, func(m im.StoredMessage) bool { return m.Seq <= r.After })
		return im.HistoryResult{Messages: list[:min(r.Limit, len(list))], More: len(list) > r.Limit}
	}
	if r.Before != 0 {
		list = slices.DeleteFunc(list, func(m im.StoredMessage) bool { return m.Seq >= r.Before })
	}
	return im.HistoryResult{Messages: list[max(0, len(list)-r.Limit):], More: len(list) > r.Limit}
}

func (s *shelf) search(r im.SearchHistory) im.SearchResult {
	var result im.SearchResult
	for id, list := range s.messages {
		for _, m := range slices.Backward(list) {
			if _, all := matches(m.Body, wordsOf(r.Text)); all && (r.Peer.IsZero() || r.Peer == id.Peer) {
				result.Found = append(result.Found, im.FoundMessage{Account: id.Account, StoredMessage: m})
			}
		}
	}
	return result
}

func (s *shelf) merge(r im.MergeHistory) im.MergeResult {
	var result im.MergeResult
	for _, m := range r.Messages {
		id := ConversationID{r.Account, m.Peer}
		i := slices.IndexFunc(s.messages[id], func(o im.StoredMessage) bool { return sameMessage(o, m) })
		switch {
		case i >= 0:
			old := &s.messages[id][i]
			old.StanzaID = cmp.Or(old.StanzaID, m.StanzaID)
			result.Merged = append(result.Merged, im.Merged{Known: true, Seq: old.Seq})
			continue
		case m.Seq != 0:
			for s.has(id, m.Seq) {
				m.Seq++
			}
			s.put(id, m)
		}
		result.Merged = append(result.Merged, im.Merged{Seq: m.Seq})
	}
	return result
}

func sameMessage(a, b im.StoredMessage) bool {
	if a.StanzaID != "" && a.StanzaID == b.StanzaID {
		return true
	}
	if a.Edited && a.Out && b.Out && b.OriginID != "" && a.OriginID == b.OriginID {
		return true
	}
	sameID := a.ID != "" && a.ID == b.ID || a.OriginID != "" && a.OriginID == b.OriginID
	return sameID && (a.StanzaID == "" || b.StanzaID == "") && a.Body == b.Body && (a.Out && b.Out || a.Sender == b.Sender)
}

// reader is a session with a shelf, which answers at once, or if it is slow when it is told to.
type reader struct {
	core  *Core
	shelf *shelf
	now   time.Time
	facts []Fact
	// asked are the requests of other sorts that have no answer yet, answers those of a slow shelf.
	asked   []im.Request
	slow    bool
	answers []im.Done
}

func newReader(s *shelf, now time.Time) *reader {
	n := 0
	id := func() string { n++; return fmt.Sprintf("%d-own-id-%08d", now.Unix(), n) }
	o := Options{Accounts: []AccountOptions{{JID: ana}}, NewID: id, History: s.options()}
	r := &reader{core: New(o), shelf: s, now: now}
	r.handle(Woken{})
	return r
}

func (r *reader) handle(in Input) {
	inputs := []Input{in}
	for len(inputs) > 0 {
		e := r.core.Handle(r.now, inputs[0])
		inputs = inputs[1:]
		r.shelf.keep(e.Keep)
		r.facts = append(r.facts, e.Show...)
		for _, q := range e.Send {
			if sq, is := q.(im.StoreRequest); is {
				done := im.Done{On: im.On{Account: q.Of()}, Request: q.Number(), Result: r.shelf.answer(sq)}
				if r.answers = append(r.answers, done); !r.slow {
					inputs, r.answers = append(inputs, Received{done}), nil
				}
			} else {
				r.asked = append(r.asked, q)
			}
		}
	}
}

// answer lets the oldest answer of a slow shelf arrive.
func (r *reader) answer() {
	if len(r.answers) > 0 {
		done := r.answers[0]
		r.answers = r.answers[1:]
		r.handle(Received{done})
	}
}

func (r *reader) types(line string) {
	command, err := Parse(line)
	if err != nil {
		panic(err)
	}
	r.handle(Typed{command})
}

func (r *reader) hears(body string) {
	r.now = r.now.Add(time.Second)
	m := im.Message{From: paulette, To: ana, Body: body, ID: "id of " + body}
	r.handle(Received{im.MessageReceived{On: im.On{Account: ana}, Message: m}})
}

// bodies are the texts of the window of somebody, "…" for a place where some are missing.
func (r *reader) bodies(peer im.JID) []string {
	conv := r.core.conversations[ConversationID{ana, peer}]
	if conv == nil {
		return nil
	}
	var found []string
	for i := range conv.log.Len() {
		switch line := conv.log.At(i); {
		case line.IsGap():
			found = append(found, "…")
		case line.Notice == nil:
			found = append(found, line.Body)
		}
	}
	return found
}

func count(from, to int) []string {
	var words []string
	for i := from; i <= to; i++ {
		words = append(words, fmt.Sprint("mot", i))
	}
	return words
}

// spokenBefore is a shelf with the messages of an earlier session: "mot1" and so on.
func spokenBefore(t *testing.T, n int) *shelf {
	t.Helper()
	s := unreadBefore(t, n)
	clear(s.unread)
	return s
}

// unreadBefore is the same where none of them was read.
func unreadBefore(t *testing.T, n int) *shelf {
	t.Helper()
	r := newReader(newShelf(), noon.Add(-24*time.Hour))
	r.types("/history on all")
	for _, w := range count(1, n) {
		r.hears(w)
	}
	if kept := len(r.shelf.messages[ConversationID{ana, paulette}]); kept != n {
		t.Fatalf("%d of %d messages are kept", kept, n)
	}
	return r.shelf
}

func expect(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %d lines %.300q\nwant %d lines %.300q", what, len(got), got, len(want), want)
	}
}

func TestWindowOpensWithWhatWasSaidLast(t *testing.T) {
	r := newReader(spokenBefore(t, 300), noon)
	r.hears("mot301")
	expect(t, "opened by a message", r.bodies(paulette), count(251, 301))
	conv := r.core.conversations[ConversationID{ana, paulette}]
	if conv.unread != 1 || conv.log.Search(conv.readUpTo) != 50 {
		t.Errorf("%d unread, from line %d on; want 1 from 50", conv.unread, conv.log.Search(conv.readUpTo))
	}
	r.types("/query " + paulette.String())
	for _, want := range []int{151, 51, 1} {
		if state := r.core.View().Current.Older; state != OlderMore {
			t.Errorf("before the page from %d: state %d", want, state)
		}
		r.handle(Typed{Older{}})
		expect(t, "after paging up", r.bodies(paulette), count(want, 301))
	}
	if state := r.core.View().Current.Older; state != OlderNone {
		t.Errorf("at the beginning: state %d", state)
	}
	// Closing and opening brings it back, with what was said since.
	r.types("/close")
	r.hears("mot302")
	expect(t, "opened again", r.bodies(paulette), count(252, 302))
}

func TestDroppedLinesCanBeHadAgain(t *testing.T) {
	r := newReader(spokenBefore(t, 10), noon)
	r.types("/query " + paulette.String())
	r.types("/clear")
	r.hears("mot11")
	expect(t, "after /clear", r.bodies(paulette), count(11, 11))
	r.handle(Typed{Older{}})
	expect(t, "paged up", r.bodies(paulette), count(1, 11))
}

func TestWhatIsKept(t *testing.T) {
	plain := im.Message{From: paulette, To: ana, Body: "salut", ID: "p1"}
	secret, exposed := plain, plain
	secret.Encryption, exposed.Exposed = im.OTR, true
	for _, test := range []struct {
		typed   string
		message im.Message
		want    int
	}{
		{"", plain, 0},
		{"/history on all", plain, 1},
		{"/history 30 all", plain, 1},
		{"/history off all", plain, 0},
		{"/history on paulette@example.net", plain, 1},
		{"/history on all", secret, 0},
		{"/history on all", exposed, 0},
		{"/history on paulette@example.net", secret, 0},
		{"/history on paulette@example.net encrypted", secret, 1},
		{"/history on all encrypted", secret, 0},
		{"/history on zoe@example.net", plain, 0},
	} {
		r := newReader(newShelf(), noon)
		r.types("/query zoe@example.org")
		if test.typed != "" {
			r.types(test.typed)
		}
		r.handle(Received{im.MessageReceived{On: im.On{Account: ana}, Message: test.message}})
		if got := len(r.shelf.messages[ConversationID{ana, paulette}]); got != test.want {
			t.Errorf("after %q, %d of %+v are kept, want %d", test.typed, got, test.message, test.want)
		}
	}
}

func TestForgettingHistoryAsksFirst(t *testing.T) {
	r := newReader(spokenBefore(t, 10), noon)
	r.types("/query " + paulette.String())
	r.types("/history forget")
	expect(t, "asked", r.bodies(paulette), count(1, 10))
	r.types("/history forget yes")
	expect(t, "erased", r.bodies(paulette), nil)
	if left := len(r.shelf.messages[ConversationID{ana, paulette}]); left != 0 {
		t.Errorf("%d messages are still kept", left)
	}
}
