package core

import "time"

// seqShift is how far the microseconds of a time are shifted to make a Seq: so many lines of one microsecond have a place
// of their own.
const seqShift = 10

// The earliest and the latest time that make a Seq, in 1997, before there was any such message, and in the 23rd century. Stamps may
// lie, and clocks begin at 1970: below the earliest there is room for all that was said before such a line.
const (
	minMicro = 850e12
	maxMicro = 1 << 53
)

// nextSeq is the Seq that a line of now gets, unless those before it in its conversation have reached it already.
func (c *Core) nextSeq() uint64 {
	return max(seqAt(c.now), c.floor)
}

// seqAt is the least Seq of a time.
func seqAt(t time.Time) uint64 {
	return uint64(min(max(t.UnixMicro(), minMicro), maxMicro)) << seqShift
}

// spread gives each of several lines, from the oldest on, a Seq between two others: by its time where that is possible. It
// gives none if there is no room.
func spread(times []time.Time, lower, upper uint64) []uint64 {
	n := uint64(len(times))
	if n == 0 || upper <= lower || upper-lower-1 < n {
		return nil
	}
	seqs := make([]uint64, n)
	last := lower
	for i, t := range times {
		last = max(last+1, seqAt(t))
		seqs[i] = last
	}
	next := upper
	for k := len(seqs) - 1; k >= 0; k-- {
		next = min(next-1, seqs[k])
		seqs[k] = next
	}
	return seqs
}
