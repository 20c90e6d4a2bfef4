package core

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"traboule/im"
)

const (
	// placeholder stands for each character that was taken out. U+FFFD is one cell wide everywhere, is what a reader knows
	// as "something unreadable was here", and says so even where people write other dots and boxes themselves.
	placeholder = '\uFFFD'
	// visibleSpace stands for a space at the edge of a name, where a blank would hide that it is another name.
	visibleSpace = '␣'
	// ellipsis ends a text that was cut at its limit.
	ellipsis = "…"
	// tabSpaces is what a tab in a body becomes: its width must not depend on where the front end begins the line.
	tabSpaces = "    "
)

// CleanText makes a body from outside safe to show. Newlines stay, a tab becomes four spaces, and whatever could move the
// cursor, recolour, reverse, hide or vanish becomes U+FFFD. At most 64 KiB remain, ending in "…" if it was cut.
//
// A newline can be followed by anything, so a front end that prints whole lines must indent all but the first.
func CleanText(s string) string {
	return clean(s, cleaning{max: maxText, newlines: true})
}

// CleanLine makes a sentence from outside (subject, status, reason, error text) safe to show on one line: as CleanText, but
// line breaks and unusual spaces become spaces, and spaces at either end go. At most 2 KiB remain. Nothing stays nothing.
func CleanLine(s string) string {
	return clean(s, cleaning{max: maxSentence, trim: true})
}

// CleanName makes a name from outside (nickname, resource, name of a contact or room) safe to show on one line: as
// CleanLine, but spaces at either end become "␣", and "<" and ">" become "‹" and "›", so that no name can close the
// brackets that line mode puts around it and go on with words of its own. At most 256 bytes remain, and an empty name becomes
// U+FFFD: look first where no name has a meaning of its own.
func CleanName(s string) string {
	if s == "" {
		return string(placeholder)
	}
	return clean(s, cleaning{max: maxName, name: true})
}

// CleanJID gives an address as it may be shown; see CleanName. The zero JID gives nothing.
func CleanJID(j im.JID) string {
	return clean(j.String(), cleaning{max: maxAddress, name: true})
}

// cleaning is how one kind of text is cleaned, and how far it has come.
type cleaning struct {
	max      int
	newlines bool // keep line breaks
	trim     bool // drop blanks at the edges
	name     bool // show blanks at the edges, replace angle brackets

	out   []byte
	safe  int  // the longest beginning of out that leaves room for the ellipsis and does not end inside a cluster
	prev  rune // the last rune in out, 0 at the start
	marks int  // what is piled on the last base in out
	full  bool
}

func clean(s string, c cleaning) string {
	if c.trim {
		s = strings.TrimFunc(s, isBlank)
	}
	if c.isPlain(s) {
		return s
	}
	lead, trail := 0, len(s)
	if c.name {
		trail = len(strings.TrimRightFunc(s, isBlank))
		lead = len(s) - len(strings.TrimLeftFunc(s, isBlank))
	}
	c.out = make([]byte, 0, min(len(s)+8, c.max))
	for i := 0; i < len(s) && !c.full; {
		r, size := utf8.DecodeRuneInString(s[i:])
		next, _ := utf8.DecodeRuneInString(s[i+size:])
		if i < lead || i >= trail {
			c.base(visibleSpace)
		} else {
			c.step(r, next)
		}
		i += size
	}
	return string(c.out)
}

// isPlain reports whether s can stay as it is, for the common case of printable ASCII.
func (c *cleaning) isPlain(s string) bool {
	if len(s) > c.max {
		return false
	}
	if c.name && s != "" && (s[0] == ' ' || s[len(s)-1] == ' ') {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case b == '\n' && c.newlines:
		case b < ' ' || b > '~':
			return false
		case c.name && (b == '<' || b == '>'):
			return false
		}
	}
	return true
}

