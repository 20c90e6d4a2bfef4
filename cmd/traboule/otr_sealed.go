package main

import (
	"context"
	"os"

	"traboule/im"
	"traboule/otr"
	"traboule/store"
	"traboule/vault"
)

// sealedKeys are the OTR keys that the vault keeps, and the key that only the process with the private keys uses.
type sealedKeys struct {
	sealing *os.File
	keys    map[im.JID]store.SealedKey
}

// sealingFile takes the sealing key out of a vault that is open, for the process that holds private keys.
func sealingFile(v *vault.Vault) (*os.File, error) {
	key := v.TakeSealing()
	return otr.SealingFile(&key)
}

// takeSealedKeys reads the OTR keys of the profile, which stay sealed here. It is done before the process gives up what the
// making of a file needs.
func (s *session) takeSealedKeys() error {
	if s.vault == nil {
		return nil
	}
	var err error
	if s.sealed.keys, err = s.store.SealedKeys(); err != nil {
		return err
	}
	s.sealed.sealing, err = sealingFile(s.vault)
	return err
}

// keepOTRKeys has the engine's new keys go into the vault before they are used. Without a vault they last as long as the
// session.
func (s *session) keepOTRKeys(ctx context.Context, o *otr.Options) {
	if s.vault == nil {
		return
	}
	o.Sealing = s.sealed.sealing
	o.Keep = func(_ context.Context, account im.JID, key otr.SealedKey) error {
		return s.store.SetSealedKey(account, store.SealedKey(key))
	}
	o.Unkept = func(account im.JID, err error) {
		s.post(ctx, im.OTRKeyUnkept{On: im.On{Account: account}, Err: *store.Failure(err)})
	}
}

// openSealedKeys gives the engine the keys and instance tags of the session's accounts. One that does not open ends the
// session: a new one in its place would be taken for somebody else's by all contacts.
func (s *session) openSealedKeys(engine *otr.Engine, ended func(error)) {
	for _, a := range s.accounts {
		key, found := s.sealed.keys[a.JID.JID]
		if !found {
			continue
		}
		engine.OpenKey(a.JID.JID, otr.SealedKey(key), func(_ otr.Key, err error) {
			if err != nil {
				ended(&keyFileError{s.vault.Database(), err})
			}
		})
	}
}
