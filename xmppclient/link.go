package xmppclient

import (
	"encoding/xml"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"traboule/im"
)

const (
	// arrivalsAhead: stanzas that may be read before the ones in front are dealt with; beyond, TCP makes the server wait.
	arrivalsAhead = 64
	// heavyAhead: of them, those of more than heavyElement bytes. As a tree, an element takes up to 25 times its bytes.
	heavyAhead   = 2
	heavyElement = 16 << 10
	// parcelsAhead: what the writer may find ready, to send it in one go.
	parcelsAhead = 32
	// writeBatch: bytes of stanzas that are gathered into one write, which is one record of TLS. A record is taken whole or
	// not at all, and servers read no more than 4 KiB of one at a time. So a connection that breaks leaves no half of a
	// stanza in the server's parser, where Prosody 0.12 would look for the other half in what a resumed session sends first.
	writeBatch = 4 << 10
)

// arrival is one thing that came in: an element, one that was thrown away, or the end.
type arrival struct {
	root *node
	// early is set for what came before stream management began, which it does not count.
	early bool
	heavy bool // takes a place of link.heavy
	drop  *dropped
	err   error
}

// parcel is bytes for the writer; stanza is set for what the outbox counts.
type parcel struct {
	bytes  []byte
	stanza bool
	ack    bool // tells what we have handled; a newer one replaces it
}

// link is one session's connection: a goroutine that reads and one that writes, and channels to them. The session is read
// through its token reader: the library's Serve would answer IQs by itself, past the writer, and end the session at an
// address it does not like.
type link struct {
	session  *established
	arrivals chan arrival  // closed after the one with err
	heavy    chan struct{} // the heavy arrivals that wait
	out      chan parcel
	wrote    chan int // stanzas since the last report
	gone     chan struct{}
	why      *im.Failure // we ended it; only the owner looks
	fault    atomic.Pointer[im.Failure]
	closing  sync.Once
	running  sync.WaitGroup
}

func newLink(e *established) *link {
	l := &link{
		session: e, arrivals: make(chan arrival, arrivalsAhead), heavy: make(chan struct{}, heavyAhead), out: make(chan parcel, parcelsAhead), wrote: make(chan int),
		gone: make(chan struct{}),
	}
	e.login.frame.onDrop = func(d dropped) error { return l.post(arrival{drop: &d}) }
	l.running.Go(l.read)
	l.running.Go(l.write)
	return l
}

// cut ends the connection without a word. The reader reports it.
func (l *link) cut() { l.session.cut() }

// end cuts the connection for a reason of our own.
func (l *link) end(why *im.Failure) {
	if l.why == nil {
		l.why = why
	}
	l.cut()
}

// broken cuts the connection after a fault of ours in one of the two goroutines. The reader's end reports it.
func (l *link) broken(fault *im.Failure) {
	l.fault.CompareAndSwap(nil, fault)
	l.cut()
}

// cut closes the connection below TLS, whose own goodbye could have to wait.
func (e *established) cut() {
	if t, ok := e.login.frame.Conn.(interface{ NetConn() net.Conn }); ok {
		t.NetConn().Close()
		return
	}
	e.login.frame.Conn.Close()
}

// close ends the connection and waits for the two goroutines; what they still had to report is dropped.
func (l *link) close() {
	l.closing.Do(func() { close(l.gone) })
	l.cut()
	l.running.Wait()
}

func (l *link) lastHeard() time.Time { return l.session.login.frame.lastHeard() }

// post hands an arrival to the owner, or gives up when the owner did.
func (l *link) post(a arrival) error {
	if a.heavy {
		select {
		case l.heavy <- struct{}{}:
		case <-l.gone:
			return errGone
		}
	}
	select {
	case l.arrivals <- a:
		return nil
	case <-l.gone:
		return errGone
	}
}

var errGone = errors.New("connection was given up")

func (l *link) read() {
	defer close(l.arrivals)
	defer contain(l.broken)
	r := l.session.stream.TokenReader()
	defer r.Close()
	for _, n := range l.session.login.early {
		if l.post(arrival{root: n, early: true}) != nil {
			return
		}
	}
	for {
		a, err := readArrival(r)
		a.heavy = l.session.login.frame.size > heavyElement
		if err != nil {
			a = arrival{err: l.session.login.frame.cause(err)}
		}
		if l.post(a) != nil || err != nil {
			return
		}
	}
}

// readArrival reads one element. One that is too much for a tree is read to its end and reported as dropped.
func readArrival(r xml.TokenReader) (arrival, error) {
	d := &depthReader{reader: r}
	start, err := d.start()
	if err != nil {
		return arrival{}, err
	}
	n, err := readTree(d, start)
	if err == nil {
		return arrival{root: n}, nil
	}
	if !errors.Is(err, errTooLarge) && !errors.Is(err, errTooDeep) && !errors.Is(err, errHostile) {
		return arrival{}, err
	}
	drop := dropped{reason: dropReason(err), stanza: isStanza(start.Name.Local)}
	for _, a := range start.Attr {
		if a.Name == (xml.Name{Local: "from"}) {
			drop.from, _ = im.WireJID(a.Value)
		}
	}
	return arrival{drop: &drop}, d.skip()
}

// depthReader knows how deep in the element it stands.
type depthReader struct {
	reader xml.TokenReader
	depth  int
}

// Token returns the next token.
func (d *depthReader) Token() (xml.Token, error) {
	token, err := d.reader.Token()
	switch token.(type) {
	case xml.StartElement:
		d.depth++
	case xml.EndElement:
		d.depth--
	}
	return token, err
}

func (d *depthReader) start() (xml.StartElement, error) {
	for {
		token, err := d.Token()
		if start, ok := token.(xml.StartElement); ok {
			return start, nil
		}
		if err != nil {
			return xml.StartElement{}, err
		}
	}
}

// skip reads to the end of the element.
func (d *depthReader) skip() error {
	for d.depth > 0 {
		if _, err := d.Token(); err != nil {
			return err
		}
	}
	return nil
}

// write sends what is ready in batches. After an error it cuts the connection, which the reader reports.
func (l *link) write() {
	defer contain(l.broken)
	var held *parcel
	buf := make([]byte, 0, writeBatch)
	for {
		if held == nil {
			select {
			case <-l.gone:
				return
			case p := <-l.out:
				held = &p
			}
		}
		var stanzas int
		buf, stanzas, held = l.gather(append(buf[:0], held.bytes...), count(*held))
		if !l.flush(buf, stanzas) {
			l.cut()
			return
		}
	}
}

// gather puts what is ready behind what is in buf, as long as it fits, and returns with it the parcel that did not.
func (l *link) gather(buf []byte, stanzas int) ([]byte, int, *parcel) {
	for len(buf) < writeBatch {
		select {
		case p := <-l.out:
			if len(buf)+len(p.bytes) > writeBatch {
				return buf, stanzas, &p
			}
			buf = append(buf, p.bytes...)
			stanzas += count(p)
		default:
			return buf, stanzas, nil
		}
	}
	return buf, stanzas, nil
}

// flush writes and reports; it is false if the connection is of no more use.
func (l *link) flush(buf []byte, stanzas int) bool {
	if _, err := l.session.login.frame.Write(buf); err != nil {
		return false
	}
	if stanzas == 0 {
		return true
	}
	select {
	case l.wrote <- stanzas:
		return true
	case <-l.gone:
		return false
	}
}

func count(p parcel) int {
	if p.stanza {
		return 1
	}
	return 0
}
