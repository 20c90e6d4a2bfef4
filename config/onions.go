package config

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// OnionsName is the name of the list of onion services that may lie beside the settings file.
const OnionsName = "onions"

// ReadOnions returns the list of onion services beside the settings at path, and where it is. There need not be one. Its
// error is an *Error.
func ReadOnions(path string) (file string, text []byte, err error) {
	file = filepath.Join(filepath.Dir(path), OnionsName)
	text, err = readBounded(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return file, nil, nil
	case err != nil:
		return file, nil, unread(file, err)
	}
	return file, text, nil
}
