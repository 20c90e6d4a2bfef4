package e2e_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"traboule/vault"
)

// What is said on the disk, and must not be found there.
const (
	grotte       = "lagrotte@conference.localhost"
	inRoom       = "rendezvous sous le belvédère"
	fromRoom     = "apportez des parapluies"
	aside        = "méfie-toi du concierge"
	inClear      = "jeudi, chez la cordonnière"
	encrypted    = "enveloppe derrière la chaudière"
	keptByHand   = "ceci restera entre funambules"
	halfTyped    = "brouillon inachevé"
	nameOfRoom   = "Spéléologues"
	nameOfFriend = "Philomène"
	chouette     = "chouette"
)

// saidOnDisk are the secrets of each session, and single words of them, as an index might have them.
func saidOnDisk() []string {
	return []string{
		grotte, inRoom, fromRoom, aside, inClear, encrypted, keptByHand, halfTyped, nameOfRoom, nameOfFriend, chouette,
		"lagrotte", "belvédère", "belvedere", "parapluies", "concierge", "cordonnière", "cordonniere", "chaudière", "chaudiere", "funambules", "inachevé",
		"paulette", "ana@localhost", password, passphrase, "SQLite format", "CREATE TABLE",
	}
}

// onDisk is a machine with a profile on which a client runs, with all that it does to the disk noted.
type onDisk struct {
	t              *testing.T
	s              server
	proxy          *socks
	home, profile  string
	trace          string
	ana, paulette  *client
	beforeSessions string
}

