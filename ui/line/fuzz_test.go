package line

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

// FuzzMessage prints a message whose every text is hostile: as text it is one line, which is no event and names its
// conversation and sender in their places; as JSON it is one object, which gives back what was put in.
func FuzzMessage(f *testing.F) {
	f.Add("hubert", "salut", "hubert")
	f.Add("a> b", "x\n12:00 -!- y", "-!- x")
	f.Add("\x1b[2J<", "\u2028\u202e\x00\x7f\u0085", "\u200b <x> ")
	f.Add("-!-", "> <z> ", "é\u0301\U000e0041")
	f.Fuzz(func(t *testing.T, from, body, nick string) {
		peer, err := im.WireJID("grenoble@conference.localhost/" + nick)
		if err != nil || !utf8.ValidString(from) || !utf8.ValidString(body) {
			t.Skip()
		}
		fact := core.MessageFact{Conversation: core.ConversationID{Peer: peer}, Kind: im.Private, Line: &core.Line{Time: noon(), From: from, Body: body}}
		update := core.Update{Facts: []core.Fact{core.LineAdded{Conversation: fact.Conversation, Line: fact.Line}, fact}}

		var out bytes.Buffer
		(&text{printer: i18n.NewIn("en", time.UTC), now: noon}).facts(&out, update)
		line, rest, _ := strings.Cut(out.String(), "\n")
		words := strings.SplitN(line, " ", 3)
		if rest != "" || len(words) != 3 || words[0] != "12:00" || words[1] == "-!-" || strings.ContainsAny(words[1], "<>") {
			t.Errorf("text: %q", out.String())
		}
		if sender, _, ended := strings.Cut(words[2], "> "); !ended || !strings.HasPrefix(sender, "<") || strings.Contains(sender[1:], "<") {
			t.Errorf("sender: %q", words[2])
		}

		out.Reset()
		(&objects{i18n.New("en"), noon}).facts(&out, update)
		for _, r := range strings.TrimSuffix(out.String(), "\n") {
			if !printable(r) {
				t.Errorf("%U in %q", r, out.String())
			}
		}
		var object messageObject
		if err := json.Unmarshal(out.Bytes(), &object); err != nil || object.Body != body || object.From != from || object.Conversation != peer.String() {
			t.Errorf("%v: %q", err, out.String())
		}
	})
}
