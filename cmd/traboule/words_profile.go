package main

import (
	"errors"
	"syscall"

	"traboule/core"
	"traboule/store"
	"traboule/ui/i18n"
	"traboule/vault"
)

// vaultWords words what is wrong with a vault or its passphrase, and gives the exit status for it; empty for anything else.
func vaultWords(p *i18n.Printer, err error) (string, int) {
	var secret *passphraseError
	if errors.As(err, &secret) {
		return p.Format(i18n.VaultNoPassphrase, passphraseWords(p, secret)), core.StatusPassphrase
	}
	var file *vault.FileError
	path := ""
	if errors.As(err, &file) {
		path = file.Path
	}
	switch {
	case errors.Is(err, vault.ErrWrongPassphrase):
		return p.Format(i18n.VaultWrongPassphrase, path), core.StatusPassphrase
	case errors.Is(err, vault.ErrNoPassphrase):
		return p.Text(i18n.VaultEmptyPassphrase), core.StatusPassphrase
	case errors.Is(err, vault.ErrInUse):
		return p.Text(i18n.VaultInUse), core.StatusFailure
	case errors.Is(err, vault.ErrKeyDamaged):
		return p.Format(i18n.VaultKeyDamaged, path), core.StatusFailure
	case errors.Is(err, vault.ErrKeyMissing):
		return p.Format(i18n.VaultKeyMissing, path), core.StatusFailure
	case errors.Is(err, vault.ErrUnsafe):
		return p.Format(i18n.VaultUnsafe, path), core.StatusFailure
	case errors.Is(err, vault.ErrNoVault):
		return p.Text(i18n.StartNoVault), core.StatusUsage
	case file != nil:
		return fileWords(p, path, file.Err), core.StatusFailure
	default:
		return databaseWords(p, err), core.StatusFailure
	}
}

// databaseWords words what is wrong with the database; empty for anything else.
func databaseWords(p *i18n.Printer, err error) string {
	var database *databaseError
	switch {
	case !errors.As(err, &database):
		return ""
	case errors.Is(err, store.ErrWrongKey):
		return p.Format(i18n.VaultWrongKey, database.path)
	case errors.Is(err, store.ErrMissing):
		return p.Format(i18n.VaultMissing, database.path)
	case errors.Is(err, store.ErrDamaged):
		return p.Format(i18n.VaultDamaged, database.path)
	case errors.Is(err, store.ErrNewer):
		return p.Format(i18n.VaultNewer, database.path)
	case errors.Is(err, store.ErrInUse):
		return p.Text(i18n.VaultInUse)
	case errors.Is(err, store.ErrFull):
		return p.Format(i18n.VaultFull, database.path)
	default:
		return fileWords(p, database.path, database.err)
	}
}

// fileWords words why a file of the vault cannot be read or written: what the system says if it is the system, without its
// naming the file again.
func fileWords(p *i18n.Printer, path string, err error) string {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return p.Format(i18n.VaultFailed, path, err.Error())
	}
	switch errno {
	case syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG:
		return p.Format(i18n.VaultFull, path)
	default:
		return p.Format(i18n.VaultFailed, path, systemWords(p, errno))
	}
}

// systemWords words what the system says of a file, in its own words where there are none of ours.
func systemWords(p *i18n.Printer, errno syscall.Errno) string {
	switch errno {
	case syscall.EACCES, syscall.EPERM:
		return p.Text(i18n.SystemDenied)
	case syscall.EROFS:
		return p.Text(i18n.SystemReadOnly)
	case syscall.ENOENT:
		return p.Text(i18n.SystemNotThere)
	case syscall.ENOTDIR:
		return p.Text(i18n.SystemNotFolder)
	case syscall.EIO:
		return p.Text(i18n.SystemDevice)
	default:
		return errno.Error()
	}
}

// passphraseWords words why there is no passphrase.
func passphraseWords(p *i18n.Printer, e *passphraseError) string {
	var secret *secretError
	switch {
	case errors.As(e.cause, &secret) && secret.why == i18n.SecretNoTerminal:
		return p.Text(i18n.PassphraseNoTerminal)
	case errors.As(e.cause, &secret):
		return secret.words(p)
	default:
		return e.cause.Error()
	}
}
