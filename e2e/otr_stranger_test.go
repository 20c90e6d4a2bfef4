package e2e_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"traboule/internal/prosody"
	"traboule/internal/rawclient"
)

// offers are the messages that ask for a session, or for an answer of another kind.
func offers() map[string]string {
	return map[string]string{
		"query":               "?OTRv3?",
		"query for all":       "?OTR?v23?",
		"query with a text":   "?OTRv23?\nSalut, parlons en privé.",
		"tag":                 "salut \t  \t\t\t\t \t \t \t    \t\t  \t\t",
		"first message":       "?OTR:AAMCAAABAQAAAADAAAAAxA==.",
		"first, of version 2": "?OTR:AAICAAAAxA==.",
		"piece of the first":  "?OTR|00000101|00000000,00001,00002,?OTR:AAMCAAABAQ,",
		"encrypted message":   "?OTR:AAMDAAABAQAAAAAAAAAAAQ==.",
		"no base64":           "?OTR:===.",
		"error":               "?OTR Error: encore",
		"version 1":           "?OTR?",
	}
}

// TestOTRStranger has somebody who may not see that ana is there ask her for a session in every way there is. Not a byte goes
// back until she writes to them herself, as the server's log shows.
func TestOTRStranger(t *testing.T) {
	t.Parallel()
	s, p := onProsodyWith(t, prosody.Options{Users: accounts(), Stanzas: true})
	for jid, contact := range map[string]string{"ana@localhost": "paulette@localhost", "paulette@localhost": "ana@localhost"} {
		if err := p.SetRoster(jid, contact); err != nil {
			t.Fatal(err)
		}
	}
	ana := login(t, s, "ana")
	stranger := newRogue(t, s, "lupin", "rogue", ana)
	paulette := newRogue(t, s, "paulette", "rogue", ana)
	ana.expect("presence", fields{"from": paulette.JID, "show": "online"})
	for _, to := range []string{ana.jid(), "ana@localhost"} {
		stranger.to = to
		for _, text := range offers() {
			stranger.tell(text)
			stranger.replay(text, stranger.JID)
		}
	}
	stranger.to = ana.jid()
	stranger.tell("tu es là ?")
	ana.expect("message", fields{"from": stranger.JID, "body": "tu es là ?"})
	if got := ana.all("otr", fields{"event": "offered"}); len(got) != 1 || got[0]["conversation"] != stranger.JID {
		t.Errorf("offered: %v", got)
	}
	for _, e := range ana.all("otr", nil) {
		if e["state"] != "plain" || e["trust"] != "none" {
			t.Errorf("something began: %s", e)
		}
	}
	ana.send("/msg lupin@localhost qui es-tu ?")
	if got := stranger.next(); got != "qui es-tu ?" {
		t.Errorf("the stranger got %q", got)
	}
	if got := sentTo("<", "lupin", s.log()); len(got) != 1 || !strings.Contains(got[0], "qui es-tu ?") {
		t.Errorf("ana sent more or less than one text: %q", got)
	}
	if got := strings.Count(stranger.seen.String(), "from='ana@"); got != 1 {
		t.Errorf("the stranger saw:\n%s", stranger.seen)
	}
	ana.quit()
}

// sentTo finds the stanzas, of all that begin so, that the server was given for somebody, by its log.
func sentTo(kind, name, log string) []string {
	var found []string
	for line := range strings.Lines(log) {
		if _, stanza, got := strings.Cut(line, "RECV: "); got && strings.HasPrefix(stanza, kind) && strings.Contains(stanza, "to='"+name+"@localhost") {
			found = append(found, stanza)
		}
	}
	return found
}

// replay sends a text as what somebody is said to have written before, in all the ways in which that can come.
func (r *rogue) replay(text, from string) {
	r.t.Helper()
	const late = `<delay xmlns='urn:xmpp:delay' stamp='2026-11-21T12:00:00Z'/>`
	body := "<body>" + rawclient.Escape(text) + "</body>"
	r.stanza(`<message type='chat' to='%s'>%s%s</message>`, r.to, body, late)
	kept := fmt.Sprintf(`<forwarded xmlns='urn:xmpp:forward:0'>%s<message xmlns='jabber:client' from='%s' to='%s' type='chat'>%s</message></forwarded>`, late, from, r.to, body)
	for _, wrapper := range []string{
		"<received xmlns='urn:xmpp:carbons:2'>%s</received>", "<sent xmlns='urn:xmpp:carbons:2'>%s</sent>",
		"<result xmlns='urn:xmpp:mam:2' id='1'>%s</result>", "%s",
	} {
		r.stanza(`<message type='chat' to='%s'>%s</message>`, r.to, fmt.Sprintf(wrapper, kept))
	}
}

