package netns

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

const (
	runFolder    = "/run"
	resolverFile = "/etc/resolv.conf"
)

// hideFiles empties /run, where resolvers, name caches and the desktop listen on sockets that no packet capture sees, and
// names the trap as the name server.
func hideFiles() error {
	if err := unix.Mount("none", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("keep mounts to ourselves: %w", err)
	}
	for _, folder := range []string{runFolder, "/var/run"} {
		info, err := os.Lstat(folder)
		if err != nil || !info.IsDir() {
			continue // not there, or a link to the other
		}
		if err := unix.Mount("none", folder, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=755"); err != nil {
			return fmt.Errorf("hide %q: %w", folder, err)
		}
	}
	return nameResolver()
}

// nameResolver replaces resolv.conf. A machine without one has its programs ask 127.0.0.1, which is as good a trap.
func nameResolver() error {
	text := fmt.Appendf(nil, "nameserver %s\nnameserver %s\n", worldIPv4().Addr(), worldIPv6().Addr())
	if _, err := filepath.EvalSymlinks(resolverFile); err == nil {
		file := filepath.Join(runFolder, "resolv.conf")
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
		if err := unix.Mount(file, resolverFile, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("replace %q: %w", resolverFile, err)
		}
		return nil
	}
	target, err := os.Readlink(resolverFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	// It led into what is hidden now, where there is room for another.
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(resolverFile), target)
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	return os.WriteFile(target, text, 0o644)
}