// newOnDisk makes the machine, and paulette, who is elsewhere.
func newOnDisk(t *testing.T) *onDisk {
	t.Helper()
	s, _ := onContacts(t, 0)
	home := t.TempDir()
	o := &onDisk{t: t, s: s, home: home, profile: filepath.Join(home, "profile"), trace: filepath.Join(t.TempDir(), "trace")}
	o.proxy = newSOCKS(t, map[string]string{"localhost:5223": s.directAddr})
	write(t, filepath.Join(o.profile, "config.toml"), "start_tor = false\nkeep_drafts = true\n")
	for _, name := range []string{"tmp", "run", "data", "cache", "state"} {
		if err := os.Mkdir(filepath.Join(home, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	o.paulette = login(t, s, "paulette")
	o.paulette.send("/join " + grotte)
	o.paulette.expect("room", fields{"room": grotte, "state": "joined"})
	return o
}

// env puts all that a program usually writes to into one folder.
func (o *onDisk) env() []string {
	return []string{
		"HOME=" + o.home, "TMPDIR=" + o.home + "/tmp", "XDG_RUNTIME_DIR=" + o.home + "/run", "XDG_DATA_HOME=" + o.home + "/data",
		"XDG_CACHE_HOME=" + o.home + "/cache", "XDG_STATE_HOME=" + o.home + "/state",
	}
}

// program is the command line of the client under the trace, through a proxy, so that it is confined and has its door.
func (o *onDisk) program(args ...string) []string {
	return diskTraced(o.t, o.trace, append([]string{
		binary(), "--profile", o.profile, "--lang", "en", "--socks", o.proxy.addr(), "--ca", o.s.caFile, "--account", "ana@localhost",
	}, args...)...)
}

// onScreen has a session on the screen, where the secrets are typed, and leaves it with a line half typed.
func (o *onDisk) onScreen(keeps bool, args ...string) {
	o.t.Helper()
	ana := newTerminal(o.t, 120, 40, append(o.env(), "TERM=screen-256color"), o.program(args...)...)
	if keeps {
		ana.await("Passphrase of the profile:")
		ana.say(passphrase)
	}
	ana.await("Password for ana@localhost:")
	ana.say(password)
	ana.await("connected as ana@localhost")
	ana.say("/join " + grotte + " " + chouette)
	o.paulette.expect("occupant", fields{"nick": chouette, "event": "joined"})
	ana.await("▸lagrotte")
	ana.say(inRoom)
	o.paulette.expect("message", fields{"kind": "groupchat", "body": inRoom, "from": chouette})
	ana.say("/msg paulette@localhost " + inClear)
	o.paulette.expect("message", fields{"body": inClear})
	ana.say("/query paulette@localhost")
	ana.await("▸paulette")
	ana.run("send-keys", "-l", "--", halfTyped)
	ana.await(halfTyped)
	ana.keys("C-p")
	ana.await("▸lagrotte")
	ana.say("/quit")
	ana.awaitEnd()
}

// untilKilled has a session in which all is done that could leave something behind, and ends it as a power cut would. It returns
// the fingerprint of paulette. The lines go to the descriptor of secrets.
func (o *onDisk) untilKilled(lines string, args ...string) (fingerprint string) {
	o.t.Helper()
	env := append([]string{need(o.t, "env")}, o.env()...)
	ana := startCommand(o.t, "ana", lines, append(env, o.program(append([]string{"--json"}, args...)...)...)...)
	o.ana = ana
	ana.expect("connection", fields{"state": "connected", "via": "tor"})
	ana.expect("presence", fields{"from": o.paulette.jid(), "show": "online"})
	o.roomAndPrivate()
	fingerprint = o.encrypted()
	ana.send("/privacy receipts on")
	ana.send("/add paulette@localhost " + nameOfFriend)
	ana.expect("roster", fields{"name": nameOfFriend})
	ana.send("/history show")
	ana.expectOneOf("notice", fields{"code": "history-shown"}, fields{"code": "history-beginning"})
	ana.send("/search belvedere")
	ana.expect("notice", fields{"code": "search"}) // what was asked before is on the disk when this is answered
	killTraced(o.t, ana)
	return fingerprint
}

func (o *onDisk) roomAndPrivate() {
	o.t.Helper()
	ana, paulette := o.ana, o.paulette
	ana.send("/join " + grotte + " " + chouette)
	ana.expect("room", fields{"room": grotte, "state": "joined"})
	ana.send("/bookmark name " + nameOfRoom)
	ana.send(inRoom)
	ana.expect("message", fields{"direction": "out", "body": inRoom})
	paulette.send(fromRoom)
	ana.expect("message", fields{"kind": "groupchat", "direction": "in", "body": fromRoom})
	paulette.send("/msg " + grotte + "/" + chouette + " " + aside)
	ana.expect("message", fields{"direction": "in", "body": aside})
	ana.send("/query paulette@localhost")
	ana.send(inClear)
	paulette.expect("message", fields{"direction": "in", "body": inClear})
}

func (o *onDisk) encrypted() (fingerprint string) {
	o.t.Helper()
	ana, paulette := o.ana, o.paulette
	ana.send("/otr start")
	ana.expect("otr", fields{"conversation": paulette.jid(), "state": "encrypted"})
	paulette.expect("otr", fields{"conversation": ana.jid(), "state": "encrypted"})
	ana.send("/otr trust")
	trusted := ana.expect("otr", fields{"event": "trusted"})
	ana.send(encrypted)
	paulette.expect("message", fields{"body": encrypted, "encryption": "otr"})
	ana.send("/history on paulette@localhost encrypted")
	ana.expectOneOf("notice", fields{"code": "history-own"}, fields{"code": "history-own-memory"})
	ana.send(keptByHand)
	paulette.expect("message", fields{"body": keptByHand, "encryption": "otr"})
	return trusted["fingerprint"].(string)
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

// TestNothingReadableOnDisk: after two whole sessions with an encrypted profile, of which one was left and one killed,
// nothing of them can be read in any file that the client or its processes have touched, removed ones included, and no file
// outside of the vault was.
func TestNothingReadableOnDisk(t *testing.T) {
	t.Parallel()
	o := newOnDisk(t)
	profileOf(t, 0, o.profile, []string{passphrase}, "encrypted", "--history", "on")
	o.onScreen(true)
	fingerprint := o.untilKilled(passphrase, "--passphrase-fd", "3") // the password is kept
	v, err := vault.Take(o.profile)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := v.Open(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	secrets := append(saidOnDisk(), fingerprint, string(keys.Database[:]), string(keys.Sealing[:]))
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	number := keptNumber(t, o.profile)
	secrets = append(secrets, string(number))
	slices.Reverse(number) // as it lies in memory
	secrets = append(secrets, string(number))
	d := disks(t, o.trace)
	for _, path := range d.files() {
		hidden := path == "/?/lock" && os.Geteuid() != 0 // which folder it is in, see note
		if filepath.Dir(path) != v.Folder() && !hidden {
			t.Errorf("changed outside of the vault: %s", path)
		}
	}
	if !slices.Contains(d.files(), v.Database()+"-wal") || os.Geteuid() == 0 && len(d.written[v.Database()+"-wal"]) == 0 {
		t.Errorf("the database was not written: nothing is proved by %q", d.files())
	}
	if found := d.tells([]string{o.home}, secrets...); len(found) > 0 {
		t.Errorf("it can be read: %q", found)
	}
	private(t, v.Folder())
	o.wasKept()
	o.paulette.quit()
}

// keptNumber is the secret one in the OTR key that a profile keeps.
func keptNumber(t *testing.T, profile string) []byte {
	t.Helper()
	dir := t.TempDir()
	command := exec.Command(binary(), "otr", "export", dir, "--profile", profile, "--passphrase-fd", "3")
	command.ExtraFiles = []*os.File{secret(t, passphrase)}
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	text, err := os.ReadFile(filepath.Join(dir, "otr.private_key"))
	if err != nil {
		t.Fatal(err)
	}
	return secretNumber(t, text)
}

// private sees that nobody else can use what is in a folder.
func private(t *testing.T, folder string) {
	t.Helper()
	for _, path := range pathsBelow(t, folder) {
		info, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode(); mode != 0o600 && mode != fs.ModeDir|0o700 {
			t.Errorf("%s: mode %v", path, mode)
		}
	}
}

// wasKept sees that what was searched for in vain is there, for who has the passphrase; but for what was encrypted before that
// was switched on.
func (o *onDisk) wasKept() {
	o.t.Helper()
	all := exported(o.t, o.profile, "paulette@localhost") + exported(o.t, o.profile, grotte)
	for _, text := range []string{inRoom, fromRoom, inClear, keptByHand} {
		if !strings.Contains(all, text) {
			o.t.Errorf("%q was not kept, so that nothing is proved: %s", text, all)
		}
	}
	if strings.Contains(all, encrypted) {
		o.t.Errorf("an encrypted text was kept: %s", all)
	}
}

// exported prints what is kept of a conversation.
func exported(t *testing.T, profile, conversation string) string {
	t.Helper()
	command := exec.Command(binary(), "history", "export", conversation, "--yes", "--lang", "en", "--profile", profile, "--account", "ana@localhost", "--passphrase-fd", "3")
	command.ExtraFiles = []*os.File{secret(t, passphrase)}
	said, err := command.CombinedOutput()
	if err != nil {
		t.Errorf("export %s: %v: %s", conversation, err, said)
	}
	return string(said)
}

// TestAmnesicChangesNoFile: neither where there is no profile nor where one is left closed does a session make, change or
// remove any file, wherever it is.
func TestAmnesicChangesNoFile(t *testing.T) {
	t.Parallel()
	for name, session := range map[string]func(*onDisk){
		"no vault": func(o *onDisk) { o.onScreen(false) },
		"--amnesic": func(o *onDisk) {
			profileOf(t, 0, o.profile, []string{passphrase}, "encrypted", "--history", "on")
			o.beforeSessions = contents(t, o.home)
			o.untilKilled(password, "--password-fd", "3", "--amnesic")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOnDisk(t)
			o.beforeSessions = contents(t, o.home)
			session(o)
			if files := disks(t, o.trace).files(); len(files) > 0 {
				t.Errorf("changed: %q", files)
			}
			if after := contents(t, o.home); after != o.beforeSessions {
				t.Errorf("before\n%s\nafter\n%s", o.beforeSessions, after)
			}
			o.paulette.quit()
		})
	}
}

// contents describes all that is below a folder, when it was changed, and what is in it.
func contents(t *testing.T, folder string) string {
	t.Helper()
	all := tree(t, folder)
	for _, path := range pathsBelow(t, folder) {
		if text, err := os.ReadFile(path); err == nil {
			all += fmt.Sprintf("%s %x\n", path, sha256.Sum256(text))
		}
	}
	return all
}

// TestDiskSearchFindsALeak plants what the tests above look for.
func TestDiskSearchFindsALeak(t *testing.T) {
	t.Parallel()
	for script, where := range map[string]string{
		`echo "$1" > log`:                                     "as it is, in ./log",
		`echo "$1" > gone && rm gone`:                         "as it is, in ./gone",
		`: > "$1"`:                                            "as it is, in ./" + inClear,
		`mkdir "$1" && rmdir "$1"`:                            "as it is, in /?/" + inClear,
		`echo old > first; mv first "$1"`:                     "as it is, in ./" + inClear,
		`printf %s "$1" | base64 -w0 > coded`:                 "in base64, in ./coded",
		`printf %s "xx$1" | base64 -w0 > shifted`:             "in base64 after two, in ./shifted",
		`printf %s "$1" | iconv -t UTF-16LE > wide; rm wide`:  "in UTF-16, in ./wide",
		`printf %s "$1" | od -An -v -tx1 | tr -d " \n" > hex`: "in hexadecimal, in ./hex",
		`cat /etc/passwd > other; : > /dev/null`:              "",
	} {
		dir, trace := t.TempDir(), filepath.Join(t.TempDir(), "trace")
		argv := diskTraced(t, trace, "sh", "-c", `cd "$0" && `+script, dir, inClear)
		if said, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", script, err, said)
		}
		d := disks(t, trace)
		found := strings.Join(d.tells(nil, inClear), "\n")
		want := strings.Replace(where, "./", dir+"/", 1)
		if !strings.Contains(found, want) || where == "" && found != "" {
			t.Errorf("%s: found %q, want %q", script, found, want)
		}
		if len(d.files()) == 0 {
			t.Errorf("%s: no change was seen", script)
		}
	}
}

// TestOthersLeaveTraces shows that the same search finds what another client leaves behind.
func TestOthersLeaveTraces(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	env, argv := profanity(t, s, "ana")
	home := strings.TrimPrefix(env[0], "HOME=")
	trace := filepath.Join(t.TempDir(), "trace")
	hubert := newTerminal(t, 110, 30, env, diskTraced(t, trace, argv...)...)
	hubert.await("logged in successfully")
	paulette := login(t, s, "paulette")
	hubert.say("/msg paulette@localhost " + inClear)
	paulette.expect("message", fields{"body": inClear})
	hubert.say("/quit")
	hubert.awaitEnd()
	paulette.quit()
	found := strings.Join(disks(t, trace).tells([]string{home}, inClear, "paulette", password), "\n")
	for _, secret := range []string{inClear, "paulette", password} {
		if !strings.Contains(found, secret+", as it is") {
			t.Errorf("%q was not found, but\n%s", secret, found)
		}
	}
}
