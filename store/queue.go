package store

import (
	"sync"

	"traboule/im"
)

// The bounds from which on no more should be given to a Store, and how much it takes at a time.
const (
	fullItems = 4096
	fullBytes = 4 << 20
	takeItems = 4096
)

// item is a record or a request; one of them is nil.
type item struct {
	record  im.Record
	request im.StoreRequest
}

// queue holds what the Store was given and has not begun with, in order.
type queue struct {
	mu     sync.Mutex
	items  []item
	bytes  int
	closed bool
	wake   chan struct{} // there is something
	room   chan struct{} // it is not full any more
}

func newQueue() queue {
	return queue{wake: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

// add appends items; it reports whether they were taken.
func (q *queue) add(items ...item) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	for _, i := range items {
		q.bytes += i.weight()
	}
	q.items = append(q.items, items...)
	sign(q.wake)
	return true
}

// take returns some of the items; there are none left when it returns none.
func (q *queue) take() []item {
	q.mu.Lock()
	defer q.mu.Unlock()
	full := q.full()
	n := min(len(q.items), takeItems)
	taken := q.items[:n:n]
	for _, i := range taken {
		q.bytes -= i.weight()
	}
	q.items = q.items[n:]
	if len(q.items) == 0 {
		q.items = nil
	} else {
		sign(q.wake)
	}
	if full && !q.full() {
		sign(q.room)
	}
	return taken
}

func (q *queue) full() bool { return len(q.items) >= fullItems || q.bytes >= fullBytes }

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}

// sign leaves a sign on a channel, unless there is one.
func sign(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Keep gives records to be kept. It does not block; after Run has ended they are lost.
func (s *Store) Keep(records []im.Record) {
	items := make([]item, len(records))
	for i, r := range records {
		items[i].record = r
	}
	s.queue.add(items...)
}

// Send gives a request to be carried out, which must be an im.StoreRequest. It does not block. Its error is an *im.Failure;
// without one, an im.Done follows on Events as long as Run runs.
func (s *Store) Send(r im.Request) error {
	request, ok := r.(im.StoreRequest)
	if !ok {
		return &im.Failure{Code: im.CodeInternalFault, Detail: "not a request for the store"}
	}
	if !s.queue.add(item{request: request}) {
		return Failure(ErrClosed)
	}
	return nil
}

// Full reports whether so much waits that no more should be given until Room tells.
func (s *Store) Full() bool {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	return s.queue.full()
}

// Room gives a sign when the Store was full and is so no more.
func (s *Store) Room() <-chan struct{} { return s.queue.room }
