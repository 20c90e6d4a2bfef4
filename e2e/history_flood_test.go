package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"traboule/internal/prosody"
)

// TestHistoryOfThousands: thousands of messages from a person and in a room come out of the archives, over a connection that
// breaks and by a client that ends meanwhile, while others go on talking: each once, and in order.
func TestHistoryOfThousands(t *testing.T) {
	const missed = 4_000
	test := func(t *testing.T, s server) {
		dir := t.TempDir()
		profileOf(t, 0, dir, []string{passphrase}, "encrypted", "--history", "on")
		paulette := login(t, s, "paulette")
		visit(paulette)
		ana := withPassphrase(t, s, dir, "ana", passphrase)
		ana.expect("connection", fields{"state": "connected"})
		visit(ana)
		sayBoth(ana, paulette, 1, 1)
		ana.quit()

		hubert := raw(t, s, "hubert")
		text := func(i int) string { return fmt.Sprint("texte ", i) }
		if err := hubert.Flood(t.Context(), "ana@localhost", "chat", missed, text); err != nil {
			t.Fatal(err)
		}
		hubert.Ask(t, `<presence to='`+room+`/hubert'><x xmlns='http://jabber.org/protocol/muc'/></presence>`, "110")
		if err := hubert.Flood(t.Context(), room, "groupchat", missed, text); err != nil {
			t.Fatal(err)
		}

		cuttable, proxy := through(t, s)
		came := map[string][]string{}
		take := func(c *client) {
			for e := range c.each("message", fields{"direction": "in"}) {
				where := fmt.Sprint(e["conversation"])
				came[where] = append(came[where], fmt.Sprint(e["body"]))
			}
		}
		// It is killed in the middle, then ends in the middle, then reads to the end over broken connections.
		ends := []func(){
			func() { ana.kill() },
			func() { ana.quit() },
			func() {
				for _, where := range []string{"hubert@localhost", room} {
					if slices.Contains(came[where], text(missed-1)) {
						continue // it came before the client ended
					}
					if ana.find("message", fields{"conversation": where, "body": text(missed - 1)}, time.Minute) == nil {
						t.Fatalf("%s: the last message has not come", where)
					}
					came[where] = append(came[where], text(missed-1))
				}
			},
		}
		for round, end := range ends {
			ana = withPassphrase(t, cuttable, dir, "ana", passphrase)
			ana.expect("connection", fields{"state": "connected"})
			ana.send("/join %s", room)
			ana.expect("room", fields{"state": "joined"})
			paulette.send("/msg %s vivant %d", room, round)
			paulette.send("/msg ana@localhost vivant %d", round)
			ana.expect("message", fields{"conversation": room, "body": fmt.Sprint("vivant ", round)})
			ana.expect("message", fields{"conversation": "paulette@localhost", "body": fmt.Sprint("vivant ", round)})
			proxy.Cut()
			if part := text(500 + 1000*round); !slices.Contains(came[room], part) {
				ana.expect("message", fields{"conversation": room, "body": part})
				came[room] = append(came[room], part)
			}
			end()
			take(ana)
		}
		ana.quit()
		var want []string
		for i := range missed {
			want = append(want, text(i))
		}
		ana = withPassphrase(t, s, dir, "ana", passphrase)
		for _, where := range []string{"hubert@localhost", room} {
			ana.send("/search texte in:%s", where)
			ana.expect("notice", fields{"code": "search-cut"})
			var found []string
			for e := range ana.each("history", fields{"conversation": where}) {
				found = append(found, fmt.Sprint(e["body"]))
			}
			slices.Reverse(found)
			if !slices.Equal(found, want[missed-len(found):]) || len(found) < 100 {
				t.Errorf("%s: the last found are %q", where, found)
			}
		}
		flood := func(body string) bool { return strings.HasPrefix(body, "texte ") }
		for _, where := range []string{"hubert@localhost", room} {
			got := slices.DeleteFunc(slices.Clone(came[where]), func(b string) bool { return !flood(b) })
			slices.Sort(got)
			once := slices.Compact(slices.Clone(got))
			// What the store had when the client was killed, and nobody saw, is no news later.
			if len(once) < len(got) || len(once) < missed-200 {
				t.Errorf("%s: %d messages are told, %d different ones", where, len(got), len(once))
			}
		}
		ana.quit()
		paulette.quit()
	}
	t.Run("prosody", func(t *testing.T) {
		s, _ := onProsodyWith(t, prosody.Options{Users: accounts(), MemoryArchive: true})
		test(t, s)
	})
	t.Run("ejabberd", func(t *testing.T) { test(t, onEjabberd(t)) })
}

// kill ends the program at once.
func (c *client) kill() {
	c.t.Helper()
	if err := c.command.Process.Kill(); err != nil {
		c.t.Fatal(err)
	}
	<-c.ended
}
