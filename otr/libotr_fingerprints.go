package otr

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"traboule/im"
)

// KnownKey is a line of libotr's otr.fingerprints: the key of somebody, and how it is trusted.
type KnownKey struct {
	// Peer is whose key it is, by address, as the program that wrote it does.
	Peer    string
	Account KeyName
	// Fingerprint is 40 lower-case hexadecimal digits.
	Fingerprint string
	// Trust is empty for none, else a word of the program that wrote it.
	Trust string
}

// Words for trust.
const (
	TrustBySMP  = "smp"      // libotr, when a shared secret was proved
	TrustByUser = "verified" // Pidgin, and we, when the user says that they have compared
)

// Verified reports whether the user, or a shared secret, has proved whose key it is. libotr takes any word for that; we take
// those that programs are known to write, for another could say the opposite.
func (k KnownKey) Verified() bool {
	const byProfanity, byMcabber, byIrssi = "trusted", "trust", "manual"
	return slices.Contains([]string{TrustByUser, TrustBySMP, byProfanity, byMcabber, byIrssi}, k.Trust)
}

// ReadFingerprints reads a file of libotr's, otr.fingerprints of Pidgin, fingerprints.txt of Profanity or ACCOUNT.fpr of
// mcabber. name is for errors, which are of type *LineError.
func ReadFingerprints(name string, r io.Reader) ([]KnownKey, error) {
	var known []KnownKey
	err := readLines(name, r, func(fields []string) error {
		k, err := knownKey(fields)
		known = append(known, k)
		return err
	})
	if err != nil {
		return nil, err
	}
	return known, nil
}

// knownKey reads a line. Those of libotr 3.0 and before end with the fingerprint.
func knownKey(fields []string) (KnownKey, error) {
	if len(fields) == 4 {
		fields = append(fields, "")
	}
	if len(fields) != 5 || fields[0] == "" {
		return KnownKey{}, fmt.Errorf("%d fields: %w", len(fields), ErrBadLine)
	}
	digits, err := im.ParseFingerprint(fields[3])
	if err != nil || len(fields[3]) != len(digits) {
		return KnownKey{}, fmt.Errorf("no fingerprint: %w", ErrBadLine)
	}
	return KnownKey{fields[0], KeyName{fields[1], fields[2]}, digits, fields[4]}, nil
}

// WriteFingerprints writes such a file. An entry that libotr could not read back is an error, and nothing is written.
func WriteFingerprints(known []KnownKey) ([]byte, error) {
	var b strings.Builder
	for _, k := range known {
		line, err := joinLine(k.Peer, k.Account.Name, k.Account.Protocol, k.Fingerprint, k.Trust)
		if err == nil {
			_, err = knownKey([]string{k.Peer, k.Account.Name, k.Account.Protocol, k.Fingerprint, k.Trust})
		}
		if err != nil {
			return nil, fmt.Errorf("fingerprint of %q: %w", k.Peer, err)
		}
		b.WriteString(line)
	}
	return checkWhole(b.String())
}
