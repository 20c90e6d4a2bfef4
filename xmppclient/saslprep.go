package xmppclient

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

var errPassword = errors.New("password has a character that no server accepts")

// saslPrep prepares a password as RFC 4013 asks, which is what RFC 5802 §2.2 and the servers use; the newer OpaqueString
// profile (RFC 8265) keeps compatibility characters apart and would make such passwords fail.
func saslPrep(password string) (string, error) {
	if isPlainASCII(password) {
		return password, nil
	}
	if !utf8.ValidString(password) {
		return "", errPassword
	}
	prepared := norm.NFKC.String(strings.Map(mapPassword, password))
	if strings.ContainsFunc(prepared, prohibited) || !bidiAllowed(prepared) {
		return "", errPassword
	}
	return prepared, nil
}

func isPlainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// mapPassword is RFC 4013 §2.1: other spaces become spaces, and what is commonly mapped to nothing goes.
func mapPassword(r rune) rune {
	switch {
	case r != ' ' && unicode.Is(unicode.Zs, r), r == 0x200B:
		return ' '
	case r == 0xAD, r == 0x34F, r == 0x1806, r >= 0x180B && r <= 0x180D, r == 0x200C, r == 0x200D, r == 0x2060,
		r >= 0xFE00 && r <= 0xFE0F, r == 0xFEFF:
		return -1
	}
	return r
}

// prohibited is RFC 4013 §2.3.
func prohibited(r rune) bool {
	switch {
	case unicode.IsControl(r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Noncharacter_Code_Point, r):
		return true
	case r == 0x6DD, r == 0x70F, r == 0x180E, r == 0x2028, r == 0x2029, r >= 0x206A && r <= 0x206F, r >= 0x1D173 && r <= 0x1D17A:
		return true
	case r >= 0xFFF9 && r <= 0xFFFD, r >= 0x2FF0 && r <= 0x2FFB, r >= 0xE0000 && r <= 0xE007F:
		return true
	case r == 0x340, r == 0x341, r == 0x200E, r == 0x200F, r >= 0x202A && r <= 0x202E:
		return true
	}
	return false
}

// bidiAllowed is RFC 3454 §6: right-to-left text begins and ends so, and has no left-to-right letter.
func bidiAllowed(s string) bool {
	var right, left bool
	for _, r := range s {
		switch class(r) {
		case bidi.R, bidi.AL:
			right = true
		case bidi.L:
			left = true
		}
	}
	if !right {
		return true
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	return !left && isRight(first) && isRight(last)
}

func isRight(r rune) bool { return class(r) == bidi.R || class(r) == bidi.AL }

func class(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}
