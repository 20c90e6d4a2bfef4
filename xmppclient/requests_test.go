package xmppclient

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

const capsXML = `<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://traboule.example/caps' ver='CAPS'/>`

func TestEncode(t *testing.T) {
	room, bob, desk := testRoom(), im.MustJID("bob@example.net"), im.MustJID("bob@example.net/desk")
	hubert := im.MustJID("grenoble@rooms.example.org/hubert")
	f := request()
	for _, c := range []struct {
		request im.Request
		want    string
	}{
		{im.EnableCarbons{For: f}, `<iq type='set' id='id1'><enable xmlns='urn:xmpp:carbons:2'/></iq>`},
		{im.DisableCarbons{For: f}, `<iq type='set' id='id1'><disable xmlns='urn:xmpp:carbons:2'/></iq>`},
		{im.FetchRoster{For: f, Version: "v<1"}, `<iq type='get' id='id1'><query xmlns='jabber:iq:roster' ver='v&lt;1'/></iq>`},
		{im.SetRosterItem{For: f, JID: desk, Name: "Bob & co", Groups: []string{"Amis", ""}},
			`<iq type='set' id='id1'><query xmlns='jabber:iq:roster'><item jid='bob@example.net' name='Bob &amp; co'><group>Amis</group></item></query></iq>`},
		{im.RemoveRosterItem{For: f, JID: bob},
			`<iq type='set' id='id1'><query xmlns='jabber:iq:roster'><item jid='bob@example.net' subscription='remove'/></query></iq>`},
		{im.Block{For: f, JID: bob}, `<iq type='set' id='id1'><block xmlns='urn:xmpp:blocking'><item jid='bob@example.net'/></block></iq>`},
		{im.Unblock{For: f, JID: bob}, `<iq type='set' id='id1'><unblock xmlns='urn:xmpp:blocking'><item jid='bob@example.net'/></unblock></iq>`},
		{im.FetchBlocklist{For: f}, `<iq type='get' id='id1'><blocklist xmlns='urn:xmpp:blocking'/></iq>`},
		{im.FindRoomService{For: f}, `<iq to='example.org' type='get' id='id1'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>`},
		{im.DescribeRoom{For: f, Room: room},
			`<iq to='grenoble@rooms.example.org' type='get' id='id1'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`},
		{im.UnlockRoom{For: f, Room: room},
			`<iq to='grenoble@rooms.example.org' type='set' id='id1'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>`},
		{im.PingRoom{For: f, Room: room, Nick: "ana"},
			`<iq to='grenoble@rooms.example.org/ana' type='get' id='id1'><ping xmlns='urn:xmpp:ping'/></iq>`},
		{im.SetRole{For: f, Room: room, Nick: "odd", Role: im.RoleNone, Reason: "du calme"},
			`<iq to='grenoble@rooms.example.org' type='set' id='id1'><query xmlns='http://jabber.org/protocol/muc#admin'><item nick='odd' role='none'><reason>du calme</reason></item></query></iq>`},
		{im.SetRole{For: f, Room: room, Nick: "odd", Role: im.Participant},
			`<iq to='grenoble@rooms.example.org' type='set' id='id1'><query xmlns='http://jabber.org/protocol/muc#admin'><item nick='odd' role='participant'/></query></iq>`},
		{im.SetAffiliation{For: f, Room: room, JID: desk, Affiliation: im.Outcast, Reason: "troll"},
			`<iq to='grenoble@rooms.example.org' type='set' id='id1'><query xmlns='http://jabber.org/protocol/muc#admin'><item jid='bob@example.net' affiliation='outcast'><reason>troll</reason></item></query></iq>`},
		{im.ListAffiliations{For: f, Room: room, Affiliation: im.Member},
			`<iq to='grenoble@rooms.example.org' type='get' id='id1'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member'/></query></iq>`},
		{im.DestroyRoom{For: f, Room: room, Alternate: im.MustJID("isere@rooms.example.org"), Reason: "on déménage"},
			`<iq to='grenoble@rooms.example.org' type='set' id='id1'><query xmlns='http://jabber.org/protocol/muc#owner'><destroy jid='isere@rooms.example.org'><reason>on déménage</reason></destroy></query></iq>`},
		{im.DestroyRoom{For: f, Room: room},
			`<iq to='grenoble@rooms.example.org' type='set' id='id1'><query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query></iq>`},

		{im.SetPresence{For: f, Show: im.Online}, `<presence>` + capsXML + `</presence>`},
		{im.SetPresence{For: f, To: hubert, Show: im.Away, Status: "café"},
			`<presence to='grenoble@rooms.example.org/hubert'><show>away</show><status>café</status>` + capsXML + `</presence>`},
		{im.SetPresence{For: f, Show: im.ExtendedAway}, `<presence><show>xa</show>` + capsXML + `</presence>`},
		{im.SetPresence{For: f, Show: im.DoNotDisturb}, `<presence><show>dnd</show>` + capsXML + `</presence>`},
		{im.SetPresence{For: f, Show: im.FreeForChat}, `<presence><show>chat</show>` + capsXML + `</presence>`},
		{im.SetPresence{For: f, Show: im.Offline}, `<presence type='unavailable'/>`},
		{im.Subscribe{For: f, JID: desk}, `<presence to='bob@example.net' type='subscribe'/>`},
		{im.Approve{For: f, JID: bob}, `<presence to='bob@example.net' type='subscribed'/>`},
		{im.Refuse{For: f, JID: bob}, `<presence to='bob@example.net' type='unsubscribed'/>`},

		{im.SendMessage{For: f, To: bob, Stanza: "m1", Body: "a <b> & 'c' \"d\""},
			`<message to='bob@example.net' type='chat' id='m1'><body>a &lt;b&gt; &amp; &apos;c&apos; &quot;d&quot;</body><origin-id xmlns='urn:xmpp:sid:0' id='m1'/></message>`},
		{im.SendMessage{For: f, To: bob, Body: "x"},
			`<message to='bob@example.net' type='chat' id='id1'><body>x</body><origin-id xmlns='urn:xmpp:sid:0' id='id1'/></message>`},
		{im.SendMessage{For: f, To: bob, Stanza: "m2", Body: "x", Replaces: "m1", AskReceipt: true, AskMarker: true, State: true},
			`<message to='bob@example.net' type='chat' id='m2'><body>x</body><origin-id xmlns='urn:xmpp:sid:0' id='m2'/><replace xmlns='urn:xmpp:message-correct:0' id='m1'/>` +
				`<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/><active xmlns='http://jabber.org/protocol/chatstates'/></message>`},
		{im.SendMessage{For: f, To: room, Kind: im.Groupchat, Stanza: "m3", Body: "x", AskReceipt: true},
			`<message to='grenoble@rooms.example.org' type='groupchat' id='m3'><body>x</body><origin-id xmlns='urn:xmpp:sid:0' id='m3'/></message>`},
		{im.SendMessage{For: f, To: hubert, Kind: im.Private, Stanza: "m4", Body: "x"},
			`<message to='grenoble@rooms.example.org/hubert' type='chat' id='m4'><x xmlns='http://jabber.org/protocol/muc#user'/><body>x</body><origin-id xmlns='urn:xmpp:sid:0' id='m4'/></message>`},
		{im.SendMessage{For: f, To: desk, Stanza: "m5", Body: "?OTR:AAMD.", Replaces: "m4", Encryption: im.OTR},
			`<message to='bob@example.net/desk' type='chat' id='m5'><body>?OTR:AAMD.</body><origin-id xmlns='urn:xmpp:sid:0' id='m5'/>` +
				`<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:otr:0'/><private xmlns='urn:xmpp:carbons:2'/>` +
				`<no-copy xmlns='urn:xmpp:hints'/><no-permanent-store xmlns='urn:xmpp:hints'/></message>`},
		{im.SendReceipt{For: f, To: desk, Stanza: "r1"},
			`<message to='bob@example.net/desk' type='chat' id='id1'><received xmlns='urn:xmpp:receipts' id='r1'/></message>`},
		{im.SendReceipt{For: f, To: hubert, Kind: im.Private, Stanza: "r1", Displayed: true},
			`<message to='grenoble@rooms.example.org/hubert' type='chat' id='id1'><x xmlns='http://jabber.org/protocol/muc#user'/><displayed xmlns='urn:xmpp:chat-markers:0' id='r1'/></message>`},
		{im.SendChatState{For: f, To: desk, State: im.Composing},
			`<message to='bob@example.net/desk' type='chat' id='id1'><composing xmlns='http://jabber.org/protocol/chatstates'/><no-store xmlns='urn:xmpp:hints'/></message>`},

		{im.JoinRoom{For: f, Room: room, Nick: "ana", Password: "a&b", History: 20, Since: testNow(), Show: im.Away, Status: "s"},
			`<presence to='grenoble@rooms.example.org/ana'><show>away</show><status>s</status>` + capsXML +
				`<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='20' since='2026-05-01T12:00:00Z'/><password>a&amp;b</password></x></presence>`},
		{im.JoinRoom{For: f, Room: room, Nick: "❤️ x", History: -1, Show: im.Online},
			`<presence to='grenoble@rooms.example.org/❤️ x'>` + capsXML + `<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>`},
		{im.LeaveRoom{For: f, Room: room, Nick: "ana", Text: "à demain"},
			`<presence to='grenoble@rooms.example.org/ana' type='unavailable'><status>à demain</status></presence>`},
		{im.ChangeNick{For: f, Room: room, Nick: "anna"}, `<presence to='grenoble@rooms.example.org/anna'>` + capsXML + `</presence>`},
		{im.SetSubject{For: f, Room: room, Text: "mardi"},
			`<message to='grenoble@rooms.example.org' type='groupchat' id='id1'><subject>mardi</subject></message>`},
		{im.SetSubject{For: f, Room: room}, `<message to='grenoble@rooms.example.org' type='groupchat' id='id1'><subject/></message>`},
		{im.Invite{For: f, Room: room, To: bob, Reason: "viens", Password: "p"},
			`<message to='grenoble@rooms.example.org' id='id1'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='bob@example.net'><reason>viens</reason></invite></x></message>`},
		{im.Invite{For: f, Room: room, To: bob, Direct: true, Reason: "viens", Password: "p"},
			`<message to='bob@example.net' id='id1'><x xmlns='jabber:x:conference' jid='grenoble@rooms.example.org' password='p' reason='viens'/></message>`},
		{im.DeclineInvitation{For: f, Room: room, To: bob, Reason: "trop loin"},
			`<message to='grenoble@rooms.example.org' id='id1'><x xmlns='http://jabber.org/protocol/muc#user'><decline to='bob@example.net'><reason>trop loin</reason></decline></x></message>`},
	} {
		s := newTestStanzas()
		out, waits, failure := s.encode(testNow(), c.request)
		if failure != nil {
			t.Errorf("%T: %v", c.request, failure)
			continue
		}
		want := strings.Replace(c.want, "CAPS", s.caps, 1)
		if got := strings.Replace(join(out), " xmlns='jabber:client'", "", 1); got != want || len(got) == len(join(out)) {
			t.Errorf("%T:\n got %s\nwant %s, in jabber:client", c.request, join(out), want)
		}
		if isIQ := strings.HasPrefix(want, "<iq"); waits != isIQ {
			t.Errorf("%T waits: %v", c.request, waits)
		}
	}
}

