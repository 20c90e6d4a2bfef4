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
	seen := map[core.Topic]bool{}
	for _, n := range v.Privacy {
		s.typed(t, "<Down>")
		s.draw()
		if s.privacy.chosen != aboutOf(n) {
			t.Fatalf("chosen %v, want %v", s.privacy.chosen, aboutOf(n))
		}
		seen[n.Privacy.Topic] = true
		if !strings.Contains(s.text(), "› ") {
			t.Errorf("%s is out of sight:\n%s", n.Privacy.Topic, s.text())
		}
	}
	if len(seen) < len(core.Topics())-2 { // there is neither a room nor a kernel here
		t.Errorf("seen %v", seen)
	}
	s.outgoing = nil
	for s.privacy.chosen.topic != "typing" {
		s.typed(t, "<Up>")
	}
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
	for s.privacy.chosen.topic != "receipts" {
		s.typed(t, "<Down>")
	}
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
