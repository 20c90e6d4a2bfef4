package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"slices"

	"traboule/im"
	"traboule/otr"
	"traboule/store"
	"traboule/vault"
)

// keyVault is the vault of a profile, open for a command about keys.
type keyVault struct {
	vault *vault.Vault
	db    *store.Store
	// sealing is for the process that holds private keys, which takes it over.
	sealing *os.File
}

// openKeyVault opens what keys are kept in, of a vault that is open itself.
func openKeyVault(ctx context.Context, v *vault.Vault) (*keyVault, error) {
	db, err := openDatabase(ctx, v, false)
	if err != nil {
		return nil, err
	}
	sealing, err := sealingFile(v)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &keyVault{v, db, sealing}, nil
}

// findKeyVault opens the vault in a data folder, with its passphrase; nil if there is none.
func findKeyVault(ctx context.Context, data string, a *asker) (*keyVault, error) {
	v, err := vault.Take(data)
	if errors.Is(err, vault.ErrNoVault) && !a.given() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := a.open(ctx, v); err != nil {
		return nil, errors.Join(err, v.Close())
	}
	k, err := openKeyVault(ctx, v)
	if err != nil {
		return nil, errors.Join(err, v.Close())
	}
	return k, nil
}

// fault is an error of the database.
func (k *keyVault) fault(err error) error {
	if err == nil {
		return nil
	}
	return &databaseError{k.vault.Database(), err}
}

// close closes the database and gives the vault free.
func (k *keyVault) close() error { return errors.Join(k.fault(k.db.Close()), k.vault.Close()) }

// openVaultSource opens the vault to copy from, if there is one.
func (t *keyTransfer) openVaultSource(ctx context.Context) error {
	if t.vault == nil {
		return nil
	}
	s, err := openVaultStore(ctx, t.keeper, t.vault, false)
	if err == nil {
		t.from = append(t.from, s)
	}
	return err
}

// intoVault reports whether keys are copied into a vault.
func (t *keyTransfer) intoVault() bool { return t.vault != nil && !t.command.export }

// vaultName is what an account is called in a vault, where it needs no other name than its own: as Pidgin calls it.
func vaultName(account im.JID) otr.KeyName {
	return otr.KeyName{Name: account.String() + "/", Protocol: "prpl-jabber"}
}

// openVaultStore reads what a vault keeps, as if it were files of libotr's. The private keys are in a file in memory, which
// only the process that holds keys reads. A key that does not open is an error, unless it is to be replaced.
func openVaultStore(ctx context.Context, k *keyKeeper, v *keyVault, replace bool) (*keyStore, error) {
	s := &keyStore{files: pidginFiles(ours), vault: v}
	keys, err := v.db.SealedKeys()
	if err != nil {
		return nil, v.fault(err)
	}
	if s.keys, err = memoryFile(); err != nil {
		return nil, err
	}
	for account, key := range keys {
		fingerprint, err := k.unseal(ctx, account, key, s.keys)
		switch {
		case errors.Is(err, otr.ErrBadSealedKey) && replace:
			continue
		case err != nil:
			s.close()
			return nil, &keyFileError{v.vault.Database(), err}
		}
		s.stored = append(s.stored, otr.StoredKey{Account: vaultName(account), Fingerprint: fingerprint})
		s.tags = append(s.tags, otr.InstanceTag{Account: vaultName(account), Tag: key.Tag})
	}
	slices.SortFunc(s.stored, func(a, b otr.StoredKey) int { return cmp.Compare(a.Account.Name, b.Account.Name) })
	s.known = knownOf(v.db.Profile().Fingerprints)
	return s, nil
}

// knownOf are the fingerprints of a profile in the words of libotr's files.
func knownOf(records []im.FingerprintRecord) []otr.KnownKey {
	var known []otr.KnownKey
	for _, r := range records {
		trust := ""
		if r.Trust == im.Verified {
			trust = otr.TrustByUser
		}
		known = append(known, otr.KnownKey{
			Peer: r.Peer.String(), Account: vaultName(r.Account), Fingerprint: r.Fingerprint, Trust: trust,
		})
	}
	return known
}

