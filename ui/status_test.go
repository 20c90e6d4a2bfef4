package ui

import (
	"strings"
	"testing"
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
