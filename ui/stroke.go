package ui

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"
)

// stroke is one press of a key in the one form in which KeyMap compares it, whatever way the terminal told of it.
type stroke struct {
	key tcell.Key
	ch  rune // with tcell.KeyRune: a lower-case letter or a sign
	mod tcell.ModMask
}

// strokeOf brings a key event into that form. Terminals send Alt as a leading ESC and Ctrl as a control byte, or, those
// with the kitty protocol, both as numbers.
func strokeOf(ev *tcell.EventKey) stroke {
	s := stroke{ev.Key(), 0, ev.Modifiers() & (tcell.ModAlt | tcell.ModCtrl | tcell.ModShift)}
	switch {
	case s.key == tcell.KeyRune:
		s.ch = ev.Rune()
	case s.key >= tcell.KeyCtrlSpace && s.key <= tcell.KeyCtrlUnderscore:
		s = stroke{tcell.KeyRune, controlled(s.key), s.mod | tcell.ModCtrl}
	}
	if s.key != tcell.KeyRune {
		return s
	}
	s.mod &^= tcell.ModShift
	if s.mod != 0 {
		s.ch = unicode.ToLower(s.ch)
	}
	return escaped(s)
}

// controlled returns the letter or sign of a control key.
func controlled(key tcell.Key) rune {
	if key == tcell.KeyCtrlSpace {
		return ' '
	}
	return rune(key-tcell.KeyCtrlSpace) + '@'
}

// escaped undoes how Alt with Enter, Tab or Backspace reads in a terminal that sends ESC and a control byte.
func escaped(s stroke) stroke {
	if s.mod != tcell.ModAlt|tcell.ModCtrl {
		return s
	}
	switch s.ch {
	case 'm', 'j':
		return stroke{tcell.KeyEnter, 0, tcell.ModAlt}
	case 'i':
		return stroke{tcell.KeyTab, 0, tcell.ModAlt}
	case 'h':
		return stroke{tcell.KeyBackspace, 0, tcell.ModAlt}
	}
	return s
}

// isEscapedSlash reports whether an event may be Esc and a slash right after it, which reach us as Alt and a slash.
func isEscapedSlash(ev *tcell.EventKey) bool {
	return ev.Key() == tcell.KeyRune && ev.Rune() == '/' && ev.Modifiers() == tcell.ModAlt
}

// typedRune returns the rune that a key event writes into a text, if it writes one.
func typedRune(ev *tcell.EventKey) (rune, bool) {
	if ev.Key() != tcell.KeyRune || ev.Modifiers()&(tcell.ModAlt|tcell.ModCtrl|tcell.ModMeta) != 0 {
		return 0, false
	}
	return ev.Rune(), ev.Rune() != 0
}

// keyName is a key without a character of its own. The first of the names is the one shown.
type keyName struct {
	key   tcell.Key
	names []string
}

func keyNames() []keyName {
	return []keyName{
		{tcell.KeyEnter, []string{"Enter", "Return"}},
		{tcell.KeyTab, []string{"Tab"}},
		{tcell.KeyEscape, []string{"Esc", "Escape"}},
		{tcell.KeyBackspace, []string{"Backspace"}},
		{tcell.KeyDelete, []string{"Delete", "Del"}},
		{tcell.KeyInsert, []string{"Insert", "Ins"}},
		{tcell.KeyHome, []string{"Home"}},
		{tcell.KeyEnd, []string{"End"}},
		{tcell.KeyPgUp, []string{"PgUp", "PageUp"}},
		{tcell.KeyPgDn, []string{"PgDn", "PageDown"}},
		{tcell.KeyUp, []string{"Up"}},
		{tcell.KeyDown, []string{"Down"}},
		{tcell.KeyLeft, []string{"Left"}},
		{tcell.KeyRight, []string{"Right"}},
	}
}

