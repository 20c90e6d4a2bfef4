package core

// chunkSize is the number of lines in a full chunk of a Log: small enough that changing one line copies little, large enough
// that a View of a long conversation is a short slice.
const chunkSize = 256

// Log is the lines of a conversation, oldest first. It is a persistent value: Append and Replace return a new Log and
// never change what a Log handed out earlier shows, so a View may keep one while the conversation goes on.
type Log struct {
	chunks []*[chunkSize]*Line // all full
	tail   []*Line             // fewer than chunkSize
	first  uint64              // Seq of the first line kept
}

// Len returns the number of lines kept.
func (l Log) Len() int { return len(l.chunks)*chunkSize + len(l.tail) }

// First returns the Seq of the first line kept. It grows when old lines are dropped.
func (l Log) First() uint64 { return l.first }

// Next returns the Seq that the next line will get.
func (l Log) Next() uint64 { return l.first + uint64(l.Len()) }

// At returns line i, counted from 0 for the oldest kept. It panics if i is out of range.
func (l Log) At(i int) *Line {
	if full := len(l.chunks) * chunkSize; i >= full {
		return l.tail[i-full]
	}
	return l.chunks[i/chunkSize][i%chunkSize]
}

// Seek returns the index of the line with the given Seq, and whether it is still kept.
func (l Log) Seek(seq uint64) (int, bool) {
	if seq < l.first || seq >= l.Next() {
		return 0, false
	}
	return int(seq - l.first), true
}

// Find returns the line with the given Seq, nil if it is no longer kept.
func (l Log) Find(seq uint64) *Line {
	i, kept := l.Seek(seq)
	if !kept {
		return nil
	}
	return l.At(i)
}

// Append returns the Log with one more line, whose Seq it sets.
func (l Log) Append(line Line) (Log, *Line) {
	line.Seq = l.Next()
	added := &line
	// Older Logs share the tail's array but never look beyond their own length.
	l.tail = append(l.tail, added)
	if len(l.tail) == chunkSize {
		l.chunks = append(l.chunks, (*[chunkSize]*Line)(l.tail))
		l.tail = nil
	}
	return l, added
}

// Replace returns the Log with line i changed to line, which keeps its Seq.
func (l Log) Replace(i int, line Line) (Log, *Line) {
	line.Seq = l.first + uint64(i)
	changed := &line
	full := len(l.chunks) * chunkSize
	if i >= full {
		l.tail = append(make([]*Line, 0, chunkSize), l.tail...)
		l.tail[i-full] = changed
		return l, changed
	}
	chunk := *l.chunks[i/chunkSize]
	chunk[i%chunkSize] = changed
	l.chunks = append([]*[chunkSize]*Line(nil), l.chunks...)
	l.chunks[i/chunkSize] = &chunk
	return l, changed
}

// DropOldest returns the Log without its oldest lines: a chunk of them, or half of them where there is no full chunk.
func (l Log) DropOldest() Log {
	if len(l.chunks) == 0 {
		half := (len(l.tail) + 1) / 2
		l.tail = append([]*Line(nil), l.tail[half:]...)
		l.first += uint64(half)
		return l
	}
	l.chunks = l.chunks[1:]
	l.first += chunkSize
	return l
}
