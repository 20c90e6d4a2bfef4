package core

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"traboule/im"
)

func TestParseOTR(t *testing.T) {
	for line, want := range map[string]Command{
		"/otr": OTRState{}, "/otr start": StartOTR{}, "/OTR Start paulette@example.net/phone": StartOTR{"paulette@example.net/phone"},
		"/otr end": EndOTR{}, "/otr policy": OTRPolicy{}, "/otr policy required": OTRPolicy{Policy: im.OTRRequired, Set: true},
		"/otr policy never paulette@example.net": OTRPolicy{Policy: im.OTRNever, Set: true, JID: paulette},
		"/otr policy paulette@example.net":       OTRPolicy{JID: paulette},
		"/otr trust hubert":                      Trust{"hubert", true}, "/otr distrust": Trust{}, "/otr fingerprint": Fingerprint{},
		`/otr ask "quel chat ?" le noir et blanc`: Verify{"quel chat ?", "le noir et blanc"},
		`/otr ask "un ""chat""" noir`:             Verify{`un "chat"`, "noir"},
		"/otr ask chat noir":                      Verify{"chat", "noir"},
		`/otr secret "tel quel" `:                 Verify{Secret: `"tel quel"`},
		"/otr answer mal":                         VerifyAnswer{"mal"}, "/otr abort": VerifyAbort{}, "/help otr ask": Help{"otr ask"},
	} {
		if got, err := Parse(line); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %#v, %v, want %#v", line, got, err, want)
		}
	}
}

// TestSecretsStayOutOfErrors: what is typed wrong is said again by line mode, to logs perhaps.
func TestSecretsStayOutOfErrors(t *testing.T) {
	for _, line := range []string{
		`/otr ask "quel chat ? noirmatou`, `/otr ask "" noirmatou`, "/otr ask noirmatou", "/otr answer", "/otr aks quoi noirmatou", "/otr-answer noirmatou",
	} {
		_, err := Parse(line)
		if err == nil {
			t.Errorf("%q was understood", line)
			continue
		}
		var wrong *CommandError
		if text := fmt.Sprintf("%+v", err); errors.As(err, &wrong) {
			text += fmt.Sprintf("%+v", *wrong.Notice())
			if strings.Contains(text, "noirmatou") {
				t.Errorf("%q: %s", line, text)
			}
		}
	}
}

func TestCarriesSecret(t *testing.T) {
	for line, want := range map[string]bool{
		"/otr ask q a": true, "/otr secret a": true, "/otr answer a": true, "/otr start": false, "/join r@s n": false, "/join r@s n p": true, "a": false,
	} {
		command, err := Parse(line)
		if err != nil || CarriesSecret(command) != want {
			t.Errorf("%s: %v, %v", line, !want, err)
		}
	}
}

func fingerprint(i int) string { return fmt.Sprintf("%040x", i) }

// TestKeysAreBounded: somebody who shows another key each time does not make us forget the one that was verified.
func TestKeysAreBounded(t *testing.T) {
	p := &otrPeer{}
	p.setTrust(fingerprint(0), im.Verified)
	for i := range 3 * maxOTRKeys {
		former, _ := p.see(fingerprint(i + 1))
		if former != fingerprint(0) {
			t.Fatalf("key %d: %q was known before, want the verified one", i+1, former)
		}
	}
	if len(p.keys) > maxOTRKeys || p.trust(fingerprint(0)) != im.Verified || p.trust(fingerprint(3*maxOTRKeys)) != im.Unverified {
		t.Errorf("%d keys, the first one %v", len(p.keys), p.trust(fingerprint(0)))
	}
}

// TestPeersAreBounded: strangers make us forget strangers, and nobody else.
func TestPeersAreBounded(t *testing.T) {
	c := connectedCore(t)
	a := c.byJID[ana]
	policy := im.OTRRequired
	c.otrPeer(a, ConversationID{ana, paulette}).policy = &policy
	for i := range maxOTRPeers + 10 {
		c.otrPeer(a, ConversationID{ana, im.MustJID(fmt.Sprintf("s%d@example.com", i))})
	}
	if len(a.otr.peers) != maxOTRPeers || c.otrPolicy(a, paulette) != im.OTRRequired {
		t.Errorf("%d peers, policy %v", len(a.otr.peers), c.otrPolicy(a, paulette))
	}
	if a.otr.peers[im.MustJID("s0@example.com")] != nil || a.otr.peers[im.MustJID("s20@example.com")] == nil {
		t.Error("not the one known longest was forgotten")
	}
}

