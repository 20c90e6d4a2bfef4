package main

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"traboule/config"
	"traboule/core"
	"traboule/dial"
	"traboule/im"
	"traboule/otr"
	"traboule/ui/i18n"
)

// keySession is a session on a profile, as far as keys are concerned.
func keySession(profile string, accounts ...string) *session {
	s := &session{options: options{profile: profile}, settings: config.Default(), dialer: dial.New(dial.Config{}), printer: i18n.New("en")}
	for _, a := range accounts {
		s.accounts = append(s.accounts, account{Account: config.Account{JID: config.BareJID{JID: im.MustJID(a)}}})
	}
	return s
}

// TestSessionHasTheKeysOfTheProfile: what was opened at the start is loaded later, when no file can be opened any more.
func TestSessionHasTheKeysOfTheProfile(t *testing.T) {
	profile := t.TempDir()
	otrCommand(t, 0, profile, "import", "testdata/purple")
	s := keySession(profile, "hubert@example.org", "ana@example.org", "new@example.org")
	if err := s.openOTRKeys(t.Context(), os.Getenv); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(profile, "otr")); err != nil {
		t.Fatal(err)
	}
	keeper := startKeyKeeper(t.Context(), nil)
	defer keeper.engine.Close()
	s.loadOTRKeys(keeper.engine, func(err error) { t.Errorf("it ended: %v", err) })
	if s.keys.keys != nil {
		t.Error("the file with the keys is still open")
	}
	for account, want := range map[string]struct {
		fingerprint string
		tag         uint32
	}{
		"hubert@example.org": {keyOfPidgin, 0x92da2cfb}, "ana@example.org": {anasOfPidgin, 0x21470e1c},
	} {
		var key otr.Key
		err := keeper.wait(t.Context(), func(answered chan struct{}) {
			keeper.engine.MakeKey(im.MustJID(account), 0, func(k otr.Key, err error) {
				if err != nil {
					t.Error(err)
				}
				key = k
				close(answered)
			})
		})
		if err != nil || im.GroupFingerprint(key.Fingerprint) != want.fingerprint || key.Tag != want.tag {
			t.Errorf("%s: %+v, %v", account, key, err)
		}
	}
	known := []core.KnownFingerprint{
		{Peer: im.MustJID("carl@example.org"), Fingerprint: "28292a2b2c2d2e2f303132333435363738393a3b", Trust: im.Verified},
		{Peer: im.MustJID("paulette@example.org"), Fingerprint: "1415161718191a1b1c1d1e1f2021222324252627", Trust: im.Unverified},
		{Peer: im.MustJID("paulette@example.org"), Fingerprint: "000102030405060708090a0b0c0d0e0f10111213", Trust: im.Verified},
	}
	if got := s.coreOptions().Accounts[0].Fingerprints; !reflect.DeepEqual(got, known) {
		t.Errorf("known: %+v", got)
	}
	if got := s.knownFingerprints(im.MustJID("new@example.org")); got != nil {
		t.Errorf("known to a new account: %+v", got)
	}
}

// TestSessionWithoutKeys: a profile that keeps none is nothing wrong.
func TestSessionWithoutKeys(t *testing.T) {
	s := keySession(filepath.Join(t.TempDir(), "none"), "hubert@example.org")
	if err := s.openOTRKeys(t.Context(), os.Getenv); err != nil || s.keys != nil {
		t.Errorf("%+v, %v", s.keys, err)
	}
	s.loadOTRKeys(nil, nil)
	if known := s.knownFingerprints(im.MustJID("hubert@example.org")); known != nil {
		t.Errorf("known: %+v", known)
	}
}

// TestSessionWithDamagedKeys: the client does not start with another key than the user thinks.
func TestSessionWithDamagedKeys(t *testing.T) {
	for file, want := range map[string]struct{ content, says string }{
		"otr.private_key":  {"(privkeys (account", "damaged"},
		"otr.fingerprints": {"a\tb\n", "otr.fingerprints, line 1"},
	} {
		profile := t.TempDir()
		otrCommand(t, 0, profile, "import", "testdata/purple")
		if err := os.WriteFile(filepath.Join(profile, "otr", file), []byte(want.content), 0o600); err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		if status := run([]string{"--profile", profile, "--line", "--lang", "en", "--tor", "off", "--server", "127.0.0.1:1", "ana@example.org"}, &said, &said); status != 1 {
			t.Errorf("%s: status %d", file, status)
		}
		says(t, said.String(), want.says)
	}
}
