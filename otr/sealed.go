package otr

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"os"
	"slices"
)

// SealedKey is the private key of an account as a profile keeps it: only a child that has the profile's sealing key can open
// it, and only for this account.
type SealedKey struct {
	Sealed []byte
	// Tag is the account's instance tag.
	Tag uint32
}

const (
	sealingSize = 32
	// maxSealedKey bounds a sealed key, in bytes.
	maxSealedKey = 16 << 10
	// sealedVersion is the first byte of a sealed key: after it comes what AES-256-GCM makes of the key as libotr writes it, with
	// its nonce in front.
	sealedVersion = 1
)

// SealingFile makes the file that Options.Sealing wants: it has no name and is on no disk. The key is wiped here: from then on
// it is the business of the children.
func SealingFile(key *[32]byte) (*os.File, error) {
	defer clear(key[:])
	return memoryFile(key[:])
}

// sealer is what seals the key of an account: each has a key of its own, so that none opens as that of another.
func (a *account) sealer() (cipher.AEAD, error) {
	if a.sealing == nil {
		return nil, errMessage
	}
	derived, err := hkdf.Key(sha256.New, a.sealing[:], nil, "traboule otr key "+a.name, 32)
	if err != nil {
		return nil, err
	}
	defer clear(derived)
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// sealKey seals the account's key.
func (a *account) sealKey() ([]byte, fault) {
	sealer, err := a.sealer()
	if err != nil {
		return nil, internal
	}
	if fault := a.makeKey(); fault != "" {
		return nil, fault
	}
	content := writeKeys([]namedKey{{KeyName{Name: a.name}, a.key}})
	defer clear(content)
	sealed := sealer.Seal([]byte{sealedVersion}, nil, content, []byte(a.name))
	if len(sealed) > maxSealedKey {
		return nil, internal
	}
	return sealed, ""
}

// openKey takes the account's key from what sealKey made.
func (a *account) openKey(sealed []byte) fault {
	sealer, err := a.sealer()
	if err != nil {
		return internal
	}
	if len(sealed) == 0 || sealed[0] != sealedVersion {
		return badSealedKey
	}
	content, err := sealer.Open(nil, nil, sealed[1:], []byte(a.name))
	if err != nil {
		return badSealedKey
	}
	defer clear(content)
	keys, fault := parseKeys(content)
	own := slices.IndexFunc(keys, func(k namedKey) bool { return k.name == KeyName{Name: a.name} })
	if fault != "" || own < 0 {
		return badSealedKey
	}
	a.key, a.fresh = keys[own].key, true
	return ""
}
