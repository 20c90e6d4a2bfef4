package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"traboule/config"
	"traboule/core"
	"traboule/im"
	"traboule/otr"
	"traboule/ui/i18n"
)

// openOTRKeys opens the files with OTR keys that the profile keeps, if it does, and sees that they can be read. It is done
// before anything else: the user learns at once what is wrong with them, and a confined process could not open them any more.
func (s *session) openOTRKeys(ctx context.Context, env func(string) string) error {
	profile, err := config.DataFolder(s.options.profile, env)
	if err != nil {
		return &usageError{kind: noHome}
	}
	root, err := openFolder(filepath.Join(profile, otrFolder), false)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return keyFault(s.printer, err)
	}
	defer root.close()
	keeper := startKeyKeeper(ctx, nil)
	defer keeper.engine.Close()
	if s.keys, err = openStore(ctx, keeper, root, pidginFiles(ours), false); err != nil {
		return keyFault(s.printer, err)
	}
	return nil
}

// loadOTRKeys gives the engine the keys and instance tags of the session's accounts, and closes the files, which this process
// has no more business with. A key that cannot be loaded any more ends the session, for a new one in its place would be taken
// for somebody else's by all contacts.
func (s *session) loadOTRKeys(engine *otr.Engine, ended func(error)) {
	s.openSealedKeys(engine, ended)
	if s.keys == nil {
		return
	}
	defer s.keys.close()
	failed := func(_ otr.Key, err error) {
		if err != nil {
			ended(&keyFileError{filepath.Join(s.keys.folder.path, s.keys.files.keys), err})
		}
	}
	for _, a := range s.accounts {
		key, found := s.keys.key(a.JID.JID)
		if _, sealed := s.sealed.keys[a.JID.JID]; !found || sealed {
			continue
		}
		file, err := duplicate(s.keys.keys)
		if err != nil {
			failed(otr.Key{}, err)
			return
		}
		engine.LoadKey(a.JID.JID, key.Account, file, failed)
		engine.MakeKey(a.JID.JID, s.keys.tag(a.JID.JID), failed) // it is there: this is about the tag
	}
}

// knownFingerprints are the keys of an account's contacts that the profile knows.
func (s *session) knownFingerprints(account im.JID) []core.KnownFingerprint {
	if s.keys == nil {
		return nil
	}
	var known []core.KnownFingerprint
	for _, k := range s.keys.known {
		peer, err := im.ParseJID(k.Peer)
		if err != nil || !isFor(k.Account, account) {
			continue
		}
		trust := im.Unverified
		if k.Verified() {
			trust = im.Verified
		}
		known = append(known, core.KnownFingerprint{Peer: peer, Fingerprint: k.Fingerprint, Trust: trust})
	}
	return known
}

// keyFault words what is wrong with files that hold keys.
func keyFault(p *i18n.Printer, err error) error {
	var line *otr.LineError
	var file *keyFileError
	switch {
	case errors.As(err, &file) && errors.Is(err, otr.ErrBadSealedKey):
		return errors.New(p.Format(i18n.OTRBadSealedKey, file.path))
	case errors.As(err, &line) && line.Line > 0:
		return errors.New(p.Format(i18n.OTRBadLine, line.File, line.Line))
	case errors.As(err, &line):
		return errors.New(p.Format(i18n.OTRBadFile, line.File))
	case errors.As(err, &file) && errors.Is(err, otr.ErrBadKeyFile):
		return errors.New(p.Format(i18n.OTRBadFile, file.path))
	default:
		return errors.New(p.Format(i18n.OTRFailed, err.Error()))
	}
}
