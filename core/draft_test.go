package core

import (
	"slices"
	"testing"

	"traboule/im"
)

// TestDraftsAreKept shows what of a draft is kept, where the user wants drafts kept.
func TestDraftsAreKept(t *testing.T) {
	room := im.MustJID("grenoble@chat.example.org")
	hubert, _ := room.WithResource("hubert")
	id := func(peer im.JID) ConversationID { return ConversationID{ana, peer} }
	for name, test := range map[string]struct {
		off    bool
		before []Input
		peer   im.JID
		text   string
		want   string
	}{
		"to a person":       {peer: paulette, text: "demain ?", want: "demain ?"},
		"in a room":         {peer: room, text: "demain ?", want: "demain ?"},
		"not wanted":        {off: true, peer: paulette, text: "demain ?"},
		"to an occupant":    {before: []Input{Typed{Query{To: hubert.String()}}}, peer: hubert, text: "demain ?"},
		"a command":         {peer: paulette, text: "/otr secret noisette"},
		"said with a slash": {peer: paulette, text: "//etc", want: "//etc"},
		"no window":         {peer: im.MustJID("lupin@example.org"), text: "demain ?"},
		"a console":         {text: "demain ?"},
		"encrypted": {
			before: []Input{Received{im.OTRChanged{On: im.On{Account: ana}, Peer: im.MustJID("paulette@example.net/p"), State: im.OTREncrypted, Version: 3}}},
			peer:   paulette, text: "demain ?",
		},
		"to be encrypted": {before: []Input{Typed{OTRPolicy{Policy: im.OTRRequired, Set: true, JID: paulette}}}, peer: paulette, text: "demain ?"},
	} {
		c := onlineCore(t, func(o *Options) { o.Switches = map[string]bool{"drafts": !test.off} })
		c.Handle(noon, Typed{Query{To: paulette.String()}})
		for _, in := range test.before {
			c.Handle(noon, in)
		}
		var want []im.DraftRecord
		if test.want != "" {
			want = []im.DraftRecord{{Kept: im.Kept{Account: ana}, Peer: test.peer, Text: test.want}}
		}
		if got := kept[im.DraftRecord](c, Typed{Draft{id(test.peer), test.text}}, Typed{Draft{id(test.peer), test.text}}); !slices.Equal(got, want) {
			t.Errorf("%s: kept %v, want %v", name, got, want)
		}
	}
}

// TestDraftsAreForgotten shows what takes a draft away that was kept.
func TestDraftsAreForgotten(t *testing.T) {
	id := ConversationID{ana, paulette}
	for name, in := range map[string]Input{
		"it is sent":         Typed{Draft{id, ""}},
		"the window closes":  Typed{Close{}},
		"the switch":         Typed{Privacy{Switch: KeepDrafts, Set: true}},
		"encryption":         Received{im.OTRChanged{On: im.On{Account: ana}, Peer: im.MustJID("paulette@example.net/p"), State: im.OTRStarting}},
		"encryption for all": Typed{OTRPolicy{Policy: im.OTRRequired, Set: true, JID: paulette}},
		"a command":          Typed{Draft{id, "/join g ana secret"}},
	} {
		c := onlineCore(t, func(o *Options) {
			o.Switches = map[string]bool{"drafts": true}
			o.Accounts[0].Drafts = map[im.JID]string{paulette: "demain\x1b ?"}
		})
		c.Handle(noon, Typed{Query{To: paulette.String()}})
		if draft := c.View().Current.Draft; draft != CleanText("demain\x1b ?") || !c.View().KeepsDrafts {
			t.Errorf("%s: %q is back", name, draft)
		}
		want := []im.DraftRecord{{Kept: im.Kept{Account: ana}, Peer: paulette}}
		if got := kept[im.DraftRecord](c, in); !slices.Equal(got, want) {
			t.Errorf("%s: kept %v, want %v", name, got, want)
		}
	}
}
