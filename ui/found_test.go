package ui

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"traboule/core"
	"traboule/im"
)

// sampleFound is what a search has found in a room and with a person.
func sampleFound(lines int) core.View {
	v := sampleRoom()
	v.Search = core.SearchView{Number: 1, Query: core.SearchQuery{Text: "pain"}}
	for i := range lines {
		line := say("hubert", fmt.Sprintf("qui a du pain ? (%d)", i+1), at(14, 31-i))
		line.Seq = uint64(1000 - i)
		v.Search.Found = append(v.Search.Found, core.FoundLine{
			Conversation: roomID(), Kind: core.Room, Name: "grenoble", Line: &line, Matched: []core.Stretch{{Start: 9, End: 13}},
		})
	}
	return v
}

// TestFoundPage shows what was found, walks through it, and goes to one of the lines.
func TestFoundPage(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	v := sampleRoom()
	s.show(v)
	v = sampleFound(12)
	s.show(v)
	s.find(t, "FOUND FOR “pain”: 12")
	s.find(t, "› 2026-11-21 14:31 · grenoble · hubert")
	s.typed(t, "<Down><Down>")
	s.draw()
	s.find(t, "› 2026-11-21 14:29")
	s.typed(t, "<PgDn><PgDn><PgDn>")
	s.draw()
	s.find(t, "› 2026-11-21 14:20")
	s.typed(t, "<Enter>")
	if want := []core.Command{core.ShowFound{Number: 12}}; !reflect.DeepEqual(s.outgoing, want) || s.root.front() != mainPage {
		t.Errorf("sent %v, want %v; in front is %s", s.outgoing, want, s.root.front())
	}
	s.show(v)
	if s.root.front() != mainPage {
		t.Error("the same search opens the page again")
	}
}

// TestFoundPageInFrench cites what was looked for as it is typed in French.
func TestFoundPageInFrench(t *testing.T) {
	s := newStage(t, Options{Printer: printer("fr")}, 80, 24)
	s.show(sampleRoom())
	v := sampleFound(1)
	v.Search.Query.From = "hubert"
	s.show(v)
	s.find(t, "pain de:hubert")
}

// TestFoundPageCloses: Esc takes the search away, and so does Enter where nothing was found.
func TestFoundPageCloses(t *testing.T) {
	for _, c := range []struct {
		lines int
		key   string
	}{{3, "<Esc>"}, {0, "<Enter>"}} {
		s := newStage(t, Options{}, 80, 24)
		s.show(sampleFound(c.lines))
		s.typed(t, c.key)
		if want := []core.Command{core.CloseSearch{}}; !reflect.DeepEqual(s.outgoing, want) || s.root.front() != mainPage {
			t.Errorf("%d lines, %s: sent %v, want %v", c.lines, c.key, s.outgoing, want)
		}
	}
}

// TestFoundPageTells words how a search ends, and in the narrowest windows nothing breaks.
func TestFoundPageTells(t *testing.T) {
	cases := []struct {
		change func(*core.SearchView)
		want   string
	}{
		{func(v *core.SearchView) { v.Searching, v.Found = true, nil }, "SEARCHING FOR “pain”"},
		{func(v *core.SearchView) { v.Err, v.Found = &im.Failure{Code: im.CodeStoreDamaged}, nil }, "“pain”: what is kept on the disk is damaged"},
		{func(v *core.SearchView) { v.More = true }, "There are more."},
		{func(v *core.SearchView) { v.Found = nil }, "No line has all of that."},
		{func(v *core.SearchView) {
			v.Found[0].Matched = []core.Stretch{{Start: 900, End: 1000}, {Start: 4, End: 2}}
		}, "qui a du pain"},
	}
	for _, c := range cases {
		v := sampleFound(2)
		c.change(&v.Search)
		s := newStage(t, Options{}, 80, 24)
		s.show(v)
		s.find(t, c.want)
		for _, size := range [][2]int{{1, 1}, {2, 2}, {7, 3}, {40, 10}} {
			s.terminal.SetSize(size[0], size[1])
			s.draw()
		}
	}
}

// TestFoundLineIsShown: the line is in sight, its word is marked, and the newest line is the way back.
func TestFoundLineIsShown(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	v := sampleLong(2000)
	v.Search = core.SearchView{Number: 1, Query: core.SearchQuery{Text: v.Current.Log.At(100).Body}}
	s.show(v)
	s.typed(t, "<Esc>")
	s.update(core.Update{View: v, Facts: []core.Fact{core.LineShown{Conversation: v.Current.ID, Seq: v.Current.Log.At(100).Seq}}})
	s.draw()
	if want := v.Current.Log.At(100).Body; !strings.Contains(s.window(), want) {
		t.Errorf("%q is out of sight:\n%s", want, s.window())
	}
	if s.marked() == "" {
		t.Error("nothing is marked")
	}
	s.act(ActScrollBottom)
	if lines, _ := s.messages.below(); lines != 0 || s.marked() != "" {
		t.Errorf("%d lines are below, marked %q", lines, s.marked())
	}
}
