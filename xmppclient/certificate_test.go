package xmppclient

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// selfSigned makes a certificate that vouches for itself.
func selfSigned(t *testing.T, template x509.Certificate) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(1)
	template.BasicConstraintsValid, template.IsCA = true, true
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func leaf(t *testing.T, c tls.Certificate) *x509.Certificate {
	t.Helper()
	parsed, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestCertificates(t *testing.T) {
	now := time.Now()
	names := []string{"localhost"}
	tests := map[string]struct {
		template  x509.Certificate
		stranger  bool // the authority is not believed
		condition string
		detail    string
	}{
		"good":           {x509.Certificate{DNSNames: names, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}, false, "", ""},
		"expired":        {x509.Certificate{DNSNames: names, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(0, 0, -2)}, false, "expired", now.AddDate(0, 0, -2).UTC().Format(time.DateOnly)},
		"not yet valid":  {x509.Certificate{DNSNames: names, NotBefore: now.AddDate(0, 0, 2), NotAfter: now.AddDate(1, 0, 0)}, false, "not-yet-valid", now.AddDate(0, 0, 2).UTC().Format(time.DateOnly)},
		"another's":      {x509.Certificate{DNSNames: []string{"a.example", "b.example", "c.example", "d.example"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}, false, "wrong-name", `"a.example", "b.example", "c.example", …`},
		"hostile name":   {x509.Certificate{DNSNames: []string{"a\x1b[31mb"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}, false, "wrong-name", `"a\x1b[31mb"`},
		"nameless":       {x509.Certificate{NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}, false, "wrong-name", ""},
		"of a stranger":  {x509.Certificate{DNSNames: names, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}, true, "unknown-authority", ""},
		"for clients":    {x509.Certificate{DNSNames: names, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}, false, "invalid", ""},
		"critical extra": {x509.Certificate{DNSNames: names, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature}, false, "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			certificate, pool := selfSigned(t, test.template)
			if test.stranger {
				pool = x509.NewCertPool()
			}
			near, far := net.Pipe()
			defer near.Close()
			defer far.Close()
			go func() {
				server := tls.Server(far, &tls.Config{Certificates: []tls.Certificate{certificate}, SessionTicketsDisabled: true})
				if server.Handshake() != nil {
					far.Close()
				}
			}()
			go func() { // a pipe has no buffer: an alert must not wait for a server that still writes
				time.Sleep(time.Second)
				far.Close()
			}()
			_, err := secure(context.Background(), near, &trust{domain: "localhost", roots: pool}, true)
			if test.condition == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var f *im.Failure
			if !errors.As(err, &f) || f.Code != im.CodeCertificate || !f.Lasting || f.Condition != test.condition {
				t.Fatalf("%+v, %v", f, err)
			}
			if f.Detail != test.detail {
				t.Errorf("detail %q, want %q", f.Detail, test.detail)
			}
			if want := sha256.Sum256(leaf(t, certificate).RawSubjectPublicKeyInfo); f.Fingerprint != im.Pin(want).Groups() {
				t.Errorf("fingerprint %q", f.Fingerprint)
			}
		})
	}
}

func TestPeerWithoutTLS(t *testing.T) {
	tests := map[string]struct {
		answer string
		code   im.Code
	}{
		"plain text": {"HTTP/1.1 400 Bad Request\r\n\r\n", im.CodeTLS},
		"an alert":   {"\x15\x03\x03\x00\x02\x02\x28", im.CodeTLS},
		"TLS 1.0":    {"\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01" + strings.Repeat("r", 32) + "\x00\xc0\x13\x00", im.CodeTLS},
		"nothing":    {"", im.CodeConnectionLost},
	}
	for name, test := range tests {
		near, far := net.Pipe()
		go func() {
			far.Read(make([]byte, 4096))
			io.WriteString(far, test.answer)
			far.Close()
		}()
		_, err := secure(context.Background(), near, &trust{domain: "localhost"}, false)
		var f *im.Failure
		if !errors.As(err, &f) || f.Code != test.code || f.Lasting {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
		near.Close()
	}
}

func TestNetworkFailures(t *testing.T) {
	known := &im.Failure{Code: im.CodeTorUnavailable}
	tests := map[error]im.Code{
		known:                         im.CodeTorUnavailable,
		os.ErrDeadlineExceeded:        im.CodeTimeout,
		context.DeadlineExceeded:      im.CodeTimeout,
		io.EOF:                        im.CodeConnectionLost,
		net.ErrClosed:                 im.CodeConnectionLost,
		errGone:                       im.CodeConnectionLost,
		errRestrictedXML:              im.CodeStream,
		errors.New("XML syntax \x1b"): im.CodeStream,
	}
	for err, want := range tests {
		if f := asFailure(err); f.Code != want || strings.Contains(f.Error(), "\x1b") {
			t.Errorf("%v: %v", err, f)
		}
	}
}

func TestDomainsAreSpelledForDNS(t *testing.T) {
	for in, want := range map[string]string{"example.org": "example.org", "bücher.example": "xn--bcher-kva.example", "a_b.example": "a_b.example"} {
		if got := asciiDomain(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
