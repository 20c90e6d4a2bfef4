package dial

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTorFolder(t *testing.T) {
	base := shortTempDir(t)
	mkdir := func(name string, mode os.FileMode) string {
		path := filepath.Join(base, name)
		if err := os.Mkdir(path, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	live, err := newTorFolder([]string{base})
	if err != nil {
		t.Fatal(err)
	}
	stale, open, elsewhere := mkdir(torFolderPrefix+"stale", 0o700), mkdir(torFolderPrefix+"open", 0o755), mkdir("elsewhere", 0o700)
	for _, path := range []string{stale, elsewhere} {
		if err := os.WriteFile(filepath.Join(path, "file"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(base, torFolderPrefix+"link")
	if err := os.Symlink(elsewhere, link); err != nil {
		t.Fatal(err)
	}
	// The first two cannot be used: not absolute, too long for a socket.
	second, err := newTorFolder([]string{"", filepath.Join(base, "long-long-long-long-long-long-long-long-long-long-long-long-long"), base})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		live.path: true, second.path: true, stale: false, open: true, link: true, filepath.Join(elsewhere, "file"): true,
	} {
		if _, err := os.Lstat(path); (err == nil) != want {
			t.Errorf("%s: %v, want there: %v", path, err, want)
		}
	}
	if info, err := os.Stat(live.path); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v: want it private", info, err)
	}
	live.remove()
	second.remove()
	if left, err := filepath.Glob(filepath.Join(base, torFolderPrefix+"*")); err != nil || len(left) != 2 {
		t.Errorf("left: %q, %v", left, err)
	}
	if _, err := newTorFolder([]string{"/nowhere"}); err == nil {
		t.Error("a folder in a place that does not exist")
	}
}

// shortTempDir is a t.TempDir whose paths are short enough for sockets.
func shortTempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "dial")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
