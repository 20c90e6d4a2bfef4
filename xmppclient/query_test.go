package xmppclient

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// theDone returns the one event there is, which must be a Done of the test's request.
func theDone(t *testing.T, events []im.Event) im.Done {
	t.Helper()
	if len(events) != 1 {
		t.Fatalf("%d events, want one Done: %v", len(events), events)
	}
	done, is := events[0].(im.Done)
	if !is || done.Request != request().ID || done.Account != ana() {
		t.Fatalf("got %#v, want a Done of request %d", events[0], request().ID)
	}
	return done
}

func theDrop(t *testing.T, events []im.Event) im.DropReason {
	t.Helper()
	if len(events) != 1 {
		t.Fatalf("%d events, want one Dropped: %v", len(events), events)
	}
	drop, is := events[0].(im.Dropped)
	if !is {
		t.Fatalf("got %#v, want a Dropped", events[0])
	}
	return drop.Reason
}

func TestAnswersCountFromTheOneAsked(t *testing.T) {
	room := im.DescribeRoom{For: request(), Room: testRoom()}
	own := im.EnableCarbons{For: request()}
	for _, c := range []struct {
		name    string
		request im.Request
		from    string
		counts  bool
	}{
		{"own server, nobody named", own, ``, true},
		{"own server, our account", own, ` from='ana@example.org'`, true},
		{"own server, itself", own, ` from='example.org'`, true},
		{"our other device", own, ` from='ana@example.org/phone'`, false},
		{"look-alike of our account", own, ` from='Ana@example.org'`, false},
		{"stranger", own, ` from='mallory@example.net/x'`, false},
		{"another server", own, ` from='example.net'`, false},
		{"the room", room, ` from='grenoble@rooms.example.org'`, true},
		{"an occupant for the room", room, ` from='grenoble@rooms.example.org/bob'`, false},
		{"the service for the room", room, ` from='rooms.example.org'`, false},
		{"our server for the room", room, ` from='example.org'`, false},
		{"nobody for the room", room, ``, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newTestStanzas()
			s.mustEncode(t, c.request)
			reply := `<iq type='error' id='id1'` + c.from + `><error type='cancel'><not-allowed xmlns='` + nsStanzas + `'/></error></iq>`
			events := s.receiveText(t, reply).events
			if !c.counts {
				if why := theDrop(t, events); why != im.DropForged {
					t.Errorf("dropped as %s, want forged", why)
				}
				if len(s.queries.waiting) != 1 {
					t.Error("the forged answer used up the query")
				}
				return
			}
			if done := theDone(t, events); done.Err == nil || done.Err.Code != im.CodeNotAllowed {
				t.Errorf("ended with %v, want not-allowed", done.Err)
			}
			if why := theDrop(t, s.receiveText(t, reply).events); why != im.DropUnasked {
				t.Errorf("a second answer is dropped as %s, want unasked", why)
			}
		})
	}
}

func TestQuestionIsNoAnswer(t *testing.T) {
	for _, typ := range []string{"get", "set"} {
		s := newTestStanzas()
		s.mustEncode(t, im.EnableCarbons{For: request()})
		r := s.receiveText(t, `<iq type='`+typ+`' id='id1'><enable xmlns='urn:xmpp:carbons:2'/></iq>`)
		if len(r.events) != 0 || len(r.send) != 1 || len(s.queries.waiting) != 1 {
			t.Errorf("%s with the id of a query: %d events, %d answers, %d waiting", typ, len(r.events), len(r.send), len(s.queries.waiting))
		}
	}
}

