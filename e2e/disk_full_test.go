package e2e_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// onSmallDisk makes a profile on a disk of its own of a few megabytes, runs the client on it, then tells on standard error what
// is kept, makes room, and tells it again. The folder where this disk can be filled from outside comes with the client.
func onSmallDisk(t *testing.T, s server, language string) (ana *client, disk string) {
	t.Helper()
	const script = `mount -t tmpfs -o size=3m,mode=700 none "$0" && client=$1 && shift &&
"$client" profile --lang en --profile "$0" plain --yes --history on >&2 || exit 99
"$client" "$@"
status=$?
kept() { "$client" history export paulette@localhost --yes --lang en --account ana@localhost --profile "$0" >&2; }
echo "while full:" >&2; kept
rm -f "$0/filler"
echo "with room:" >&2; kept
exit $status`
	unshare := unshareDisks(t)
	profile := t.TempDir()
	l := launch{server: s, account: "ana@localhost", args: []string{"--lang", language}}
	argv := append(unshare, "sh", "-c", script, profile, binary(), "--json")
	ana = startCommand(t, "ana", password, append(argv, l.arguments(profile)...)...)
	return ana, filepath.Join("/proc", ana.pid(), "root", profile)
}

// unshareDisks is the command line that runs another one where disks can be mounted that nobody else sees.
func unshareDisks(t *testing.T) []string {
	t.Helper()
	unshare := []string{need(t, "unshare"), "--mount", "--propagation", "private"}
	if os.Geteuid() != 0 {
		unshare = append(unshare, "--user", "--map-root-user")
	}
	if said, err := exec.CommandContext(t.Context(), unshare[0], append(unshare[1:], "mount", "-t", "tmpfs", "none", t.TempDir())...).CombinedOutput(); err != nil {
		lacking(t, fmt.Sprintf("no disk can be mounted here: %v: %s", err, said))
	}
	return unshare
}

// TestDiskTooSmall: where there is no room for a new profile, that is what the client says, however little is missing, and
// it leaves nothing behind.
func TestDiskTooSmall(t *testing.T) {
	t.Parallel()
	const script = `mount -t tmpfs -o size=$1k,mode=700 none "$0" || exit 99
"$2" profile --lang en --profile "$0" plain --yes --history on
status=$?
[ $status = 0 ] && { "$2" history --lang en --profile "$0" || exit 98; }
[ $status = 0 ] || find "$0" -type f
exit $status`
	unshare, made := unshareDisks(t), 0
	for size := 4; made < 3 && size < 4096; size += 36 {
		argv := append(unshare[1:], "sh", "-c", script, t.TempDir(), fmt.Sprint(size), binary())
		said, err := exec.CommandContext(t.Context(), unshare[0], argv...).CombinedOutput()
		switch {
		case err == nil:
			made++
		case made > 0, !strings.Contains(string(said), "no room on the disk"), strings.Contains(string(said), "database\n"):
			t.Errorf("on %d KiB: %v: %s", size, err, said)
		}
	}
	if made == 0 {
		t.Error("no disk was large enough")
	}
}

// TestDiskFull: on a full disk the client says so and goes on. What was kept before stays; what could not be kept is kept as
// soon as there is room, and if there is none before the end, that is said too.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	paulette := login(t, s, "paulette")
	for name, row := range map[string]struct {
		language, says, atTheEnd string
		makeRoom                 bool
		status                   int
	}{
		"until the end": {"fr", "le disque n’a plus de place pour ce qui est à garder", "il n’y a plus de place sur le disque", false, 1},
		"for a while":   {"en", "the disk has no room left for what is to be kept", "", true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			ana, disk := onSmallDisk(t, s, row.language)
			ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
			ana.send("/otr policy never paulette@localhost")
			ana.send("/query paulette@localhost")
			ana.send("%s", kept)
			paulette.expect("message", fields{"body": kept})
			ana.send("/search imprimerie")
			ana.expect("notice", fields{"code": "search"}) // what was asked before is on the disk when this is answered
			fillDisk(t, disk)
			lastWord := talkUntilFull(ana, paulette, row.says)
			if row.makeRoom {
				if err := os.Remove(filepath.Join(disk, "filler")); err != nil {
					t.Fatal(err)
				}
			}
			ana.send("/quit")
			if status := ana.status(); status != row.status || !strings.Contains(ana.errors.String(), row.atTheEnd) {
				t.Errorf("status %d: %s", status, ana.errors)
			}
			_, afterwards, _ := strings.Cut(ana.errors.String(), "with room:")
			if !strings.Contains(afterwards, kept) || strings.Contains(afterwards, lastWord) != row.makeRoom {
				t.Errorf("kept: %s", ana.errors)
			}
		})
	}
	paulette.quit()
}

// fillDisk leaves no room on a disk.
func fillDisk(t *testing.T, disk string) {
	t.Helper()
	filler, err := os.Create(filepath.Join(disk, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	defer filler.Close()
	for range 1024 {
		if _, err = filler.Write(make([]byte, 4096)); err != nil {
			break
		}
	}
	if path := (*fs.PathError)(nil); !errors.As(err, &path) || path.Err != syscall.ENOSPC {
		t.Fatalf("the disk does not fill up: %v", err)
	}
}

// talkUntilFull says long things until the client tells that they cannot be kept any more, and returns how the last one
// begins. All of them arrive.
func talkUntilFull(ana, paulette *client, says string) (lastWord string) {
	ana.t.Helper()
	for n := range 100 {
		lastWord = fmt.Sprintf("parole %d.", n)
		ana.send("%s%s", lastWord, strings.Repeat(" bavardage", 400))
		paulette.expect("message", fields{"direction": "in", "body": lastWord + strings.Repeat(" bavardage", 400)})
		if told := ana.find("notice", fields{"code": "store-failed", "error.code": "store-full"}, 50*time.Millisecond); told != nil {
			if text := fmt.Sprint(told["text"]); !strings.Contains(text, says) {
				ana.t.Errorf("it says %q", text)
			}
			return lastWord
		}
	}
	ana.t.Fatalf("it does not tell that the disk is full:\n%s", ana.transcript())
	return ""
}
