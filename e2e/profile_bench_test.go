package e2e_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"traboule/im"
	"traboule/internal/chronicle"
	"traboule/store"
	"traboule/vault"
)

// chronicled is a profile that is measured.
type chronicled struct {
	dir  string
	args []string // added to those that all clients get
	line string   // on descriptor 3
}

// begin starts the client on the profile, and returns how long it takes to tell the first thing and to be logged in.
func (p chronicled) begin(b *testing.B, s server) (c *client, first, connected time.Duration) {
	b.Helper()
	l := launch{server: s, account: "ana@localhost", args: p.args}
	argv := append([]string{"--json"}, l.arguments(p.dir)...)
	began := time.Now()
	c = startProgram(b, "ana", p.line, argv...)
	c.expect("connection", fields{"state": "connecting"})
	first = time.Since(began)
	c.expect("connection", fields{"state": "connected"})
	return c, first, time.Since(began)
}

// encrypted puts a passphrase on the profile.
func (p chronicled) encrypted(b *testing.B) chronicled {
	b.Helper()
	profileOf(b, 0, p.dir, []string{passphrase}, "encrypted")
	return chronicled{p.dir, []string{"--passphrase-fd", "3"}, passphrase + "\n" + password}
}

// BenchmarkProfile measures the whole client where a million messages are kept, beside one that keeps none as yet: its start,
// its memory, and how long it takes to show a conversation and to search. Bare files of keys come first, because the second that a
// passphrase takes is never the same.
func BenchmarkProfile(b *testing.B) {
	s, _ := onProsody(b, 0)
	empty := chronicled{filepath.Join(b.TempDir(), "empty"), nil, password}
	full := chronicled{filepath.Join(b.TempDir(), "full"), nil, password}
	for _, p := range []chronicled{empty, full} {
		profileOf(b, 0, p.dir, nil, "plain", "--yes", "--history", "on")
	}
	fill(b, full.dir)
	b.Run("start", func(b *testing.B) { compareStarts(b, s, empty, full) })
	b.Run("memory", func(b *testing.B) { compareMemory(b, s, empty, full) })
	b.Run("open", func(b *testing.B) { measureOpening(b, s, full) })
	b.Run("search", func(b *testing.B) { measureSearch(b, s, full) })

	empty, full = empty.encrypted(b), full.encrypted(b)
	b.Run("start-encrypted", func(b *testing.B) { compareStarts(b, s, empty, full) })
	b.Run("memory-encrypted", func(b *testing.B) { compareMemory(b, s, empty, full) })
}

func friend(n int) im.JID { return im.MustJID(fmt.Sprintf("friend%d@localhost", n)) }

// fill has ana's profile keep a million messages.
func fill(b *testing.B, dir string) {
	b.Helper()
	v, err := vault.Take(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer v.Close()
	keys, err := v.Open("")
	if err != nil {
		b.Fatal(err)
	}
	kept, err := store.Open(b.Context(), store.Options{Path: v.Database(), Key: keys.Database, Events: make(chan im.Event, 1)})
	if err != nil {
		b.Fatal(err)
	}
	ctx, finish := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- kept.Run(ctx) }()
	w := chronicle.New(im.MustJID("ana@localhost"), im.Chat, friend)
	const part = 1000
	for range chronicle.Messages / part {
		for kept.Full() {
			<-kept.Room()
		}
		kept.Keep(w.Records(part))
	}
	finish()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}

// compareStarts starts on both profiles in turn.
func compareStarts(b *testing.B, s server, empty, full chronicled) {
	const rounds = 15
	for range b.N {
		var firsts, connects [2][]time.Duration
		for range rounds {
			for i, p := range []chronicled{empty, full} {
				c, first, connected := p.begin(b, s)
				c.quit()
				firsts[i], connects[i] = append(firsts[i], first), append(connects[i], connected)
			}
		}
		for name, took := range map[string][2][]time.Duration{"first": firsts, "connected": connects} {
			b.ReportMetric(milliseconds(median(took[0])), "ms/"+name+"-empty")
			b.ReportMetric(milliseconds(median(took[1])-median(took[0])), "ms/"+name+"-more")
		}
	}
}

