package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"traboule/ui/i18n"
	"traboule/vault"
)

// adoptKeys offers to take OTR keys that lie in the profile as libotr's files into its vault, and to erase the files then.
func (c *profile) adoptKeys(ctx context.Context, v *vault.Vault) error {
	path := filepath.Join(c.data, otrFolder)
	found, err := hasKeyFiles(path)
	if err != nil || !found {
		return err
	}
	if !c.asker.yes && !c.asker.canAsk() {
		c.say(i18n.ProfileKeysBeside, path)
		return nil
	}
	agreed, err := c.asker.confirm(ctx, c.printer.Format(i18n.ProfileAskKeys, path))
	if err != nil || !agreed {
		return err
	}
	if !v.IsOpen() {
		if err := c.asker.open(ctx, v); err != nil {
			return err
		}
	}
	return c.moveKeys(ctx, v, path)
}

// hasKeyFiles reports whether there are files of libotr's in a folder.
func hasKeyFiles(path string) (bool, error) {
	f, err := openFolder(path, false)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.close()
	found, err := findKeyFiles(f)
	return len(found) > 0, err
}

// moveKeys copies keys into the vault, which is closed then, and erases the files unless something in them was left out.
func (c *profile) moveKeys(ctx context.Context, v *vault.Vault, path string) error {
	kept, err := openKeyVault(ctx, v)
	if err != nil {
		return err
	}
	t := newKeyTransfer(ctx, keyCommand{dir: path}, c.printer, c.data, kept)
	if err := t.finish(t.run(ctx)); err != nil {
		return t.explain(err)
	}
	for _, line := range t.report {
		c.print(line)
	}
	if t.stays {
		c.say(i18n.ProfileKeysStay, path)
		return nil
	}
	root, err := os.OpenRoot(c.data)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := eraseFolder(root, otrFolder); err != nil {
		return err
	}
	c.say(i18n.ProfileKeysMoved, path)
	return nil
}
