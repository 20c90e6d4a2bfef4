package ui

import (
	"strings"
	"testing"

	"traboule/core"
	"traboule/im"
)

// The same contact in two accounts has two rows, which must not be taken for each other.
func TestSidebarTellsTwinsApart(t *testing.T) {
	row := func(account, peer string, kind core.ConversationKind) core.ConversationView {
		id := core.ConversationID{Account: im.MustJID(account)}
		name := account
		if kind != core.Console {
			id.Peer, name = im.MustJID(peer), peer
		}
		return core.ConversationView{ID: id, Kind: kind, Name: name}
	}
	s := newStage(t, Options{}, 120, 24)
	s.show(core.View{Conversations: []core.ConversationView{
		row("ana@localhost", "", core.Console), row("ana@second.localhost", "", core.Console),
		row("ana@localhost", "hubert@example.org", core.Person), row("ana@localhost", "max@example.org", core.Person),
		row("ana@second.localhost", "hubert@example.org", core.Person),
	}})
	var shown []string
	for _, r := range s.sidebar.rows {
		shown = append(shown, strings.TrimSpace(r.left))
	}
	want := "ACCOUNTS, ana@localhost, ana@second.localhost, PEOPLE, hubert@example.org, ana@localhost, max@example.org, hubert@example.org, ana@second.localhost"
	if got := strings.Join(shown, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
