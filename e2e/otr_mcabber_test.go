package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// newMcabberOTR starts mcabber with libotr, logged in, in the conversation with ana. It does nothing about OTR by itself.
func newMcabberOTR(t *testing.T, s server, name string) *peer {
	t.Helper()
	env, argv := mcabber(t, s, name)
	file := argv[len(argv)-1]
	settings, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(filepath.Dir(file), "otr")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, file, string(settings)+fmt.Sprintf("set otr = 1\nset otr_dir = %s\notrpolicy default manual\n", dir))
	p := &peer{terminal: newTerminal(t, 160, 40, env, argv...), showFormat: "/roster search %s"}
	p.await("Your status has been set", "[o] ana@localhost")
	p.say("/roster search ana@localhost")
	p.keys("Enter")
	p.await("Buddy: ana@localhost")
	return p
}

// command types a command on an empty window and waits for what it leads to.
func (p *peer) command(line string, wants ...string) string {
	p.t.Helper()
	p.clear()
	p.say(line)
	return p.await(wants...)
}

// clear empties the window, so that what was said before is not taken for what comes. It says so again where a line came
// just after it was emptied.
func (p *peer) clear() {
	p.t.Helper()
	p.say("/buffer clear")
	looked := 0
	p.awaitThat("is empty", func(screen string) bool {
		empty := !strings.Contains(screen, "***") && !strings.Contains(screen, "O>") && !strings.Contains(screen, "<O")
		if looked++; !empty && looked%25 == 0 {
			p.say("/buffer clear")
		}
		return empty
	})
}

// TestOTRMcabber drives a session with a client that has libotr, started and ended by each side.
func TestOTRMcabber(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	ana := login(t, s, "ana")
	ana.send("/query paulette@localhost")
	paulette := newMcabberOTR(t, s, "paulette")
	ana.expect("presence", fields{"show": "online"})

	paulette.command("/otr start .", "OTR: channel established")
	ana.expect("otr", fields{"state": "encrypted", "version": 3, "reason": "by-them", "trust": "unverified"})
	confideMcabber(ana, paulette, "unverified")
	compareMcabber(ana, paulette)
	askMcabber(ana, paulette)
	askedByMcabber(ana, paulette)

	paulette.clear()
	ana.send("/otr end")
	ana.expect("otr", fields{"state": "plain", "reason": "by-us"})
	paulette.await("OTR: channel closed")
	paulette.say("en clair ici")
	ana.expect("message", fields{"direction": "in", "body": "en clair ici", "encryption": "none", "warning": nil})
	ana.send("en clair là")
	paulette.await("<== en clair là")

	paulette.clear()
	ana.send("/otr start")
	ana.expect("otr", fields{"state": "encrypted", "version": 3, "reason": "by-us", "trust": "verified"})
	paulette.await("OTR: channel established")
	confideMcabber(ana, paulette, "verified")
	paulette.command("/otr stop .", "OTR: channel closed")
	ana.expect("otr", fields{"state": "finished", "reason": "by-them"})
	withheld(ana, "ne pars pas")
	ana.send("/otr end")
	ana.expect("otr", fields{"state": "plain"})
	ana.send("de nouveau en clair")
	if screen := paulette.await("<== de nouveau en clair"); strings.Contains(screen, "ne pars pas") {
		t.Errorf("what was withheld arrived:\n%s", screen)
	}
	ana.quit()
	understood(ana)
}

// confideMcabber says texts both ways in a session.
func confideMcabber(ana *client, paulette *peer, trust string) {
	ana.t.Helper()
	paulette.clear()
	for _, text := range []string{"l’été à Mâcon : 1 < 2 && \"œuf\"", "naïve 🥐"} {
		ana.send("%s", text)
		said := ana.expect("message", fields{"direction": "out", "body": text, "encryption": "otr", "trust": trust})
		ana.expect("message-state", fields{"id": said["id"], "state": "sent", "encryption": "otr"})
		paulette.await("O= " + text)
	}
	for _, text := range []string{"où ça ? <ici> & 2 > 1", "à Mâcon 🐈‍⬛ éàü"} {
		paulette.say(text)
		ana.expect("message", fields{"direction": "in", "body": text, "encryption": "otr", "trust": trust, "warning": nil})
	}
}

// compareMcabber compares the keys that both sides show, and has mcabber trust ours.
func compareMcabber(ana *client, paulette *peer) {
	ana.t.Helper()
	ana.send("/otr fingerprint")
	shown := ana.expect("notice", fields{"code": "otr-fingerprints", "trust": "unverified"})
	ours, theirs := grouped(shown["ours"].(string)), grouped(shown["fingerprint"].(string))
	paulette.command("/otr key", "paulette@localhost: "+theirs)
	paulette.command("/otr fingerprint .", "["+ours+"]: untrusted")
	paulette.command("/otr fingerprint . "+ours, "["+ours+"]: trusted")
	ana.send("/otr trust")
	ana.expect("otr", fields{"event": "trusted", "fingerprint": shown["fingerprint"]})
	ana.send("/otr distrust")
	ana.expect("otr", fields{"event": "distrusted", "fingerprint": shown["fingerprint"]})
}

// grouped writes a fingerprint as libotr does.
func grouped(fingerprint string) string {
	return strings.TrimSpace(regexp.MustCompile(`.{8}`).ReplaceAllString(strings.ToUpper(fingerprint), "$0 "))
}

// askMcabber has us verify mcabber's user, with and without a question, which mcabber does not show.
func askMcabber(ana *client, paulette *peer) {
	ana.t.Helper()
	for _, row := range []struct{ ask, answer, event, says string }{
		{`/otr ask "Où ?" à Mâcon`, "à Lyon", "smp-failure", "Protocol: Aborted."}, // after its failure
		{`/otr ask "Où ?" à Mâcon`, "à Mâcon", "smp-success", "Protocol: Success!"},
		{"/otr secret chat 🐈", "chien", "smp-failure", "Protocol: Aborted."},
		{"/otr secret chat 🐈", "chat 🐈", "smp-success", "Protocol: Success!"},
	} {
		paulette.clear()
		ana.send("%s", row.ask)
		paulette.await("Received SMP Initiation")
		paulette.say("/otr smpr . " + row.answer)
		ana.expect("otr", fields{"event": "smp-progress", "progress": 60})
		ana.expect("otr", fields{"event": row.event})
		paulette.await(row.says)
	}
	paulette.clear()
}

// askedByMcabber has mcabber's user verify us. That an answer was wrong mcabber learns as an end of the verification: otr3
// breaks it off as soon as it knows.
func askedByMcabber(ana *client, paulette *peer) {
	ana.t.Helper()
	ana.send("/otr distrust")
	ana.expect("otr", fields{"event": "distrusted"})
	for _, row := range []struct{ answer, event, trust, says string }{
		{"chien", "smp-failure", "unverified", "Protocol: Aborted."},
		{"chat noir", "smp-success", "verified", "Protocol: Success!"},
	} {
		paulette.command("/otr smpq . chat noir", "Protocol initiated")
		ana.expect("otr", fields{"event": "smp-request", "question": nil})
		ana.send("/otr answer %s", row.answer)
		ana.expect("otr", fields{"event": row.event, "trust": row.trust})
		paulette.await(row.says)
	}
	paulette.command("/otr smpq . chat noir", "Protocol initiated")
	ana.expect("otr", fields{"event": "smp-request"})
	paulette.command("/otr smpa .", "Protocol aborted")
	ana.expect("otr", fields{"event": "smp-abort", "trust": "verified"})
}
