package ui

import (
	"slices"
	"strings"

	"traboule/core"
	"traboule/im"
)

// finder looks for a text in the lines of a conversation. It reads each line once per query, and of a longer query only
// the lines that matched so far; it keeps numbers of lines, never lines.
type finder struct {
	// words gives a line as it is on screen.
	words func(*core.Line) string

	query   string // folded
	matches []uint64
	scanned uint64 // the Seq of the first line not yet read
	lines   int    // that were read, of those still there
	first   uint64 // the Seq of the first of them
	at      int    // index of the chosen match
}

// find looks for query and chooses the newest match. An empty query matches nothing.
func (f *finder) find(log core.Log, query string) {
	folded := im.Fold(query)
	longer := f.query != "" && strings.HasPrefix(folded, f.query)
	f.query = folded
	if longer {
		f.keepMatching(log)
	} else {
		f.forget()
	}
	f.read(log)
	f.at = len(f.matches) - 1
}

// follow takes in lines that were added or dropped. The choice stays with its line.
func (f *finder) follow(log core.Log) {
	if log.First() < f.first || log.Search(f.scanned) > f.lines {
		f.again(log)
		return
	}
	gone := 0
	for gone < len(f.matches) && f.matches[gone] < log.First() {
		gone++
	}
	f.matches = f.matches[gone:]
	f.at = max(f.at-gone, min(0, len(f.matches)-1))
	f.read(log)
	if f.at < 0 {
		f.at = len(f.matches) - 1
	}
}

// again reads all lines anew, for older ones have come between. The choice stays with its line.
func (f *finder) again(log core.Log) {
	chosen, is := f.chosen()
	f.forget()
	f.read(log)
	if i, still := slices.BinarySearch(f.matches, chosen); is && still {
		f.at = i
	} else {
		f.at = len(f.matches) - 1
	}
}

func (f *finder) forget() { f.matches, f.scanned = nil, 0 }

func (f *finder) read(log core.Log) {
	if f.query != "" {
		for i := log.Search(f.scanned); i < log.Len(); i++ {
			if line := log.At(i); f.matchLine(line) {
				f.matches = append(f.matches, line.Seq)
			}
		}
	}
	f.scanned, f.lines, f.first = log.Next(), log.Len(), log.First()
}

func (f *finder) keepMatching(log core.Log) {
	f.matches = slices.DeleteFunc(f.matches, func(seq uint64) bool { return !f.match(log, seq) })
}

func (f *finder) match(log core.Log, seq uint64) bool {
	i, kept := log.Seek(seq)
	return kept && f.matchLine(log.At(i))
}

func (f *finder) matchLine(line *core.Line) bool {
	return strings.Contains(im.Fold(f.words(line)), f.query)
}

// older and newer choose another match, going round at the ends.
func (f *finder) older() { f.step(-1) }
func (f *finder) newer() { f.step(1) }

func (f *finder) step(by int) {
	if n := len(f.matches); n > 0 {
		f.at = (f.at + by + n) % n
	}
}

// chosen returns the Seq of the chosen match.
func (f *finder) chosen() (uint64, bool) {
	if f.at < 0 || f.at >= len(f.matches) {
		return 0, false
	}
	return f.matches[f.at], true
}

// place returns which match is chosen, counted from 1 for the newest, and of how many.
func (f *finder) place() (n, of int) {
	if len(f.matches) == 0 {
		return 0, 0
	}
	return len(f.matches) - f.at, len(f.matches)
}

// stretch is a piece of a text, in bytes.
type stretch struct{ start, end int }

// stretches returns where a query stands in a text, as im.Fold compares them, in whole clusters.
func stretches(text, query string) []stretch {
	query = im.Fold(query)
	if query == "" {
		return nil
	}
	var folded strings.Builder
	var origin []stretch // for each byte of folded, the cluster that it comes from
	for i := 0; i < len(text); {
		next := after(text, i)
		low := im.Fold(text[i:next])
		folded.WriteString(low)
		for range len(low) {
			origin = append(origin, stretch{i, next})
		}
		i = next
	}
	var found []stretch
	for rest, at := folded.String(), 0; ; {
		i := strings.Index(rest, query)
		if i < 0 {
			return found
		}
		found = append(found, stretch{origin[at+i].start, origin[at+i+len(query)-1].end})
		at += i + len(query)
		rest = rest[i+len(query):]
	}
}
