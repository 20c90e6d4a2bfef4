package core

import (
	"fmt"
	"testing"
	"time"

	"traboule/im"
)

// TestLiveLinesStayBelowWhatWasMissed: the client ends without a word in the middle of what it reads of an archive, twice, and
// more is said meanwhile than a window shows at first.
func TestLiveLinesStayBelowWhatWasMissed(t *testing.T) {
	for _, skew := range []time.Duration{0, time.Hour, -time.Hour} {
		s := away(t, newShelf(), "/history on all")
		s.skew = skew
		s.connect()
		s.says(paulette, false)
		s.rest()
		s.cut()
		for i := range 350 {
			s.comes(im.Message{Body: fmt.Sprint("mot", i+1), ID: fmt.Sprint("i", i)})
		}
		told := map[string]int{}
		for range 2 {
			s.connect()
			for range 60 {
				s.says(paulette, false)
			}
			for len(s.sent) > 0 {
				s.deliver()
			}
			for range 3 { // the roster, and a page
				s.take()
				s.deliver()
			}
			tell(s.client.facts, told)
			s.restart()
		}
		s.back()
		tell(s.client.facts, told)
		var kept []string
		for _, m := range s.client.shelf.messages[ConversationID{ana, paulette}] {
			kept = append(kept, m.Body)
		}
		expect(t, fmt.Sprint("kept with a skew of ", skew), kept, s.want(paulette)[1:])
		expect(t, fmt.Sprint("shown with a skew of ", skew), s.read(paulette), s.want(paulette))
		for _, body := range s.want(paulette)[2:] {
			if told[body] != 1 {
				t.Errorf("%q is told %d times", body, told[body])
			}
		}
	}
}

// tell counts how often each message is told.
func tell(facts []Fact, told map[string]int) {
	for _, f := range facts {
		if m, is := f.(MessageFact); is {
			told[m.Line.Body]++
		}
	}
}

// TestArchiveIsLeftWhileAPageWaits: what a page brings that nobody wants any more when the store has answered is not shown.
func TestArchiveIsLeftWhileAPageWaits(t *testing.T) {
	s := away(t, newShelf(), "/history on all")
	s.client.slow = true
	s.comes(im.Message{Body: "mot1", ID: "i1"})
	s.connect()
	for len(s.client.answers) == 0 {
		s.take()
		s.deliver()
	}
	s.client.types("/privacy archive off")
	s.rest()
	expect(t, "shown", s.client.bodies(paulette), nil)
}

// TestCorrectedTextOfOursIsNotShownAsItWas: without a mark, a later session finds our text and its correction on two pages of the
// archive, of which the last version is kept.
func TestCorrectedTextOfOursIsNotShownAsItWas(t *testing.T) {
	s := away(t, newShelf(), "/history on all")
	s.back()
	s.client.types("/query " + paulette.String())
	for _, line := range []string{"salu", "/correct salut"} {
		s.client.types(line)
		s.rest()
	}
	s.client.shelf.marks = map[ConversationID]im.ArchiveRecord{}
	s.most = 1
	s.restart()
	s.back()
	expect(t, "in another session", s.read(paulette), []string{"n1", "salut"})
}

// TestNoLineIsToldInThePlaceOfAnother: where there is no room between two lines for one of another device, it comes behind them.
func TestNoLineIsToldInThePlaceOfAnother(t *testing.T) {
	for _, typed := range []string{"", "/history on all"} {
		s := away(t, newShelf(), typed)
		s.client.core.disclose[DiscloseCarbons] = false
		s.connect()
		s.says(paulette, false)
		s.online = false
		s.says(paulette, true)
		s.online = true
		s.says(paulette, false)
		for len(s.sent) > 0 {
			s.deliver()
		}
		s.rest()
		told := map[string]int{}
		tell(s.client.facts, told)
		for _, body := range []string{"n2", "n3", "n4"} {
			if told[body] != 1 {
				t.Errorf("%q: %q is told %d times", typed, body, told[body])
			}
		}
		expect(t, "shown", s.client.bodies(paulette), []string{"n2", "n4", "n3"})
	}
}

// TestGapIsKeptUntilItIsFilled: at whatever moment the client is killed, what is missing is kept as missing.
func TestGapIsKeptUntilItIsFilled(t *testing.T) {
	for _, after := range []string{"", "s2"} {
		s := away(t, newShelf(), "/history on all")
		s.connect()
		s.says(paulette, false)
		s.rest()
		s.cut()
		s.stamps(350, func(i int) time.Time { return s.client.now.Add(time.Duration(i) * time.Second) })
		s.client.core.accounts[0].archive(im.JID{}).mark.ID = "s352" // as if it had been lost sight of
		s.client.now = s.client.now.Add(time.Hour)
		s.says(paulette, false)
		s.back()
		s.client.types("/query " + paulette.String())
		conv := s.conversation(paulette)
		g := &gap{Gap: im.Gap{Seq: conv.log.At(0).Seq, Until: conv.log.At(1).Seq, After: after, Before: "s353"}}
		s.client.shelf.keep([]im.Record{im.GapRecord{Kept: im.Kept{Account: ana}, Peer: paulette, Gap: g.Gap}})
		s.client.core.showGap(conv, g)
		s.client.slow = true
		for range 200 {
			for seq := range conv.gaps {
				s.client.handle(Typed{Older{Line: seq}})
			}
			s.take()
			s.deliver()
			s.client.answer()
			kept, gaps := len(s.client.shelf.messages[conv.id]), len(s.client.shelf.gaps[conv.id])
			if kept < 352 && gaps != 1 {
				t.Fatalf("after %q: %d of 352 messages are kept, and %d gaps", after, kept, gaps)
			}
		}
		if left := s.client.shelf.gaps[conv.id]; len(left) > 0 {
			t.Errorf("after %q: left are %+v", after, left)
		}
		expect(t, "filled", s.client.bodies(paulette), append(append([]string{"n2"}, count(1, 350)...), "n353"))
	}
}