func TestSessionsAreBounded(t *testing.T) {
	c := connectedCore(t)
	for i := range maxOTRSessions + 10 {
		e := im.OTRChanged{On: im.On{Account: ana}, Peer: im.MustJID(fmt.Sprintf("s%d@example.com/x", i)), State: im.OTREncrypted, Theirs: fingerprint(i)}
		c.Handle(noon, Received{e})
	}
	if n := len(c.byJID[ana].otr.sessions); n != maxOTRSessions {
		t.Errorf("%d sessions, want %d", n, maxOTRSessions)
	}
}

// TestRenamedIntoAnotherSession: whoever takes the nick of somebody with a session does not lose their own.
func TestRenamedIntoAnotherSession(t *testing.T) {
	c := inGrenoble("hubert", "zoe")
	for _, nick := range []string{"hubert", "zoe"} {
		peer, _ := grenoble.WithResource(nick)
		c.Handle(noon, Typed{Query{nick}})
		c.Handle(noon, Received{im.OTRChanged{On: im.On{Account: ana}, Peer: peer, State: im.OTREncrypted, Theirs: fingerprint(len(nick))}})
	}
	a := c.byJID[ana]
	hubert, _ := grenoble.WithResource("hubert")
	zoe, _ := grenoble.WithResource("zoe")
	a.otr.rename(hubert, zoe)
	p := a.otr.peers[zoe]
	if a.otr.peers[hubert] != nil || len(p.sessions) != 2 || p.current.peer != hubert || a.otr.sessions[zoe].with != p || a.otr.sessions[hubert].with != p {
		t.Errorf("%+v", p)
	}
}

// TestPolicyFollowsNick: what has to be encrypted for somebody has to be under their next nick, and for whoever the user said so
// under that nick.
func TestPolicyFollowsNick(t *testing.T) {
	hubert, _ := grenoble.WithResource("hubert")
	lion, _ := grenoble.WithResource("lion")
	for _, said := range []im.JID{hubert, lion} {
		c := inGrenoble("hubert")
		c.Handle(noon, Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected}})
		told := map[im.JID]im.OTRPolicy{}
		for _, in := range []Input{
			Received{im.OccupantChanged{On: im.On{Account: ana}, Room: grenoble, Present: true, Occupant: im.Occupant{Nick: "hubert"}}},
			Received{im.OccupantChanged{On: im.On{Account: ana}, Room: grenoble, Present: true, Occupant: im.Occupant{Nick: "ana"}, Codes: []int{110}}},
			Typed{Query{"hubert"}}, Received{im.OTROffered{On: im.On{Account: ana}, Peer: hubert}},
			Typed{OTRPolicy{Policy: im.OTRRequired, Set: true, JID: said}},
			Received{im.OccupantChanged{On: im.On{Account: ana}, Room: grenoble, Occupant: im.Occupant{Nick: "hubert"}, Codes: []int{303}, NewNick: "lion"}},
			Received{im.OccupantChanged{On: im.On{Account: ana}, Room: grenoble, Present: true, Occupant: im.Occupant{Nick: "lion"}}},
		} {
			for _, r := range c.Handle(noon, in).Send {
				if p, is := r.(im.SetOTRPolicy); is {
					told[p.Peer] = p.Policy
				}
			}
		}
		if c.current.id.Peer != lion || c.protection(c.current.id) != Required || told[lion] != im.OTRRequired {
			t.Errorf("said of %s: %s is %d, told %v", said, c.current.id.Peer, c.protection(c.current.id), told)
		}
	}
}

