package xmppclient

import (
	"cmp"
	"slices"
	"time"

	"traboule/im"
)

// query is an IQ get or set of ours that waits for its answer.
type query struct {
	to      im.JID // zero for our own account
	typ     string // "get" or "set"
	payload *node
	request im.RequestID
	// answered is called once, with the answer or with why there is none. It may name further queries, which are asked
	// for the same request, unless the failure is a timeout.
	answered func(answer) outcome
	// page is what results sent beside the answer belong to; nil for none.
	page *page
	// inTurn is set if the query must wait for the end of all requests before it that have such a one.
	inTurn bool

	deadline time.Time
	number   int
	// moot is set when the request has ended without this answer, or had no more time: what comes is then expected, and of
	// no interest.
	moot bool
}

// answer is what became of a query: exactly one of its fields is set.
type answer struct {
	iq      *node
	failure *im.Failure
}

// outcome is what an answer leads to: more queries, the end of the request, or neither as long as other queries of it
// are under way.
type outcome struct {
	ask  []*query
	done *ending
}

// ending is how a request ended.
type ending struct {
	result  im.Result
	failure *im.Failure
}

func succeeded(result im.Result) outcome { return outcome{done: &ending{result: result}} }

func failed(f *im.Failure) outcome { return outcome{done: &ending{failure: f}} }

// queries holds what waits for an answer.
type queries struct {
	on      im.On
	waiting map[string]*query
	asked   int // queries so far, to keep their order
}

// ask sends one query.
func (s *stanzas) ask(now time.Time, q *query) ([][]byte, *im.Failure) {
	if s.queries.open() >= maxPending {
		return nil, &im.Failure{Code: im.CodeQueueFull}
	}
	if q.page != nil && s.queries.openPages() >= maxOpenPages {
		return nil, &im.Failure{Code: im.CodeQueueFull}
	}
	id := s.ids()
	if q.page != nil {
		q.payload.set("queryid", id)
	}
	iq := stanza("iq", q.to, q.typ, id).add(q.payload)
	written, failure := iq.written()
	if failure != nil {
		return nil, failure
	}
	s.queries.asked++
	q.number, q.deadline = s.queries.asked, now.Add(answerWithin)
	s.queries.waiting[id] = q
	s.queries.forgetOldest()
	if q.inTurn && !s.takeTurn(now, q, written) {
		return nil, nil
	}
	return [][]byte{written}, nil
}

// receiveAnswer takes an IQ of type result or error. It counts only for a query of ours that waits, and only from the
// one who was asked; then it is used up.
func (s *stanzas) receiveAnswer(now time.Time, from im.JID, iq *node) received {
	q := s.queries.waiting[iq.attr("id")]
	if q == nil {
		return received{events: []im.Event{s.dropped(from, im.DropUnasked)}}
	}
	if !s.mayAnswer(q.to, from) {
		return received{events: []im.Event{s.dropped(from, im.DropForged)}}
	}
	delete(s.queries.waiting, iq.attr("id"))
	if q.moot {
		return received{}
	}
	a := answer{iq: iq}
	if iq.attr("type") == "error" {
		f := decodeFailure(iq)
		a = answer{failure: &f}
	}
	return s.follow(now, q, q.answered(a))
}

// follow carries out what an answer led to.
func (s *stanzas) follow(now time.Time, q *query, o outcome) received {
	var r received
	for i := 0; i < len(o.ask) && o.done == nil; i++ {
		next := o.ask[i]
		next.request = q.request
		out, failure := s.ask(now, next)
		if failure == nil {
			r.send = append(r.send, out...)
			continue
		}
		refused := next.answered(answer{failure: failure})
		o.ask, o.done = append(o.ask, refused.ask...), refused.done
	}
	if o.done == nil && !s.queries.busy(q.request) {
		o.done = &ending{failure: &im.Failure{Code: im.CodeBadAnswer}}
	}
	if o.done != nil {
		s.queries.forget(q.request)
		r.events = append(r.events, s.queries.done(q, o.done)...)
	}
	return r
}

// busy reports whether a query of that request is under way.
func (q *queries) busy(r im.RequestID) bool {
	for _, w := range q.waiting {
		if w.request == r && !w.moot {
			return true
		}
	}
	return false
}

