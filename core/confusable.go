package core

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// confusable gives for a letter the ASCII one that it can be taken for. It is our own selection in the manner of UTS #39:
// capitals and small letters of Greek, Cyrillic and Armenian, and the phonetic letters, that most fonts draw like a Latin
// letter. Those that only resemble one (и and u, ж and x) are left out: a mark on every name in another alphabet would warn of
// nothing. Full-width, circled and mathematical letters need no entry: normalisation (NFKC) resolves them.
var confusable = pairs(
	// Latin: digits and letters alike on purpose, whichever case they were written in.
	"0o", "1i", "li", "|i", "!i", "ıi", "ɩi", "ɑa", "ɡg", "ʏy", "ᴀa", "ᴄc", "ᴇe", "ɪi", "ᴊj", "ᴋk", "ᴍm", "ᴏo", "ᴘp", "ꜱs",
	"ᴛt", "ᴜu", "ᴠv", "ᴡw", "ᴢz", "ƅb", "ʜh", "ɴn", "ʟi", "ꞇt", "øo", "ɵo", "ǀi",
	// Cyrillic.
	"аa", "вb", "еe", "гr", "іi", "їi", "јj", "кk", "мm", "нh", "оo", "пn", "рp", "сc", "тt", "уy", "ўy", "хx", "ѕs", "һh",
	"ԁd", "ԛq", "ԝw", "ьb", "ӏi", "ѵv", "ѡw", "ҽe", "ԍg", "өo", "ԏt", "ԑe", "үy",
	// Greek.
	"αa", "βb", "γy", "εe", "ζz", "ηn", "ιi", "κk", "μm", "νv", "οo", "ρp", "σo", "τt", "υu", "χx", "ωw", "ϲc", "ϳj", "ͻo",
	"ΑA", "ΗH", "ΝN", "ΥY", "ΧX", "ΡP", "ΖZ", "ϹC", "ͿJ",
	// Armenian.
	"օo", "սu", "հh", "ոn", "զq", "ցg", "յj", "լi",
	// Cherokee capitals, whose small forms look the same.
	"ᎪA", "ᏴB", "ᏟC", "ᎠD", "ᎬE", "ᏀG", "ᎻH", "ᎫJ", "ᏦK", "ᏞL", "ᎷM", "ᏢP", "ᏒR", "ᏚS", "ᎢT", "ᏙV", "ᎳW", "ᏃZ", "ᎥI",
)

// pairs makes a table of two-letter strings: what is written, and what it looks like.
func pairs(list ...string) map[rune]rune {
	table := make(map[rune]rune, len(list))
	for _, pair := range list {
		from, size := utf8.DecodeRuneInString(pair)
		to, _ := utf8.DecodeRuneInString(pair[size:])
		table[from] = to
	}
	return table
}

// skeleton reduces a cleaned name to what the eye sees of it: two names with the same skeleton can be taken for each other.
// Case, spaces, placeholders and invisible joiners do not count; marks do, as é and e are told apart by who reads French.
func skeleton(name string) string {
	if !isASCII(name) {
		name = norm.NFKC.String(name)
	}
	return strings.Map(skeletonRune, name)
}

func skeletonRune(r rune) rune {
	switch r {
	case ' ', visibleSpace, placeholder, zeroWidthJoiner, zeroWidthNonJoiner, textSelector, emojiSelector:
		return -1
	}
	if like, ok := confusable[r]; ok {
		r = like // capitals first: Η is H, but η is n
	}
	r = unicode.ToLower(r)
	if like, ok := confusable[r]; ok {
		return like
	}
	return r
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isDisguised reports whether a cleaned name has a word that mixes Latin letters with look-alikes of them from another
// script: nobody types that by accident, even where the name that it imitates is not in the room.
func isDisguised(name string) bool {
	if isASCII(name) {
		return false
	}
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		if mixesScripts(word) {
			return true
		}
	}
	return false
}

func mixesScripts(word string) bool {
	var latin, foreign bool
	for _, r := range word {
		switch {
		case unicode.Is(unicode.Latin, r):
			latin = true
		case unicode.In(r, unicode.Greek, unicode.Cyrillic, unicode.Armenian, unicode.Cherokee):
			if _, ok := confusable[r]; !ok {
				if _, ok = confusable[unicode.ToLower(r)]; !ok {
					return false // it looks like no Latin letter, so the word is honest
				}
			}
			foreign = true
		}
	}
	return latin && foreign
}

// lookalikes knows for each skeleton who in a room has it.
type lookalikes map[string][]*occupant

// add takes in an occupant and returns those already there that it can be taken for. The result must not be changed.
func (l lookalikes) add(o *occupant) []*occupant {
	others := l[o.skeleton]
	l[o.skeleton] = append(others[:len(others):len(others)], o)
	return others
}

// remove forgets an occupant.
func (l lookalikes) remove(o *occupant) {
	same := l[o.skeleton]
	i := slices.Index(same, o)
	switch {
	case i < 0:
	case len(same) == 1:
		delete(l, o.skeleton)
	default:
		l[o.skeleton] = append(same[:i:i], same[i+1:]...)
	}
}
