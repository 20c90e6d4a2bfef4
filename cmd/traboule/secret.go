package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"golang.org/x/term"
)

// maxSecret bounds a password in bytes, wherever it is read from.
const maxSecret = 4096

// commandTime is how long a password_command may take: long enough to type a passphrase into an agent's window.
const commandTime = 2 * time.Minute

// errNoSecret means that there is nobody to ask.
var errNoSecret = errors.New("no password: give one with --password-fd, or password_command in the settings")

// secretFD reads one line from a file descriptor that the caller of the program opened.
func secretFD(fd int) (string, error) {
	file := os.NewFile(uintptr(fd), "password descriptor")
	if file == nil {
		return "", fmt.Errorf("file descriptor %d: not open", fd)
	}
	if fd > 2 {
		defer file.Close()
	}
	return firstLine(file)
}

// firstLine reads up to a newline, byte by byte: what follows belongs to somebody else (commands on standard input).
func firstLine(r io.Reader) (string, error) {
	var line []byte
	one := make([]byte, 1)
	for len(line) <= maxSecret {
		n, err := r.Read(one)
		if n == 1 && one[0] == '\n' {
			return string(bytes.TrimSuffix(line, []byte("\r"))), nil
		}
		line = append(line, one[:n]...)
		if err == io.EOF && len(line) > 0 {
			return string(line), nil
		}
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
	}
	return "", fmt.Errorf("password longer than %d bytes", maxSecret)
}

// secretCommand runs the program of password_command. It gets no terminal input from us, and its error output goes to
// nobody: it might hold the secret.
func secretCommand(ctx context.Context, argv []string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	command := exec.CommandContext(ctx, argv[0], argv[1:]...)
	command.WaitDelay = time.Second
	out, err := command.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return "", fmt.Errorf("password_command %q: %s", argv[0], exit.ProcessState)
		}
		return "", fmt.Errorf("password_command %q: %w", argv[0], err)
	}
	return firstLine(bytes.NewReader(append(out, '\n')))
}

// askSecret asks on the terminal, without echo.
func askSecret(prompt string) (string, error) {
	terminal, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return "", errNoSecret
	}
	defer terminal.Close()
	fmt.Fprint(terminal, prompt)
	secret, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(terminal)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(secret), nil
}

// secret is one account's password, fetched when it is first wanted and kept for reconnecting.
type secret struct {
	mu    sync.Mutex
	fetch func(context.Context) (string, error)
	value string
	known bool
}

func (s *secret) get(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known {
		return s.value, nil
	}
	value, err := s.fetch(ctx)
	if err != nil {
		return "", err
	}
	s.value, s.known = value, true
	return value, nil
}
