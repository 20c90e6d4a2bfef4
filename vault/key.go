package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"runtime/debug"
	"strings"

	"filippo.io/age"
)

// Work factors: the logarithm of scrypt's N.
const (
	// workFactor takes about a second and 256 MiB: that is what each guess costs.
	workFactor = 18
	// maxWorkFactor is the most that we spend on a file: one that asks for more was not written by us.
	maxWorkFactor = 20
)

// maxKeyFile bounds the file with the keys, in bytes.
const maxKeyFile = 4096

// ageHeader is how a file begins that age has encrypted.
const ageHeader = "age-encryption.org/v1\n"

// Keys are the secrets of a vault. They print as nothing.
type Keys struct {
	// Database encrypts the database.
	Database [32]byte
	// Sealing encrypts what even the process of the client need not see, such as the private keys of OTR.
	Sealing [32]byte
}

// String hides the keys.
func (Keys) String() string { return "keys" }

// GoString hides the keys.
func (Keys) GoString() string { return "keys" }

func (k Keys) bytes() []byte { return append(k.Database[:], k.Sealing[:]...) }

func keysOf(secret []byte) (Keys, error) {
	var k Keys
	if len(secret) != len(k.Database)+len(k.Sealing) {
		return k, ErrKeyDamaged
	}
	copy(k.Sealing[:], secret[copy(k.Database[:], secret):])
	return k, nil
}

// plainHeader is how the file with plain keys begins: it says what it is to whoever looks into it.
const plainHeader = `traboule-plain-key-1

This is the key of a traboule profile, without a passphrase. Whoever reads this file can
read all that the profile keeps. To put a passphrase on it: traboule profile encrypted

Ceci est la clé d’un profil de traboule, sans phrase secrète. Qui lit ce fichier peut
lire tout ce que le profil garde. Pour y mettre une phrase secrète : traboule profile encrypted

`

// modeOf tells what kind of file this is, by its beginning; NoVault for none of ours.
func modeOf(text []byte) Mode {
	switch {
	case bytes.HasPrefix(text, []byte(ageHeader)):
		return Encrypted
	case bytes.HasPrefix(text, []byte(plainHeader)):
		return PlainKey
	default:
		return NoVault
	}
}

// seal is the file that holds the keys in a mode.
func seal(k Keys, mode Mode, passphrase string, work int) ([]byte, error) {
	switch mode {
	case PlainKey:
		return sealPlain(k), nil
	case Encrypted:
		return sealEncrypted(k, passphrase, work)
	default:
		return nil, errors.New("vault: no such mode")
	}
}

// sealPlain writes the keys and a sum by which damage is noticed.
func sealPlain(k Keys) []byte {
	secret := k.bytes()
	sum := sha256.Sum256(secret)
	return []byte(plainHeader + hex.EncodeToString(secret) + "\n" + hex.EncodeToString(sum[:]) + "\n")
}

func sealEncrypted(k Keys, passphrase string, work int) ([]byte, error) {
	if passphrase == "" {
		return nil, ErrNoPassphrase
	}
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(work)
	defer giveBack()
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, recipient)
	if err != nil {
		return nil, err
	}
	secret := k.bytes()
	defer clear(secret)
	if _, err := w.Write(secret); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return sealed.Bytes(), nil
}

// unseal reads the keys out of their file.
func unseal(text []byte, passphrase string) (Keys, error) {
	if modeOf(text) == PlainKey {
		return unsealPlain(text)
	}
	if passphrase == "" {
		return Keys{}, ErrWrongPassphrase
	}
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return Keys{}, err
	}
	identity.SetMaxWorkFactor(maxWorkFactor)
	defer giveBack()
	secret, err := decrypt(text, identity)
	defer clear(secret)
	var wrong *age.NoIdentityMatchError
	switch {
	case errors.As(err, &wrong) && len(wrong.StanzaTypes) == 1 && wrong.StanzaTypes[0] == "scrypt":
		return Keys{}, ErrWrongPassphrase
	case err != nil:
		return Keys{}, ErrKeyDamaged
	}
	return keysOf(secret)
}

// giveBack returns what a passphrase took to the system, with what it was made into, instead of keeping 256 MiB for some minutes.
func giveBack() { debug.FreeOSMemory() }

func decrypt(text []byte, identity age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(text), identity)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func unsealPlain(text []byte) (Keys, error) {
	lines := strings.Split(strings.TrimPrefix(string(text), plainHeader), "\n")
	if len(lines) != 3 || lines[2] != "" {
		return Keys{}, ErrKeyDamaged
	}
	secret, secretErr := hex.DecodeString(lines[0])
	defer clear(secret)
	sum, sumErr := hex.DecodeString(lines[1])
	is := sha256.Sum256(secret)
	if secretErr != nil || sumErr != nil || !bytes.Equal(is[:], sum) || strings.ToLower(lines[0]+lines[1]) != lines[0]+lines[1] {
		return Keys{}, ErrKeyDamaged
	}
	return keysOf(secret)
}
