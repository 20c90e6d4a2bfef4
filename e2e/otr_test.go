package e2e_test

import (
	"strings"
	"testing"
	"time"

	"traboule/internal/prosody"
)

// onContacts starts a Prosody where everybody is a contact of everybody else.
func onContacts(t testing.TB, hibernation time.Duration) (server, *prosody.Server) {
	t.Helper()
	return onContactsWith(t, prosody.Options{Hibernation: hibernation})
}

func onContactsWith(t testing.TB, options prosody.Options) (server, *prosody.Server) {
	t.Helper()
	options.Users = accounts()
	s, p := onProsodyWith(t, options)
	for jid := range accounts() {
		var others []string
		for other := range accounts() {
			if other != jid {
				others = append(others, other)
			}
		}
		if err := p.SetRoster(jid, others...); err != nil {
			t.Fatal(err)
		}
	}
	return s, p
}

// couple logs two contacts in who see each other.
func couple(t testing.TB, forAna, forPaulette server) (ana, paulette *client) {
	t.Helper()
	ana, paulette = login(t, forAna, "ana"), login(t, forPaulette, "paulette")
	ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
	paulette.expect("presence", fields{"from": ana.jid(), "show": "online"})
	ana.send("/query paulette@localhost")
	paulette.send("/query ana@localhost")
	return ana, paulette
}

// jid returns the full JID of the newest login.
func (c *client) jid() string {
	c.t.Helper()
	logins := c.all("connection", fields{"state": "connected"})
	if len(logins) == 0 {
		c.t.Fatalf("%s: not logged in", c.name)
	}
	jid, _ := logins[len(logins)-1]["jid"].(string)
	return jid
}

// encrypt starts a session and waits until both sides know of it.
func encrypt(ana, paulette *client) {
	ana.t.Helper()
	ana.send("/otr start")
	ana.expect("otr", fields{"conversation": paulette.jid(), "state": "starting", "reason": "by-us"})
	ana.expect("otr", fields{"conversation": paulette.jid(), "state": "encrypted", "version": 3, "reason": "by-us"})
	paulette.expect("otr", fields{"conversation": ana.jid(), "state": "encrypted", "version": 3, "reason": "by-them"})
}

// agree is encrypt where the other side is asked first.
func agree(ana, paulette *client) {
	ana.t.Helper()
	ana.send("/otr start")
	offer := paulette.expect("otr", fields{"event": "offered"})
	paulette.send("/otr start %s", offer["conversation"])
	for _, c := range []*client{ana, paulette} {
		c.expect("otr", fields{"state": "encrypted", "version": 3, "reason": "by-us", "event": nil})
	}
}

// writings are texts that each step of an encryption could spoil.
func writings(name string) []string {
	return []string{
		name + " écrit <b>gras</b> &amp; <br> comme c’est tapé",
		name + " : l’été à Mâcon, ça ira ? œuf 1 < 2 && \"oui\" ; naïve",
		name + " 🥐 👩‍🚀 日本語 עברית",
		name + " ?OTR n’est qu’un mot ici, <ceci> et 1>0 aussi",
	}
}

// confide says texts in a session and checks that each arrives as it was, encrypted.
func confide(from, to *client, trust string, texts ...string) {
	from.t.Helper()
	for _, text := range texts {
		from.send("%s", text)
		said := from.expect("message", fields{"direction": "out", "body": text, "encryption": "otr"})
		from.expect("message-state", fields{"id": said["id"], "state": "sent", "encryption": "otr"})
		to.expect("message", fields{"direction": "in", "body": text, "encryption": "otr", "trust": trust, "warning": nil})
	}
}

// openly says texts without a session and checks that they arrive so.
func openly(from, to *client, texts ...string) {
	from.t.Helper()
	for _, text := range texts {
		from.send("%s", text)
		said := from.expect("message", fields{"direction": "out", "body": text, "encryption": "none"})
		from.expect("message-state", fields{"id": said["id"], "state": "sent"})
		to.expect("message", fields{"direction": "in", "body": text, "encryption": "none", "trust": "none"})
	}
}

// withheld says a text that must not be sent.
func withheld(from *client, text string) {
	from.t.Helper()
	from.send("%s", text)
	said := from.expect("message", fields{"direction": "out", "body": text})
	from.expect("message-state", fields{"id": said["id"], "state": "failed", "error.code": "not-encrypted"})
}

// TestOTR drives a session between two of our own clients, every command of it.
func TestOTR(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	ana, paulette := couple(t, s, s)
	encrypt(ana, paulette)
	confide(ana, paulette, "unverified", writings("ana")...)
	confide(paulette, ana, "unverified", writings("paulette")...)
	compareKeys(ana, paulette)
	proveWithQuestion(ana, paulette)
	proveWithSecret(paulette, ana)
	breakOff(ana, paulette)

	paulette.send("/otr end")
	paulette.expect("otr", fields{"state": "plain", "reason": "by-us"})
	ana.expect("otr", fields{"state": "finished", "reason": "by-them"})
	withheld(ana, "ne pars pas en clair")
	ana.send("/otr end")
	ana.expect("otr", fields{"state": "plain"})
	openly(ana, paulette, "de nouveau en clair")
	openly(paulette, ana, "moi aussi")

	// The other way round, and the keys are known as well as before.
	encrypt(paulette, ana)
	confide(paulette, ana, "verified", "à toi")
	ana.send("/otr end")
	ana.expect("otr", fields{"state": "plain", "reason": "by-us"})
	paulette.expect("otr", fields{"state": "finished", "reason": "by-them"})
	withheld(paulette, "rien ne part")

	// Who quits ends what there is.
	encrypt(paulette, ana)
	paulette.quit()
	ana.expect("otr", fields{"state": "finished"})
	withheld(ana, "elle est partie")
	ana.quit()
	understood(ana, paulette)
}

