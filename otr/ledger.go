package otr

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// Limits of what waits for the child.
const (
	maxPending      = 4096
	maxPendingBytes = 8 << 20
)

// call is an operation on its way.
type call struct {
	request request
	file    *os.File // goes with the request, and is closed when it went, unless kept
	kept    bool
	packet  []byte // the request, encoded
	done    func(reply, error)
	admits  bool // asked by the ledger itself: the gate of the account waits for it
}

// close closes the file, which is nobody's any more.
func (c call) close() {
	if c.file != nil && !c.kept {
		c.file.Close()
	}
}

// ledger is the state of an Engine, which a goroutine of its own keeps: what was asked of the child and not answered yet,
// and what was answered and not called for yet.
type ledger struct {
	options   Options
	completed chan<- func()
	answers   chan answer
	launches  chan launch
	running   sync.WaitGroup // all other goroutines of the Engine

	child     *link // nil for none
	launching bool
	queue     []call          // not sent yet
	pending   map[uint64]call // sent
	size      int             // bytes of the packets in queue and pending
	last      uint64          // number of the newest request
	finished  []func()        // for whoever owns the Engine
	keys      map[string]kept
	gates     map[string]*gate // by account
	outside   int              // calls that wait before gates
	admitted  chan admission
	patience  time.Duration
	watch     *time.Timer // runs while the child owes an answer, and begins anew with each
}

// silentAfter is how long the child may say nothing while it has something to answer. It ends by itself when an operation
// takes longer than stuckAfter, unless it is stopped, or not itself any more.
const silentAfter = stuckAfter + 5*time.Second

var errSilent = errors.New("otr: the process with the keys does not answer")

// kept is the key of an account, for the next child: a file without a name, which nobody but a child ever reads.
type kept struct {
	file *os.File
	tag  uint32
}

// launch is how the start of a child went.
type launch struct {
	conn net.Conn
	err  error
}

func newLedger(o Options, completed chan<- func()) *ledger {
	return &ledger{
		options: o, completed: completed, answers: make(chan answer), launches: make(chan launch),
		pending: map[uint64]call{}, keys: map[string]kept{}, gates: map[string]*gate{}, admitted: make(chan admission), patience: silentAfter, watch: time.NewTimer(silentAfter),
	}
}

// run does what is to be done until ctx ends. It waits for nobody in particular, so that nobody waits for it.
func (l *ledger) run(ctx context.Context, calls <-chan call) {
	defer l.stop()
	for {
		requests, request := l.next()
		completed, done := l.completion()
		select {
		case <-ctx.Done():
			return
		case c := <-calls:
			l.take(ctx, c)
		case requests <- request:
			l.queue = l.queue[1:]
			l.pend(request)
		case completed <- done:
			l.finished = l.finished[1:]
		case a := <-l.answers:
			l.settle(ctx, a)
		case k := <-l.admitted:
			l.admit(ctx, k)
		case start := <-l.launches:
			l.adopt(ctx, start)
		case <-l.watch.C:
			if len(l.pending) > 0 {
				l.lose(errSilent)
			}
		}
	}
}

// pend waits for the answer to what has been sent.
func (l *ledger) pend(c call) {
	if len(l.pending) == 0 {
		l.watch.Reset(l.patience)
	}
	l.pending[c.request.ID] = c
}

// next is what goes to the child next, and where; nowhere if there is nothing.
func (l *ledger) next() (chan<- call, call) {
	if l.child == nil || len(l.queue) == 0 {
		return nil, call{}
	}
	return l.child.requests, l.queue[0]
}

func (l *ledger) completion() (chan<- func(), func()) {
	if len(l.finished) == 0 {
		return nil, nil
	}
	return l.completed, l.finished[0]
}

// take accepts an operation, or refuses it at once.
func (l *ledger) take(ctx context.Context, c call) {
	if err := l.prepare(&c); err != nil {
		l.complete(c, reply{}, err)
		l.refused(c, err)
		return
	}
	l.size += len(c.packet)
	l.enter(c)
	l.wake(ctx)
}

// wake sees that there is a child if there is something for one.
func (l *ledger) wake(ctx context.Context) {
	if l.child == nil && !l.launching && len(l.queue) > 0 {
		l.launching = true
		l.running.Go(func() { l.launch(ctx) })
	}
}

