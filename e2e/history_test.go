package e2e_test

import (
	"fmt"
	"slices"
	"testing"
)

// TestHistoryAfterAnAbsence: what was said while the client was away comes out of the archives of the account and of the room,
// each message once and in order, and stands there in a later session too.
func TestHistoryAfterAnAbsence(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		dir := t.TempDir()
		profileOf(t, 0, dir, []string{passphrase}, "encrypted", "--history", "on")
		paulette := login(t, s, "paulette")
		visit(paulette)
		ana := withPassphrase(t, s, dir, "ana", passphrase)
		ana.expect("connection", fields{"state": "connected"})
		visit(ana)
		said := sayBoth(ana, paulette, 1, 3)
		ana.quit()

		const missed = 230
		said = append(said, sayAway(paulette, 4, missed)...)
		ana = withPassphrase(t, s, dir, "ana", passphrase)
		ana.expect("connection", fields{"state": "connected"})
		ana.expect("notice", fields{"code": "archive-missed", "jid": nil, "count": missed})
		ana.send("/join %s", room)
		ana.expect("notice", fields{"code": "archive-missed", "jid": room, "count": missed})
		said = append(said, sayBoth(ana, paulette, missed+4, 2)...)
		inOrder(t, ana, said)
		ana.quit()

		ana = withPassphrase(t, s, dir, "ana", passphrase)
		ana.expect("connection", fields{"state": "connected"})
		ana.send("/join %s", room)
		ana.expect("room", fields{"state": "joined"})
		inOrder(t, ana, said)
		ana.send("/search mot7 in:%s", room)
		ana.expect("notice", fields{"code": "search", "count": 11})
		if told := ana.all("message", fields{"direction": "in"}); len(told) > 0 {
			t.Errorf("nothing was missed, and told are %v", told)
		}
		ana.quit()
		scrolledUp(t, login(t, s, "ana"), said)
		paulette.quit()
	})
}

// scrolledUp sees that a session that has kept nothing gets all out of the archives, page by page.
func scrolledUp(t *testing.T, fresh *client, want []string) {
	t.Helper()
	visit(fresh)
	for _, where := range []string{"paulette@localhost", room} {
		fresh.send("/query %s", where)
		var got []string
		for code := ""; code != "history-beginning"; {
			fresh.send("/history more 100")
			code = fresh.expectOneOf("notice", fields{"code": "history-shown"}, fields{"code": "history-beginning"})["code"].(string)
			var page []string
			for e := range fresh.each("history", fields{"conversation": where}) {
				page = append(page, fmt.Sprint(e["body"]))
			}
			got = append(page, got...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d lines %.600q\nwant %d %.600q", where, len(got), got, len(want), want)
		}
	}
	fresh.quit()
}

func visit(c *client) {
	c.send("/join %s", room)
	c.expect("room", fields{"room": room, "state": "joined"})
}

// sayBoth has paulette say words to ana and in the room, while both are there.
func sayBoth(ana, paulette *client, from, n int) []string {
	said := sayAway(paulette, from, n)
	ana.expect("message", fields{"kind": "chat", "body": said[n-1]})
	ana.expect("message", fields{"kind": "groupchat", "body": said[n-1]})
	return said
}

// sayAway has paulette say words to ana and in the room.
func sayAway(paulette *client, from, n int) []string {
	var said []string
	for i := from; i < from+n; i++ {
		said = append(said, fmt.Sprint("mot", i))
	}
	for _, where := range []string{room, "ana@localhost"} {
		for _, word := range said {
			paulette.send("/msg %s %s", where, word)
		}
		paulette.expect("message", fields{"conversation": where, "body": said[n-1]})
	}
	paulette.expect("message-state", fields{"conversation": "ana@localhost", "state": "sent"})
	return said
}

// inOrder sees that both conversations have all that was said, once.
func inOrder(t *testing.T, ana *client, want []string) {
	t.Helper()
	for _, where := range []string{"paulette@localhost", room} {
		ana.send("/query %s", where)
		ana.send("/history show 1000")
		ana.expectOneOf("notice", fields{"code": "history-shown"}, fields{"code": "history-beginning"})
		var got []string
		for e := range ana.each("history", fields{"conversation": where}) {
			got = append(got, fmt.Sprint(e["body"]))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d lines %.600q\nwant %d %.600q", where, len(got), got, len(want), want)
		}
	}
}

// each takes all events that match, one after the other.
func (c *client) each(kind string, want fields) func(func(event) bool) {
	return func(yield func(event) bool) {
		for {
			e := c.take(kind, want)
			if e == nil || !yield(e) {
				return
			}
		}
	}
}
