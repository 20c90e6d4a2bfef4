package core

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"traboule/im"
)

func TestCleanText(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "salut tout le monde", "salut tout le monde"},
		{"empty", "", ""},
		{"newline stays", "a\nb", "a\nb"},
		{"carriage returns", "a\r\nb\rc", "a\nb\nc"},
		{"tab", "a\tb", "a    b"},
		{"accents", "l’été « déjà » là", "l’été « déjà » là"},
		{"escape sequence", "\x1b[31mred\x1b]0;title\a", "�[31mred�]0;title�"},
		{"NUL, DEL, C1", "\x00\x7f\u0085\u009b2J", "����2J"},
		{"bidi override", "\u202Egnp.exe\u202C\u2066\u2069\u200E\u200F\u061C", "�gnp.exe������"},
		{"zero width", "a\u200Bb\uFEFFc\u2060d\u00ADe\u180Ef\u034Fg", "a�b�c�d�e�f�g"},
		{"fillers", "x\u3164y\u115F\u1160\uFFA0\u2800", "x�y����"},
		{"line separators", "a\u2028b\u2029c", "a�b�c"},
		{"tags", "\U0001F3F4\U000E0067\U000E007F", "🏴��"},
		{"private and noncharacters", "\uE000\uFFFE\U0010FFFF", "���"},
		{"interlinear annotation", "\uFFF9a\uFFFB", "�a�"},
		{"broken UTF-8", "a\xffb\xc3", "a�b�"},
		{"emoji family", "👩‍👩‍👧‍👦!", "👩‍👩‍👧‍👦!"},
		{"kiss with skin tones", "👩🏽‍❤️‍💋‍👨🏽", "👩🏽‍❤️‍💋‍👨🏽"},
		{"flag and keycap", "🇫🇷 1️⃣ ☎︎", "🇫🇷 1️⃣ ☎︎"},
		{"joiner between letters", "a\u200Db", "a�b"},
		{"joiner at the end", "👩\u200D", "👩�"},
		{"selector on a letter", "a\uFE0Fb\uFE00c\U000E0100", "a�b�c�"},
		{"Persian", "می\u200Cخواهم", "می\u200Cخواهم"},
		{"Hindi", "क\u094D\u200Dष", "क\u094D\u200Dष"},
		{"two joiners", "می\u200C\u200Cخ", "می��خ"},
		{"Korean, decomposed", "한국", "한국"},
		{"nine marks", "e" + strings.Repeat("\u0301", 9), "e" + strings.Repeat("\u0301", 8)},
		{"mark first", "\u0301a\n\u0301b", "�\u0301a\n�\u0301b"},
		{"no-break spaces", "quoi\u202F? «\u00A0oui\u00A0»\u2003.", "quoi\u202F? «\u00A0oui\u00A0» ."},
		{"brackets", "[red]<b>", "[red]<b>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := CleanText(tt.in); got != tt.want {
				t.Errorf("CleanText(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestCleanName(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "hubert", "hubert"},
		{"empty", "", "�"},
		{"only spaces", "  ", "␣␣"},
		{"spaces at the edges", " hubert ", "␣hubert␣"},
		{"unusual spaces", "a\u2003b\u00A0c\td", "a b c d"},
		{"unusual space at the end", "hubert\u3000", "hubert␣"},
		{"newline", "hubert\nroot", "hubert root"},
		{"closing the brackets", "hubert> oui", "hubert› oui"},
		{"looking like a notice", "-!-", "-!-"},
		{"filler", "x\u3164y", "x�y"},
		{"emoji", "🐧", "🐧"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := CleanName(tt.in); got != tt.want {
				t.Errorf("CleanName(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestCleanLine(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"\r\n \t", ""},
		{" On se retrouve\r\njeudi\n", "On se retrouve jeudi"},
		{"a\x1b]0;b\a <c>", "a�]0;b� <c>"},
	}
	for _, tt := range tests {
		if got := CleanLine(tt.in); got != tt.want {
			t.Errorf("CleanLine(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestCleanJID(t *testing.T) {
	hostile, err := im.WireJID("paulette@example.org/\u009b2J\u202E")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := CleanJID(hostile), "paulette@example.org/�2J�"; got != want {
		t.Errorf("CleanJID = %q, want %q", got, want)
	}
	if got := CleanJID(im.JID{}); got != "" {
		t.Errorf("CleanJID of no address = %q", got)
	}
}

func TestCleanCutsLongTexts(t *testing.T) {
	tests := []struct {
		name, in string
		clean    func(string) string
		max      int
	}{
		{"ASCII", strings.Repeat("a", maxText+1), CleanText, maxText},
		{"marks", "e" + strings.Repeat("\u0301", 100_000), CleanText, maxText},
		{"controls", strings.Repeat("\x1b", 100_000), CleanText, maxText},
		{"emoji chain", strings.Repeat("👩\u200D", 30_000), CleanText, maxText},
		{"Hangul", strings.Repeat("\u1100", 30_000) + strings.Repeat("\u1161", 30_000), CleanText, maxText},
		{"name", strings.Repeat("é", 300), CleanName, maxName},
		{"name of spaces", strings.Repeat(" ", maxName), CleanName, maxName},
		{"Persian name", strings.Repeat("ی\u200C", 200), CleanName, maxName},
		{"sentence", strings.Repeat("x ", 4000), CleanLine, maxSentence},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.clean(tt.in)
			if len(got) > tt.max {
				t.Errorf("%d bytes, more than %d", len(got), tt.max)
			}
			if again := tt.clean(got); again != got {
				t.Errorf("cleaned twice: %.40q…, once: %.40q…", again, got)
			}
		})
	}
	if got := CleanText(strings.Repeat("é", maxText)); !strings.HasSuffix(got, "é…") {
		t.Errorf("a cut text ends in %q", got[len(got)-8:])
	}
}

func TestCleanKeepsPlainTextWithoutCopy(t *testing.T) {
	const text = "a plain message of some length, with no character beyond ASCII"
	allocs := testing.AllocsPerRun(100, func() {
		if CleanText(text) != text || CleanName(text) != text || CleanLine(text) != text {
			t.Error("plain text was changed")
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations for plain text", allocs)
	}
}

// hostileRunes are drawn often, so that the rules meet each other.
var hostileRunes = []rune{
	'a', ' ', '\n', '\r', '\t', '<', '1', '#', 0x1B, 0x7F, 0x9B, 0xAD, 0x301, 0x34F, 0x61C, 0x6CC, 0x64E, 0x915, 0x94D, 0x1100,
	0x1161, 0x11A8, 0xAC00, 0x180B, 0x1820, 0x200B, zeroWidthNonJoiner, zeroWidthJoiner, 0x202E, 0x2028, 0x20E3, 0x2764, 0x3000, 0x3164,
	textSelector, emojiSelector, 0xFF76, 0xFF9E, 0xFFFD, 0x1F1EB, 0x1F3FD, 0x1F469, 0xE0067, 0xE0100, 0x10FFFF, visibleSpace, '…',
}

func hostileText() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.Map(rapid.SampledFrom(hostileRunes), func(r rune) string { return string(r) }),
		rapid.Map(rapid.Rune(), func(r rune) string { return string(r) }),
		rapid.Map(rapid.Byte(), func(b byte) string { return string([]byte{b}) }),
	)
	return rapid.Custom(func(t *rapid.T) string {
		unit := strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces"), "")
		return strings.Repeat(unit, rapid.SampledFrom([]int{1, 1, 1, 3, 50}).Draw(t, "times"))
	})
}

func TestCleanProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkClean(t, hostileText().Draw(t, "text")) })
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"salut", "\x1b[2J", "👩🏽‍❤️‍💋‍👨🏽", "e\u0301\u0301", "می\u200Cخ", "1️⃣", " <a> ", strings.Repeat("ی\u200C", 130)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) { checkClean(t, s) })
}

