package ui

import (
	"fmt"
	"testing"
	"time"

	"traboule/core"
	"traboule/ui/i18n"
)

func TestSearch(t *testing.T) {
	tests := []struct{ lang, script, frame, found string }{
		{"en", "", "search: |", ""},
		{"en", "pa", "search: pa|                     1 of 3", "4 p, 4 pa"},
		{"en", "pa<Enter>", "search: pa|                     2 of 3", "4 p, 4 pa, 2 pa"},
		{"en", "pa<Up><Up><Up><Down>", "search: pa|                     3 of 3", "4 p, 4 pa, 2 pa, 0 pa, 4 pa, 0 pa"},
		{"en", "pax", "search: pax|                 not found", "4 p, 4 pa, done"},
		{"en", "pax<Backspace>", "search: pa|                     1 of 3", "4 p, 4 pa, done, 4 pa"},
		{"fr", "pa<Ctrl+F>", "chercher\u00a0: pa|                 2 sur 3", "4 p, 4 pa, 2 pa"},
		{"en", "pa<Esc>", "", "4 p, 4 pa, done"},
	}
	for _, tt := range tests {
		t.Run(tt.lang+" "+tt.script, func(t *testing.T) {
			l := &lender{clock: time.Unix(1e9, 0)}
			s := newSearch(l.common(), i18n.New(tt.lang), defaultKeys(t), body)
			found := ""
			note := func(what string) {
				if found != "" {
					found += ", "
				}
				found += what
			}
			s.found = func(seq uint64, query string) { note(fmt.Sprint(seq, " ", query)) }
			s.done = func() { note("done") }
			v := roomView()
			v.Current.Log = logOf("pain", "x", "pas", "y", "papa")
			s.follow(v)
			s.start()
			typeInto(t, s, tt.script)
			if got := frame(t, s, 37, 1); got != tt.frame {
				t.Errorf("drawn %q, want %q", got, tt.frame)
			}
			if found != tt.found {
				t.Errorf("found %q, want %q", found, tt.found)
			}
		})
	}
}

func TestSearchClosesWithItsConversation(t *testing.T) {
	l := &lender{}
	s := newSearch(l.common(), i18n.New("en"), defaultKeys(t), body)
	v := roomView()
	s.follow(v)
	if s.key(keysOf(t, "x")[0]) || s.rows(80) != 0 {
		t.Error("a closed search takes keys or rows")
	}
	s.start()
	s.paste("a\x1bb\nc")
	if s.query.text != "a\ufffdb c" {
		t.Errorf("pasted: %q", s.query.text)
	}
	other := roomView()
	other.Current.ConversationView = core.ConversationView{ID: conversation("paulette@localhost")}
	s.follow(other)
	if s.open {
		t.Error("still open in another conversation")
	}
}

func TestSearchShowsTheCursorInALongQuery(t *testing.T) {
	l := &lender{}
	s := newSearch(l.common(), i18n.New("en"), defaultKeys(t), body)
	s.follow(roomView())
	s.start()
	typeInto(t, s, "0123456789")
	if got, want := frame(t, s, 16, 1), "search: 3456789|"; got != want {
		t.Errorf("drawn %q, want %q", got, want)
	}
}
