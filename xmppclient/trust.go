package xmppclient

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"slices"
	"strings"

	"traboule/im"
)

// trust says which certificate is the server's: one for the account's domain by an authority, whatever host was dialled and
// however its name was found (RFC 6120 §13.7.2), or one of a pinned key.
type trust struct {
	domain string         // as certificates and DNS spell it
	roots  *x509.CertPool // nil for those of the system
	pins   []im.Pin       // of the settings: if there are any, nothing else counts
	// known is the key that was pinned on first use; zero for none.
	known im.Pin
	// proved is set if the address that was reached proves who answers there: that of an onion service is its key. A
	// certificate that no authority has signed is then as good as one of an authority, and is pinned on first use.
	proved bool
	// learned is set if the key was not known before.
	learned bool
}

// trust says what the server must prove at a place that was reached.
func (a *attempt) trust(place Candidate, via im.Via) *trust {
	domain := asciiDomain(a.cfg.Account.Domain())
	return &trust{
		domain: domain, roots: a.cfg.Roots, pins: a.cfg.Pins, known: a.known,
		proved: via == im.ViaOnion && onionKey(domain) != "" && onionKey(domain) == onionKey(place.Host),
	}
}

// onionKey is the part of an onion address that Tor looks at, which is the service's key; empty for other names.
func onionKey(host string) string {
	name, found := strings.CutSuffix(strings.ToLower(strings.TrimSuffix(host, ".")), ".onion")
	if !found {
		return ""
	}
	return name[strings.LastIndexByte(name, '.')+1:]
}

// ordinary reports whether authorities alone decide.
func (t *trust) ordinary() bool { return len(t.pins) == 0 && t.known.IsZero() && !t.proved }

// check is for the handshake where authorities do not decide alone. Only the first certificate counts: the handshake proves
// that the server has its key, and everybody can send the others.
func (t *trust) check(state tls.ConnectionState) error {
	key := keyOf(state.PeerCertificates[0])
	if len(t.pins) > 0 {
		if !slices.Contains(t.pins, key) {
			return t.mismatch(key, t.pins...)
		}
		return nil
	}
	if key == t.known {
		return nil
	}
	err := t.verify(state.PeerCertificates)
	switch {
	case err == nil:
		return nil
	case !t.known.IsZero():
		return t.mismatch(key, t.known)
	case !t.proved:
		return err
	}
	t.known, t.learned = key, true
	return nil
}

// verify asks the authorities, as crypto/tls does.
func (t *trust) verify(chain []*x509.Certificate) error {
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: t.roots, DNSName: t.domain, Intermediates: between})
	if err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: chain, Err: err}
	}
	return nil
}

// mismatch lasts, as the failures of certificates do.
func (t *trust) mismatch(key im.Pin, pinned ...im.Pin) *im.Failure {
	groups := make([]string, len(pinned))
	for i, p := range pinned {
		groups[i] = p.Groups()
	}
	return &im.Failure{
		Code: im.CodePinMismatch, Detail: t.domain, Fingerprint: key.Groups(), Pinned: strings.Join(groups, ", "), Lasting: true,
	}
}

func keyOf(c *x509.Certificate) im.Pin { return sha256.Sum256(c.RawSubjectPublicKeyInfo) }