// TestOTRReplayed has offers of a contact, who would be answered at once, come out of what a server has kept, and forged to look
// so. None is answered; what comes fresh is.
func TestOTRReplayed(t *testing.T) {
	t.Parallel()
	s, _ := onContactsWith(t, prosody.Options{Stanzas: true})
	before := raw(t, s, "paulette")
	for _, text := range offers() {
		inject(t, before, `<message type='chat' to='ana@localhost'><body>%s</body></message>`, rawclient.Escape(text))
	}
	before.Ask(t, `<presence to='`+room+`/paulette'><x xmlns='http://jabber.org/protocol/muc'/></presence>`, "<subject")
	before.Ask(t, `<message type='groupchat' to='`+room+`'><body>?OTRv3?</body></message>`, "?OTRv3?")

	ana := login(t, s, "ana")
	ana.expect("otr", fields{"conversation": before.JID, "event": "offered"})
	ana.send("/join %s", room)
	ana.expect("message", fields{"conversation": room, "body": "?OTRv3?", "archived": true})
	ana.send("/query paulette@localhost")
	r, lupin := newRogue(t, s, "paulette", "rogue", ana), newRogue(t, s, "lupin", "rogue", ana)
	for _, text := range offers() {
		r.replay(text, r.JID)
		lupin.replay(text, r.JID)
	}
	for _, from := range []*rogue{r, lupin} {
		from.tell("fini")
		ana.expect("message", fields{"from": from.JID, "body": "fini"})
	}
	offersInArchive(t, s, ana, r)
	r.tell("?OTRv3?")
	if got := r.next(); !strings.HasPrefix(got, "?OTR:AAMC") {
		t.Errorf("the answer to a fresh offer is %q", got)
	}
	if got := slices.Concat(sentTo("<message", "paulette", s.log()), sentTo("<message", "lupin", s.log())); len(got) != 1 || !strings.Contains(got[0], "?OTR:AAMC") {
		t.Errorf("ana sent more or less than that: %q", got)
	}
	ana.quit()
}

// offersInArchive has offers come while the client is away and another device takes them, so that it finds them in the archive.
func offersInArchive(t *testing.T, s server, ana *client, r *rogue) {
	t.Helper()
	ana.send("/disconnect")
	ana.expect("connection", fields{"state": "disconnected"})
	other := raw(t, s, "ana")
	other.Ask(t, `<presence/>`, "<presence", "/raw")
	const last = "par l’archive"
	for _, text := range append(slices.Collect(maps.Values(offers())), last) {
		r.stanza(`<message type='chat' to='ana@localhost'><body>%s</body></message>`, rawclient.Escape(text))
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := other.Await(ctx, last); err != nil {
		t.Fatal(err)
	}
	other.Close()
	ana.send("/connect")
	ana.expect("connection", fields{"state": "connected"})
	ana.expect("message", fields{"body": last, "archived": true})
	r.to = ana.jid()
	r.tell("fini aussi")
	ana.expect("message", fields{"from": r.JID, "body": "fini aussi"})
}

// TestOTRLinks opens links with the fingerprint of a key. Only one for the very address makes the key verified, and only
// that key.
func TestOTRLinks(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	right, other := newLibrary(t, 3, 0), newLibrary(t, 3, 1)
	key := fmt.Sprintf("%x", right.GetOurKeys()[0].PublicKey().Fingerprint())
	wrong := fmt.Sprintf("%x", other.GetOurKeys()[0].PublicKey().Fingerprint())
	for name, row := range map[string]struct{ link, trust, code string }{
		"a Cyrillic letter":         {"xmpp:p%D0%B0ulette@localhost?otr-fingerprint=" + key, "unverified", "otr-link-waits"},
		"in the resource":           {"xmpp:lupin@localhost/paulette@localhost?otr-fingerprint=" + key, "unverified", "otr-link-waits"},
		"on another server":         {"xmpp:paulette@localhost.example.org?otr-fingerprint=" + key, "unverified", "otr-link-waits"},
		"what cannot be seen":       {"xmpp:paulette%E2%80%8D@localhost?otr-fingerprint=" + key, "", ""},
		"another key":               {"xmpp:paulette@localhost?otr-fingerprint=" + wrong, "unverified", "otr-link-wrong"},
		"no key":                    {"xmpp:paulette@localhost?otr-fingerprint=" + key[:38], "", ""},
		"another key, behind it":    {"xmpp:paulette@localhost?otr-fingerprint=" + wrong + ";otr-fingerprint=" + key, "unverified", "otr-link-wrong"},
		"the very address and key":  {"xmpp:paulette@localhost?otr-fingerprint=" + key, "verified", ""},
		"the same address, written": {"xmpp:PAULETTE@LOCALHOST/x?otr-fingerprint=" + strings.ToUpper(key), "verified", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ana := start(t, launch{server: s, account: "ana@localhost", args: []string{row.link}})
			if row.trust == "" {
				if status := ana.status(); status == 0 {
					t.Errorf("opened without a word")
				}
				return
			}
			ana.expect("connection", fields{"state": "connected"})
			r := newRogue(t, s, "paulette", "", ana)
			r.shakeHands(3, 0)
			ana.expect("otr", fields{"conversation": r.JID, "state": "encrypted"})
			if row.code != "" {
				ana.expect("notice", fields{"code": row.code})
			}
			r.tell(r.seal("c’est moi"))
			ana.expect("message", fields{"body": "c’est moi", "from": r.JID, "encryption": "otr", "trust": row.trust})
			ana.quit()
		})
	}
}
