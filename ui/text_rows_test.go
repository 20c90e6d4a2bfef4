package ui

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTextRows(t *testing.T) {
	tests := []struct {
		text  string
		cells int
		want  []string
	}{
		{"", 4, []string{""}},
		{"abc", 4, []string{"abc"}},
		{"abcd", 4, []string{"abcd", ""}},
		{"abcde", 4, []string{"abcd", "e"}},
		{"ab cd ef", 4, []string{"ab c", "d ef", ""}},
		{"a\n\nb", 4, []string{"a", "", "b"}},
		{"abcd\ne", 4, []string{"abcd", "e"}},
		{"日本語", 4, []string{"日本", "語"}},
		{"a日本", 4, []string{"a日", "本"}},
		{"e\u0301e\u0301e\u0301", 2, []string{"e\u0301e\u0301", "e\u0301"}},
		{"日", 1, []string{"日", ""}},
		{"a\tb", 4, []string{"a", "\t", "b"}},
	}
	for _, tt := range tests {
		var got []string
		for _, r := range textRows(tt.text, tt.cells) {
			got = append(got, tt.text[r.start:r.end])
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q in %d cells: %q, want %q", tt.text, tt.cells, got, tt.want)
		}
	}
}

func TestTextRowsFindTheCursor(t *testing.T) {
	text := "abcde日fg\nh"
	rows := textRows(text, 4) // abcd e日f g h
	for _, tt := range []struct{ offset, row, cell int }{
		{0, 0, 0}, {3, 0, 3}, {4, 1, 0}, {5, 1, 1}, {8, 1, 3}, {9, 2, 0}, {10, 2, 1}, {11, 3, 0}, {12, 3, 1},
	} {
		row := rowAt(rows, tt.offset)
		if cell := rows[row].cellAt(text, tt.offset); row != tt.row || cell != tt.cell {
			t.Errorf("offset %d is at row %d cell %d, want %d %d", tt.offset, row, cell, tt.row, tt.cell)
		}
		if back := rows[tt.row].offsetAt(text, tt.cell); back != tt.offset {
			t.Errorf("row %d cell %d is offset %d, want %d", tt.row, tt.cell, back, tt.offset)
		}
	}
	if got := rows[1].offsetAt(text, 2); got != 5 {
		t.Errorf("a click on the right half of a wide rune gives offset %d, want 5", got)
	}
	if got := rows[0].offsetAt(text, 99); got != 4 {
		t.Errorf("a click behind the row gives offset %d, want 4", got)
	}
}

// Every byte but the line feeds stands on a row, no row is too wide, and each place of the cursor is found again.
func TestTextRowsInvariants(t *testing.T) {
	pieces := []string{"a", "bc ", "\n", "\t", "日", "e\u0301", "👩‍👩‍👧", "\u0301", "🇫🇷"}
	rapid.Check(t, func(t *rapid.T) {
		var e editor
		for range rapid.IntRange(0, 30).Draw(t, "pieces") {
			e.insert(rapid.SampledFrom(pieces).Draw(t, "piece"))
		}
		cells := rapid.IntRange(4, 12).Draw(t, "cells")
		rows := textRows(e.text, cells)
		joined := ""
		for i, r := range rows {
			if w := cellsOf(e.text[r.start:r.end]); w > cells {
				t.Fatalf("row %d of %q is %d cells wide, at most %d wanted", i, e.text, w, cells)
			}
			joined += e.text[r.start:r.end]
		}
		if strings.ReplaceAll(e.text, "\n", "") != joined {
			t.Fatalf("%q is drawn as %q", e.text, joined)
		}
		for i := 0; ; i = after(e.text, i) {
			at := rowAt(rows, i)
			if at < 0 || i > rows[at].end || rows[at].cellAt(e.text, i) > cells {
				t.Fatalf("the cursor at %d of %q is lost in row %d of %v", i, e.text, at, rows)
			}
			if i == len(e.text) {
				break
			}
		}
	})
}

func BenchmarkTextRows(b *testing.B) {
	text := strings.Repeat("salut ", 100)
	for b.Loop() {
		textRows(text, 80)
	}
}
