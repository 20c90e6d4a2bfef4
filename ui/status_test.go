package ui

import (
	"strings"
	"testing"

	"traboule/core"
)

// TestOutsideARoomTheScreenSaysWhatBecomesOfAText: a text that waits for the room must not be said to go nowhere.
func TestOutsideARoomTheScreenSaysWhatBecomesOfAText(t *testing.T) {
	for held, want := range map[bool]string{true: "what you type is sent as soon as you are", false: "nothing you type is sent"} {
		s := newStage(t, Options{Printer: printer("en")}, 80, 24)
		v := sampleRoom()
		v.Current.Joined, v.Current.Held = false, held
		s.show(v)
		if !strings.Contains(s.text(), want) {
			t.Errorf("held %v: nowhere stands %q:\n%s", held, want, s.text())
		}
	}
}

// TestHintsAreForWhatTheKeysDoNow: in a question and in the search, the last line names their keys.
func TestHintsAreForWhatTheKeysDoNow(t *testing.T) {
	s := newStage(t, Options{Printer: printer("en")}, 80, 24)
	v := sampleRoom()
	s.show(v)
	last := func() string {
		rows := strings.Split(strings.TrimRight(s.text(), "\n"), "\n")
		return strings.TrimSpace(rows[len(rows)-1])
	}
	usual := last()
	s.search.start()
	s.show(v)
	if got, want := last(), "Enter older · Down newer · Esc closes"; got != want {
		t.Errorf("in the search: %q, want %q", got, want)
	}
	s.search.stop()
	v.Questions = []core.Question{{ID: 1, Kind: core.AskSubscription, From: v.Accounts[0].Account}}
	s.show(v)
	if got, want := last(), "Tab another answer · Enter gives it · Esc closes"; got != want {
		t.Errorf("in a question: %q, want %q", got, want)
	}
	v.Questions = nil
	s.show(v)
	if got := last(); got != usual {
		t.Errorf("afterwards: %q, want %q", got, usual)
	}
}

// TestNoRemedyAgainstTheUsersWill: where the user never wants to encrypt, what changes that stands there, not what is refused.
func TestNoRemedyAgainstTheUsersWill(t *testing.T) {
	for never, want := range map[bool]string{false: "· /otr start", true: "· /otr policy manual"} {
		s := newStage(t, Options{Printer: printer("en")}, 120, 24)
		v := sampleRoom()
		v.Current.Kind, v.Current.NeverOTR = core.Person, never
		s.show(v)
		s.find(t, want)
	}
}
