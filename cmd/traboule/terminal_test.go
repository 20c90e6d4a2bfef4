package main

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"traboule/im"
)

// TestInputLeavesSecretsAlone: the answer to a question for a secret must not be taken for a line of the chat.
func TestInputLeavesSecretsAlone(t *testing.T) {
	master, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer terminal.Close()
	var lock sync.Mutex
	in := &sharedInput{int(terminal.Fd()), &lock}
	lines := make(chan string)
	read := func() {
		p := make([]byte, 100)
		n, err := in.Read(p)
		if err != nil {
			t.Errorf("read: %v", err)
		}
		lines <- string(p[:n])
	}

	lock.Lock() // somebody asks
	go read()
	if _, err := master.WriteString("secret\n"); err != nil {
		t.Fatal(err)
	}
	if got, err := firstLine(terminal); err != nil || got != "secret" {
		t.Errorf("whoever asked got %q, %v", got, err)
	}
	lock.Unlock()
	if _, err := master.WriteString("/join grenoble\n"); err != nil {
		t.Fatal(err)
	}
	if got := <-lines; got != "/join grenoble\n" {
		t.Errorf("the commands got %q", got)
	}
}

// TestTerminalShowsNoSecretOfADescriptor: the descriptor of --passphrase-fd may be the terminal itself.
func TestTerminalShowsNoSecretOfADescriptor(t *testing.T) {
	master, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer terminal.Close()
	got := make(chan string)
	go func() {
		secret, err := lineOf(terminal, int(terminal.Fd()))
		if err != nil {
			t.Errorf("read: %v", err)
		}
		got <- secret
	}()
	for deadline := time.Now().Add(10 * time.Second); echoes(t, terminal); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the terminal shows what is typed")
		}
	}
	if _, err := master.WriteString("chataigne\n"); err != nil {
		t.Fatal(err)
	}
	if secret := <-got; secret != "chataigne" {
		t.Errorf("got %q", secret)
	}
	if !echoes(t, terminal) {
		t.Error("the terminal shows nothing any more")
	}
}

// TestTerminalHidesWhatIsTypedTooEarly: whoever sees nothing happen while a passphrase is tried types it once more.
func TestTerminalHidesWhatIsTypedTooEarly(t *testing.T) {
	master, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer terminal.Close()
	in := &sharedInput{fd: int(terminal.Fd())}
	err = unseenOn(t.Context(), terminal, func(ctx context.Context) error {
		if echoes(t, terminal) {
			t.Error("the terminal shows what is typed")
		}
		if _, err := master.WriteString("first\nchataigne\n"); err != nil {
			t.Fatal(err)
		}
		first, err := askOn(ctx, terminal, func(terminal *os.File) (string, error) { return firstLine(terminal) }, func() {})
		if first != "first" || err != nil || echoes(t, terminal) {
			t.Errorf("got %q, %v; the terminal shows what is typed: %v", first, err, echoes(t, terminal))
		}
		return io.EOF
	})
	if !errors.Is(err, io.EOF) || !echoes(t, terminal) {
		t.Errorf("ended with %v; the terminal shows what is typed: %v", err, echoes(t, terminal))
	}
	if there, err := in.poll(0); there || err != nil {
		t.Errorf("what was typed too early is left for others (%v)", err)
	}
}

// echoes reports whether a terminal shows what is typed.
func echoes(t *testing.T, terminal *os.File) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return state.Lflag&unix.ECHO != 0
}

func TestForgottenSecretIsFetchedAgain(t *testing.T) {
	calls := 0
	s := &secret{fetch: func(context.Context) (string, error) { calls++; return "secret", nil }}
	for range 2 {
		for range 2 {
			if got, err := s.get(t.Context()); err != nil || got != "secret" {
				t.Errorf("got %q, %v", got, err)
			}
		}
		s.forget()
	}
	if calls != 2 {
		t.Errorf("fetched %d times, want 2", calls)
	}
}

// TestDescriptorIsReadOnce: once it is closed, its number may be that of a connection.
func TestDescriptorIsReadOnce(t *testing.T) {
	calls := 0
	s := &secret{fetch: once("--password-fd", func() (string, error) { calls++; return "wrong", nil })}
	if _, err := s.get(t.Context()); err != nil {
		t.Error(err)
	}
	s.forget()
	_, err := s.get(t.Context())
	if f := (*im.Failure)(nil); !errors.As(err, &f) || f.Code != im.CodeNoPassword || f.Detail != "--password-fd" || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}
