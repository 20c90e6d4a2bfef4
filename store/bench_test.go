package store

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"traboule/im"
	"traboule/internal/chronicle"
)

// bench makes the history once for all benchmarks.
type bench struct {
	once   sync.Once
	folder string
	took   time.Duration
}

var history bench

func benchRoom(n int) im.JID {
	return im.MustJID("room" + strconv.Itoa(n) + "@conference.example.org")
}

func newWriter() *chronicle.Writer { return chronicle.New(hubert, im.Groupchat, benchRoom) }

// opened opens the history of a million messages, which is made if it is not there.
func (h *bench) opened(b *testing.B) *Store {
	b.Helper()
	h.once.Do(func() {
		folder, err := os.MkdirTemp("", "traboule-store")
		if err != nil {
			b.Fatal(err)
		}
		h.folder = folder
		h.fill(b)
	})
	s, err := Open(b.Context(), Options{Path: filepath.Join(h.folder, "profile"), Key: testKey})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

func (h *bench) fill(b *testing.B) {
	s, err := Open(b.Context(), Options{Path: filepath.Join(h.folder, "profile"), Key: testKey})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	w := newWriter()
	for range chronicle.Messages / 4000 {
		records := w.Records(4000)
		began := time.Now()
		if err := s.with(func(d *database) error { return d.keepAll(records, time.Now) }); err != nil {
			b.Fatal(err)
		}
		h.took += time.Since(began)
	}
}

// BenchmarkInsert keeps messages in batches as Run makes them of what waits.
func BenchmarkInsert(b *testing.B) {
	history.opened(b).Close()
	w := newWriter()
	s, err := Open(b.Context(), Options{Path: filepath.Join(b.TempDir(), "profile"), Key: testKey})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	n := 0
	for b.Loop() {
		b.StopTimer()
		records := w.Records(4000)
		b.StartTimer()
		if err := s.with(func(d *database) error { return d.keepAll(records, time.Now) }); err != nil {
			b.Fatal(err)
		}
		n += len(records)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "msg/s")
	b.ReportMetric(chronicle.Messages/history.took.Seconds(), "msg/s-to-1M")
}

// BenchmarkCommit keeps one message, and waits for the disk.
func BenchmarkCommit(b *testing.B) {
	w := newWriter()
	s, err := Open(b.Context(), Options{Path: filepath.Join(b.TempDir(), "profile"), Key: testKey})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for b.Loop() {
		records := w.Records(1)
		if err := s.with(func(d *database) error { return d.keepAll(records, time.Now) }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen opens and closes an empty profile, and one with a million messages.
func BenchmarkOpen(b *testing.B) {
	open := func(b *testing.B, path string) {
		for b.Loop() {
			s, err := Open(context.Background(), Options{Path: path, Key: testKey})
			if err != nil {
				b.Fatal(err)
			}
			s.Close()
		}
	}
	b.Run("empty", func(b *testing.B) { open(b, filepath.Join(b.TempDir(), "profile")) })
	b.Run("1M", func(b *testing.B) {
		history.opened(b).Close()
		open(b, filepath.Join(history.folder, "profile"))
	})
}

// BenchmarkFetch opens a conversation: its last 50 messages, or 50 out of its middle.
func BenchmarkFetch(b *testing.B) {
	s := history.opened(b)
	for name, before := range map[string]uint64{"last": 0, "middle": chronicle.Messages / 2 << 20} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				r := im.FetchHistory{For: im.For{Account: hubert}, Peer: benchRoom(i % chronicle.Conversations), Before: before, Limit: 50}
				if err := s.with(func(d *database) error { _, err := d.fetch(r, time.Now()); return err }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSearch searches a million messages for the 50 newest.
func BenchmarkSearch(b *testing.B) {
	s := history.opened(b)
	day := time.Date(2023, 6, 1, 0, 0, 0, 0, time.UTC)
	for name, r := range map[string]im.SearchHistory{
		"commonest-word":    {Text: chronicle.Word(0)},
		"common-word":       {Text: chronicle.Word(9)},
		"common-beginning":  {Text: chronicle.Word(200)[:3]},
		"long-word":         {Text: chronicle.Word(5000)},
		"rare-word":         {Text: chronicle.Word(55555)},
		"two-common":        {Text: chronicle.Word(4) + " " + chronicle.Word(7)},
		"three-words":       {Text: chronicle.Word(20) + " " + chronicle.Word(30) + " " + chronicle.Word(41)},
		"none":              {Text: "qqqqqq"},
		"one-letter":        {Text: "e"},
		"room":              {Text: chronicle.Word(3), Peer: benchRoom(40)},
		"person":            {Text: chronicle.Word(3), From: "nick33"},
		"person-in-room":    {Text: chronicle.Word(3), From: "nick33", Peer: benchRoom(20)},
		"person-everything": {From: "nick3"},
		"day":               {Text: chronicle.Word(0), Since: day, Until: day.AddDate(0, 0, 1)},
		"before-a-day":      {Text: chronicle.Word(3), Until: day},
	} {
		b.Run(name, func(b *testing.B) {
			found := 0
			for b.Loop() {
				err := s.with(func(d *database) error {
					result, err := d.search(r, time.Now())
					found = len(result.Found)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(found), "found")
		})
	}
}

// BenchmarkMerge merges a page of an archive of which half is known.
func BenchmarkMerge(b *testing.B) {
	s := history.opened(b)
	w := newWriter()
	known := w.Records(50)
	w.Records(1000)
	for round := uint64(1); b.Loop(); round++ {
		b.StopTimer()
		var r im.MergeHistory
		r.Account = hubert
		for i, record := range append(known[:50:50], w.Records(50)...) {
			m := record.(im.MessageRecord).Message
			if i >= 50 {
				m.Seq += round
				m.ID, m.OriginID, m.StanzaID = m.ID+"x"+strconv.Itoa(int(round)), "", m.StanzaID+strconv.Itoa(int(round))
			}
			r.Messages = append(r.Messages, m)
		}
		b.StartTimer()
		if err := s.with(func(d *database) error { _, err := d.merge(r, time.Now); return err }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkForget erases a conversation for good, of some ten thousand messages.
func BenchmarkForget(b *testing.B) {
	s := history.opened(b)
	erased, longest := 0, time.Duration(0)
	for n := 5; b.Loop(); n++ {
		before := messages(b, s)
		err := s.with(func(d *database) error {
			return d.forget(im.ForgetHistory{For: im.For{Account: hubert}, Peer: benchRoom(n)})
		})
		if err != nil {
			b.Fatal(err)
		}
		longest = max(longest, eraseAll(b, s))
		erased += before - messages(b, s)
	}
	b.ReportMetric(float64(erased)/b.Elapsed().Seconds(), "msg/s")
	b.ReportMetric(float64(erased)/float64(b.N), "msg/op")
	b.ReportMetric(float64(longest.Milliseconds()), "ms-longest-wait")
}

func messages(b *testing.B, s *Store) int {
	n := int64(0)
	s.with(func(d *database) (err error) { n, _, err = d.number("SELECT count(*) FROM message"); return err })
	return int(n)
}

// BenchmarkMemory tells what an open history of a million messages takes beside what an empty one does.
func BenchmarkMemory(b *testing.B) {
	s := history.opened(b)
	s.Close()
	for b.Loop() {
		base := resident()
		s, err := Open(b.Context(), Options{Path: filepath.Join(history.folder, "profile"), Key: testKey})
		if err != nil {
			b.Fatal(err)
		}
		for i := range 200 {
			s.with(func(d *database) error {
				d.fetch(im.FetchHistory{For: im.For{Account: hubert}, Peer: benchRoom(i % chronicle.Conversations)}, time.Now())
				_, err := d.search(im.SearchHistory{Text: chronicle.Word(uint64(i))}, time.Now())
				return err
			})
		}
		b.ReportMetric(float64(resident()-base)/(1<<20), "MiB")
		s.Close()
	}
}

// resident returns how much memory the process holds, in bytes.
func resident() int64 {
	runtime.GC()
	text, _ := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