// TestRequestsThatAreNotStanzas: a request that the wire is asked for and does not know must not pass silently.
func TestRequestsThatAreNotStanzas(t *testing.T) {
	for _, r := range []im.Request{im.Connect{For: request()}, im.Disconnect{For: request()}} {
		if out, waits, failure := newTestStanzas().encode(testNow(), r); failure == nil || waits || out != nil {
			t.Errorf("%T: %s, %v, %v", r, join(out), waits, failure)
		}
	}
}

func TestRefusedRequests(t *testing.T) {
	room := testRoom()
	long := strings.Repeat("x", 1024)
	bell, err := im.WireJID("bob@example.net/\a")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		request im.Request
		code    im.Code
	}{
		{"nick too long", im.JoinRoom{For: request(), Room: room, Nick: long}, im.CodeRefused},
		{"no nick", im.JoinRoom{For: request(), Room: room}, im.CodeRefused},
		{"nick with a bell", im.JoinRoom{For: request(), Room: room, Nick: "\a"}, im.CodeRefused},
		{"leaving as nobody", im.LeaveRoom{For: request(), Room: room}, im.CodeRefused},
		{"new nick empty", im.ChangeNick{For: request(), Room: room}, im.CodeRefused},
		{"ping without nick", im.PingRoom{For: request(), Room: room}, im.CodeRefused},
		{"kick of a nick with a bell", im.SetRole{For: request(), Room: room, Nick: "\a"}, im.CodeRefused},
		{"message to a bell", im.SendMessage{For: request(), To: bell, Body: "x"}, im.CodeRefused},
		{"message to nobody", im.SendMessage{For: request(), Body: "x"}, im.CodeRefused},
		{"message of control characters", im.SendMessage{For: request(), To: room, Body: "\a\x00"}, im.CodeRefused},
		{"message that is long once it is written", im.SendMessage{For: request(), To: room, Body: strings.Repeat("'", maxBody/2)}, im.CodeTooLarge},
		{"reason too long", im.SetRole{For: request(), Room: room, Nick: "x", Reason: strings.Repeat("x", maxSent)}, im.CodeTooLarge},
		{"message too long", im.SendMessage{For: request(), To: room, Body: strings.Repeat("x", maxBody+1)}, im.CodeTooLarge},
		{"offline in a room", im.SetPresence{For: request(), To: room}, im.CodeRefused},
	} {
		s := newTestStanzas()
		out, waits, failure := s.encode(testNow(), c.request)
		if failure == nil || failure.Code != c.code || waits || out != nil || len(s.queries.waiting) != 0 || len(s.rooms) != 0 {
			t.Errorf("%s: %s, waits %v, %v, %d waiting, %d rooms", c.name, join(out), waits, failure, len(s.queries.waiting), len(s.rooms))
		}
	}
}