// step takes in one rune of the text, given the one that follows. What it does depends only on the runes before and after,
// as they will be in the cleaned text, so that cleaning twice changes nothing.
func (c *cleaning) step(r, next rune) {
	switch classOf(r) {
	case plainRune:
		c.plain(r)
	case lineBreak:
		c.lineBreak(r, next)
	case spaceRune:
		c.space(r)
	case markRune:
		c.mark(r)
	case joinerRune:
		if c.joins(r, next) {
			c.mark(r)
		} else {
			c.base(placeholder)
		}
	case selectorRune:
		if c.selects(r, next) {
			c.mark(r)
		} else {
			c.base(placeholder)
		}
	default:
		c.base(placeholder)
	}
}

func (c *cleaning) plain(r rune) {
	switch {
	case c.name && r == '<':
		c.base('‹')
	case c.name && r == '>':
		c.base('›')
	case c.prev == zeroWidthJoiner && isPictograph(r):
		c.write(r) // still the same cluster: one limit for all of it
	case isLeadingJamo(r) && isLeadingJamo(c.prev):
		c.mark(r)
	default:
		c.base(r)
	}
}

func (c *cleaning) lineBreak(r, next rune) {
	switch {
	case r == '\r' && next == '\n': // the newline follows
	case c.newlines:
		c.base('\n')
	default:
		c.base(' ')
	}
}

func (c *cleaning) space(r rune) {
	switch {
	case r == '\t' && c.newlines:
		for range tabSpaces {
			c.base(' ')
		}
	case c.newlines && (r == noBreakSpace || r == narrowNoBreakSpace || r == ideographicSpace):
		c.base(r) // French and Chinese are written with them
	default:
		c.base(' ')
	}
}

// joins reports whether a zero-width joiner or non-joiner does its work here: between parts of an emoji, or between
// characters of a script that needs it.
func (c *cleaning) joins(r, next rune) bool {
	if c.marks+2 > maxMarks { // the joiner, and perhaps a mark after it
		return false
	}
	if r == zeroWidthJoiner && isPictograph(next) {
		return isPictograph(c.prev) || isSkinTone(c.prev) || c.prev == emojiSelector
	}
	kept := classOf(next) == plainRune || classOf(next) == markRune
	return kept && unicode.In(c.prev, joiningScripts...) && unicode.In(next, joiningScripts...)
}

// selects reports whether a variation selector chooses a form that people use: the coloured or the plain one of an emoji, a
// keycap, or a Mongolian letter's.
func (c *cleaning) selects(r, next rune) bool {
	switch {
	case c.marks+2 > maxMarks:
		return false
	case r != emojiSelector && r != textSelector:
		return unicode.Is(unicode.Mongolian, c.prev) && unicode.IsLetter(c.prev)
	case isPictograph(c.prev):
		return true
	}
	keycap := c.prev == '#' || c.prev == '*' || c.prev >= '0' && c.prev <= '9'
	return keycap && r == emojiSelector && next == enclosingKeycap
}

// mark writes a rune that is piled on the base before it; too high a pile is cut. At the start of a line, where it would land on
// whatever the front end has drawn before, it gets a base of its own.
func (c *cleaning) mark(r rune) {
	if c.prev == 0 || c.prev == '\n' {
		c.base(placeholder)
	}
	if c.marks == maxMarks {
		return
	}
	c.marks++
	c.write(r)
}

// base writes a rune that begins a new cluster.
func (c *cleaning) base(r rune) {
	if len(c.out)+len(ellipsis) <= c.max && classOf(c.prev) != joinerRune {
		c.safe = len(c.out)
	}
	c.marks = 0
	c.write(r)
}

func (c *cleaning) write(r rune) {
	if c.full {
		return
	}
	if len(c.out)+utf8.RuneLen(r) > c.max {
		c.out = append(c.out[:c.safe], ellipsis...)
		c.full = true
		return
	}
	c.out = utf8.AppendRune(c.out, r)
	c.prev = r
}
