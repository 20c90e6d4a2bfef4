package xmppclient

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"traboule/im"
)

// alpn is the protocol name of direct TLS (XEP-0368 §4).
const alpn = "xmpp-client"

// maxNames: names of a certificate that are quoted in a failure.
const maxNames = 3

// secure does the TLS handshake. The certificate must be for the account's domain, whatever host was dialled and however
// its name was found (RFC 6120 §13.7.2).
func secure(ctx context.Context, conn net.Conn, cfg Config, direct bool) (*tls.Conn, error) {
	settings := &tls.Config{
		MinVersion: tls.VersionTLS12, ServerName: asciiDomain(cfg.Account.Domain()), RootCAs: cfg.Roots,
		DynamicRecordSizingDisabled: true, // see writeBatch
	}
	if direct {
		settings.NextProtos = []string{alpn}
	}
	t := tls.Client(conn, settings)
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, tlsFailure(err, settings.ServerName)
	}
	if got := t.ConnectionState().NegotiatedProtocol; direct && got != "" && got != alpn {
		return nil, &im.Failure{Code: im.CodeTLS, Detail: "server speaks another protocol than XMPP"}
	}
	return t, nil
}

// asciiDomain is the domain as certificates and DNS spell it.
func asciiDomain(domain string) string {
	if a, err := idna.Lookup.ToASCII(domain); err == nil {
		return a
	}
	return domain
}

// tlsFailure words a handshake that failed. Certificate failures last: whoever is in the way stays there until the user
// has looked at it.
func tlsFailure(err error, domain string) error {
	var bad *tls.CertificateVerificationError
	if !errors.As(err, &bad) {
		return handshakeFailure(err)
	}
	f := &im.Failure{Code: im.CodeCertificate, Lasting: true}
	f.Condition, f.Detail = certificateFault(bad, domain)
	return f
}

// handshakeFailure words what went wrong before any certificate was judged. Crypto/tls reports alerts as errors of the
// network, told apart by their operation.
func handshakeFailure(err error) *im.Failure {
	var alert *net.OpError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &record):
		return &im.Failure{Code: im.CodeTLS, Detail: "server does not speak TLS here"}
	case errors.As(err, &alert) && (alert.Op == "remote error" || alert.Op == "local error"):
		return &im.Failure{Code: im.CodeTLS, Detail: alert.Err.Error()}
	}
	if f := networkFailure(err); f.Code != im.CodeStream {
		return f
	}
	return &im.Failure{Code: im.CodeTLS, Detail: "no agreement on TLS"}
}

// certificateFault names what is wrong and quotes from the certificate only what is printable ASCII.
func certificateFault(bad *tls.CertificateVerificationError, domain string) (condition, detail string) {
	if len(bad.UnverifiedCertificates) == 0 {
		return "invalid", domain
	}
	leaf := bad.UnverifiedCertificates[0]
	var name x509.HostnameError
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(bad.Err, &name):
		condition, detail = "wrong-name", fmt.Sprintf("is for %s, not for %q", certificateNames(leaf), domain)
	case errors.As(bad.Err, &authority):
		condition, detail = "unknown-authority", "is signed by nobody that is trusted here"
	case errors.As(bad.Err, &invalid) && invalid.Reason == x509.Expired:
		condition, detail = "expired", validity(leaf)
	default:
		condition, detail = "invalid", "is not valid for a server"
	}
	sum := sha256.Sum256(leaf.Raw)
	return condition, fmt.Sprintf("certificate of %q %s; SHA-256 %s", domain, detail, hex.EncodeToString(sum[:]))
}

func certificateNames(c *x509.Certificate) string {
	var names []string
	for _, n := range c.DNSNames[:min(len(c.DNSNames), maxNames)] {
		names = append(names, strconv.QuoteToASCII(truncate(n, 255)))
	}
	if len(names) == 0 {
		return "no name"
	}
	if len(c.DNSNames) > maxNames {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

func validity(c *x509.Certificate) string {
	if now := time.Now(); now.Before(c.NotBefore) {
		return "is not valid before " + c.NotBefore.UTC().Format(time.DateOnly)
	}
	return "expired on " + c.NotAfter.UTC().Format(time.DateOnly)
}