func TestNickChangeKeepsPresence(t *testing.T) {
	s := newTestStanzas()
	room := testRoom()
	s.mustEncode(t, im.JoinRoom{For: request(), Room: room, Nick: "ana", Show: im.Away, Status: "café"})
	if got := s.mustEncode(t, im.ChangeNick{For: request(), Room: room, Nick: "anna"}); !strings.Contains(got, "<show>away</show><status>café</status>") {
		t.Errorf("lost what was set when joining: %s", got)
	}
	me := im.MustJID("grenoble@rooms.example.org/anna")
	s.mustEncode(t, im.SetPresence{For: request(), To: me, Show: im.DoNotDisturb})
	if got := s.mustEncode(t, im.ChangeNick{For: request(), Room: room, Nick: "ana"}); !strings.Contains(got, "<show>dnd</show><c") {
		t.Errorf("lost what was set later: %s", got)
	}
}

func TestRoomPing(t *testing.T) {
	for _, c := range []struct {
		answer string
		code   im.Code
	}{
		{`type='result'>`, ""},
		{`type='error'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`, ""},
		{`type='error'><error type='cancel'><feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`, ""},
		{`type='error'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`, im.CodeItemNotFound},
		{`type='error'><error type='cancel'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`, im.CodeNotAcceptable},
		{`type='error'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`, im.CodeNotAcceptable},
		{`type='error'><error type='cancel'><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`, im.CodeServiceGone},
		{`type='error'><error type='wait'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`, im.CodeServiceGone},
	} {
		s := newTestStanzas()
		s.mustEncode(t, im.PingRoom{For: request(), Room: testRoom(), Nick: "ana"})
		done := theDone(t, s.receiveText(t, `<iq id='id1' from='grenoble@rooms.example.org/ana' `+c.answer+`</iq>`).events)
		var code im.Code
		if done.Err != nil {
			code = done.Err.Code
		}
		if code != c.code {
			t.Errorf("%s: %q, want %q", c.answer, code, c.code)
		}
	}
	s := newTestStanzas()
	s.mustEncode(t, im.PingRoom{For: request(), Room: testRoom(), Nick: "ana"})
	if done := theDone(t, s.expire(testNow().Add(time.Minute))); done.Err == nil || done.Err.Code != im.CodeTimeout {
		t.Errorf("no answer: %v", done.Err)
	}
}

