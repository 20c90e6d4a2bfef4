package ui

import (
	"reflect"
	"strings"
	"testing"

	"traboule/core"
)

// TestPrivacyPage opens the page as a command does, walks through it, and switches a row; all rows can be reached.
func TestPrivacyPage(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	v := samplePrivacy()
	s.show(v)
	before := s.text()
	s.typed(t, "/privacy<Enter>")
	if want := []core.Command{core.WatchPrivacy{Shown: true}}; !reflect.DeepEqual(s.outgoing, want) {
		t.Fatalf("sent %v, want %v", s.outgoing, want)
	}
	s.find(t, "WHAT THIS SESSION DISCLOSES")
	for _, n := range v.Privacy {
		if n.Privacy.Switch == core.NoDisclosure {
			continue
		}
		for range 30 { // where rows without a switch are many, they scroll by
			if s.typed(t, "<Down>"); s.privacy.chosen == aboutOf(n) {
				break
			}
			s.draw()
		}
		s.draw()
		if s.privacy.chosen != aboutOf(n) || !strings.Contains(s.text(), "› ") {
			t.Errorf("%v is not to be reached, chosen is %v:\n%s", aboutOf(n), s.privacy.chosen, s.text())
		}
	}
	s.outgoing = nil
	s.walkTo(t, "<Up>", "typing")
	s.typed(t, "<Enter>")
	s.draw()
	s.find(t, "Enter: /privacy typing on")
	if want := []core.Command{core.Privacy{Switch: core.DiscloseTyping, On: true, Set: true}}; !reflect.DeepEqual(s.outgoing, want) {
		t.Errorf("sent %v, want %v", s.outgoing, want)
	}
	v.Privacy = disclosed(core.Privacy{Switch: core.DiscloseTyping, On: true, Set: true})
	s.show(v)
	s.find(t, "› on")
	s.typed(t, "<Esc>")
	s.draw()
	if s.text() != before {
		t.Errorf("after the page the screen is\n%s\nit was\n%s", s.text(), before)
	}
}

// walkTo presses a key until the row of a topic is chosen.
func (s *stage) walkTo(t *testing.T, key string, topic core.Topic) {
	t.Helper()
	for range 200 {
		if s.privacy.chosen.topic == topic {
			return
		}
		s.typed(t, key)
		s.draw()
	}
	t.Fatalf("%s is not to be reached", topic)
}

// TestPrivacyPageShowsAll: walking down and up by the arrows alone shows every word of the page, whole, however small it is.
func TestPrivacyPageShowsAll(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		for _, size := range [][2]int{{80, 24}, {40, 10}} {
			s := newStage(t, Options{Printer: printer(lang)}, size[0], size[1])
			s.show(samplePrivacy())
			s.typed(t, "/privacy<Enter>")
			for _, key := range []string{"<Down>", "<Up>"} {
				s.draw()
				rows, _, _ := s.privacy.rows(size[0] - 1)
				seen := make([]bool, len(rows))
				for range 2 * len(rows) {
					for i := range s.privacy.height {
						if at := s.privacy.offset + i; at < len(rows) {
							seen[at] = true
						}
					}
					s.typed(t, key)
					s.draw()
					if hint := strings.Split(s.text(), "\n")[size[1]-1]; strings.Contains(hint, "…") {
						t.Fatalf("%s %v: the keys are cut: %s", lang, size, hint)
					}
				}
				for i, r := range rows {
					var text strings.Builder
					for _, part := range r {
						text.WriteString(part.text)
					}
					if !seen[i] || width(text.String()) > size[0] {
						t.Errorf("%s %v %s: row %d is not seen whole: %s", lang, size, key, i, text.String())
					}
				}
			}
			if s.privacy.at() >= 0 {
				t.Errorf("%s %v: above the first one %v is chosen, at %d", lang, size, s.privacy.chosen, s.privacy.offset)
			}
		}
	}
}

// TestPrivacyPageSwitchesWhatIsSeen: Enter changes nothing that is scrolled out of sight, but brings it back.
func TestPrivacyPageSwitchesWhatIsSeen(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	s.show(samplePrivacy())
	s.typed(t, "/privacy<Enter>")
	s.walkTo(t, "<Down>", "carbons")
	s.typed(t, "<PgDn>")
	s.draw()
	s.typed(t, "<PgDn>")
	s.draw()
	s.outgoing = nil
	s.typed(t, "<Enter>")
	s.draw()
	s.find(t, "› on")
	if len(s.outgoing) > 0 {
		t.Errorf("sent %v", s.outgoing)
	}
	s.typed(t, "<Enter>")
	if want := []core.Command{core.Privacy{Switch: core.DiscloseCarbons, Set: true}}; !reflect.DeepEqual(s.outgoing, want) {
		t.Errorf("sent %v, want %v", s.outgoing, want)
	}
}

// TestPrivacyPageIsSafe: Enter alone changes nothing, and a row that comes or goes does not put another one under it.
func TestPrivacyPageIsSafe(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	v := samplePrivacy()
	s.show(v)
	s.typed(t, "/privacy<Enter><Enter>")
	if want := []core.Command{core.WatchPrivacy{Shown: true}, core.WatchPrivacy{}}; !reflect.DeepEqual(s.outgoing, want) || s.root.front() != mainPage {
		t.Errorf("sent %v, want %v", s.outgoing, want)
	}
	s.typed(t, "/privacy<Enter>")
	s.walkTo(t, "<Down>", "receipts")
	v.Privacy = v.Privacy[1:]
	s.show(v)
	if s.privacy.chosen.topic != "receipts" || v.Privacy[s.privacy.at()].Privacy.Topic != "receipts" {
		t.Errorf("chosen %v", s.privacy.chosen)
	}
	v.Privacy = v.Privacy[:2]
	s.outgoing = nil
	s.show(v)
	s.typed(t, "<Enter>")
	for _, c := range s.outgoing {
		if _, switches := c.(core.Privacy); switches {
			t.Errorf("sent %v", c)
		}
	}
}
