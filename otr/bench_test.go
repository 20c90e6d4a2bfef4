package otr

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"traboule/im"
)

// The benchmarks measure both sides together, each with a child of its own, all messages through both.

func BenchmarkKey(b *testing.B) {
	s := newSide(b, apart, im.MustJID("hubert@example.org/tui"), im.MustJID("paulette@example.org/phone"))
	n := 0
	for b.Loop() {
		// Accounts are bounded in a child.
		if n++; n%(maxAccounts-1) == 0 {
			b.StopTimer()
			s.engine.Close()
			s = newSide(b, apart, s.self, s.peer)
			b.StartTimer()
		}
		s.pending++
		s.engine.MakeKey(im.MustJID(fmt.Sprintf("account%d@example.org", n)), 0, func(_ Key, err error) {
			s.pending--
			if err != nil {
				b.Error(err)
			}
		})
		s.wait()
	}
}

func BenchmarkHandshake(b *testing.B) {
	one, other := twoSides(b, apart)
	for b.Loop() {
		one.query()
		exchange(one, other)
	}
}

func BenchmarkMessage(b *testing.B) {
	one, other := inSession(b, apart)
	for b.Loop() {
		one.encrypt("salut")
		exchange(one, other)
	}
	b.ReportMetric(float64(childMemoryInUse(b))/(1<<20), "MiB/child")
}

// BenchmarkConversation has both speak in turn, so that the keys change with every message.
func BenchmarkConversation(b *testing.B) {
	one, other := inSession(b, apart)
	for b.Loop() {
		one.encrypt("salut")
		exchange(one, other)
		other.encrypt("salut à toi")
		exchange(one, other)
	}
}

func BenchmarkSMP(b *testing.B) {
	one, other := inSession(b, apart)
	for b.Loop() {
		one.startSMP("où ?", "là")
		exchange(one, other)
		other.answerSMP("là")
		exchange(one, other)
	}
	if e := one.events[len(one.events)-1]; e != (SMP{im.SMPSucceeded, "", 100}) {
		b.Errorf("it ended with %+v", e)
	}
}

// BenchmarkGoodbyes is how long somebody waits who ends the program in 20 sessions. It is less than endWithin.
func BenchmarkGoodbyes(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		_, h, others := manySessions(b, apart, 20)
		b.StartTimer()
		h.do(im.Disconnect{For: h.ask()})
		h.work()
		b.StopTimer()
		for _, u := range append(others, h) {
			u.engine.engine.(*Engine).Close()
		}
		b.StartTimer()
	}
}

// BenchmarkStart starts a child and has it do the least that it can do.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		s := newSide(b, apart, im.MustJID("hubert@example.org/tui"), im.MustJID("paulette@example.org/phone"))
		s.receive("salut")
		s.engine.Close()
	}
}

// childMemoryInUse is the memory of one of the children, in bytes.
func childMemoryInUse(b *testing.B) int {
	pids := children(b)
	if len(pids) == 0 {
		b.Fatal("no child")
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pids[0]))
	if err != nil {
		b.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "\nVmRSS:")
	var kilobytes int
	if _, err := fmt.Sscan(after, &kilobytes); err != nil {
		b.Fatal(err)
	}
	return kilobytes << 10
}
