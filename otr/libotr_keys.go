package otr

import (
	"encoding/hex"
	"os"

	"traboule/im"
)

// StoredKey is a private key in a file of libotr's, as far as the parent may know it.
type StoredKey struct {
	Account KeyName
	// Fingerprint is 40 lower-case hexadecimal digits.
	Fingerprint string
}

// ListKeys has the child tell which keys are in a file of libotr's. The Engine takes the file over.
func (e *Engine) ListKeys(file *os.File, done func([]StoredKey, error)) {
	e.call(call{request: request{Task: listTask, Account: im.JID{}.String()}, file: file, done: func(answer reply, err error) {
		if done != nil {
			done(answer.Keys, err)
		}
	}})
}

// listKeys reads the names of the keys of a file.
func listKeys(file *os.File) ([]StoredKey, fault) {
	keys, fault := readKeys(file)
	if fault != "" {
		return nil, fault
	}
	var list []StoredKey
	for _, k := range keys {
		list = append(list, StoredKey{k.name, hex.EncodeToString(k.key.PublicKey().Fingerprint())})
	}
	return list, ""
}
