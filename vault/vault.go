// Package vault is the folder of a profile in which the client keeps what it keeps, and the keys of it. It owns the layout of
// the folder, the lock by which one process at a time uses it, and the file with the keys, sealed with a passphrase or not.
// It must not read or write the database, ask anybody anything, or know what is kept.
package vault

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// FolderName is the name of the vault inside the data folder of a profile.
const FolderName = "vault"

// The files of a vault. None is named after anybody, and what SQLite puts beside its database begins with that name.
const (
	keyFile      = "key"
	freshKeyFile = "key.new" // one that is about to take the other's place
	databaseFile = "database"
	lockFile     = "lock"
)

// Mode is how the keys of a vault are kept.
type Mode uint8

// The modes.
const (
	// NoVault: nothing is kept.
	NoVault Mode = iota
	// Encrypted: the keys are encrypted with a passphrase.
	Encrypted
	// PlainKey: the keys stand in a file as they are. It is for disks that are encrypted already.
	PlainKey
)

// Vault is one vault, locked for this process.
type Vault struct {
	path   string
	folder *os.File
	lock   *os.File
	keys   Keys
	open   bool
	taken  bool // the sealing key is somebody else's
	// work is the work factor of new passphrases: the logarithm of scrypt's N.
	work int
	// step is called between the steps of a change. An error stands for a power cut there: nothing is tidied up.
	step func(string) error
}

// Look tells how the vault in a data folder is kept, without opening it.
func Look(data string) (Mode, error) {
	v := &Vault{path: filepath.Join(data, FolderName)}
	if err := v.openFolder(); err != nil {
		if errors.Is(err, ErrNoVault) {
			return NoVault, nil
		}
		return NoVault, err
	}
	defer v.folder.Close()
	mode, err := v.Mode()
	if errors.Is(err, ErrNoVault) {
		return NoVault, nil
	}
	return mode, err
}

// Take locks the vault in a data folder, which nobody else can use until Close. There is a vault if there is a key or a
// database in it; else the error is ErrNoVault.
func Take(data string) (*Vault, error) {
	v := newVault(data)
	if err := v.openFolder(); err != nil {
		return nil, err
	}
	_, err := v.Mode()
	if !errors.Is(err, ErrNoVault) {
		if err = v.takeLock(); err == nil {
			_, err = v.Mode() // as it is now that nobody changes it
		}
	}
	if errors.Is(err, ErrNoVault) || errors.Is(err, ErrInUse) || v.lock == nil {
		return nil, errors.Join(err, v.Close())
	}
	return v, nil
}

// Seize is Take for a vault that is to be erased: that others may use it must not stand in the way. It is closed to them first.
func Seize(data string) (*Vault, error) {
	if err := closeToOthers(filepath.Join(data, FolderName)); err != nil {
		return nil, err
	}
	return Take(data)
}

// Create makes a vault in a data folder, which it makes too if need be, and leaves it locked and open. The passphrase is
// that of Encrypted, and empty otherwise.
func Create(data string, mode Mode, passphrase string) (*Vault, error) {
	return newVault(data).create(mode, passphrase)
}

func newVault(data string) *Vault {
	return &Vault{path: filepath.Join(data, FolderName), work: workFactor, step: func(string) error { return nil }}
}

func (v *Vault) create(mode Mode, passphrase string) (_ *Vault, err error) {
	if err := v.makeFolder(); err != nil {
		return nil, err
	}
	if err := v.openFolder(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, v.Close())
		}
	}()
	if err := v.takeLock(); err != nil {
		return nil, err
	}
	if _, err := v.Mode(); !errors.Is(err, ErrNoVault) {
		if err == nil {
			err = ErrVaultThere
		}
		return nil, err
	}
	v.keys = newKeys()
	if err := v.writeKeys(mode, passphrase); err != nil {
		return nil, err
	}
	v.open = true
	return v, nil
}

