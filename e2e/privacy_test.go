package e2e_test

import "testing"

// TestInvisible takes our presence back in the middle of a session, and shows it again: contacts see it go and come, the room
// is entered again, and what is said there is heard by all.
func TestInvisible(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		ana, paulette := login(t, s, "ana"), login(t, s, "paulette")
		becomeContacts(ana, paulette)
		paulette.expect("presence", fields{"show": "online"})
		for _, c := range []*client{ana, paulette} {
			c.send("/join %s", room)
			c.expect("room", fields{"room": room, "state": "joined"})
		}

		ana.send("/privacy presence off")
		ana.expect("notice", fields{"code": "privacy-off", "topic": "presence", "on": false})
		paulette.expect("presence", fields{"show": "offline"})
		paulette.expect("occupant", fields{"room": room, "nick": "ana", "event": "left"})
		paulette.expect("occupant", fields{"room": room, "nick": "ana", "event": "joined"})
		ana.expect("room", fields{"room": room, "state": "joined"})
		ana.send("toujours là")
		paulette.expect("message", fields{"conversation": room, "from": "ana", "body": "toujours là"})
		paulette.send("on te lit")
		ana.expect("message", fields{"conversation": room, "from": "paulette", "body": "on te lit"})
		ana.send("/away au four")
		ana.send("/names")
		ana.expect("notice", fields{"code": "names"})

		ana.send("/privacy presence on")
		paulette.expect("presence", fields{"show": "away", "status": "au four"})
		paulette.quit()
		for _, e := range paulette.all("presence", fields{"show": "away"}) {
			if e["status"] != "au four" {
				t.Errorf("told while invisible: %s", e)
			}
		}
		ana.quit()
		understood(ana, paulette)
	})
}

// TestPanic ends a session with everything in it: the other side of an OTR session and the room hear of it, the exit status is 0,
// and the profile can be opened again.
func TestPanic(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	dir := t.TempDir()
	profileOf(t, 0, dir, []string{passphrase}, "encrypted")
	paulette := login(t, s, "paulette")
	ana := withPassphrase(t, s, dir, "ana", passphrase)
	ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
	for _, c := range []*client{ana, paulette} {
		c.send("/join %s", room)
		c.expect("room", fields{"room": room, "state": "joined"})
	}
	ana.send("/query paulette@localhost")
	encrypt(ana, paulette)
	ana.send("/panic")
	paulette.expect("otr", fields{"state": "finished"})
	paulette.expect("occupant", fields{"room": room, "nick": "ana", "event": "left"})
	if status := ana.status(); status != 0 || ana.errors.String() != "" {
		t.Errorf("status %d, %q", status, ana.errors)
	}
	again := withPassphrase(t, s, dir, "ana", passphrase)
	again.expect("room", fields{"room": room, "state": "joined"})
	again.quit()
	paulette.quit()
}
