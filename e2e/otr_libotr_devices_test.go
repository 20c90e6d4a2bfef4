package e2e_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestOTROurDevicesLibotr has two of our clients on one account. libotr has a session with each, and knows only that both are
// ana: it chooses whom to encrypt for, and its program, which knows nothing of that, chooses whom to send it to.
func TestOTROurDevicesLibotr(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	desk, paulette := besideBitlBee(t, s, s)
	phone := login(t, s, "ana")
	phone.send("/query paulette@localhost")
	phone.expect("presence", fields{"from": "paulette@localhost/bitlbee", "show": "online"})
	both := []*client{desk, phone}
	for _, c := range both {
		c.send("/otr start")
		c.expect("otr", fields{"state": "encrypted"})
		paulette.expect("ana", "off the record")
	}
	const turns = 4
	for i := range turns {
		from := both[i%2]
		from.send("de ana %d", i)
		from.expect("message", fields{"direction": "out", "encryption": "otr"})
		paulette.hears("ana", fmt.Sprintf("de ana %d", i), "unverified")
		paulette.say("ana", fmt.Sprintf("à ana %d", i))
		readByOne(t, fmt.Sprintf("à ana %d", i), i+1, both)
	}
	phone.quit()
	paulette.awaitRoot("otr info ana", "connection state: shut down")
	paulette.say("ana", "à qui reste")
	desk.expect("message", fields{"direction": "in", "body": "à qui reste", "encryption": "otr"})
	desk.quit()
	undisturbed(desk)
	undisturbed(phone)
}

// readByOne waits until one device has read a text, encrypted, and the other has told that it can not read it; so many texts
// have come to each of them by then.
func readByOne(t *testing.T, text string, texts int, devices []*client) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		read, all := 0, true
		for _, c := range devices {
			read += len(c.all("message", fields{"direction": "in", "body": text, "encryption": "otr", "warning": nil}))
			all = all && len(c.all("message", fields{"direction": "in"})) == texts
		}
		if read == 1 && all {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%q was read %d times, and came to all: %v", text, read, all)
		}
	}
}

// TestOTRTheirDevicesLibotr has a session with each of two programs of paulette's, both with libotr. What is for one never
// goes to the other, nor out in clear when one of them has gone.
func TestOTRTheirDevicesLibotr(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	ana, desk := besideBitlBee(t, s, s)
	desk.command("otr connect ana")
	ana.expect("otr", fields{"conversation": "paulette@localhost/bitlbee", "state": "encrypted"})
	phone := newMcabberOTR(t, s, "paulette")
	ana.expect("presence", fields{"show": "online"})
	phone.command("/otr start .", "OTR: channel established")
	onPhone := ana.expect("otr", fields{"state": "encrypted", "event": "new-fingerprint"})["conversation"].(string)
	const onDesk = "paulette@localhost/bitlbee"

	desk.say("ana", "du bureau")
	ana.expect("message", fields{"direction": "in", "body": "du bureau", "encryption": "otr", "from": onDesk})
	ana.send("au bureau")
	desk.hears("ana", "au bureau", "unverified")
	phone.say("du mobile")
	ana.expect("message", fields{"direction": "in", "body": "du mobile", "encryption": "otr", "from": onPhone})
	ana.send("toujours au bureau") // the key of the other device is no better known
	desk.hears("ana", "toujours au bureau", "unverified")
	ana.send("/otr start %s", onPhone)
	ana.expect("notice", fields{"code": "otr-device", "jid": onPhone})
	ana.send("au mobile")
	phone.await("O= au mobile")

	phone.command("/otr stop .", "OTR: channel closed")
	ana.expect("otr", fields{"conversation": onPhone, "state": "finished", "reason": "by-them"})
	withheld(ana, "à personne")
	ana.send("/otr end")
	ana.expect("otr", fields{"conversation": onPhone, "state": "plain"})
	ana.send("au bureau seul")
	desk.hears("ana", "au bureau seul", "unverified")
	desk.say("ana", "du bureau seul")
	ana.expect("message", fields{"direction": "in", "body": "du bureau seul", "encryption": "otr", "from": onDesk})

	for _, said := range desk.all("ana", "") {
		if strings.Contains(said.text, "mobile") || strings.Contains(said.text, "personne") {
			t.Errorf("the desk got %q", said.text)
		}
	}
	if screen := phone.capture(); strings.Contains(screen, "bureau") || strings.Contains(screen, "personne") {
		t.Errorf("the phone got what is not for it:\n%s", screen)
	}
	ana.quit()
	undisturbed(ana)
}
