package e2e_test

import (
	"strings"
	"testing"

	"traboule/internal/prosody"
)

// TestOTRByItselfLibotr has sessions begin without a command, as the policies of both sides have it.
func TestOTRByItselfLibotr(t *testing.T) {
	t.Parallel()
	s, server := onContactsWith(t, prosody.Options{Stanzas: true})
	ana, paulette := besideBitlBee(t, s, s)

	// The mark at the end of a text, ours and theirs.
	paulette.command("set otr_policy opportunistic", "otr_policy = `opportunistic'")
	ana.send("bonjour paulette")
	ana.expect("message", fields{"direction": "out", "body": "bonjour paulette", "encryption": "none"})
	ana.expect("otr", fields{"state": "encrypted", "version": 3})
	paulette.expect("ana", "off the record")
	paulette.expect("ana", "bonjour paulette")
	confideBitlBee(ana, paulette, "unverified", "unverified")
	endedByBitlBee(ana, paulette)
	paulette.say("ana", "bonjour ana")
	ana.expect("message", fields{"direction": "in", "body": "bonjour ana", "encryption": "none"})
	ana.expect("otr", fields{"state": "encrypted", "version": 3})
	paulette.expect("ana", "off the record")
	endedByBitlBee(ana, paulette)

	// Who lets nothing out in clear, theirs and ours: the text waits.
	paulette.command("set otr_policy always", "otr_policy = `always'")
	paulette.say("ana", "jamais en clair")
	ana.expect("otr", fields{"state": "encrypted"})
	ana.expect("message", fields{"direction": "in", "body": "jamais en clair", "encryption": "otr", "warning": nil})
	paulette.expect("ana", "off the record")
	endedByBitlBee(ana, paulette)
	paulette.command("set otr_policy manual", "otr_policy = `manual'")
	ana.send("/otr policy required paulette@localhost")
	ana.send("moi non plus")
	said := ana.expect("message", fields{"direction": "out", "body": "moi non plus", "state": "pending"})
	ana.expect("otr", fields{"state": "encrypted"})
	ana.expect("message-state", fields{"id": said["id"], "state": "sent", "encryption": "otr"})
	paulette.hears("ana", "moi non plus", "unverified")
	ana.quit()
	undisturbed(ana)

	log := server.Log()
	for text, seen := range map[string]bool{"bonjour paulette": true, "bonjour ana": true, "jamais en clair": false, "moi non plus": false} {
		if strings.Contains(log, text) != seen {
			t.Errorf("the server saw %q: %v, want %v", text, !seen, seen)
		}
	}
}

// endedByBitlBee ends a session from the other side, and goes on in clear.
func endedByBitlBee(ana *client, paulette *bitlbee) {
	ana.t.Helper()
	paulette.command("otr disconnect ana")
	paulette.expect("ana", "in cleartext")
	ended(ana)
}
