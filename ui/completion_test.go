package ui

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"traboule/core"
	"traboule/im"
)

// roomView is a room with people in it, where tigrou spoke last, and contacts beside it.
func roomView() *core.View {
	v := &core.View{
		Accounts: []core.AccountView{{Account: im.MustJID("ana@localhost"), Bookmarks: []im.JID{im.MustJID("fournil@conference.localhost")}}},
		Conversations: []core.ConversationView{
			{ID: conversation("grenoble@conference.localhost"), Kind: core.Room, Name: "grenoble"},
			{ID: conversation("gare@conference.localhost"), Kind: core.Room, Name: "gare"},
			{ID: conversation("paulette@localhost"), Kind: core.Person, Name: "Paulette"},
			{ID: conversation("grenoble@conference.localhost/hubert"), Kind: core.Occupant, Name: "hubert"},
		},
	}
	v.Current.ConversationView = v.Conversations[0]
	for _, nick := range []string{"ana", "hubert", "Hugo", "Jean Paul", "Élise", "tigrou"} {
		v.Current.Occupants = append(v.Current.Occupants, core.OccupantView{Nick: nick, Self: nick == "ana"})
	}
	for _, from := range []string{"tigrou", "Hugo", "gone", "ana", "tigrou"} {
		v.Current.Log, _ = v.Current.Log.Append(core.Line{From: from, Body: "…"})
	}
	return v
}

func TestComplete(t *testing.T) {
	tests := []struct {
		text string // the cursor is at |
		want string // each choice put into the text
	}{
		{"hub|", "hubert: |"},
		{"HU|", "Hugo: |, hubert: |"},
		{"|", "tigrou: |, Hugo: |, hubert: |, Jean Paul: |, Élise: |"},
		{"salut hub|", "salut hubert|"},
		{"salut @hub| !", "salut hubert| !"},
		{"eli|", "Élise: |"},
		{"jean p|", "Jean Paul: |"},
		{"et jean p|", "et Jean Paul|"},
		{"un\nhub|", "un\nhubert|"},
		{"an|", ""},
		{"xyz|", ""},
		{"/J|", "/join |"},
		{"/he|", "/help |"},
		{"/qui|", "/quit |"},
		{"/quitt|", "/quitter |"},
		{"/fenê|", "/fenetre |"},
		{"/xyz|", ""},
		{"/xyz hu|", ""},
		{"//hu|", ""},
		{"/otr|", "/otr |, /otr start |, /otr end |, /otr policy |, /otr fingerprint |, /otr trust |, /otr distrust |, /otr ask |, /otr secret |, /otr answer |, /otr abort |"},
		{"/otr a|", "/otr ask |, /otr answer |, /otr abort |"},
		{"/OTR Pol|", "/otr policy |"},
		{"/otr start pau|", "/otr start paulette@localhost |"},
		{"/otr policy r|", "/otr policy required |"},
		{"/otr policy required pau|", "/otr policy required paulette@localhost |"},
		{"/otr answer hub|", ""},
		{"/otr ask hub|", ""},
		{"/otr secret hub|", ""},
		{"/join g|", "/join grenoble@conference.localhost |, /join gare@conference.localhost |"},
		{"/entrer ga|", "/entrer gare@conference.localhost |"},
		{"/join gare@conference.localhost ana |", ""},
		{"/kick hu|", "/kick Hugo |, /kick hubert |"},
		{"/kick hubert ti|", "/kick hubert tigrou|"},
		{"/kick je|", "/kick \"Jean Paul\" |"},
		{"/kick \"jean p|", "/kick \"Jean Paul\" |"},
		{"/role \"Jean Paul\" mod|", "/role \"Jean Paul\" moderator |"},
		{"/affiliation hubert o|", "/affiliation hubert outcast |, /affiliation hubert owner |"},
		{"/me salue hu|", "/me salue Hugo|, /me salue hubert|"},
		{"/msg p|", "/msg paulette@localhost |"},
		{"/msg hub|", "/msg hubert |"},
		{"/msg gre|", "/msg grenoble@conference.localhost |, /msg grenoble@conference.localhost/hubert |"},
		{"/remove |", "/remove paulette@localhost |"},
		{"/connect |", "/connect ana@localhost |"},
		{"/rooms |", "/rooms conference.localhost |"},
		{"/win g|", "/win grenoble |, /win gare |"},
		{"/tor |", "/tor new |"},
		{"/join four|", "/join fournil@conference.localhost |"},
		{"/bookmark o|", "/bookmark on |, /bookmark off |"},
		{"/privacy ty|", "/privacy typing |"},
		{"/privacy typing o|", "/privacy typing on |, /privacy typing off |"},
		{"/help joi|", "/help join|"},
		{"/search fr|", "/search from:|"},
		{"/search pain o|", "/search pain on:|"},
	}
	v := roomView()
	for _, tt := range tests {
		cursor := strings.IndexByte(tt.text, '|')
		text := tt.text[:cursor] + tt.text[cursor+1:]
		c := complete(text, cursor, v, printer("en"))
		var got []string
		for _, choice := range c.choices {
			got = append(got, text[:c.start]+choice.text+"|"+text[c.end:])
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%q gives %q, want %q", tt.text, strings.Join(got, ", "), tt.want)
		}
	}
}

