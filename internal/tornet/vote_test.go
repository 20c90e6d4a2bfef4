package tornet

import (
	"testing"
	"time"
)

// TestOneVote: at whatever time a network is started, it votes at once, and then not for half an hour.
func TestOneVote(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for second := range 24 * 60 * 60 {
		now := midnight.Add(time.Duration(second) * time.Second)
		first := nextVote(ballot(now), now)
		if wait := first.Sub(now); wait <= 4*time.Second || wait > 10*time.Second {
			t.Fatalf("at %s the consensus comes in %s", now, wait)
		}
		if wait := nextVote(ballot(now), first).Sub(first); wait != 30*time.Minute {
			t.Fatalf("at %s the second consensus comes %s after the first", now, wait)
		}
		if wait := nextVote(quiet(now), now).Sub(now); wait < 10*time.Minute {
			t.Fatalf("at %s there is a consensus in %s, before it is asked for", now, wait)
		}
	}
}

// nextVote returns when authorities make a consensus: as tor does, it counts in intervals from midnight.
func nextVote(s schedule, after time.Time) time.Time {
	at := after.Truncate(24 * time.Hour).Add(-24 * time.Hour).Add(time.Duration(s) * time.Second)
	for !at.After(after) {
		at = at.Add(votingInterval * time.Second)
	}
	return at
}
