package e2e_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestOTRKeyStaysInTheChild reads all memory of the client after a session, and finds nothing of the private key. The process with
// the keys is searched in the same way, to show that there is something to be found.
func TestOTRKeyStaysInTheChild(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	for name, prepare := range map[string]func(t *testing.T, profile string) func(*client) []byte{
		"made": func(*testing.T, string) func(*client) []byte { return (*client).madeKey },
		"imported": func(t *testing.T, profile string) func(*client) []byte {
			giveKey(t, profile, 2)
			return func(*client) []byte { return secretNumber(t, testKeys(t)[2]) }
		},
		"kept": func(t *testing.T, profile string) func(*client) []byte {
			profileOf(t, 0, profile, nil, "plain")
			return (*client).madeKey
		},
	} {
		t.Run(name, func(t *testing.T) {
			profile := t.TempDir()
			key := prepare(t, profile)
			ana := startReadable(t, launch{server: s, account: "ana@localhost"}, profile)
			ana.expect("connection", fields{"state": "connected"})
			r := newRogue(t, s, "paulette", name, ana)
			ana.expect("presence", fields{"from": r.JID, "show": "online"})
			ana.send("/query paulette@localhost")
			startAnew(ana, r, 3, 0)
			verifyBothWays(ana, r)
			const said = "texte-que-le-parent-connaît"
			ana.send(said)
			r.hears(said)
			ana.send("/otr fingerprint")
			ana.expect("notice", fields{"code": "otr-fingerprints"})
			ana.killKeyHolder() // the next one gets the key by way of the client
			ana.expect("otr", fields{"conversation": r.JID, "state": "finished", "reason": "fault"})
			startAnew(ana, r, 3, 0)
			keyOnlyInChild(ana, key(ana), said)
			ana.quit()
		})
	}
}

// startReadable runs the client so that its memory can be read from here. It forbids that to its user, which does not hold for
// root, nor for who made the user namespace that it runs in.
func startReadable(t *testing.T, l launch, profile string) *client {
	t.Helper()
	argv := append([]string{binary(), "--json"}, l.arguments(profile)...)
	if os.Geteuid() != 0 {
		argv = append([]string{need(t, "unshare"), "--user", "--map-root-user", "--"}, argv...)
	}
	return startCommand(t, l.account, password, argv...)
}

// madeKey is the private key that the client keeps for the next process, in a file that it does not read itself.
func (c *client) madeKey() []byte {
	c.t.Helper()
	files, err := filepath.Glob("/proc/" + c.pid() + "/fd/*")
	if err != nil {
		c.t.Fatal(err)
	}
	for _, file := range files {
		if to, err := os.Readlink(file); err != nil || !strings.HasPrefix(to, "/memfd:otr") {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			c.t.Fatal(err)
		}
		if !bytes.Contains(content, []byte("privkeys")) {
			continue // what it seals keys with
		}
		return secretNumber(c.t, content)
	}
	c.t.Fatalf("%s keeps no key for the next process", c.name)
	return nil
}

// secretNumber is the secret number of a DSA key in a file of libotr's.
func secretNumber(t testing.TB, file []byte) []byte {
	t.Helper()
	match := regexp.MustCompile(`\(x #([0-9A-Fa-f]+)#\)`).FindSubmatch(file)
	const bytes = 20
	if match == nil {
		t.Fatal("no key")
	}
	x, err := hex.DecodeString(string(match[1]))
	if err != nil || len(x) < bytes {
		t.Fatalf("a key of %d bytes: %v", len(x), err)
	}
	return x[len(x)-bytes:]
}

// keyOnlyInChild searches the client and the process with its keys for a number, in every form that it may have.
func keyOnlyInChild(c *client, x []byte, said string) {
	c.t.Helper()
	middle := x[4 : len(x)-4] // what is left when the ends have been written over
	backwards := slices.Clone(middle)
	slices.Reverse(backwards)
	forms := map[string][]byte{
		"as bytes":        middle,
		"as a big.Int":    backwards,
		"in capitals":     []byte(strings.ToUpper(hex.EncodeToString(middle))),
		"in small digits": []byte(hex.EncodeToString(middle)),
		"a text":          []byte(said),
	}
	found := searchMemory(c.t, c.command.Process.Pid, forms)
	if found["a text"] == 0 {
		c.t.Errorf("the search of the client finds nothing: it proves nothing")
	}
	delete(found, "a text")
	if len(found) > 0 {
		c.t.Errorf("the client's memory has the private key: %v", found)
	}
	children := c.keyHolders()
	if len(children) != 1 {
		c.t.Fatalf("%d processes hold keys", len(children))
	}
	found = searchMemory(c.t, children[0], forms)
	if found["as a big.Int"] == 0 {
		c.t.Errorf("the search of the process with the keys finds nothing: it proves nothing: %v", found)
	}
}

// searchMemory counts how often things are in the memory of a process.
func searchMemory(t testing.TB, pid int, things map[string][]byte) map[string]int {
	t.Helper()
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	maps, err := os.ReadFile(filepath.Join(dir, "maps"))
	if err != nil {
		t.Fatal(err)
	}
	memory, pages := open(t, filepath.Join(dir, "mem")), open(t, filepath.Join(dir, "pagemap"))
	found, read := map[string]int{}, 0
	for line := range strings.Lines(string(maps)) {
		var from, to uint64
		var rights string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &rights); err != nil {
			t.Fatal(err)
		}
		if rights[0] != 'r' || strings.Contains(line, "[v") { // the kernel's own
			continue
		}
		for _, run := range presentRuns(t, pages, from, to) {
			content := make([]byte, run.to-run.from)
			n, err := memory.ReadAt(content, int64(run.from))
			if err != nil && n == 0 {
				continue // given back meanwhile
			}
			read += n
			for name, thing := range things {
				if count := bytes.Count(content[:n], thing); count > 0 {
					found[name] += count
				}
			}
		}
	}
	const least = 4 << 20
	if read < least {
		t.Errorf("of process %d only %d bytes could be read", pid, read)
	}
	return found
}

func open(t testing.TB, path string) *os.File {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// span is a row of addresses.
type span struct{ from, to uint64 }

// presentRuns finds where a process has really something in a range, which may be thousands of times as large.
func presentRuns(t testing.TB, pagemap *os.File, from, to uint64) []span {
	t.Helper()
	const entry, presentOrSwapped = 8, 0xc0 // in the highest byte, the last one here as in the numbers searched for
	size := uint64(os.Getpagesize())
	if _, err := pagemap.Seek(int64(from/size*entry), 0); err != nil {
		t.Fatal(err)
	}
	entries := bufio.NewReaderSize(pagemap, 1<<20)
	var runs []span
	var row [entry]byte
	for at := from; at < to; at += size {
		if _, err := io.ReadFull(entries, row[:]); err != nil {
			return runs // gone meanwhile
		}
		if row[entry-1]&presentOrSwapped == 0 {
			continue
		}
		if last := len(runs) - 1; last >= 0 && runs[last].to == at {
			runs[last].to += size
		} else {
			runs = append(runs, span{at, at + size})
		}
	}
	return runs
}
