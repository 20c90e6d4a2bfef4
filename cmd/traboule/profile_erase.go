package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"traboule/ui/i18n"
	"traboule/vault"
)

// guardsFolder is where a tor of our own keeps what keep_guards lets it keep, in the data folder.
const guardsFolder = "tor"

// erase takes away all that the client keeps on the disk, the keys first. The settings stay: the user wrote them.
func (c *profile) erase(ctx context.Context) error {
	kept, err := keptIn(c.data)
	if err != nil {
		return err
	}
	if len(kept) == 0 {
		c.say(i18n.ProfileNothing, c.data)
		return nil
	}
	agreed, err := c.asker.confirm(ctx, c.printer.Format(i18n.ProfileAskErase, c.data, strings.Join(kept, ", ")))
	if err != nil {
		return err
	}
	if !agreed {
		c.say(i18n.ProfileUnchanged)
		return nil
	}
	if err := eraseKept(c.data); err != nil {
		return err
	}
	c.say(i18n.ProfileErased, c.data)
	return nil
}

// keptFolders are the folders in the data folder that are ours.
func keptFolders() []string { return []string{vault.FolderName, otrFolder, guardsFolder} }

// keptIn lists which of our folders are there.
func keptIn(data string) ([]string, error) {
	var kept []string
	for _, name := range keptFolders() {
		_, err := os.Lstat(data + "/" + name)
		switch {
		case err == nil:
			kept = append(kept, name)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	return kept, nil
}

// eraseKept erases the vault, then the other folders: all that it can, and returns what went wrong. A vault whose key is lost or
// damaged goes like any other; while somebody uses it nothing does.
func eraseKept(data string) error {
	v, err := vault.Seize(data)
	switch {
	case err == nil:
		err = v.Erase()
	case errors.Is(err, vault.ErrNoVault):
		err = nil
	default:
		return err
	}
	return errors.Join(err, eraseFolders(data))
}

// eraseFolders takes our folders away. Files are overwritten first, as far as the disk really does; links are not followed.
func eraseFolders(data string) error {
	root, err := os.OpenRoot(data)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, name := range keptFolders() {
		if name == vault.FolderName { // what it may still hold is not ours
			_ = root.Remove(name)
			continue
		}
		err = errors.Join(err, eraseFolder(root, name))
	}
	return err
}

// eraseFolder takes a folder away, also what could not be overwritten in it.
func eraseFolder(root *os.Root, name string) error {
	var plain error
	if info, err := root.Lstat(name); err == nil && info.IsDir() {
		plain = overwriteFiles(root, name)
	}
	return errors.Join(plain, root.RemoveAll(name))
}

func overwriteFiles(root *os.Root, folder string) error {
	var plain error
	err := fs.WalkDir(root.FS(), folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			err = overwriteFile(root, path)
		}
		plain = errors.Join(plain, err)
		return nil
	})
	return errors.Join(plain, err)
}

// overwriteFile writes noise over what a file holds.
func overwriteFile(root *os.Root, path string) error {
	file, err := root.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if _, err := io.CopyN(file, rand.Reader, info.Size()); err != nil {
		return err
	}
	return file.Sync()
}
