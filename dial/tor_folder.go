package dial

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	torFolderPrefix = "traboule-client-tor-"
	// maxBase keeps the paths of the sockets inside within the 107 bytes that a Unix socket's may have.
	maxBase = 60
)

// torFolder is the private folder of our own tor: settings, sockets, cookie, and what it caches. Its lock tells that we
// live; the kernel takes it back however we end.
type torFolder struct {
	path string
	lock *os.File
}

// torBases are where a private folder may be made, memory before disks.
func torBases(env func(string) string) []string {
	bases := []string{"/dev/shm", os.TempDir(), "/tmp"}
	if env == nil {
		return bases
	}
	return append([]string{env("XDG_RUNTIME_DIR")}, bases...)
}

// newTorFolder makes a private folder in the first base that lets it, and removes those of clients that were killed.
func newTorFolder(bases []string) (*torFolder, error) {
	fault := errors.New("no folder for tor's sockets")
	for _, base := range bases {
		if !filepath.IsAbs(base) || len(base) > maxBase || quoteSetting(base) == "" {
			continue
		}
		sweep(base)
		// Another client that sweeps at this moment may take the new folder for an old one.
		for range 3 {
			f, err := lockNewFolder(base)
			if err == nil {
				return f, nil
			}
			fault = err
		}
	}
	return nil, fault
}

func lockNewFolder(base string) (*torFolder, error) {
	path, err := os.MkdirTemp(base, torFolderPrefix)
	if err != nil {
		return nil, err
	}
	f, err := lockFolder(path)
	if err != nil {
		os.Remove(path)
	}
	return f, err
}

// lockFolder locks a folder of ours that nobody has locked; a link or a folder of another user is not ours.
func lockFolder(path string) (*torFolder, error) {
	lock, err := os.OpenFile(path, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	f := &torFolder{path, lock}
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil && !f.private() {
		err = fmt.Errorf("%q is not a private folder of ours", path)
	}
	if err != nil {
		lock.Close()
		return nil, err
	}
	return f, nil
}

// private reports whether the locked folder is ours alone and still the one of that name.
func (f *torFolder) private() bool {
	locked, err1 := f.lock.Stat()
	named, err2 := os.Lstat(f.path)
	if errors.Join(err1, err2) != nil || !os.SameFile(locked, named) {
		return false
	}
	owner, known := locked.Sys().(*syscall.Stat_t)
	return known && int(owner.Uid) == os.Getuid() && locked.Mode() == os.ModeDir|0o700
}

// remove removes the folder and all in it; nil has none.
func (f *torFolder) remove() {
	if f == nil {
		return
	}
	// Whatever stays is swept at the next start.
	_ = os.RemoveAll(f.path)
	f.lock.Close()
}

// sweep removes the private folders of clients that could not do it themselves.
func sweep(base string) {
	entries, err := os.ReadDir(base)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), torFolderPrefix) {
			continue
		}
		if stale, err := lockFolder(filepath.Join(base, entry.Name())); err == nil {
			stale.remove()
		}
	}
}