func TestTimeouts(t *testing.T) {
	for _, c := range []struct {
		name    string
		request im.Request
		unknown bool
	}{
		{"a question may be asked again", im.FetchRoster{For: request()}, false},
		{"a change may have happened", im.Block{For: request(), JID: im.MustJID("troll@example.net")}, true},
		{"a list", im.ListRooms{For: request(), Service: im.MustJID("rooms.example.org")}, false},
		{"a search", im.FindRoomService{For: request()}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newTestStanzas()
			if !s.nextExpiry().IsZero() {
				t.Error("something waits before anything was asked")
			}
			s.mustEncode(t, c.request)
			if want := testNow().Add(30 * time.Second); !s.nextExpiry().Equal(want) {
				t.Errorf("next expiry %v, want %v", s.nextExpiry(), want)
			}
			if events := s.expire(testNow().Add(29 * time.Second)); len(events) != 0 {
				t.Errorf("too early: %v", events)
			}
			done := theDone(t, s.expire(testNow().Add(30*time.Second)))
			if done.Err == nil || done.Err.Code != im.CodeTimeout || done.Unknown != c.unknown {
				t.Errorf("ended with %v, unknown %v", done.Err, done.Unknown)
			}
			if events := s.expire(testNow().Add(time.Hour)); len(events) != 0 || !s.nextExpiry().IsZero() {
				t.Errorf("ended twice: %v", events)
			}
		})
	}
}

// What was asked and is answered too late was asked all the same: it is no news for the user. Who else answers forges.
func TestLateAnswersAreExpected(t *testing.T) {
	s := newTestStanzas()
	s.mustEncode(t, im.DescribeRoom{For: request(), Room: testRoom()})
	theDone(t, s.expire(testNow().Add(30*time.Second)))
	answer := `<iq type='result' id='id1' from='` + testRoom().String() + `'><query xmlns='` + nsDiscoInfo + `'/></iq>`
	if why := theDrop(t, s.receiveText(t, strings.Replace(answer, "grenoble", "lyon", 1)).events); why != im.DropForged {
		t.Errorf("another room's answer is dropped as %s", why)
	}
	if r := s.receiveText(t, answer); len(r.events) != 0 || len(r.send) != 0 {
		t.Errorf("a late answer leads to %v", r)
	}
	if why := theDrop(t, s.receiveText(t, answer).events); why != im.DropUnasked {
		t.Errorf("a second one is dropped as %s", why)
	}
}

// Whoever never answers costs no memory, and leaves room for further questions.
func TestUnansweredQueriesAreForgotten(t *testing.T) {
	s := newTestStanzas()
	for i := range 3 * (maxPending + maxMoot) {
		s.mustEncode(t, im.DescribeRoom{For: request(), Room: testRoom()})
		if i%maxPending == maxPending-1 {
			s.expire(testNow().Add(30 * time.Second))
		}
		if n := len(s.queries.waiting); n > maxPending+maxMoot {
			t.Fatalf("%d queries are kept", n)
		}
	}
	last := `<iq type='error' id='id` + number(3*(maxPending+maxMoot)) + `' from='` + testRoom().String() + `'/>`
	for _, e := range s.receiveText(t, last).events {
		if _, dropped := e.(im.Dropped); dropped {
			t.Errorf("the newest was forgotten: %v", e)
		}
	}
}

func TestExpiryKeepsTheOrderOfAsking(t *testing.T) {
	s := newTestStanzas()
	for i := range 20 {
		s.mustEncode(t, im.EnableCarbons{For: im.For{Account: ana(), ID: im.RequestID(i + 1)}})
	}
	for i, e := range s.expire(testNow().Add(time.Minute)) {
		if done := e.(im.Done); done.Request != im.RequestID(i+1) {
			t.Fatalf("request %d ended as number %d", done.Request, i+1)
		}
	}
}

