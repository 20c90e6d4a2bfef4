package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"traboule/ui/i18n"
)

// askSecret asks on the terminal, without echo, which comes back whatever happens.
func askSecret(ctx context.Context, prompt string) (string, error) {
	return ask(ctx, func(terminal *os.File) (string, error) {
		// Before the prompt: somebody may type, or paste, as soon as it is there.
		if err := hideTyping(int(terminal.Fd())); err != nil {
			return "", err
		}
		fmt.Fprint(terminal, fold(prompt, columns(terminal)))
		secret, err := term.ReadPassword(int(terminal.Fd()))
		fmt.Fprintln(terminal)
		return string(secret), err
	})
}

// unseen has secrets asked for and tried on the terminal, which shows nothing of what is typed between the questions either, and
// forgets it: it is a secret typed once more, and would be seen, or be taken for a line of the chat or of the shell.
func unseen(ctx context.Context, do func(context.Context) error) error {
	terminal, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return do(ctx)
	}
	defer terminal.Close()
	return unseenOn(ctx, terminal, do)
}

// unseenOn is unseen on a terminal that is open. A signal ends it where do asks, or else as soon as do is done.
func unseenOn(ctx context.Context, terminal *os.File, do func(context.Context) error) error {
	fd := int(terminal.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return do(ctx)
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := hideTyping(fd); err != nil {
		return err
	}
	err = do(ctx)
	if err == nil && ctx.Err() != nil {
		err = &passphraseError{&secretError{i18n.SecretBrokenOff, "", context.Cause(ctx)}}
	}
	return errors.Join(err, unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH), term.Restore(fd, before))
}

// askLine asks on the terminal for a line that is no secret.
func askLine(ctx context.Context, prompt string) (string, error) {
	return ask(ctx, func(terminal *os.File) (string, error) {
		fmt.Fprint(terminal, fold(prompt, columns(terminal)))
		return firstLine(terminal)
	})
}

// hideTyping has the terminal show nothing of what is typed.
func hideTyping(fd int) error {
	state, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	state.Lflag &^= unix.ECHO
	return unix.IoctlSetTermios(fd, unix.TCSETS, state)
}

// ask has something asked on the terminal, which is then as it was.
func ask(ctx context.Context, put func(terminal *os.File) (string, error)) (string, error) {
	terminal, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return "", &secretError{why: i18n.SecretNoTerminal}
	}
	return askOn(ctx, terminal, put, func() { terminal.Close() })
}

// readHidden reads a line of a secret from a terminal that the caller of the program opened, without echo.
func readHidden(terminal *os.File) (string, error) {
	return askOn(context.Background(), terminal, func(terminal *os.File) (string, error) {
		if err := hideTyping(int(terminal.Fd())); err != nil {
			return "", err
		}
		return firstLine(terminal)
	}, func() {})
}

// askOn is ask on a terminal that is open, for which done is called once it is not read any more.
func askOn(ctx context.Context, terminal *os.File, put func(*os.File) (string, error), done func()) (string, error) {
	fd := int(terminal.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		done()
		return "", &secretError{why: i18n.SecretNoTerminal}
	}
	if ctx.Err() != nil { // rather than ask once more
		done()
		return "", &secretError{i18n.SecretBrokenOff, "", context.Cause(ctx)}
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		defer done()
		text, err := put(terminal)
		if errors.Is(err, io.EOF) {
			fmt.Fprintln(terminal) // the question still stands on the row
		}
		answers <- answer{text, errors.Join(err, term.Restore(fd, before))}
	}()
	select {
	case a := <-answers:
		if errors.Is(a.err, io.EOF) {
			return "", &secretError{i18n.SecretBrokenOff, "", a.err}
		}
		if a.err != nil {
			return "", &secretError{i18n.SecretUnreadable, "", a.err}
		}
		return a.text, nil
	case <-ctx.Done(): // the reader stays behind: the program is about to end
		fmt.Fprintln(terminal)
		return "", &secretError{i18n.SecretBrokenOff, "", errors.Join(context.Cause(ctx), term.Restore(fd, before))}
	}
}

// sharedInput is standard input on a terminal where a question for a secret may come in between: while the lock is held,
// the next line is the answer and not the commands'.
type sharedInput struct {
	fd   int
	lock *sync.Mutex
}

// Read waits for input without holding the lock.
func (in *sharedInput) Read(p []byte) (int, error) {
	for {
		if _, err := in.poll(-1); err != nil {
			return 0, err
		}
		n, there, err := in.take(p)
		if err != nil || there {
			return n, err
		}
	}
}

// take reads what is still there once nobody else reads.
func (in *sharedInput) take(p []byte) (n int, there bool, err error) {
	in.lock.Lock()
	defer in.lock.Unlock()
	if there, err := in.poll(0); err != nil || !there {
		return 0, false, err
	}
	n, err = unix.Read(in.fd, p)
	if err == nil && n == 0 {
		err = io.EOF
	}
	return max(n, 0), true, err
}

// poll waits for input, for ever if wait is negative, and reports whether there is any.
func (in *sharedInput) poll(wait int) (bool, error) {
	fds := []unix.PollFd{{Fd: int32(in.fd), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(fds, wait)
		if !errors.Is(err, unix.EINTR) {
			return n > 0, err
		}
	}
}
