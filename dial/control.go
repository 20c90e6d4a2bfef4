package dial

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

const (
	// maxControlLine and maxControlLines bound what tor, or whatever sits at its port, may answer.
	maxControlLine  = 64 << 10
	maxControlLines = 4096
	controlWait     = 5 * time.Second
)

// Control is a connection to tor's control port (torspec, control-spec). One goroutine may use it at a time. It asks and
// reads; it never prints what it reads.
type Control struct {
	conn   net.Conn
	reader *bufio.Reader
	cookie string // the file that opened it; empty for none
}

// ControlError is a refusal by tor, such as NEWNYM where a filter stands in between.
type ControlError struct {
	Code string
	Text string
}

// Error names the code.
func (e *ControlError) Error() string { return "tor's control port: " + e.Code + " " + e.Text }

// OpenControl connects to a control port, network "tcp" or "unix", and proves with the cookie that we may. An empty cookie
// file means that none is wanted.
func OpenControl(ctx context.Context, network, address, cookieFile string) (*Control, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	return newControl(conn, err, func(c *Control) error { return c.authenticate(cookieFile) })
}

// newControl makes a Control of a connection, if there is one and we may use it.
func newControl(conn net.Conn, err error, authenticate func(*Control) error) (*Control, error) {
	if err != nil {
		return nil, fmt.Errorf("tor's control port: %w", err)
	}
	c := &Control{conn: conn, reader: bufio.NewReaderSize(conn, 4096)}
	if err := authenticate(c); err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

// Ask sends one command line and returns the lines of the answer without their codes. A refusal is a *ControlError.
func (c *Control) Ask(command string) ([]string, error) {
	if strings.ContainsAny(command, "\r\n") {
		return nil, errors.New("tor's control port: a command is one line")
	}
	if err := c.conn.SetDeadline(time.Now().Add(controlWait)); err != nil {
		return nil, err
	}
	defer c.conn.SetDeadline(time.Time{})
	if _, err := io.WriteString(c.conn, command+"\r\n"); err != nil {
		return nil, fmt.Errorf("tor's control port: %w", err)
	}
	for {
		code, lines, err := c.reply()
		if err != nil {
			return nil, err
		}
		switch {
		case strings.HasPrefix(code, "6"): // an event in between
			continue
		case strings.HasPrefix(code, "2"):
			return lines, nil
		default:
			return nil, &ControlError{code, strings.Join(lines, " ")}
		}
	}
}

// Next waits for the next event, which SETEVENTS ordered, and returns its lines. ctx ends the wait, and with it the use of
// the connection.
func (c *Control) Next(ctx context.Context) ([]string, error) {
	stop := context.AfterFunc(ctx, func() { c.conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	_, lines, err := c.reply()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return lines, err
}

// Close ends the connection. A tor that this connection owns ends with it (TAKEOWNERSHIP).
func (c *Control) Close() error { return c.conn.Close() }

// reply reads a whole reply: lines "250-x", data "250+x" up to ".", and the end "250 x".
func (c *Control) reply() (code string, lines []string, err error) {
	for range maxControlLines {
		line, err := c.line()
		if err != nil {
			return "", nil, err
		}
		if len(line) < 4 || !strings.ContainsRune(" -+", rune(line[3])) {
			return "", nil, fmt.Errorf("tor's control port: not an answer: %q", line)
		}
		code = line[:3]
		lines = append(lines, line[4:])
		switch line[3] {
		case ' ':
			return code, lines, nil
		case '+':
			if lines, err = c.data(lines); err != nil {
				return "", nil, err
			}
		}
	}
	return "", nil, errors.New("tor's control port: the answer does not end")
}

func (c *Control) data(lines []string) ([]string, error) {
	for range maxControlLines {
		line, err := c.line()
		if err != nil {
			return nil, err
		}
		if line == "." {
			return lines, nil
		}
		lines = append(lines, strings.TrimPrefix(line, "."))
	}
	return nil, errors.New("tor's control port: the answer does not end")
}

func (c *Control) line() (string, error) {
	var line []byte
	for {
		part, err := c.reader.ReadSlice('\n')
		line = append(line, part...)
		if err == nil {
			return strings.TrimRight(string(line), "\r\n"), nil
		}
		if err != bufio.ErrBufferFull || len(line) > maxControlLine {
			return "", fmt.Errorf("tor's control port: %w", err)
		}
	}
}