func TestAbortEndsEachRequestOnce(t *testing.T) {
	s := newTestStanzas()
	s.mustEncode(t, im.ListRooms{For: im.For{Account: ana(), ID: 1}, Service: im.MustJID("rooms.example.org")})
	s.receiveText(t, roomsPage("id1", 5, ""))
	s.mustEncode(t, im.EnableCarbons{For: im.For{Account: ana(), ID: 2}})
	events := s.abort(im.Failure{Code: im.CodeConnectionLost})
	want := []im.Event{
		im.Done{On: im.On{Account: ana()}, Request: 1, Err: &im.Failure{Code: im.CodeConnectionLost}},
		im.Done{On: im.On{Account: ana()}, Request: 2, Err: &im.Failure{Code: im.CodeConnectionLost}, Unknown: true},
	}
	if !reflect.DeepEqual(events, want) {
		t.Errorf("got %v, want %v", events, want)
	}
	if why := theDrop(t, s.receiveText(t, `<iq type='result' id='id2' from='room0@rooms.example.org'/>`).events); why != im.DropUnasked {
		t.Errorf("a late answer is dropped as %s", why)
	}
}

func TestQueriesAreBounded(t *testing.T) {
	s := newTestStanzas()
	for range maxPending {
		s.mustEncode(t, im.EnableCarbons{For: request()})
	}
	_, waits, failure := s.encode(testNow(), im.EnableCarbons{For: request()})
	if waits || failure == nil || failure.Code != im.CodeQueueFull {
		t.Errorf("one too many: waits %v, %v", waits, failure)
	}
}

// TestListingEndsWhenQueriesAreFull takes up the room that the descriptions of a listing would need.
func TestListingEndsWhenQueriesAreFull(t *testing.T) {
	s := newTestStanzas()
	s.mustEncode(t, im.ListRooms{For: request(), Service: im.MustJID("rooms.example.org")})
	for range maxPending - 1 {
		s.mustEncode(t, im.EnableCarbons{For: im.For{Account: ana(), ID: 1}})
	}
	r := s.receiveText(t, roomsPage("id1", 3, ""))
	if len(r.send) != 1 {
		t.Fatalf("%d stanzas, want the one there is room for", len(r.send))
	}
	end := s.receiveText(t, `<iq type='result' from='room0@rooms.example.org' id='id`+number(maxPending+1)+`'/>`)
	if rooms := theDone(t, end.events).Result.(im.RoomsResult).Rooms; len(rooms) != 3 {
		t.Errorf("%d rooms, want 3", len(rooms))
	}
}

func TestRosterAnswers(t *testing.T) {
	s := newTestStanzas()
	if out := s.mustEncode(t, im.FetchRoster{For: request()}); !strings.Contains(out, `<query xmlns='jabber:iq:roster' ver=''/>`) {
		t.Errorf("asked %s", out)
	}
	done := theDone(t, s.receiveText(t, `<iq type='result' id='id1'><query xmlns='jabber:iq:roster' ver='v1'>
		<item jid='bob@example.net' name='Bob' subscription='both'><group>Amis</group></item>
		<item jid='bob@example.net/desk' name='Bob again'/>
		<item jid='carla@example.net' subscription='to' ask='subscribe'/>
		<item jid='@'/><item/></query></iq>`).events)
	want := im.RosterResult{Version: "v1", Items: []im.RosterItem{
		{JID: im.MustJID("bob@example.net"), Name: "Bob", Groups: []string{"Amis"}, Subscription: im.SubscriptionBoth},
		{JID: im.MustJID("carla@example.net"), Subscription: im.SubscriptionTo, Asked: true},
	}}
	if !reflect.DeepEqual(done.Result, want) {
		t.Errorf("got %+v, want %+v", done.Result, want)
	}
	if s.mayKnow(im.MustJID("bob@example.net/x")) {
		t.Error("a contact may know before our presence is shown")
	}
	s.mustEncode(t, im.SetPresence{For: request(), Show: im.Online})
	for jid, may := range map[string]bool{"bob@example.net/x": true, "carla@example.net/x": false, "dan@example.net": false} {
		if s.mayKnow(im.MustJID(jid)) != may {
			t.Errorf("%s may know: %v", jid, !may)
		}
	}
	s.mustEncode(t, im.SetPresence{For: request(), Show: im.Offline})
	if s.mayKnow(im.MustJID("bob@example.net/x")) {
		t.Error("a contact may know after our presence was taken back")
	}
}

