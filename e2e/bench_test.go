package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"traboule/internal/crowd"
)

// BenchmarkColdStart is the time from the start of the program to the first contact on screen.
func BenchmarkColdStart(b *testing.B) {
	eachContender(b, func(b *testing.B, c contender) {
		a := newArena(b)
		a.open(b, c) // once for the caches of the machine
		var total time.Duration
		b.ResetTimer()
		for range b.N {
			x, took := a.open(b, c)
			total += took
			b.StopTimer()
			x.stop()
			b.StartTimer()
		}
		b.ReportMetric(milliseconds(total)/float64(b.N), "ms/start")
	})
}

// BenchmarkMemory is what stays in memory once logged in, and what an idle client costs.
func BenchmarkMemory(b *testing.B) {
	eachContender(b, func(b *testing.B, c contender) {
		a := newArena(b)
		x, _ := a.open(b, c)
		time.Sleep(3 * time.Second) // what a start leaves to do
		for range b.N {
			work, wakes := effort(b, x.pid())
			const idle = 5 * time.Second
			time.Sleep(idle)
			workAfter, wakesAfter := effort(b, x.pid())
			b.ReportMetric(float64(wakesAfter-wakes)/idle.Minutes(), "wake-ups/min")
			b.ReportMetric(milliseconds(workAfter-work)/idle.Minutes(), "cpu-ms/min")
		}
		b.ReportMetric(float64(residentMemory(b, x.pid()))/1024, "MiB")
	})
}

// BenchmarkFlood is the time to the last of 20,000 messages of 120 bytes that arrive at once, and the memory after them.
func BenchmarkFlood(b *testing.B) {
	const messages = 20_000
	filler := strings.Repeat("abcdefghij ", 11)
	eachContender(b, func(b *testing.B, c contender) {
		for range b.N {
			b.StopTimer()
			a := newArena(b)
			x, _ := a.open(b, c)
			jid := a.enter(b, c, x)
			a.relay.Hold(true)
			text := func(i int) string { return fmt.Sprintf("%05d %s", i, filler)[:120] }
			if err := a.crowd.Say(jid, messages, text); err != nil {
				b.Fatal(err)
			}
			if err := a.crowd.Say(jid, 1, func(int) string { return "TERMINÉE" }); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			took := a.release(b, x, "TERMINÉE")
			b.ReportMetric(took.Seconds(), "s/flood")
			b.ReportMetric(float64(residentMemory(b, x.pid()))/1024, "MiB")
		}
	})
}

// BenchmarkBigRoom is the time to join a room with 5,000 occupants that arrive at once.
func BenchmarkBigRoom(b *testing.B) {
	const occupants = 5000
	eachContender(b, func(b *testing.B, c contender) {
		for range b.N {
			b.StopTimer()
			a := newArena(b)
			x, _ := a.open(b, c)
			a.enter(b, c, x)
			x.say(c.leave)
			time.Sleep(time.Second)
			a.crowd.Grow(occupants)
			a.relay.Hold(true)
			x.say(fmt.Sprintf(c.join, crowd.Room))
			jid := a.joined(b, x)
			if err := a.crowd.Say(jid, 1, func(int) string { return "TERMINÉE" }); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			took := a.release(b, x, "TERMINÉE")
			b.ReportMetric(took.Seconds(), "s/join")
		}
	})
}

// BenchmarkKey is the time from a key to the terminal, idle and while 200 messages a second arrive in the room.
func BenchmarkKey(b *testing.B) {
	const keys, pause = 300, 20 * time.Millisecond
	for name, flood := range map[string]bool{"idle": false, "flood": true} {
		b.Run(name, func(b *testing.B) {
			eachContender(b, func(b *testing.B, c contender) {
				a := newArena(b)
				x, _ := a.open(b, c)
				jid := a.enter(b, c, x)
				stop := make(chan struct{})
				defer close(stop)
				if flood {
					go a.chatter(jid, stop)
					time.Sleep(time.Second)
				}
				for range b.N {
					took := x.strokes(keys, pause)
					b.ReportMetric(milliseconds(took[len(took)/2]), "ms/median")
					b.ReportMetric(milliseconds(took[len(took)*99/100]), "ms/p99")
				}
			})
		})
	}
}

// chatter says 200 texts a second in the room.
func (a arena) chatter(jid string, stop <-chan struct{}) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		case <-tick.C:
			// The end of the connection is the end of the benchmark too.
			_ = a.crowd.Say(jid, 1, func(int) string { return fmt.Sprintf("%06d abcdefghij abcdefghij abcdefghij", i) })
		}
	}
}

// strokes presses n keys, one after the other, and returns how long each took to be drawn, in order of length. The letters
// are such as stand nowhere else in what is drawn.
func (x *bareScreen) strokes(n int, pause time.Duration) []time.Duration {
	x.t.Helper()
	letters := []rune("ßøþðæœłđħŧ")
	var took []time.Duration
	for i := range n {
		letter := string(letters[i%len(letters)])
		from, pressed := x.bytes.size(), time.Now()
		if _, err := x.keys.WriteString(letter); err != nil {
			x.t.Fatal(err)
		}
		took = append(took, x.awaitAfter(from, letter).Sub(pressed))
		time.Sleep(pause)
		if _, err := x.keys.WriteString("\x7f"); err != nil {
			x.t.Fatal(err)
		}
		time.Sleep(pause)
	}
	slices.Sort(took)
	return took
}

// stop kills the program and waits for its end.
func (x *bareScreen) stop() {
	_ = x.command.Process.Kill() // it may have ended by itself
	<-x.ended
}

func (x *bareScreen) pid() string { return strconv.Itoa(x.command.Process.Pid) }

// effort returns what a process has used of the processor, and how often its threads were woken.
func effort(b *testing.B, pid string) (work time.Duration, wakes int) {
	b.Helper()
	tasks, err := filepath.Glob(filepath.Join("/proc", pid, "task", "*"))
	if err != nil {
		b.Fatal(err)
	}
	for _, task := range tasks {
		schedule, err := os.ReadFile(filepath.Join(task, "schedstat"))
		if err != nil {
			continue // a thread that has ended
		}
		ns, err := strconv.ParseInt(strings.Fields(string(schedule))[0], 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		work += time.Duration(ns)
		status, err := os.ReadFile(filepath.Join(task, "status"))
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(status), "\nvoluntary_ctxt_switches:")
		n, err := strconv.Atoi(strings.Fields(rest)[0])
		if err != nil {
			b.Fatal(err)
		}
		wakes += n
	}
	return work, wakes
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
