package ui

import (
	"slices"
	"strings"

	"traboule/core"
	"traboule/ui/i18n"
)

// prepare puts a text into the input of a conversation, unless something is being typed there, and reports whether it did.
func (in *input) prepare(id core.ConversationID, text string) bool {
	if id == in.view.Current.ID {
		if in.edit.text != "" {
			return false
		}
		in.history.leave()
		in.edit.set(text)
		return true
	}
	if draft, typed := in.drafts[id]; typed && draft.text != "" {
		return false
	}
	var e editor
	e.set(text)
	in.drafts[id] = e
	return true
}

// takeBack puts what was not sent for want of protection back to where it was typed, or where something else is being typed
// by now, to where Up brings it back.
func (in *input) takeBack(facts []core.Fact) {
	for _, f := range facts {
		changed, is := f.(core.LineChanged)
		if !is || !changed.Line.GivenBack() || !in.isOpen(changed.Conversation) {
			continue
		}
		text := retyped(changed.Line)
		if !in.prepare(changed.Conversation, text) {
			in.history.recall(changed.Conversation, text)
		} else if changed.Conversation == in.view.Current.ID {
			in.say(WarningText, in.words.Text(i18n.GivenBack))
		}
	}
}

func (in *input) isOpen(id core.ConversationID) bool {
	return slices.ContainsFunc(in.view.Conversations, func(c core.ConversationView) bool { return c.ID == id && !c.Closed })
}

// retyped is what has to be typed for a text to be said again.
func retyped(l *core.Line) string {
	switch {
	case l.Action:
		return "/me " + l.Body
	case strings.HasPrefix(l.Body, "/"):
		return "/" + l.Body
	}
	return l.Body
}
