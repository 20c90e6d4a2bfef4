package xmppclient

import (
	"strconv"
	"time"

	"traboule/im"
)

// XEP-0313, and how the names of all its versions start.
const (
	nsMAM       = "urn:xmpp:mam:2"
	mamVersions = "urn:xmpp:mam:"
)

// page is a FetchArchive under way: the archive sends each message in a stanza of its own, and then answers the query. What
// is sent counts only for a query that waits, from the archive that was asked, and if it can have been said there.
type page struct {
	stanzas *stanzas
	wanted  im.FetchArchive
	account bool // the archive is our account's own, not a room's
	archive im.JID
	max     int
	// restarts is how often it was begun anew.
	restarts int

	// until is when it ends however busily messages come; zero before the first one.
	until    time.Time
	seen     map[string]bool
	bytes    int
	messages []im.ArchivedMessage
	first    string
	last     string
}

// fetchArchive asks for a page, after the question whether there is such an archive if that is not known.
func (s *stanzas) fetchArchive(r im.FetchArchive) (*query, *im.Failure) {
	p := &page{stanzas: s, wanted: r, archive: r.Archive.Bare(), max: min(max(r.Max, 1), maxPage)}
	p.account = p.archive.IsZero() || p.archive == s.own
	if p.account {
		p.archive = s.own
	}
	return s.depending(p.archive, func(a announcement) (*query, *im.Failure) {
		if !a.archive {
			return nil, &im.Failure{Code: im.CodeUnavailable, Detail: nsMAM}
		}
		return p.query(), nil
	})
}

// query asks for the page, which is empty as yet.
func (p *page) query() *query {
	p.seen = map[string]bool{}
	q := &query{typ: "set", payload: el(nsMAM, "query", p.filter(), p.place()), page: p, answered: p.finished}
	if !p.account {
		q.to = p.archive
	}
	return q
}

// filter says which messages are wanted (XEP-0313 §4.1).
func (p *page) filter() *node {
	form := el(nsForm, "x", formField("FORM_TYPE", nsMAM).set("type", "hidden")).set("type", "submit")
	if p.account && !p.wanted.With.IsZero() {
		form.add(formField("with", p.wanted.With.String()))
	}
	if !p.wanted.Since.IsZero() {
		form.add(formField("start", p.wanted.Since.UTC().Format(time.RFC3339)))
	}
	return form
}

// place says which page of them (XEP-0059 §2.1 to §2.5).
func (p *page) place() *node {
	set := el(nsRSM, "set", textEl(nsRSM, "max", strconv.Itoa(p.max)))
	switch {
	case p.wanted.After != "":
		set.add(textEl(nsRSM, "after", p.wanted.After))
	case p.wanted.Before != "" || p.wanted.Last:
		set.add(textEl(nsRSM, "before", p.wanted.Before))
	}
	return set
}

// restart begins a page anew, with at most so many messages.
func (s *stanzas) restart(now time.Time, q *query, most int) received {
	q.moot = true
	p := q.page
	if p.restarts >= maxRestarts {
		return s.follow(now, q, failed(&im.Failure{Code: im.CodeConnectionLost}))
	}
	next := &page{stanzas: s, wanted: p.wanted, account: p.account, archive: p.archive, max: most, restarts: p.restarts + 1}
	return s.follow(now, q, outcome{ask: []*query{next.query()}})
}

// receiveArchived takes one message of an archive. Whoever else sends such a thing, or for a query that never was, is
// trying to put words into somebody's mouth (CVE-2019-16237, CVE-2020-26547).
func (s *stanzas) receiveArchived(now time.Time, root *node) received {
	from, known := s.sender(root)
	if !known {
		return received{events: []im.Event{s.dropped(im.JID{}, im.DropUnparseable)}}
	}
	results := root.kidsOf(nsMAM, "result")
	q := s.queries.waiting[results[0].attr("queryid")]
	switch {
	case len(results) > 1:
		return received{events: []im.Event{s.dropped(from, im.DropUnparseable)}}
	case q == nil || q.page == nil:
		return received{events: []im.Event{s.dropped(from, im.DropUnasked)}}
	case from != q.page.archive:
		return received{events: []im.Event{s.dropped(from, im.DropForged)}}
	case q.moot:
		return received{}
	case len(q.page.seen) >= q.page.max:
		return s.follow(now, q, failed(&im.Failure{Code: im.CodeBadAnswer}))
	}
	q.deadline = q.page.deadline(now)
	if why := q.page.take(now, results[0]); why != "" {
		return received{events: []im.Event{s.dropped(from, why)}}
	}
	if q.page.bytes > maxPageBytes && q.page.max > 1 {
		return s.restart(now, q, q.page.max/2)
	}
	return received{}
}

// deadline is when the query of the page ends if nothing more comes.
func (p *page) deadline(now time.Time) time.Time {
	if p.until.IsZero() {
		p.until = now.Add(pageWithin)
	}
	if d := now.Add(answerWithin); d.Before(p.until) {
		return d
	}
	return p.until
}

// take puts one result into the page, and tells why if it must not be there. One that is right, but not for people, only
// counts.
func (p *page) take(now time.Time, result *node) im.DropReason {
	id := result.attr("id")
	if id == "" || len(id) > maxID || p.seen[id] {
		return im.DropUnparseable
	}
	p.seen[id], p.last = true, id
	if p.first == "" {
		p.first = id
	}
	inner := forwarded(result)
	if inner == nil {
		return im.DropUnparseable
	}
	m, why := p.decode(now, inner)
	if why != "" || m.Body == "" && m.Hint == "" {
		return why
	}
	m.StanzaID = id
	m.Delay, _ = decodeDelay(now, result.kids[0])
	p.bytes += size(m)
	p.messages = append(p.messages, im.ArchivedMessage{ID: id, Message: m})
	return ""
}

// size is about how much memory a message takes.
func size(m im.Message) int {
	const fields = 512
	return fields + len(m.Body) + len(m.ID) + len(m.OriginID) + len(m.StanzaID) + len(m.OccupantID) + len(m.Replaces) + len(m.Hint)
}

// finished takes the answer, which comes after the messages (XEP-0313 §4.2).
func (p *page) finished(a answer) outcome {
	if a.failure != nil {
		return failed(a.failure)
	}
	fin := a.iq.kid(nsMAM, "fin")
	if fin == nil {
		return failed(&im.Failure{Code: im.CodeBadAnswer})
	}
	r := im.ArchiveResult{Messages: p.messages, First: p.first, Last: p.last}
	if set := fin.kid(nsRSM, "set"); set.kid(nsRSM, "first") != nil && set.kid(nsRSM, "last") != nil {
		r.First, r.Last = set.kid(nsRSM, "first").text, set.kid(nsRSM, "last").text
	}
	r.Complete = isTrue(fin.attr("complete")) || r.Last == ""
	if len(r.First) > maxID || len(r.Last) > maxID || !r.Complete && p.stands(r) {
		return failed(&im.Failure{Code: im.CodeBadAnswer})
	}
	return succeeded(r)
}

// stands reports whether who goes on from this page would be where they were.
func (p *page) stands(r im.ArchiveResult) bool {
	if p.wanted.After != "" {
		return r.Last == p.wanted.After
	}
	return p.wanted.Before != "" && r.First == p.wanted.Before
}
