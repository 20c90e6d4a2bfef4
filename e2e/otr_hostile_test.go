package e2e_test

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/coyim/otr3"
)

// attackSession has a contact with whom there is a session do all that it should not. After each attack both can still read each
// other; in all, the client and the process with its keys take less than 100 MiB more, and nobody is verified by any of it.
func attackSession(t *testing.T, s server, ana *client) *rogue {
	t.Helper()
	r := newRogue(t, s, "hubert", "rogue", ana)
	ana.expect("presence", fields{"from": r.JID, "show": "online"})
	ana.send("/query hubert@localhost")
	r.shakeHands(3, 0)
	ana.expect("otr", fields{"conversation": r.JID, "state": "encrypted"})
	before := ana.peakMemory()
	for _, row := range []struct {
		name   string
		attack func(*client, *rogue)
	}{
		{"truncated messages", truncated},
		{"a message of which there is no end", endless},
		{"what is no base64", func(_ *client, r *rogue) { r.tell(slices.Repeat([]string{"?OTR:===."}, 50)...) }},
		{"errors", errorFlood},
		{"a verification out of order", outOfOrder},
		{"a question of 1 MB", hugeQuestion},
		{"plain texts in every state", plainTexts},
		{"another key", otherKey},
		{"a crowd of devices", func(ana *client, _ *rogue) { crowdOfDevices(t, s, ana) }},
	} {
		row.attack(ana, r)
		t.Logf("after %s: %d kB more", row.name, ana.peakMemory()-before)
		bothRead(ana, r, row.name)
	}
	const most = 100 << 10 // kB
	if grown := ana.peakMemory() - before; grown > most {
		t.Errorf("the client has taken %d kB more", grown)
	}
	for _, kind := range []string{"otr", "message"} {
		for _, e := range ana.all(kind, fields{"trust": "verified"}) {
			if strings.HasPrefix(e["conversation"].(string), "hubert@") {
				t.Errorf("verified: %s", e)
			}
		}
	}
	return r
}

// bomb asks for a verification with so many numbers that the process with the keys ends, and all sessions with it.
func bomb(ana *client, r *rogue) {
	ana.t.Helper()
	ana.send("/query hubert@localhost")
	r.tell(r.seal("\x00\x00\x02\x00\x04\xff\xff\xff\xff"))
	ana.expect("otr", fields{"conversation": r.JID, "state": "finished", "reason": "fault"})
	withheld(ana, "pas après la bombe")
	startAnew(ana, r, 3, 0)
	bothRead(ana, r, "4,294,967,295 numbers")
	r.blind("pas après la bombe")
}

// bothRead has both say something that the other one can read.
func bothRead(ana *client, r *rogue, after string) {
	ana.t.Helper()
	r.tell(r.seal("encore là après " + after))
	ana.expect("message", fields{"body": "encore là après " + after, "encryption": "otr", "trust": "unverified", "warning": nil})
	ana.send("moi aussi après %s", after)
	r.hears("moi aussi après " + after)
}

// truncated sends an encrypted text cut at many places, and then all of it.
func truncated(ana *client, r *rogue) {
	ana.t.Helper()
	whole := r.seal("entier")
	const longest, step = 400, 7
	for length := 0; length < longest; length += step {
		r.tell(r.truncate(whole, length))
	}
	ana.expect("otr", fields{"conversation": r.JID, "event": "unreadable", "state": "encrypted"})
	r.tell(whole)
	ana.expect("message", fields{"body": "entier", "encryption": "otr"})
}

// endless sends the first of 65,535 fragments of 64 kB. All of them, which no server carries in a minute, come in a test of
// package otr.
func endless(ana *client, r *rogue) {
	ana.t.Helper()
	const total, sent, size = 65_535, 100, 64_000
	rest := fmt.Sprintf(",%d,%s,", total, strings.Repeat("A", size))
	for i := range sent {
		r.tell("?OTR," + strconv.Itoa(i+1) + rest)
	}
	ana.expect("otr", fields{"conversation": r.JID, "event": "oversized", "state": "encrypted"})
}

// errorFlood says again and again that something went wrong. It gets no answer, and the user is told of ten a minute.
func errorFlood(ana *client, r *rogue) {
	ana.t.Helper()
	r.drain()
	const many, told = 300, 10
	for i := range many {
		r.tell(fmt.Sprintf("?OTR Error: %d", i))
	}
	r.tell(r.seal("après les erreurs"))
	ana.expect("message", fields{"body": "après les erreurs"})
	if n := len(ana.all("otr", fields{"conversation": r.JID, "event": "error"})); n == 0 || n > 2*told { // within a minute each
		ana.t.Errorf("%d errors were told", n)
	}
	if len(r.inbox) > 0 {
		ana.t.Errorf("errors were answered: %q", r.next())
	}
}

// outOfOrder sends the steps of a verification that nobody has asked for, the last one first, and in the middle of one.
func outOfOrder(ana *client, r *rogue) {
	ana.t.Helper()
	steps := func() {
		for kind := uint16(7); kind >= 3; kind-- {
			r.tell(r.seal("\x00" + record(kind, 11)))
			r.tell(r.seal("\x00" + record(kind, 0)))
		}
	}
	steps()
	r.say(r.library.StartAuthenticate("Qui ?", []byte("x")))
	ana.expect("otr", fields{"conversation": r.JID, "event": "smp-request", "question": "Qui ?"})
	steps()
	ana.expect("otr", fields{"conversation": r.JID, "event": "smp-abort", "trust": "unverified"})
	ana.send("/otr answer x")
	ana.expect("notice", fields{"code": "smp-nothing"})
	ana.send("/otr secret x")
	steps()
	ana.expect("otr", fields{"conversation": r.JID, "event": "smp-abort", "trust": "unverified"})
	if got := ana.all("otr", fields{"conversation": r.JID, "event": "smp-success"}); len(got) > 0 {
		ana.t.Errorf("verified: %v", got)
	}
}

