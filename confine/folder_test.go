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
	must(t, d.Remove(t.Context(), folder))
	must(t, d.Remove(t.Context(), folder))
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
		if (request{Task: removeTask, Folder: folder}).valid() {
			t.Errorf("%q may be removed", folder)
		}
	}
	if !(request{Task: removeTask, Folder: "/dev/shm/traboule-client-tor-1"}).valid() {
		t.Error("the folder of a tor may not be removed")
	}
}

// TestNoMoreFoldersOnceAllowed shows that a client taken over can not have more removed than what went with it anyway.
func TestNoMoreFoldersOnceAllowed(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "other")
	must(t, os.Mkdir(folder, 0o700))
	d, err := OpenDoor()
	must(t, err)
	must(t, d.Allow(t.Context(), Allowed{}))
	if err := d.Remove(t.Context(), folder); !errors.Is(err, ErrRefused) {
		t.Errorf("%v, want a refusal", err)
	}
	must(t, d.Close())
	if _, err := os.Lstat(folder); err != nil {
		t.Errorf("it was removed: %v", err)
	}
}