// unseal has a sealed key opened and put into a file with others.
func (k *keyKeeper) unseal(ctx context.Context, account im.JID, key store.SealedKey, to *os.File) (fingerprint string, err error) {
	target, err := duplicate(to)
	if err != nil {
		return "", err
	}
	var faults []error
	waited := k.wait(ctx, func(answered chan struct{}) {
		k.engine.OpenKey(account, otr.SealedKey(key), func(opened otr.Key, err error) {
			fingerprint, faults = opened.Fingerprint, append(faults, err)
			if err != nil {
				target.Close()
				close(answered)
				return
			}
			k.engine.SaveKey(account, vaultName(account), target, func(_ otr.Key, err error) {
				faults = append(faults, err)
				close(answered)
			})
		})
	})
	return fingerprint, errors.Join(append(faults, waited)...)
}

// seal has the key of an account sealed, with its instance tag, from a file where it has a name; without a file one is made.
func (k *keyKeeper) seal(ctx context.Context, account im.JID, from *os.File, as otr.KeyName, tag uint32) (sealed otr.SealedKey, err error) {
	var faults []error
	note := func(_ otr.Key, err error) { faults = append(faults, err) }
	var source *os.File
	if from != nil {
		if source, err = duplicate(from); err != nil {
			return otr.SealedKey{}, err
		}
	}
	waited := k.wait(ctx, func(answered chan struct{}) {
		if source != nil {
			k.engine.LoadKey(account, as, source, note)
		}
		k.engine.MakeKey(account, tag, note)
		k.engine.SealKey(account, func(key otr.SealedKey, err error) {
			sealed, faults = key, append(faults, err)
			close(answered)
		})
	})
	return sealed, errors.Join(append(faults, waited)...)
}

// writeVault puts what has changed into the vault: keys and instance tags first, each whole or not at all.
func (s *keyStore) writeVault(ctx context.Context, k *keyKeeper) error {
	for _, account := range s.accounts() {
		tag := s.tag(account)
		key, found := s.key(account)
		file := s.changed
		if file == nil {
			file = s.keys
		}
		if !found {
			file = nil
		}
		sealed, err := k.seal(ctx, account, file, key.Account, tag)
		if err != nil {
			return &keyFileError{s.vault.vault.Database(), err}
		}
		if err := s.vault.db.SetSealedKey(account, store.SealedKey(sealed)); err != nil {
			return s.vault.fault(err)
		}
	}
	s.vault.db.Keep(s.records())
	return s.vault.fault(s.vault.db.Finish())
}

// accounts are those whose keys or instance tags have changed.
func (s *keyStore) accounts() []im.JID {
	if s.changed == nil && !s.newTags {
		return nil
	}
	var accounts []im.JID
	add := func(name otr.KeyName) {
		if account, xmpp := accountOf(name); xmpp && !slices.Contains(accounts, account) {
			accounts = append(accounts, account)
		}
	}
	for _, key := range s.stored {
		add(key.Account)
	}
	for _, tag := range s.tags {
		add(tag.Account)
	}
	return accounts
}

// records are the fingerprints as the profile keeps them. Those of somebody whose address is none stay out.
func (s *keyStore) records() []im.Record {
	var records []im.Record
	for _, k := range s.known {
		account, xmpp := accountOf(k.Account)
		peer, err := im.ParseJID(k.Peer)
		if !xmpp || err != nil || !s.newKnown {
			continue
		}
		trust := im.Unverified
		if k.Verified() {
			trust = im.Verified
		}
		records = append(records, im.FingerprintRecord{
			Kept: im.Kept{Account: account}, Peer: peer, Fingerprint: k.Fingerprint, Trust: trust,
		})
	}
	return records
}
