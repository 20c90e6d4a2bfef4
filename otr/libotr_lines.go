package otr

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits of libotr's files of lines. libotr itself reads lines in pieces of 1000 bytes, with the zero at the end, and would
// take a longer one for two.
const (
	maxLinesFile = 1 << 20 // bytes
	maxLines     = 10000
	maxLine      = 998 // bytes, without the line feed
)

// ErrBadLine is wrapped by the errors about a line that is not as libotr writes them, or an entry that cannot be made one.
var ErrBadLine = errors.New("not a line of such a file")

// ErrTooLarge is wrapped by the errors about files that are larger than libotr's ever are.
var ErrTooLarge = errors.New("too large to be such a file")

// LineError says where a file of libotr's is wrong. It quotes nothing of the file.
type LineError struct {
	File string
	Line int // from 1; 0 for the whole file
	Err  error
}

// Error gives the place and what is wrong there.
func (e *LineError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%q: %v", e.File, e.Err)
	}
	return fmt.Sprintf("%q, line %d: %v", e.File, e.Line, e.Err)
}

// Unwrap gives what is wrong.
func (e *LineError) Unwrap() error { return e.Err }

// readLines hands the fields of each line of a file, which tabs part, to a function.
func readLines(name string, r io.Reader, each func(fields []string) error) error {
	content, err := io.ReadAll(io.LimitReader(r, maxLinesFile+1))
	if err != nil {
		return &LineError{File: name, Err: err}
	}
	lines := bytes.Count(content, []byte("\n")) + 1
	if len(content) > maxLinesFile || lines > maxLines {
		return &LineError{File: name, Err: ErrTooLarge}
	}
	for i := 1; len(content) > 0; i++ {
		line, rest, _ := bytes.Cut(content, []byte("\n"))
		content = rest
		text := strings.TrimSuffix(string(line), "\r")
		if text == "" {
			continue
		}
		err := checkLine(text)
		if err == nil {
			err = each(strings.Split(text, "\t"))
		}
		if err != nil {
			return &LineError{File: name, Line: i, Err: err}
		}
	}
	return nil
}

func checkLine(text string) error {
	switch {
	case len(text) > maxLine:
		return fmt.Errorf("longer than %d bytes: %w", maxLine, ErrBadLine)
	case !utf8.ValidString(text), strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		return fmt.Errorf("no text: %w", ErrBadLine)
	}
	return nil
}

// joinLine makes a line of fields, if they can be one.
func joinLine(fields ...string) (string, error) {
	line := strings.Join(fields, "\t")
	if strings.Count(line, "\t") >= len(fields) {
		return "", fmt.Errorf("a tab in a name: %w", ErrBadLine)
	}
	return line + "\n", checkLine(line)
}

// checkWhole sees that a file can be read back.
func checkWhole(text string) ([]byte, error) {
	if len(text) > maxLinesFile || strings.Count(text, "\n") >= maxLines {
		return nil, ErrTooLarge
	}
	return []byte(text), nil
}
