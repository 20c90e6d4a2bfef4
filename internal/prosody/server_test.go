package prosody_test

import (
	"os"
	"strings"
	"testing"

	"traboule/internal/prosody"
	"traboule/internal/rawclient"
)

const password = "un mot de passe"

func dial(t *testing.T, s *prosody.Server, local, domain string) *rawclient.Client {
	t.Helper()
	return rawclient.Login(t, rawclient.Account{Addr: s.DirectAddr, Roots: s.CA.Pool(), Local: local, Domain: domain, Password: password})
}

func TestServerOffersWhatTheClientUses(t *testing.T) {
	s := prosody.New(t, prosody.Options{Users: map[string]string{"ana@localhost": password, "léo@second.localhost": password}})
	if err := s.SetRoster("ana@localhost", "paulette@localhost"); err != nil {
		t.Fatal(err)
	}
	ana := dial(t, s, "ana", "localhost")
	ana.Ask(t, `<iq type='get' id='r'><query xmlns='jabber:iq:roster' ver=''/></iq>`, "paulette@localhost", "both", "ver=")
	ana.Ask(t, `<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>`, "result")
	ana.Ask(t, `<iq type='get' id='b'><blocklist xmlns='urn:xmpp:blocking'/></iq>`, "result")
	ana.Ask(t, `<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>`, "result")
	ana.Ask(t, `<enable xmlns='urn:xmpp:sm:3' resume='true'/>`, "<enabled", "resume=", "max='300'")
	ana.Ask(t, `<presence to='grenoble@conference.localhost/ana'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
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
