package core

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"traboule/im"
)

// keptWith are the texts that the shelf has of a conversation.
func (s *server) keptWith(peer im.JID) []string {
	var bodies []string
	for _, m := range s.client.shelf.messages[ConversationID{ana, peer}] {
		bodies = append(bodies, m.Body)
	}
	return bodies
}

// TestErasedIsNotKeptAgain: what the user has erased may be read again in the archive, but is not kept again, in this session
// nor in a later one, and whatever the server's clock says. What is said later is kept.
func TestErasedIsNotKeptAgain(t *testing.T) {
	for _, skew := range []time.Duration{0, time.Minute, -time.Minute} {
		s := away(t, newShelf(), "/history on all")
		s.skew = skew
		for i := range 250 {
			s.comes(im.Message{Body: fmt.Sprint("mot", i+1), ID: fmt.Sprint("i", i)})
		}
		s.back()
		s.client.types("/history forget " + paulette.String() + " yes")
		s.read(paulette)
		expect(t, "kept of what was erased", s.keptWith(paulette), nil)
		s.says(paulette, false)
		s.rest()
		want := []string{fmt.Sprint("n", len(s.kept))}
		expect(t, "kept", s.keptWith(paulette), want)
		s.cut()
		s.restart()
		s.back()
		if read := s.read(paulette); len(read) != 252 {
			t.Errorf("%d messages are read out of the archive", len(read))
		}
		expect(t, "kept after another start", s.keptWith(paulette), want)
	}
}

// TestErasingWhileAnArchiveIsRead: what was there when the user erased it does not come back with the pages that follow, nor is
// it missed later what was said since.
func TestErasingWhileAnArchiveIsRead(t *testing.T) {
	for steps := range 12 {
		s := away(t, newShelf(), "/history on all")
		for i := range 350 {
			s.comes(im.Message{Body: fmt.Sprint("mot", i+1), ID: fmt.Sprint("i", i)})
		}
		s.connect()
		for range steps {
			s.take()
			s.deliver()
		}
		there := append(s.keptWith(paulette), s.client.bodies(paulette)...)
		s.client.types("/history forget " + paulette.String() + " yes")
		s.says(paulette, false)
		s.rest()
		kept := s.keptWith(paulette)
		if !slices.Contains(kept, fmt.Sprint("n", len(s.kept))) {
			t.Errorf("after %d steps: what was said since is not kept", steps)
		}
		if i := slices.IndexFunc(there, func(b string) bool { return slices.Contains(kept, b) }); i >= 0 {
			t.Errorf("after %d steps: %q is kept again", steps, there[i])
		}
	}
}

// TestErasingLeavesWhatIsSaidMeanwhile: erasing takes a while, and what comes until it is done stays on the window.
func TestErasingLeavesWhatIsSaidMeanwhile(t *testing.T) {
	r := newReader(spokenBefore(t, 10), noon)
	r.types("/query " + paulette.String())
	r.hears("avant")
	conv := r.core.conversations[ConversationID{ana, paulette}]
	r.core.floor = max(r.core.highest(), seqAt(r.now)+1)
	before := r.core.floor
	r.hears("pendant")
	r.core.forgotten(conv.id, before)
	expect(t, "left", r.bodies(paulette), []string{"pendant"})
}
