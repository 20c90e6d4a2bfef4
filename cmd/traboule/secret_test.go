package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"traboule/im"
	"traboule/ui/i18n"
)

func TestFirstLine(t *testing.T) {
	for in, want := range map[string]string{
		"secret\nrest": "secret", "secret": "secret", "se cret\r\n": "se cret", "\nx": "", "é\n": "é",
	} {
		if got, err := firstLine(strings.NewReader(in)); err != nil || got != want {
			t.Errorf("firstLine(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", strings.Repeat("x", maxSecret+10)} {
		if got, err := firstLine(strings.NewReader(in)); err == nil {
			t.Errorf("firstLine of %d bytes = %q, want an error", len(in), got)
		}
	}
}

func TestSecretFDLeavesTheRest(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := w.WriteString("secret\n/join room\n"); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if got, err := firstLine(r); err != nil || got != "secret" {
		t.Fatalf("got %q, %v", got, err)
	}
	rest := make([]byte, 64)
	n, _ := r.Read(rest)
	if string(rest[:n]) != "/join room\n" {
		t.Errorf("the rest is %q: the password reader took more than its line", rest[:n])
	}
}

func TestSecretCommand(t *testing.T) {
	ctx := context.Background()
	if got, err := secretCommand(ctx, new(session).runProgram, []string{"printf", `a b\nurl: x\n`}); err != nil || got != "a b" {
		t.Errorf("got %q, %v; want the first line", got, err)
	}
	_, err := secretCommand(ctx, new(session).runProgram, []string{"sh", "-c", "echo hunter2; echo hunter2 >&2; exit 3"})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v: want one without the secret", err)
	}
	if _, err := secretCommand(ctx, new(session).runProgram, []string{"/nowhere/pass"}); err == nil {
		t.Error("a program that is not there: want an error")
	}
}

func TestSecretIsFetchedOnce(t *testing.T) {
	calls := 0
	s := &secret{fetch: func(context.Context) (string, error) {
		calls++
		if calls == 1 {
			return "", errors.New("agent not running")
		}
		return "secret", nil
	}}
	if _, err := s.get(context.Background()); err == nil {
		t.Error("the first fetch fails: want its error")
	}
	for range 2 {
		if got, err := s.get(context.Background()); err != nil || got != "secret" {
			t.Errorf("got %q, %v", got, err)
		}
	}
	if calls != 2 {
		t.Errorf("fetched %d times, want 2", calls)
	}
}

func TestSecretErrorsSpeakTheUsersLanguage(t *testing.T) {
	_, closed := secretFD(1 << 20)
	_, failed := secretCommand(context.Background(), new(session).runProgram, []string{"false"})
	_, long := firstLine(strings.NewReader(strings.Repeat("x", maxSecret+10)))
	for want, err := range map[string]error{
		"le descripteur 1048576 n’est pas ouvert":          closed,
		"échec de password_command «\u00a0false\u00a0»":    failed,
		"il dépasse 4096 octets":                           long,
		"pas de mot de passe pour ana@example.org : autre": errors.New("autre"),
	} {
		s := &session{printer: i18n.New(i18n.French)}
		got := s.noPassword(im.MustJID("ana@example.org"), err).Error()
		if !strings.Contains(got, strings.ReplaceAll(want, " :", "\u00a0:")) {
			t.Errorf("%v: %q, want %q in it", err, got, want)
		}
	}
}
