package e2e_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"traboule/internal/cutproxy"
)

// through puts a proxy that can be cut before a server.
func through(t *testing.T, s server) (server, *cutproxy.Proxy) {
	t.Helper()
	proxy, err := cutproxy.New(s.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { proxy.Close() })
	s.addr = proxy.Addr()
	return s, proxy
}

// bodies returns the texts of the messages that came in, in order.
func (c *client) bodies(want fields) []string {
	var texts []string
	for _, e := range c.all("message", want) {
		texts = append(texts, e["body"].(string))
	}
	return texts
}

// numbered returns "name 0" to "name n-1".
func numbered(name string, n int) []string {
	var texts []string
	for i := range n {
		texts = append(texts, fmt.Sprintf("%s %d", name, i))
	}
	return texts
}

// TestCuts cuts the connection hard while both sides send: nothing may be lost, doubled or reordered.
func TestCuts(t *testing.T) {
	t.Parallel()
	const cuts, between = 20, 8
	// A flood would break most connections within a stanza, and that can cost Prosody 0.12 the session: after resumption it
	// goes on parsing where the old connection stopped.
	const pause = 3 * time.Millisecond
	onEach(t, func(t *testing.T, s server) {
		cuttable, proxy := through(t, s)
		ana, paulette := login(t, cuttable, "ana"), login(t, s, "paulette")
		for _, c := range []*client{ana, paulette} {
			c.send("/join %s", room)
			c.expect("room", fields{"room": room, "state": "joined"})
		}
		ana.expect("occupant", fields{"nick": "paulette", "event": "joined"})
		ana.send("/query paulette@localhost")
		paulette.send("/query ana@localhost")
		for i := range cuts {
			for j := range between {
				n := i*between + j
				ana.send("de ana %d", n)
				paulette.send("de paulette %d", n)
				ana.send("/msg %s au salon %d", room, n)
				time.Sleep(pause)
				if j == between/2 {
					proxy.Cut()
				}
			}
			ana.expectOneOf("connection", fields{"state": "resumed"}, fields{"state": "connected"})
		}
		const sent = cuts * between
		finish(ana, paulette)
		for _, text := range numbered("de paulette", sent) {
			ana.expect("message", fields{"direction": "in", "body": text})
		}
		fromAna, toRoom, toAna := numbered("de ana", sent), numbered("au salon", sent), numbered("de paulette", sent)
		if len(ana.all("connection", fields{"state": "connected"})) > 1 {
			t.Log("the server gave a session up")
			eachOnceOrFailed(t, ana, paulette, fromAna)
			eachOnceOrFailed(t, ana, paulette, toRoom)
			sameInAnyOrder(t, "to ana", ana.bodies(fields{"kind": "chat", "direction": "in"}), toAna)
		} else {
			same(t, "from ana", paulette.bodies(fields{"kind": "chat", "direction": "in"}), fromAna)
			same(t, "to the room", paulette.bodies(fields{"kind": "groupchat", "direction": "in"}), append(toRoom, "fin"))
			compare := same
			if s.name == "ejabberd" {
				compare = sameInAnyOrder // 23.01 itself mixes what it kept with what comes while it resumes
			}
			compare(t, "to ana", ana.bodies(fields{"kind": "chat", "direction": "in"}), toAna)
		}
		if resumed := len(ana.all("connection", fields{"state": "resumed"})); resumed < cuts/2 {
			t.Errorf("the session was resumed %d times in %d cuts", resumed, cuts)
		}
		ana.quit()
		paulette.quit()
	})
}

// finish says "fin" in the room until it is heard, which shows that all that was said before has had its time.
func finish(from, to *client) {
	from.t.Helper()
	for {
		from.send("/msg %s fin", room)
		said := from.expect("message", fields{"direction": "out", "body": "fin"})
		if from.expectOneOf("message-state", fields{"id": said["id"], "state": "sent"}, fields{"id": said["id"], "state": "failed"})["state"] == "sent" {
			to.expect("message", fields{"kind": "groupchat", "body": "fin"})
			return
		}
	}
}

func sameInAnyOrder(t *testing.T, what string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	same(t, what, got, want)
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("messages %s: %d instead of %d:\n got %q\nwant %q", what, len(got), len(want), got, want)
	}
}

// TestResumptionRefused cuts the connection for so long that the server has forgotten the session: each message is sent
// once or shown as failed, and the rooms are joined again.
func TestResumptionRefused(t *testing.T) {
	t.Parallel()
	s, _ := onProsody(t, time.Second)
	cuttable, proxy := through(t, s)
	ana, paulette := login(t, cuttable, "ana"), login(t, s, "paulette")
	ana.send("/join %s", room)
	ana.expect("room", fields{"room": room, "state": "joined"})
	ana.send("/query paulette@localhost")
	const rounds, each = 3, 6
	for i := range rounds {
		for j := range each {
			if j == each/2 {
				proxy.Refuse(true)
				proxy.Cut()
			}
			ana.send("de ana %d", i*each+j)
			paulette.send("/msg ana@localhost de paulette %d", i*each+j)
		}
		time.Sleep(3 * time.Second) // longer than the server remembers
		proxy.Refuse(false)
		ana.expect("connection", fields{"state": "connected"})
		ana.expect("room", fields{"room": room, "state": "joined"})
	}
	eachOnceOrFailed(t, ana, paulette, numbered("de ana", rounds*each))
	// What the server kept for ana comes in an order of the server's choice.
	texts := numbered("de paulette", rounds*each)
	for _, text := range texts {
		ana.expect("message", fields{"direction": "in", "body": text})
	}
	sameInAnyOrder(t, "to ana", ana.bodies(fields{"kind": "chat", "direction": "in"}), texts)
	ana.quit()
	paulette.quit()
}

// eachOnceOrFailed checks that each text either arrived exactly once or is reported as failed by its sender.
func eachOnceOrFailed(t *testing.T, from, to *client, texts []string) {
	t.Helper()
	for _, text := range texts {
		said := from.all("message", fields{"direction": "out", "body": text})
		if len(said) == 0 {
			t.Errorf("%q was never shown as sent", text)
			continue
		}
		failed := from.all("message-state", fields{"id": said[0]["id"], "state": "failed"})
		if len(failed) > 0 {
			continue
		}
		from.expect("message-state", fields{"id": said[0]["id"], "state": "sent"})
		to.expect("message", fields{"direction": "in", "body": text})
		if arrived := to.all("message", fields{"direction": "in", "body": text}); len(arrived) != 1 {
			t.Errorf("%q arrived %d times", text, len(arrived))
		}
	}
}

// TestServerRestart kills the server itself: its accounts log in again and their rooms are joined again.
func TestServerRestart(t *testing.T) {
	t.Parallel()
	s, prosody := onProsody(t, 0)
	ana := login(t, s, "ana")
	ana.send("/join %s", room)
	ana.expect("room", fields{"room": room, "state": "joined"})
	if err := prosody.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	ana.expect("connection", fields{"state": "disconnected"})
	ana.expect("connection", fields{"state": "connected"})
	ana.expect("room", fields{"room": room, "state": "joined"})
	ana.send("/msg %s encore là", room)
	said := ana.expect("message", fields{"direction": "out", "body": "encore là"})
	ana.expect("message-state", fields{"id": said["id"], "state": "sent"})
	ana.quit()
}