func TestListAffiliations(t *testing.T) {
	s := newTestStanzas()
	s.mustEncode(t, im.ListAffiliations{For: request(), Room: testRoom(), Affiliation: im.Outcast})
	done := theDone(t, s.receiveText(t, `<iq type='result' id='id1' from='grenoble@rooms.example.org'><query xmlns='http://jabber.org/protocol/muc#admin'>
		<item affiliation='outcast' jid='troll@example.net'><reason>x</reason></item><item nick='bob' affiliation='none' role='visitor' jid='@'/></query></iq>`).events)
	want := im.AffiliationsResult{Occupants: []im.Occupant{
		{JID: im.MustJID("troll@example.net"), Affiliation: im.Outcast},
		{Nick: "bob", Role: im.Visitor},
	}}
	if !reflect.DeepEqual(done.Result, want) {
		t.Errorf("got %+v, want %+v", done.Result, want)
	}
}

func TestJoinRefused(t *testing.T) {
	for condition, want := range map[string]im.Code{
		"conflict": im.CodeNickTaken, "forbidden": im.CodeBanned, "registration-required": im.CodeMembersOnly,
		"not-authorized": im.CodePasswordRequired, "service-unavailable": im.CodeRoomFull, "resource-constraint": im.CodeRoomFull,
		"item-not-found": im.CodeRoomNotFound, "not-allowed": im.CodeNotAllowed, "not-acceptable": im.CodeNotAcceptable,
		"gone": im.CodeServiceGone, "remote-server-not-found": im.CodeServiceGone, "remote-server-timeout": im.CodeServiceGone,
		"jid-malformed": im.CodeRefused,
	} {
		s := newTestStanzas()
		s.mustEncode(t, im.JoinRoom{For: request(), Room: testRoom(), Nick: "ana", Show: im.Online})
		events := s.receiveText(t, `<presence type='error' from='grenoble@rooms.example.org/ana'><error type='auth'><`+condition+
			` xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>`+strings.Repeat("é", 1000)+`</text></error></presence>`).events
		failed, is := events[0].(im.PresenceFailed)
		if !is || failed.Err.Code != want || failed.Err.Condition != condition || len(failed.Err.Text) > maxText {
			t.Errorf("%s: %+v, want %s", condition, events, want)
		}
		if s.mayKnow(im.MustJID("grenoble@rooms.example.org/bob")) {
			t.Errorf("%s: the room that refused us may still know that we are here", condition)
		}
	}
}

