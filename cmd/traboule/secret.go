package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"traboule/im"
	"traboule/ui/i18n"
)

// maxSecret bounds a password in bytes, wherever it is read from.
const maxSecret = 4096

// maxOutput bounds what a password_command may say in all, in bytes: only the first line is the password.
const maxOutput = 64 << 10

// commandTime is how long a password_command may take: long enough to type a passphrase into an agent's window.
const commandTime = 2 * time.Minute

// secretError says why there is no password.
type secretError struct {
	why i18n.Key
	// about is what why speaks of first: a descriptor, a program, a number of bytes; then comes the cause.
	about string
	cause error
}

// Error gives the reason in English, for logs and tests.
func (e *secretError) Error() string { return e.words(i18n.New(i18n.English)) }

// Unwrap gives the cause, if there is one.
func (e *secretError) Unwrap() error { return e.cause }

func (e *secretError) words(p *i18n.Printer) string {
	if e.cause == nil {
		return p.Format(e.why, e.about)
	}
	return p.Format(e.why, e.about, e.cause.Error())
}

// secretFD reads one line from a file descriptor that the caller of the program opened.
func secretFD(fd int) (string, error) {
	file, err := descriptor(fd, false)
	if err != nil {
		return "", &secretError{why: i18n.SecretNoDescriptor, about: strconv.Itoa(fd)}
	}
	defer file.Close()
	return lineOf(file, fd)
}

// descriptor is a descriptor that the caller of the program opened, for somebody who closes it. The program's own are left
// open, and so is one that something else is still to be read from.
func descriptor(fd int, shared bool) (*os.File, error) {
	if fd > 2 && !shared {
		return os.NewFile(uintptr(fd), "descriptor"), nil
	}
	own, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(own), "descriptor"), nil
}

// lineOf reads one line of a descriptor; a terminal shows nothing of it.
func lineOf(file *os.File, fd int) (string, error) {
	if term.IsTerminal(int(file.Fd())) {
		return readHidden(file)
	}
	secret, err := firstLine(file)
	if errors.Is(err, syscall.EBADF) {
		return "", &secretError{why: i18n.SecretNoDescriptor, about: strconv.Itoa(fd)}
	}
	return secret, err
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
			return "", &secretError{i18n.SecretUnreadable, "", err}
		}
	}
	return "", &secretError{why: i18n.SecretTooLong, about: strconv.Itoa(maxSecret)}
}

// programRunner runs a program and returns what it says, up to limit bytes.
type programRunner func(ctx context.Context, argv []string, limit int) ([]byte, error)

// secretCommand runs the program of password_command. It gets no terminal input from us, and its error output goes to
// nobody: it might hold the secret.
func secretCommand(ctx context.Context, run programRunner, argv []string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	out, err := run(ctx, argv, maxOutput)
	if err != nil {
		return "", &secretError{i18n.SecretCommandFailed, argv[0], err}
	}
	return firstLine(bytes.NewReader(append(out, '\n')))
}

// secret is one account's password, fetched when it is first wanted and kept for reconnecting until it is refused.
type secret struct {
	mu    sync.Mutex
	fetch func(context.Context) (string, error)
	// person is set if fetch asks the user.
	person bool
	value  string
	known  bool
	// typed is set if the user has typed the value in this session.
	typed bool
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
	s.value, s.known, s.typed = value, true, s.person
	return value, nil
}

// know tells a password that need not be fetched.
func (s *secret) know(value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.value, s.known = value, true
}

// typedIn returns what the user has typed, once for each time.
func (s *secret) typedIn() (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	typed := s.typed
	s.typed = false
	return s.value, typed
}

// forget has the password fetched anew when it is wanted again.
func (s *secret) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.value, s.known, s.typed = "", false, false
}

// once lets a password be fetched a single time: a file descriptor holds one, and after that may be somebody else's.
func once(source string, fetch func() (string, error)) func(context.Context) (string, error) {
	spent := false
	return func(context.Context) (string, error) {
		if spent {
			return "", &im.Failure{Code: im.CodeNoPassword, Detail: source, Lasting: true}
		}
		spent = true
		return fetch()
	}
}
