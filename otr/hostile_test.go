package otr

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/coyim/otr3"

	"traboule/im"
)

// newLibrary is an end that we have no part in.
func newLibrary(version int) *otr3.Conversation {
	c := &otr3.Conversation{}
	if version == 2 {
		c.Policies.AllowV2()
	} else {
		c.Policies.AllowV3()
	}
	key := &otr3.DSAPrivateKey{}
	content, err := os.ReadFile("testdata/otr.private_key")
	if err != nil || !key.Import(content) {
		panic(fmt.Sprint("no key for the tests: ", err))
	}
	c.SetOurKeys([]otr3.PrivateKey{key})
	return c
}

// carry carries messages between two such ends.
func carry(t *testing.T, from, to *otr3.Conversation, messages []otr3.ValidMessage) {
	t.Helper()
	for ; len(messages) > 0; from, to = to, from {
		var answers []otr3.ValidMessage
		for _, m := range messages {
			_, more, err := to.Receive(m)
			if err != nil {
				t.Fatal(err)
			}
			answers = append(answers, more...)
		}
		messages = answers
	}
}

// rogue is a contact of a side who has a session with it and does not keep to the protocol.
type rogue struct {
	t       *testing.T
	to      *side
	library *otr3.Conversation
}

func (r *rogue) shakeHands(version int) {
	r.t.Helper()
	r.library = newLibrary(version)
	r.say([]otr3.ValidMessage{r.library.QueryMessage()}, nil)
	for len(r.to.outbox) > 0 {
		messages := r.to.outbox
		r.to.outbox = nil
		for _, m := range messages {
			_, answers, err := r.library.Receive(otr3.ValidMessage(m))
			r.say(answers, err)
		}
	}
	if r.to.state.Phase != im.OTREncrypted || !r.library.IsEncrypted() {
		r.t.Fatalf("no session: %+v", r.to.state)
	}
	r.to.takeEvents()
}

// say sends what the library made.
func (r *rogue) say(messages []otr3.ValidMessage, err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, m := range messages {
		r.to.receive(string(m))
	}
}

// TestTruncatedMessage cuts encrypted messages at every length, of which some have the library panic.
func TestTruncatedMessage(t *testing.T) {
	a, b := inSession(t, inside(t))
	a.encrypt("whole")
	whole := a.outbox[0]
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(strings.TrimPrefix(whole, encodedPrefix), "."))
	if err != nil {
		t.Fatal(err)
	}
	a.outbox = nil
	for length := range len(raw) {
		b.receive(encodedPrefix + base64.StdEncoding.EncodeToString(raw[:length]) + ".")
		if got := b.takeTexts(); len(got) > 0 || b.state.Phase != im.OTREncrypted {
			t.Fatalf("%d bytes: texts %q, state %+v", length, got, b.state)
		}
		if got := b.takeEvents(); len(got) == 0 {
			t.Errorf("%d bytes: nothing was said", length)
		}
	}
	if len(b.outbox) > 3 || len(b.errors) > 0 {
		t.Errorf("%d answers, errors %v", len(b.outbox), b.errors)
	}
	b.outbox = nil
	b.receive(whole)
	if got := b.takeTexts(); !slices.Equal(got, []string{"whole"}) {
		t.Errorf("the whole one afterwards: %q", got)
	}
}

// TestGarbage sends what is not OTR but looks like it, in every state.
func TestGarbage(t *testing.T) {
	a, b := inSession(t, inside(t))
	fresh := newSide(t, inside(t), b.self, b.peer)
	a.encrypt("x")
	data := a.outbox[0]
	for _, text := range []string{
		"?OTR:===.", "?OTR:", "?OTR:.", "?OTR:AAMD", "?OTR:AAMD.", "?OTR:AAID.", "?OTR:AAMDAAAAAA.", "?OTR:AAMC.", "?OTR:AAIC.", "?OTR:AAMK.",
		"?OTR:AAMR.", "?OTR:AAMS.", "?OTR:AAIS.", data[:len(data)-1], data[:30] + "!" + data[31:], strings.Replace(data, "AAMD", "AAMC", 1),
		strings.Replace(data, "AAMD", "AAMS", 1), strings.Replace(data, "AAMD", "AAID", 1), "?OTR|", "?OTR,", "?OTR|0|0,1,1,x,", "?OTR,0,0,x,",
		"?OTR,2,1,x,", "?OTR,1,1,?OTR,1,1,x,", "?OTR|00000000|00000000,00001,00001,?OTR:AAMD.,", "?OTR,1,1,?OTR:===.,", "?OTR,1,65536,x,",
		"?OTR:AAMC" + strings.Repeat("A", 90_000) + ".", "?OTR:" + strings.Repeat("AAMD", 20_000) + ".", "\xff\xfe?OTR", "\x00",
	} {
		for _, s := range []*side{fresh, b} {
			before := s.state.Phase
			s.receive(text)
			if len(s.errors) > 0 || s.state.Phase != before {
				t.Fatalf("%.60q: errors %v, state %+v", text, s.errors, s.state)
			}
		}
	}
	if len(fresh.outbox) > 1 || len(b.outbox) > 2 {
		t.Errorf("answers %q and %q", fresh.outbox, b.outbox)
	}
	a.outbox, b.outbox = []string{data}, nil
	exchange(a, b)
	b.takeTexts()
	secured(t, a, b, 3)
}

