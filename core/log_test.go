package core

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
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

// TestLogIsAnOrderedSet does anything to a Log and to a plain slice, and compares; what a Log showed before stays.
func TestLogIsAnOrderedSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l, earlier Log
		var model, then []Line
		seq := rapid.Uint64Range(0, 3000)
		grow := rapid.SampledFrom([]int{1, 20, 300}).Draw(t, "lines a step")
		for step := range rapid.IntRange(1, 30).Draw(t, "steps") {
			for range grow {
				switch what := rapid.IntRange(0, 7).Draw(t, "what"); {
				case what < 3:
					var line *Line
					l, line = l.Append(Line{Seq: seq.Draw(t, "seq"), Body: fmt.Sprint(step)})
					model = append(model, *line)
				case what < 6:
					line := Line{Seq: seq.Draw(t, "seq"), Body: fmt.Sprint(-step)}
					l, _ = l.Insert(line)
					i, there := slices.BinarySearchFunc(model, line, bySeq)
					if !there {
						model = slices.Insert(model, i, line)
					}
				case l.Len() == 0:
				case what == 6:
					i := rapid.IntRange(0, l.Len()-1).Draw(t, "i")
					l, _ = l.Replace(i, Line{Body: "changed"})
					model[i].Body = "changed"
				default:
					i := rapid.IntRange(0, l.Len()-1).Draw(t, "i")
					l = l.Remove(i)
					model = slices.Delete(model, i, i+1)
				}
			}
			if rapid.IntRange(0, 9).Draw(t, "drop") == 0 {
				n := l.Len()
				l = l.DropOldest()
				model = model[n-l.Len():]
			}
			compareLog(t, l, model)
			compareLog(t, earlier, then)
			earlier, then = l, slices.Clone(model)
		}
	})
}

func bySeq(a, b Line) int { return cmp.Compare(a.Seq, b.Seq) }

func compareLog(t *rapid.T, l Log, model []Line) {
	if l.Len() != len(model) {
		t.Fatalf("%d lines, want %d", l.Len(), len(model))
	}
	for i, want := range model {
		if line := l.At(i); line.Seq != want.Seq || line.Body != want.Body {
			t.Fatalf("line %d of %d is %d %q, want %d %q", i, len(model), line.Seq, line.Body, want.Seq, want.Body)
		}
		if at, found := l.Seek(want.Seq); at != i || !found || l.Search(want.Seq) != i {
			t.Fatalf("line %d of %d is found at %d: %t", i, len(model), at, found)
		}
	}
	if n := len(model); n > 0 && (l.First() != model[0].Seq || l.Next() <= model[n-1].Seq) {
		t.Fatalf("from %d to %d; lines from %d to %d", l.First(), l.Next(), model[0].Seq, model[n-1].Seq)
	}
}
