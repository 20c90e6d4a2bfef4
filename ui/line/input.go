package line

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
)

// maxLine is the longest input line, in bytes: far more than any text that a server takes, far less than memory.
const maxLine = 1 << 20

// input is one line of the input, or what is wrong with it, or its end.
type input struct {
	line    string
	tooLong bool
	end     bool
}

// read hands on the lines of in until it ends. It may stay in in.Read after ctx has ended, but hands on nothing then.
func read(ctx context.Context, in io.Reader, lines chan<- input) {
	r := bufio.NewReaderSize(in, 64<<10)
	for {
		line, err := readLine(r)
		if err != nil && line == (input{}) {
			line.end = true
		}
		select {
		case lines <- line:
		case <-ctx.Done():
			return
		}
		if line.end {
			return
		}
	}
}

// readLine reads up to the next line feed or the end. Of a line that is too long it keeps nothing.
func readLine(r *bufio.Reader) (input, error) {
	var line []byte
	tooLong := false
	for {
		part, err := r.ReadSlice('\n')
		if tooLong = tooLong || len(line)+len(part) > maxLine; tooLong {
			line = nil
		} else {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return input{line: strings.TrimRight(strings.ToValidUTF8(string(line), "\ufffd"), "\r\n"), tooLong: tooLong}, err
	}
}
