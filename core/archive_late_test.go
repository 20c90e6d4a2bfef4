package core

import (
	"testing"

	"traboule/im"
)

// TestThousandsOfLateMessages: a server sends all that it has kept for us once more, while its archive is being read, over a
// connection that breaks; what another device of ours said stands between.
func TestThousandsOfLateMessages(t *testing.T) {
	for _, breaks := range []bool{false, true} {
		s := away(t, newShelf(), "/history on all")
		s.connect()
		s.rest()
		s.cut()
		s.client.facts = nil
		for i := range 1500 {
			s.says(paulette, i%10 == 9)
		}
		s.pushes = true
		s.connect()
		for len(s.sent) > 0 {
			s.deliver()
		}
		s.take()
		s.deliver()
		if breaks {
			s.cut()
		}
		s.back()
		expect(t, "shown", s.client.bodies(paulette), s.want(paulette)[1:])
		told := map[string]int{}
		tell(s.client.facts, told)
		for _, body := range s.want(paulette)[1:] {
			if told[body] != 1 {
				t.Errorf("%q is told %d times", body, told[body])
			}
		}
		if held := s.client.core.accounts[0].archive(im.JID{}).late; held.bytes > 0 || len(held.held) > 0 {
			t.Errorf("%d messages are still held", len(held.held))
		}
	}
}
