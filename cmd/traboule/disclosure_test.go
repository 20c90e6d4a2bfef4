package main

import (
	"testing"

	"traboule/config"
	"traboule/core"
	"traboule/dial"
	"traboule/im"
)

// TestNamesThatAreLookedUp: /privacy names who is asked where a server is, only if anybody is.
func TestNamesThatAreLookedUp(t *testing.T) {
	const quad9 = "tls://9.9.9.9#dns.quad9.net"
	proxied, direct := dial.Config{SOCKS: "127.0.0.1:9050", Required: true}, dial.Config{}
	for _, test := range []struct {
		way              dial.Config
		account, server  string
		resolver, wanted string
		system           bool
	}{
		{proxied, "ana@example.org", "", quad9, quad9, false},
		{proxied, "ana@example.org", "", config.NoResolver, "", false},
		{proxied, "ana@example.org", "xmpp.example.org:5222", quad9, "", false},
		{proxied, "ana@56letters.onion", "", quad9, "", false},
		{proxied, "ana@192.0.2.1", "", quad9, "", false},
		{direct, "ana@example.org", "", quad9, "", true},
		{direct, "ana@example.org", "", config.NoResolver, "", true},
		{direct, "ana@example.org", "xmpp.example.org:5222", quad9, "", true},
		{direct, "ana@example.org", "127.0.0.1:5222", quad9, "", false},
		{direct, "ana@localhost", "", quad9, "", false},
	} {
		s := &session{settings: config.Default(), dialer: dial.New(test.way), accounts: []account{{}}}
		s.settings.Resolver.Value = test.resolver
		s.accounts[0].JID.JID, s.accounts[0].Server.Value = im.MustJID(test.account), test.server
		want := core.Standing{Resolver: test.wanted, AsksSystem: test.system}
		if got := s.standing(); got != want {
			t.Errorf("%s with %q, proxied %v: %+v", test.account, test.server, s.dialer.Proxied(), got)
		}
	}
}
