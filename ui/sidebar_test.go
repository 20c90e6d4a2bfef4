package ui

import (
	"fmt"
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
	want := "ACCOUNTS, 1 ana@localhost, 2 ana@second.localhost, PEOPLE, 3 hubert@example.org, ana@localhost, 4 max@example.org, 5 hubert@example.org, ana@second.localhost"
	if got := strings.Join(shown, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A row has the digit of the key that goes to its window. Contacts without a window have none, nor have windows after the
// ninth.
func TestSidebarNumbersTheWindows(t *testing.T) {
	var v core.View
	for i := range 12 {
		peer := im.MustJID(fmt.Sprintf("p%d@example.org", i))
		id := core.ConversationID{Account: im.MustJID("ana@localhost"), Peer: peer}
		v.Conversations = append(v.Conversations, core.ConversationView{ID: id, Kind: core.Person, Name: peer.Local(), Closed: i >= 11})
	}
	many, few := v.Conversations, []core.ConversationView{v.Conversations[0], v.Conversations[11]}
	s := newStage(t, Options{}, 80, 24)
	for _, tt := range []struct {
		rows []core.ConversationView
		want string
	}{
		{many, "PEOPLE|1▸p0|2 p1|3 p2|4 p3|5 p4|6 p5|7 p6|8 p7|9 p8|  p9|  p10|  p11"},
		{few, "PEOPLE|1▸p0|  p11"},
	} {
		v.Conversations = tt.rows
		v.Current.ConversationView = tt.rows[0]
		s.show(v)
		var shown []string
		for _, r := range s.sidebar.rows {
			shown = append(shown, r.left)
		}
		if got := strings.Join(shown, "|"); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}