type failer interface{ Fatalf(string, ...any) }

func checkClean(t failer, s string) {
	text, line, name := CleanText(s), CleanLine(s), CleanName(s)
	checkClusters(t, text)
	for kind, c := range map[string]struct {
		got, again string
		max        int
	}{
		"text": {text, CleanText(text), maxText}, "line": {line, CleanLine(line), maxSentence}, "name": {name, CleanName(name), maxName},
	} {
		if c.got != c.again {
			t.Fatalf("%s of %q: cleaned twice %q, once %q", kind, s, c.again, c.got)
		}
		if len(c.got) > c.max || !utf8.ValidString(c.got) {
			t.Fatalf("%s of %q: %d bytes, valid %v", kind, s, len(c.got), utf8.ValidString(c.got))
		}
		for _, r := range c.got {
			if unicode.IsControl(r) && (r != '\n' || kind != "text") || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%s of %q holds %U", kind, s, r)
			}
		}
	}
	if name == "" || strings.ContainsAny(name, "<>") || strings.TrimSpace(name) != name || strings.TrimSpace(line) != line {
		t.Fatalf("name %q or line %q of %q", name, line, s)
	}
}

// checkClusters fails if one cell would hold more than an emoji family.
func checkClusters(t failer, s string) {
	for state := -1; s != ""; {
		var cluster string
		cluster, s, _, state = uniseg.FirstGraphemeClusterInString(s, state)
		if n := utf8.RuneCountInString(cluster); n > 2*maxMarks+2 && !hasPrepend(cluster) {
			t.Fatalf("a cluster of %d runes: %q", n, cluster)
		}
	}
}

// hasPrepend reports whether a cluster begins with letters that Unicode draws before the next one but terminals give a cell.
func hasPrepend(cluster string) bool {
	r, _ := utf8.DecodeRuneInString(cluster)
	return unicode.Is(unicode.Prepended_Concatenation_Mark, r) || unicode.IsLetter(r) && r >= 0xD4E && !unicode.Is(unicode.Hangul, r)
}
