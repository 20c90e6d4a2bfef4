package e2e_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestKeyOfYesterday starts the client three times on a profile: its key is the same for the other side, which has verified it,
// and so is what it knows of theirs; between the starts it is killed, and gets another passphrase. A key is on the disk before
// anything is done with it.
func TestKeyOfYesterday(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	dir, theirs := t.TempDir(), t.TempDir()
	profileOf(t, 0, dir, []string{passphrase}, "encrypted")
	profileOf(t, 0, theirs, nil, "plain")
	start := func(phrase string) (ana, paulette *client) {
		t.Helper()
		l := launch{server: s, account: "paulette@localhost"}
		paulette = startProgram(t, "paulette", password, append([]string{"--json"}, l.arguments(theirs)...)...)
		paulette.expect("connection", fields{"state": "connected"})
		ana = withPassphrase(t, s, dir, "ana", phrase)
		ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
		ana.send("/query paulette@localhost")
		paulette.expect("presence", fields{"from": ana.jid(), "show": "online"})
		paulette.send("/query ana@localhost")
		return ana, paulette
	}

	ana, paulette := start(passphrase)
	ana.send("/otr start")
	first := ana.expect("otr", fields{"state": "encrypted", "trust": "unverified"})
	theirFirst := paulette.expect("otr", fields{"state": "encrypted", "trust": "unverified"})
	ana.send("/otr trust")
	ana.expect("otr", fields{"event": "trusted"})
	paulette.send("/otr trust")
	paulette.expect("otr", fields{"event": "trusted"})
	ana.send("/otr fingerprint")
	ana.expect("notice", fields{"code": "otr-fingerprints"})
	paulette.quit()
	ana.quit()
	profileOf(t, 0, dir, []string{passphrase, "marron"}, "passphrase")

	for _, end := range []func(*client){
		func(c *client) { c.command.Process.Kill(); <-c.ended },
		func(c *client) { c.quit() },
	} {
		ana, paulette = start("marron")
		ana.send("/otr start")
		if again := ana.expect("otr", fields{"state": "encrypted", "trust": "verified"}); again["fingerprint"] != first["fingerprint"] {
			t.Errorf("their key is %v, and was %v", again["fingerprint"], first["fingerprint"])
		}
		if again := paulette.expect("otr", fields{"state": "encrypted", "trust": "verified"}); again["fingerprint"] != theirFirst["fingerprint"] {
			t.Errorf("our key is %v for them, and was %v", again["fingerprint"], theirFirst["fingerprint"])
		}
		for _, c := range []*client{ana, paulette} {
			if alarms := c.all("otr", fields{"event": "new-fingerprint"}); len(alarms) > 0 {
				t.Errorf("%s was warned: %v", c.name, alarms)
			}
			if told := c.all("notice", fields{"code": "otr-key-unkept"}); len(told) > 0 {
				t.Errorf("%s: %v", c.name, told)
			}
		}
		end(ana)
		paulette.quit()
	}

	// What the profile keeps goes to other programs.
	said := keysExported(t, dir, "marron")
	if digits := strings.ReplaceAll(said, " ", ""); !strings.Contains(strings.ToLower(digits), theirFirst["fingerprint"].(string)) {
		t.Errorf("exported another key than %v: %s", theirFirst["fingerprint"], said)
	}
}

// keysExported runs "traboule otr export" on a profile with a passphrase, and returns what it says.
func keysExported(t *testing.T, dir, phrase string) string {
	t.Helper()
	command := exec.Command(binary(), "otr", "export", t.TempDir(), "--lang", "en", "--profile", dir, "--passphrase-fd", "3")
	command.ExtraFiles = []*os.File{secret(t, phrase)}
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return string(said)
}
