package ui

import (
	"strings"
	"testing"

	"github.com/gdamore/tcell/v2"
	"pgregory.net/rapid"
)

func rowTexts(rows []row) []string {
	texts := make([]string, len(rows))
	for i, r := range rows {
		texts[i] = r.String()
	}
	return texts
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		name, text string
		width      int
		want       string // rows joined by |
	}{
		{"empty", "", 10, ""},
		{"fits", "salut tous", 10, "salut tous"},
		{"at spaces", "salut tout le monde", 10, "salut tout|le monde"},
		{"space at the edge is dropped", "salut tout  le monde", 10, "salut tout|le monde"},
		{"inner spaces stay", "a  b", 10, "a  b"},
		{"a command goes to the next row", "tape /connect", 9, "tape |/connect"},
		{"leading spaces stay", "  a", 10, "  a"},
		{"line feeds", "un\n\ndeux", 10, "un||deux"},
		{"line feed at the end", "un\n", 10, "un|"},
		{"exact row then line feed", "salut tout\nle", 10, "salut tout|le"},
		{"long word begins where it stands", "voir abcdefghijklmnopqrstuvwxyz ici", 10, "voir abcde|fghijklmno|pqrstuvwxy|z ici"},
		{"word as wide as the row", "a abcdefghij b", 10, "a |abcdefghij|b"},
		{"wide runes", "日本語日本語", 5, "日本|語日|本語"},
		{"wide rune does not straddle", "abcd語", 5, "abcd|語"},
		{"emoji family stays whole", "ab👨‍👩‍👧cd", 4, "ab👨‍👩‍👧|cd"},
		{"combining marks stay on their letter", "e\u0301e\u0301e\u0301", 2, "e\u0301e\u0301|e\u0301"},
		{"right to left in logical order", "שלום עולם", 5, "שלום |עולם"},
		{"tab", "a\tb", 10, "a   b"},
		{"hyphen", "porte-monnaie", 8, "porte-|monnaie"},
		{"one column", "ab語", 1, "a|b|…"},
		{"no column", "ab", 0, "a|b"},
	} {
		rows := wrap([]span{{test.text, tcell.StyleDefault}}, test.width)
		if got := strings.Join(rowTexts(rows), "|"); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestWrapKeepsStyles(t *testing.T) {
	bold := tcell.StyleDefault.Bold(true)
	rows := wrap([]span{{"NOT ENCRYPTED ", bold}, {"salut à toutes et tous", tcell.StyleDefault}}, 16)
	if len(rows) != 3 || rows[0][0].style != bold || rows[0][0].text != "NOT ENCRYPTED " || rows[1][0].style != tcell.StyleDefault {
		t.Errorf("got %q", rows)
	}
}

// Whatever is wrapped: no row is wider than asked, and nothing visible is lost or moved.
func TestWrapLosesNothing(t *testing.T) {
	letters := rapid.SampledFrom([]string{"a", "é", "語", "👍🏽", "ש", "-", "/", ".", " ", "  ", "\t", "e\u0301", "1"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(letters, 0, 80).Draw(t, "text"), "")
		cells := rapid.IntRange(2, 30).Draw(t, "width")
		var got strings.Builder
		for _, r := range wrap([]span{{text, tcell.StyleDefault}}, cells) {
			if r.cells() > cells {
				t.Fatalf("row %q is %d wide", r, r.cells())
			}
			got.WriteString(r.String())
		}
		if strings.Join(strings.Fields(got.String()), "") != strings.Join(strings.Fields(text), "") {
			t.Fatalf("%q became %q", text, got.String())
		}
	})
}

func BenchmarkWrap(b *testing.B) {
	text := []span{{strings.Repeat("salut tout le monde, ", 6), tcell.StyleDefault}}
	for b.Loop() {
		wrap(text, 60)
	}
}
