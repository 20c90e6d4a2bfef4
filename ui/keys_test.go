package ui

import (
	"strings"
	"testing"

	"github.com/gdamore/tcell/v2"
)

func defaultKeys(t testing.TB) *KeyMap {
	t.Helper()
	m, err := NewKeyMap(nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// What terminals send for a key differs; what the key does must not.
func TestKeyMapDefaults(t *testing.T) {
	tests := []struct {
		name string
		ev   *tcell.EventKey
		want Action
	}{
		{"Alt+A", tcell.NewEventKey(tcell.KeyRune, 'a', tcell.ModAlt), ActNextUnread},
		{"Alt+A with Caps Lock", tcell.NewEventKey(tcell.KeyRune, 'A', tcell.ModAlt), ActNextUnread},
		{"Alt+3", tcell.NewEventKey(tcell.KeyRune, '3', tcell.ModAlt), "window-3"},
		{"Ctrl+N as a byte", tcell.NewEventKey(tcell.KeyCtrlN, 0, tcell.ModCtrl), ActNextWindow},
		{"Ctrl+N as a number", tcell.NewEventKey(tcell.KeyRune, 'n', tcell.ModCtrl), ActNextWindow},
		{"Ctrl+F", tcell.NewEventKey(tcell.KeyCtrlF, 0, tcell.ModCtrl), ActSearch},
		{"Ctrl+R", tcell.NewEventKey(tcell.KeyCtrlR, 0, tcell.ModCtrl), ActSearch},
		{"Enter", tcell.NewEventKey(tcell.KeyEnter, 0, 0), ActSend},
		{"Alt+Enter as ESC CR", tcell.NewEventKey(tcell.KeyRune, 'm', tcell.ModAlt|tcell.ModCtrl), ActNewline},
		{"Alt+Enter as a number", tcell.NewEventKey(tcell.KeyEnter, 0, tcell.ModAlt), ActNewline},
		{"Shift+Enter", tcell.NewEventKey(tcell.KeyEnter, 0, tcell.ModShift), ActNewline},
		{"line feed sends nothing", tcell.NewEventKey(tcell.KeyCtrlJ, 0, tcell.ModCtrl), ActNewline},
		{"Shift+Tab", tcell.NewEventKey(tcell.KeyBacktab, 0, 0), ActCompleteBack},
		{"Shift+Tab as a number", tcell.NewEventKey(tcell.KeyTab, 0, tcell.ModShift), ActCompleteBack},
		{"Backspace", tcell.NewEventKey(tcell.KeyBackspace2, 0, 0), ActDeleteLeft},
		{"Alt+Backspace as ESC DEL", tcell.NewEventKey(tcell.KeyRune, 0x7f, tcell.ModAlt), ActDeleteWordLeft},
		{"Alt+Backspace as ESC BS", tcell.NewEventKey(tcell.KeyRune, 'h', tcell.ModAlt|tcell.ModCtrl), ActDeleteWordLeft},
		{"Ctrl+_", tcell.NewEventKey(tcell.KeyCtrlUnderscore, 0, tcell.ModCtrl), ActUndo},
		{"Ctrl+/", tcell.NewEventKey(tcell.KeyRune, '/', tcell.ModCtrl), ActUndo},
		{"Ctrl+Left", tcell.NewEventKey(tcell.KeyLeft, 0, tcell.ModCtrl), ActWordLeft},
		{"Ctrl+C", tcell.NewEventKey(tcell.KeyCtrlC, 0, tcell.ModCtrl), ActAbort},
		{"F1", tcell.NewEventKey(tcell.KeyF1, 0, 0), ActHelp},
		{"a letter", tcell.NewEventKey(tcell.KeyRune, 'a', 0), ""},
		{"Alt+Z", tcell.NewEventKey(tcell.KeyRune, 'z', tcell.ModAlt), ""},
	}
	m := defaultKeys(t)
	for _, tt := range tests {
		if got := m.action(tt.ev); got != tt.want {
			t.Errorf("%s does %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestKeyMapSettings(t *testing.T) {
	m, err := NewKeyMap(map[string]string{
		"right": "Right ctrl+f", "next-unread": "F5", "suspend": "", "window-1": "Alt++",
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		ev   *tcell.EventKey
		want Action
	}{
		{tcell.NewEventKey(tcell.KeyCtrlF, 0, tcell.ModCtrl), ActRight},
		{tcell.NewEventKey(tcell.KeyCtrlR, 0, tcell.ModCtrl), ActSearch},
		{tcell.NewEventKey(tcell.KeyF5, 0, 0), ActNextUnread},
		{tcell.NewEventKey(tcell.KeyRune, 'a', tcell.ModAlt), ""},
		{tcell.NewEventKey(tcell.KeyCtrlZ, 0, tcell.ModCtrl), ""},
		{tcell.NewEventKey(tcell.KeyRune, '+', tcell.ModAlt), "window-1"},
		{tcell.NewEventKey(tcell.KeyRune, '1', tcell.ModAlt), ""},
	}
	for _, tt := range tests {
		if got := m.action(tt.ev); got != tt.want {
			t.Errorf("%s does %q, want %q", strokeOf(tt.ev), got, tt.want)
		}
	}
	if got := m.Key(ActSearch); got != "Ctrl+R" {
		t.Errorf("the help shows %q for the search, whose first key was taken", got)
	}
	if got := m.Key(ActSuspend); got != "" {
		t.Errorf("the help shows %q for an action without a key", got)
	}
}

func TestKeyMapRefuses(t *testing.T) {
	tests := []struct {
		settings map[string]string
		says     []string
	}{
		{map[string]string{"nxt-unread": "F5"}, []string{"nxt-unread", "no such action"}},
		{map[string]string{"next-unread": "Alt+"}, []string{"next-unread", "Alt+", "not a key"}},
		{map[string]string{"next-unread": "F25"}, []string{"F25", "not a key"}},
		{map[string]string{"next-unread": "Hyper+A"}, []string{"Hyper", "none of"}},
		{map[string]string{"next-unread": "a"}, []string{"needed for writing"}},
		{map[string]string{"next-unread": "Shift+A"}, []string{"Shift+A", "Shift"}},
		{map[string]string{"next-unread": "Space"}, []string{"needed for writing"}},
		{map[string]string{"next-unread": "Ctrl+I"}, []string{"Ctrl+I", "the same"}},
		{map[string]string{"next-unread": "Alt+["}, []string{"Alt+["}},
		{map[string]string{"next-unread": "F5", "help": "F5"}, []string{"F5", "next-unread", "help"}},
	}
	for _, tt := range tests {
		_, err := NewKeyMap(tt.settings)
		if err == nil {
			t.Errorf("%v is accepted", tt.settings)
			continue
		}
		for _, word := range tt.says {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%v: %q does not name %q", tt.settings, err, word)
			}
		}
	}
}

// Each key in the help can be written into the settings, and no default hides another.
func TestBindingsCanBeSet(t *testing.T) {
	owner := map[string]Action{}
	for _, b := range defaultKeys(t).Bindings() {
		if len(b.Keys) == 0 {
			t.Errorf("%q has no key", b.Action)
		}
		for _, key := range b.Keys {
			if other, taken := owner[key]; taken {
				t.Errorf("%q does both %q and %q", key, other, b.Action)
			}
			owner[key] = b.Action
			if _, err := NewKeyMap(map[string]string{string(b.Action): key}); err != nil {
				t.Errorf("%q cannot be set: %v", key, err)
			}
			if s, err := parseStroke(strings.ToLower(key)); err != nil || s.String() != key {
				t.Errorf("%q reads back as %q (%v)", key, s, err)
			}
		}
	}
}
