package xmppclient

import (
	"errors"

	"traboule/im"
)

// What may wait to be sent or acknowledged before further requests are refused.
const (
	maxOutboxStanzas = 2048
	maxOutboxBytes   = 8 << 20
)

var errAckedTooMuch = errors.New("server acknowledged more than was sent")

// due says when the request behind a stanza ends.
type due uint8

const (
	dueElsewhere due = iota // by its answer, or it is no request
	dueWritten
	dueAcknowledged // or written, where the server has no stream management
)

// entry is one stanza on its way.
type entry struct {
	stanza  []byte
	request im.RequestID
	ends    due
	// tried is set once it was given to a writer: from then on it may have arrived.
	tried bool
}

// outbox keeps our stanzas in order until the server has them (XEP-0198 §4), so that a resumed session can send again what
// a dead connection swallowed. It does no input or output. Three groups follow each other in it: given to the writer and
// written, given to the writer, not yet given.
type outbox struct {
	managed bool
	entries []entry
	given   int
	written int
	// ahead is how many entries the server acknowledged before the writer reported that it had written them.
	ahead int
	acked uint32 // by the server, modulo 2^32
	bytes int
}

// full reports whether nothing more is taken.
func (o *outbox) full() bool {
	return len(o.entries) >= maxOutboxStanzas || o.bytes >= maxOutboxBytes
}

func (o *outbox) push(e entry) {
	o.entries = append(o.entries, e)
	o.bytes += len(e.stanza)
}

// next is the stanza to give to the writer, if there is one.
func (o *outbox) next() ([]byte, bool) {
	if o.given == len(o.entries) {
		return nil, false
	}
	return o.entries[o.given].stanza, true
}

// gave marks the stanza of next as given.
func (o *outbox) gave() {
	o.entries[o.given].tried = true
	o.given++
}

// wrote marks the next n given stanzas as written and returns the requests that this ends.
func (o *outbox) wrote(n int) []im.RequestID {
	gone := min(n, o.ahead)
	o.ahead -= gone
	n -= gone
	var ended []im.RequestID
	for i := o.written; i < min(o.written+n, len(o.entries)); i++ {
		e := &o.entries[i]
		if e.ends == dueWritten || e.ends == dueAcknowledged && !o.managed {
			ended = append(ended, e.request)
			e.ends = dueElsewhere
		}
	}
	o.written = min(o.written+n, len(o.entries))
	if !o.managed {
		o.remove(o.written)
	}
	return ended
}

// ack takes the server's count of what it has handled and returns the requests that this ends.
func (o *outbox) ack(h uint32) ([]im.RequestID, error) {
	n := h - o.acked // wraps as XEP-0198 §4 wants
	if !o.managed || n > uint32(o.sent()) {
		return nil, errAckedTooMuch
	}
	var ended []im.RequestID
	for _, e := range o.entries[:n] {
		if e.ends != dueElsewhere {
			ended = append(ended, e.request)
		}
	}
	o.acked = h
	o.remove(int(n))
	return ended, nil
}

// sent is how many of the first entries a writer has ever had.
func (o *outbox) sent() int {
	n := 0
	for n < len(o.entries) && o.entries[n].tried {
		n++
	}
	return n
}

// unacknowledged tells how many stanzas the server has not confirmed.
func (o *outbox) unacknowledged() int {
	if !o.managed {
		return 0
	}
	return o.given
}

// waiting reports whether a request waits for the server to acknowledge its stanza.
func (o *outbox) waiting() bool {
	for _, e := range o.entries {
		if o.managed && e.ends == dueAcknowledged {
			return true
		}
	}
	return false
}

// position is how many stanzas were given in this session, modulo 2^32.
func (o *outbox) position() uint32 { return o.acked + uint32(o.given) }

func (o *outbox) remove(n int) {
	for _, e := range o.entries[:n] {
		o.bytes -= len(e.stanza)
	}
	o.entries = append(o.entries[:0], o.entries[n:]...)
	o.ahead += max(min(n, o.given)-o.written, 0)
	o.given = max(o.given-n, 0)
	o.written = max(o.written-n, 0)
}

// rewind makes everything that is left be sent again, in order: the connection is gone and the session goes on.
func (o *outbox) rewind() { o.given, o.written, o.ahead = 0, 0, 0 }

// lost is a request whose stanza will not be sent any more.
type lost struct {
	request im.RequestID
	unknown bool // it may have arrived
}

// drain empties the outbox for a new session and returns the requests that had not ended.
func (o *outbox) drain(managed bool) []lost {
	var left []lost
	for _, e := range o.entries {
		if e.ends != dueElsewhere {
			left = append(left, lost{e.request, e.tried})
		}
	}
	*o = outbox{managed: managed}
	return left
}
