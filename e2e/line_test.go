package e2e_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestLine reads line mode as a person, a screen reader or grep does, in both languages.
func TestLine(t *testing.T) {
	t.Parallel()
	for language, words := range map[string]struct{ entered, joined string }{
		"en": {"you are in the room as ana", "paulette joined"},
		"fr": {"tu es dans le salon sous le pseudo ana", "paulette a rejoint le salon"},
	} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			s, _ := onProsody(t, 0)
			args := append([]string{"--line"}, launch{server: s, account: "ana@localhost"}.arguments(t.TempDir())...)
			ana := startProgram(t, "ana", password, append(args, "--lang", language, "xmpp:"+room+"?join")...)
			ana.raw = true
			ana.awaitLine("-!- " + room + " " + words.entered)
			paulette := login(t, s, "paulette")
			paulette.send("/join %s", room)
			ana.awaitLine("-!- " + room + " " + words.joined)
			paulette.send("bonjour ana")
			ana.awaitLine(room + " <paulette> bonjour ana")
			ana.send("bonjour paulette")
			ana.awaitLine(room + " <ana> bonjour paulette")
			paulette.expect("message", fields{"direction": "in", "body": "bonjour paulette"})
			paulette.send("/msg ana@localhost entre nous")
			ana.awaitLine("paulette@localhost <paulette@localhost> entre nous")
			ana.quit()
			paulette.quit()
			for line := range strings.Lines(ana.output()) {
				if !regexp.MustCompile(`^[0-2][0-9]:[0-5][0-9] \S`).MatchString(line) {
					t.Errorf("no time at the start of %q", line)
				}
				if bad := strings.IndexFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool { return r == '\n' || hostileRune(r) }); bad >= 0 {
					t.Errorf("a control character in %q", line)
				}
			}
		})
	}
}

// awaitLine waits until a text stands in the output, after a space.
func (c *client) awaitLine(part string) {
	c.t.Helper()
	for deadline := time.Now().Add(patience); !strings.Contains(c.output(), " "+part); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("%s: %q was never printed:\n%s", c.name, part, c.output())
		}
	}
}
