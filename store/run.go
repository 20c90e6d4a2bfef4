package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"traboule/im"
)

// How long the Store waits before it tries again to write what it could not, how many records it holds for that, and how often
// it looks for what is too old: much more often than a day passes, for timers stand still while a machine sleeps.
const (
	retryAfter   = 10 * time.Second
	maxHeld      = 20000
	maxHeldBytes = 16 << 20
	choresEvery  = time.Hour
)

// eraseAtEnd is for how long the Store goes on erasing when it is to end.
const eraseAtEnd = 3 * time.Second

// run is the state of Run.
type run struct {
	*Store
	out   []im.Event  // that wait for the loop
	held  []im.Record // that could not be written
	retry time.Time   // not before
	told  im.Code     // the failure that was told last
	due   *time.Timer // for the chores
	// forgetting are the requests to forget that are answered when all that is to be erased is gone.
	forgetting []im.ForgetHistory
}

// Run writes what Keep is given and carries out what Send is given, until ctx ends; then it finishes with what it was given
// and closes the database. Its error says that something was not written.
func (s *Store) Run(ctx context.Context) error {
	r := newRun(s)
	defer r.due.Stop()
	for ctx.Err() == nil {
		events, next := r.next()
		select {
		case <-ctx.Done():
		case events <- next:
			r.out = r.out[1:]
		case <-s.queue.wake:
			r.work(s.queue.take())
		case <-r.due.C:
			r.due.Reset(r.chores())
		}
	}
	return r.finish()
}

// Finish does, in place of Run, what Run does at its end. Nobody hears events.
func (s *Store) Finish() error {
	r := newRun(s)
	defer r.due.Stop()
	return r.finish()
}

func newRun(s *Store) *run { return &run{Store: s, due: time.NewTimer(0)} }

// next returns the event that waits first, and where it goes; a nil channel if none does.
func (r *run) next() (chan<- im.Event, im.Event) {
	if len(r.out) == 0 {
		return nil, nil
	}
	return r.events, r.out[0]
}

// work deals with items in their order. Records between two requests are written together.
func (r *run) work(items []item) {
	var records []im.Record
	for _, i := range items {
		if i.request == nil {
			records = append(records, i.record)
			continue
		}
		r.keep(records)
		records = nil
		r.answer(i.request)
	}
	r.keep(records)
}

// keep writes records, and what could not be written before. What cannot be written now is held.
func (r *run) keep(records []im.Record) {
	r.held = append(r.held, records...)
	if len(r.held) == 0 || r.now().Before(r.retry) && !r.tooMuch() {
		return
	}
	err := r.write(r.held)
	if err == nil {
		if slices.ContainsFunc(r.held, isPolicy) {
			r.due.Reset(0)
		}
		r.held, r.retry, r.told = nil, time.Time{}, ""
		return
	}
	r.due.Reset(retryAfter)
	r.retry = r.now().Add(retryAfter)
	if r.tooMuch() {
		r.held, r.told = nil, ""
	}
	r.fail(err)
}

// tooMuch reports whether more is held for another try than should be. Then it is given up, which is told.
func (r *run) tooMuch() bool {
	bytes := 0
	for _, record := range r.held {
		bytes += item{record: record}.weight()
	}
	return len(r.held) >= maxHeld || bytes >= maxHeldBytes
}

// isPolicy reports whether a record may have made messages too old.
func isPolicy(r im.Record) bool {
	_, is := r.(im.HistoryRecord)
	return is
}

// fail tells that something could not be written, once until something can.
func (r *run) fail(err error) {
	failure := Failure(err)
	if r.told == failure.Code {
		return
	}
	r.told = failure.Code
	r.out = append(r.out, im.StoreFailed{Err: *failure})
}

// write writes records all together, and without those that are no records that can be kept.
func (r *run) write(records []im.Record) error {
	return r.with(func(d *database) error {
		err := d.keepAll(records, r.now)
		if errors.Is(err, ErrInvalid) {
			r.fail(err)
			err = d.keepEach(records, r.now)
		}
		if err != nil {
			return err
		}
		return d.bound(r.limit)
	})
}

func (d *database) keepAll(records []im.Record, now clock) error {
	return d.transact(func() error {
		for _, record := range records {
			if err := d.keep(record, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// keepEach writes records one by one, but for those that cannot be kept.
func (d *database) keepEach(records []im.Record, now clock) error {
	for _, record := range records {
		err := d.transact(func() error { return d.keep(record, now) })
		if err != nil && !errors.Is(err, ErrInvalid) {
			return err
		}
	}
	return nil
}

// answer carries a request out. One to forget is answered later.
func (r *run) answer(request im.StoreRequest) {
	if forget, is := request.(im.ForgetHistory); is {
		r.forget(forget)
		return
	}
	result, err := r.result(request)
	r.done(request, result, err)
}

// done answers a request.
func (r *run) done(request im.StoreRequest, result im.Result, err error) {
	done := im.Done{On: im.On{Account: request.Of()}, Request: request.Number(), Result: result}
	if err != nil {
		done.Result, done.Err = nil, Failure(err)
	}
	r.out = append(r.out, done)
}

func (r *run) result(request im.StoreRequest) (result im.Result, err error) {
	switch request := request.(type) {
	case im.FetchHistory:
		err = r.with(func(d *database) (err error) { result, err = d.fetch(request, r.now()); return err })
	case im.SearchHistory:
		err = r.with(func(d *database) (err error) { result, err = d.search(request, r.now()); return err })
	case im.MergeHistory:
		err = r.with(func(d *database) (err error) {
			if result, err = d.merge(request, r.now); err == nil {
				err = d.bound(r.limit)
			}
			return err
		})
	}
	return result, err
}

// forget hides what is asked for at once, and has it erased.
func (r *run) forget(request im.ForgetHistory) {
	if err := r.with(func(d *database) error { return d.forget(request) }); err != nil {
		r.done(request, nil, err)
		return
	}
	r.forgetting = append(r.forgetting, request)
	r.due.Reset(0)
}

// forgotten answers the requests to forget.
func (r *run) forgotten(err error) {
	for _, request := range r.forgetting {
		r.done(request, nil, err)
	}
	r.forgetting = nil
}

// chores erases some of what is forgotten or too old and tries again to write what could not be; it returns after what time to do
// so again.
func (r *run) chores() time.Duration {
	r.keep(nil)
	more, err := r.erasePiece()
	switch {
	case err != nil:
		r.forgotten(err)
		r.fail(err)
	case more:
		return time.Millisecond
	default:
		r.forgotten(nil)
	}
	if len(r.held) > 0 || errors.Is(err, ErrFull) {
		return retryAfter
	}
	return choresEvery
}

func (r *run) erasePiece() (more bool, err error) {
	err = r.with(func(d *database) error { more, err = d.erasePiece(r.now()); return err })
	return more, err
}

// finish writes all that is left, erases what it was asked to forget, and closes the database. One in memory is gone then: nothing
// more is done to it.
func (r *run) finish() error {
	r.queue.close()
	if r.limit > 0 {
		return r.Close()
	}
	for items := r.queue.take(); len(items) > 0; items = r.queue.take() {
		r.work(items)
	}
	var lost error
	if len(r.held) > 0 {
		lost = r.write(r.held)
	}
	enough := time.After(eraseAtEnd)
	for more := len(r.forgetting) > 0; more; {
		select {
		case <-enough:
			more = false // the rest goes after the next start
		default:
			more, _ = r.erasePiece()
		}
	}
	return errors.Join(lost, r.Close())
}
