package e2e_test

import (
	"crypto/x509"
	"net"
	"testing"
	"time"

	"traboule/internal/ejabberd"
	"traboule/internal/prosody"
)

const (
	password = "allons au marché"
	room     = "grenoble@conference.localhost"
)

// server is what a test needs to know of a running server.
type server struct {
	name             string
	addr, directAddr string
	caFile           string
	roots            *x509.CertPool
	log              func() string
}

func (s server) port(t testing.TB) string {
	t.Helper()
	_, port, err := net.SplitHostPort(s.addr)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// accounts are the people in the tests, all at localhost.
func accounts() map[string]string {
	users := map[string]string{}
	for _, name := range []string{"ana", "paulette", "hubert", "tigrou", "lupin"} {
		users[name+"@localhost"] = password
	}
	return users
}

// onProsody starts a Prosody whose cut sessions can be resumed for the given time; 0 for long.
func onProsody(t testing.TB, hibernation time.Duration) (server, *prosody.Server) {
	t.Helper()
	return onProsodyWith(t, prosody.Options{Users: accounts(), Hibernation: hibernation})
}

func onProsodyWith(t testing.TB, options prosody.Options) (server, *prosody.Server) {
	t.Helper()
	s := prosody.New(t, options)
	return server{"prosody", s.Addr, s.DirectAddr, s.CAFile, s.CA.Pool(), s.Log}, s
}

func onEjabberd(t testing.TB) server {
	t.Helper()
	s := ejabberd.New(t, ejabberd.Options{Users: accounts()})
	return server{"ejabberd", s.Addr, s.DirectAddr, s.CAFile, s.CA.Pool(), s.Log}
}

// onEach runs a test against every server.
func onEach(t *testing.T, test func(*testing.T, server)) {
	t.Run("prosody", func(t *testing.T) {
		t.Parallel()
		s, _ := onProsody(t, 0)
		test(t, s)
	})
	t.Run("ejabberd", func(t *testing.T) {
		t.Parallel()
		test(t, onEjabberd(t))
	})
}
