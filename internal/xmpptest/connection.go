package xmpptest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

// connection reads a client's elements as they stand on the wire.
type connection struct {
	conn    net.Conn
	below   net.Conn // what cut closes
	raw     bytes.Buffer
	taken   int64
	decoder *xml.Decoder
	read    chan struct{} // closed when nothing more is read
}

// element is one top-level element.
type element struct {
	name  string
	attrs []xml.Attr
	raw   string
}

func newConnection(conn net.Conn) *connection {
	c := &connection{below: conn, read: make(chan struct{})}
	c.replace(conn)
	return c
}

// replace goes on over conn, with a new stream.
func (c *connection) replace(conn net.Conn) {
	c.conn = conn
	c.restart()
}

func (c *connection) restart() {
	c.raw.Reset()
	c.taken = 0
	c.decoder = xml.NewDecoder(byteByByte{io.TeeReader(c.conn, &c.raw)})
}

// byteByByte keeps the decoder from reading beyond what it decodes.
type byteByByte struct{ io.Reader }

// ReadByte reads one byte.
func (b byteByByte) ReadByte() (byte, error) {
	var one [1]byte
	_, err := io.ReadFull(b.Reader, one[:])
	return one[0], err
}

func (c *connection) write(text string) error {
	_, err := io.WriteString(c.conn, text)
	return err
}

// cut closes the connection hard: what TCP still holds is lost.
func (c *connection) cut() {
	switch b := c.below.(type) {
	case *net.TCPConn:
		b.SetLinger(0)
	case *pipeEnd:
		b.cut()
	}
	c.below.Close()
}

// header reads the start of a stream.
func (c *connection) header() (string, error) {
	c.restart()
	for {
		token, err := c.decoder.RawToken()
		if err != nil {
			return "", err
		}
		if start, ok := token.(xml.StartElement); ok {
			if start.Name.Local != "stream" {
				return "", fmt.Errorf("%q instead of a stream", start.Name.Local)
			}
			return c.take(), nil
		}
	}
}

// take returns what was decoded since the last call.
func (c *connection) take() string {
	n := c.decoder.InputOffset() - c.taken
	c.taken += n
	return string(c.raw.Next(int(n)))
}

func (c *connection) next() (element, error) {
	var e element
	for depth := 0; ; {
		token, err := c.decoder.RawToken()
		if err != nil {
			return element{}, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth == 1 {
				e.name, e.attrs = t.Name.Local, t.Copy().Attr
			}
		case xml.EndElement:
			if depth--; depth < 0 {
				c.write(`</stream:stream>`)
				return element{}, io.EOF
			}
			if depth == 0 {
				e.raw = strings.TrimSpace(c.take())
				return e, nil
			}
		}
	}
}

func (c *connection) expect(name string) (element, error) {
	e, err := c.next()
	if err == nil && e.name != name {
		err = fmt.Errorf("%q instead of %s", e.raw, name)
	}
	return e, err
}

func (e element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (e element) count() uint32 {
	n, _ := strconv.ParseUint(e.attr("h"), 10, 32)
	return uint32(n)
}

// between returns what stands between two texts, or nothing.
func between(s, before, after string) string {
	_, s, _ = strings.Cut(s, before)
	s, _, _ = strings.Cut(s, after)
	return s
}
