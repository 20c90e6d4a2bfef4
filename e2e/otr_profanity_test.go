package e2e_test

import (
	"strings"
	"testing"
)

// TestOTRProfanity drives a session with a client that has nothing but OTR 2.
func TestOTRProfanity(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	ana := login(t, s, "ana")
	ana.send("/query paulette@localhost")
	paulette := newProfanity(t, s, "paulette")
	ana.expect("presence", fields{"show": "online"})
	paulette.say("/otr gen")
	paulette.await("Private key generation complete")
	paulette.say("/otr policy manual")
	paulette.await("OTR policy is now set to: manual")
	paulette.say("/msg ana@localhost")
	paulette.await("ana@localhost [online] [unencrypted]")

	paulette.say("/otr start")
	ana.expect("otr", fields{"state": "encrypted", "version": 2, "reason": "by-them", "trust": "unverified"})
	paulette.await("[OTR] [untrusted]")
	confideProfanity(ana, paulette, "unverified")
	trustProfanity(ana, paulette)
	refuseToProve(ana, paulette)

	paulette.say("/otr end")
	ana.expect("otr", fields{"state": "finished", "reason": "by-them"})
	paulette.await("OTR session ended", "[unencrypted]")
	withheld(ana, "ne pars pas")
	ana.send("/otr end")
	ana.expect("otr", fields{"state": "plain"})
	ana.send("de nouveau en clair")
	if screen := paulette.await("de nouveau en clair"); strings.Contains(screen, "ne pars pas") {
		t.Errorf("what was withheld arrived:\n%s", screen)
	}

	ana.send("/otr start")
	ana.expect("otr", fields{"state": "encrypted", "version": 2, "reason": "by-us", "trust": "verified"})
	paulette.await("[OTR] [trusted]")
	confideProfanity(ana, paulette, "verified")
	ana.send("/otr end")
	ana.expect("otr", fields{"state": "plain", "reason": "by-us"})
	paulette.await("[unencrypted]")
	paulette.say("et moi en clair")
	ana.expect("message", fields{"direction": "in", "body": "et moi en clair", "encryption": "none"})
	ana.quit()
	understood(ana)
}

// confideProfanity says texts both ways in a session.
func confideProfanity(ana *client, paulette *peer, trust string) {
	ana.t.Helper()
	for _, text := range []string{"l’été à Mâcon, " + trust, "naïve 🥐 " + trust} {
		ana.send("%s", text)
		said := ana.expect("message", fields{"direction": "out", "body": text, "encryption": "otr", "trust": trust})
		ana.expect("message-state", fields{"id": said["id"], "state": "sent", "encryption": "otr"})
		paulette.await(": " + text)
	}
	for _, text := range []string{"où ça, " + trust + " ?", "œuf 🐈 " + trust} {
		paulette.say(text)
		ana.expect("message", fields{"direction": "in", "body": text, "encryption": "otr", "trust": trust, "warning": nil})
	}
}

// trustProfanity compares the keys and trusts them on both sides.
func trustProfanity(ana *client, paulette *peer) {
	ana.t.Helper()
	ana.send("/otr fingerprint")
	shown := ana.expect("notice", fields{"code": "otr-fingerprints", "trust": "unverified"})
	paulette.say("/otr theirfp")
	paulette.await("ana@localhost's OTR fingerprint: " + grouped(shown["ours"].(string)))
	paulette.say("/otr myfp")
	paulette.await("Your OTR fingerprint: " + grouped(shown["fingerprint"].(string)))
	paulette.say("/otr trust")
	paulette.await("[OTR] [trusted]")
	ana.send("/otr trust")
	ana.expect("otr", fields{"event": "trusted", "trust": "verified"})
}

// refuseToProve shows that nobody is verified by a secret here: in OTR 2 it proves nothing, to either side.
func refuseToProve(ana *client, paulette *peer) {
	ana.t.Helper()
	ana.send("/otr secret chat noir")
	if refused := ana.expect("notice", fields{"code": "smp-unsafe"}); !strings.Contains(refused["text"].(string), "OTR 2") {
		ana.t.Errorf("the refusal does not say why: %s", refused)
	}
	paulette.say("/otr secret chat noir")
	ana.expect("otr", fields{"event": "unsafe-smp"})
	paulette.await("SMP session aborted")
	confideProfanity(ana, paulette, "verified")
	if events := ana.all("otr", fields{"event": "smp-success"}); len(events) > 0 {
		ana.t.Errorf("a secret proved something: %v", events)
	}
	paulette.say("/otr trust")
	paulette.await("[OTR] [trusted]")
}