// TestFloods: many of one kind get one answer at most.
func TestFloods(t *testing.T) {
	const many = 200
	a, b := inSession(t, inside(t))
	flood := func(name, text string, answers int) {
		t.Helper()
		for range many {
			b.receive(text)
		}
		if len(b.outbox) != answers {
			t.Errorf("%s: %d answers, want %d", name, len(b.outbox), answers)
		}
		b.outbox = nil
	}
	flood("errors", "?OTR Error: you did it", 0)
	flood("queries", "?OTRv3?", 1)
	flood("tags", AddTag("salut", allFlags()), 0) // the handshake is that of the query
	flood("broken messages", "?OTR:AAMDAAABAAAAAQAA.", 0)
	a.encrypt("x")
	broken := a.outbox[0]
	flood("unreadable messages", broken[:40]+"AAAA"+broken[44:], 1)
	b.end()
	b.outbox = nil
	flood("messages of no session", broken, 1)
	if len(b.errors) > 0 {
		t.Errorf("errors %v", b.errors)
	}
}

// TestHugeNumbers: a handshake in which the signature has numbers of many thousand bits, which take minutes, is not begun.
func TestHugeNumbers(t *testing.T) {
	_, b := twoSides(t, inside(t))
	for _, kind := range []byte{commitType, keyType, revealType, signType} {
		raw := append([]byte{0, 3, kind, 0, 0, 1, 1, 0, 0, 0, 0}, make([]byte, maxHandshake+1)...)
		if kind != commitType {
			tag := b.state.OurTag
			copy(raw[7:], []byte{byte(tag >> 24), byte(tag >> 16), byte(tag >> 8), byte(tag)})
		}
		b.receive(encodedPrefix + base64.StdEncoding.EncodeToString(raw) + ".")
		if got := b.takeEvents(); !reflect.DeepEqual(got, []Event{Noted{Malformed}}) || b.state.Handshake {
			t.Errorf("type %d: %+v, %+v", kind, got, b.state)
		}
	}
}

func TestFragments(t *testing.T) {
	a, b := inSession(t, inside(t))
	cut := func(text string, n int) []string {
		var pieces []string
		size := len(text)/n + 1
		for i := range n {
			pieces = append(pieces, fmt.Sprintf("?OTR|%08x|%08x,%05d,%05d,%s,", a.state.OurTag, b.state.OurTag, i+1, n, text[i*size:min((i+1)*size, len(text))]))
		}
		return pieces
	}
	for name, row := range map[string]struct {
		change func([]string) []string
		arrive bool
	}{
		"all":                     {func(p []string) []string { return p }, true},
		"after an unfinished one": {func(p []string) []string { return append(p[:3:3], p...) }, true},
		"one missing":             {func(p []string) []string { return append(p[:1:1], p[2:]...) }, false},
		"out of order":            {func(p []string) []string { p[1], p[2] = p[2], p[1]; return p }, false},
		"one twice":               {func(p []string) []string { return append(p[:2:2], p[1:]...) }, false},
		"a text between":          {func(p []string) []string { return slices.Insert(p, 2, "salut") }, false},
		"for another": {func(p []string) []string {
			return []string{strings.Replace(p[0], fmt.Sprintf("|%08x,", b.state.OurTag), "|deadbeef,", 1)}
		}, false},
		"of another total": {func(p []string) []string { p[3] = strings.Replace(p[3], ",00005,", ",00004,", 1); return p[:4] }, false},
	} {
		a.encrypt("in pieces")
		pieces := row.change(cut(a.outbox[0], 5))
		a.outbox = nil
		for _, piece := range pieces {
			b.receive(piece)
		}
		got := slices.DeleteFunc(b.takeTexts(), func(s string) bool { return s == "clear: salut" })
		if slices.Equal(got, []string{"in pieces"}) != row.arrive || !row.arrive && len(got) > 0 {
			t.Errorf("%s: %q", name, got)
		}
		b.outbox = nil
	}
	b.takeEvents()
}

