package xmppclient

import (
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"slices"
)

// The channel bindings that tie a login to its TLS connection, best first.
const (
	bindExporter = "tls-exporter"         // RFC 9266
	bindEndPoint = "tls-server-end-point" // RFC 5929 §4
)

// channelBinding chooses a binding that both ends have and returns its data, or "" if there is none. A server that does
// not list its bindings (XEP-0440) may have none but tls-unique, which TLS 1.3 does not define: ejabberd before 23.04
// offers -PLUS so, and refuses the login of whoever guesses another. To guess and then fall back would protect nobody: a
// machine in the middle that can take the list away can refuse the guess too. It is noticed by what is remembered of the
// account (Config.Least) and by servers that vouch for their offer (XEP-0474). That a binding is possible but cannot be
// agreed upon is "n", not "y": a server that offers -PLUS must refuse "y" (RFC 5802 §6).
func channelBinding(t tls.ConnectionState, offered []string) (string, []byte) {
	for _, name := range []string{bindExporter, bindEndPoint} {
		if !slices.Contains(offered, name) {
			continue
		}
		if data := bindingData(t, name); data != nil {
			return name, data
		}
	}
	return "", nil
}

// canBind reports whether this end could bind to the channel at all.
func canBind(t tls.ConnectionState) bool {
	return bindingData(t, bindExporter) != nil || bindingData(t, bindEndPoint) != nil
}

func bindingData(t tls.ConnectionState, name string) []byte {
	if t.Version == 0 {
		return nil
	}
	switch name {
	case bindExporter:
		// Before TLS 1.3 this fails without the extended master secret, as RFC 9266 §4.2 wants.
		data, err := t.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
		if err != nil {
			return nil
		}
		return data
	case bindEndPoint:
		if len(t.PeerCertificates) == 0 {
			return nil
		}
		return endPoint(t.PeerCertificates[0])
	}
	return nil
}

// endPoint is the certificate's hash, by the hash function of its signature, but at least SHA-256.
func endPoint(c *x509.Certificate) []byte {
	switch c.SignatureAlgorithm {
	case x509.SHA384WithRSA, x509.ECDSAWithSHA384, x509.SHA384WithRSAPSS:
		sum := sha512.Sum384(c.Raw)
		return sum[:]
	case x509.SHA512WithRSA, x509.ECDSAWithSHA512, x509.SHA512WithRSAPSS:
		sum := sha512.Sum512(c.Raw)
		return sum[:]
	case x509.PureEd25519, x509.UnknownSignatureAlgorithm:
		return nil // undefined (RFC 5929 §4.1)
	}
	sum := sha256.Sum256(c.Raw)
	return sum[:]
}
