package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// tell writes a line for people, broken between words where a terminal is narrower.
func tell(w io.Writer, line string) { fmt.Fprintln(w, fold(line, columns(w))) }

// columns is how wide the terminal is that a writer writes on, 0 if it is none.
func columns(w io.Writer) int {
	file, is := w.(*os.File)
	if !is {
		return 0
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// fold breaks a text between words into lines that have at most so many columns, if it is not 0. A word that is longer, such as a path,
// stays whole.
func fold(text string, columns int) string {
	if columns < 1 {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = foldLine(line, columns)
	}
	return strings.Join(lines, "\n")
}

func foldLine(line string, columns int) string {
	var folded strings.Builder
	used := 0
	for i, word := range strings.Split(line, " ") {
		width := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case width > 0 && used+1+width > columns:
			folded.WriteByte('\n')
			used = 0
		default:
			folded.WriteByte(' ')
			used++
		}
		folded.WriteString(word)
		used += width
	}
	return folded.String()
}
