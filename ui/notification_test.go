package ui

import (
	"strings"
	"testing"
	"time"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

func addedLine(kind core.ConversationKind, line core.Line) core.LineAdded {
	line.From = "hubert"
	return core.LineAdded{Kind: kind, Name: "grenoble", Line: &line}
}

func TestNotifier(t *testing.T) {
	message := addedLine(core.Room, core.Line{Body: "salut"})
	mention := addedLine(core.Room, core.Line{Body: "ana : oui", Mention: true})
	private := addedLine(core.Person, core.Line{Body: "psst"})
	current := private
	current.Current = true
	ring, both := Notifications{Bell: RingMention}, Notifications{Bell: RingMention, Desktop: DesktopOSC9}
	tests := []struct {
		name    string
		options Notifications
		facts   []core.Fact
		lang    string
		want    string
	}{
		{"nothing unless asked for", Notifications{}, []core.Fact{mention, private}, "en", ""},
		{"bell at a mention", ring, []core.Fact{mention}, "en", "\a"},
		{"bell at a private message", ring, []core.Fact{private}, "en", "\a"},
		{"no bell at any message", ring, []core.Fact{message}, "en", ""},
		{"bell at any message", Notifications{Bell: RingMessage}, []core.Fact{message}, "en", "\a"},
		{"once for many", Notifications{Bell: RingMessage}, []core.Fact{message, message, mention}, "en", "\a"},
		{"not for what is being read", ring, []core.Fact{current}, "en", ""},
		{"not for the old", ring, []core.Fact{addedLine(core.Person, core.Line{Delayed: true}), addedLine(core.Person, core.Line{Archived: true})}, "en", ""},
		{"not for ourselves", ring, []core.Fact{addedLine(core.Person, core.Line{Out: true})}, "en", ""},
		{"not for notices", ring, []core.Fact{addedLine(core.Person, core.Line{Notice: &core.Notice{}}), core.RosterFact{}}, "en", ""},
		{"neither who nor what", both, []core.Fact{private}, "en", "\a\x1b]9;traboule: new message\x1b\\"},
		{"in French", both, []core.Fact{mention}, "fr", "\a\x1b]9;traboule: on a parlé de toi\x1b\\"},
		{"what is for us before the rest", both, []core.Fact{message, mention}, "en", "\a\x1b]9;traboule: somebody mentioned you\x1b\\"},
		{"no desktop for the crowd", Notifications{Bell: RingMessage, Desktop: DesktopOSC9}, []core.Fact{message}, "en", "\a"},
		{"who", Notifications{Desktop: DesktopOSC777, Show: ShowWho}, []core.Fact{private}, "en", "\x1b]777;notify;traboule;new message from hubert\x1b\\"},
		{"who in a room", Notifications{Desktop: DesktopOSC777, Show: ShowWho}, []core.Fact{mention}, "en", "\x1b]777;notify;traboule;hubert mentioned you in grenoble\x1b\\"},
		{"what", Notifications{Desktop: DesktopOSC777, Show: ShowText}, []core.Fact{private}, "en", "\x1b]777;notify;traboule;new message from hubert — psst\x1b\\"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var written strings.Builder
			n := notifier{options: tt.options, words: i18n.New(tt.lang), now: time.Now, write: func(s string) { written.WriteString(s) }}
			n.take(tt.facts)
			if written.String() != tt.want {
				t.Errorf("wrote %q, want %q", written.String(), tt.want)
			}
		})
	}
}

func TestNotifierWhenAway(t *testing.T) {
	rings := 0
	clock := time.Unix(1e9, 0)
	n := notifier{options: Notifications{Bell: RingMention}, words: i18n.New("en"), now: func() time.Time { return clock }, write: func(string) { rings++ }}
	current := addedLine(core.Person, core.Line{Body: "psst"})
	current.Current = true
	n.take([]core.Fact{current})
	n.away = true
	for range 10 {
		n.take([]core.Fact{current})
	}
	if rings != 1 {
		t.Errorf("%d rings for a flood, want 1", rings)
	}
	clock = clock.Add(notifyEvery)
	n.take([]core.Fact{current})
	if rings != 2 {
		t.Errorf("%d rings after a while, want 2", rings)
	}
}

// No text may end the sequence that it stands in, begin another, or grow without end.
func TestNotificationsAreClean(t *testing.T) {
	for _, hostile := range []string{"\x1b\\\x1b]0;x\a", "\u009c\u009d0;x", "a\nb;c\x00", "\u202eabc", strings.Repeat("e\u0301", 10_000), "e" + strings.Repeat("\u0301", 10_000), "\xff\x9c"} {
		var written string
		n := notifier{options: Notifications{Desktop: DesktopOSC9, Show: ShowText}, words: i18n.New("en"), now: time.Now, write: func(s string) { written = s }}
		a := addedLine(core.Person, core.Line{Body: hostile})
		a.Line.From, a.Line.JID = hostile, im.JID{}
		n.take([]core.Fact{a})
		inside := strings.TrimSuffix(strings.TrimPrefix(written, "\x1b]9;"), "\x1b\\")
		if strings.ContainsFunc(inside, func(r rune) bool { return !drawable(r) }) || len(inside) > 5*maxNotification || len(written) < len(inside)+6 {
			t.Errorf("%.20q gives %.80q", hostile, written)
		}
	}
}
