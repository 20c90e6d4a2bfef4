package xmppclient

import (
	"context"
	"crypto/tls"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"mellium.im/xmpp/stream"

	"traboule/im"
)

const nsTLS = "urn:ietf:params:xml:ns:xmpp-tls" // RFC 6120 §5

// startTLS asks for TLS on a plain stream and does the handshake. Until then the server, and everybody on the way, learns
// the domain and nothing of the account: the library would write the full address into the header.
func startTLS(ctx context.Context, conn net.Conn, cfg Config, server *trust) (*tls.Conn, error) {
	f := newFrame(conn, cfg.Pace.Write, func(dropped) error { return errNotWellFormed })
	if err := negotiateTLS(f, cfg); err != nil {
		return nil, f.cause(err)
	}
	if err := conn.SetWriteDeadline(time.Time{}); err != nil {
		return nil, err
	}
	return secure(ctx, conn, server, false)
}

func negotiateTLS(f *frame, cfg Config) error {
	if err := writeHeader(f, cfg.Account.Domain()); err != nil {
		return err
	}
	d := xml.NewDecoder(f)
	if err := readHeader(d); err != nil {
		return err
	}
	features, err := expect(d, stream.NS, "features")
	if err != nil {
		return err
	}
	if features.kid(nsTLS, "starttls") == nil {
		return &im.Failure{Code: im.CodeTLSRequired, Detail: cfg.Account.Domain(), Lasting: true}
	}
	if _, err := io.WriteString(f, `<starttls xmlns="`+nsTLS+`"/>`); err != nil {
		return err
	}
	if _, err := expect(d, nsTLS, "proceed"); err != nil {
		return err
	}
	// What came with <proceed/> was not protected by TLS and must never be read as if it were.
	if f.buffered() > 0 {
		return &im.Failure{Code: im.CodeTLS, Detail: "plain text was slipped in before TLS"}
	}
	return nil
}

func writeHeader(w io.Writer, domain string) error {
	to := appendEscaped(nil, domain)
	_, err := fmt.Fprintf(w, `<?xml version="1.0"?><stream:stream to="%s" version="1.0" xmlns="%s" xmlns:stream="%s">`, to, nsClient, stream.NS)
	return err
}

func readHeader(d *xml.Decoder) error {
	for {
		token, err := d.Token()
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			if start.Name != (xml.Name{Space: stream.NS, Local: "stream"}) {
				return errNotWellFormed
			}
			return nil
		}
	}
}

// expect reads the next element, which must have that name. A stream error instead counts, but never for good: nobody
// vouches for it.
func expect(d *xml.Decoder, space, local string) (*node, error) {
	n, err := nextElement(d)
	if err != nil {
		return nil, err
	}
	switch {
	case n.is(space, local):
		return n, nil
	case n.is(nsTLS, "failure"):
		return nil, &im.Failure{Code: im.CodeTLSRequired, Condition: "failure", Lasting: true}
	case n.is(stream.NS, "error"):
		f := &im.Failure{Code: im.CodeStream}
		if len(n.kids) > 0 {
			f.Condition = clip(n.kids[0].name.Local, maxID)
		}
		return nil, f
	}
	return nil, &im.Failure{Code: im.CodeStream, Detail: "server does not answer as XMPP asks"}
}

// nextElement reads one element, past white space.
func nextElement(r xml.TokenReader) (*node, error) {
	for {
		token, err := r.Token()
		if start, ok := token.(xml.StartElement); ok {
			return readTree(r, start)
		}
		if _, ok := token.(xml.EndElement); ok && err == nil {
			err = io.EOF
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				return nil, io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
}
