package e2e_test

import (
	"bytes"
	"sync"
	"time"
)

// lockedBuffer collects what a program writes while a test may look at it or wait for it. The zero value is ready.
type lockedBuffer struct {
	mutex sync.Mutex
	text  []byte
	// wanted is waited for from offset on; found gets the time at which it was there.
	wanted []byte
	offset int
	found  chan time.Time
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.text = append(b.text, p...)
	b.look()
	return len(p), nil
}

// look tells who waits whether what is waited for has come.
func (b *lockedBuffer) look() {
	if b.found == nil {
		return
	}
	if bytes.Contains(b.text[min(b.offset, len(b.text)):], b.wanted) {
		b.found <- time.Now()
		b.found = nil
		return
	}
	b.offset = max(b.offset, len(b.text)-len(b.wanted))
}

// await waits until a text stands after the first n bytes, and tells when it was written.
func (b *lockedBuffer) await(n int, text []byte, within time.Duration) (bool, time.Time) {
	found := make(chan time.Time, 1)
	b.mutex.Lock()
	b.wanted, b.offset, b.found = text, n, found
	b.look()
	b.mutex.Unlock()
	select {
	case at := <-found:
		return true, at
	case <-time.After(within):
		return false, time.Time{}
	}
}

// size returns how many bytes were written so far.
func (b *lockedBuffer) size() int {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return len(b.text)
}

// last returns the last n bytes at most.
func (b *lockedBuffer) last(n int) string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return string(b.text[max(0, len(b.text)-n):])
}

func (b *lockedBuffer) String() string { return b.last(1 << 62) }
