package ui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// asking starts a question for a secret as another goroutine would, and lets the screen take it.
func asking(s *stage, ctx context.Context, label string) <-chan secretAnswer {
	answers := make(chan secretAnswer, 1)
	go func() {
		text, err := s.AskSecret(ctx, label)
		answers <- secretAnswer{text, err}
	}()
	(<-s.later)()
	s.draw()
	return answers
}

func TestSecretIsAskedFor(t *testing.T) {
	tests := []struct {
		script string
		want   secretAnswer
	}{
		{"sésame<Enter>", secretAnswer{text: "sésame"}},
		{"séxx<Backspace><Backspace>same<Enter>", secretAnswer{text: "sésame"}},
		{"faux<Ctrl+U>sésame<Enter>", secretAnswer{text: "sésame"}},
		{"<Enter>a b<Enter>", secretAnswer{text: "a b"}},
		{"/quit<Enter>", secretAnswer{text: "/quit"}},
		{"faux<Esc>", secretAnswer{err: ErrNotGiven}},
		{"<Ctrl+C>", secretAnswer{err: ErrNotGiven}},
	}
	for _, tt := range tests {
		s := newStage(t, Options{}, 80, 24)
		s.show(sampleRoom())
		answer := asking(s, t.Context(), "Password for ana@localhost:")
		s.typed(t, tt.script)
		if got := <-answer; got.text != tt.want.text || !errors.Is(got.err, tt.want.err) {
			t.Errorf("%q gave %q, %v", tt.script, got.text, got.err)
		}
		s.typed(t, "<Up><Ctrl+Y>")
		if draft := s.input.draft(); draft != "" || len(s.outgoing) > 0 {
			t.Errorf("%q: %q is in the input, %v on its way", tt.script, draft, s.outgoing)
		}
		for _, b := range s.secret.text[:cap(s.secret.text)] {
			if b != 0 {
				t.Fatalf("%q: the secret is still in memory: %q", tt.script, s.secret.text[:cap(s.secret.text)])
			}
		}
	}
}

func TestSecretIsNotShown(t *testing.T) {
	for _, size := range [][2]int{{30, 8}, {40, 10}, {80, 24}} {
		s := newStage(t, Options{}, size[0], size[1])
		s.show(sampleRoom())
		asking(s, t.Context(), "Password for ana@localhost:")
		s.typed(t, "sésame")
		if text := s.text(); strings.Contains(text, "sésame") || !strings.Contains(text, " ******") || !strings.Contains(text, "Password for") {
			t.Errorf("%d×%d:\n%s", size[0], size[1], text)
		}
		s.typed(t, "<Esc>")
	}
}

// Who is typing a text when the question comes up goes on with it.
func TestSecretTakesNoKeyOfAText(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	s.show(sampleRoom())
	s.typed(t, "on se ")
	answer := asking(s, t.Context(), "Password:")
	s.typed(t, "retrouve")
	if draft := s.input.draft(); draft != "on se retrouve" {
		t.Errorf("the text is %q", draft)
	}
	s.secret.now = func() time.Time { return sampleNow().Add(time.Second) }
	s.typed(t, "sésame<Enter>")
	if got := <-answer; got.text != "sésame" || s.input.draft() != "on se retrouve" {
		t.Errorf("got %q, the text is %q", got.text, s.input.draft())
	}
}

func TestSecretsAreAskedForOneByOne(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	s.show(sampleRoom())
	ctx, cancel := context.WithCancel(t.Context())
	first := asking(s, ctx, "one:")
	second := asking(s, t.Context(), "two:")
	s.typed(t, "abc")
	cancel()
	(<-s.later)()
	if got := <-first; !errors.Is(got.err, context.Canceled) {
		t.Errorf("a question that was taken back gave %q, %v", got.text, got.err)
	}
	s.typed(t, "def<Enter>")
	if got := <-second; got.text != "def" {
		t.Errorf("the second got %q", got.text)
	}
}

func TestSecretEndsWithTheScreen(t *testing.T) {
	s := New(Options{Printer: printer("en")})
	answer := make(chan error, 1)
	go func() {
		_, err := s.AskSecret(t.Context(), "one:")
		answer <- err
	}()
	(<-s.later)()
	close(s.ended)
	if err := <-answer; !errors.Is(err, ErrEnded) {
		t.Errorf("got %v", err)
	}
	if _, err := s.AskSecret(t.Context(), "two:"); !errors.Is(err, ErrEnded) {
		t.Errorf("after the end: %v", err)
	}
}
