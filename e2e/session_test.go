package e2e_test

import (
	"strings"
	"testing"
)

// TestRoom drives a visit to a room, every command of it, between three people.
func TestRoom(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		ana, paulette := login(t, s, "ana"), login(t, s, "paulette")

		ana.send("/join grenoble") // without the service: the server is asked for it
		ana.expect("room", fields{"room": room, "state": "joining"})
		ana.expect("room", fields{"room": room, "state": "joined", "nick": "ana", "account": "ana@localhost"})
		paulette.send("/join %s paulette", room)
		paulette.expect("room", fields{"room": room, "state": "joined", "nick": "paulette", "occupants": 2})
		ana.expect("occupant", fields{"room": room, "nick": "paulette", "event": "joined"})

		talk(ana, paulette)
		whisper(ana, paulette)

		paulette.send("/nick Paule")
		paulette.expect("occupant", fields{"nick": "paulette", "event": "renamed", "new_nick": "Paule"})
		ana.expect("occupant", fields{"nick": "paulette", "event": "renamed", "new_nick": "Paule"})

		ana.send("/subject On se retrouve jeudi, 18 h")
		for _, c := range []*client{ana, paulette} {
			c.expect("subject", fields{"room": room, "from": "ana", "text": "On se retrouve jeudi, 18 h"})
		}
		ana.send("/subject")
		ana.expect("notice", fields{"code": "subject"})
		ana.send("/names")
		names := ana.expect("notice", fields{"code": "names"})
		for _, nick := range []string{"ana", "Paule"} {
			if !strings.Contains(names.String(), nick) {
				t.Errorf("/names lacks %q: %s", nick, names)
			}
		}

		ana.send("/kick Paule assez pour ce soir")
		ana.expect("occupant", fields{"nick": "Paule", "event": "kicked"})
		paulette.expect("room", fields{"room": room, "state": "left"})
		paulette.send("/join %s paulette", room)
		paulette.expect("room", fields{"room": room, "state": "joined"})
		ana.expect("occupant", fields{"nick": "paulette", "event": "joined"})
		paulette.send("/part à demain")
		paulette.expect("room", fields{"room": room, "state": "left"})
		ana.expect("occupant", fields{"nick": "paulette", "event": "left"})

		paulette.send("/join %s paulette", room)
		paulette.expect("room", fields{"room": room, "state": "joined"})
		ana.expect("occupant", fields{"nick": "paulette", "event": "joined"})
		ana.send("/ban paulette ça suffit")
		ana.expect("occupant", fields{"nick": "paulette", "event": "banned"})
		paulette.expect("room", fields{"room": room, "state": "left"})
		paulette.send("/join %s", room)
		paulette.expect("room", fields{"room": room, "state": "failed", "error.code": "banned"})

		ana.send("/rooms")
		rooms := ana.expect("notice", fields{"code": "rooms"})
		if !strings.Contains(rooms.String(), room) {
			t.Errorf("/rooms lacks %q: %s", room, rooms)
		}
		ana.send("/rooms conference.localhost")
		ana.expect("notice", fields{"code": "rooms"})
		ana.quit()
		paulette.quit()
		understood(ana, paulette)
	})
}

// understood checks that the clients threw nothing away that the servers sent.
func understood(clients ...*client) {
	for _, c := range clients {
		c.t.Helper()
		for _, e := range c.all("notice", fields{"code": "stanza-dropped"}) {
			c.t.Errorf("%s: %s", c.name, e)
		}
	}
}

// talk says something in the room, both ways.
func talk(ana, paulette *client) {
	ana.t.Helper()
	ana.send("salut tout le monde")
	said := ana.expect("message", fields{"conversation": room, "kind": "groupchat", "direction": "out", "from": "ana",
		"body": "salut tout le monde", "state": "pending", "encryption": "none"})
	ana.expect("message-state", fields{"conversation": room, "id": said["id"], "state": "sent"})
	paulette.expect("message", fields{"conversation": room, "kind": "groupchat", "direction": "in", "from": "ana",
		"body": "salut tout le monde", "encryption": "none", "trust": "none"})
	paulette.send("//quit n'est pas une commande ici")
	ana.expect("message", fields{"conversation": room, "from": "paulette", "body": "/quit n'est pas une commande ici"})
	paulette.send("/me mange du pain")
	ana.expect("message", fields{"conversation": room, "from": "paulette", "body": "/me mange du pain"})
	paulette.send("/msg %s ana : coucou", room)
	ana.expect("message", fields{"conversation": room, "kind": "groupchat", "body": "ana : coucou", "mention": true})
}

// whisper exchanges private messages in the room.
func whisper(ana, paulette *client) {
	ana.t.Helper()
	ana.send("/msg paulette entre nous")
	ana.expect("message", fields{"conversation": room + "/paulette", "kind": "private", "direction": "out", "body": "entre nous"})
	paulette.expect("message", fields{"conversation": room + "/ana", "kind": "private", "direction": "in", "body": "entre nous"})
	paulette.send("/msg %s/ana oui ?", room)
	ana.expect("message", fields{"conversation": room + "/paulette", "kind": "private", "direction": "in", "body": "oui ?"})
	ana.send("/win grenoble")
	paulette.send("/win grenoble")
}

