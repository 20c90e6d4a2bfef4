package xmppclient

import (
	"bytes"
	"errors"

	"traboule/im"
)

// What one element of a stream may cost before it is thrown away unread.
const (
	// maxElementBytes: servers relay stanzas of 256 KiB to 1 MiB at most.
	maxElementBytes = 1 << 20
	// maxElementDepth: real stanzas nest about ten elements.
	maxElementDepth = 64
	// maxElementAttrs: no standard element has more than a dozen attributes.
	maxElementAttrs = 64
	// maxElementKids: as many elements as fit in a roster of 10,000 contacts.
	maxElementKids = 50_000
)

// Reasons for which a stream ends. What a stranger can cause is dropped instead (im.DropReason).
var (
	errRestrictedXML = errors.New("comment, processing instruction or document type in the stream")
	errNotWellFormed = errors.New("bytes in the stream that are no XML")
)

// verdict is what the scanner found at the end of the bytes it took.
type verdict uint8

const (
	unfinished verdict = iota
	blank              // white space between elements, a sign of life (RFC 6120 §4.6.1)
	complete           // one whole top-level element, the stream's header, or its end
)

// state is where the scanner stands in the grammar of XML, as far as it matters for finding where an element ends.
type state uint8

const (
	between     state = iota // outside any top-level element
	inText                   // between the tags of an element
	afterOpen                // after <
	inTag                    // in a start tag, outside quotes
	inValue                  // in a quoted attribute value
	afterSlash               // after / in a start tag
	inEndTag                 // after </
	inBang                   // after <!, which may only begin a CDATA section
	inCDATA                  // in a CDATA section
	inProlog                 // in <? ... ?> before the header
	prologQuery              // after ? in the prolog
)

const cdata = "[CDATA["

// scanner finds where the top-level elements of a stream begin and end, without building anything: a byte is looked at
// once and no memory is allocated, whatever the other side sends. It does not judge names; the XML decoder behind it does,
// and stops at the first byte where the two could disagree.
type scanner struct {
	state  state
	header bool // the stream's header has not come yet
	quote  byte
	match  int // how much of "[CDATA[" or "]]" was seen
	depth  int
	attrs  int
	kids   int
	// escaped is set if an attribute value holds a reference, behind which a namespace could hide.
	escaped bool
	// drop is why the element must not be handed on; it is scanned to its end all the same.
	drop im.DropReason
}

// restart makes the scanner expect a stream header (RFC 6120 §4.3.3).
func (s *scanner) restart() { *s = scanner{header: true} }

// begin forgets the element before.
func (s *scanner) begin() { *s = scanner{header: s.header} }

// refuse drops the element; the first reason stands.
func (s *scanner) refuse(why im.DropReason) {
	if s.drop == "" {
		s.drop = why
	}
}

// feed takes bytes until an element is complete or b is used up, and tells how many it took.
func (s *scanner) feed(b []byte) (int, verdict, error) {
	for i := 0; i < len(b); i++ {
		if skip := s.plain(b[i:]); skip > 0 {
			if i += skip; i == len(b) {
				break
			}
		}
		v, err := s.step(b[i])
		if err != nil || v != unfinished {
			return i + 1, v, err
		}
	}
	return len(b), unfinished, nil
}

// plain tells how many of the first bytes of b cannot change the state, which is nearly all of them.
func (s *scanner) plain(b []byte) int {
	n := 0
	switch s.state {
	case inText:
		n = bytes.IndexByte(b, '<')
	case inValue:
		if n = bytes.IndexByte(b, s.quote); !s.escaped {
			end := n
			if end < 0 {
				end = len(b)
			}
			s.escaped = bytes.IndexByte(b[:end], '&') >= 0
		}
	}
	if n < 0 {
		return len(b)
	}
	return n
}

func (s *scanner) step(c byte) (verdict, error) {
	switch s.state {
	case between:
		return s.stepBetween(c)
	case inText:
		s.state = afterOpen
	case afterOpen:
		return unfinished, s.stepOpen(c)
	case inTag:
		return s.stepTag(c)
	case inValue:
		s.state = inTag
	case afterSlash:
		if c != '>' {
			return unfinished, errNotWellFormed
		}
		return s.closed(), nil
	case inEndTag:
		return s.stepEndTag(c)
	case inBang:
		return unfinished, s.stepBang(c)
	case inCDATA:
		s.stepCDATA(c)
	case inProlog, prologQuery:
		s.stepProlog(c)
	}
	return unfinished, nil
}

func (s *scanner) stepBetween(c byte) (verdict, error) {
	switch c {
	case ' ', '\t', '\r', '\n':
		return blank, nil
	case '<':
		s.state = afterOpen
		return unfinished, nil
	}
	return unfinished, errNotWellFormed
}

func (s *scanner) stepOpen(c byte) error {
	switch {
	case c == '/' && !s.header:
		s.state = inEndTag
	case c == '!':
		s.state, s.match = inBang, 0
	case c == '?' && s.header:
		s.state = inProlog
	case c == '?':
		return errRestrictedXML
	case c <= ' ' || bytes.IndexByte([]byte(`/<>="'&`), c) >= 0:
		return errNotWellFormed
	default:
		s.state, s.attrs = inTag, 0
		if s.kids++; s.kids > maxElementKids {
			s.refuse(im.DropTooLarge)
		}
	}
	return nil
}

func (s *scanner) stepTag(c byte) (verdict, error) {
	switch c {
	case '"', '\'':
		s.state, s.quote = inValue, c
		if s.attrs++; s.attrs > maxElementAttrs {
			s.refuse(im.DropHostile)
		}
	case '/':
		s.depth++
		s.state = afterSlash
	case '>':
		if s.header {
			return complete, nil
		}
		s.state = inText
		if s.depth++; s.depth > maxElementDepth {
			s.refuse(im.DropTooDeep)
		}
	case '<':
		return unfinished, errNotWellFormed
	}
	return unfinished, nil
}

func (s *scanner) stepEndTag(c byte) (verdict, error) {
	switch c {
	case '>':
		return s.closed(), nil
	case '<', '"', '\'':
		return unfinished, errNotWellFormed
	}
	return unfinished, nil
}

// closed leaves an element; the end of the stream itself, at depth 0, counts as an element.
func (s *scanner) closed() verdict {
	if s.depth--; s.depth <= 0 {
		return complete
	}
	s.state = inText
	return unfinished
}

// stepBang lets nothing but a CDATA section inside an element pass (RFC 6120 §11.1).
func (s *scanner) stepBang(c byte) error {
	if s.depth == 0 || c != cdata[s.match] {
		return errRestrictedXML
	}
	if s.match++; s.match == len(cdata) {
		s.state, s.match = inCDATA, 0
	}
	return nil
}

func (s *scanner) stepCDATA(c byte) {
	switch {
	case c == ']':
		s.match = min(s.match+1, 2)
	case c == '>' && s.match == 2:
		s.state = inText
	default:
		s.match = 0
	}
}

func (s *scanner) stepProlog(c byte) {
	switch {
	case c == '?':
		s.state = prologQuery
	case c == '>' && s.state == prologQuery:
		s.state = between
	default:
		s.state = inProlog
	}
}
