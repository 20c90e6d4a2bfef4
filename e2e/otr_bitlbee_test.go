package e2e_test

import "testing"

// TestOTRBitlBee drives a session with a client on libpurple and libotr, started and ended by each side.
func TestOTRBitlBee(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	ana, paulette := besideBitlBee(t, s, s)

	paulette.command("otr connect ana")
	ana.expect("otr", fields{"state": "encrypted", "version": 3, "reason": "by-them", "trust": "unverified"})
	paulette.expect("ana", "off the record (untrusted!)")
	confideBitlBee(ana, paulette, "unverified", "unverified")
	compareBitlBee(ana, paulette)
	askBitlBee(ana, paulette)
	askedByBitlBee(ana, paulette)
	breakOffBitlBee(ana, paulette)
	renewBitlBee(ana, paulette)
	confideBitlBee(ana, paulette, "verified", "verified")

	paulette.forget()
	ana.send("/otr end")
	ana.expect("otr", fields{"state": "plain", "reason": "by-us"})
	paulette.awaitRoot("otr info ana", "connection state: shut down")
	paulette.say("ana", "trop tard")
	paulette.expect("ana", "other end has disconnected OTR")
	paulette.command("otr disconnect ana")
	paulette.expect("ana", "in cleartext")
	openlyBitlBee(ana, paulette)

	ana.send("/otr start")
	ana.expect("otr", fields{"state": "encrypted", "version": 3, "reason": "by-us", "trust": "verified"})
	paulette.expect("ana", "off the record")
	confideBitlBee(ana, paulette, "verified", "verified")
	paulette.command("otr disconnect ana")
	ana.expect("otr", fields{"state": "finished", "reason": "by-them"})
	withheld(ana, "ne pars pas")
	ana.send("/otr end")
	ana.expect("otr", fields{"state": "plain"})
	openlyBitlBee(ana, paulette)
	if said := paulette.all("ana", "ne pars pas"); len(said) > 0 {
		t.Errorf("what was withheld arrived: %v", said)
	}
	if said := ana.all("message", fields{"body": "trop tard"}); len(said) > 0 {
		t.Errorf("what libotr withheld arrived: %v", said)
	}
	ana.quit()
	understood(ana)
}

// besideBitlBee logs ana in with our client and paulette with bitlbee, who see each other.
func besideBitlBee(t *testing.T, forAna, forPaulette server) (ana *client, paulette *bitlbee) {
	t.Helper()
	ana = login(t, forAna, "ana")
	ana.send("/query paulette@localhost")
	paulette = newBitlBee(t, forPaulette, "paulette")
	ana.expect("presence", fields{"from": "paulette@localhost/bitlbee", "show": "online"})
	return ana, paulette
}

// confideBitlBee says texts both ways in a session, in which each side has some trust in the other. What libpurple writes and
// reads is HTML, which shows in what it has for "<" and "&".
func confideBitlBee(ana *client, paulette *bitlbee, ours, theirs string) {
	ana.t.Helper()
	for _, text := range writings("paulette") {
		paulette.say("ana", text)
		ana.expect("message", fields{"direction": "in", "body": text, "encryption": "otr", "trust": ours, "warning": nil})
	}
	for _, text := range writings("ana") {
		ana.send("%s", text)
		said := ana.expect("message", fields{"direction": "out", "body": text, "encryption": "otr", "trust": ours})
		ana.expect("message-state", fields{"id": said["id"], "state": "sent", "encryption": "otr"})
		paulette.hears("ana", text, theirs)
	}
}

// openlyBitlBee says texts both ways without a session.
func openlyBitlBee(ana *client, paulette *bitlbee) {
	ana.t.Helper()
	paulette.say("ana", "en clair ici 🐈")
	ana.expect("message", fields{"direction": "in", "body": "en clair ici 🐈", "encryption": "none", "warning": nil})
	ana.send("en clair là, à l’été")
	paulette.hears("ana", "en clair là, à l’été", "none")
}

// compareBitlBee compares the keys that both sides show, and has each side trust the other.
func compareBitlBee(ana *client, paulette *bitlbee) {
	ana.t.Helper()
	ana.send("/otr fingerprint")
	shown := ana.expect("notice", fields{"code": "otr-fingerprints", "trust": "unverified"})
	ours, theirs := grouped(shown["ours"].(string)), grouped(shown["fingerprint"].(string))
	paulette.command("otr info", theirs)
	paulette.command("otr info ana", ours+" (untrusted)", "encrypted (v3)")
	paulette.command("otr trust ana "+ours, "trust set to")
	paulette.command("otr info ana", ours+" (affirmed)")
	ana.send("/otr trust")
	ana.expect("otr", fields{"event": "trusted", "trust": "verified", "fingerprint": shown["fingerprint"]})
	ana.send("/otr distrust")
	ana.expect("otr", fields{"event": "distrusted", "trust": "unverified", "fingerprint": shown["fingerprint"]})
}

