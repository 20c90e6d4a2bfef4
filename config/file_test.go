package config

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestSettingsOfOthersAreNotRead: in a folder that others can write, they could have us run programs and leave Tor.
func TestSettingsOfOthersAreNotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	for mode, want := range map[os.FileMode]bool{0o600: true, 0o644: true, 0o664: true, 0o666: false, 0o602: false} {
		if err := os.WriteFile(path, []byte("tor = \"off\"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		settings, err := Load(path, Checks{})
		var fault *Error
		switch {
		case want && (err != nil || settings.Tor.Value != "off"):
			t.Errorf("mode %o: %v", mode, err)
		case !want && (!errors.As(err, &fault) || fault.Problem != Unsafe || fault.File != path):
			t.Errorf("mode %o: %v", mode, err)
		}
	}
	const user, other = 1000, 1001
	for owner, want := range map[uint32]bool{user: true, 0: true, other: false} {
		if got := trusted(owner, 0o644, user); got != want {
			t.Errorf("a file of user %d is read: %v", owner, got)
		}
	}
}

func TestSettingsThatAreNoFile(t *testing.T) {
	var fault *Error
	if _, err := Load(t.TempDir(), Checks{}); !errors.As(err, &fault) || fault.Problem != Unreadable {
		t.Error(err)
	}
}
