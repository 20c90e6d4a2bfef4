package confine

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestDoorRemovesFolders shows that a folder goes with the client, even if something is still written there.
func TestDoorRemovesFolders(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "private")
	must(t, os.MkdirAll(filepath.Join(folder, "cache"), 0o700))
	must(t, os.WriteFile(filepath.Join(folder, "cache", "file"), []byte("x"), 0o600))
	d, err := OpenDoor()
	must(t, err)
	must(t, d.Allow(t.Context(), Allowed{Remove: []string{folder}}))
	must(t, d.Close())
	if _, err := os.Lstat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	if _, err := os.Lstat(filepath.Dir(folder)); err != nil {
		t.Errorf("more than the folder went: %v", err)
	}
}

func TestFoldersToRemoveAreChecked(t *testing.T) {
	for _, folder := range []string{"", "/", "/home", "relative/path", "/home/ana/../bob", "/home/ana/"} {
		if err := (Allowed{Remove: []string{folder}}).check(); err == nil {
			t.Errorf("%q may be removed", folder)
		}
	}
	if err := (Allowed{Remove: []string{"/dev/shm/traboule-client-tor-1"}}).check(); err != nil {
		t.Error(err)
	}
}
