package otr

import (
	"io"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"traboule/confine"
)

// ChildName is what the child is called, for those who list processes, and by which the program knows itself.
const ChildName = "traboule-otr"

// childMemory is how much the child may use beyond what it has at its start, in bytes. A message that has the library ask
// for more ends the child.
const childMemory = 256 << 20

// stuckAfter is how long an operation may take; the longest that is honest, the making of a key, takes a second or two on a
// slow machine.
const stuckAfter = time.Minute

// IsChild reports whether this process was started to be the child, from its arguments with the program's name.
func IsChild(args []string) bool { return len(args) == 1 && args[0] == ChildName }

// ServeChild is the child's life: it returns, with the process's exit status, when the parent is gone. To be called first
// thing in main.
func ServeChild() int {
	conn, err := confine.Attached()
	if err != nil {
		return 1
	}
	if _, err := confine.Isolate(childMemory); err != nil {
		return 1
	}
	debug.SetMemoryLimit(childMemory / 4 * 3)
	w, err := newWire(conn)
	if err != nil {
		return 1
	}
	c := &child{wire: w, accounts: map[string]*account{}, replies: make(chan response), patience: stuckAfter, hang: func() { os.Exit(1) }}
	c.serve()
	return 0
}

// child hands requests to the accounts they are for, and their answers back.
type child struct {
	wire     *wire
	accounts map[string]*account
	sealing  *[sealingSize]byte // nil for none
	working  sync.WaitGroup
	replies  chan response
	stored   atomic.Int64 // bytes of all messages that are not whole yet
	patience time.Duration
	hang     func() // is called when an operation takes longer
}

// errand is a request with the file that came with it.
type errand struct {
	request request
	file    *os.File
}

// response is an answer with the file that goes with it.
type response struct {
	reply reply
	file  *os.File
}

// maxAccounts bounds the accounts that a parent can have.
const maxAccounts = 64

// serve works until the parent says nothing more, or nonsense.
func (c *child) serve() {
	var writing sync.WaitGroup
	writing.Go(c.write)
	for c.take() == nil {
	}
	c.wire.close()
	for _, a := range c.accounts {
		close(a.errands)
	}
	c.working.Wait()
	close(c.replies)
	writing.Wait()
}

// take reads one request and hands it on.
func (c *child) take() error {
	packet, err := c.wire.read()
	if err != nil {
		return err
	}
	r, err := decode[request](packet)
	if err != nil {
		return err
	}
	e := errand{request: r}
	if r.withFile() {
		if e.file, err = c.wire.file(); err != nil {
			return err
		}
	}
	if err := r.check(); err != nil {
		return err
	}
	if r.Task == sealingTask {
		return c.takeSealing(e)
	}
	a, known := c.accounts[r.Account]
	if !known {
		if len(c.accounts) == maxAccounts {
			return io.ErrShortBuffer
		}
		a = newAccount(r.Account, &c.stored)
		a.sealing = c.sealing
		c.accounts[r.Account] = a
		c.working.Go(func() { c.work(a) })
	}
	a.errands <- e
	return nil
}

// takeSealing reads the sealing key, which comes before anything that needs it.
func (c *child) takeSealing(e errand) error {
	defer e.file.Close()
	if c.sealing != nil || len(c.accounts) > 0 {
		return errMessage
	}
	key := new([sealingSize]byte)
	if n, _ := e.file.ReadAt(key[:], 0); n != sealingSize {
		return errMessage
	}
	c.sealing = key
	c.replies <- response{reply: reply{ID: e.request.ID}}
	return nil
}

// work is the goroutine of an account: the library can do only one thing at a time with its keys and sessions.
func (c *child) work(a *account) {
	for e := range a.errands {
		watch := time.AfterFunc(c.patience, c.hang)
		r := a.do(e)
		watch.Stop()
		r.reply.ID = e.request.ID
		c.replies <- r
	}
}

// write sends answers. When that fails the parent is gone, which the reader notices.
func (c *child) write() {
	for r := range c.replies {
		r.reply.File = r.file != nil
		packet, err := encode(r.reply)
		if err != nil {
			packet, err = encode(reply{ID: r.reply.ID, Fault: tooLong, File: r.reply.File})
		}
		if err == nil {
			_ = c.wire.write(packet, r.file)
		}
		if r.file != nil {
			r.file.Close()
		}
	}
}