// TestPolicyOfRoom: what was said of a room goes for everybody there of whom nothing else was said, here and in the stage.
func TestPolicyOfRoom(t *testing.T) {
	hubert, _ := grenoble.WithResource("hubert")
	zoe, _ := grenoble.WithResource("zoe")
	c := inGrenoble("hubert", "zoe")
	a := c.byJID[ana]
	told := map[im.JID]im.OTRPolicy{}
	do := func(in Input) Notice {
		var answer Notice
		effects := c.Handle(noon, in)
		for _, r := range effects.Send {
			if p, is := r.(im.SetOTRPolicy); is {
				told[p.Peer] = p.Policy
			}
		}
		for _, f := range effects.Show {
			if n, is := f.(NoticeFact); is {
				answer = *n.Notice
			}
		}
		return answer
	}
	in := func(peer im.JID) im.OTRPolicy { // as the stage finds it
		for _, of := range []im.JID{peer, peer.Bare(), {}} {
			if p, is := told[of]; is {
				return p
			}
		}
		return im.OTRManual
	}
	check := func(when string, ofHubert, ofZoe im.OTRPolicy) {
		t.Helper()
		for peer, want := range map[im.JID]im.OTRPolicy{hubert: ofHubert, zoe: ofZoe} {
			if got := c.otrPolicy(a, peer); got != want || in(peer) != want {
				t.Errorf("%s, %s: %d, told %d, want %d", when, peer, got, in(peer), want)
			}
		}
	}
	do(Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected}})
	set := func(jid im.JID, p im.OTRPolicy) Notice { return do(Typed{OTRPolicy{Policy: p, Set: true, JID: jid}}) }
	set(zoe, im.OTRManual)
	check("at first", im.OTRManual, im.OTRManual)
	if n := set(grenoble, im.OTRRequired); n.Code != NoticeOTRPolicyRoom || n.Room != grenoble || n.OTR.Policy != im.OTRRequired {
		t.Errorf("answer %+v", n)
	}
	check("required in the room", im.OTRRequired, im.OTRManual)
	set(hubert, im.OTROpportunistic)
	set(im.JID{}, im.OTRNever) // in the room's window
	check("never in the room", im.OTROpportunistic, im.OTRManual)
	if got := c.otrPolicy(a, grenoble); got != im.OTRNever || a.otr.policy != nil {
		t.Errorf("of the room %d, of all %v", got, a.otr.policy)
	}
	do(Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Disconnected, RetryIn: 1, Err: &im.Failure{Code: im.CodeConnectionLost}}})
	clear(told)
	do(Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected}})
	check("after a new login", im.OTROpportunistic, im.OTRManual)
}

// TestNothingIsSentToAnotherKey: a text that was typed when a key was verified never goes out to another one.
func TestNothingIsSentToAnotherKey(t *testing.T) {
	verified, other := fingerprint(1), fingerprint(2)
	for name, after := range map[string][]im.OTRChanged{
		"the same device": {{Peer: phone, State: im.OTREncrypted, Theirs: other}},
		"begun again":     {{Peer: phone, State: im.OTRFinished}, {Peer: phone, State: im.OTRStarting}, {Peer: phone, State: im.OTREncrypted, Theirs: other}},
		"another device":  {{Peer: phone, State: im.OTRPlain}, {Peer: im.MustJID("paulette@example.net/x"), State: im.OTREncrypted, Theirs: other}},
		"none":            {{Peer: phone, State: im.OTRPlain}},
	} {
		c := talking(im.OTREncrypted)
		c.byJID[ana].otr.peers[paulette].setTrust(verified, im.Verified)
		on := im.On{Account: ana}
		c.Handle(noon, Received{im.OTRChanged{On: on, Peer: phone, State: im.OTREncrypted, Theirs: verified}})
		c.Handle(noon, Received{im.ConnectionChanged{On: on, State: im.Disconnected, RetryIn: 1, Err: &im.Failure{Code: im.CodeConnectionLost}}})
		c.Handle(noon, Typed{Say{"secret"}})
		var sent []im.Request
		for _, e := range after {
			e.On = on
			sent = append(sent, c.Handle(noon, Received{e}).Send...)
		}
		sent = append(sent, c.Handle(noon, Received{im.ConnectionChanged{On: on, State: im.Connected}}).Send...)
		for _, r := range sent {
			if m, is := r.(im.SendMessage); is {
				t.Errorf("%s: %+v", name, m)
			}
		}
		log := c.current.log
		line := log.At(log.Len() - 1)
		for i := range log.Len() {
			if log.At(i).Body == "secret" {
				line = log.At(i)
			}
		}
		if !line.GivenBack() {
			t.Errorf("%s: not given back: %+v", name, line)
		}
	}
}

