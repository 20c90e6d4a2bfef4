package ui

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gdamore/tcell/v2"
)

// Action is something that a key does. Its value is the name that the settings and the manual use.
type Action string

// The actions on the whole screen.
const (
	ActHelp           Action = "help"
	ActNextUnread     Action = "next-unread"
	ActNextWindow     Action = "next-window"
	ActPreviousWindow Action = "previous-window"
	ActWindow         Action = "window-" // with 1 to 9 after it
	ActScrollUp       Action = "scroll-up"
	ActScrollDown     Action = "scroll-down"
	ActScrollTop      Action = "scroll-top"
	ActScrollBottom   Action = "scroll-bottom"
	ActSearch         Action = "search"
	ActConversations  Action = "conversations" // shows or hides the left column
	ActOccupants      Action = "occupants"     // shows or hides the right column
	ActRedraw         Action = "redraw"
	ActSuspend        Action = "suspend"
	ActCancel         Action = "cancel"
)

// isGlobal reports whether an action is one on the whole screen, whatever has the focus. ActCancel is for what has it.
func isGlobal(a Action) bool {
	switch a {
	case ActHelp, ActNextUnread, ActNextWindow, ActPreviousWindow, ActScrollUp, ActScrollDown, ActScrollTop, ActScrollBottom,
		ActSearch, ActConversations, ActOccupants, ActRedraw, ActSuspend:
		return true
	}
	return strings.HasPrefix(string(a), string(ActWindow))
}

// The actions on the text being typed.
const (
	ActSend            Action = "send"
	ActNewline         Action = "newline"
	ActComplete        Action = "complete"
	ActCompleteBack    Action = "complete-back"
	ActUp              Action = "up" // a row up, and above the first row to what was sent before
	ActDown            Action = "down"
	ActLeft            Action = "left"
	ActRight           Action = "right"
	ActWordLeft        Action = "word-left"
	ActWordRight       Action = "word-right"
	ActLineStart       Action = "line-start"
	ActLineEnd         Action = "line-end"
	ActDeleteLeft      Action = "delete-left"
	ActDeleteRight     Action = "delete-right"
	ActDeleteWordLeft  Action = "delete-word-left"
	ActDeleteWordRight Action = "delete-word-right"
	ActDeleteToSpace   Action = "delete-to-space"
	ActDeleteToStart   Action = "delete-to-start"
	ActDeleteToEnd     Action = "delete-to-end"
	ActAbort           Action = "abort" // takes the whole text away; undo brings it back
	ActYank            Action = "yank"
	ActTranspose       Action = "transpose"
	ActUndo            Action = "undo"
)

// Binding is an action with its keys, by their names.
type Binding struct {
	Action Action
	Keys   []string
}

// DefaultBindings returns all actions in the order of the help, with the keys they have where the settings are silent.
//
// They are readline's, except for four keys that a chat needs more: Ctrl+N and Ctrl+P go through the windows, Ctrl+F
// searches as it does elsewhere, and Ctrl+J begins a new line, so that line feeds from a terminal that does not mark
// pastes send nothing.
func DefaultBindings() []Binding {
	bindings := []Binding{
		{ActHelp, []string{"F1"}},
		{ActNextUnread, []string{"Alt+A"}},
		{ActNextWindow, []string{"Ctrl+N", "Alt+Down", "Ctrl+PgDn"}},
		{ActPreviousWindow, []string{"Ctrl+P", "Alt+Up", "Ctrl+PgUp"}},
	}
	for n := '1'; n <= '9'; n++ {
		bindings = append(bindings, Binding{ActWindow + Action(n), []string{"Alt+" + string(n)}})
	}
	bindings = append(bindings, []Binding{
		{ActScrollUp, []string{"PgUp"}},
		{ActScrollDown, []string{"PgDn"}},
		{ActScrollTop, []string{"Ctrl+Home"}},
		{ActScrollBottom, []string{"Ctrl+End"}},
		{ActSearch, []string{"Ctrl+F", "Ctrl+R"}},
		{ActConversations, []string{"Alt+L"}},
		{ActOccupants, []string{"Alt+O"}},
		{ActRedraw, []string{"Ctrl+L"}},
		{ActSuspend, []string{"Ctrl+Z"}},
		{ActCancel, []string{"Esc", "Ctrl+G"}},
	}...)
	return append(bindings, editBindings()...)
}

