package im

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// fingerprintBytes is the length of the fingerprint of an OTR key, a SHA-1 (OTR v3 "Fingerprints").
const fingerprintBytes = 20

// ErrBadFingerprint is wrapped by every error of ParseFingerprint.
var ErrBadFingerprint = errors.New("not a fingerprint of 40 hexadecimal digits")

// ParseFingerprint reads the fingerprint of an OTR key as people write it, in either case and with spaces and colons between
// the digits, and returns the 40 digits by which programs compare it.
func ParseFingerprint(text string) (string, error) {
	digits := strings.NewReplacer(" ", "", ":", "").Replace(text)
	raw, err := hex.DecodeString(digits)
	if err != nil || len(raw) != fingerprintBytes {
		return "", fmt.Errorf("%q: %w", text, ErrBadFingerprint)
	}
	return hex.EncodeToString(raw), nil
}

// FingerprintURI is the link by which people give each other the fingerprint of a key (XEP-0364 §4.4).
func FingerprintURI(owner JID, digits string) string {
	address := url.PathEscape(owner.domain)
	if owner.local != "" {
		address = url.PathEscape(owner.local) + "@" + address
	}
	return "xmpp:" + address + "?otr-fingerprint=" + digits
}

// GroupFingerprint writes a fingerprint as people compare it: five groups of eight digits, which other programs write in
// capitals too.
func GroupFingerprint(digits string) string {
	const group = 8
	var groups []string
	for i := 0; i < len(digits); i += group {
		groups = append(groups, strings.ToUpper(digits[i:min(i+group, len(digits))]))
	}
	return strings.Join(groups, " ")
}
