package otr

import (
	"errors"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// piecesLast is how long the rest of a message is waited for.
const piecesLast = 2 * time.Minute

// maxStored is how much of unfinished messages is kept in all, in bytes.
const maxStored = 2 << 20

var errTooMuch = errors.New("otr: too much in fragments")

// fragment is a piece of a message (OTR v3, "Fragmentation").
type fragment struct {
	version3         bool
	sender, receiver uint32 // instance tags, 0 in version 2
	index, total     int
	piece            string
}

// parseFragment reads "?OTR|sender|receiver,index,total,piece," or, in version 2, "?OTR,index,total,piece,".
func parseFragment(text string) (fragment, bool) {
	var f fragment
	rest, found := strings.CutPrefix(text, fragmentPrefix2)
	if !found {
		var tags, sender, receiver string
		f.version3 = true
		tags, rest, _ = strings.Cut(strings.TrimPrefix(text, fragmentPrefix3), ",")
		sender, receiver, found = strings.Cut(tags, "|")
		var ok1, ok2 bool
		f.sender, ok1 = parseTag(sender)
		f.receiver, ok2 = parseTag(receiver)
		if !found || !ok1 || !ok2 || f.sender < minTag || f.receiver != 0 && f.receiver < minTag {
			return fragment{}, false
		}
	}
	index, rest, _ := strings.Cut(rest, ",")
	total, rest, _ := strings.Cut(rest, ",")
	piece, rest, ends := strings.Cut(rest, ",")
	var ok1, ok2 bool
	f.index, ok1 = parseCount(index)
	f.total, ok2 = parseCount(total)
	f.piece = piece
	return f, ok1 && ok2 && f.index <= f.total && ends && rest == ""
}

func parseTag(s string) (uint32, bool) {
	n, err := strconv.ParseUint(s, 16, 32)
	return uint32(n), err == nil && len(s) <= 8
}

func parseCount(s string) (int, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	return int(n), err == nil && n > 0 && len(s) <= 5
}

// pieces is the message of one conversation that is not whole yet.
type pieces struct {
	last    fragment // without its piece; the zero fragment for none
	text    []byte
	touched time.Time
}

func (p *pieces) empty() bool { return p.last.index == 0 }

func (p *pieces) stale(now time.Time) bool { return !p.empty() && now.Sub(p.touched) > piecesLast }

// clear forgets what came.
func (p *pieces) clear(stored *atomic.Int64) {
	stored.Add(-int64(len(p.text)))
	*p = pieces{}
}

// add takes the next piece, and gives the message with the last one. Pieces come in order, or all is forgotten.
func (p *pieces) add(f fragment, now time.Time, stored *atomic.Int64) (string, bool, error) {
	if f.index != 1 && !p.precedes(f) {
		p.clear(stored)
		return "", false, nil
	}
	if f.index == 1 {
		p.clear(stored)
	}
	size := int64(len(f.piece))
	if len(p.text)+len(f.piece) > MaxMessage || stored.Load()+size > maxStored {
		p.clear(stored)
		return "", false, errTooMuch
	}
	stored.Add(size)
	p.text = append(p.text, f.piece...)
	p.touched, p.last = now, f
	p.last.piece = ""
	if f.index < f.total {
		return "", false, nil
	}
	whole := string(p.text)
	p.clear(stored)
	return whole, true, nil
}

// precedes reports whether a piece is the one after the last.
func (p *pieces) precedes(f fragment) bool {
	want := p.last
	want.index++
	f.piece = ""
	return !p.empty() && f == want
}
