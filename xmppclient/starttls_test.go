package xmppclient

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"traboule/im"
)

// script is a connection that says one thing and keeps what it is told.
type script struct {
	net.Conn
	says io.Reader
	told strings.Builder
}

func (s *script) Read(p []byte) (int, error)       { return s.says.Read(p) }
func (s *script) Write(p []byte) (int, error)      { return s.told.Write(p) }
func (s *script) SetWriteDeadline(time.Time) error { return nil }

const (
	offersTLS = header + `<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>`
	proceeds  = `<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`
)

func TestNothingOfTheAccountBeforeTLS(t *testing.T) {
	s := &script{says: iotest.OneByteReader(strings.NewReader(offersTLS + proceeds))}
	f := newFrame(s, time.Second, nil)
	if err := negotiateTLS(f, Config{Account: im.MustJID("ana@example.org")}); err != nil {
		t.Fatal(err)
	}
	told := s.told.String()
	if strings.Contains(told, "ana") || strings.Contains(told, "from") || strings.Contains(told, "lang") {
		t.Errorf("told the server %q before TLS", told)
	}
	if !strings.Contains(told, `to="example.org"`) || !strings.HasSuffix(told, `<starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>`) {
		t.Errorf("told the server %q", told)
	}
}

func TestSTARTTLSRefusesOtherAnswers(t *testing.T) {
	tests := map[string]struct {
		says string
		code im.Code
	}{
		"nothing":                   {"", im.CodeConnectionLost},
		"no XML":                    {"220 mail.example ESMTP\r\n", im.CodeStream},
		"another root":              {`<html>`, im.CodeStream},
		"end at once":               {header + `</stream:stream>`, im.CodeConnectionLost},
		"cut in the features":       {header + `<stream:features>`, im.CodeConnectionLost},
		"something else":            {header + `<message/>`, im.CodeStream},
		"too large":                 {header + `<stream:features>` + strings.Repeat(" ", maxElementBytes), im.CodeConnectionLost},
		"too deep":                  {header + `<stream:features>` + strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100) + `</stream:features>`, im.CodeStream},
		"something else than yes":   {offersTLS + `<success/>`, im.CodeStream},
		"text slipped in":           {offersTLS + proceeds + `<stream:features/>`, im.CodeTLS},
		"a space slipped in":        {offersTLS + proceeds + ` `, im.CodeTLS},
		"half a tag slipped in":     {offersTLS + proceeds + `<`, im.CodeTLS},
		"stream error, not lasting": {header + `<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`, im.CodeStream},
	}
	for name, test := range tests {
		_, err := startTLS(context.Background(), &script{says: strings.NewReader(test.says)}, Config{Account: owner, Pace: DefaultPace()}, &trust{domain: "localhost"})
		f := asFailure(err)
		if err == nil || f.Code != test.code || f.Lasting {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWriteErrorsEndSTARTTLS(t *testing.T) {
	near, far := net.Pipe()
	far.Close()
	if _, err := startTLS(context.Background(), near, Config{Account: owner, Pace: DefaultPace()}, &trust{domain: "localhost"}); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}

// FuzzSTARTTLS checks that whatever a server, or somebody in its place, says before TLS leads to an error and not to a
// crash, and that nothing it says is left over for later.
func FuzzSTARTTLS(f *testing.F) {
	f.Add(offersTLS + proceeds)
	f.Add(header + `<stream:error/>`)
	f.Fuzz(func(t *testing.T, says string) {
		s := &script{says: strings.NewReader(says)}
		frame := newFrame(s, time.Second, func(dropped) error { return errNotWellFormed })
		if err := negotiateTLS(frame, Config{Account: owner}); err == nil && frame.buffered() > 0 {
			t.Errorf("%d bytes left over", frame.buffered())
		}
	})
}
