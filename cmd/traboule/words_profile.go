package main

import (
	"errors"

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
		return p.Format(i18n.VaultFailed, path, file.Err.Error()), core.StatusFailure
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
	case errors.Is(err, store.ErrDamaged):
		return p.Format(i18n.VaultDamaged, database.path)
	case errors.Is(err, store.ErrNewer):
		return p.Format(i18n.VaultNewer, database.path)
	case errors.Is(err, store.ErrInUse):
		return p.Text(i18n.VaultInUse)
	case errors.Is(err, store.ErrFull):
		return p.Format(i18n.VaultFull, database.path)
	default:
		return p.Format(i18n.VaultFailed, database.path, err.Error())
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
