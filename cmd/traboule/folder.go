package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// Limits of what a folder with keys may hold.
const (
	maxFolderNames = 2000
	maxKeyFile     = 1 << 20 // bytes
	maxBackups     = 99
)

// folder is an open folder whose files hold secrets. No symbolic link in it is followed, so that nobody who can put one there
// has us read or write another file.
type folder struct {
	path string
	file *os.File
}

// Why a file is not touched.
var (
	errNoFile  = errors.New("not a file, or a symbolic link")
	errForeign = errors.New("not yours, or others can write it")
	errLarge   = fmt.Errorf("larger than %d bytes", maxKeyFile)
	errFull    = errors.New("too many backups, or too many files")
)

// openFolder opens the folder that the user named, and makes it if that is wanted.
func openFolder(path string, create bool) (*folder, error) {
	if create {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return nil, err
		}
	}
	file, err := os.OpenFile(path, unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	return &folder{path, file}, nil
}

func (f *folder) close() { f.file.Close() }

func (f *folder) fd() int { return int(f.file.Fd()) }

// sub opens a folder inside; nil for none.
func (f *folder) sub(name string, create bool) (*folder, error) {
	if create {
		if err := unix.Mkdirat(f.fd(), name, 0o700); err != nil && !errors.Is(err, unix.EEXIST) {
			return nil, f.fault(name, err)
		}
	}
	fd, err := unix.Openat(f.fd(), name, unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	switch {
	case errors.Is(err, unix.ENOENT):
		return nil, nil
	case errors.Is(err, unix.ENOTDIR), errors.Is(err, unix.ELOOP):
		return nil, f.fault(name, errors.New("not a folder, or a symbolic link"))
	case err != nil:
		return nil, f.fault(name, err)
	}
	path := filepath.Join(f.path, name)
	return &folder{path, os.NewFile(uintptr(fd), path)}, nil
}

// open opens a file to read it; nil for none.
func (f *folder) open(name string) (*os.File, error) {
	// A named pipe must not make us wait.
	fd, err := unix.Openat(f.fd(), name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	switch {
	case errors.Is(err, unix.ENOENT):
		return nil, nil
	case errors.Is(err, unix.ELOOP):
		return nil, f.fault(name, errNoFile)
	case err != nil:
		return nil, f.fault(name, err)
	}
	file := os.NewFile(uintptr(fd), filepath.Join(f.path, name))
	info, err := file.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = errNoFile
	case !isOurs(info, os.Geteuid()):
		err = errForeign
	case info.Size() > maxKeyFile:
		err = errLarge
	}
	if err != nil {
		file.Close()
		return nil, f.fault(name, err)
	}
	return file, nil
}

// isOurs reports whether nobody but a user, or who administers the machine, can have written a file: a key that somebody else has
// put there would be known to them.
func isOurs(info os.FileInfo, user int) bool {
	is, known := info.Sys().(*syscall.Stat_t)
	return known && (int(is.Uid) == user || is.Uid == 0) && info.Mode().Perm()&0o002 == 0
}

// names lists what is in the folder.
func (f *folder) names() ([]string, error) {
	if _, err := f.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	names, err := f.file.Readdirnames(maxFolderNames + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(names) > maxFolderNames {
		return nil, fmt.Errorf("%q: %w", f.path, errFull)
	}
	return names, nil
}

// replace writes a file whole or not at all, readable by its owner alone, and keeps a copy of the one before under another
// name, which it returns. At no moment is there none.
func (f *folder) replace(name string, write func(*os.File) error) (backup string, err error) {
	fresh := "." + name + ".new"
	if err := f.remove(fresh); err != nil { // of a run that was killed
		return "", f.fault(fresh, err)
	}
	defer func() { err = errors.Join(err, f.remove(fresh)) }()
	if err := f.create(fresh, write); err != nil {
		return "", f.fault(name, err)
	}
	if backup, err = f.keep(name); err != nil {
		return "", f.fault(name, err)
	}
	if err := unix.Renameat(f.fd(), fresh, f.fd(), name); err != nil {
		return backup, f.fault(name, err)
	}
	return backup, f.file.Sync()
}

func (f *folder) create(name string, write func(*os.File) error) error {
	fd, err := unix.Openat(f.fd(), name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return err
	}
	file := os.NewFile(uintptr(fd), name)
	err = write(file)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// keep copies a file, if it is there, to the first name of a backup that is free.
func (f *folder) keep(name string) (string, error) {
	file, err := f.open(name)
	if file == nil {
		return "", err
	}
	defer file.Close()
	for i := 1; i <= maxBackups; i++ {
		backup := name + ".bak"
		if i > 1 {
			backup += fmt.Sprint(i)
		}
		err := f.create(backup, func(to *os.File) error { return copyFile(to, file) })
		if !errors.Is(err, unix.EEXIST) {
			return backup, err
		}
	}
	return "", errFull
}

func (f *folder) remove(name string) error {
	if err := unix.Unlinkat(f.fd(), name, 0); !errors.Is(err, unix.ENOENT) {
		return err
	}
	return nil
}

func (f *folder) fault(name string, err error) error {
	return fmt.Errorf("%q: %w", filepath.Join(f.path, name), err)
}

// copyFile copies a file from its start to another within the kernel: what is in it never comes into this process.
func copyFile(to, from *os.File) error {
	info, err := from.Stat()
	if err != nil {
		return err
	}
	for offset := int64(0); offset < info.Size(); {
		n, err := unix.Sendfile(int(to.Fd()), int(from.Fd()), &offset, int(info.Size()-offset))
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return err
		case n == 0:
			return io.ErrUnexpectedEOF
		}
	}
	return nil
}

// memoryFile makes a file that has no name and is on no disk.
func memoryFile() (*os.File, error) {
	fd, err := unix.MemfdCreate("otr", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "otr"), nil
}

// duplicate gives another descriptor of an open file, for somebody who closes it.
func duplicate(file *os.File) (*os.File, error) {
	fd, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), file.Name()), nil
}
