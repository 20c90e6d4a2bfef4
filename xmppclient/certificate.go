package xmppclient

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
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

// secure does the TLS handshake with a server that must earn our trust.
func secure(ctx context.Context, conn net.Conn, server *trust, direct bool) (*tls.Conn, error) {
	settings := &tls.Config{
		MinVersion: tls.VersionTLS12, ServerName: server.domain, RootCAs: server.roots,
		DynamicRecordSizingDisabled: true, // see writeBatch
	}
	if !server.ordinary() {
		settings.InsecureSkipVerify, settings.VerifyConnection = true, server.check
	}
	if direct {
		settings.NextProtos = []string{alpn}
	}
	t := tls.Client(conn, settings)
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, tlsFailure(err)
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
func tlsFailure(err error) error {
	var bad *tls.CertificateVerificationError
	if !errors.As(err, &bad) {
		return handshakeFailure(err)
	}
	f := &im.Failure{Code: im.CodeCertificate, Condition: conditionInvalid, Lasting: true}
	if len(bad.UnverifiedCertificates) > 0 {
		leaf := bad.UnverifiedCertificates[0]
		f.Condition, f.Detail = certificateFault(bad.Err, leaf)
		f.Fingerprint = keyOf(leaf).Groups()
	}
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

// The conditions of im.CodeCertificate, and what Failure.Detail is then.
const (
	conditionWrongName        = "wrong-name"        // the names in the certificate
	conditionUnknownAuthority = "unknown-authority" // nothing
	conditionExpired          = "expired"           // the day
	conditionNotYetValid      = "not-yet-valid"     // the day
	conditionInvalid          = "invalid"           // nothing
)

// certificateFault names what is wrong and quotes from the certificate only what is printable ASCII.
func certificateFault(err error, leaf *x509.Certificate) (condition, detail string) {
	var name x509.HostnameError
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &name):
		return conditionWrongName, certificateNames(leaf)
	case errors.As(err, &authority):
		return conditionUnknownAuthority, ""
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && time.Now().Before(leaf.NotBefore):
		return conditionNotYetValid, leaf.NotBefore.UTC().Format(time.DateOnly)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return conditionExpired, leaf.NotAfter.UTC().Format(time.DateOnly)
	}
	return conditionInvalid, ""
}

func certificateNames(c *x509.Certificate) string {
	var names []string
	for _, n := range c.DNSNames[:min(len(c.DNSNames), maxNames)] {
		names = append(names, strconv.QuoteToASCII(truncate(n, 255)))
	}
	if len(c.DNSNames) > maxNames {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}
