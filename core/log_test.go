package core

import (
	"fmt"
	"testing"
)

func TestLogKeepsWhatItShowed(t *testing.T) {
	const n = 3*chunkSize + 10
	var l Log
	var earlier []Log
	for i := range n {
		earlier = append(earlier, l)
		l, _ = l.Append(Line{Body: fmt.Sprint(i)})
	}
	for _, i := range []int{0, chunkSize - 1, chunkSize, n - 1} {
		changed, line := l.Replace(i, Line{Body: "changed"})
		if line.Seq != uint64(i) || changed.At(i).Body != "changed" || l.At(i).Body != fmt.Sprint(i) {
			t.Errorf("line %d: %+v, before %+v", i, changed.At(i), l.At(i))
		}
	}
	for length, old := range earlier {
		if old.Len() != length {
			t.Fatalf("a log of %d lines has %d now", length, old.Len())
		}
		for i := range length {
			if old.At(i).Body != fmt.Sprint(i) {
				t.Fatalf("a log of %d lines: line %d is %q now", length, i, old.At(i).Body)
			}
		}
	}
}

func TestLogDropOldest(t *testing.T) {
	var l Log
	for range 2*chunkSize + 7 {
		l, _ = l.Append(Line{})
	}
	for _, want := range []int{chunkSize + 7, 7, 3, 1, 0, 0} {
		l = l.DropOldest()
		if l.Len() != want || l.Next() != 2*chunkSize+7 {
			t.Fatalf("%d lines, next %d; want %d", l.Len(), l.Next(), want)
		}
		if _, found := l.Seek(l.First()); found != (want > 0) {
			t.Errorf("with %d lines, the first is found: %t", want, found)
		}
	}
	l, line := l.Append(Line{})
	if line.Seq != 2*chunkSize+7 || l.Len() != 1 {
		t.Errorf("after all were dropped: seq %d of %d", line.Seq, l.Len())
	}
	for range 2 * chunkSize {
		l, _ = l.Append(Line{})
	}
	if found := l.Find(line.Seq + chunkSize); found == nil || found.Seq != line.Seq+chunkSize {
		t.Errorf("line %d is not found any more", line.Seq+chunkSize)
	}
	if l.Find(l.Next()) != nil || l.Find(line.Seq-1) != nil {
		t.Error("a line is found that is not there")
	}
}
