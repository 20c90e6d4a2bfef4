package ui

import "github.com/gdamore/tcell/v2"

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
	// Colours replaces the foreground of elements: a name of the 16 or of the W3C, or "#rrggbb".
	Colours map[string]string

	styles map[Element]tcell.Style
}

// style returns the look of an element.
func (t *Theme) style(e Element) tcell.Style { return t.styles[e] }
