package ejabberd_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"traboule/internal/ejabberd"
	"traboule/internal/rawclient"
)

const password = "un mot de passe"

func dial(t *testing.T, s *ejabberd.Server, local, domain string) *rawclient.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	c, err := rawclient.Dial(ctx, rawclient.Account{
		Addr: s.DirectAddr, Roots: s.CA.Pool(), Local: local, Domain: domain, Password: password,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func ask(t *testing.T, c *rawclient.Client, request string, want ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := c.Send(request); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Await(ctx, want...); err != nil {
		t.Fatal(err)
	}
}

func TestServerOffersWhatTheClientUses(t *testing.T) {
	s := ejabberd.New(t, ejabberd.Options{Users: map[string]string{"ana@localhost": password}})
	ana := dial(t, s, "ana", "localhost")
	ask(t, ana, `<iq type='get' id='r'><query xmlns='jabber:iq:roster' ver=''/></iq>`, "id='r'", "result", "ver=")
	ask(t, ana, `<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>`, "id='c'", "result")
	ask(t, ana, `<iq type='get' id='b'><blocklist xmlns='urn:xmpp:blocking'/></iq>`, "id='b'", "result")
	ask(t, ana, `<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>`, "id='p'", "result")
	ask(t, ana, `<enable xmlns='urn:xmpp:sm:3' resume='true'/>`, "<enabled", "max='300'", "resume=")
	ask(t, ana, `<presence to='grenoble@conference.localhost/ana'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
		"grenoble@conference.localhost/ana", "110")
	if guest := dial(t, s, "", "guest.localhost"); !strings.Contains(guest.JID, "@guest.localhost/") {
		t.Errorf("an anonymous login got the address %q", guest.JID)
	}
}