// mayAnswer reports whether from may answer what was asked of to. Our own server answers for our account, and may name
// itself, our account or nobody (RFC 6120 §8.1.2.1, §10.3.3).
func (s *stanzas) mayAnswer(to, from im.JID) bool {
	if s.isOwnServer(to) {
		return s.isOwnServer(from)
	}
	return from == to
}

func (s *stanzas) isOwnServer(j im.JID) bool {
	return j.IsZero() || j == s.own || j == s.own.DomainJID()
}

// forget makes the queries of a request that has ended moot.
func (q *queries) forget(r im.RequestID) {
	for _, w := range q.waiting {
		if w.request == r {
			w.moot = true
		}
	}
}

// done tells that a request has ended, if it was anybody's.
func (q *queries) done(of *query, e *ending) []im.Event {
	if of.request == 0 {
		return nil
	}
	unknown := e.failure != nil && e.failure.Code == im.CodeTimeout && of.changes()
	return []im.Event{im.Done{On: q.on, Request: of.request, Result: e.result, Err: e.failure, Unknown: unknown}}
}

// changes reports whether the query is to change something.
func (q *query) changes() bool { return q.typ == "set" && q.page == nil }

// open counts the queries whose answer matters.
func (q *queries) open() int {
	n := 0
	for _, w := range q.waiting {
		if !w.moot {
			n++
		}
	}
	return n
}

// openPages counts the pages of archives that are under way.
func (q *queries) openPages() int {
	return len(q.matching(func(w *query) bool { return !w.moot && w.page != nil }))
}

// forgetOldest forgets the oldest of the queries whose answer does not matter, where many never came.
func (q *queries) forgetOldest() {
	if len(q.waiting) <= maxPending+maxMoot {
		return
	}
	oldest := ""
	for id, w := range q.waiting {
		if w.moot && (oldest == "" || w.number < q.waiting[oldest].number) {
			oldest = id
		}
	}
	delete(q.waiting, oldest)
}

// expire ends the queries whose time is over. What they would ask next is not asked: the other side does not answer, or
// so late that it does not matter.
func (q *queries) expire(now time.Time) []im.Event {
	over := q.matching(func(w *query) bool { return !w.moot && !w.deadline.After(now) })
	for _, w := range over {
		w.moot = true
	}
	ended := map[im.RequestID]bool{}
	var events []im.Event
	for i, w := range over {
		if ended[w.request] {
			continue
		}
		timeout := &im.Failure{Code: im.CodeTimeout}
		o := w.answered(answer{failure: timeout})
		last := !slices.ContainsFunc(over[i+1:], func(o *query) bool { return o.request == w.request })
		if o.done == nil && last && !q.busy(w.request) {
			o.done = &ending{failure: timeout}
		}
		if o.done != nil {
			ended[w.request] = true
			q.forget(w.request)
			events = append(events, q.done(w, o.done)...)
		}
	}
	return events
}

// matching returns the queries that match, in the order in which they were asked.
func (q *queries) matching(match func(*query) bool) []*query {
	var found []*query
	for _, w := range q.waiting {
		if match(w) {
			found = append(found, w)
		}
	}
	slices.SortFunc(found, func(a, b *query) int { return cmp.Compare(a.number, b.number) })
	return found
}

func (q *queries) nextExpiry() time.Time {
	var next time.Time
	for _, w := range q.waiting {
		if !w.moot && (next.IsZero() || w.deadline.Before(next)) {
			next = w.deadline
		}
	}
	return next
}

// abort ends every query with the same failure.
func (q *queries) abort(f im.Failure) []im.Event {
	var events []im.Event
	ended := map[im.RequestID]bool{}
	for _, w := range q.matching(func(w *query) bool { return !w.moot }) {
		if ended[w.request] {
			continue
		}
		ended[w.request] = true
		if w.request != 0 {
			failure := f
			events = append(events, im.Done{On: q.on, Request: w.request, Err: &failure, Unknown: w.changes()})
		}
	}
	clear(q.waiting)
	return events
}

// plain is a query whose answer only tells whether it worked.
func plain(typ string, to im.JID, payload *node) *query {
	return &query{typ: typ, to: to, payload: payload, answered: func(a answer) outcome {
		if a.failure != nil {
			return failed(a.failure)
		}
		return succeeded(nil)
	}}
}
