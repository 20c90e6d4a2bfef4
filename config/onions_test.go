package config

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestReadOnions(t *testing.T) {
	settings := filepath.Join(t.TempDir(), FileName)
	beside := filepath.Join(filepath.Dir(settings), OnionsName)
	if file, text, err := ReadOnions(settings); file != beside || text != nil || err != nil {
		t.Errorf("no list: %q, %q, %v", file, text, err)
	}
	if err := os.WriteFile(beside, []byte("only\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, text, err := ReadOnions(settings); string(text) != "only\n" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if err := os.WriteFile(beside, make([]byte, maxSize+1), 0o600); err != nil {
		t.Fatal(err)
	}
	var fault *Error
	if _, text, err := ReadOnions(settings); !errors.As(err, &fault) || fault.File != beside || fault.Problem != Unreadable {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}
