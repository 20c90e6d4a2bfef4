package store

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/ncruces/go-sqlite3"

	"traboule/im"
)

// The ways in which what is kept cannot be had. Every error of this package wraps one of them, or is the context's.
var (
	// ErrWrongKey says that the key is not the one that the database was made with.
	ErrWrongKey = errors.New("the key does not open it")
	// ErrMissing says that there is no database where there was one.
	ErrMissing = errors.New("it is missing")
	// ErrDamaged says that what is on the disk is not what was written there.
	ErrDamaged = errors.New("it is damaged: something else than what was written")
	// ErrFull says that there is no room on the disk, or that a limit on what may be written there is reached.
	ErrFull = errors.New("no room on the disk")
	// ErrNewer says that a newer version of the program made the database.
	ErrNewer = errors.New("a newer version of the program made it: use that one")
	// ErrInUse says that another process, or another Store, has the database open.
	ErrInUse = errors.New("it is in use: end the other client first")
	// ErrFailed says that the disk could not be read or written for another reason.
	ErrFailed = errors.New("the database failed")
	// ErrClosed says that the Store is closed.
	ErrClosed = errors.New("it is closed")
	// ErrInvalid says that something cannot be kept as it is, such as an address that is none.
	ErrInvalid = errors.New("it cannot be kept")
)

// classify gives an error of SQLite one of ours. Its own text is left out, since it may hold what a user typed; the code and
// the error of the system say enough.
func classify(err error) error {
	if err == nil {
		return nil
	}
	var code sqlite3.ExtendedErrorCode
	if !errors.As(err, &code) {
		return err
	}
	var errno syscall.Errno
	errors.As(err, &errno)
	kind := kindOf(code, errno)
	if errno != 0 {
		return fmt.Errorf("%w (%d, %w)", kind, uint16(code), errno)
	}
	return fmt.Errorf("%w (%d)", kind, uint16(code))
}

func kindOf(code sqlite3.ExtendedErrorCode, errno syscall.Errno) error {
	if noRoom(errno) {
		return ErrFull
	}
	switch code {
	case sqlite3.IOERR_DATA, sqlite3.IOERR_CORRUPTFS, sqlite3.IOERR_SHORT_READ:
		return ErrDamaged
	}
	switch code.Code() {
	case sqlite3.FULL:
		return ErrFull
	case sqlite3.CORRUPT, sqlite3.NOTADB, sqlite3.FORMAT:
		return ErrDamaged
	case sqlite3.BUSY, sqlite3.LOCKED:
		return ErrInUse
	}
	return ErrFailed
}

// noRoom reports whether the system says that nothing more can be written: the disk is full, or a quota or another limit on
// the size of files is reached.
func noRoom(errno syscall.Errno) bool {
	return errno == syscall.ENOSPC || errno == syscall.EDQUOT || errno == syscall.EFBIG
}

// Failure says an error of this package with the code that scripts and catalogues know.
func Failure(err error) *im.Failure {
	code := im.CodeStoreFailed
	switch {
	case errors.Is(err, ErrFull):
		code = im.CodeStoreFull
	case errors.Is(err, ErrDamaged), errors.Is(err, ErrWrongKey), errors.Is(err, ErrMissing):
		code = im.CodeStoreDamaged
	}
	return &im.Failure{Code: code, Detail: err.Error()}
}
