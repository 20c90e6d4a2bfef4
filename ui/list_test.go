package ui

import (
	"strings"
	"testing"

	"traboule/core"
	"traboule/im"
)

// TestNamesComeBeforeWords: a word that only adds to a name is shortened before the name is; one that warns or counts is not.
func TestNamesComeBeforeWords(t *testing.T) {
	s := newStage(t, Options{Printer: printer("fr")}, 80, 24)
	v := sampleRoom()
	v.Conversations[1].Joined = false
	v.Current.ConversationView = v.Conversations[1]
	v.Current.Occupants = []core.OccupantView{
		{Nick: "paulette", Affiliation: im.Owner, Show: im.Online},
		{Nick: "un pseudo vraiment très long", Affiliation: im.Owner, Show: im.Online},
		{Nick: "hubertine", Show: im.Online, Lookalike: true},
	}
	s.show(v)
	for _, want := range []string{"2▸grenoble pas ded…│", "paulette pro…", "un pseu… pro…", "hubert… sosie", "3 ravitaille… 3! 12"} {
		if !strings.Contains(s.text(), want) {
			t.Errorf("%q is not on the screen:\n%s", want, s.text())
		}
	}
}