func TestCompleteWhatToCorrect(t *testing.T) {
	v := roomView()
	if c := complete("/correct ", 9, v, printer("en")); len(c.choices) != 0 {
		t.Errorf("offers %v where we said nothing", c.choices)
	}
	v.Current.Log = logLines(
		core.Line{Out: true, Body: "une faute"}, core.Line{Out: true, Body: "fait signe", Action: true}, core.Line{From: "hubert", Body: "hein ?"},
	)
	if c := complete("/corriger ", 10, v, printer("en")); len(c.choices) != 1 || c.choices[0].text != "une faute" {
		t.Errorf("offers %v", c.choices)
	}
	if c := complete("/correct une hub", 16, v, printer("en")); len(c.choices) != 1 || c.choices[0].text != "hubert" {
		t.Errorf("inside the text it offers %v", c.choices)
	}
}

// Whatever is typed, the choices replace whole clusters before the cursor, and what they make can be drawn.
func TestCompleteInvariants(t *testing.T) {
	pieces := []string{"/", "//", "/kick ", "/msg ", "/join ", "hu", "Jean ", "\"", " ", "\n", "@", "e\u0301", "日", "é", "/correct "}
	rapid.Check(t, func(t *rapid.T) {
		var e editor
		for range rapid.IntRange(0, 8).Draw(t, "pieces") {
			e.insert(rapid.SampledFrom(pieces).Draw(t, "piece"))
		}
		e.moveTo(rapid.IntRange(0, len(e.text)).Draw(t, "cursor"))
		c := complete(e.text, e.cursor, roomView(), printer("en"))
		if len(c.choices) > 0 && (c.start < 0 || c.start > c.end || c.end != e.cursor || boundary(e.text, c.start) != c.start) {
			t.Fatalf("%q completes %d to %d", marked(&e), c.start, c.end)
		}
		for _, choice := range c.choices {
			if typable(choice.text) != choice.text {
				t.Fatalf("offers %q", choice.text)
			}
		}
	})
}

func TestCompleteOutsideRooms(t *testing.T) {
	v := roomView()
	v.Current.ConversationView = v.Conversations[2]
	if c := complete("hu", 2, v, printer("en")); len(c.choices) != 0 {
		t.Errorf("a contact's window offers %v", c.choices)
	}
	if c := complete("/he", 3, v, printer("en")); len(c.choices) != 1 {
		t.Errorf("a contact's window offers %v for /he", c.choices)
	}
}

// An address that would steer the terminal or deceive is not offered.
func TestCompleteOffersOnlyCleanAddresses(t *testing.T) {
	hostile, err := im.WireJID("evil@localhost/x\x1b[31m")
	if err != nil {
		t.Fatal(err)
	}
	v := roomView()
	v.Conversations = append(v.Conversations, core.ConversationView{ID: core.ConversationID{Peer: hostile}, Kind: core.Occupant})
	c := complete("/msg evil", 9, v, printer("en"))
	if len(c.choices) != 0 {
		t.Errorf("offered %q", c.choices)
	}
}

// A nick that reads as an address would send a message to that address.
func TestCompleteOffersNoNickAsAddress(t *testing.T) {
	v := roomView()
	v.Current.Occupants = append(v.Current.Occupants, core.OccupantView{Nick: "zoe@localhost"})
	if c := complete("/msg zo", 7, v, printer("en")); len(c.choices) != 0 {
		t.Errorf("/msg is offered %q", c.choices)
	}
	if c := complete("zo", 2, v, printer("en")); len(c.choices) != 1 {
		t.Errorf("in a text, offered %q, want the nick", c.choices)
	}
}

// Who can be taken for somebody else comes last, even after speaking last.
func TestCompleteOffersLookalikesLast(t *testing.T) {
	v := roomView()
	v.Current.Occupants = append(v.Current.Occupants, core.OccupantView{Nick: "Ηugo", Lookalike: true})
	v.Current.Log, _ = v.Current.Log.Append(core.Line{From: "Ηugo"})
	choices := complete("", 0, v, printer("en")).choices
	if first, last := choices[0].label, choices[len(choices)-1].label; first != "tigrou" || last != "Ηugo" {
		t.Errorf("offers %v", choices)
	}
}

func TestCompleteHasBounds(t *testing.T) {
	v := roomView()
	for i := range 5000 {
		v.Current.Occupants = append(v.Current.Occupants, core.OccupantView{Nick: "x" + strings.Repeat("y", i%50)})
	}
	if n := len(complete("x", 1, v, printer("en")).choices); n != maxChoices {
		t.Errorf("%d choices", n)
	}
	if !slices.IsSorted(wordStarts("a b c d e f g")) {
		t.Error("the longest run of words is not tried first")
	}
}

// In French the French names of the commands are offered first; what is typed of an English one is completed all the same.
func TestCompleteInFrench(t *testing.T) {
	for _, tt := range []struct{ typed, first string }{{"/", "/aide "}, {"/en", "/entrer "}, {"/jo", "/join "}, {"/aide exp", "expulser"}} {
		if got := complete(tt.typed, len(tt.typed), roomView(), printer("fr")).choices; len(got) == 0 || got[0].text != tt.first {
			t.Errorf("%q offers %v, want %q", tt.typed, got, tt.first)
		}
	}
	if got := complete("/en", 3, roomView(), printer("en")).choices; len(got) != 1 {
		t.Errorf("in English %v", got)
	}
}
