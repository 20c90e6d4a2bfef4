package e2e_test

import (
	"testing"
	"time"

	"traboule/internal/cutproxy"
)

// TestOTRBothStartLibotr has our client and libotr start at the same moment: what each sends is on its way before either
// has seen anything of the other's.
func TestOTRBothStartLibotr(t *testing.T) {
	t.Parallel()
	t.Run("bitlbee", func(t *testing.T) {
		t.Parallel()
		s, _ := onContacts(t, 0)
		forAna, atAna := through(t, s)
		forPaulette, atPaulette := through(t, s)
		ana, paulette := besideBitlBee(t, forAna, forPaulette)
		for range 3 {
			paulette.forget()
			crossing(t, ana, atAna, atPaulette, func() { paulette.command("otr connect ana") })
			paulette.expect("ana", "off the record")
			confideBitlBee(ana, paulette, "unverified", "unverified")
			paulette.command("otr disconnect ana")
			ended(ana)
		}
		ana.quit()
		undisturbed(ana)
	})
	t.Run("mcabber", func(t *testing.T) {
		t.Parallel()
		s, _ := onContacts(t, 0)
		forAna, atAna := through(t, s)
		forPaulette, atPaulette := through(t, s)
		ana := login(t, forAna, "ana")
		ana.send("/query paulette@localhost")
		paulette := newMcabberOTR(t, forPaulette, "paulette")
		ana.expect("presence", fields{"show": "online"})
		paulette.command("/otr key", "paulette@localhost: ")
		for range 3 {
			paulette.clear()
			crossing(t, ana, atAna, atPaulette, func() { paulette.say("/otr start .") })
			paulette.await("OTR: channel established")
			confideMcabber(ana, paulette, "unverified")
			paulette.command("/otr stop .", "OTR: channel closed")
			ended(ana)
		}
		ana.quit()
		undisturbed(ana)
	})
}

// crossing has both sides start while neither hears anything, and then lets them hear.
func crossing(t *testing.T, ana *client, atAna, atPaulette *cutproxy.Proxy, theirStart func()) {
	t.Helper()
	proxies := []*cutproxy.Proxy{atAna, atPaulette}
	for _, proxy := range proxies {
		proxy.Hold(true)
	}
	ana.send("/otr start")
	theirStart()
	for _, proxy := range proxies {
		for deadline := time.Now().Add(patience); proxy.Held() < shortestQuery; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the other side never started")
			}
		}
	}
	for _, proxy := range proxies {
		proxy.Hold(false)
	}
	ana.expect("otr", fields{"state": "encrypted", "version": 3})
}

// shortestQuery is less than what a message with a query has in bytes, and more than an acknowledgement.
const shortestQuery = 200

// ended waits until our client knows that libotr has ended a session, and goes on in clear.
func ended(ana *client) {
	ana.t.Helper()
	ana.expect("otr", fields{"state": "finished", "reason": "by-them"})
	ana.send("/otr end")
	ana.expect("otr", fields{"state": "plain"})
}

// undisturbed checks that nothing went wrong on the way.
func undisturbed(ana *client) {
	ana.t.Helper()
	understood(ana)
	for _, event := range []string{"unreadable", "error", "lost"} {
		if came := ana.all("otr", fields{"event": event}); len(came) > 0 {
			ana.t.Errorf("%s: %v", event, came)
		}
	}
}
