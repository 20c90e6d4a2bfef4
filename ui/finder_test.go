package ui

import (
	"fmt"
	"slices"
	"testing"

	"traboule/core"
)

func logOf(bodies ...string) core.Log {
	var log core.Log
	for _, body := range bodies {
		log, _ = log.Append(core.Line{From: "hubert", Body: body})
	}
	return log
}

func body(l *core.Line) string { return l.From + " " + l.Body }

func TestFinder(t *testing.T) {
	log := logOf("Salut", "le PAIN est prêt", "du pain ?", "c’est l’été", "日本", "e\u0301te\u0301", "ﬁn")
	tests := []struct {
		query string
		want  []uint64
	}{
		{"", nil}, {"pain", []uint64{1, 2}}, {"PAIN", []uint64{1, 2}}, {"ete", []uint64{3, 5}}, {"été", []uint64{3, 5}},
		{"ÉTÉ", []uint64{3, 5}}, {"本", []uint64{4}}, {"hubert", []uint64{0, 1, 2, 3, 4, 5, 6}}, {"fin", []uint64{6}}, {"nothing", nil},
	}
	for _, tt := range tests {
		f := finder{words: body}
		f.find(log, tt.query)
		if !slices.Equal(f.matches, tt.want) {
			t.Errorf("%q is found in %v, want %v", tt.query, f.matches, tt.want)
		}
	}
}

func TestStretches(t *testing.T) {
	tests := []struct{ text, query, want string }{
		{"du pain, du PAIN", "pain", "du [pain], du [PAIN]"},
		{"l’été, l’e\u0301te\u0301", "ete", "l’[été], l’[e\u0301te\u0301]"},
		{"ﬁn de ﬁl", "fi", "[ﬁ]n de [ﬁ]l"},
		{"aaa", "aa", "[aa]a"},
		{"日本語", "本", "日[本]語"},
		{"İstanbul", "istanbul", "[İstanbul]"},
		{"abc", "", "abc"},
		{"", "a", ""},
	}
	for _, tt := range tests {
		got, from := "", 0
		for _, s := range stretches(tt.text, tt.query) {
			got += tt.text[from:s.start] + "[" + tt.text[s.start:s.end] + "]"
			from = s.end
		}
		if got += tt.text[from:]; got != tt.want {
			t.Errorf("%q in %q: %q, want %q", tt.query, tt.text, got, tt.want)
		}
	}
}

func TestFinderSteps(t *testing.T) {
	f := finder{words: body}
	f.find(logOf("a", "b", "a", "b", "a"), "a")
	for i, want := range []uint64{4, 2, 0, 4} {
		if got, _ := f.chosen(); got != want {
			t.Errorf("step %d: line %d, want %d", i, got, want)
		}
		f.older()
	}
	f.newer()
	if n, of := f.place(); n != 1 || of != 3 {
		t.Errorf("at %d of %d, want 1 of 3", n, of)
	}
}

func TestFinderAsYouType(t *testing.T) {
	log := logOf("pain", "pas", "pont", "pain")
	read := 0
	f := finder{words: func(l *core.Line) string { read++; return l.Body }}
	for _, step := range []struct {
		query string
		found int
		reads int
	}{{"p", 4, 4}, {"pa", 3, 4}, {"pai", 2, 3}, {"pa", 3, 4}, {"", 0, 0}, {"x", 0, 4}, {"xa", 0, 0}} {
		read = 0
		f.find(log, step.query)
		if len(f.matches) != step.found || read != step.reads {
			t.Errorf("%q: %d found with %d lines read, want %d with %d", step.query, len(f.matches), read, step.found, step.reads)
		}
	}
}

func TestFinderFollowsTheLog(t *testing.T) {
	var bodies []string
	for i := range 600 {
		bodies = append(bodies, fmt.Sprint("line ", i%10))
	}
	log := logOf(bodies...)
	f := finder{words: body}
	f.find(log, "line 3")
	f.older()
	chosen, _ := f.chosen()
	log, _ = log.Append(core.Line{Body: "line 3"})
	f.follow(log)
	if after, _ := f.chosen(); after != chosen {
		t.Errorf("a new line moved the choice from %d to %d", chosen, after)
	}
	if n, of := f.place(); n != 3 || of != 61 {
		t.Errorf("at %d of %d, want 3 of 61", n, of)
	}
	log = log.DropOldest().DropOldest()
	f.follow(log)
	if _, of := f.place(); of != 10 {
		t.Errorf("%d matches after the oldest 512 lines went, want 10", of)
	}
	if after, _ := f.chosen(); after != chosen {
		t.Errorf("dropping moved the choice from %d to %d", chosen, after)
	}
	f = finder{words: body}
	f.find(logOf("a"), "new")
	log = logOf("a", "new")
	f.follow(log)
	if got, found := f.chosen(); !found || got != 1 {
		t.Errorf("a first match that arrives later is not chosen: %d %v", got, found)
	}
}

func BenchmarkFinder(b *testing.B) {
	var bodies []string
	for i := range 20_000 {
		bodies = append(bodies, fmt.Sprintf("%0120d", i))
	}
	log := logOf(bodies...)
	for b.Loop() {
		f := finder{words: body}
		f.find(log, "1999")
	}
}
