package im

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Pin names a server's key: it is the SHA-256 of the SubjectPublicKeyInfo of its certificate (RFC 7469 §2.4), as a TLSA
// record "3 1 1" has it (RFC 6698 §2.1). The key is what TLS proves. A pin of the whole certificate would change with each
// renewal, and who is told so every few weeks that the server changed no longer listens. The zero Pin names none.
type Pin [32]byte

// pinPrefix names the hash, so that another one can come.
const pinPrefix = "sha256:"

// ErrBadPin is wrapped by every error of ParsePin.
var ErrBadPin = errors.New("not sha256: and 64 hexadecimal digits")

// ParsePin reads "sha256:" and 64 hexadecimal digits, between which spaces and colons may stand.
func ParsePin(text string) (Pin, error) {
	digits, found := strings.CutPrefix(strings.TrimSpace(text), pinPrefix)
	digits = strings.NewReplacer(" ", "", ":", "").Replace(digits)
	raw, err := hex.DecodeString(digits)
	if !found || err != nil || len(raw) != len(Pin{}) {
		return Pin{}, fmt.Errorf("%q: %w", text, ErrBadPin)
	}
	return Pin(raw), nil
}

// IsZero reports whether p names no key.
func (p Pin) IsZero() bool { return p == Pin{} }

// String returns the pin as ParsePin reads it.
func (p Pin) String() string { return pinPrefix + hex.EncodeToString(p[:]) }

// Groups returns the pin as people compare it, in groups of eight digits. ParsePin reads it behind "sha256:".
func (p Pin) Groups() string {
	const group = 4 // bytes
	groups := make([]string, 0, len(p)/group)
	for i := 0; i < len(p); i += group {
		groups = append(groups, hex.EncodeToString(p[i:i+group]))
	}
	return strings.Join(groups, " ")
}
