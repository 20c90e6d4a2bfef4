package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

const (
	// maxDraft is the longest text that can be typed, in bytes: with every character escaped for XML it still fits the
	// smallest stanza that servers are known to accept.
	maxDraft = 32 << 10
	// maxUndo is how many steps back the editor remembers.
	maxUndo = 100
)

// editor is a text being typed, with its cursor. The cursor is a byte offset and always stands between two grapheme
// clusters, so that no key cuts a letter from its accent. The text never holds a control character but newline and tab.
// The zero editor is empty and ready.
type editor struct {
	text   string
	cursor int
	// killed is what Ctrl+Y brings back.
	killed string
	undone []snapshot
	last   editKind
}

// snapshot is a state that undo goes back to.
type snapshot struct {
	text   string
	cursor int
}

// editKind tells what the last edit was: typed letters are undone a word at a time, and kills in a row are one kill.
type editKind uint8

const (
	editNone editKind = iota
	editType
	editKill
)

// insert puts s at the cursor, without what cannot be typed, and reports whether all of it had room.
func (e *editor) insert(s string) bool {
	s = typable(s)
	room := maxDraft - len(e.text)
	whole := len(s) <= room
	if !whole {
		s = clustersUpTo(s, room)
	}
	if s == "" {
		return whole
	}
	if e.last != editType || strings.ContainsAny(s, " \n") || utf8.RuneCountInString(s) > 1 {
		e.remember()
	}
	e.text = e.text[:e.cursor] + s + e.text[e.cursor:]
	e.cursor = boundary(e.text, e.cursor+len(s))
	e.last = editType
	return whole
}

// replace puts s in the place of the text from start to end, which must be boundaries, with the cursor after it.
func (e *editor) replace(start, end int, s string) {
	e.remember()
	e.text = e.text[:start] + e.text[end:]
	e.cursor = start
	e.insert(s)
	e.last = editNone
}

// set makes text the whole text, with the cursor at its end. The text before can be had back by undo.
func (e *editor) set(text string) {
	e.remember()
	text = typable(text)
	e.text = clustersUpTo(text, maxDraft)
	e.cursor = len(e.text)
	e.last = editNone
}

// clear begins a new text; only what was killed is still there.
func (e *editor) clear() { *e = editor{killed: e.killed} }

// undo goes one step back.
func (e *editor) undo() {
	if len(e.undone) == 0 {
		return
	}
	back := e.undone[len(e.undone)-1]
	e.undone = e.undone[:len(e.undone)-1]
	e.text, e.cursor, e.last = back.text, back.cursor, editNone
}

func (e *editor) remember() {
	now := snapshot{e.text, e.cursor}
	if n := len(e.undone); n > 0 && e.undone[n-1] == now {
		return
	}
	if len(e.undone) == maxUndo {
		e.undone = append(e.undone[:0], e.undone[1:]...)
	}
	e.undone = append(e.undone, now)
}

// moveTo puts the cursor at a byte offset, or at the next boundary after it.
func (e *editor) moveTo(offset int) {
	e.cursor = boundary(e.text, max(0, min(offset, len(e.text))))
	e.last = editNone
}

func (e *editor) left()      { e.moveTo(before(e.text, e.cursor)) }
func (e *editor) right()     { e.moveTo(after(e.text, e.cursor)) }
func (e *editor) wordLeft()  { e.moveTo(wordStart(e.text, e.cursor)) }
func (e *editor) wordRight() { e.moveTo(wordEnd(e.text, e.cursor)) }
func (e *editor) lineStart() { e.moveTo(lineStart(e.text, e.cursor)) }
func (e *editor) lineEnd()   { e.moveTo(lineEnd(e.text, e.cursor)) }

func (e *editor) deleteLeft()  { e.delete(before(e.text, e.cursor), e.cursor) }
func (e *editor) deleteRight() { e.delete(e.cursor, after(e.text, e.cursor)) }

func (e *editor) delete(start, end int) {
	if start == end {
		return
	}
	e.remember()
	e.text = e.text[:start] + e.text[end:]
	e.cursor = boundary(e.text, start)
	e.last = editNone
}

func (e *editor) killWordLeft()  { e.kill(wordStart(e.text, e.cursor), e.cursor) }
func (e *editor) killWordRight() { e.kill(e.cursor, wordEnd(e.text, e.cursor)) }
func (e *editor) killSpaceLeft() { e.kill(spaceStart(e.text, e.cursor), e.cursor) }
func (e *editor) killLineLeft()  { e.kill(lineStart(e.text, e.cursor), e.cursor) }
func (e *editor) killAll()       { e.kill(0, len(e.text)) }

