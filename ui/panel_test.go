package ui

import (
	"slices"
	"testing"
	"time"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

func newTestPanel(t testing.TB, lang string) (*panel, *lender) {
	t.Helper()
	l := &lender{clock: time.Unix(1e9, 0)}
	return newPanel(l.common(), i18n.New(lang), defaultKeys(t)), l
}

func lupinAsks() *core.View {
	return &core.View{Questions: []core.Question{
		{ID: 7, Kind: core.AskSubscription, From: im.MustJID("lupin@localhost"), Text: "c’est moi"},
		{ID: 8, Kind: core.AskInvitation, From: im.MustJID("paulette@localhost"), Room: im.MustJID("gare@conference.localhost")},
	}}
}

func TestPanelDraws(t *testing.T) {
	tests := []struct {
		lang, script  string
		width, height int
		want          string
	}{
		{"en", "", 60, 3, "lupin@localhost wants to see when you are here, and to talk\n│ c’est moi\n[not now]  accept   refuse"},
		{"fr", "<Right>", 60, 3, "lupin@localhost voudrait voir quand tu es là, et te parler\n│ c’est moi\n pas maintenant  [accepter]  refuser"},
		{"en", "<Right><Enter>", 60, 2, "paulette@localhost invites you to gare@conference.localhost\n[not now]  join   decline"},
		{"en", "", 20, 2, "[not now]  accept\n refuse"},
		{"en", "", 20, 4, "lupin@localhost\nwants to see when\n[not now]  accept\n refuse"},
		{"en", "<Left>", 60, 1, " not now   accept  [refuse]"},
	}
	for _, tt := range tests {
		q, l := newTestPanel(t, tt.lang)
		q.follow(lupinAsks())
		l.pass(time.Second)
		typeInto(t, q, tt.script)
		if got := frame(t, q, tt.width, tt.height); got != tt.want {
			t.Errorf("%q in %s at %d×%d:\n%s\nwant:\n%s", tt.script, tt.lang, tt.width, tt.height, got, tt.want)
		}
	}
}

// Whoever is typing when a question comes up must not answer it.
func TestPanelLeavesKeysToTheInput(t *testing.T) {
	type step struct {
		after time.Duration
		key   string
		taken bool
	}
	tests := []struct {
		name  string
		steps []step
		sent  []core.Command
	}{
		{"at once", []step{{0, "<Enter>", false}, {499 * time.Millisecond, "<Enter>", false}}, nil},
		{"after a while, the safe answer", []step{{500 * time.Millisecond, "<Enter>", true}}, nil},
		{"after a while, another", []step{{time.Second, "<Right>", true}, {0, "<Enter>", true}}, []core.Command{core.Answer{Question: 7, Yes: true}}},
		{"typing goes on", []step{{time.Second, "s", false}, {100 * time.Millisecond, "a", false}, {100 * time.Millisecond, "<Left>", false}, {100 * time.Millisecond, "<Enter>", false}}, nil},
		{"letters are never taken", []step{{time.Second, "y", false}, {time.Second, "n", false}, {time.Second, " ", false}}, nil},
		{"the next question waits again", []step{{time.Second, "<Esc>", true}, {0, "<Right>", false}, {0, "<Enter>", false}, {time.Second, "<Tab>", true}, {0, "<Tab>", true}, {0, "<Enter>", true}}, []core.Command{core.Answer{Question: 8, Yes: false}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q, l := newTestPanel(t, "en")
			q.follow(lupinAsks())
			for i, s := range tt.steps {
				l.pass(s.after)
				if taken := q.key(keysOf(t, s.key)[0]); taken != s.taken {
					t.Errorf("step %d: %s taken: %v, want %v", i, s.key, taken, s.taken)
				}
			}
			if !slices.Equal(l.sent, tt.sent) {
				t.Errorf("sent %v, want %v", l.sent, tt.sent)
			}
		})
	}
}

func TestPanelFollowsTheView(t *testing.T) {
	q, l := newTestPanel(t, "en")
	v := lupinAsks()
	q.follow(v)
	l.pass(time.Second)
	q.follow(v) // an update meanwhile must not make it wait again
	typeInto(t, q, "<Right>")
	if q.chosen != 1 {
		t.Error("an update took the key away")
	}
	q.follow(&core.View{Questions: v.Questions[1:]}) // the first was withdrawn under the user's hand
	if q.id != 8 || q.chosen != 0 || q.key(keysOf(t, "<Enter>")[0]) {
		t.Errorf("question %d with answer %d takes Enter at once", q.id, q.chosen)
	}
	l.pass(time.Second)
	typeInto(t, q, "<Enter>")
	q.follow(&core.View{Questions: v.Questions[1:]})
	if q.rows(80) != 0 {
		t.Error("a question that was put off comes back")
	}
	if len(l.sent) != 0 {
		t.Errorf("putting off sent %v", l.sent)
	}
	q.follow(&core.View{})
	q.follow(&core.View{Questions: v.Questions[1:]})
	if q.rows(80) == 0 {
		t.Error("a question asked again is not shown")
	}
}

func TestPanelOwnQuestions(t *testing.T) {
	q, l := newTestPanel(t, "en")
	given := ""
	one := question{title: "one?", answers: []answer{{"safe", func() { given += "safe " }}, {"no", func() { given += "no " }}}, escape: 1}
	q.ask(one)
	q.ask(question{title: "two?", answers: one.answers})
	l.pass(time.Second)
	typeInto(t, q, "<Esc>")
	if got := frame(t, q, 20, 2); got != "two?\n[safe]  no" {
		t.Errorf("after the first:\n%s", got)
	}
	l.pass(time.Second)
	q.click(9, 1)
	if given != "no no " || q.rows(20) != 0 {
		t.Errorf("given %q, %d rows left", given, q.rows(20))
	}
	for range 3 * maxQuestions {
		q.ask(one)
	}
	if len(q.own) > maxQuestions {
		t.Errorf("%d questions wait", len(q.own))
	}
}

func TestPanelShowsLittleOfALongText(t *testing.T) {
	q, _ := newTestPanel(t, "en")
	v := lupinAsks()
	for range 100 {
		v.Questions[0].Text += "\nblabla"
	}
	q.follow(v)
	if n := q.rows(80); n != 1+maxDetailRows+1 {
		t.Errorf("%d rows", n)
	}
}
