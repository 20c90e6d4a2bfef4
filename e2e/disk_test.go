package e2e_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"traboule/vault"
)

// changing are the system calls by which files are opened, made, renamed and changed.
const changing = "open,openat,openat2,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,mknod,mknodat,truncate"

// diskTraced returns the command line that runs a program and notes which files it changes.
func diskTraced(t *testing.T, file string, argv ...string) []string {
	t.Helper()
	if os.Geteuid() != 0 { // as in traced
		argv = append([]string{need(t, "unshare"), "--user", "--map-current-user", "--"}, argv...)
	}
	return append([]string{need(t, "strace"), "-f", "-y", "-qq", "-s", "4096", "-e", "trace=" + changing, "-o", file}, argv...)
}

var (
	opened = regexp.MustCompile(`open(?:at2?)?\(.*(?:O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE).* = [0-9]+<([^>]*)>`)
	made   = regexp.MustCompile(`^[0-9]+ +(?:creat|rename|link|symlink|mkdir|mknod|truncate)[a-z0-9]*\((.*)\) += 0`)
	named  = regexp.MustCompile(`(?:<([^>]*)>, )?"([^"]*)"`)
)

// changed lists the files that a trace says were opened to be written, made, renamed or changed; devices and what is in the
// kernel's memory alone are none.
func changed(t *testing.T, trace string) (files []string) {
	t.Helper()
	text, err := os.ReadFile(trace)
	if err != nil || !bytes.Contains(text, []byte("openat(")) {
		t.Fatalf("the trace shows nothing: %v", err)
	}
	add := func(path string) {
		kernel := strings.HasPrefix(path, "/dev/") || strings.HasPrefix(path, "/proc/") || strings.HasPrefix(path, "/memfd:")
		if !kernel && !slices.Contains(files, path) {
			files = append(files, path)
		}
	}
	for line := range strings.Lines(string(text)) {
		if found := opened.FindStringSubmatch(line); found != nil {
			add(found[1])
		}
		if found := made.FindStringSubmatch(line); found != nil {
			for _, name := range named.FindAllStringSubmatch(found[1], -1) {
				path := name[2]
				if !filepath.IsAbs(path) {
					path = filepath.Join(name[1], path)
				}
				add(path)
			}
		}
	}
	return files
}

// tells lists the secrets that can be read in files as they are now, or in their names.
func tells(t *testing.T, files []string, secrets ...string) (found []string) {
	t.Helper()
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.EISDIR) {
			t.Fatal(err)
		}
		for _, secret := range secrets {
			if secret == "" {
				t.Fatal("an empty secret is found everywhere")
			}
			if bytes.Contains(text, []byte(secret)) || strings.Contains(path, secret) {
				found = append(found, secret+" in "+path)
			}
		}
	}
	return found
}

// TestDiskSearchFindsALeak plants what the tests below look for.
func TestDiskSearchFindsALeak(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	trace := filepath.Join(t.TempDir(), "trace")
	argv := diskTraced(t, trace, "sh", "-c", `cd "$0" && echo "rendez-vous au pont" > log && mv log kept && mkdir "$0/hubert@localhost" && : > /dev/null`, dir)
	if said, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	files := changed(t, trace)
	want := []string{dir + "/log", dir + "/kept", dir + "/hubert@localhost"}
	if !slices.Equal(files, want) {
		t.Errorf("changed %q, want %q", files, want)
	}
	if found := tells(t, files, "rendez-vous au pont", "hubert@localhost", "ailleurs"); len(found) != 2 {
		t.Errorf("found %q", found)
	}
}

// onDisk holds a whole session of ana on a profile, in which secrets are said, and ends it as a power cut would. The line goes
// to the descriptor of passwords.
func onDisk(t *testing.T, s server, line string, args ...string) (files, secrets []string) {
	t.Helper()
	const room, open, private, plain = "grotte@conference.localhost", "rendez-vous au pont", "la clé sous la pierre", "à jeudi chez lupin"
	trace := filepath.Join(t.TempDir(), "trace")
	paulette := login(t, s, "paulette")
	paulette.send("/join " + room)
	paulette.expect("room", fields{"room": room, "state": "joined"})
	ana := startCommand(t, "ana", line, diskTraced(t, trace, append([]string{
		binary(), "--json", "--lang", "en", "--tor", "off", "--server", s.addr, "--ca", s.caFile, "--account", "ana@localhost", "--password-fd", "3",
	}, args...)...)...)
	ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
	ana.send("/join " + room)
	ana.expect("room", fields{"room": room, "state": "joined"})
	ana.send(open)
	paulette.expect("message", fields{"kind": "groupchat", "body": open, "direction": "in"})
	paulette.send(open + " !")
	ana.expect("message", fields{"body": open + " !"})
	ana.send("/query paulette@localhost")
	ana.send(plain)
	paulette.expect("message", fields{"body": plain})
	ana.send("/otr start")
	ana.expect("otr", fields{"conversation": paulette.jid(), "state": "encrypted"})
	paulette.expect("otr", fields{"conversation": ana.jid(), "state": "encrypted"})
	ana.send("/otr trust")
	trusted := ana.expect("otr", fields{"event": "trusted"})
	ana.send(private)
	paulette.expect("message", fields{"body": private, "encryption": "otr"})
	ana.send("/history on paulette@localhost")
	ana.expect("notice", fields{"code": "history-own"})
	killTraced(t, ana)
	secrets = []string{room, "grotte", open, private, plain, "paulette", "ana@localhost", password, passphrase, trusted["fingerprint"].(string)}
	paulette.quit()
	return changed(t, trace), secrets
}

// killTraced kills the program that a strace watches, and waits until the trace is written.
func killTraced(t *testing.T, c *client) {
	t.Helper()
	text, err := os.ReadFile("/proc/" + c.pid() + "/task/" + c.pid() + "/children")
	if err != nil {
		t.Fatal(err)
	}
	for _, child := range strings.Fields(string(text)) {
		pid, err := strconv.Atoi(child)
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	c.status()
}

// TestNothingReadableOnDisk: after a whole session with an encrypted profile, killed, nothing of it can be read in any file
// that the client or its processes have touched, and no file outside of the vault was.
func TestNothingReadableOnDisk(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	dir := t.TempDir()
	profileOf(t, 0, dir, []string{passphrase}, "encrypted", "--history", "on")
	files, secrets := onDisk(t, s, passphrase+"\n"+password, "--profile", dir, "--passphrase-fd", "3")
	v, err := vault.Take(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	keys, err := v.Open(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	secrets = append(secrets, string(keys.Database[:]), string(keys.Sealing[:]))
	for _, path := range files {
		if filepath.Dir(path) != v.Folder() {
			t.Errorf("changed outside of the vault: %s", path)
		}
	}
	if !slices.Contains(files, v.Database()) {
		t.Errorf("the database was not touched: nothing is proved by %q", files)
	}
	if found := tells(t, append(files, filepath.Join(v.Folder(), "key")), secrets...); len(found) > 0 {
		t.Errorf("it can be read: %q", found)
	}
}

// TestAmnesicChangesNoFile: after an amnesic session no file was made or changed, wherever it is.
func TestAmnesicChangesNoFile(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	dir := t.TempDir()
	profileOf(t, 0, dir, []string{passphrase}, "encrypted")
	if files, _ := onDisk(t, s, password, "--profile", dir, "--amnesic"); len(files) > 0 {
		t.Errorf("changed: %q", files)
	}
}
