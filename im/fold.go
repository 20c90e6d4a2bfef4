package im

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a text into the form in which it is searched, wherever that is done: without case and accents.
func Fold(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	var folded strings.Builder
	for _, r := range norm.NFKD.String(text) {
		if !unicode.IsMark(r) {
			folded.WriteRune(unicode.ToLower(r))
		}
	}
	return folded.String()
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}
