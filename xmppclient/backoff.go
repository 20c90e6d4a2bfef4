package xmppclient

import (
	"math/rand/v2"
	"time"
)

// backoff spaces attempts to connect: the first comes soon, each further one after twice the wait, and all at random
// moments, so that the clients of a server that was restarted do not come all at once.
type backoff struct {
	first, longest time.Duration
	failures       int
}

// next is how long to wait before the next attempt.
func (b *backoff) next() time.Duration {
	wait := b.first
	for range b.failures {
		wait = min(2*wait, b.longest)
	}
	soonest := wait / 2
	if b.failures == 0 {
		soonest = 0
	}
	b.failures++
	return soonest + rand.N(wait-soonest+1)
}

// reset forgets the failures.
func (b *backoff) reset() { b.failures = 0 }
