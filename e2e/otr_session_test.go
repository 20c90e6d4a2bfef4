package e2e_test

import (
	"testing"
	"time"
)

// TestOTRCut cuts the connection in the middle of a conversation. The server takes the same session up again, and so the
// encrypted one goes on: what was typed meanwhile arrives, once.
func TestOTRCut(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	cuttable, proxy := through(t, s)
	ana, paulette := couple(t, cuttable, s)
	encrypt(ana, paulette)
	const cuts = 3
	for i := range cuts {
		proxy.Refuse(true)
		proxy.Cut()
		ana.expect("connection", fields{"state": "disconnected"})
		ana.send("de ana %d", i)
		paulette.send("de paulette %d", i)
		paulette.expect("message", fields{"direction": "out"})
		proxy.Refuse(false)
		ana.expect("connection", fields{"state": "resumed"})
		paulette.expect("message", fields{"direction": "in", "encryption": "otr"})
		ana.expect("message", fields{"direction": "in", "encryption": "otr"})
	}
	same(t, "to paulette", paulette.bodies(fields{"direction": "in"}), numbered("de ana", cuts))
	same(t, "to ana", ana.bodies(fields{"direction": "in"}), numbered("de paulette", cuts))
	for _, c := range []*client{ana, paulette} {
		if ended := c.all("otr", fields{"state": "finished"}); len(ended) > 0 {
			t.Errorf("%s: the session ended: %v", c.name, ended)
		}
	}
	ana.quit()
	paulette.quit()
}

// TestOTRNewLogin cuts the connection for so long that the server gives the session up. Nobody knows then whether the other
// side still has the encrypted one: nothing goes out until it is begun anew.
func TestOTRNewLogin(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, time.Second)
	cuttable, proxy := through(t, s)
	ana, paulette := couple(t, cuttable, s)
	encrypt(ana, paulette)
	before := ana.jid()
	proxy.Refuse(true)
	proxy.Cut()
	ana.expect("connection", fields{"state": "disconnected"})
	paulette.expect("otr", fields{"conversation": before, "state": "finished", "reason": "peer-gone"})
	withheld(paulette, "pas au vide")
	proxy.Refuse(false)
	ana.expect("connection", fields{"state": "connected"})
	ana.expect("otr", fields{"state": "finished", "reason": "disconnected"})
	withheld(ana, "pas en clair")
	ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
	paulette.expect("presence", fields{"from": ana.jid(), "show": "online"})
	ana.send("/otr start")
	ana.expect("otr", fields{"conversation": paulette.jid(), "state": "encrypted"})
	paulette.expect("otr", fields{"conversation": ana.jid(), "state": "encrypted"})
	confide(ana, paulette, "unverified", "me revoilà")
	confide(paulette, ana, "unverified", "te revoilà")
	ana.quit()
	paulette.quit()
}

// TestOTRDevices has sessions with two devices of one contact: each reads its own, and texts change over to a less known key
// by nothing but the user's wish.
func TestOTRDevices(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	ana, desk := couple(t, s, s)
	encrypt(ana, desk)
	ana.send("/otr trust")
	ana.expect("otr", fields{"event": "trusted"})

	phone := login(t, s, "paulette")
	phone.expect("presence", fields{"from": ana.jid(), "show": "online"})
	phone.send("/query ana@localhost")
	phone.send("/otr start")
	phone.expect("otr", fields{"state": "encrypted"})
	ana.expect("otr", fields{"conversation": phone.jid(), "state": "encrypted", "trust": "unverified", "event": "new-fingerprint"})
	phone.send("du téléphone")
	ana.expect("message", fields{"direction": "in", "body": "du téléphone", "jid": nil, "from": phone.jid(), "trust": "unverified"})
	confide(ana, desk, "unverified", "au bureau")

	ana.send("/otr start %s", phone.jid())
	ana.expect("notice", fields{"code": "otr-device", "jid": phone.jid()})
	confide(ana, phone, "unverified", "au téléphone")

	// The device that is verified comes first again as soon as somebody writes there.
	confide(desk, ana, "verified", "du bureau")
	confide(ana, desk, "unverified", "de nouveau au bureau")

	// Its end takes no text to the other one.
	desk.quit()
	ana.expect("otr", fields{"conversation": desk.jid(), "state": "finished"})
	withheld(ana, "à personne d’autre")
	ana.send("/otr end")
	ana.expect("otr", fields{"conversation": desk.jid(), "state": "plain"})
	confide(ana, phone, "unverified", "au téléphone seul")
	for _, text := range phone.bodies(fields{"direction": "in"}) {
		if text != "au téléphone" && text != "au téléphone seul" {
			t.Errorf("the other device got %q", text)
		}
	}
	phone.quit()
	ana.quit()
}