// TestInvitation follows invitations: accepted, and refused.
func TestInvitation(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		ana, hubert, tigrou := login(t, s, "ana"), login(t, s, "hubert"), login(t, s, "tigrou")
		ana.send("/join %s", room)
		ana.expect("room", fields{"room": room, "state": "joined"})

		ana.send("/invite hubert@localhost")
		ana.expect("notice", fields{"code": "invitation-sent", "jid": "hubert@localhost"})
		hubert.expect("notice", fields{"code": "invited", "room": room})
		hubert.send("/accept %s", room)
		hubert.expect("room", fields{"room": room, "state": "joined"})
		ana.expect("occupant", fields{"nick": "hubert", "event": "joined"})

		ana.send("/invite tigrou@localhost")
		tigrou.expect("notice", fields{"code": "invited", "room": room})
		tigrou.send("/refuse %s", room)
		tigrou.expect("notice", fields{"room": room, "level": "info"})
		for _, c := range []*client{ana, hubert, tigrou} {
			c.quit()
		}
		understood(ana, hubert, tigrou)
	})
}

// TestContacts drives the roster, presence, one-to-one messages and blocking.
func TestContacts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		ana, paulette := login(t, s, "ana"), login(t, s, "paulette")
		becomeContacts(ana, paulette)

		ana.send("/msg paulette@localhost bonjour")
		said := ana.expect("message", fields{"conversation": "paulette@localhost", "kind": "chat", "direction": "out", "body": "bonjour"})
		ana.expect("message-state", fields{"conversation": "paulette@localhost", "id": said["id"], "state": "sent"})
		heard := paulette.expect("message", fields{"conversation": "ana@localhost", "kind": "chat", "direction": "in", "body": "bonjour"})
		if from, _ := heard["from"].(string); !strings.HasPrefix(from, "ana@localhost/") {
			t.Errorf("the message is from %q, want a full address of ana", from)
		}
		paulette.send("/query ana@localhost")
		paulette.send("bien reçu")
		ana.expect("message", fields{"conversation": "paulette@localhost", "direction": "in", "body": "bien reçu"})

		paulette.send("/away au marché")
		ana.expect("presence", fields{"show": "away", "status": "au marché"})
		paulette.send("/back")
		ana.expect("presence", fields{"show": "online"})

		ana.send("/roster")
		ana.expect("notice", fields{"code": "roster"})

		ana.send("/block hubert@localhost")
		ana.expect("notice", fields{"code": "blocked", "jid": "hubert@localhost"})
		ana.send("/unblock hubert@localhost")
		ana.expect("notice", fields{"code": "unblocked", "jid": "hubert@localhost"})

		ana.send("/remove paulette@localhost")
		ana.expect("roster", fields{"jid": "paulette@localhost", "removed": true})
		paulette.expect("presence", fields{"subscription": "ended"})

		paulette.send("/add hubert@localhost")
		hubert := login(t, s, "hubert")
		hubert.expect("presence", fields{"from": "paulette@localhost", "subscription": "request"})
		hubert.send("/refuse paulette@localhost")
		paulette.expect("presence", fields{"from": "hubert@localhost", "subscription": "ended"})
		for _, c := range []*client{ana, paulette, hubert} {
			c.quit()
		}
		understood(ana, paulette, hubert)
	})
}

// becomeContacts makes a mutual subscription.
func becomeContacts(ana, paulette *client) {
	ana.t.Helper()
	ana.send("/add paulette@localhost Paulette")
	ana.expect("roster", fields{"jid": "paulette@localhost", "name": "Paulette"})
	paulette.expect("presence", fields{"from": "ana@localhost", "subscription": "request"})
	paulette.send("/accept ana@localhost")
	ana.expect("presence", fields{"from": "paulette@localhost", "subscription": "granted"})
	ana.expect("presence", fields{"show": "online"})
	paulette.send("/add ana@localhost Ana")
	ana.expect("presence", fields{"from": "paulette@localhost", "subscription": "request"})
	ana.send("/accept paulette@localhost")
	ana.expect("roster", fields{"jid": "paulette@localhost", "subscription": "both"})
	paulette.expect("roster", fields{"jid": "ana@localhost", "subscription": "both"})
}

// TestOwnCommands drives the commands that concern the client itself.
func TestOwnCommands(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		ana := login(t, s, "ana")
		connected := ana.all("connection", fields{"state": "connected"})[0]
		for name, want := range map[string]string{"via": "direct", "server": s.addr, "tls": "1.", "sasl": "SCRAM-SHA-", "jid": "ana@localhost/"} {
			if got, _ := connected[name].(string); !strings.Contains(got, want) {
				t.Errorf("connected: %s is %q, want something with %q", name, got, want)
			}
		}
		for _, command := range []string{"/help", "/help join", "/win", "/tor", "/privacy", "/nosuchcommand", "/join", "/kick", "texte sans conversation"} {
			before := len(ana.all("notice", nil))
			ana.send("%s", command)
			ana.expectMore("notice", before)
		}
		ana.send("/query paulette@localhost")
		ana.send("/clear")
		ana.send("/close")
		ana.send("/disconnect")
		ana.expect("connection", fields{"state": "disconnected", "error": nil})
		ana.send("/connect")
		ana.expect("connection", fields{"state": "connected"})
		ana.quit()
	})
}
