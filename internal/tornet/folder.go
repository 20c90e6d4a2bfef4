package tornet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	folderPrefix = "traboule-tornet-"
	folderLock   = "lock"
	// longestBase keeps the path of a socket in the folder within the 107 bytes that it may have.
	longestBase = 60
)

// folder is where a network has its files. Its lock tells that the network lives; the kernel takes it back however we end.
type folder struct {
	path string
	lock *os.File
}

// newFolder makes a folder, and removes those of networks that were killed.
func newFolder(base string) (*folder, error) {
	if len(base) > longestBase {
		base = "/tmp"
	}
	sweep(base)
	path, err := os.MkdirTemp(base, folderPrefix)
	if err != nil {
		return nil, err
	}
	lock, err := lockFile(filepath.Join(path, folderLock))
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(path))
	}
	return &folder{path, lock}, nil
}

// remove removes the folder and all in it; nil has none.
func (f *folder) remove() error {
	if f == nil {
		return nil
	}
	return errors.Join(os.RemoveAll(f.path), f.lock.Close())
}

// sweep removes the folders of networks that could not do it themselves. One that has no lock yet is about to get it.
func sweep(base string) {
	locks, err := filepath.Glob(filepath.Join(base, folderPrefix+"*", folderLock))
	if err != nil {
		return
	}
	for _, path := range locks {
		if lock, err := lockFile(path); err == nil {
			// What can not be removed is somebody else's.
			_ = os.RemoveAll(filepath.Dir(path))
			lock.Close()
		}
	}
}

// lockFile locks a file, which it makes if need be, or fails with EWOULDBLOCK if somebody else has locked it. It is free
// again when it is closed, or with the end of the process.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	return f, nil
}

// awaitLock is lockFile that waits while somebody else has it.
func awaitLock(ctx context.Context, path string) (*os.File, error) {
	for {
		f, err := lockFile(path)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return f, err
		}
		if !sleep(ctx, 50*time.Millisecond) {
			return nil, ctx.Err()
		}
	}
}
