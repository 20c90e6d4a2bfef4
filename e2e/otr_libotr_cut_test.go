package e2e_test

import (
	"testing"
	"time"
)

// TestOTRCutLibotr cuts our connection in the middle of a session with libotr. It is resumed, and the session goes on: what
// was said meanwhile arrives, once.
func TestOTRCutLibotr(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	cuttable, proxy := through(t, s)
	ana, paulette := besideBitlBee(t, cuttable, s)
	ana.send("/otr start")
	ana.expect("otr", fields{"state": "encrypted"})
	paulette.expect("ana", "off the record")
	const cuts = 3
	for _, text := range numbered("de ana", cuts) {
		proxy.Refuse(true)
		proxy.Cut()
		ana.expect("connection", fields{"state": "disconnected"})
		ana.send("%s", text)
		paulette.say("ana", "réponse à "+text)
		proxy.Refuse(false)
		ana.expect("connection", fields{"state": "resumed"})
		paulette.hears("ana", text, "unverified")
		ana.expect("message", fields{"direction": "in", "body": "réponse à " + text, "encryption": "otr", "warning": nil})
	}
	for _, text := range numbered("de ana", cuts) {
		if n := len(paulette.all("ana", text)); n != 1 {
			t.Errorf("%q arrived %d times", text, n)
		}
	}
	if n := len(ana.all("message", fields{"direction": "in"})); n != cuts {
		t.Errorf("%d texts arrived instead of %d", n, cuts)
	}
	ana.quit()
	undisturbed(ana)
}

// TestOTRNewLoginLibotr cuts our connection for so long that the server gives our login up. libotr still has a session then,
// and we have none: what it says can not be read, and we say nothing until the session is begun anew.
func TestOTRNewLoginLibotr(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, time.Second)
	cuttable, proxy := through(t, s)
	ana, paulette := besideBitlBee(t, cuttable, s)
	paulette.command("otr connect ana")
	ana.expect("otr", fields{"state": "encrypted"})
	paulette.expect("ana", "off the record")
	proxy.Refuse(true)
	proxy.Cut()
	ana.expect("connection", fields{"state": "disconnected"})
	paulette.awaitRoot("blist offline", "ana@localhost")
	proxy.Refuse(false)
	ana.expect("connection", fields{"state": "connected"})
	ana.expect("otr", fields{"state": "finished", "reason": "disconnected"})
	withheld(ana, "pas en clair")
	paulette.awaitRoot("blist online", "ana@localhost") // what is said before comes late, out of what the server kept
	paulette.say("ana", "me lis-tu ?")
	ana.expect("otr", fields{"event": "unreadable"})
	withheld(ana, "toujours pas en clair")
	ana.send("/otr start")
	ana.expect("otr", fields{"state": "encrypted", "reason": "by-us"})
	paulette.expect("ana", "off the record")
	confideBitlBee(ana, paulette, "unverified", "unverified")
	ana.quit()
	understood(ana)
}

// TestOTRPeerCutLibotr cuts the connection of libotr's side. It logs in again, and believes that its session stands.
func TestOTRPeerCutLibotr(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	cuttable, proxy := through(t, s)
	ana, paulette := besideBitlBee(t, s, cuttable)
	ana.send("/otr start")
	ana.expect("otr", fields{"state": "encrypted"})
	paulette.expect("ana", "off the record")
	paulette.forget()
	proxy.Cut()
	ana.expect("otr", fields{"state": "finished", "reason": "peer-gone"})
	paulette.expect("root", "Logged in")
	withheld(ana, "pas en clair")
	paulette.say("ana", "me lis-tu ?")
	ana.expect("otr", fields{"event": "unreadable"})
	withheld(ana, "toujours pas en clair")
	paulette.command("otr connect ana")
	ana.expect("otr", fields{"state": "encrypted", "reason": "by-them"})
	paulette.expect("ana", "refreshed")
	confideBitlBee(ana, paulette, "unverified", "unverified")
	ana.quit()
	understood(ana)
}
