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
