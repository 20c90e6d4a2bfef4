// Package rawclient is an XMPP client that sends whatever bytes a test tells it to, well-formed, forged or hostile, and
// hands back whole elements as text. It logs in and does nothing else by itself. It must not be used to talk to strangers:
// it checks certificates, and nothing more.
package rawclient

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Account says where and as whom to log in.
type Account struct {
	// Addr is the HOST:PORT of a listener that wants TLS from the first byte.
	Addr  string
	Roots *x509.CertPool
	// Local is empty for an anonymous login.
	Local, Domain, Password, Resource string
}

// Client is a logged-in session. It is for one goroutine, except that Send may run beside Next.
type Client struct {
	// JID is the full JID that the server gave.
	JID string

	conn    net.Conn
	decoder *xml.Decoder
	read    *bytes.Buffer // what the decoder has taken, from offset start on
	start   int64
}

// Dial logs in with SASL PLAIN or ANONYMOUS and binds the resource. It sends no presence.
func Dial(ctx context.Context, a Account) (*Client, error) {
	dialer := tls.Dialer{Config: &tls.Config{ServerName: a.Domain, RootCAs: a.Roots, NextProtos: []string{"xmpp-client"}}}
	conn, err := dialer.DialContext(ctx, "tcp", a.Addr)
	if err != nil {
		return nil, err
	}
	c := &Client{conn: conn}
	if err := c.login(ctx, a); err != nil {
		return nil, errors.Join(fmt.Errorf("log in as %q: %w", a.Local+"@"+a.Domain, err), conn.Close())
	}
	return c, nil
}

func (c *Client) login(ctx context.Context, a Account) error {
	if deadline, ok := ctx.Deadline(); ok {
		if err := c.conn.SetDeadline(deadline); err != nil {
			return err
		}
	}
	if err := c.open(a.Domain); err != nil {
		return err
	}
	mechanism, response := "ANONYMOUS", ""
	if a.Local != "" {
		mechanism = "PLAIN"
		response = base64.StdEncoding.EncodeToString([]byte("\x00" + a.Local + "\x00" + a.Password))
	}
	auth := fmt.Sprintf(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='%s'>%s</auth>`, mechanism, response)
	if _, err := c.ask(auth, "<success"); err != nil {
		return err
	}
	if err := c.open(a.Domain); err != nil {
		return err
	}
	resource := ""
	if a.Resource != "" {
		resource = "<resource>" + Escape(a.Resource) + "</resource>"
	}
	answer, err := c.ask(`<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>`+resource+`</bind></iq>`, "<jid>")
	if err != nil {
		return err
	}
	_, rest, _ := strings.Cut(answer, "<jid>")
	c.JID, _, _ = strings.Cut(rest, "</jid>")
	return c.conn.SetDeadline(time.Time{})
}

// open starts a stream and reads the server's features.
func (c *Client) open(domain string) error {
	c.read, c.start = new(bytes.Buffer), 0
	c.decoder = xml.NewDecoder(io.TeeReader(c.conn, c.read))
	header := `<?xml version='1.0'?><stream:stream to='` + domain + `' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`
	if err := c.Send(header); err != nil {
		return err
	}
	for {
		token, err := c.decoder.Token()
		if err != nil {
			return err
		}
		if _, ok := token.(xml.StartElement); ok {
			break
		}
	}
	_, err := c.Next()
	return err
}

// ask sends a request and reads the answer, which must hold want.
func (c *Client) ask(request, want string) (string, error) {
	if err := c.Send(request); err != nil {
		return "", err
	}
	answer, err := c.Next()
	if err == nil && !strings.Contains(answer, want) {
		err = fmt.Errorf("unexpected answer %q", answer)
	}
	return answer, err
}

// Send writes bytes to the stream as they are.
func (c *Client) Send(text string) error {
	_, err := io.WriteString(c.conn, text)
	return err
}

// Next returns the next top-level element, as the server wrote it.
func (c *Client) Next() (string, error) {
	c.read.Next(int(c.decoder.InputOffset() - c.start))
	c.start = c.decoder.InputOffset()
	for depth := 0; ; {
		token, err := c.decoder.Token()
		if err != nil {
			return "", err
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if _, text := token.(xml.CharData); !text && depth <= 0 {
			length := c.decoder.InputOffset() - c.start
			return strings.TrimSpace(string(c.read.Bytes()[:length])), nil
		}
	}
}

// Await reads elements until one holds all of the texts, and returns it.
func (c *Client) Await(ctx context.Context, texts ...string) (string, error) {
	deadline, _ := ctx.Deadline() // without one it waits for good, whatever an earlier wait had
	if err := c.conn.SetReadDeadline(deadline); err != nil {
		return "", err
	}
	for {
		element, err := c.Next()
		if err != nil {
			return "", fmt.Errorf("waiting for %q: %w", texts, err)
		}
		if containsAll(element, texts) {
			return element, nil
		}
	}
}

func containsAll(element string, texts []string) bool {
	for _, text := range texts {
		if !strings.Contains(element, text) {
			return false
		}
	}
	return true
}

// Close cuts the connection without farewell.
func (c *Client) Close() error { return c.conn.Close() }

// Escape writes a text so that it may stand between tags or in an attribute.
func Escape(text string) string {
	var escaped strings.Builder
	if err := xml.EscapeText(&escaped, []byte(text)); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	return escaped.String()
}
