package core

import (
	"strings"
	"testing"

	"traboule/im"
)

// TestKnownFingerprints: a key that was verified in an earlier session is so in this one, and any other is new.
func TestKnownFingerprints(t *testing.T) {
	verified, seen, other := strings.Repeat("a", 40), strings.Repeat("b", 40), strings.Repeat("c", 40)
	for name, want := range map[string]struct {
		shows  string
		trust  im.Trust
		former string
	}{
		"the verified one":  {verified, im.Verified, ""},
		"one that was seen": {seen, im.Unverified, ""},
		"another one":       {other, im.Unverified, verified},
	} {
		c := New(Options{NewID: func() string { return "id" }, Accounts: []AccountOptions{{JID: ana, Connect: true, Fingerprints: []KnownFingerprint{
			{paulette, strings.ToUpper(verified), im.Verified}, {paulette, seen, im.Unverified}, {paulette, "no fingerprint", im.Verified},
			{im.MustJID("room@conference.example.net/paulette"), other, im.Verified},
		}}}})
		phone := im.MustJID("paulette@example.net/phone")
		c.Handle(noon, Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected}})
		e := c.Handle(noon, Received{im.OTRChanged{On: im.On{Account: ana}, Peer: phone, State: im.OTREncrypted, Version: 3, Theirs: want.shows}})
		found := false
		for _, f := range e.Show {
			if f, ok := f.(OTRFact); ok {
				found = true
				if f.Trust != want.trust || f.Former != want.former {
					t.Errorf("%s: %+v", name, f)
				}
			}
		}
		if !found {
			t.Errorf("%s: nothing is told, only %v", name, e.Show)
		}
	}
}

// TestManyKnownFingerprints: the keys that are verified are not forgotten for those that are not.
func TestManyKnownFingerprints(t *testing.T) {
	known := []KnownFingerprint{{paulette, strings.Repeat("a", 40), im.Verified}}
	for i := range 3 * maxOTRKeys {
		digits := []byte(strings.Repeat("0", 40))
		digits[i%40], digits[39] = byte('1'+i/40), 'f'
		known = append(known, KnownFingerprint{paulette, string(digits), im.Unverified})
	}
	c := New(Options{Accounts: []AccountOptions{{JID: ana, Fingerprints: known}}})
	p := c.byJID[ana].otr.peers[paulette]
	if p == nil || len(p.keys) != maxOTRKeys || p.verified() != strings.Repeat("a", 40) {
		t.Errorf("remembered: %+v", p)
	}
}