// parseStroke reads the name of a key, such as "Alt+A", "Ctrl+Left", "F1" or "Shift+Tab". Upper and lower case are alike.
func parseStroke(name string) (stroke, error) {
	modifiers, base := splitStroke(name)
	s, err := parseBase(base)
	if err != nil {
		return stroke{}, fmt.Errorf("%q: %w", name, err)
	}
	for _, m := range modifiers {
		mod, found := parseModifier(m)
		if !found {
			return stroke{}, fmt.Errorf("%q: %q is none of Ctrl, Alt, Shift", name, m)
		}
		s.mod |= mod
	}
	if s.key == tcell.KeyTab && s.mod&tcell.ModShift != 0 {
		s = stroke{tcell.KeyBacktab, 0, s.mod &^ tcell.ModShift}
	}
	if err := s.check(); err != nil {
		return stroke{}, fmt.Errorf("%q: %w", name, err)
	}
	return s, nil
}

// splitStroke parts the modifiers from the key, which may be the plus sign itself.
func splitStroke(name string) (modifiers []string, base string) {
	if rest, found := strings.CutSuffix(name, "++"); found {
		return strings.Split(rest, "+"), "+"
	}
	parts := strings.Split(name, "+")
	return parts[:len(parts)-1], parts[len(parts)-1]
}

var errKeyName = errors.New("not a key: a letter, a sign, F1 to F24, Enter, Tab, Esc, Space, Backspace, Delete, Insert, Home, " +
	"End, PgUp, PgDn, Up, Down, Left or Right was expected, with Ctrl+, Alt+ or Shift+ before it")

func parseBase(base string) (stroke, error) {
	if r, n := utf8.DecodeRuneInString(base); n == len(base) && n > 0 && unicode.IsGraphic(r) && r != ' ' {
		return stroke{tcell.KeyRune, unicode.ToLower(r), 0}, nil
	}
	if strings.EqualFold(base, "Space") {
		return stroke{tcell.KeyRune, ' ', 0}, nil
	}
	if digits, found := strings.CutPrefix(strings.ToUpper(base), "F"); found {
		if n, err := strconv.Atoi(digits); err == nil && n >= 1 && n <= 24 {
			return stroke{tcell.KeyF1 + tcell.Key(n-1), 0, 0}, nil
		}
	}
	for _, k := range keyNames() {
		if slices.ContainsFunc(k.names, func(name string) bool { return strings.EqualFold(base, name) }) {
			return stroke{k.key, 0, 0}, nil
		}
	}
	return stroke{}, errKeyName
}

func parseModifier(name string) (tcell.ModMask, bool) {
	switch strings.ToLower(name) {
	case "ctrl", "control", "c":
		return tcell.ModCtrl, true
	case "alt", "meta", "m":
		return tcell.ModAlt, true
	case "shift":
		return tcell.ModShift, true
	}
	return 0, false
}

// check refuses the keys that no terminal could tell apart, or that are needed to write.
func (s stroke) check() error {
	if s.key != tcell.KeyRune {
		return nil
	}
	switch {
	case s.mod&tcell.ModShift != 0:
		return errors.New("terminals do not tell of Shift with a letter: choose Ctrl+ or Alt+")
	case s.mod == 0:
		return errors.New("this key is needed for writing: choose one with Ctrl+ or Alt+")
	case s.mod == tcell.ModCtrl && strings.ContainsRune("himj[", s.ch):
		return errors.New("terminals send the same for this as for Backspace, Tab, Enter or Esc: choose another")
	case s.mod == tcell.ModAlt && s.ch == '[':
		return errors.New("terminals begin other keys with this: choose another")
	}
	return nil
}

// String returns the name of the key, as parseStroke reads it.
func (s stroke) String() string {
	name := s.modifiers()
	switch {
	case s.key == tcell.KeyBacktab:
		return name + "Shift+Tab"
	case s.key == tcell.KeyRune && s.ch == ' ':
		return name + "Space"
	case s.key == tcell.KeyRune:
		return name + string(unicode.ToUpper(s.ch))
	case s.key >= tcell.KeyF1 && s.key < tcell.KeyF1+24:
		return name + "F" + strconv.Itoa(int(s.key-tcell.KeyF1)+1)
	}
	for _, k := range keyNames() {
		if k.key == s.key {
			return name + k.names[0]
		}
	}
	return name + "?"
}

func (s stroke) modifiers() string {
	name := ""
	for _, m := range []struct {
		mod  tcell.ModMask
		name string
	}{{tcell.ModCtrl, "Ctrl+"}, {tcell.ModAlt, "Alt+"}, {tcell.ModShift, "Shift+"}} {
		if s.mod&m.mod != 0 {
			name += m.name
		}
	}
	return name
}
