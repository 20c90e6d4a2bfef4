package ui

import (
	"time"

	"traboule/core"
)

// draftRests is the pause after which what is typed is kept, where that is wanted.
const draftRests = 5 * time.Second

// meet takes out what was typed in an earlier session, the first time that its conversation is on screen.
func (in *input) meet() {
	id := in.view.Current.ID
	if in.met[id] {
		return
	}
	in.met[id] = true
	if draft := in.view.Current.Draft; draft != "" && in.edit.text == "" {
		in.edit.set(draft)
		in.told[id] = draft
	}
}

// tellDraft tells core what was typed in a conversation, if it wants to know and does not.
func (in *input) tellDraft(id core.ConversationID, text string) {
	if !in.view.KeepsDrafts || id.IsConsole() || in.told[id] == text {
		return
	}
	in.told[id] = text
	if text == "" {
		delete(in.told, id)
	}
	in.send(core.Draft{Conversation: id, Text: text})
}

// saveLater has what is typed kept as soon as it rests.
func (in *input) saveLater() {
	if !in.view.KeepsDrafts || in.saving {
		return
	}
	in.saving = true
	in.after(draftRests, in.save)
}

// save keeps what is typed, or looks again when it may rest.
func (in *input) save() {
	in.saving = false
	if quiet := in.now().Sub(in.changed); quiet < draftRests {
		in.saving = true
		in.after(draftRests-quiet, in.save)
		return
	}
	in.tellDraft(in.view.Current.ID, in.edit.text)
}