func editBindings() []Binding {
	return []Binding{
		{ActSend, []string{"Enter"}},
		{ActNewline, []string{"Alt+Enter", "Shift+Enter"}},
		{ActComplete, []string{"Tab"}},
		{ActCompleteBack, []string{"Shift+Tab"}},
		{ActUp, []string{"Up"}},
		{ActDown, []string{"Down"}},
		{ActLeft, []string{"Left", "Ctrl+B"}},
		{ActRight, []string{"Right"}},
		{ActWordLeft, []string{"Ctrl+Left", "Alt+B", "Alt+Left"}},
		{ActWordRight, []string{"Ctrl+Right", "Alt+F", "Alt+Right"}},
		{ActLineStart, []string{"Home", "Ctrl+A"}},
		{ActLineEnd, []string{"End", "Ctrl+E"}},
		{ActDeleteLeft, []string{"Backspace"}},
		{ActDeleteRight, []string{"Delete", "Ctrl+D"}},
		{ActDeleteWordLeft, []string{"Alt+Backspace", "Ctrl+Backspace"}},
		{ActDeleteWordRight, []string{"Alt+D", "Ctrl+Delete"}},
		{ActDeleteToSpace, []string{"Ctrl+W"}},
		{ActDeleteToStart, []string{"Ctrl+U"}},
		{ActDeleteToEnd, []string{"Ctrl+K"}},
		{ActAbort, []string{"Ctrl+C"}},
		{ActYank, []string{"Ctrl+Y"}},
		{ActTranspose, []string{"Ctrl+T"}},
		{ActUndo, []string{"Ctrl+_", "Ctrl+/", "Ctrl+-"}},
	}
}

// KeyMap says what each key does. It does not change once it is made.
type KeyMap struct {
	actions  map[stroke]Action
	bindings []Binding
}

// NewKeyMap returns the default keys with those of the settings in their place: an action's name with its keys, parted by
// spaces, or with nothing to leave it without a key. A key that the settings give to an action is taken from the action
// that had it by default.
func NewKeyMap(settings map[string]string) (*KeyMap, error) {
	m := &KeyMap{actions: fixedStrokes()}
	defaults := DefaultBindings()
	for name := range settings {
		if !slices.ContainsFunc(defaults, func(b Binding) bool { return string(b.Action) == name }) {
			return nil, fmt.Errorf("%q: no such action; press F1 in the client for a list", name)
		}
	}
	chosen, err := chosenStrokes(settings)
	if err != nil {
		return nil, err
	}
	for _, b := range defaults {
		if err := m.bind(b, settings, chosen); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// fixedStrokes are those that no setting can name: see stroke.check.
func fixedStrokes() map[stroke]Action {
	return map[stroke]Action{
		{tcell.KeyRune, 'j', tcell.ModCtrl}: ActNewline,
		{tcell.KeyRune, 'm', tcell.ModCtrl}: ActSend,
		{tcell.KeyRune, 'i', tcell.ModCtrl}: ActComplete,
		{tcell.KeyRune, 'h', tcell.ModCtrl}: ActDeleteLeft,
		{tcell.KeyRune, '[', tcell.ModCtrl}: ActCancel,
	}
}

// chosenStrokes returns the keys that the settings give out.
func chosenStrokes(settings map[string]string) (map[stroke]string, error) {
	chosen := map[stroke]string{}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		for _, key := range strings.Fields(settings[name]) {
			s, err := parseStroke(key)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", name, err)
			}
			if other, taken := chosen[s]; taken && other != name {
				return nil, fmt.Errorf("%q: %q is already the key of %q", name, key, other)
			}
			chosen[s] = name
		}
	}
	return chosen, nil
}

func (m *KeyMap) bind(b Binding, settings map[string]string, chosen map[stroke]string) error {
	keys := b.Keys
	own, set := settings[string(b.Action)]
	if set {
		keys = strings.Fields(own)
	}
	bound := Binding{Action: b.Action}
	for _, key := range keys {
		s, err := parseStroke(key)
		if err != nil {
			return fmt.Errorf("%q: %w", b.Action, err)
		}
		if name, taken := chosen[s]; taken && name != string(b.Action) {
			continue
		}
		m.actions[s] = b.Action
		bound.Keys = append(bound.Keys, s.String())
	}
	m.bindings = append(m.bindings, bound)
	return nil
}

// Bindings returns all actions with their keys, in the order of the help.
func (m *KeyMap) Bindings() []Binding { return m.bindings }

// Key returns the name of the first key of an action, empty if it has none.
func (m *KeyMap) Key(a Action) string {
	for _, b := range m.bindings {
		if b.Action == a && len(b.Keys) > 0 {
			return b.Keys[0]
		}
	}
	return ""
}

// action returns what a key does, empty for nothing.
func (m *KeyMap) action(ev *tcell.EventKey) Action { return m.actions[strokeOf(ev)] }
