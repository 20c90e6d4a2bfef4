package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"traboule/internal/ejabberd"
	"traboule/internal/prosody"
	"traboule/internal/rawclient"
)

// TestHistoryOfThousands: ten thousand messages from a person and as many in a room come out of the archives, over a connection
// that breaks and by a client that is killed and ends meanwhile, while the other goes on talking. In the end each is kept once and
// in the order of the archive, what came live too, and none was told twice.
func TestHistoryOfThousands(t *testing.T) {
	t.Run("prosody", func(t *testing.T) {
		t.Parallel()
		s, _ := onProsodyWith(t, prosody.Options{Users: accounts(), MemoryArchive: true, Quiet: true})
		readThousands(t, s)
	})
	t.Run("ejabberd", func(t *testing.T) {
		t.Parallel()
		s := ejabberd.New(t, ejabberd.Options{Users: accounts(), ArchiveOnly: true})
		readThousands(t, server{"ejabberd", s.Addr, s.DirectAddr, s.CAFile, s.CA.Pool(), s.Log})
	})
}

const (
	missedAtFirst = 10_000
	// missedLater is how much is missed in each conversation between two sessions.
	missedLater = 150
	// saidLive is how much is said in each while the client is there, at most, so much of it at once, between pauses.
	saidLive, atOnce = 300, 3
	pause            = 30 * time.Millisecond
	// told is how much a client tells of a conversation before its connection breaks, and how much more before it ends.
	toldFirst, toldMore = 1_000, 500
	// lostAtKill is how much of a conversation a client may have kept and not told when it is killed: two pages.
	lostAtKill = 200
)

// flooded are the conversations that all is said in.
func flooded() []string { return []string{"hubert@localhost", room} }

// flooder is somebody who says a lot to ana and in the room. A server keeps the order of what one connection sends, so what they
// say has the numbers that it has in the archives.
type flooder struct {
	raw  *rawclient.Client
	said int // in each of the two
}

func enters(t *testing.T, s server) *flooder {
	t.Helper()
	f := &flooder{raw: raw(t, s, "hubert")}
	// ejabberd takes the longer to archive a message the more it has: ana's archive is enough.
	f.raw.Ask(t, `<iq type='set' id='prefs'><prefs xmlns='urn:xmpp:mam:2' default='never'><always/><never/></prefs></iq>`, "id='prefs'", "result")
	f.raw.Ask(t, `<presence to='`+room+`/hubert'><x xmlns='http://jabber.org/protocol/muc'/></presence>`, "110")
	return f
}

func (f *flooder) say(ctx context.Context, count int) error {
	text := func(i int) string { return fmt.Sprintf("texte %d", f.said+i) }
	err := errors.Join(f.raw.Flood(ctx, "ana@localhost", "chat", count, text), f.raw.Flood(ctx, room, "groupchat", count, text))
	f.said += count
	return err
}

// talk goes on talking, until what it returns is called or there is no more to say.
func (f *flooder) talk(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		for range saidLive / atOnce {
			if err := f.say(t.Context(), atOnce); err != nil {
				ended <- err
				return
			}
			select {
			case <-time.After(pause):
			case <-ctx.Done():
				ended <- nil
				return
			}
		}
		ended <- nil
	}()
	return func() {
		t.Helper()
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
}

// listener counts what a client tells, without going through all of it again each time.
type listener struct {
	*client
	next int
	told map[string]map[string]int // how often, by conversation and text
	// unsure is what was told in the moment before a kill: what came live may not have been kept, and is told again then.
	unsure map[string]bool
	asking bool // from now on, what is told may not be kept
}

// hear takes in what has come since.
func (l *listener) hear() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for ; l.next < len(l.events); l.next++ {
		e := l.events[l.next]
		if told := l.told[fmt.Sprint(e["conversation"])]; told != nil && e.matches("message", fields{"direction": "in"}) {
			told[fmt.Sprint(e["body"])]++
			if l.asking {
				l.unsure[fmt.Sprint(e["body"])] = true
			}
		}
	}
}

// until waits until something holds of what was told, as long as anything comes.
func (l *listener) until(what string, holds func() bool) {
	l.t.Helper()
	for {
		if l.hear(); holds() {
			return
		}
		select {
		case <-l.more:
		case <-l.ended:
			l.t.Fatalf("ended before %s\n%s", what, l.errors)
		case <-time.After(patience):
			l.t.Fatalf("never %s\n%s", what, l.transcript())
		}
	}
}