// killLineRight kills to the end of the line; there, it kills the line break.
func (e *editor) killLineRight() {
	end := lineEnd(e.text, e.cursor)
	if end == e.cursor {
		end = after(e.text, e.cursor)
	}
	e.kill(e.cursor, end)
}

// kill deletes and keeps for yank. Kills in a row come back together.
func (e *editor) kill(start, end int) {
	if start == end {
		return
	}
	cut := e.text[start:end]
	switch {
	case e.last != editKill:
		e.killed = cut
	case end == e.cursor && start < e.cursor:
		e.killed = cut + e.killed
	default:
		e.killed += cut
	}
	if len(e.killed) > maxDraft {
		e.killed = cut
	}
	e.delete(start, end)
	e.last = editKill
}

// yank inserts what was killed, and reports whether all of it had room.
func (e *editor) yank() bool {
	whole := e.insert(e.killed)
	e.last = editNone
	return whole
}

// transpose exchanges the two clusters around the cursor, or at the end of a line the two before it.
func (e *editor) transpose() {
	at := e.cursor
	if at == lineEnd(e.text, at) {
		at = before(e.text, at)
	}
	start, end := before(e.text, at), after(e.text, at)
	if start == at || end == at || start < lineStart(e.text, at) {
		return
	}
	e.remember()
	e.text = e.text[:start] + e.text[at:end] + e.text[start:at] + e.text[end:]
	e.cursor = boundary(e.text, end)
	e.last = editNone
}

// typable returns s without what may not stand in a typed text: control characters but newline and tab, and the
// characters that turn the direction of writing or cannot be seen.
func typable(s string) string {
	for i, r := range s {
		if !canType(r) || r == utf8.RuneError {
			return s[:i] + strings.Map(typed, s[i:])
		}
	}
	return s
}

func typed(r rune) rune {
	if !canType(r) {
		return -1
	}
	return r
}

func canType(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return true
	case unicode.IsControl(r), r == '\u2028', r == '\u2029':
		return false
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff', r == '\u200b':
		return false
	}
	return true
}

// clustersUpTo returns as many whole clusters of s as fit into room bytes.
func clustersUpTo(s string, room int) string {
	if len(s) <= room {
		return s
	}
	end := 0
	for end < len(s) {
		next := after(s, end)
		if next > room {
			break
		}
		end = next
	}
	return s[:end]
}

// after returns the boundary after offset i, which must be one.
func after(s string, i int) int {
	if i >= len(s) {
		return len(s)
	}
	if i+1 < len(s) && s[i] < utf8.RuneSelf && s[i] != '\r' && s[i+1] < utf8.RuneSelf {
		return i + 1
	}
	cluster, _, _, _ := uniseg.FirstGraphemeClusterInString(s[i:], -1)
	return i + len(cluster)
}

// before returns the boundary before offset i. Clusters are counted from the line break before it, as only from a
// known boundary can they be told.
func before(s string, i int) int {
	if i <= 0 {
		return 0
	}
	if s[i-1] == '\n' {
		return i - 1
	}
	previous := lineStart(s, i)
	for {
		next := after(s, previous)
		if next >= i {
			return previous
		}
		previous = next
	}
}

// boundary returns i if it is a boundary, else the next one.
func boundary(s string, i int) int {
	if i <= 0 || i >= len(s) {
		return max(0, min(i, len(s)))
	}
	at := lineStart(s, i)
	for at < i {
		at = after(s, at)
	}
	return at
}

func lineStart(s string, i int) int { return strings.LastIndexByte(s[:i], '\n') + 1 }

func lineEnd(s string, i int) int {
	if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(s)
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }

// wordStart returns where the word at or before i begins; wordEnd, where the one at or after i ends.
func wordStart(s string, i int) int {
	i = len(strings.TrimRightFunc(s[:i], func(r rune) bool { return !inWord(r) }))
	return len(strings.TrimRightFunc(s[:i], inWord))
}

func wordEnd(s string, i int) int {
	rest := strings.TrimLeftFunc(s[i:], func(r rune) bool { return !inWord(r) })
	return len(s) - len(strings.TrimLeftFunc(rest, inWord))
}

// spaceStart returns where the run of anything but space before i begins.
func spaceStart(s string, i int) int {
	i = len(strings.TrimRightFunc(s[:i], unicode.IsSpace))
	return len(strings.TrimRightFunc(s[:i], func(r rune) bool { return !unicode.IsSpace(r) }))
}