func (l *ledger) prepare(c *call) error {
	// What is no text would not come as it was sent.
	for _, text := range []*string{&c.request.Text, &c.request.Question, &c.request.Name.Name, &c.request.Name.Protocol} {
		*text = strings.ToValidUTF8(*text, "\uFFFD")
	}
	if err := c.request.check(); err != nil {
		return err
	}
	if len(l.queue)+len(l.pending)+l.outside >= maxPending || l.size > maxPendingBytes {
		return ErrBusy
	}
	return l.number(c)
}

// number gives an operation its number, and makes it a message.
func (l *ledger) number(c *call) error {
	l.last++
	c.request.ID = l.last
	var err error
	c.packet, err = encode(c.request)
	return err
}

// complete has an operation's done function called with its answer.
func (l *ledger) complete(c call, r reply, err error) {
	c.close()
	l.finished = append(l.finished, func() { c.done(r, err) })
}

// launch starts a child, in a goroutine of its own.
func (l *ledger) launch(ctx context.Context) {
	conn, err := l.options.Launch(ctx)
	select {
	case l.launches <- launch{conn, err}:
	case <-ctx.Done():
		if err == nil {
			conn.Close()
		}
	}
}

// adopt takes a new child into use, and gives it the keys that the one before had.
func (l *ledger) adopt(ctx context.Context, start launch) {
	l.launching = false
	if start.err != nil {
		l.lose(fmt.Errorf("otr: start: %w", start.err))
		return
	}
	child, err := newLink(start.conn)
	if err != nil {
		start.conn.Close()
		l.lose(err)
		return
	}
	l.child = child
	l.running.Go(child.write)
	l.running.Go(func() { child.read(ctx, l.answers) })
	for account, k := range l.keys {
		l.precede(request{Task: loadTask, Account: account, Tag: k.tag}, k.file)
	}
	if l.options.Sealing != nil {
		l.precede(request{Task: sealingTask}, l.options.Sealing)
	}
}

// precede asks something of a new child before all others, about a file that stays for the next one.
func (l *ledger) precede(r request, file *os.File) {
	c := call{request: r, file: file, kept: true, done: func(reply, error) {}}
	if err := l.number(&c); err == nil {
		l.size += len(c.packet)
		l.queue = slices.Insert(l.queue, 0, c)
	}
}

// settle takes an answer of the child, or its end.
func (l *ledger) settle(ctx context.Context, a answer) {
	if a.from != l.child {
		a.close()
		return
	}
	c, asked := l.pending[a.reply.ID]
	if a.err == nil && !asked {
		a.err = errMessage
	}
	if a.err != nil {
		a.close()
		l.lose(a.err)
		return
	}
	l.watch.Reset(l.patience)
	delete(l.pending, a.reply.ID)
	l.size -= len(c.packet)
	if a.file != nil {
		l.keep(c.request.Account, kept{a.file, a.reply.Key.Tag})
	}
	l.complete(c, a.reply, a.reply.Fault.err())
	l.answered(ctx, c, a.reply)
}

// keep keeps an account's key in place of the one before.
func (l *ledger) keep(account string, k kept) {
	if before, found := l.keys[account]; found {
		before.file.Close()
	}
	l.keys[account] = k
}

// lose ends a child that ended or did what it must not, and with it all that waits for it.
func (l *ledger) lose(err error) {
	l.drop()
	for _, id := range slices.Sorted(maps.Keys(l.pending)) {
		l.complete(l.pending[id], reply{}, ErrDied)
	}
	for _, c := range l.queue {
		l.complete(c, reply{}, ErrDied)
	}
	clear(l.pending)
	l.queue = nil
	l.shut()
	if died := l.options.Died; died != nil {
		l.finished = append(l.finished, func() { died(err) })
	}
}

func (l *ledger) drop() {
	if l.child != nil {
		l.child.close()
		l.child = nil
	}
}

// stop ends all that belongs to the Engine.
func (l *ledger) stop() {
	l.watch.Stop()
	l.drop()
	l.running.Wait()
	for _, c := range l.queue {
		c.close()
	}
	l.dismiss()
	for _, k := range l.keys {
		k.file.Close()
	}
	if l.options.Sealing != nil {
		l.options.Sealing.Close()
	}
}
