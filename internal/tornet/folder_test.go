package tornet

import (
	"os"
	"testing"
)

func TestFoldersOfKilledNetworksAreSwept(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	living, err := newFolder(base)
	if err != nil {
		t.Fatal(err)
	}
	killed, err := newFolder(base)
	if err != nil {
		t.Fatal(err)
	}
	killed.lock.Close() // as the kernel does
	next, err := newFolder(base)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []*folder{living, next} {
		if _, err := os.Stat(f.path); err != nil {
			t.Error(err)
		}
		if err := f.remove(); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(base); err != nil || len(left) > 0 {
		t.Errorf("left behind %v, %v", left, err)
	}
}