// untilToldOf waits until so many different texts of a conversation were told.
func (l *listener) untilToldOf(where string, count int) {
	l.t.Helper()
	l.until(fmt.Sprintf("told %d of %s", count, where), func() bool { return len(l.told[where]) >= count })
}

// untilTold waits until the last of so many texts was told of both conversations.
func (l *listener) untilTold(count int) {
	l.t.Helper()
	last := fmt.Sprintf("texte %d", count-1)
	l.until("told "+last, func() bool {
		return !slices.ContainsFunc(flooded(), func(where string) bool { return l.told[where][last] == 0 })
	})
}

// untilKept waits until all that was told so far is kept: the store answers in turn.
func (l *listener) untilKept() {
	l.t.Helper()
	l.hear()
	l.asking = true
	l.send("/search rien")
	l.until("searched", func() bool { return l.take("notice", fields{"code": "search"}) != nil })
}

func readThousands(t *testing.T, s server) {
	dir := t.TempDir()
	profileOf(t, 0, dir, nil, "plain", "--yes", "--history", "on")
	cuttable, proxy := through(t, s)
	told, unsure := map[string]map[string]int{}, map[string]bool{}
	for _, where := range flooded() {
		told[where] = map[string]int{}
	}
	back := func() *listener {
		l := launch{server: cuttable, account: "ana@localhost"}
		ana := startProgram(t, "ana", password, append([]string{"--json"}, l.arguments(dir)...)...)
		ana.expect("connection", fields{"state": "connected"})
		ana.send("/join %s", room)
		return &listener{client: ana, told: told, unsure: unsure}
	}
	ana := back()
	ana.expect("room", fields{"state": "joined"})
	hubert := enters(t, s)
	say := func(count int) {
		t.Helper()
		if err := hubert.say(t.Context(), count); err != nil {
			t.Fatal(err)
		}
	}
	say(1)
	ana.untilTold(1)
	ana.quit()
	say(missedAtFirst)

	// It is killed in the middle of each archive, then ends in the middle, each time after its connection broke.
	ends := []struct {
		where string
		end   func(*client)
	}{{"hubert@localhost", (*client).kill}, {room, (*client).kill}, {room, (*client).quit}}
	for _, round := range ends {
		ana = back()
		enough := len(told[round.where]) + toldFirst
		stop := hubert.talk(t)
		ana.untilToldOf(round.where, enough)
		if s.name == "ejabberd" { // 23.01 itself mixes what it kept with what comes while it resumes
			stop()
			ana.untilTold(hubert.said)
			stop = func() {}
		}
		proxy.Cut()
		ana.untilToldOf(round.where, enough+toldMore)
		stop()
		ana.untilKept()
		round.end(ana.client)
		ana.hear()
		if len(told[round.where]) >= missedAtFirst {
			t.Fatalf("%s: all was told before the end", round.where)
		}
		say(missedLater)
	}
	ana = back()
	ana.untilTold(hubert.said)
	ana.quit()
	ana.hear()

	want := numbered("texte", hubert.said)
	for _, where := range flooded() {
		kept := keptTexts(t, dir, where)
		if at := firstDifference(kept, want); at >= 0 {
			t.Errorf("%s: %d of %d messages are kept, and from %d on they are %.1000q", where, len(kept), len(want), at, kept[min(at, len(kept)):])
		}
		if len(told[where]) < len(want)-2*lostAtKill {
			t.Errorf("%s: %d of %d messages are told", where, len(told[where]), len(want))
		}
		for text, times := range told[where] {
			if times > 1 && !(times == 2 && unsure[text]) {
				t.Errorf("%s: %q is told %d times", where, text, times)
			}
		}
	}
}

// keptTexts returns the texts of a conversation that a profile keeps, in order.
func keptTexts(t *testing.T, dir, peer string) (texts []string) {
	t.Helper()
	said, err := exec.Command(binary(), "--profile", dir, "--lang", "en", "--json", "history", "export", peer, "--yes").Output()
	if err != nil {
		t.Fatalf("export of %s: %v", peer, err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(said)), "\n") {
		var e event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		texts = append(texts, fmt.Sprint(e["body"]))
	}
	return texts
}

// firstDifference returns from where on two lists differ, -1 if they are the same.
func firstDifference(a, b []string) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}

// kill ends the program at once.
func (c *client) kill() {
	c.t.Helper()
	if err := c.command.Process.Kill(); err != nil {
		c.t.Fatal(err)
	}
	<-c.ended
}