// compareKeys shows the keys to both sides, marks one as verified, takes it back, and marks it again.
func compareKeys(ana, paulette *client) {
	ana.t.Helper()
	ana.send("/otr fingerprint")
	paulette.send("/otr fingerprint")
	a := ana.expect("notice", fields{"code": "otr-fingerprints", "trust": "unverified"})
	p := paulette.expect("notice", fields{"code": "otr-fingerprints", "trust": "unverified"})
	if a["ours"] != p["fingerprint"] || a["fingerprint"] != p["ours"] || a["ours"] == a["fingerprint"] {
		ana.t.Errorf("the sides show other keys: %s and %s", a, p)
	}
	uri, _ := a["uri"].(string)
	if mark := "otr-fingerprint=" + a["ours"].(string); !strings.HasPrefix(uri, "xmpp:ana@localhost?") || !strings.Contains(uri, mark) {
		ana.t.Errorf("the link %q lacks %q", uri, mark)
	}
	paulette.send("/otr trust")
	paulette.expect("otr", fields{"event": "trusted", "trust": "verified", "fingerprint": a["ours"]})
	confide(ana, paulette, "verified", "vérifiée")
	paulette.send("/otr distrust")
	paulette.expect("otr", fields{"event": "distrusted", "trust": "unverified", "fingerprint": a["ours"]})
	confide(ana, paulette, "unverified", "plus vérifiée")
	paulette.send("/otr trust")
	paulette.expect("otr", fields{"event": "trusted"})
}

// proveWithQuestion has ana ask paulette: she gives a wrong answer, and then the right one.
func proveWithQuestion(ana, paulette *client) {
	ana.t.Helper()
	ana.send(`/otr ask "Où s’est-on connues ?" à Mâcon`)
	paulette.expect("otr", fields{"event": "smp-request", "question": "Où s’est-on connues ?"})
	paulette.send("/otr answer à Lyon")
	for _, c := range []*client{ana, paulette} {
		c.expect("otr", fields{"event": "smp-progress"})
		c.expect("otr", fields{"event": "smp-failure", "state": "encrypted"})
	}
	confide(paulette, ana, "unverified", "raté")

	ana.send(`/otr ask "Où s’est-on connues ?" à Mâcon`)
	paulette.expect("otr", fields{"event": "smp-request", "question": "Où s’est-on connues ?"})
	paulette.send("/otr answer à Mâcon")
	ana.expect("otr", fields{"event": "smp-success", "trust": "verified"})
	paulette.expect("otr", fields{"event": "smp-success"})
	confide(paulette, ana, "verified", "réussi")
}

// proveWithSecret has a secret compared that no question goes with, after which both sides know.
func proveWithSecret(paulette, ana *client) {
	ana.t.Helper()
	for _, c := range []*client{ana, paulette} {
		c.send("/otr distrust")
		c.expect("otr", fields{"event": "distrusted"})
	}
	paulette.send("/otr secret 🐈 noir")
	ana.expect("otr", fields{"event": "smp-request", "question": nil})
	ana.send("/otr answer 🐈 noir")
	ana.expect("otr", fields{"event": "smp-success", "trust": "verified"})
	paulette.expect("otr", fields{"event": "smp-success", "trust": "verified"})
	confide(ana, paulette, "verified", "les deux")
}

// breakOff has each side break a verification off. Trust stays.
func breakOff(ana, paulette *client) {
	ana.t.Helper()
	for _, breaker := range []*client{ana, paulette} {
		ana.send("/otr secret pain")
		paulette.expect("otr", fields{"event": "smp-request"})
		breaker.send("/otr abort")
		ana.expect("otr", fields{"event": "smp-abort", "trust": "verified"})
		paulette.expect("otr", fields{"event": "smp-abort", "trust": "verified"})
	}
	confide(ana, paulette, "verified", "toujours là")
}

// TestOTRByItself shows that two contacts come to a session without a command, by the mark at the end of a text.
func TestOTRByItself(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	ana, paulette := couple(t, s, s)
	openly(ana, paulette, "bonjour paulette")
	ana.expect("otr", fields{"conversation": paulette.jid(), "state": "encrypted"})
	paulette.expect("otr", fields{"conversation": ana.jid(), "state": "encrypted"})
	confide(ana, paulette, "unverified", "entre nous")
	confide(paulette, ana, "unverified", "rien qu’entre nous")
	ana.quit()
	paulette.quit()
}

// TestOTRBothStart has both sides start at the same moment.
func TestOTRBothStart(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	ana, paulette := couple(t, s, s)
	for range 3 {
		for _, c := range []*client{ana, paulette} {
			c.send("/otr start")
		}
		for _, c := range []*client{ana, paulette} {
			c.expect("otr", fields{"state": "encrypted"})
		}
		confide(ana, paulette, "unverified", "de moi")
		confide(paulette, ana, "unverified", "et de moi")
		ana.send("/otr end")
		ana.expect("otr", fields{"state": "plain"})
		paulette.expect("otr", fields{"state": "finished"})
		paulette.send("/otr end")
		paulette.expect("otr", fields{"state": "plain"})
		for _, c := range []*client{ana, paulette} {
			for range c.each("otr", fields{"state": "encrypted"}) { // both may have begun one
			}
		}
	}
	ana.quit()
	paulette.quit()
}
