package vault

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// maxNames bounds how many files are looked at in a vault, which has five.
const maxNames = 1000

// makeFolder makes the folder of the vault, and that of the profile around it, for the user alone.
func (v *Vault) makeFolder() error {
	data := filepath.Dir(v.path)
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	if err := os.Mkdir(v.path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(data)
}

// openFolder opens the folder. It must be the user's and nobody else's, for whoever may write in it could put a file of their
// own in the place of any.
func (v *Vault) openFolder() error {
	fd, err := unix.Open(v.path, unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	switch {
	case errors.Is(err, unix.ENOENT):
		return ErrNoVault
	case errors.Is(err, unix.ENOTDIR) && isThere(v.path), errors.Is(err, unix.ELOOP):
		return &FileError{v.path, ErrUnsafe}
	case err != nil:
		return &FileError{v.path, err}
	}
	v.folder = os.NewFile(uintptr(fd), v.path)
	info, err := v.folder.Stat()
	if err == nil && !private(info, os.Geteuid()) {
		err = ErrUnsafe
	}
	if err != nil {
		v.folder.Close()
		return &FileError{v.path, err}
	}
	return nil
}

// isThere reports whether there is something of a name, also a link that leads nowhere.
func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// closeToOthers takes the rights of others to a folder away, if it is one and the user's.
func closeToOthers(path string) error {
	fd, err := unix.Open(path, unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil // whoever opens it next says why
	}
	folder := os.NewFile(uintptr(fd), path)
	defer folder.Close()
	info, err := folder.Stat()
	if err != nil || private(info, os.Geteuid()) {
		return err
	}
	if err := folder.Chmod(0o700); err != nil {
		return &FileError{path, err}
	}
	return nil
}

// private reports whether a file or folder is of the user and nobody else may do anything with it.
func private(info fs.FileInfo, user int) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == user && info.Mode().Perm()&0o077 == 0
}

func (v *Vault) fd() int { return int(v.folder.Fd()) }

// takeLock locks the vault for this process. The kernel gives it free when the process ends, however it does.
func (v *Vault) takeLock() error {
	for {
		file, err := v.openLock()
		if errors.Is(err, fs.ErrNotExist) { // the folder itself is gone
			return ErrNoVault
		}
		if err != nil {
			return v.fault(lockFile, err)
		}
		err = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if errors.Is(err, unix.EWOULDBLOCK) {
			return errors.Join(v.fault(lockFile, ErrInUse), file.Close())
		}
		if err != nil {
			return errors.Join(v.fault(lockFile, err), file.Close())
		}
		if v.isStill(lockFile, file) {
			v.lock = file
			return nil
		}
		file.Close() // somebody has erased the vault in between
	}
}

func (v *Vault) openLock() (*os.File, error) {
	fd, err := unix.Openat(v.fd(), lockFile, unix.O_RDWR|unix.O_CREAT|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0o600)
	if errors.Is(err, unix.ELOOP) {
		err = ErrUnsafe
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), lockFile), nil
}

// isStill reports whether an open file is that of a name in the folder.
func (v *Vault) isStill(name string, file *os.File) bool {
	var is, open unix.Stat_t
	return unix.Fstatat(v.fd(), name, &is, unix.AT_SYMLINK_NOFOLLOW) == nil && unix.Fstat(int(file.Fd()), &open) == nil &&
		is.Ino == open.Ino && is.Dev == open.Dev
}

// readKeyFile reads the file with the keys, which must be the user's alone.
func (v *Vault) readKeyFile() ([]byte, error) {
	file, err := v.openFile(keyFile, unix.O_RDONLY)
	if err != nil {
		return nil, v.fault(keyFile, err)
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, v.fault(keyFile, err)
	case !info.Mode().IsRegular(), !private(info, os.Geteuid()):
		return nil, v.fault(keyFile, ErrUnsafe)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxKeyFile+1))
	if err == nil && len(text) > maxKeyFile {
		err = ErrKeyDamaged
	}
	return text, v.fault(keyFile, err)
}

// openFile opens a file of the folder that is there, no symbolic link, and no pipe that would make us wait.
func (v *Vault) openFile(name string, flags int) (*os.File, error) {
	fd, err := unix.Openat(v.fd(), name, flags|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ELOOP) {
		err = ErrUnsafe
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}

func (v *Vault) has(name string) bool {
	var stat unix.Stat_t
	return unix.Fstatat(v.fd(), name, &stat, unix.AT_SYMLINK_NOFOLLOW) == nil
}

// writeKeys puts a new file with the keys in the place of the old one, which is then overwritten.
func (v *Vault) writeKeys(mode Mode, passphrase string) error {
	text, err := seal(v.keys, mode, passphrase, v.work)
	if err != nil {
		return err
	}
	if err := v.wipe(freshKeyFile); err != nil { // of a change that was cut off
		return err
	}
	old, err := v.openFile(keyFile, unix.O_RDWR)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return v.fault(keyFile, err)
	}
	if old != nil {
		defer old.Close()
	}
	if err := v.replaceKey(text); err != nil {
		return err
	}
	if old == nil {
		return nil
	}
	if err := v.step("overwrite"); err != nil {
		return err
	}
	// The new key is in force: if the disk does not take this, there is nothing to take back.
	_ = overwrite(old)
	return nil
}

// replaceKey is the part of a change that the power may cut off anywhere.
func (v *Vault) replaceKey(text []byte) error {
	if err := v.step("create"); err != nil {
		return err
	}
	fd, err := unix.Openat(v.fd(), freshKeyFile, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return v.fault(freshKeyFile, err)
	}
	file := os.NewFile(uintptr(fd), freshKeyFile)
	err = v.fill(file, text)
	if err = errors.Join(err, file.Close()); err != nil {
		return v.fault(freshKeyFile, err)
	}
	if err := v.step("rename"); err != nil {
		return err
	}
	if err := unix.Renameat(v.fd(), freshKeyFile, v.fd(), keyFile); err != nil {
		return v.fault(keyFile, err)
	}
	if err := v.step("sync folder"); err != nil {
		return err
	}
	return v.folder.Sync()
}

// fill writes a file in two halves, so that a test can cut it in between.
func (v *Vault) fill(file *os.File, text []byte) error {
	for _, half := range [][]byte{text[:len(text)/2], text[len(text)/2:]} {
		if err := v.step("write"); err != nil {
			return err
		}
		if _, err := file.Write(half); err != nil {
			return err
		}
	}
	if err := v.step("sync"); err != nil {
		return err
	}
	return file.Sync()
}

// wipe overwrites a file and takes it away; there need be none.
func (v *Vault) wipe(name string) error {
	file, err := v.openFile(name, unix.O_RDWR)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		if info, statErr := file.Stat(); statErr == nil && info.Mode().IsRegular() {
			_ = overwrite(file) // it goes, whether the disk takes that or not
		}
		file.Close()
	}
	if err := v.remove(name); err != nil {
		return err
	}
	return v.folder.Sync()
}

func (v *Vault) remove(name string) error {
	if err := unix.Unlinkat(v.fd(), name, 0); err != nil && !errors.Is(err, unix.ENOENT) {
		return v.fault(name, err)
	}
	return nil
}

func (v *Vault) names() ([]string, error) {
	if _, err := v.folder.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	names, err := v.folder.Readdirnames(maxNames)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return names, err
}

// overwrite fills a file with random bytes, at its place on the disk if the file system and the disk have such a thing.
func overwrite(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	noise := make([]byte, min(info.Size(), maxKeyFile))
	rand.Read(noise)
	if _, err := file.WriteAt(noise, 0); err != nil {
		return err
	}
	return file.Sync()
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
