package e2e_test

import "testing"

// TestOTRInRoom encrypts private messages of a room where only moderators see who is who.
func TestOTRInRoom(t *testing.T) {
	t.Parallel()
	s, _ := onProsody(t, 0)
	ana := login(t, s, "ana") // the room is hers
	ana.send("/join %s ana", room)
	ana.expect("room", fields{"room": room, "state": "joined"})
	hubert, paulette, tigrou := login(t, s, "hubert"), login(t, s, "paulette"), login(t, s, "tigrou")
	enter(hubert, "hubert")
	enter(paulette, "paulette")
	hubert.expect("occupant", fields{"nick": "paulette", "event": "joined"})
	for _, e := range paulette.all("occupant", nil) {
		if e["jid"] != nil {
			t.Errorf("the room tells who somebody is: %s", e)
		}
	}
	paulette.send("/query %s/hubert", room)
	hubert.send("/query %s/paulette", room)
	agree(paulette, hubert)
	confide(paulette, hubert, "unverified", writings("paulette")...)
	confide(hubert, paulette, "unverified", writings("hubert")...)
	paulette.send(`/otr ask "Où ?" à Mâcon`)
	hubert.expect("otr", fields{"conversation": room + "/paulette", "event": "smp-request", "question": "Où ?"})
	hubert.send("/otr answer à Mâcon")
	paulette.expect("otr", fields{"conversation": room + "/hubert", "event": "smp-success", "trust": "verified"})
	confide(hubert, paulette, "verified", "c’est bien moi")

	rename(paulette, hubert)
	changeHands(t, ana, paulette, hubert, tigrou)
	for _, c := range []*client{ana, paulette, hubert, tigrou} {
		c.quit()
	}
	understood(ana, paulette, hubert, tigrou)
}

func enter(c *client, nick string) {
	c.t.Helper()
	c.send("/join %s %s", room, nick)
	c.expect("room", fields{"room": room, "state": "joined", "nick": nick})
}

// rename gives hubert another nick, and then his own again. Each time the session ends, and a new one has to be begun.
func rename(paulette, hubert *client) {
	paulette.t.Helper()
	hubert.send("/win grenoble")
	former := "hubert"
	for _, nick := range []string{"Huberte", "hubert"} {
		hubert.send("/nick %s", nick)
		paulette.expect("otr", fields{"conversation": room + "/" + former, "state": "finished", "reason": "peer-gone"})
		paulette.expect("occupant", fields{"event": "renamed", "new_nick": nick})
		paulette.expect("otr", fields{"conversation": room + "/" + nick, "state": "finished", "reason": "peer-gone"})
		withheld(paulette, "pas en clair à "+nick)
		agree(paulette, hubert)
		confide(paulette, hubert, "unverified", "à "+nick)
		hubert.send("/win grenoble")
		former = nick
	}
}

// changeHands has hubert thrown out, and gives his nick to tigrou, while paulette has a session with it. It ends, and tigrou
// gets nothing of it.
func changeHands(t *testing.T, ana, paulette, hubert, tigrou *client) {
	t.Helper()
	ana.send("/kick hubert")
	hubert.expect("room", fields{"room": room, "state": "left"})
	paulette.expect("otr", fields{"conversation": room + "/hubert", "state": "finished", "reason": "peer-gone"})
	paulette.send("à hubert seul")
	enter(tigrou, "hubert")
	paulette.expect("occupant", fields{"nick": "hubert", "event": "joined"})
	paulette.send("à hubert, pas à tigrou")
	paulette.send("/msg %s fin", room)
	tigrou.expect("message", fields{"kind": "groupchat", "body": "fin"})
	if got := tigrou.all("message", fields{"kind": "private"}); len(got) > 0 {
		t.Errorf("the next one with the nick got %v", got)
	}
	if got := tigrou.all("otr", nil); len(got) > 0 {
		t.Errorf("the next one with the nick heard of a session: %v", got)
	}
	for _, text := range []string{"à hubert seul", "à hubert, pas à tigrou"} {
		for _, said := range paulette.all("message", fields{"direction": "out", "body": text}) {
			paulette.expect("message-state", fields{"id": said["id"], "state": "failed"})
		}
	}
}
