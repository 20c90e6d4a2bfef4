package vault

import (
	"errors"
	"fmt"
	"path/filepath"
)

// What can be wrong with a vault.
var (
	// ErrNoVault: there is none.
	ErrNoVault = errors.New("no vault")
	// ErrVaultThere: one cannot be made where there is one.
	ErrVaultThere = errors.New("a vault is there already")
	// ErrInUse: another process uses the vault.
	ErrInUse = errors.New("in use by another client")
	// ErrWrongPassphrase: the passphrase does not open the key, or the key has been changed by somebody else.
	ErrWrongPassphrase = errors.New("wrong passphrase")
	// ErrNoPassphrase: a passphrase must not be empty.
	ErrNoPassphrase = errors.New("empty passphrase")
	// ErrKeyDamaged: the file with the key is not as it was written.
	ErrKeyDamaged = errors.New("damaged")
	// ErrKeyMissing: there is a database, and no key to read it with.
	ErrKeyMissing = errors.New("missing")
	// ErrUnsafe: others than the user own a file, or may read or write it, or it is a symbolic link.
	ErrUnsafe = errors.New("not safe from others")
)

// FileError says which file is not as it should be.
type FileError struct {
	Path string
	Err  error
}

// Error names the file.
func (e *FileError) Error() string { return fmt.Sprintf("%q: %v", e.Path, e.Err) }

// Unwrap gives what is wrong with it.
func (e *FileError) Unwrap() error { return e.Err }

func (v *Vault) fault(name string, err error) error {
	if err == nil {
		return nil
	}
	return &FileError{filepath.Join(v.path, name), err}
}
