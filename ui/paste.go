package ui

import (
	"strings"
	"time"

	"github.com/gdamore/tcell/v2"

	"traboule/core"
)

const (
	// maxPaste is how much of one paste is taken from the terminal, in runes, and of that in bytes; the rest is dropped.
	maxPaste = 2 * maxDraft
	// maxPasteLines is the longest paste that may be sent line by line: more would be a flood in the room.
	maxPasteLines = 20
	// pasteEnds is the pause after which a paste is over, even if the terminal forgot to say so.
	pasteEnds = 2 * time.Second
)

// pasted is a text from the clipboard, cleaned.
type pasted struct {
	text string
	// cut is set if there was more than could be taken.
	cut bool
}

// cleanPaste makes a pasted text safe to show and to send. Line breaks at its end, which mostly come along unwanted, go.
func cleanPaste(raw string) pasted {
	cut := len(raw) >= maxPaste
	raw = strings.TrimRight(clustersUpTo(raw, maxPaste), "\r\n")
	text := core.CleanText(raw)
	if len(text) > maxDraft {
		text, cut = clustersUpTo(text, maxDraft), true
	}
	return pasted{text, cut}
}

// lines returns the lines that hold something.
func (p pasted) lines() []string {
	var lines []string
	for line := range strings.SplitSeq(p.text, "\n") {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// asks reports whether the paste is not simply put into the text: a line break in it could send what nobody has read.
func (p pasted) asks() bool { return strings.Contains(p.text, "\n") }

// said returns the commands that send lines as they are: a pasted "/quit" is said, not done.
func said(lines []string) []core.Command {
	commands := make([]core.Command, len(lines))
	for i, line := range lines {
		commands[i] = core.Say{Text: line}
	}
	return commands
}

// pasteScreen is a screen that delivers whole pastes: it keeps line feeds, which tview drops from a paste, bounds it, and
// ends one that the terminal never ended, so that no key is swallowed for ever.
type pasteScreen struct {
	tcell.Screen
	pasting bool
	runes   int
	last    time.Time
	cr      bool // the key before was a carriage return
	held    tcell.Event
}

// PollEvent returns the next event, nil once the screen is closed. tview calls it from one goroutine.
func (s *pasteScreen) PollEvent() tcell.Event {
	for {
		ev := s.held
		s.held = nil
		if ev == nil {
			ev = s.Screen.PollEvent()
		}
		if key, isKey := ev.(*tcell.EventKey); isKey && s.pasting {
			if ev = s.paste(key); ev == nil {
				continue
			}
		}
		if edge, isPaste := ev.(*tcell.EventPaste); isPaste {
			s.pasting, s.runes, s.last, s.cr = edge.Start(), 0, edge.When(), false
		}
		return ev
	}
}

// paste returns the event to deliver for a key inside a paste, nil for none.
func (s *pasteScreen) paste(key *tcell.EventKey) tcell.Event {
	if key.When().Sub(s.last) > pasteEnds {
		s.held = key
		return tcell.NewEventPaste(false)
	}
	s.last = key.When()
	s.runes++
	afterCR := s.cr
	s.cr = key.Key() == tcell.KeyEnter
	switch {
	case s.runes > maxPaste:
		return nil
	case key.Key() == tcell.KeyCtrlJ && afterCR:
		return nil
	case key.Key() == tcell.KeyCtrlJ:
		return tcell.NewEventKey(tcell.KeyEnter, 0, tcell.ModNone)
	}
	return key
}
