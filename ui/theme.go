package ui

import (
	"fmt"
	"strings"

	"github.com/gdamore/tcell/v2"
)

// Element names a thing on the screen that has a look of its own; settings name it so too.
type Element string

// The elements.
const (
	Text         Element = "text"
	Faint        Element = "faint" // times, separators, what can be skipped
	Bar          Element = "bar"   // the top line
	Title        Element = "title" // the name of the conversation, headings
	Selected     Element = "selected"
	Unread       Element = "unread"
	MentionMark  Element = "mention"
	NoticeText   Element = "notice"
	WarningText  Element = "warning"
	ErrorText    Element = "error"
	Safe         Element = "safe"   // verified encryption
	Unsafe       Element = "unsafe" // readable by others
	OwnName      Element = "own-name"
	Match        Element = "match" // found by the search
	Panel        Element = "panel" // a question
	PanelChoice  Element = "panel-choice"
	Completion   Element = "completion"
	CompletionOn Element = "completion-selected"
)

// Theme is the looks of the screen. The zero Theme is the dark one.
type Theme struct {
	// Name is "dark", "light" or "mono"; empty for dark.
	Name string
	// Colours replaces the foreground of elements: a W3C colour name, one of the 16, or "#rrggbb".
	Colours map[string]string

	styles    map[Element]tcell.Style
	colours   int     // of the terminal; 0 for none
	lightness float64 // of the colours of names
}

// CheckColour returns an error unless an element of that name exists and the colour is one.
func CheckColour(element, colour string) error {
	if _, known := looks("mono")[Element(element)]; !known {
		return fmt.Errorf("%q: no such element of the screen", element)
	}
	if parseColour(colour) == tcell.ColorDefault {
		return fmt.Errorf("%q: not a colour name or #rrggbb", colour)
	}
	return nil
}

func parseColour(s string) tcell.Color {
	return tcell.GetColor(strings.ToLower(strings.TrimSpace(s)))
}

// prepared returns the theme for a terminal with that many colours; without any, attributes alone tell things apart.
func (t Theme) prepared(colours int) *Theme {
	if t.Name == "" {
		t.Name = "dark"
	}
	if colours < 8 || t.Name == "mono" {
		colours = 0
	}
	t.colours = colours
	t.lightness = 65
	if t.Name == "light" {
		t.lightness = 45
	}
	if colours == 0 {
		t.styles = looks("mono")
		return &t
	}
	t.styles = looks(t.Name)
	for element, colour := range t.Colours {
		e := Element(element)
		t.styles[e] = t.styles[e].Foreground(parseColour(colour))
	}
	return &t
}

// style returns the look of an element.
func (t *Theme) style(e Element) tcell.Style { return t.styles[e] }

// name returns the look of somebody's name: bold, so that it stands out without colour too.
func (t *Theme) name(name string) tcell.Style {
	style := t.style(Text).Bold(true)
	if t.colours == 0 {
		return style
	}
	return style.Foreground(nameColour(name, t.lightness, t.colours))
}

// looks returns the styles of a theme by name. All colours but those of the user are of the 16 that every terminal's own
// palette fits to its background.
func looks(name string) map[Element]tcell.Style {
	plain := tcell.StyleDefault
	styles := map[Element]tcell.Style{
		Text: plain, Faint: plain.Dim(true), Bar: plain.Reverse(true), Title: plain.Bold(true), Selected: plain.Bold(true),
		Unread: plain.Bold(true), MentionMark: plain.Bold(true), NoticeText: plain, WarningText: plain.Bold(true),
		ErrorText: plain.Bold(true), Safe: plain.Bold(true), Unsafe: plain, OwnName: plain.Bold(true).Underline(true),
		Match: plain.Reverse(true), Panel: plain.Bold(true), PanelChoice: plain.Reverse(true),
		Completion: plain, CompletionOn: plain.Reverse(true),
	}
	foreground := map[string]map[Element]tcell.Color{
		"dark": {
			Unread: tcell.ColorAqua, MentionMark: tcell.ColorYellow, NoticeText: tcell.ColorTeal,
			WarningText: tcell.ColorYellow, ErrorText: tcell.ColorRed, Safe: tcell.ColorLime, Unsafe: tcell.ColorYellow,
			Panel: tcell.ColorYellow, Completion: tcell.ColorTeal,
		},
		"light": {
			Unread: tcell.ColorNavy, MentionMark: tcell.ColorMaroon, NoticeText: tcell.ColorTeal,
			WarningText: tcell.ColorMaroon, ErrorText: tcell.ColorMaroon, Safe: tcell.ColorGreen, Unsafe: tcell.ColorPurple,
			Panel: tcell.ColorMaroon, Completion: tcell.ColorNavy,
		},
	}[name]
	for element, colour := range foreground {
		styles[element] = styles[element].Foreground(colour)
	}
	return styles
}
