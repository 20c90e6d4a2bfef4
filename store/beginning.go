package store

import (
	"io"
	"os"
)

// The first page of a database says where all others are: without it nothing can be read. So there is a copy of it behind the
// places of the seal, encrypted as it is on the disk. It may be older than the page, which does where the rest is copied.

// beginningAt is where in the seal the copy is.
const beginningAt = 2 * sealStride

// readBeginning reads the first page of a file, or the copy of one in a seal.
func readBeginning(file io.ReaderAt, at int64) (page []byte, err error) {
	page = make([]byte, blockSize)
	_, err = file.ReadAt(page, at)
	return page, err
}

// hasBeginning reports whether there is a copy.
func (s *seal) hasBeginning() bool {
	_, err := readBeginning(s.file, beginningAt)
	return err == nil
}

// keepBeginning copies the first page of a database that is whole. It is a spare: if it cannot be written, nothing is lost.
func (s *seal) keepBeginning(path string) {
	file, err := os.Open(path)
	if err != nil {
		return
	}
	defer file.Close()
	if page, err := readBeginning(file, 0); err == nil {
		_, _ = s.file.WriteAt(page, beginningAt)
	}
}

// withBeginning does something with a database whose first page is replaced by the copy of it in the seal, if there is one, and
// puts back what was there.
func (l layer) withBeginning(do func() error) error {
	sealed, err := os.ReadFile(l.path + sealSuffix)
	if err != nil || len(sealed) < beginningAt+blockSize {
		return ErrDamaged
	}
	file, err := os.OpenFile(l.path, os.O_RDWR, 0)
	if err != nil {
		return failed(err)
	}
	defer file.Close()
	damaged, err := readBeginning(file, 0)
	if err != nil {
		return ErrDamaged
	}
	if _, err := file.WriteAt(sealed[beginningAt:beginningAt+blockSize], 0); err != nil {
		return failed(err)
	}
	err = do()
	if _, failure := file.WriteAt(damaged, 0); failure != nil && err == nil {
		err = failed(failure)
	}
	return err
}
