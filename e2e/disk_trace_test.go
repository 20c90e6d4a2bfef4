package e2e_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode/utf16"
)

// The system calls that change what is on a disk: by the name of a file, by a file that is open, and by opening one.
const (
	namingCalls = "rename renameat renameat2 link linkat symlink symlinkat mkdir mkdirat mknod mknodat truncate unlink unlinkat rmdir " +
		"chmod fchmodat chown lchown fchownat utime utimes utimensat futimesat setxattr lsetxattr removexattr lremovexattr bind"
	writingCalls = "write pwrite64 writev pwritev pwritev2 ftruncate fallocate fchmod fchown fsetxattr fremovexattr sendfile copy_file_range splice"
	openingCalls = "open openat openat2 creat"
	// unseenCalls can write without a call that shows what.
	unseenCalls = "mmap io_uring_setup"
)

// diskTraced returns the command line that runs a program and notes what it and its children do to the disk, and what they
// write there: in one file for each thread, the names of which begin with the one that is given.
func diskTraced(t testing.TB, file string, argv ...string) []string {
	t.Helper()
	if os.Geteuid() != 0 { // as in traced
		argv = append([]string{need(t, "unshare"), "--user", "--map-current-user", "--"}, argv...)
	}
	calls := strings.Fields(strings.Join([]string{namingCalls, writingCalls, openingCalls, unseenCalls}, " "))
	trace := "trace=?" + strings.Join(calls, ",?") // a machine need not have all of them
	return append([]string{need(t, "strace"), "-ff", "-y", "-qq", "-xx", "-s", "1048576", "-e", trace, "-o", file}, argv...)
}

// disk is what a program has done to the disk.
type disk struct {
	t testing.TB
	// written has, for each path that was made, opened to be written, renamed, changed or removed, all that was written there.
	written map[string][]byte
}

// disks reads what diskTraced has noted.
func disks(t testing.TB, file string) disk {
	t.Helper()
	d := disk{t, map[string][]byte{}}
	threads, err := filepath.Glob(file + ".*")
	if err != nil || len(threads) == 0 {
		t.Fatalf("no trace: %v", err)
	}
	opened := false
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		if err != nil {
			t.Fatal(err)
		}
		opened = opened || bytes.Contains(text, []byte("openat("))
		for line := range strings.Lines(string(text)) {
			d.note(strings.TrimSpace(line))
		}
	}
	if !opened {
		t.Fatal("the trace shows nothing")
	}
	return d
}

var (
	failedCall = regexp.MustCompile(`\) += -1 E`)
	openFile   = regexp.MustCompile(`(?:[0-9]+|AT_FDCWD)<([^>]*)>`)
	quoted     = regexp.MustCompile(`(?:AT_FDCWD|[0-9]+)?(?:<([^>]*)>, )?(@?)"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?`)
	canWrite   = regexp.MustCompile(`O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE`)
	// mapped is a file in the memory of a process, from where the kernel writes it back.
	mapped = regexp.MustCompile(`PROT_WRITE.*MAP_SHARED.*, [0-9]+<([^>]*)>`)
)

// note reads a line of the trace.
func (d disk) note(line string) {
	call, rest, _ := strings.Cut(line, "(")
	if call == "" || failedCall.MatchString(rest) {
		return
	}
	is := func(calls string) bool { return slices.Contains(strings.Fields(calls), call) }
	switch {
	case is(openingCalls) && (call == "creat" || canWrite.MatchString(rest)):
		files := openFile.FindAllStringSubmatch(rest[strings.LastIndex(rest, ")"):], -1)
		if len(files) == 0 { // the client hides it from its user; only root sees what is written there
			d.named(rest)
			return
		}
		d.add(plain(files[0][1]), "")
	case call == "bind":
		_, socket, _ := strings.Cut(rest, "sun_path=")
		d.named(socket)
	case is(namingCalls):
		d.named(rest)
	case is(writingCalls):
		d.wrote(rest)
	case call == "mmap":
		if file := mapped.FindStringSubmatch(rest); file != nil && isOnDisk(plain(file[1])) {
			d.t.Errorf("what is written to %s is not shown", plain(file[1]))
		}
	case call == "io_uring_setup":
		d.t.Error("what is written through io_uring is not shown")
	}
}