// Mode tells how the keys are kept.
func (v *Vault) Mode() (Mode, error) {
	text, err := v.readKeyFile()
	switch {
	case errors.Is(err, os.ErrNotExist) && v.has(databaseFile):
		return NoVault, v.fault(keyFile, ErrKeyMissing)
	case errors.Is(err, os.ErrNotExist):
		return NoVault, ErrNoVault
	case err != nil:
		return NoVault, err
	}
	mode := modeOf(text)
	if mode == NoVault {
		return NoVault, v.fault(keyFile, ErrKeyDamaged)
	}
	return mode, nil
}

// Open reads the keys. With a wrong passphrase it takes a second to say so, and may be called again.
func (v *Vault) Open(passphrase string) (Keys, error) {
	if _, err := v.Mode(); err != nil {
		return Keys{}, err
	}
	text, err := v.readKeyFile()
	if err != nil {
		return Keys{}, err
	}
	keys, err := unseal(text, passphrase)
	if err != nil {
		return Keys{}, v.fault(keyFile, err)
	}
	v.keys, v.open, v.taken = keys, true, false
	// What a change that was cut off has left; the key that counts has just been read.
	if err := v.wipe(freshKeyFile); err != nil {
		return Keys{}, err
	}
	return keys, nil
}

// IsOpen reports whether the keys have been read.
func (v *Vault) IsOpen() bool { return v.open }

// Keys are those of a vault that is open.
func (v *Vault) Keys() Keys { return v.keys }

// TakeSealing gives the sealing key away: the vault forgets it, and can not be changed any more until it is opened again.
func (v *Vault) TakeSealing() [32]byte {
	taken := v.keys.Sealing
	v.keys.Sealing = [32]byte{}
	v.taken = true
	return taken
}

// Database is the path of the database.
func (v *Vault) Database() string { return filepath.Join(v.path, databaseFile) }

// Folder is the path of the vault, in which the database makes files of its own.
func (v *Vault) Folder() string { return v.path }

// Change keeps the same keys in another way, or with another passphrase. It has done so wholly or not at all, whenever the
// power goes; what the file held before is overwritten, as far as the disk really does.
func (v *Vault) Change(mode Mode, passphrase string) error {
	if !v.open || v.taken {
		return errors.New("vault: not open")
	}
	return v.writeKeys(mode, passphrase)
}

// Close gives the vault free for others and forgets its keys.
func (v *Vault) Close() error {
	v.keys, v.open = Keys{}, false
	var err error
	if v.lock != nil {
		// A program that is just being started has our descriptors for a moment: closing ours would leave the lock to it.
		err = unix.Flock(int(v.lock.Fd()), unix.LOCK_UN)
	}
	for _, file := range []*os.File{v.lock, v.folder} {
		if file != nil {
			err = errors.Join(err, file.Close())
		}
	}
	v.lock, v.folder = nil, nil
	return err
}

// Erase takes the vault away: first its key, without which nobody reads the rest, then the rest. It needs no passphrase. The
// vault is closed then.
func (v *Vault) Erase() error {
	err := v.erase()
	return errors.Join(err, v.Close())
}

func (v *Vault) erase() error {
	for _, name := range []string{keyFile, freshKeyFile} {
		if err := v.step("wipe " + name); err != nil {
			return err
		}
		if err := v.wipe(name); err != nil {
			return err
		}
	}
	names, err := v.names()
	if err != nil {
		return err
	}
	var stays error // without its key it is noise: the rest goes all the same
	for _, name := range names {
		if !strings.HasPrefix(name, databaseFile) {
			continue
		}
		if err := v.step("remove " + name); err != nil {
			return err
		}
		stays = errors.Join(stays, v.remove(name))
	}
	if err := v.step("remove lock"); err != nil {
		return err
	}
	if err := v.remove(lockFile); err != nil {
		return err
	}
	// A file of somebody else's keeps the folder, which tells nothing.
	if err := os.Remove(v.path); err != nil && !errors.Is(err, unix.ENOTEMPTY) {
		stays = errors.Join(stays, err)
	}
	return stays
}

// newKeys makes keys of 64 random bytes.
func newKeys() Keys {
	var k Keys
	rand.Read(k.Database[:])
	rand.Read(k.Sealing[:])
	return k
}
