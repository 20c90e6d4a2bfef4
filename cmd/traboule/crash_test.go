package main

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"traboule/im"
	"traboule/ui/i18n"
)

func TestGuardNamesThePlaceAlone(t *testing.T) {
	err := guard(func() error { panic("geheim") })
	var c *crash
	if !errors.As(err, &c) || !strings.Contains(err.Error(), "TestGuardNamesThePlaceAlone") || strings.Contains(err.Error(), "geheim") {
		t.Errorf("got %v", err)
	}
	if err := guard(func() error { return errSample }); err != errSample {
		t.Errorf("got %v", err)
	}
}

var errSample = errors.New("sample")

// TestClientsAreGuarded: a fault that even the account cannot contain, because it cannot tell of it, comes back as an error,
// with which the terminal is given back.
func TestClientsAreGuarded(t *testing.T) {
	s := &session{printer: i18n.New(i18n.English), accounts: []account{{}}, wire: make(chan im.Event)}
	s.accounts[0].JID.JID = im.MustJID("ana@example.org")
	close(s.wire)
	var parts sync.WaitGroup
	ended := make(chan error, 1)
	clients := s.startClients(t.Context(), &parts, func(err error) { ended <- err })
	for _, c := range clients {
		if err := c.Send(im.Connect{}); err != nil {
			t.Fatal(err)
		}
	}
	err := <-ended
	parts.Wait()
	var c *crash
	if !errors.As(err, &c) || errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}
