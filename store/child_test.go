package store

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"traboule/im"
)

// kills is how often the child is killed; each time it is somewhere else.
const kills = 200

// runChild is what the test program does as a child: it opens the database named, and writes until it is killed or, with a
// limit on the size of its files, until the disk is full. It says what is kept for good.
func runChild(path string) int {
	if most, err := strconv.ParseUint(os.Getenv("STORE_TEST_LIMIT"), 10, 64); err == nil {
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			fmt.Println("limit", err)
			return 1
		}
	}
	events := make(chan im.Event, 64)
	s, err := Open(context.Background(), Options{Path: path, Key: testKey, Events: events})
	if err != nil {
		fmt.Println("open", err)
		return 1
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	if os.Getenv("STORE_TEST_FORGETS") != "" {
		childForgets(s, events)
	}
	childWrites(s, events)
	cancel()
	fmt.Println("end", <-ended)
	return 0
}

// tell says something to the parent.
func tell(what string, err error) { fmt.Println(what, err) }

// childWrites keeps messages in batches, and prints the last Seq of a batch once a request behind it was answered. It ends
// when something could not be kept.
func childWrites(s *Store, events <-chan im.Event) {
	random := rand.New(rand.NewSource(time.Now().UnixNano()))
	seq := s.Profile().LastSeq
	for id := im.RequestID(1); ; id++ {
		for range 1 + random.Intn(20) {
			seq++
			s.Keep([]im.Record{record(said(seq, "mot "+strings.Repeat("abc ", random.Intn(200))))})
		}
		merged := said(seq+1, "par l'archive")
		seq++
		s.Send(im.MergeHistory{For: im.For{Account: hubert, ID: id}, Messages: []im.StoredMessage{merged}})
		for {
			switch e := (<-events).(type) {
			case im.StoreFailed:
				fmt.Println("failed", e.Err.Code)
				return
			case im.Done:
				if e.Err != nil {
					fmt.Println("refused", e.Err.Code)
					return
				}
				fmt.Println("kept", seq)
			}
			break
		}
	}
}

// child starts the test program as a child on a database.
func child(t *testing.T, path string, environment ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	command := exec.Command(plainProgram.build(t))
	command.Env = append(os.Environ(), append(environment, "STORE_TEST_CHILD="+path)...)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { command.Process.Kill(); io.Copy(io.Discard, out); command.Wait() })
	return command, bufio.NewScanner(out)
}

// TestKilledAnywhere: what was acknowledged is there after a kill at any point, and the rest is whole.
func TestKilledAnywhere(t *testing.T) {
	if unraced(t) {
		return
	}
	path := newPath(t)
	random := rand.New(rand.NewSource(time.Now().UnixNano()))
	acknowledged := uint64(0)
	for n := range kills {
		command, out := child(t, path)
		lines := random.Intn(8)
		for out.Scan() {
			last, ok := strings.CutPrefix(out.Text(), "kept ")
			if !ok {
				t.Fatalf("kill %d: the child says %q", n, out.Text())
			}
			lines--
			acknowledged, _ = strconv.ParseUint(last, 10, 64)
			if lines < 0 {
				// Somewhere within the next batch.
				time.Sleep(time.Duration(random.Intn(3000)) * time.Microsecond)
				command.Process.Kill()
			}
		}
		command.Wait()
		if n%20 == 19 {
			afterKill(t, path, acknowledged)
		}
	}
}

// afterKill opens what a killed child left, and checks that all is there that it acknowledged.
func afterKill(t *testing.T, path string, acknowledged uint64) {
	t.Helper()
	s, err := Open(t.Context(), Options{Path: path, Key: testKey})
	if err != nil {
		t.Fatalf("after %d: %v", acknowledged, err)
	}
	defer s.Close()
	next := uint64(1)
	err = s.Export(t.Context(), hubert, room, func(m im.FoundMessage) error {
		if m.Seq != next && next <= acknowledged {
			return fmt.Errorf("message %d is followed by %d", next-1, m.Seq)
		}
		next = m.Seq + 1
		return nil
	})
	if err != nil || next <= acknowledged {
		t.Fatalf("of %d acknowledged, %d are there: %v", acknowledged, next-1, err)
	}
	whole(t, s)
}

// TestDiskFull: a limit on the size of files says to a write what a full disk says. A profile that cannot be made is not half
// made. What was acknowledged is there, what was not is told, and when there is room again all goes on.
func TestDiskFull(t *testing.T) {
	needed := fullAtTheStart(t)
	for _, more := range []int{50_000, 500_000, 1_200_000} {
		limit := needed + more
		path := newPath(t)
		_, out := child(t, path, "STORE_TEST_LIMIT="+strconv.Itoa(limit))
		acknowledged := uint64(0)
		var last []string
		for out.Scan() {
			if kept, ok := strings.CutPrefix(out.Text(), "kept "); ok {
				acknowledged, _ = strconv.ParseUint(kept, 10, 64)
			} else {
				last = append(last, out.Text())
			}
		}
		if len(last) != 2 || last[0] != "failed store-full" && last[0] != "refused store-full" {
			t.Errorf("with %d bytes the child says %q", limit, last)
		}
		afterKill(t, path, acknowledged)
	}
}

// fullAtTheStart has a profile made with more and more room, always at the same place, and returns how much it takes, in bytes.
func fullAtTheStart(t *testing.T) (needed int) {
	t.Helper()
	const step, most = 8192, 2_000_000
	path := newPath(t)
	for limit := 17; limit < most; limit += step {
		command, out := child(t, path, "STORE_TEST_LIMIT="+strconv.Itoa(limit))
		out.Scan()
		said := out.Text()
		command.Process.Kill()
		command.Wait()
		if strings.HasPrefix(said, "kept") || strings.HasPrefix(said, "failed") || strings.HasPrefix(said, "refused") {
			afterKill(t, path, 0)
			return limit
		}
		if !strings.HasPrefix(said, "open ") || !strings.Contains(said, ErrFull.Error()) {
			t.Errorf("with %d bytes the child says %q", limit, said)
		}
	}
	t.Fatalf("no profile is made with %d bytes", most)
	return 0
}

// TestRoomAgain: what could not be written is written when there is room again.
func TestRoomAgain(t *testing.T) {
	path := newPath(t)
	s := start(t, path)
	full := func(pages int) {
		err := s.with(func(d *database) error { return d.exec("PRAGMA max_page_count = " + strconv.Itoa(pages)) })
		if err != nil {
			t.Fatal(err)
		}
	}
	full(1)
	for n := range uint64(500) {
		s.keep(record(said(n+1, strings.Repeat("mot ", 100))))
	}
	if e, ok := (<-s.events).(im.StoreFailed); !ok || e.Err.Code != im.CodeStoreFull {
		t.Fatalf("got %+v", e)
	}
	full(1 << 30)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	again := opened(t, layer{path: path, key: testKey[:]})
	if n := count(t, again); n != 500 {
		t.Errorf("%d messages, want 500", n)
	}
}
