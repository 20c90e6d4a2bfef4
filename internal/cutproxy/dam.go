package cutproxy

import (
	"io"
	"net"
	"sync"
)

// dam is what flows from the server to a client: while it is shut, everything waits in memory.
type dam struct {
	mutex   sync.Mutex
	change  *sync.Cond
	shut    bool
	ended   bool
	waiting []byte
}

func newDam(shut bool) *dam {
	d := &dam{shut: shut}
	d.change = sync.NewCond(&d.mutex)
	return d
}

// Write takes bytes and never blocks.
func (d *dam) Write(p []byte) (int, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.waiting = append(d.waiting, p...)
	d.change.Broadcast()
	return len(p), nil
}

func (d *dam) set(shut bool) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.shut = shut
	d.change.Broadcast()
}

// end lets out what waits, and then nothing more.
func (d *dam) end() {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.ended, d.shut = true, false
	d.change.Broadcast()
}

func (d *dam) held() int {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return len(d.waiting)
}

// next waits for bytes that may go on; it gives none at the end.
func (d *dam) next() []byte {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for !d.ended && (d.shut || len(d.waiting) == 0) {
		d.change.Wait()
	}
	out := d.waiting
	d.waiting = nil
	return out
}

// flow passes on what comes from the server through the dam, and then the end of the stream, by end. An error is an end too.
func (d *dam) flow(to, from *net.TCPConn, end func()) {
	var reading sync.WaitGroup
	reading.Go(func() {
		_, _ = io.Copy(d, from)
		d.end()
	})
	for out := d.next(); len(out) > 0; out = d.next() {
		if _, err := to.Write(out); err != nil {
			break
		}
	}
	end()
	reading.Wait()
}
