package ui

import (
	"slices"
	"testing"

	"traboule/core"
)

// TestDraftsAreTold: core hears what is typed when it rests, when the user leaves it, and when it is sent; and what it has
// from before is in the input the first time that its conversation is there.
func TestDraftsAreTold(t *testing.T) {
	in, l := newTestInput(t)
	here, there := *in.view, *in.view
	there.Current.ConversationView = there.Conversations[2]
	there.Current.Draft = "demain ?"
	there.Current.Log = core.Log{}
	draft := func(v core.View, text string) core.Command { return core.Draft{Conversation: v.Current.ID, Text: text} }
	step := func(what string, want ...core.Command) {
		t.Helper()
		if got := l.said(); !slices.Equal(got, want) {
			t.Errorf("%s: sent %v, want %v", what, got, want)
		}
	}
	typeInto(t, in, "sal")
	l.pass(2 * draftRests)
	step("without the wish to keep drafts")
	here.KeepsDrafts, there.KeepsDrafts = true, true
	in.follow(&here)
	typeInto(t, in, "ut")
	l.pass(draftRests / 2)
	step("while it is typed")
	l.pass(2 * draftRests)
	step("at rest", draft(here, "salut"))
	typeInto(t, in, " tout")
	in.follow(&there)
	step("left", draft(here, "salut tout"))
	if in.draft() != "demain ?" {
		t.Errorf("%q came back", in.draft())
	}
	typeInto(t, in, "<Enter>")
	step("sent", draft(there, ""), core.Say{Text: "demain ?"})
	in.follow(&here)
	step("nothing is left there")
	in.follow(&there)
	if in.draft() != "" {
		t.Errorf("%q came back again", in.draft())
	}
}
