package config

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// maxSize bounds the settings file in bytes; a larger one is not a settings file.
const maxSize = 1 << 20

var (
	errNoFile = errors.New("not a file of at most 1 MiB")
	errUnsafe = errors.New("others can write it")
)

// readBounded reads a file of settings. Whoever can write it decides which programs run and whether Tor is used, so it must
// be the user's, or the system's, and nobody else's to write. A group may: many systems give each user one of their own.
func readBounded(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a named pipe must not make us wait
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	is, known := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.Mode().IsRegular() || info.Size() > maxSize:
		return nil, errNoFile
	case !known || !trusted(is.Uid, info.Mode(), os.Geteuid()):
		return nil, errUnsafe
	}
	return io.ReadAll(io.LimitReader(file, maxSize))
}

// trusted reports whether nobody but a user, or who administers the machine, can have written a file of this owner and mode.
func trusted(owner uint32, mode os.FileMode, user int) bool {
	return (int(owner) == user || owner == 0) && mode.Perm()&0o002 == 0
}

// unread says why a file was not read.
func unread(path string, err error) *Error {
	if errors.Is(err, errUnsafe) {
		return &Error{File: path, Problem: Unsafe, Cause: err}
	}
	return &Error{File: path, Problem: Unreadable, Cause: err}
}