// compareMemory opens conversations and searches in both profiles.
func compareMemory(b *testing.B, s server, empty, full chronicled) {
	for range b.N {
		var kB [2]int
		for i, p := range []chronicled{empty, full} {
			c, _, _ := p.begin(b, s)
			for n := range 20 {
				c.open(friend(n))
				c.ask("/search " + chronicle.Word(uint64(n)))
			}
			time.Sleep(3 * time.Second) // what all that leaves to do
			kB[i] = residentMemory(b, c.pid())
			c.quit()
		}
		b.ReportMetric(float64(kB[0])/1024, "MiB/empty")
		b.ReportMetric(float64(kB[1]-kB[0])/1024, "MiB/more")
	}
}

// measureOpening opens each conversation for the first time.
func measureOpening(b *testing.B, s server, full chronicled) {
	for range b.N {
		var took []time.Duration
		c, _, _ := full.begin(b, s)
		for n := range chronicle.Conversations {
			took = append(took, c.open(friend(n)))
			if lines := len(c.all("history", fields{"conversation": friend(n)})); lines < shownLines {
				b.Fatalf("%d lines of %s", lines, friend(n))
			}
		}
		c.quit()
		reportTimes(b, took)
	}
}

// measureSearch searches for words, common and rare, of everybody and of one.
func measureSearch(b *testing.B, s server, full chronicled) {
	for range b.N {
		var took []time.Duration
		c, _, _ := full.begin(b, s)
		for _, line := range searches() {
			took = append(took, c.ask("/search "+line))
		}
		c.quit()
		reportTimes(b, took)
	}
}

func searches() []string {
	word := chronicle.Word
	lines := []string{
		word(200)[:3], word(4) + " " + word(7), word(20) + " " + word(30) + " " + word(41), "qqqqqq", "e",
		word(3) + " in:" + friend(40).String(), word(3) + " in:" + friend(0).String(), word(0) + " on:2023-06-01", word(3) + " until:2022-01-01",
	}
	for _, n := range []uint64{0, 1, 2, 5, 9, 50, 500, 5000, 55555} {
		lines = append(lines, word(n))
	}
	return lines
}

// shownLines is how many lines of a conversation are asked for.
const shownLines = 50

// open turns to a conversation and has its last lines told, and returns how long that takes.
func (c *client) open(jid im.JID) time.Duration {
	return c.ask(fmt.Sprintf("/query %s\n/history show %d", jid, shownLines))
}

// ask types a line of which a search or lines that are shown come, and returns how long it takes to the notice that follows them.
func (c *client) ask(line string) time.Duration {
	c.t.Helper()
	c.mutex.Lock()
	seen := len(c.events)
	c.mutex.Unlock()
	began, late := time.Now(), time.After(patience)
	c.send("%s", line)
	for {
		c.mutex.Lock()
		fresh := c.events[seen:]
		seen = len(c.events)
		c.mutex.Unlock()
		if slices.ContainsFunc(fresh, answers) {
			return time.Since(began)
		}
		select {
		case <-c.more:
		case <-c.ended:
			c.t.Fatalf("it ended: %s", c.errors)
		case <-late:
			c.t.Fatalf("%q was not answered:\n%s", line, c.transcript())
		}
	}
}

// answers reports whether an event is the last of an answer.
func answers(e event) bool {
	code := fmt.Sprint(e["code"])
	return e["type"] == "notice" && (code == "history-shown" || strings.HasPrefix(code, "search"))
}

func reportTimes(b *testing.B, took []time.Duration) {
	b.ReportMetric(milliseconds(median(took)), "ms/median")
	b.ReportMetric(milliseconds(slices.Max(took)), "ms/longest")
}

func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2]
}