// named notes a call on names; one without a name is on a file that is open.
func (d disk) named(rest string) {
	names := quoted.FindAllStringSubmatch(rest, -1)
	for _, name := range names {
		path, folder := plain(name[3]), plain(name[1])
		if name[2] == "@" { // a socket without a file
			continue
		}
		if folder == "" {
			folder = "/?" // where the program was then
		}
		if !filepath.IsAbs(path) {
			path = filepath.Join(folder, path)
		}
		d.add(path, "")
	}
	if len(names) == 0 {
		d.wrote(rest)
	}
}

// wrote notes a call on files that are open, with what it writes.
func (d disk) wrote(rest string) {
	for _, file := range openFile.FindAllStringSubmatch(rest, -1) {
		path := plain(file[1])
		if !isOnDisk(path) {
			continue
		}
		d.add(path, "")
		for _, text := range quoted.FindAllStringSubmatch(rest, -1) {
			if text[4] != "" {
				d.t.Errorf("what was written to %s is not shown to its end", path)
			}
			d.add(path, plain(text[3]))
		}
	}
}

func (d disk) add(path, text string) {
	if isOnDisk(path) {
		d.written[path] = append(d.written[path], text...)
	}
}

// isOnDisk tells a file from a device, a pipe, a socket, and what is in the kernel's memory alone. What is shared in memory
// counts as a file: everybody finds it there.
func isOnDisk(path string) bool {
	device := strings.HasPrefix(path, "/dev/") && !strings.HasPrefix(path, "/dev/shm/") && !strings.HasPrefix(path, "/dev/mqueue/")
	return filepath.IsAbs(path) && !device && !strings.HasPrefix(path, "/proc/") && !strings.HasPrefix(path, "/memfd:")
}

// plain undoes how strace shows bytes.
func plain(text string) string {
	if bytes, err := hex.DecodeString(strings.ReplaceAll(text, `\x`, "")); err == nil && strings.HasPrefix(text, `\x`) {
		return strings.TrimSuffix(string(bytes), " (deleted)")
	}
	return text
}

// files lists the paths.
func (d disk) files() (paths []string) {
	for path := range d.written {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

// tells lists which secrets stand where: in names, in what was written, be it gone since or not, in the files that were
// changed, and in all others below some folders.
func (d disk) tells(folders []string, secrets ...string) (found []string) {
	d.t.Helper()
	paths := d.files()
	for _, folder := range folders {
		paths = append(paths, pathsBelow(d.t, folder)...)
	}
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		text, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.EISDIR) {
			d.t.Fatal(err)
		}
		text = slices.Concat(text, []byte{0}, d.written[path], []byte{0}, []byte(path))
		for _, secret := range secrets {
			for form, bytesOf := range formsOf(d.t, secret) {
				if bytes.Contains(text, bytesOf) {
					found = append(found, secret+", "+form+", in "+path)
				}
			}
		}
	}
	return found
}

func pathsBelow(t testing.TB, folder string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		paths = append(paths, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// formsOf are the ways in which a secret could be written.
func formsOf(t testing.TB, secret string) map[string][]byte {
	t.Helper()
	const shortest = 6 // what is shorter stands in noise by chance
	if len(secret) < shortest {
		t.Fatalf("the secret %q is too short", secret)
	}
	forms := map[string][]byte{
		"as it is": []byte(secret), "in hexadecimal": []byte(hex.EncodeToString([]byte(secret))),
		"in capital hexadecimal": []byte(strings.ToUpper(hex.EncodeToString([]byte(secret)))),
	}
	var little, big []byte
	for _, unit := range utf16.Encode([]rune(secret)) {
		low, high := byte(unit), byte(unit>>8)
		little, big = append(little, low, high), append(big, high, low)
	}
	forms["in UTF-16"], forms["in UTF-16, the other way round"] = little, big
	for shift, place := range []string{"in base64", "in base64 after a byte", "in base64 after two"} {
		for name, encoding := range map[string]*base64.Encoding{"": base64.RawStdEncoding, " for links": base64.RawURLEncoding} {
			text := encoding.EncodeToString(append(make([]byte, shift), secret...))
			// The letters at the ends hold bits of what stands beside.
			from, to := (8*shift+5)/6, (shift+len(secret))*8/6
			forms[place+name] = []byte(text[from:to])
		}
	}
	return forms
}
