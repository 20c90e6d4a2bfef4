package core

import (
	"slices"
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

// kept gives the records of a type that inputs lead to.
func kept[R im.Record](c *Core, inputs ...Input) []R {
	var records []R
	for _, in := range inputs {
		for _, r := range c.Handle(noon, in).Keep {
			if r, is := r.(R); is {
				records = append(records, r)
			}
		}
	}
	return records
}

// TestKeysAreKept shows that a key is kept as it is first shown and as it becomes better or less known; the transcript otr_smp
// shows the same of a secret that both know.
func TestKeysAreKept(t *testing.T) {
	key, on := strings.Repeat("a", 40), im.On{Account: ana}
	phone := im.MustJID("paulette@example.net/phone")
	encrypted := Received{im.OTRChanged{On: on, Peer: phone, State: im.OTREncrypted, Version: 3, Theirs: key}}
	for name, test := range map[string]struct {
		inputs []Input
		trusts []im.Trust
	}{
		"shown":           {nil, []im.Trust{im.Unverified}},
		"shown again":     {[]Input{encrypted}, []im.Trust{im.Unverified}},
		"trusted":         {[]Input{Typed{Trust{To: paulette.String(), Verified: true}}}, []im.Trust{im.Unverified, im.Verified}},
		"trusted, undone": {[]Input{Typed{Trust{To: paulette.String(), Verified: true}}, Typed{Trust{To: paulette.String()}}}, []im.Trust{im.Unverified, im.Verified, im.Unverified}},
		"a link":          {[]Input{Typed{VerifyFingerprint{paulette, key}}}, []im.Trust{im.Unverified, im.Verified}},
	} {
		c := newTestCore()
		c.Handle(noon, Received{im.ConnectionChanged{On: on, State: im.Connected}})
		c.Handle(noon, Typed{Query{To: paulette.String()}})
		records := kept[im.FingerprintRecord](c, append([]Input{encrypted}, test.inputs...)...)
		var trusts []im.Trust
		for _, r := range records {
			trusts = append(trusts, r.Trust)
			if r.Account != ana || r.Peer != paulette || r.Fingerprint != key || r.Forgotten {
				t.Errorf("%s: %+v", name, r)
			}
		}
		if !slices.Equal(trusts, test.trusts) {
			t.Errorf("%s: kept %v, want %v", name, trusts, test.trusts)
		}
	}
}

// TestForgottenKeysAreKeptNoMore: somebody who shows another key each time does not fill the disk, and keys of occupants are
// not kept at all.
func TestForgottenKeysAreKeptNoMore(t *testing.T) {
	c := newTestCore()
	on := im.On{Account: ana}
	c.Handle(noon, Received{im.ConnectionChanged{On: on, State: im.Connected}})
	there := map[string]bool{}
	for i := range 2 * maxOTRKeys {
		for _, r := range kept[im.FingerprintRecord](c, Received{im.OTRChanged{
			On: on, Peer: im.MustJID("paulette@example.net/phone"), State: im.OTREncrypted, Version: 3, Theirs: fingerprint(i),
		}}) {
			there[r.Fingerprint] = !r.Forgotten
		}
	}
	left := 0
	for _, is := range there {
		if is {
			left++
		}
	}
	if left != maxOTRKeys {
		t.Errorf("%d keys are kept, want %d", left, maxOTRKeys)
	}
	c.Handle(noon, Typed{Join{Room: "grenoble@chat.example.org"}})
	if records := kept[im.FingerprintRecord](c, Received{im.OTRChanged{
		On: on, Peer: im.MustJID("grenoble@chat.example.org/hubert"), State: im.OTREncrypted, Version: 3, Theirs: fingerprint(1),
	}}); len(records) > 0 {
		t.Errorf("the key of an occupant is kept: %v", records)
	}
}

// TestPoliciesAreKept gives what was kept of policies to the next session.
func TestPoliciesAreKept(t *testing.T) {
	c := newTestCore()
	hubert := im.MustJID("grenoble@chat.example.org/hubert")
	c.Handle(noon, Typed{Join{Room: "grenoble@chat.example.org"}})
	records := kept[im.OTRPolicyRecord](c,
		Typed{OTRPolicy{Policy: im.OTRRequired, Set: true, JID: paulette}},
		Typed{OTRPolicy{Policy: im.OTRNever, Set: true, JID: hubert}},
		Typed{At{Window: c.byJID[ana].console.window, Command: OTRPolicy{Policy: im.OTROpportunistic, Set: true}}},
	)
	want := []im.OTRPolicyRecord{
		{Kept: im.Kept{Account: ana}, Peer: paulette, Policy: im.OTRRequired},
		{Kept: im.Kept{Account: ana}, Policy: im.OTROpportunistic},
	}
	if !slices.Equal(records, want) {
		t.Fatalf("kept %+v, want %+v", records, want)
	}
	o := AccountOptions{JID: ana, Policies: []KnownPolicy{{hubert, im.OTRNever}, {paulette, 99}}}
	for _, r := range records {
		o.Policies = append(o.Policies, KnownPolicy{r.Peer, r.Policy})
	}
	again := New(Options{Accounts: []AccountOptions{o}})
	for peer, want := range map[im.JID]im.OTRPolicy{paulette: im.OTRRequired, hubert: im.OTROpportunistic, {}: im.OTROpportunistic} {
		if got := again.otrPolicy(again.byJID[ana], peer); got != want {
			t.Errorf("policy with %q: %v, want %v", peer, got, want)
		}
	}
}

// TestMechanismsAreKept: what the server has offered sets the bar for the next session.
func TestMechanismsAreKept(t *testing.T) {
	records := kept[im.MechanismRecord](newTestCore(), Received{im.MechanismOffered{On: im.On{Account: ana}, Mechanism: "SCRAM-SHA-256-PLUS"}})
	if want := (im.MechanismRecord{Kept: im.Kept{Account: ana}, Mechanism: "SCRAM-SHA-256-PLUS"}); !slices.Equal(records, []im.MechanismRecord{want}) {
		t.Errorf("kept %v", records)
	}
}
