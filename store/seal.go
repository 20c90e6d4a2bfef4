package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// seal is the small file beside the database that says how many transactions are on the disk for good. SQLite takes a log
// that lacks its end for one that a power cut has ended, and says nothing; the seal knows better. It also tells a wrong key
// from a damaged beginning, and its lock keeps a second process away.
//
// It has two places, written in turns, so that a write cut short leaves the other. Behind them is what beginning.go keeps.
type seal struct {
	file *os.File
	aead cipher.AEAD
}

const (
	sealStride = 4096 // bytes from one place to the other, which never share a sector
	nonceSize  = 12
	sealSize   = nonceSize + 8 + 16
)

// openSeal opens the seal and takes its lock.
func openSeal(path string, key []byte) (*seal, error) {
	aead, err := sealCipher(key)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, failed(err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return nil, ErrInUse
	}
	return &seal{file: file, aead: aead}, nil
}

func sealCipher(key []byte) (cipher.AEAD, error) {
	derived, err := hkdf.Key(sha256.New, key, nil, "traboule store seal", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// sealed is what a seal says.
type sealed struct {
	commits   int64 // that there are; 0 if there was never any, or if it is illegible
	illegible bool  // something is there that cannot be read with this key
	missing   bool  // nothing is there, or no more than the beginning of a first one
}

// check compares what a seal says with what there is.
func (s sealed) check(commits int64) error {
	if s.missing {
		return fmt.Errorf("the seal beside it is missing: %w", ErrDamaged)
	}
	if s.illegible {
		return fmt.Errorf("the seal beside it cannot be read: %w", ErrDamaged)
	}
	if missing := s.commits - commits; missing > 0 {
		return fmt.Errorf("the last %d changes are missing: %w", missing, ErrDamaged)
	}
	return nil
}

// read returns what the seal says. One place that can be read is enough.
func (s *seal) read() (all sealed, err error) {
	legible := false
	all.missing = true
	for place := range int64(2) {
		raw := make([]byte, sealSize)
		n, err := s.file.ReadAt(raw, place*sealStride)
		if err != nil && !errors.Is(err, io.EOF) {
			return sealed{}, failed(err)
		}
		if n < sealSize {
			continue
		}
		all.illegible, all.missing = true, false
		plain, err := s.aead.Open(nil, raw[:nonceSize], raw[nonceSize:], nil)
		if err == nil {
			legible = true
			all.commits = max(all.commits, int64(binary.BigEndian.Uint64(plain)))
		}
	}
	all.illegible = all.illegible && !legible
	return all, nil
}

// write says that there are so many transactions. It returns when that is on the disk.
func (s *seal) write(commits int64) error {
	raw := make([]byte, nonceSize, sealSize)
	rand.Read(raw)
	raw = s.aead.Seal(raw, raw, binary.BigEndian.AppendUint64(nil, uint64(commits)), nil)
	_, err := s.file.WriteAt(raw, commits%2*sealStride)
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		return failed(err)
	}
	return nil
}

// renew writes both places, whatever was there.
func (s *seal) renew(commits int64) error {
	if err := s.write(max(commits-1, 0)); err != nil {
		return err
	}
	return s.write(commits)
}

// close gives the lock back. Closing the file would leave it to a program that is just being started, which has our descriptors
// for a moment.
func (s *seal) close() {
	_ = syscall.Flock(int(s.file.Fd()), syscall.LOCK_UN) // the file is open
	s.file.Close()
}

// syncFolder makes sure that the names in the folder of a file are on the disk.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return failed(err)
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil {
		return failed(err)
	}
	return nil
}

func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	errors.As(err, &errno)
	return errno
}
