package ui

import (
	"maps"
	"slices"

	"traboule/core"
)

const (
	// maxSent is how many sent lines are kept for each conversation, maxSentBytes how many bytes of them.
	maxSent      = 200
	maxSentBytes = 64 << 10
)

// history is what was sent in each conversation, for walking through it with Up and Down, and where the walk stands. It
// lives in memory only.
type history struct {
	sent map[core.ConversationID][]string
	// back is how many lines back the walk stands in the current conversation; 0 is the text being typed, kept in typed.
	back  int
	typed string
}

// add keeps a sent line, unless the command it meant carries a secret, and ends the walk.
func (h *history) add(in core.ConversationID, line string, meant core.Command) {
	h.leave()
	lines := h.sent[in]
	if line == "" || core.CarriesSecret(meant) || len(lines) > 0 && lines[len(lines)-1] == line {
		return
	}
	if h.sent == nil {
		h.sent = map[core.ConversationID][]string{}
	}
	h.sent[in] = newest(append(lines, line))
}

// recall keeps a line that was not sent, if it is not among those that were, without ending a walk.
func (h *history) recall(in core.ConversationID, line string) {
	if !slices.Contains(h.sent[in], line) && h.back == 0 {
		h.add(in, line, core.Say{})
	}
}

// newest returns the lines without the oldest that are too many.
func newest(lines []string) []string {
	size, from := 0, len(lines)
	for from > 0 && len(lines)-from < maxSent && size+len(lines[from-1]) <= maxSentBytes {
		from--
		size += len(lines[from])
	}
	if from == 0 {
		return lines
	}
	return append([]string(nil), lines[from:]...)
}

// leave ends the walk: the text on screen is now being typed.
func (h *history) leave() { h.back, h.typed = 0, "" }

// forget drops what was sent in conversations that are gone.
func (h *history) forget(gone func(core.ConversationID) bool) {
	maps.DeleteFunc(h.sent, func(id core.ConversationID, _ []string) bool { return gone(id) })
}

// rename keeps what was sent for an occupant who has another nick now.
func (h *history) rename(before, now core.ConversationID) {
	if lines := h.sent[before]; lines != nil {
		delete(h.sent, before)
		h.sent[now] = lines
	}
}

// older returns the line before the one on screen, which is text.
func (h *history) older(in core.ConversationID, text string) (string, bool) {
	lines := h.sent[in]
	if h.back >= len(lines) {
		return "", false
	}
	if h.back == 0 {
		h.typed = text
	}
	h.back++
	return lines[len(lines)-h.back], true
}

// newer returns the line after the one on screen, at the end the text that was being typed.
func (h *history) newer(in core.ConversationID) (string, bool) {
	lines := h.sent[in]
	switch {
	case h.back == 0:
		return "", false
	case h.back == 1 || h.back > len(lines):
		typed := h.typed
		h.leave()
		return typed, true
	}
	h.back--
	return lines[len(lines)-h.back], true
}
