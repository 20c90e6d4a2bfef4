package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/coyim/otr3"
)

// TestOTRChildKilledAtEachStep kills the process with the keys after each step of a handshake and of a verification. Each time the
// session is finished, what was typed comes back, and a new one can be begun.
func TestOTRChildKilledAtEachStep(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	ana := login(t, s, "ana")
	r := newRogue(t, s, "paulette", "rogue", ana)
	ana.expect("presence", fields{"from": r.JID, "show": "online"})
	ana.send("/query paulette@localhost")
	var typed []string
	for name, steps := range map[string][]func() string{
		"our handshake": {
			func() string {
				r.renew(3, 0)
				ana.send("/otr start")
				ana.expect("otr", fields{"conversation": r.JID, "state": "starting", "reason": "by-us"})
				return r.next() // our query
			},
			r.next, // after their commitment, our key
			func() string {
				ana.expect("otr", fields{"conversation": r.JID, "state": "encrypted", "event": nil})
				return r.next() // after their signature, ours
			},
		},
		"their handshake": {
			func() string {
				r.renew(3, 0)
				r.tell(string(r.library.QueryMessage()))
				ana.expect("otr", fields{"conversation": r.JID, "state": "starting", "reason": "by-them"})
				return r.next() // our commitment
			},
			r.next, // after their key, our signature
			func() string {
				ana.expect("otr", fields{"conversation": r.JID, "state": "encrypted", "event": nil}) // after their signature
				return ""
			},
		},
		"our verification": {
			func() string {
				startAnew(ana, r, 3, 0)
				ana.send(`/otr ask "Où ?" à Mâcon`)
				r.reaches(otr3.SMPEventAskForAnswer)
				return ""
			},
			func() string {
				r.say(r.library.ProvideAuthenticationSecret([]byte("à Mâcon")))
				return r.next()
			},
		},
		"their verification": {
			func() string {
				startAnew(ana, r, 3, 0)
				r.say(r.library.StartAuthenticate("Où ?", []byte("à Mâcon")))
				ana.expect("otr", fields{"conversation": r.JID, "event": "smp-request"})
				return ""
			},
			func() string {
				ana.send("/otr answer à Mâcon")
				return r.next()
			},
		},
	} {
		for last := range steps {
			step := fmt.Sprintf("step %d of %s", last, name)
			typed = append(typed, "typed at "+step, "typed at the start, "+step)
			said := ""
			for _, do := range steps[:last+1] {
				r.answer(said)
				said = do()
			}
			killAtStep(ana, r, said, step)
		}
	}
	for _, c := range []string{"otr", "message"} {
		if got := ana.all(c, fields{"trust": "verified"}); len(got) > 0 {
			t.Errorf("verified: %v", got)
		}
	}
	r.blind(typed...)
	ana.quit()
	understood(ana)
}

// killAtStep kills the client's process with the keys after it has sent a message, and sees that what is typed before and
// after does not go out. The answer to the message comes too late.
func killAtStep(ana *client, r *rogue, said, step string) {
	ana.t.Helper()
	var held event
	if all := ana.all("otr", nil); all[len(all)-1]["state"] == "starting" {
		ana.send("typed at the start, %s", step)
		held = ana.expect("message", fields{"direction": "out", "body": "typed at the start, " + step, "state": "pending"})
	}
	ana.killKeyHolder()
	ana.expect("otr", fields{"conversation": r.JID, "state": "finished", "reason": "fault"})
	if held != nil {
		ana.expect("message-state", fields{"id": held["id"], "state": "failed", "error.code": "not-encrypted"})
	}
	withheld(ana, "typed at "+step)
	if !strings.HasPrefix(said, "?OTRv") { // the answer to that would begin a session
		r.answer(said)
	}
	startAnew(ana, r, 3, 0)
	bothRead(ana, r, step)
	ana.send("/otr end")
	ana.expect("otr", fields{"conversation": r.JID, "state": "plain"})
	r.until(func(string) bool { return !r.library.IsEncrypted() })
}