func TestRosterUnchangedAndBroken(t *testing.T) {
	s := newTestStanzas()
	s.mustEncode(t, im.FetchRoster{For: request(), Version: "v1", Items: []im.RosterItem{
		{JID: im.MustJID("bob@example.net"), Subscription: im.SubscriptionFrom},
	}})
	done := theDone(t, s.receiveText(t, `<iq type='result' id='id1'/>`).events)
	if want := (im.RosterResult{Version: "v1", Unchanged: true}); !reflect.DeepEqual(done.Result, want) {
		t.Errorf("got %+v, want %+v", done.Result, want)
	}
	s.mustEncode(t, im.SetPresence{For: request(), Show: im.Online})
	if !s.mayKnow(im.MustJID("bob@example.net/desk")) {
		t.Error("a contact known from an earlier session is taken for a stranger")
	}
	s.mustEncode(t, im.FetchRoster{For: request()})
	if done := theDone(t, s.receiveText(t, `<iq type='result' id='id2'/>`).events); done.Err == nil || done.Err.Code != im.CodeBadAnswer {
		t.Errorf("no roster at all: %v", done)
	}
}

func TestBlocklistAnswer(t *testing.T) {
	s := newTestStanzas()
	s.mustEncode(t, im.FetchBlocklist{For: request()})
	done := theDone(t, s.receiveText(t, `<iq type='result' id='id1'><blocklist xmlns='urn:xmpp:blocking'>
		<item jid='troll@example.net'/><item jid='@'/></blocklist></iq>`).events)
	if want := (im.BlocklistResult{JIDs: []im.JID{im.MustJID("troll@example.net")}}); !reflect.DeepEqual(done.Result, want) {
		t.Errorf("got %+v, want %+v", done.Result, want)
	}
}

func TestBadAnswers(t *testing.T) {
	service := im.MustJID("rooms.example.org")
	for _, c := range []struct {
		request im.Request
		from    string
	}{
		{im.FetchBlocklist{For: request()}, ""},
		{im.FindRoomService{For: request()}, "example.org"},
		{im.ListRooms{For: request(), Service: service}, "rooms.example.org"},
		{im.DescribeRoom{For: request(), Room: testRoom()}, "grenoble@rooms.example.org"},
		{im.ListAffiliations{For: request(), Room: testRoom()}, "grenoble@rooms.example.org"},
	} {
		s := newTestStanzas()
		s.mustEncode(t, c.request)
		done := theDone(t, s.receiveText(t, `<iq type='result' id='id1' from='`+c.from+`'/>`).events)
		if done.Err == nil || done.Err.Code != im.CodeBadAnswer {
			t.Errorf("%T: an empty answer ends with %v", c.request, done.Err)
		}
		s.mustEncode(t, c.request)
		done = theDone(t, s.receiveText(t, `<iq type='error' id='id2' from='`+c.from+`'/>`).events)
		if done.Err == nil || done.Err.Code != im.CodeRefused {
			t.Errorf("%T: an error without an error ends with %v", c.request, done.Err)
		}
	}
}

// TestAnswersAreShort: an answer repeats the id of the question. A long one, which a stranger's server lets through and ours
// would not, must not cost us the stream.
func TestAnswersAreShort(t *testing.T) {
	question := func(id string) string {
		return `<iq type='get' from='troll@example.net/x' id='` + id + `'><query xmlns='jabber:iq:version'/></iq>`
	}
	s := newTestStanzas()
	r := s.receiveText(t, question(strings.Repeat("i", maxID+1)))
	if len(r.send) != 0 || len(r.events) != 1 || r.events[0].(im.Dropped).Reason != im.DropTooLarge {
		t.Errorf("answered with %.100q, events %v", join(r.send), r.events)
	}
	if r := s.receiveText(t, question(strings.Repeat("i", maxID))); len(r.send) != 1 {
		t.Errorf("%d answers", len(r.send))
	}
}