// askBitlBee has us verify paulette, with and without a question.
func askBitlBee(ana *client, paulette *bitlbee) {
	ana.t.Helper()
	for _, row := range []struct{ ask, asked, answer, event, says string }{
		{`/otr ask "Où ?" à Mâcon`, `with question: "Où ?"`, "à Lyon", "smp-failure", "wrong answer, you are not trusted"},
		{`/otr ask "Où ?" à Mâcon`, `with question: "Où ?"`, "à Mâcon", "smp-success", "correct answer, you are trusted"},
		{"/otr secret chat 🐈", "smp: initiated by ana", "chien", "smp-failure", "secrets did not match, fingerprint not trusted"},
		{"/otr secret chat 🐈", "smp: initiated by ana", "chat 🐈", "smp-success", "secrets proved equal, fingerprint trusted"},
	} {
		paulette.forget()
		ana.send("%s", row.ask)
		paulette.expect("root", row.asked)
		paulette.command(`otr smp ana "` + row.answer + `"`)
		ana.expect("otr", fields{"event": "smp-progress", "progress": 60})
		ana.expect("otr", fields{"event": row.event})
		paulette.expect("root", row.says)
		if row.event == "smp-failure" {
			paulette.expect("root", "received abort")
		}
	}
}

// askedByBitlBee has paulette verify us, with and without a question. That an answer was wrong libotr learns as an end of the
// verification: otr3 breaks it off as soon as it knows.
func askedByBitlBee(ana *client, paulette *bitlbee) {
	ana.t.Helper()
	ana.send("/otr distrust")
	ana.expect("otr", fields{"event": "distrusted"})
	for _, row := range []struct {
		ask              string
		question         any
		answer           string
		event, has, says string
	}{
		{`otr smpq ana "Où s’est-on vues ?" "à Mâcon"`, "Où s’est-on vues ?", "à Lyon", "smp-failure", "unverified", "received abort"},
		{`otr smpq ana "Où s’est-on vues ?" "à Mâcon"`, "Où s’est-on vues ?", "à Mâcon", "smp-success", "unverified", "secrets proved equal, fingerprint trusted"},
		{`otr smp ana "chat noir"`, nil, "chien", "smp-failure", "unverified", "received abort"},
		{`otr smp ana "chat noir"`, nil, "chat noir", "smp-success", "verified", "secrets proved equal, fingerprint trusted"},
	} {
		paulette.forget()
		paulette.command(row.ask, "smp: initiating with ana")
		ana.expect("otr", fields{"event": "smp-request", "question": row.question})
		ana.send("/otr answer %s", row.answer)
		ana.expect("otr", fields{"event": row.event, "trust": row.has})
		paulette.expect("root", row.says)
	}
}

// breakOffBitlBee has us break a verification off, of our own and of theirs. Trust stays.
func breakOffBitlBee(ana *client, paulette *bitlbee) {
	ana.t.Helper()
	for _, ask := range []func(){
		func() {
			ana.send(`/otr ask "Quand ?" hier`)
			paulette.expect("root", `with question: "Quand ?"`)
		},
		func() {
			paulette.command(`otr smpq ana "Quand ?" "hier"`, "smp: initiating with ana")
			ana.expect("otr", fields{"event": "smp-request", "question": "Quand ?"})
		},
	} {
		paulette.forget()
		ask()
		ana.send("/otr abort")
		ana.expect("otr", fields{"event": "smp-abort", "trust": "verified"})
		paulette.expect("root", "received abort")
	}
}

// renewBitlBee has each side ask for new keys in the middle of a session.
func renewBitlBee(ana *client, paulette *bitlbee) {
	ana.t.Helper()
	for _, start := range []func(){
		func() { ana.send("/otr start") },
		func() { paulette.command("otr connect ana") },
	} {
		paulette.forget()
		start()
		ana.expect("otr", fields{"state": "encrypted", "reason": "renewed", "trust": "verified"})
		paulette.expect("ana", "(trusted)") // it says that it is off the record, or refreshed
	}
}
