package e2e_test

import (
	"context"
	"strings"
	"testing"

	"traboule/internal/prosody"
	"traboule/internal/rawclient"
)

// secrets are what only the two may read, in TestOTROnTheWire: texts, and what a verification is about.
func secrets() []string {
	return []string{"rendezvous-au-pont", "apporte-la-banderole", "question-cachee", "reponse-cachee", "secret-partage"}
}

// TestOTROnTheWire looks at what the server gets, what it copies to another device, and what it keeps.
func TestOTROnTheWire(t *testing.T) {
	t.Parallel()
	s, _ := onContactsWith(t, prosody.Options{Stanzas: true})
	ana, paulette := couple(t, s, s)
	for _, c := range []*client{ana, paulette} {
		c.send("/otr policy manual")
		c.expect("notice", fields{"code": "otr-policy"})
	}
	other := newWitness(t, s, "ana")
	openly(ana, paulette, "visible-avant")
	agree(ana, paulette)
	words := secrets()
	confide(ana, paulette, "unverified", words[0])
	confide(paulette, ana, "unverified", words[1])
	ana.send(`/otr ask "%s" %s`, words[2], words[3])
	paulette.expect("otr", fields{"event": "smp-request", "question": words[2]})
	paulette.send("/otr answer %s", words[3])
	ana.expect("otr", fields{"event": "smp-success"})
	paulette.send("/otr secret %s", words[4])
	ana.expect("otr", fields{"event": "smp-request"})
	ana.send("/otr answer %s", words[4])
	paulette.expect("otr", fields{"event": "smp-success"})
	ana.send("/otr end")
	ana.expect("otr", fields{"state": "plain"})
	paulette.expect("otr", fields{"state": "finished"})
	withheld(paulette, words[1])
	paulette.send("/otr end")
	paulette.expect("otr", fields{"state": "plain"})
	openly(paulette, ana, "visible-apres")
	hints(t, s.log())
	hidden(t, "the server's log", s.log())
	hidden(t, "what another device of ana got", other.until("visible-apres"))
	for _, name := range []string{"ana", "paulette"} {
		hidden(t, "the archive of "+name, archive(t, s, name))
	}
	ana.quit()
	paulette.quit()
}

// hints checks that each text that the clients sent carries the hints of XEP-0364 and the mark of XEP-0380 if it is OTR, and
// none of them if it is not.
func hints(t *testing.T, log string) {
	t.Helper()
	marks := []string{"<private ", "urn:xmpp:carbons:2", "<no-copy ", "<no-permanent-store ", "urn:xmpp:hints", "<encryption ", "urn:xmpp:eme:0", "urn:xmpp:otr:0"}
	encrypted, open := 0, 0
	for line := range strings.Lines(log) {
		_, stanza, received := strings.Cut(line, "RECV: ")
		if !received || !strings.HasPrefix(stanza, "<message") || !strings.Contains(stanza, "<body>") {
			continue
		}
		isOTR := strings.Contains(stanza, "<body>?OTR")
		if isOTR {
			encrypted++
		} else {
			open++
		}
		for _, mark := range marks {
			if got := strings.Contains(stanza, mark); got != isOTR {
				t.Errorf("%s is there: %v, in %s", mark, got, stanza)
			}
		}
	}
	const fewest, texts = 15, 2 // the handshake has 5 messages, and each verification 4 or 5
	if encrypted < fewest || open != texts {
		t.Errorf("the server got %d messages of OTR and %d others", encrypted, open)
	}
}

// hidden checks that somebody saw the texts in clear, and no secret.
func hidden(t *testing.T, what, seen string) {
	t.Helper()
	for _, text := range []string{"visible-avant", "visible-apres"} {
		if !strings.Contains(seen, text) {
			t.Errorf("%s lacks %q: it proves nothing", what, text)
		}
	}
	for _, text := range secrets() {
		if strings.Contains(seen, text) {
			t.Errorf("%s shows %q", what, text)
		}
	}
	if !strings.Contains(what, "log") && strings.Contains(seen, "?OTR") {
		t.Errorf("%s has messages of OTR:\n%s", what, seen)
	}
}

// archive returns what the server has kept of an account's messages (XEP-0313).
func archive(t *testing.T, s server, name string) string {
	t.Helper()
	c := newWitness(t, s, name)
	inject(t, c.Client, `<iq type='set' id='archive'><query xmlns='urn:xmpp:mam:2'/></iq>`)
	return c.until("<fin ")
}

// witness is another device of an account, which gets copies of messages (XEP-0280).
type witness struct {
	*rawclient.Client
	t    *testing.T
	seen strings.Builder
}

func newWitness(t *testing.T, s server, name string) *witness {
	t.Helper()
	w := &witness{Client: raw(t, s, name), t: t}
	w.Ask(t, `<iq type='set' id='carbons'><enable xmlns='urn:xmpp:carbons:2'/></iq>`, "result", "carbons")
	inject(t, w.Client, `<presence><priority>-1</priority></presence>`)
	return w
}

// until reads until something holds a text, and returns all that came.
func (w *witness) until(text string) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { w.Close() })
	defer stop()
	for {
		element, err := w.Next()
		if err != nil {
			w.t.Fatalf("%q never came: %v\n%s", text, err, w.seen.String())
		}
		w.seen.WriteString(element + "\n")
		if strings.Contains(element, text) {
			return w.seen.String()
		}
	}
}
