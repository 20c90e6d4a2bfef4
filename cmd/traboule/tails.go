package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"traboule/ui/i18n"
)

// tailsStorage is where Tails mounts its Persistent Storage once that is unlocked. What it shows elsewhere, such as
// ~/Persistent, is on the same file system.
const tailsStorage = "/live/persistence/TailsData_unlocked"

// adviseOnTails tells where a profile would not outlive the session.
func (c *profile) adviseOnTails() {
	if onTails(os.DirFS("/")) && !onSameDisk(c.data, tailsStorage) {
		c.say(i18n.ProfileOnTails)
	}
}

// onTails reports whether this is Tails, by what it says of itself.
func onTails(root fs.FS) bool {
	text, err := fs.ReadFile(root, "etc/os-release")
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if name == "TAILS_PRODUCT_NAME" || name == "ID" && strings.Trim(value, `"'`) == "tails" {
			return true
		}
	}
	return false
}

// onSameDisk reports whether a folder, which may not be there yet, is or would be on the file system of another.
func onSameDisk(folder, other string) bool {
	want, err := os.Stat(other)
	if err != nil {
		return false
	}
	for {
		info, err := os.Stat(folder)
		switch parent := filepath.Dir(folder); {
		case err == nil:
			return device(info) == device(want)
		case !errors.Is(err, fs.ErrNotExist), parent == folder:
			return false
		default:
			folder = parent
		}
	}
}

func device(info fs.FileInfo) uint64 {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0
	}
	return uint64(stat.Dev)
}
