package ui

import (
	"fmt"
	"strings"
	"testing"

	"traboule/core"
	"traboule/im"
)

func conversation(peer string) core.ConversationID {
	return core.ConversationID{Account: im.MustJID("ana@localhost"), Peer: im.MustJID(peer)}
}

func TestHistoryWalk(t *testing.T) {
	var h history
	room := conversation("grenoble@conference.localhost")
	for _, line := range []string{"un", "deux", "deux", "trois"} {
		h.add(room, line, core.Say{Text: line})
	}
	h.add(conversation("paulette@localhost"), "ailleurs", core.Say{})
	steps := []struct {
		up   bool
		want string
		ok   bool
	}{
		{true, "trois", true}, {true, "deux", true}, {true, "un", true}, {true, "", false},
		{false, "deux", true}, {false, "trois", true}, {false, "brouillon", true}, {false, "", false},
		{true, "trois", true},
	}
	text := "brouillon"
	for i, step := range steps {
		walk := h.newer
		if step.up {
			walk = func(in core.ConversationID) (string, bool) { return h.older(in, text) }
		}
		line, ok := walk(room)
		if line != step.want || ok != step.ok {
			t.Fatalf("step %d gives %q %v, want %q %v", i, line, ok, step.want, step.ok)
		}
		if ok {
			text = line
		}
	}
}

func TestHistoryKeepsNoSecret(t *testing.T) {
	var h history
	room := conversation("grenoble@conference.localhost")
	h.add(room, "/join grenoble ana s3cret", core.Join{Room: "grenoble", Nick: "ana", Password: "s3cret"})
	if line, ok := h.older(room, ""); ok {
		t.Errorf("a line with a password came back: %q", line)
	}
	h.add(room, "/join grenoble ana", core.Join{Room: "grenoble", Nick: "ana"})
	if _, ok := h.older(room, ""); !ok {
		t.Error("a join without a password was not kept")
	}
}

func TestHistoryHasBounds(t *testing.T) {
	var h history
	room := conversation("grenoble@conference.localhost")
	for i := range 3 * maxSent {
		h.add(room, fmt.Sprint(i), core.Say{})
	}
	if n := len(h.sent[room]); n != maxSent {
		t.Errorf("%d lines kept, want %d", n, maxSent)
	}
	for i := range 10 {
		h.add(room, fmt.Sprint(i)+strings.Repeat("x", maxDraft-1), core.Say{})
	}
	size := 0
	for _, line := range h.sent[room] {
		size += len(line)
	}
	if size > maxSentBytes || size < maxDraft {
		t.Errorf("%d bytes kept, at most %d wanted and not nothing", size, maxSentBytes)
	}
	h.forget(func(id core.ConversationID) bool { return id == room })
	if _, ok := h.older(room, ""); ok {
		t.Error("a closed conversation is remembered")
	}
}