// record is a record of the protocol that holds so many numbers, all of them 1.
func record(kind uint16, numbers int) string {
	content := otr3.AppendWord(nil, uint32(numbers))
	for range numbers {
		content = otr3.AppendMPI(content, big.NewInt(1))
	}
	return string(append(otr3.AppendShort(otr3.AppendShort(nil, kind), uint16(len(content))), content...))
}

// hugeQuestion asks a question as long as one can be, and a longer one in pieces, as no server lets it through at once.
func hugeQuestion(ana *client, r *rogue) {
	ana.t.Helper()
	const longest, size = 60_000, 60_000
	r.say(r.library.StartAuthenticate(strings.Repeat("q", longest), []byte("x")))
	asked := ana.expect("otr", fields{"conversation": r.JID, "event": "smp-request"})
	ana.t.Logf("a question of %d bytes is shown with %d", longest, len(asked["question"].(string)))
	ana.send("/otr abort")
	ana.expect("otr", fields{"conversation": r.JID, "event": "smp-abort"})

	before := len(ana.all("otr", fields{"conversation": r.JID, "event": "oversized"}))
	text := r.seal("\x00\x00\x07\xff\xff" + strings.Repeat("q", 1<<20))
	for i, total := 0, len(text)/size+1; i < total; i++ {
		r.tell(fmt.Sprintf("?OTR,%d,%d,%s,", i+1, total, text[i*size:min((i+1)*size, len(text))]))
	}
	r.tell(r.seal("après la question"))
	ana.expect("message", fields{"body": "après la question"})
	if len(ana.all("otr", fields{"conversation": r.JID, "event": "oversized"})) == before {
		ana.t.Error("a message of more than 1 MB was taken")
	}
}

// plainTexts says texts in clear in every state, and sees which are marked.
func plainTexts(ana *client, r *rogue) {
	ana.t.Helper()
	clear := func(state string, warning any) {
		ana.t.Helper()
		r.tell("en clair : " + state)
		ana.expect("message", fields{"body": "en clair : " + state, "encryption": "none", "trust": "none", "warning": warning})
	}
	clear("encrypted", "not-encrypted")
	r.say(r.library.End())
	ana.expect("otr", fields{"conversation": r.JID, "state": "finished"})
	clear("finished", "not-encrypted")
	ana.send("/otr start")
	ana.expect("otr", fields{"conversation": r.JID, "state": "starting", "reason": "by-us"})
	clear("starting after finished", "not-encrypted")
	ana.send("/otr end")
	ana.expect("otr", fields{"conversation": r.JID, "state": "plain"})
	clear("plain", nil)
	ana.send("/otr policy required")
	ana.expect("notice", fields{"code": "otr-policy", "policy": "required"})
	clear("required", "not-encrypted")
	ana.send("/otr policy opportunistic")
	ana.expect("notice", fields{"code": "otr-policy", "policy": "opportunistic"})
	startAnew(ana, r, 3, 0)
}

// otherKey comes back with another key while a text waits that was written for the one before.
func otherKey(ana *client, r *rogue) {
	ana.t.Helper()
	r.say(r.library.End())
	ana.expect("otr", fields{"conversation": r.JID, "state": "finished"})
	r.drain()
	r.renew(3, 1)
	ana.send("/otr start")
	ana.expect("otr", fields{"conversation": r.JID, "state": "starting", "reason": "by-us"})
	ana.send("pour la première clé")
	said := ana.expect("message", fields{"direction": "out", "body": "pour la première clé"})
	r.encrypted()
	ana.expect("message-state", fields{"id": said["id"], "state": "failed", "error.code": "key-changed"})
	ana.expect("otr", fields{"conversation": r.JID, "event": "new-fingerprint", "trust": "unverified"})
	r.blind("pour la première clé")
}

// crowdOfDevices has many devices of one contact offer a session at once. Only so many are answered.
func crowdOfDevices(t *testing.T, s server, ana *client) {
	t.Helper()
	const devices, answered = 60, 32
	var crowd []*rogue
	for i := range devices {
		crowd = append(crowd, newRogue(t, s, "tigrou", fmt.Sprint("d", i), ana))
	}
	for _, r := range crowd {
		r.renew(3, 0)
		r.tell(string(r.library.QueryMessage()), "et voilà")
	}
	for _, r := range crowd {
		ana.expect("message", fields{"from": r.JID, "body": "et voilà"})
	}
	ana.send("/msg hubert@localhost j’ai tout lu")
	said := ana.expect("message", fields{"direction": "out", "body": "j’ai tout lu"})
	ana.expect("message-state", fields{"id": said["id"], "state": "sent"})
	n := 0
	for _, r := range crowd {
		if len(r.inbox) > 0 {
			n++
		}
		r.Close()
	}
	if n == 0 || n > answered {
		t.Errorf("%d devices of one contact were answered", n)
	}
}

// peakMemory is the most that the client and the process with its keys ever had in memory, in kB.
func (c *client) peakMemory() int {
	c.t.Helper()
	sum := 0
	for _, pid := range append(c.keyHolders(), c.command.Process.Pid) {
		text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
		if err != nil {
			c.t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(text), "VmHWM:")
		kB, err := strconv.Atoi(strings.Fields(rest)[0])
		if err != nil {
			c.t.Fatal(err)
		}
		sum += kB
	}
	return sum
}