// TestFragmentFlood has one send 65,535 fragments of 64 kB, which would be 4 GB, and then many at once.
func TestFragmentFlood(t *testing.T) {
	const most = 65535
	account := newAccount("hubert@example.org", new(atomic.Int64))
	one := &talk{account: account}
	piece := strings.Repeat("x", 64<<10)
	rest := fmt.Sprintf(",%d,%s,", most, piece)
	for i := range most {
		one.receive("?OTR," + strconv.Itoa(i+1) + rest)
		if held := account.stored.Load(); held > MaxMessage {
			t.Fatalf("after %d fragments %d bytes are kept", i+1, held)
		}
	}
	if len(one.events) == 0 || one.events[0] != (Noted{Oversized}) {
		t.Errorf("events %+v", one.events)
	}
	for i := range 3 * maxTalks {
		r := request{Task: receiveTask, Peer: fmt.Sprintf("p%d@example.org/x", i), Text: "?OTR,1,2," + piece + ",", Flags: allFlags()}
		_, _ = account.converse(r)
		if held := account.stored.Load(); held > maxStored || len(account.talks) > maxTalks {
			t.Fatalf("%d bytes are kept in %d conversations", held, len(account.talks))
		}
	}
	account.now = func() time.Time { return time.Now().Add(piecesLast + time.Second) }
	if !account.sweep() || account.stored.Load() != 0 || len(account.talks) != 0 {
		t.Errorf("later %d bytes are kept in %d conversations", account.stored.Load(), len(account.talks))
	}
}

// children finds the children of this process.
func children(t testing.TB) []int {
	t.Helper()
	var found []int
	entries, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range entries {
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		line, _ := os.ReadFile(path) // it may have ended
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if string(line) == ChildName+"\x00" && strings.Contains(string(status), fmt.Sprintf("\nPPid:\t%d\n", os.Getpid())) {
			found = append(found, pid)
		}
	}
	return found
}

// TestChildDies has a contact send what makes the library ask for 34 GB, and somebody kill the child.
func TestChildDies(t *testing.T) {
	for name, kill := range map[string]func(*testing.T, *side){
		"of a message": func(t *testing.T, s *side) {
			them := &rogue{t: t, to: s}
			them.shakeHands(3)
			bomb, err := them.library.Send(otr3.ValidMessage("\x00\x00\x02\x00\x04\xff\xff\xff\xff"))
			if err != nil {
				t.Fatal(err)
			}
			s.receive(string(bomb[0]))
		},
		"of SIGKILL": func(t *testing.T, s *side) {
			pids := children(t)
			if len(pids) != 1 {
				t.Fatalf("children %v", pids)
			}
			// One that is stopped has not answered when it is killed, and has not ended before it was asked.
			halt(t, pids[0])
			s.pending++
			s.engine.Receive(s.conversation(), s.flags, "salut", s.done)
			if err := syscall.Kill(pids[0], syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			s.wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := twoSides(t, apart)
			b.engine.Close() // its child is of no use here
			them := &rogue{t: t, to: a}
			them.shakeHands(3)
			ours, tag, before := a.state.Ours, a.state.OurTag, resident(t)
			kill(t, a)
			if got := a.takeErrors(); len(got) != 1 || got[0] != ErrDied {
				t.Errorf("what it was asked: %v", got)
			}
			a.engine.settle(t, func() bool { return len(a.died) == 1 })
			if grown := resident(t) - before; grown > 100<<20 {
				t.Errorf("the parent has grown by %d bytes", grown)
			}
			a.encrypt("not to be sent")
			if got := a.takeErrors(); len(got) != 1 || got[0] != ErrNotEncrypted || len(a.outbox) > 0 {
				t.Errorf("a text for the session that was: %v, %q", got, a.outbox)
			}
			them.shakeHands(3)
			if a.state.Ours != ours || a.state.OurTag != tag {
				t.Errorf("with a new child we are somebody else: %+v", a.state)
			}
			if len(a.died) != 1 {
				t.Errorf("died %v", a.died)
			}
		})
	}
}

// halt stops a child, and returns when it does nothing more.
func halt(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(status), "\nState:\tT") {
			return
		}
	}
	t.Fatalf("%d does not stop", pid)
}

// resident is how much memory this process has.
func resident(t *testing.T) int {
	t.Helper()
	var skip, pages int
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(string(statm), &skip, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// TestChildThatHangs: an operation that never ends ends the child.
func TestChildThatHangs(t *testing.T) {
	_, theirs := socketPair(t)
	w, err := newWire(theirs)
	if err != nil {
		t.Fatal(err)
	}
	hung := make(chan struct{})
	c := &child{wire: w, replies: make(chan response, 1), patience: time.Nanosecond, hang: func() { close(hung) }}
	a := newAccount("hubert@example.org", new(atomic.Int64))
	a.errands <- errand{request: request{Task: makeTask}}
	close(a.errands)
	c.work(a)
	select {
	case <-hung:
	case <-time.After(patience):
		t.Error("nobody noticed")
	}
}