// TestNewSessionLeavesRooms: who shared a room with an earlier session is a stranger to the next.
func TestNewSessionLeavesRooms(t *testing.T) {
	s := newTestStanzas()
	s.mustEncode(t, im.JoinRoom{For: request(), Room: testRoom(), Nick: "ana", Show: im.Online})
	s.bound(im.MustJID("ana@example.org/r2"))
	if s.mayKnow(im.MustJID("grenoble@rooms.example.org/bob")) {
		t.Error("a room of the last session may know that we are here")
	}
}

// TestAnonymous: an account without a local part learns its address when it is bound.
func TestAnonymous(t *testing.T) {
	s := newStanzas(im.MustJID("anon.example.org"), func() string { return "id" })
	s.bound(im.MustJID("3f2a@anon.example.org/r1"))
	r := s.receiveText(t, `<iq type='set' from='3f2a@anon.example.org' id='p'><query xmlns='jabber:iq:roster'><item jid='bob@example.net'/></query></iq>`)
	if changed, is := r.events[0].(im.RosterChanged); !is || changed.Account != im.MustJID("anon.example.org") {
		t.Errorf("got %v", r.events)
	}
}

func TestCapsVer(t *testing.T) {
	// The example of XEP-0115 §5.2.
	got := capsVer([]string{"client/pc//Exodus 0.9.1"}, []string{
		"http://jabber.org/protocol/muc", "http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/disco#items",
		"http://jabber.org/protocol/caps",
	})
	if want := "QgayPKawpkPSDYmwT/WM94uAlu0="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestMuteCaps shows that who tells nobody what this client can do puts it on no presence, and answers nobody who asks, in
// the words for strangers.
func TestMuteCaps(t *testing.T) {
	s := newTestStanzas()
	s.mute = true
	for _, r := range []im.Request{
		im.SetPresence{For: request(), Show: im.Online},
		im.JoinRoom{For: request(), Room: testRoom(), Nick: "ana", Show: im.Online},
		im.ChangeNick{For: request(), Room: testRoom(), Nick: "ana2"},
	} {
		if sent := s.mustEncode(t, r); parse(t, sent).kid(nsCaps, "c") != nil {
			t.Errorf("%T: sent %s", r, sent)
		}
	}
	r := s.receiveText(t, fmt.Sprintf(`<iq type='get' id='q' from='example.org'><query xmlns='%s'/></iq>`, nsDiscoInfo))
	if answer := parse(t, string(r.send[0])); answer.attr("type") != "error" || answer.kid(nsClient, "error").kid(nsStanzas, "service-unavailable") == nil {
		t.Errorf("answered %s", r.send[0])
	}
}

// TestCapsMatchDisco hashes what we answer, as XEP-0115 §5.4 has everyone else do.
func TestCapsMatchDisco(t *testing.T) {
	s := newTestStanzas()
	node := capsNode + "#" + s.caps
	r := s.receiveText(t, fmt.Sprintf(`<iq type='get' id='q' from='example.org'><query xmlns='%s' node='%s'/></iq>`, nsDiscoInfo, node))
	info := parse(t, string(r.send[0])).kid(nsDiscoInfo, "query")
	if info == nil || info.attr("node") != node {
		t.Fatalf("answered %s", r.send[0])
	}
	var identities, features []string
	for _, i := range info.kidsOf(nsDiscoInfo, "identity") {
		identities = append(identities, i.attr("category")+"/"+i.attr("type")+"/"+i.attrIn(nsXML, "lang")+"/"+i.attr("name"))
	}
	for _, f := range info.kidsOf(nsDiscoInfo, "feature") {
		features = append(features, f.attr("var"))
	}
	if got := capsVer(identities, features); got != s.caps {
		t.Errorf("the answer hashes to %s, announced was %s", got, s.caps)
	}
}
