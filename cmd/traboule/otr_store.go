package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"traboule/im"
	"traboule/otr"
)

// keyStore is what libotr's files of one place hold. The private keys stay in the file, which only the process that holds
// keys reads.
type keyStore struct {
	files  keyFiles
	folder *folder
	vault  *keyVault // in place of files and folder; nil for files
	keys   *os.File  // nil for none
	stored []otr.StoredKey
	known  []otr.KnownKey
	tags   []otr.InstanceTag

	// changed are the keys as they will be, nil if they stay; the others tell what else will be written.
	changed           *os.File
	newKnown, newTags bool
}

// keyFileError is a file with private keys that cannot be read.
type keyFileError struct {
	path string
	err  error
}

// Error names the file.
func (e *keyFileError) Error() string { return fmt.Sprintf("%q: %v", e.path, e.err) }

// Unwrap gives what was wrong.
func (e *keyFileError) Unwrap() error { return e.err }

// openStore reads the files of a place. The folders on the way to it are made if that is wanted.
func openStore(ctx context.Context, k *keyKeeper, root *folder, files keyFiles, create bool) (*keyStore, error) {
	s := &keyStore{files: files}
	err := s.openFolder(root, create)
	if err == nil {
		err = s.readLists()
	}
	if err == nil {
		s.keys, err = s.folder.open(files.keys)
	}
	if err == nil && s.keys != nil {
		s.stored, err = k.list(ctx, s.keys)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *keyStore) openFolder(root *folder, create bool) error {
	at, err := root.sub(".", false)
	for _, name := range s.files.folders {
		if err != nil || at == nil {
			break
		}
		var next *folder
		next, err = at.sub(name, create)
		at.close()
		at = next
	}
	if err == nil && at == nil {
		err = fmt.Errorf("%q: %w", root.path, os.ErrNotExist)
	}
	s.folder = at
	return err
}

// readLists reads what is no secret.
func (s *keyStore) readLists() error {
	file, err := s.folder.open(s.files.fingerprints)
	if err != nil {
		return err
	}
	if file != nil {
		s.known, err = otr.ReadFingerprints(file.Name(), file)
		file.Close()
	}
	if err != nil || s.files.tags == "" {
		return err
	}
	if file, err = s.folder.open(s.files.tags); file == nil {
		return err
	}
	s.tags, err = otr.ReadInstanceTags(file.Name(), file)
	file.Close()
	return err
}

// close closes the files; what was read of them stays.
func (s *keyStore) close() {
	for _, file := range []*os.File{s.keys, s.changed} {
		if file != nil {
			file.Close()
		}
	}
	if s.folder != nil {
		s.folder.close()
	}
	s.keys, s.changed = nil, nil
}

// names lists how accounts are called here.
func (s *keyStore) names() []otr.KeyName {
	var names []otr.KeyName
	for _, k := range s.stored {
		names = append(names, k.Account)
	}
	for _, k := range s.known {
		names = append(names, k.Account)
	}
	for _, t := range s.tags {
		names = append(names, t.Account)
	}
	return names
}

// called is how an account is called here, or is to be.
func (s *keyStore) called(account im.JID, elsewhere otr.KeyName) otr.KeyName {
	names := s.names()
	if slices.Contains(names, elsewhere) {
		return elsewhere
	}
	if i := slices.IndexFunc(names, func(n otr.KeyName) bool { return isFor(n, account) }); i >= 0 {
		return names[i]
	}
	return s.files.program.call(account, elsewhere)
}

func isFor(name otr.KeyName, account im.JID) bool {
	of, xmpp := accountOf(name)
	return xmpp && of == account
}

// key is the key of an account here.
func (s *keyStore) key(account im.JID) (otr.StoredKey, bool) {
	i := slices.IndexFunc(s.stored, func(k otr.StoredKey) bool { return isFor(k.Account, account) })
	if i < 0 {
		return otr.StoredKey{}, false
	}
	return s.stored[i], true
}

// takeKey puts a key of another store here.
func (s *keyStore) takeKey(ctx context.Context, k *keyKeeper, from *keyStore, key otr.StoredKey, account im.JID) error {
	if s.changed == nil {
		file, err := memoryFile()
		if err != nil {
			return err
		}
		s.changed = file
		if s.keys != nil {
			if err := copyFile(file, s.keys); err != nil {
				return err
			}
		}
	}
	as := s.called(account, key.Account)
	if before, found := s.key(account); found {
		as = before.Account
	}
	if err := k.copy(ctx, account, from.keys, key, s.changed, as); err != nil {
		return err
	}
	s.stored = slices.DeleteFunc(s.stored, func(k otr.StoredKey) bool { return k.Account == as })
	s.stored = append(s.stored, otr.StoredKey{Account: as, Fingerprint: key.Fingerprint})
	return nil
}

// takeKnown notes somebody's key here, and that it is verified if it is elsewhere; it reports whether that was new.
func (s *keyStore) takeKnown(key otr.KnownKey, account im.JID) bool {
	if !key.Verified() {
		key.Trust = "" // a word that nobody knows would be trust for libotr
	}
	i := slices.IndexFunc(s.known, func(k otr.KnownKey) bool {
		return k.Fingerprint == key.Fingerprint && isFor(k.Account, account) && samePeer(k.Peer, key.Peer)
	})
	switch {
	case i < 0:
		key.Account = s.called(account, key.Account)
		s.known = append(s.known, key)
	case s.known[i].Verified() || !key.Verified():
		return false
	default:
		s.known[i].Trust = key.Trust
	}
	s.newKnown = true
	return true
}

func samePeer(one, other string) bool {
	a, errA := im.ParseJID(one)
	b, errB := im.ParseJID(other)
	return one == other || errA == nil && errB == nil && a == b
}

// tag is the instance tag of an account here, 0 for none.
func (s *keyStore) tag(account im.JID) uint32 {
	for _, t := range s.tags {
		if isFor(t.Account, account) {
			return t.Tag
		}
	}
	return 0
}

// takeTag notes an instance tag here.
func (s *keyStore) takeTag(tag otr.InstanceTag, account im.JID) {
	s.tags = append(s.tags, otr.InstanceTag{Account: s.called(account, tag.Account), Tag: tag.Tag})
	s.newTags = true
}

// write writes what has changed, each file whole or not at all, and returns the names of the backups by those of the files.
func (s *keyStore) write(ctx context.Context, k *keyKeeper) (backups map[string]string, err error) {
	if s.vault != nil {
		return nil, s.writeVault(ctx, k)
	}
	backups = map[string]string{}
	put := func(name string, write func(*os.File) error) error {
		backup, err := s.folder.replace(name, write)
		if backup != "" {
			backups[name] = backup
		}
		return err
	}
	lists, err := s.lists()
	if err != nil {
		return nil, err
	}
	if s.changed != nil {
		err = put(s.files.keys, func(file *os.File) error { return copyFile(file, s.changed) })
	}
	for name, content := range lists {
		err = errors.Join(err, put(name, func(file *os.File) error {
			_, err := file.Write(content)
			return err
		}))
	}
	return backups, err
}

// lists are the contents, by name, of the files that will change and are no secrets.
func (s *keyStore) lists() (map[string][]byte, error) {
	lists := map[string][]byte{}
	if s.newKnown {
		content, err := otr.WriteFingerprints(s.known)
		if err != nil {
			return nil, err
		}
		lists[s.files.fingerprints] = content
	}
	if s.newTags {
		content, err := otr.WriteInstanceTags(s.tags)
		if err != nil {
			return nil, err
		}
		lists[s.files.tags] = content
	}
	return lists, nil
}
