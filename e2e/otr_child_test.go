package e2e_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// keyHolders returns the processes of a client that hold its keys.
func (c *client) keyHolders() []int {
	c.t.Helper()
	family := map[string]bool{c.pid(): true}
	var found []int
	for grown := true; grown; {
		grown = false
		for pid, parent := range parents(c.t) {
			if family[parent] && !family[pid] {
				family[pid], grown = true, true
				n, err := strconv.Atoi(pid)
				if err != nil {
					c.t.Fatal(err)
				}
				line, err := os.ReadFile(filepath.Join("/proc", pid, "cmdline"))
				if err == nil && strings.TrimRight(string(line), "\x00") == "traboule-otr" {
					found = append(found, n)
				}
			}
		}
	}
	return found
}

// parents returns the parent of every process, by its number.
func parents(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		_, rest, _ := strings.Cut(string(text[strings.LastIndex(string(text), ")"):]), " ")
		found[filepath.Base(filepath.Dir(file))] = strings.Fields(rest)[1]
	}
	return found
}

// killKeyHolder kills the process that holds the client's keys, as the system does when memory is short.
func (c *client) killKeyHolder() {
	c.t.Helper()
	pids := c.keyHolders()
	if len(pids) != 1 {
		c.t.Fatalf("%s: %d processes hold keys", c.name, len(pids))
	}
	if err := syscall.Kill(pids[0], syscall.SIGKILL); err != nil {
		c.t.Fatal(err)
	}
}

// loseKeyHolder kills it in the middle of a conversation: nothing goes out in clear, and a new session works.
func loseKeyHolder(t *testing.T, ana, paulette *client) {
	t.Helper()
	encrypt(ana, paulette)
	confide(ana, paulette, "unverified", "avant")
	ana.killKeyHolder()
	ana.expect("otr", fields{"conversation": paulette.jid(), "state": "finished", "reason": "fault"})
	withheld(ana, "pas en clair")
	paulette.send("tu ne peux pas lire ceci")
	ana.expect("otr", fields{"event": "unreadable"})
	withheld(ana, "toujours pas en clair")
	ana.send("/otr start")
	ana.expect("otr", fields{"conversation": paulette.jid(), "state": "encrypted", "reason": "by-us"})
	confide(ana, paulette, "unverified", "après")
	confide(paulette, ana, "unverified", "de nouveau")
	for _, e := range paulette.all("message", fields{"direction": "in"}) {
		if e["encryption"] != "otr" {
			t.Errorf("arrived in clear: %s", e)
		}
	}
	if n := len(ana.keyHolders()); n != 1 {
		t.Fatalf("%d processes hold keys", n)
	}
}

// TestOTRChildKilled kills the process with the keys.
func TestOTRChildKilled(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	ana, paulette := couple(t, s, s)
	loseKeyHolder(t, ana, paulette)
	ana.quit()
	paulette.quit()
	understood(ana, paulette)
}

// TestOTRConfined does the same where the client may start no program and open no file: the one with the keys comes from
// outside.
func TestOTRConfined(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	tor := newSOCKS(t, map[string]string{s.addr: s.addr})
	ana := startProgram(t, "ana@localhost", password, "--json", "--lang", "en", "--profile", t.TempDir(), "--password-fd", "3",
		"--socks", tor.addr(), "--server", s.addr, "--ca", s.caFile, "--account", "ana@localhost")
	ana.expect("connection", fields{"state": "connected", "via": "tor"})
	ana.send("/tor")
	ana.expectOneOf("notice", fields{"code": "confined"}, fields{"code": "confinement-lacks"})
	paulette := login(t, s, "paulette")
	ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
	ana.send("/query paulette@localhost")
	paulette.send("/query ana@localhost")
	loseKeyHolder(t, ana, paulette)
	left := ana.keyHolders()
	ana.quit()
	for deadline := time.Now().Add(patience); syscall.Kill(left[0], 0) == nil; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the process with the keys outlives the client")
		}
	}
	paulette.quit()
}
