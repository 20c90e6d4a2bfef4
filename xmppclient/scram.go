package xmppclient

import (
	"bytes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"
)

// The iterations a server may ask for: fewer would make a stolen exchange cheap to attack (RFC 7677 §4), more would let a
// server keep this machine busy for as long as it likes.
const (
	minIterations = 4096
	maxIterations = 1_000_000
)

// maxSCRAM is the longest message that is read from a server; real ones have about a hundred bytes.
const maxSCRAM = 4096

var errSCRAM = errors.New("scram")

// scramHash returns the hash function of a mechanism such as SCRAM-SHA-256-PLUS, or nil.
func scramHash(mechanism string) func() hash.Hash {
	switch strings.TrimSuffix(mechanism, "-PLUS") {
	case "SCRAM-SHA-1":
		return sha1.New
	case "SCRAM-SHA-256":
		return sha256.New
	case "SCRAM-SHA-512":
		return sha512.New
	}
	return nil
}

// scram is the client's side of one exchange (RFC 5802): first, then final, then verify. It holds what the password was
// turned into, so it must not be kept or printed.
type scram struct {
	hash     func() hash.Hash
	user     string
	password string // prepared
	nonce    string
	gs2      string // the header, such as "p=tls-exporter,,"
	binding  []byte // channel binding data, nil without
	offer    offer  // what the server offered, checked against its own word (XEP-0474)

	bare      string // client-first-message-bare
	signature []byte // what the server has to show
}

// first is the client's opening (RFC 5802 §7, client-first-message).
func (s *scram) first() []byte {
	name := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(s.user)
	s.bare = "n=" + name + ",r=" + s.nonce
	return []byte(s.gs2 + s.bare)
}

// final answers the server's first message with the proof that we know the password.
func (s *scram) final(challenge []byte) ([]byte, error) {
	c, err := s.parse(challenge)
	if err != nil {
		return nil, err
	}
	salted, err := pbkdf2.Key(s.hash, s.password, c.salt, c.iterations, s.hash().Size())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSCRAM, err)
	}
	bound := base64.StdEncoding.EncodeToString(append([]byte(s.gs2), s.binding...))
	withoutProof := "c=" + bound + ",r=" + c.nonce
	auth := s.bare + "," + string(challenge) + "," + withoutProof

	clientKey := s.mac(salted, "Client Key")
	proof := s.mac(s.digest(clientKey), auth)
	for i := range proof {
		proof[i] ^= clientKey[i]
	}
	s.signature = s.mac(s.mac(salted, "Server Key"), auth)
	return []byte(withoutProof + ",p=" + base64.StdEncoding.EncodeToString(proof)), nil
}

// verify checks that the server knows the password too. Without it, whoever answers may be anybody.
func (s *scram) verify(final []byte) error {
	fields, err := scramFields(final)
	if err != nil {
		return err
	}
	if fields[0].name != 'v' || s.signature == nil {
		return fmt.Errorf("%w: server did not prove that it knows the password", errSCRAM)
	}
	got, err := base64.StdEncoding.DecodeString(fields[0].value)
	if err != nil || !hmac.Equal(got, s.signature) {
		return fmt.Errorf("%w: server does not know the password", errSCRAM)
	}
	return nil
}

type challenge struct {
	nonce      string
	salt       []byte
	iterations int
}

// parse reads a server-first-message. Extensions follow the three known fields; one named m is mandatory and unknown to us.
func (s *scram) parse(message []byte) (challenge, error) {
	fields, err := scramFields(message)
	if err != nil {
		return challenge{}, err
	}
	if len(fields) < 3 || fields[0].name != 'r' || fields[1].name != 's' || fields[2].name != 'i' {
		return challenge{}, fmt.Errorf("%w: server's first message is out of order", errSCRAM)
	}
	c := challenge{nonce: fields[0].value}
	if !strings.HasPrefix(c.nonce, s.nonce) || len(c.nonce) == len(s.nonce) {
		return challenge{}, fmt.Errorf("%w: server's nonce does not extend ours", errSCRAM)
	}
	if c.salt, err = base64.StdEncoding.DecodeString(fields[1].value); err != nil || len(c.salt) == 0 {
		return challenge{}, fmt.Errorf("%w: salt is not base64", errSCRAM)
	}
	c.iterations, err = strconv.Atoi(fields[2].value)
	if err != nil || c.iterations < minIterations || c.iterations > maxIterations {
		return challenge{}, fmt.Errorf("%w: iteration count is not between %d and %d", errSCRAM, minIterations, maxIterations)
	}
	return c, s.extensions(fields[3:])
}

func (s *scram) extensions(fields []scramField) error {
	for _, f := range fields {
		if f.name == 'h' && !s.offer.vouched(s.hash, f.value) {
			return fmt.Errorf("mechanisms were changed on the way: %w", errDowngrade)
		}
	}
	return nil
}

func (s *scram) mac(key []byte, text string) []byte {
	m := hmac.New(s.hash, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

func (s *scram) digest(b []byte) []byte {
	h := s.hash()
	h.Write(b)
	return h.Sum(nil)
}

type scramField struct {
	name  byte
	value string
}

// scramFields splits a message into its name=value fields; the result has at least one.
func scramFields(message []byte) ([]scramField, error) {
	if len(message) > maxSCRAM {
		return nil, fmt.Errorf("%w: message of %d bytes", errSCRAM, len(message))
	}
	var fields []scramField
	for part := range bytes.SplitSeq(message, []byte{','}) {
		if len(part) < 2 || part[1] != '=' {
			return nil, fmt.Errorf("%w: field without a name", errSCRAM)
		}
		switch part[0] {
		case 'm':
			return nil, fmt.Errorf("%w: mandatory extension that is not known", errSCRAM)
		case 'e':
			return nil, fmt.Errorf("%w: server says %q", errSCRAM, truncate(string(part[2:]), 64))
		}
		fields = append(fields, scramField{part[0], string(part[2:])})
	}
	return fields, nil
}

func truncate(s string, limit int) string {
	if len(s) > limit {
		return s[:limit]
	}
	return s
}

// offer is what a server lets us choose from.
type offer struct {
	mechanisms []string
	bindings   []string // XEP-0440; nil if the server does not tell
}

// vouched checks the hash of XEP-0474 over the offer as the server sent it. Versions before 0.4 had other delimiters, none
// of which can stand in a name.
func (o offer) vouched(hash func() hash.Hash, value string) bool {
	for _, d := range [][2]string{{"\x1e", "\x1f"}, {",", "|"}} {
		text := strings.Join(slices.Sorted(slices.Values(o.mechanisms)), d[0])
		if len(o.bindings) > 0 {
			text += d[1] + strings.Join(slices.Sorted(slices.Values(o.bindings)), d[0])
		}
		h := hash()
		h.Write([]byte(text))
		if base64.StdEncoding.EncodeToString(h.Sum(nil)) == value {
			return true
		}
	}
	return false
}
