package core

import "sort"

// chunkSize is the number of lines in a full chunk of a Log: small enough that changing one line copies little, large enough
// that a View of a long conversation is a short slice.
const chunkSize = 256

// Log is the lines of a conversation, in the order of their Seq. It is a persistent value: what changes it returns a new
// Log and never changes what a Log handed out earlier shows, so a View may keep one while the conversation goes on. The Seq
// of lines grows but leaves gaps, so that older lines can be put between.
type Log struct {
	chunks []chunk
	tail   []*Line // fewer than chunkSize
	next   uint64
	came   uint64 // lines appended so far
}

// chunk is a run of lines that never changes, of which there is at least one and at most chunkSize.
type chunk struct {
	lines []*Line
	// start is the index of its first line, counted from anything: that of the first chunk counts as 0.
	start int
}

// base is what the starts of chunks are counted from.
func (l Log) base() int {
	if len(l.chunks) == 0 {
		return 0
	}
	return l.chunks[0].start
}

// inChunks is how many lines stand before the tail.
func (l Log) inChunks() int {
	if len(l.chunks) == 0 {
		return 0
	}
	last := l.chunks[len(l.chunks)-1]
	return last.start + len(last.lines) - l.base()
}

// Len returns the number of lines kept.
func (l Log) Len() int { return l.inChunks() + len(l.tail) }

// First returns the Seq of the first line kept; Next if there is none.
func (l Log) First() uint64 {
	if l.Len() == 0 {
		return l.next
	}
	return l.At(0).Seq
}

// Next returns the least Seq that the next line may get: it is greater than that of all lines.
func (l Log) Next() uint64 { return l.next }

// At returns line i, counted from 0 for the oldest kept. It panics if i is out of range.
func (l Log) At(i int) *Line {
	n := l.inChunks()
	if i >= n {
		return l.tail[i-n]
	}
	c := l.chunks[l.chunkAt(i)]
	return c.lines[i+l.base()-c.start]
}

// chunkAt returns the chunk that holds line i, which is not in the tail.
func (l Log) chunkAt(i int) int {
	i += l.base()
	return sort.Search(len(l.chunks), func(k int) bool { return l.chunks[k].start > i }) - 1
}

// Search returns the index of the first line whose Seq is at least seq; Len if there is none.
func (l Log) Search(seq uint64) int {
	n := l.inChunks()
	if len(l.tail) > 0 && l.tail[0].Seq <= seq || n == 0 {
		return n + sort.Search(len(l.tail), func(i int) bool { return l.tail[i].Seq >= seq })
	}
	k := sort.Search(len(l.chunks), func(k int) bool {
		lines := l.chunks[k].lines
		return lines[len(lines)-1].Seq >= seq
	})
	if k == len(l.chunks) {
		return n
	}
	c := l.chunks[k]
	return c.start - l.base() + sort.Search(len(c.lines), func(i int) bool { return c.lines[i].Seq >= seq })
}

// Seek returns the index of the line with the given Seq, and whether it is kept here.
func (l Log) Seek(seq uint64) (int, bool) {
	i := l.Search(seq)
	return i, i < l.Len() && l.At(i).Seq == seq
}

// Find returns the line with the given Seq, nil if it is not kept here.
func (l Log) Find(seq uint64) *Line {
	i, kept := l.Seek(seq)
	if !kept {
		return nil
	}
	return l.At(i)
}

// Append returns the Log with one more line. Its Seq is raised to Next if it is less.
func (l Log) Append(line Line) (Log, *Line) {
	line.Seq = max(line.Seq, l.next)
	l.came++
	line.Number = l.came
	added := &line
	l.next = line.Seq + 1
	// Older Logs share the tail's array but never look beyond their own length.
	l.tail = append(l.tail, added)
	return l.full(), added
}

// full makes a chunk of the tail if it is long enough.
func (l Log) full() Log {
	if len(l.tail) >= chunkSize {
		l.chunks = append(l.chunks[:len(l.chunks):len(l.chunks)], chunk{l.tail, l.base() + l.inChunks()})
		l.tail = nil
	}
	return l
}

// Insert returns the Log with a line at the place of its Seq, and the line; where there is one already it stays, and is
// returned.
func (l Log) Insert(line Line) (Log, *Line) {
	i, there := l.Seek(line.Seq)
	if there {
		return l, l.At(i)
	}
	line.Number = 0
	l.next = max(l.next, line.Seq+1)
	return l.splice(i, 0, &line), &line
}

// Replace returns the Log with line i changed to line, which keeps its Seq.
func (l Log) Replace(i int, line Line) (Log, *Line) {
	old := l.At(i)
	line.Seq, line.Number = old.Seq, old.Number
	return l.splice(i, 1, &line), &line
}

// Remove returns the Log without line i. Its Seq is not used again.
func (l Log) Remove(i int) Log { return l.splice(i, 1) }

// splice returns the Log with lines in the place of n others from i on, which lie in one chunk or in the tail.
func (l Log) splice(i, n int, lines ...*Line) Log {
	in := l.inChunks()
	if i >= in {
		l.tail = spliced(l.tail, i-in, n, lines)
		return l.full()
	}
	k := l.chunkAt(i)
	c := l.chunks[k]
	changed := split(spliced(c.lines, i+l.base()-c.start, n, lines))
	chunks := make([]chunk, 0, len(l.chunks)+1)
	chunks = append(chunks, l.chunks[:k]...)
	for _, part := range changed {
		chunks = append(chunks, chunk{lines: part})
	}
	chunks = append(chunks, l.chunks[k+1:]...)
	l.chunks = counted(chunks)
	return l
}

// spliced returns a copy of lines with others in the place of n from i on.
func spliced(lines []*Line, i, n int, others []*Line) []*Line {
	copied := make([]*Line, 0, len(lines)+len(others)-n+1)
	copied = append(copied, lines[:i]...)
	copied = append(copied, others...)
	return append(copied, lines[i+n:]...)
}

// split gives lines as chunks: none, one, or two if they are too many for one.
func split(lines []*Line) [][]*Line {
	switch half := len(lines) / 2; {
	case len(lines) == 0:
		return nil
	case len(lines) <= chunkSize:
		return [][]*Line{lines}
	default:
		return [][]*Line{lines[:half:half], lines[half:]}
	}
}

// counted sets the starts of chunks, which must belong to nobody else.
func counted(chunks []chunk) []chunk {
	start := 0
	for k := range chunks {
		chunks[k].start = start
		start += len(chunks[k].lines)
	}
	return chunks
}

// DropOldest returns the Log without its oldest lines: a chunk of them, or half of them where there is no chunk.
func (l Log) DropOldest() Log {
	if len(l.chunks) == 0 {
		half := (len(l.tail) + 1) / 2
		l.tail = append([]*Line(nil), l.tail[half:]...)
		return l
	}
	l.chunks = l.chunks[1:]
	return l
}
