package core

import "unicode"

// runeClass is what the cleaner does with a rune.
type runeClass uint8

const (
	badRune runeClass = iota // never shown
	plainRune
	lineBreak
	spaceRune
	markRune     // piled on the rune before
	joinerRune   // invisible, kept only where a script or an emoji needs it
	selectorRune // likewise
)

const (
	zeroWidthNonJoiner = '\u200C'
	zeroWidthJoiner    = '\u200D'
	textSelector       = '\uFE0E'
	emojiSelector      = '\uFE0F'
	enclosingKeycap    = '\u20E3'
	noBreakSpace       = '\u00A0'
	narrowNoBreakSpace = '\u202F'
	ideographicSpace   = '\u3000'
)

// joiningScripts are those whose ordinary spelling needs zero-width joiners and non-joiners.
var joiningScripts = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Nko,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu,
	unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar,
}

// visible are the categories of what has a shape of its own. All others (control, format, private, surrogate and unassigned
// code points) are never shown: what a terminal makes of them is anybody's guess.
var visible = []*unicode.RangeTable{unicode.L, unicode.N, unicode.P, unicode.S}

// classOf sorts a rune. 0 stands for "nothing before" and is bad like any other control character.
func classOf(r rune) runeClass {
	switch {
	case r == '\n' || r == '\r':
		return lineBreak
	case r == ' ' || r == '\t':
		return spaceRune
	case r < ' ' || r >= 0x7F && r < 0xA0 || r == 0xAD:
		return badRune
	case r < 0x300 && r != noBreakSpace:
		return plainRune // Latin and phonetic letters: all assigned, none invisible
	case r == zeroWidthJoiner || r == zeroWidthNonJoiner:
		return joinerRune
	case isSelector(r):
		return selectorRune
	case isInvisible(r):
		return badRune
	case unicode.Is(unicode.Zs, r):
		return spaceRune
	case isMark(r):
		return markRune
	case unicode.In(r, visible...) || isPictograph(r):
		return plainRune
	}
	return badRune
}

// isSelector reports whether r is one of the variation selectors that can be kept.
func isSelector(r rune) bool {
	return r == textSelector || r == emojiSelector || r >= 0x180B && r <= 0x180D || r == 0x180F
}

// isInvisible reports whether r has a visible category but is blank all the same.
func isInvisible(r rune) bool {
	switch r {
	case 0x2800, // Braille pattern without dots
		0xFFFC,  // object replacement character
		0x16FE4, // Khitan filler
		0x1D159: // null note head
		return true
	}
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// isMark reports whether terminals put r into the cell of the rune before it.
func isMark(r rune) bool {
	switch {
	case isSkinTone(r):
		return true
	case r == 0xFF9E || r == 0xFF9F: // half-width Katakana sound marks
		return true
	case r >= 0x1160 && r <= 0x11FF || r >= 0xD7B0 && r <= 0xD7FB: // vowels and final consonants of Hangul
		return unicode.IsLetter(r)
	}
	return unicode.IsMark(r)
}

func isLeadingJamo(r rune) bool { return r >= 0x1100 && r < 0x115F || r >= 0xA960 && r <= 0xA97C }

func isSkinTone(r rune) bool { return r >= 0x1F3FB && r <= 0x1F3FF }

// isPictograph reports whether r can be part of an emoji. The blocks are taken whole, with their places for future emoji, so
// that a newer phone's smileys are shown.
func isPictograph(r rune) bool {
	switch {
	case r < 0x203C:
		return r == '©' || r == '®'
	case r < 0x2B00:
		return r == 0x203C || r == 0x2049 || r == 0x2122 || r == 0x2139 || r >= 0x2190 && r <= 0x21FF ||
			r >= 0x2300 && r <= 0x23FF || r == 0x24C2 || r >= 0x25A0 && r <= 0x27BF || r == 0x2934 || r == 0x2935
	case r < 0x1F000:
		return r <= 0x2B55 || r == 0x3030 || r == 0x303D || r == 0x3297 || r == 0x3299
	}
	regional := r >= 0x1F1E6 && r <= 0x1F1FF
	return r <= 0x1FAFF && !regional && !isSkinTone(r)
}

// isBlank reports whether r becomes a space in a name or sentence.
func isBlank(r rune) bool {
	k := classOf(r)
	return k == spaceRune || k == lineBreak
}
