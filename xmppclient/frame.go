package xmppclient

import (
	"bytes"
	"encoding/xml"
	"io"
	"net"
	"sync/atomic"
	"time"

	"mellium.im/xmpp/stream"

	"traboule/im"
)

const (
	// readBuffer holds a few dozen ordinary stanzas.
	readBuffer = 16 << 10
	// keptBuffer is the largest buffer kept for the next element that does not fit in readBuffer.
	keptBuffer = 64 << 10
	// keptHead is how much of a dropped element is kept to learn whom it came from.
	keptHead = 4 << 10
)

// dropped is an element that the frame threw away.
type dropped struct {
	from   im.JID // zero if unreadable
	reason im.DropReason
	stanza bool
}

// frame is the connection as the XML decoder sees it: Read hands out at most one top-level element, whole and within
// limits, so that when the decoder asks again it has dealt with the one before. Elements that are too large, too deep, or
// hold what would make the library end the stream are thrown away here, in bounded memory. Writes have a deadline.
type frame struct {
	net.Conn
	patience time.Duration // for one write
	// onDrop hears of each element thrown away; its error ends the stream.
	onDrop func(dropped) error

	scanner scanner
	in      []byte
	pos     int
	end     int
	element []byte // the beginning of an element that is not yet whole
	out     []byte // what Read still has to hand out
	size    int    // of the element handed out last
	head    []byte // the stream's header, for the namespaces it declares
	marker  []byte // "<stream:", by whatever prefix the header chose
	heard   atomic.Int64
	fault   error // why reading ended
}

func newFrame(conn net.Conn, patience time.Duration, onDrop func(dropped) error) *frame {
	f := &frame{Conn: conn, patience: patience, onDrop: onDrop, in: make([]byte, readBuffer)}
	f.restart()
	return f
}

// restart expects a new stream header next.
func (f *frame) restart() {
	f.scanner.restart()
	f.out, f.element = nil, nil
}

// buffered tells how many bytes were received beyond what Read handed out.
func (f *frame) buffered() int { return f.end - f.pos + len(f.out) + len(f.element) }

// cause is what lies behind an error of the decoder, which takes every end of the connection for bad XML.
func (f *frame) cause(err error) error {
	if f.fault != nil {
		return f.fault
	}
	return err
}

// lastHeard is when the other side last sent anything.
func (f *frame) lastHeard() time.Time { return time.Unix(0, f.heard.Load()) }

// Read hands out the next element, or as much of it as fits in p.
func (f *frame) Read(p []byte) (int, error) {
	for len(f.out) == 0 {
		if err := f.next(); err != nil {
			f.fault = err
			return 0, err
		}
	}
	n := copy(p, f.out)
	f.out = f.out[n:]
	return n, nil
}

// Write sends p within the patience of the frame.
func (f *frame) Write(p []byte) (int, error) {
	if err := f.Conn.SetWriteDeadline(time.Now().Add(f.patience)); err != nil {
		return 0, err
	}
	return f.Conn.Write(p)
}

// next scans until an element can be handed out.
func (f *frame) next() error {
	if cap(f.element) > keptBuffer {
		f.element = nil
	}
	f.element = f.element[:0]
	f.scanner.begin()
	for {
		if f.pos == f.end {
			if err := f.fill(); err != nil {
				return err
			}
		}
		fresh := f.in[f.pos:f.end]
		n, v, err := f.scanner.feed(fresh)
		f.pos += n
		switch {
		case err != nil:
			return err
		case v == complete:
			return f.finish(fresh[:n])
		case v == unfinished:
			f.keep(fresh[:n])
		}
	}
}

func (f *frame) fill() error {
	n, err := f.Conn.Read(f.in)
	f.pos, f.end = 0, n
	if n > 0 {
		f.heard.Store(time.Now().UnixNano())
		return nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return err
}

// keep stores the beginning of an element; of one that is dropped, just enough to tell whom it came from.
func (f *frame) keep(part []byte) {
	if len(f.element)+len(part) > maxElementBytes {
		f.scanner.refuse(im.DropTooLarge)
	}
	if f.scanner.drop != "" {
		if len(f.element) > keptHead {
			f.element = append([]byte(nil), f.element[:keptHead]...)
		}
		part = part[:min(len(part), keptHead-len(f.element))]
	}
	f.element = append(f.element, part...)
}

// finish offers the element that ends with tail.
func (f *frame) finish(tail []byte) error {
	whole := tail
	if len(f.element) > 0 {
		f.keep(tail)
		whole = f.element
		f.element = f.element[:0] // its room is used again once Read has handed everything out
	}
	if f.scanner.header {
		return f.begin(whole)
	}
	if f.scanner.drop == "" && f.suspect(whole) && f.hostile(whole) {
		f.scanner.refuse(im.DropHostile)
	}
	if f.scanner.drop != "" {
		return f.onDrop(describe(whole, f.scanner.drop))
	}
	f.out, f.size = whole, len(whole)
	return nil
}

// begin remembers the namespaces of a stream header and hands it out.
func (f *frame) begin(header []byte) error {
	if f.scanner.drop != "" {
		return errNotWellFormed
	}
	f.head = append([]byte(nil), header...)
	f.marker = append(append([]byte{'<'}, streamPrefix(header)...), ':')
	f.scanner = scanner{}
	f.out = f.head
	return nil
}

// streamPrefix is what stands before the colon in the header's name, "stream" nearly everywhere.
func streamPrefix(header []byte) []byte {
	name := header[bytes.LastIndexByte(header, '<')+1:]
	if i := bytes.IndexAny(name, ": \t\r\n>/"); i > 0 && name[i] == ':' {
		return name[:i]
	}
	return []byte("stream")
}

// suspect is a cheap test that every hostile element passes, and hardly any other.
func (f *frame) suspect(element []byte) bool {
	return f.scanner.escaped || bytes.Contains(element, []byte(stream.NS)) || bytes.Contains(element[1:], f.marker)
}

// hostile reports whether an element has a descendant in the namespace of the stream itself. Any stranger can send one, and
// the library would take it for the server's own words and end the stream.
func (f *frame) hostile(element []byte) bool {
	d := xml.NewDecoder(io.MultiReader(bytes.NewReader(f.head), bytes.NewReader(element)))
	for depth := 0; ; {
		token, err := d.Token()
		if err != nil {
			return false // the decoder behind the frame will meet the same error
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > 2 && t.Name.Space == stream.NS {
				return true
			}
		case xml.EndElement:
			if depth--; depth <= 1 {
				return false
			}
		}
	}
}

// describe reads from the beginning of an element whom it came from and whether stream management counts it.
func describe(element []byte, why im.DropReason) dropped {
	d := dropped{reason: why}
	token, err := xml.NewDecoder(bytes.NewReader(element)).RawToken()
	start, ok := token.(xml.StartElement)
	if err != nil || !ok {
		return d.guess(element)
	}
	d.stanza = isStanza(start.Name.Local)
	for _, a := range start.Attr {
		if a.Name == (xml.Name{Local: "from"}) {
			d.from, _ = im.WireJID(a.Value)
		}
	}
	return d
}

// guess is for an element whose first tag alone is longer than what was kept of it.
func (d dropped) guess(element []byte) dropped {
	name := element[min(1, len(element)):]
	if i := bytes.IndexAny(name, " \t\r\n/>"); i >= 0 {
		name = name[:i]
	}
	d.stanza = isStanza(string(name))
	return d
}

// isStanza reports whether XEP-0198 §4 counts an element of that name.
func isStanza(local string) bool {
	return local == "message" || local == "presence" || local == "iq"
}
