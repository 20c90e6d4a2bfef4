package ui

import (
	"strings"

	"traboule/core"
)

// touched is called after each change of the text. It tells core that somebody is typing, once at the start and once at
// the end; core decides whether anybody else is told.
func (in *input) touched() {
	in.changed = in.now()
	in.saveLater()
	switch {
	case !in.speaking():
		in.stopTyping()
	case !in.typing:
		in.typing = true
		in.give(core.Compose{Typing: true})
		in.after(typingEnds, in.pause)
	}
}

// speaking reports whether the text is on its way to somebody: commands are nobody's business.
func (in *input) speaking() bool {
	text := in.edit.text
	isCommand := strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") && !strings.HasPrefix(text, "/me ")
	return text != "" && !isCommand && !in.view.Current.ID.IsConsole()
}

// pause ends the typing if nothing changed for a while, or looks again when that may be so.
func (in *input) pause() {
	if !in.typing {
		return
	}
	if quiet := in.now().Sub(in.changed); quiet < typingEnds {
		in.after(typingEnds-quiet, in.pause)
		return
	}
	in.stopTyping()
}

// stopTyping tells core that nobody is typing any more. It must be called before another conversation is selected.
func (in *input) stopTyping() {
	if in.typing {
		in.typing = false
		in.give(core.Compose{Typing: false})
	}
}
