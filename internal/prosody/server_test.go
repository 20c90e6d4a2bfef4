package prosody_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"traboule/internal/prosody"
	"traboule/internal/rawclient"
)

const password = "un mot de passe"

func dial(t *testing.T, s *prosody.Server, local, domain string) *rawclient.Client {
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
	s := prosody.New(t, prosody.Options{Users: map[string]string{"ana@localhost": password, "léo@second.localhost": password}})
	if err := s.SetRoster("ana@localhost", "paulette@localhost"); err != nil {
		t.Fatal(err)
	}
	ana := dial(t, s, "ana", "localhost")
	ask(t, ana, `<iq type='get' id='r'><query xmlns='jabber:iq:roster' ver=''/></iq>`, "paulette@localhost", "both", "ver=")
	ask(t, ana, `<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>`, "result")
	ask(t, ana, `<iq type='get' id='b'><blocklist xmlns='urn:xmpp:blocking'/></iq>`, "result")
	ask(t, ana, `<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>`, "result")
	ask(t, ana, `<enable xmlns='urn:xmpp:sm:3' resume='true'/>`, "<enabled", "resume=", "max='300'")
	ask(t, ana, `<presence to='grenoble@conference.localhost/ana'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
		"grenoble@conference.localhost/ana", "110")
	dial(t, s, "léo", "second.localhost")
	if guest := dial(t, s, "", "guest.localhost"); !strings.HasSuffix(guest.JID[:strings.Index(guest.JID, "/")], "@guest.localhost") {
		t.Errorf("an anonymous login got the address %q", guest.JID)
	}
}

func TestRestartKeepsAccounts(t *testing.T) {
	s := prosody.New(t, prosody.Options{})
	if err := s.AddUser("ana@localhost", password); err != nil {
		t.Fatal(err)
	}
	dial(t, s, "ana", "localhost")
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	dial(t, s, "ana", "localhost")
}

func TestStopLeavesNothing(t *testing.T) {
	s, err := prosody.Start(t.Context(), prosody.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.CAFile); !os.IsNotExist(err) {
		t.Errorf("the server's folder is still there: %v", err)
	}
}
