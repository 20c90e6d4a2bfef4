package dial

import (
	"crypto/sha3"
	"encoding/base32"
	"strings"
)

// The lengths of the label of an onion address: version 3 (rend-spec-v3 §6), and version 2, which Tor dropped in 2021.
const (
	onionLength   = 56
	onionV2Length = 16
)

// CheckOnion returns an *Error unless host is a well-formed onion address of version 3. The last bytes of an address are a
// checksum, so that nearly every typing error is found before anything is sent. A name in front of it is allowed.
func CheckOnion(host string) error {
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	label := strings.TrimSuffix(name, ".onion")
	label = label[strings.LastIndexByte(label, '.')+1:]
	switch {
	case !isOnion(host) || !isName(name):
		return &Error{Kind: OnionAddress, Target: host}
	case len(label) == onionV2Length:
		return &Error{Kind: OnionV2, Target: host}
	case len(label) != onionLength:
		return &Error{Kind: OnionAddress, Target: host}
	}
	raw, err := base32.StdEncoding.DecodeString(strings.ToUpper(label))
	if err != nil {
		return &Error{Kind: OnionAddress, Target: host}
	}
	const version = 3
	key, checksum := raw[:32], raw[32:34]
	sum := sha3.Sum256(append(append([]byte(".onion checksum"), key...), version))
	if raw[34] != version || checksum[0] != sum[0] || checksum[1] != sum[1] {
		return &Error{Kind: OnionAddress, Target: host}
	}
	return nil
}
