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

// valid gives what JSON, which is UTF-8, can carry of a text.
func valid(s string) string { return strings.Map(func(r rune) rune { return r }, s) }

// FuzzMessage prints a message whose every text is hostile: as text it is one line, which is no event and names its
// conversation and sender in their places; as JSON it is one object, which gives back what was put in.
func FuzzMessage(f *testing.F) {
	f.Add("hubert", "salut", "hubert")
	f.Add("a> b", "x\n12:00 -!- y", "-!- x")
	f.Add("\x1b[2J<", "\u2028\u202e\x00\x7f\u0085", "\u200b <x> ")
	f.Add("-!-", "> <z> ", "é\u0301\U000e0041")
	f.Add("\xc2\x9b", "a\xff\x9b2J\xc3", "\xff")
	f.Fuzz(func(t *testing.T, from, body, nick string) {
		peer, err := im.WireJID("grenoble@conference.localhost/" + nick)
		if err != nil { // no server lets such a nickname in
			peer = im.MustJID("grenoble@conference.localhost")
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

		if strings.ContainsFunc(line, func(r rune) bool { return !printable(r) }) || !utf8.Valid(out.Bytes()) {
			t.Errorf("not for a terminal: %q", line)
		}

		out.Reset()
		(&objects{i18n.New("en"), noon}).facts(&out, update)
		for _, r := range strings.TrimSuffix(out.String(), "\n") {
			if !printable(r) {
				t.Errorf("%U in %q", r, out.String())
			}
		}
		var object messageObject
		if err := json.Unmarshal(out.Bytes(), &object); err != nil || object.Body != valid(body) || object.From != valid(from) || object.Conversation != peer.String() {
			t.Errorf("%v: %q", err, out.String())
		}
	})
}