// TestFirstTextAfterNoAnswerIsGivenBack: who asked for encryption, and goes on typing as nobody answers, sends nothing in clear
// without knowing.
func TestFirstTextAfterNoAnswerIsGivenBack(t *testing.T) {
	changed := func(state im.OTRState, why im.OTRReason) Input {
		return Received{im.OTRChanged{On: im.On{Account: ana}, Peer: phone, State: state, Reason: why, Theirs: strings.Repeat("b", 40)}}
	}
	starting, in := changed(im.OTRStarting, im.OTRByUs), changed(im.OTRPlain, im.OTRTimeout)
	for name, row := range map[string]struct {
		inputs    []Input
		givenBack bool
	}{
		"at once":           {[]Input{starting, in}, true},
		"on request":        {[]Input{changed(im.OTRStarting, im.OTRByThem), changed(im.OTRPlain, im.OTRPeerGone)}, true},
		"the second":        {[]Input{starting, in, Typed{Say{"secret"}}}, false},
		"ended by us":       {[]Input{starting, changed(im.OTRPlain, im.OTRByUs)}, false},
		"going on without":  {[]Input{starting, in, Typed{EndOTR{}}}, false},
		"encrypted after":   {[]Input{starting, in, changed(im.OTREncrypted, im.OTRByThem), changed(im.OTRPlain, im.OTRByUs)}, false},
		"encrypted all day": {[]Input{changed(im.OTREncrypted, im.OTRByThem)}, false},
	} {
		c := talking(im.OTRPlain)
		for _, input := range row.inputs {
			c.Handle(noon, input)
		}
		c.Handle(noon, Typed{Say{"un autre"}})
		log := c.current.log
		line := log.At(log.Len() - 1)
		if line.Body != "un autre" || line.GivenBack() != row.givenBack {
			t.Errorf("%s: %+v", name, line)
		}
		if row.givenBack && line.Err.Code != im.CodeUnanswered {
			t.Errorf("%s: %+v", name, line.Err)
		}
	}
}

// TestAnswerIsNoSecret: somebody whom the user answers a question does not have the answer taken for a secret by asking again
// without one, nor by ending their run once the user has begun another.
func TestAnswerIsNoSecret(t *testing.T) {
	smp := func(step im.SMPStep, question string) Input {
		return Received{im.SMPChanged{On: im.On{Account: ana}, Peer: phone, Step: step, Question: question}}
	}
	for name, inputs := range map[string][]Input{
		"asked again": {smp(im.SMPRequested, "2 + 2?"), smp(im.SMPRequested, ""), Typed{VerifyAnswer{"4"}}, smp(im.SMPSucceeded, "")},
		"aborted":     {smp(im.SMPRequested, "2 + 2?"), smp(im.SMPAborted, ""), smp(im.SMPRequested, ""), Typed{VerifyAnswer{"4"}}, smp(im.SMPSucceeded, "")},
		"ours begun":  {smp(im.SMPRequested, "2 + 2?"), Typed{VerifyAnswer{"4"}}, Typed{VerifyAbort{}}, Typed{Verify{Secret: "x"}}, smp(im.SMPSucceeded, "")},
	} {
		c := talking(im.OTREncrypted)
		for _, in := range inputs {
			c.Handle(noon, in)
		}
		if s := c.otrSession(c.current); s == nil || s.trust() == im.Verified {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// TestViewKnowsOfNever: the window of somebody with whom nothing is to be encrypted says so.
func TestViewKnowsOfNever(t *testing.T) {
	c := onlineCore(t, nil)
	for _, line := range []string{"/query " + paulette.String(), "/otr policy never", "/otr policy manual"} {
		command, err := Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		c.Handle(noon, Typed{command})
		if got := c.View().Current.NeverOTR; got != strings.HasSuffix(line, "never") {
			t.Errorf("after %s: %v", line, got)
		}
	}
}

// TestLinkForAnotherAccount: that a link is opened with another account than it names is told, once.
func TestLinkForAnotherAccount(t *testing.T) {
	c := New(Options{Accounts: []AccountOptions{{JID: ana}}, Linked: paulette})
	var told []Notice
	for range 2 {
		for _, f := range c.Handle(noon, Woken{}).Show {
			if n, is := f.(NoticeFact); is && n.Notice.Code == NoticeLinkedAccount {
				told = append(told, *n.Notice)
			}
		}
	}
	if len(told) != 1 || told[0].JID != paulette || told[0].Text != ana.String() {
		t.Errorf("told %+v", told)
	}
}
