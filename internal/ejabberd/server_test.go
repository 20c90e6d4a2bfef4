package ejabberd_test

import (
	"strings"
	"testing"

	"traboule/internal/ejabberd"
	"traboule/internal/rawclient"
)

const password = "un mot de passe"

func dial(t *testing.T, s *ejabberd.Server, local, domain string) *rawclient.Client {
	t.Helper()
	return rawclient.Login(t, rawclient.Account{Addr: s.DirectAddr, Roots: s.CA.Pool(), Local: local, Domain: domain, Password: password})
}

func TestServerOffersWhatTheClientUses(t *testing.T) {
	s := ejabberd.New(t, ejabberd.Options{Users: map[string]string{"ana@localhost": password}})
	ana := dial(t, s, "ana", "localhost")
	ana.Ask(t, `<iq type='get' id='r'><query xmlns='jabber:iq:roster' ver=''/></iq>`, "id='r'", "result", "ver=")
	ana.Ask(t, `<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>`, "id='c'", "result")
	ana.Ask(t, `<iq type='get' id='b'><blocklist xmlns='urn:xmpp:blocking'/></iq>`, "id='b'", "result")
	ana.Ask(t, `<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>`, "id='p'", "result")
	ana.Ask(t, `<enable xmlns='urn:xmpp:sm:3' resume='true'/>`, "<enabled", "max='300'", "resume=")
	ana.Ask(t, `<presence to='grenoble@conference.localhost/ana'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
		"grenoble@conference.localhost/ana", "110")
	if guest := dial(t, s, "", "guest.localhost"); !strings.Contains(guest.JID, "@guest.localhost/") {
		t.Errorf("an anonymous login got the address %q", guest.JID)
	}
}
