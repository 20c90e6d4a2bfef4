package xmppclient

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

func number(n int) string { return strconv.Itoa(n) }

// roomsPage is an answer with rooms room0 to room(n-1), and what follows them in it.
func roomsPage(id string, n int, more string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<iq type='result' from='rooms.example.org' id='%s'><query xmlns='%s'>`, id, nsDiscoItems)
	for i := range n {
		fmt.Fprintf(&b, `<item jid='room%d@rooms.example.org' name='Room %d'/>`, i, i)
	}
	return b.String() + more + `</query></iq>`
}

func described(id, room, name string, occupants string) string {
	form := ""
	if occupants != "" {
		form = `<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roominfo</value></field>` +
			`<field var='muc#roominfo_occupants'><value>` + occupants + `</value></field></x>`
	}
	return `<iq type='result' from='` + room + `' id='` + id + `'><query xmlns='` + nsDiscoInfo + `'>` +
		`<identity category='conference' type='text' name='` + name + `'/><feature var='muc_public'/>` + form + `</query></iq>`
}

func rooms() im.ListRooms {
	return im.ListRooms{For: request(), Service: im.MustJID("rooms.example.org")}
}

func listItem(jid, name string) string {
	return `<item jid='` + jid + `' name='` + name + `'/>`
}

func TestListRoomsWithOccupants(t *testing.T) {
	s := newTestStanzas()
	want := `<iq xmlns='jabber:client' to='rooms.example.org' type='get' id='id1'><query xmlns='http://jabber.org/protocol/disco#items'>` +
		`<set xmlns='http://jabber.org/protocol/rsm'><max>100</max></set></query></iq>`
	if got := s.mustEncode(t, rooms()); got != want {
		t.Errorf("asked %s, want %s", got, want)
	}
	r := s.receiveText(t, roomsPage("id1", 2, listItem("@", "broken")+listItem("rooms.example.org", "no room")))
	if len(r.events) != 0 || len(r.send) != 2 {
		t.Fatalf("%d events and %d queries, want a query for each room", len(r.events), len(r.send))
	}
	if r := s.receiveText(t, described("id3", "room1@rooms.example.org", "Second", "12")); len(r.events) != 0 {
		t.Fatalf("ended before all rooms answered: %v", r.events)
	}
	done := theDone(t, s.receiveText(t, `<iq type='error' from='room0@rooms.example.org' id='id2'/>`).events)
	wantResult := im.RoomsResult{Rooms: []im.RoomInfo{
		{Room: im.MustJID("room0@rooms.example.org"), Name: "Room 0", Occupants: -1},
		{Room: im.MustJID("room1@rooms.example.org"), Name: "Second", Occupants: 12, Flags: []im.RoomFlag{im.FlagPublic}},
	}}
	if !reflect.DeepEqual(done.Result, wantResult) {
		t.Errorf("got %+v, want %+v", done.Result, wantResult)
	}
}

func TestListRoomsPageByPage(t *testing.T) {
	s := newTestStanzas()
	s.mustEncode(t, rooms())
	page := func(id string, from, to int, set string) string {
		var items strings.Builder
		for i := from; i < to; i++ {
			items.WriteString(listItem(fmt.Sprintf("r%d@rooms.example.org", i), ""))
		}
		return roomsPage(id, 0, items.String()+`<set xmlns='`+nsRSM+`'>`+set+`</set>`)
	}
	r := s.receiveText(t, page("id1", 0, 2, `<last>r1</last><count>3</count>`))
	if got := join(r.send); !strings.Contains(got, `<max>100</max><after>r1</after>`) {
		t.Fatalf("asked %s, want the rooms after r1", got)
	}
	r = s.receiveText(t, page("id2", 2, 3, `<last>r2</last><count>3</count>`))
	if len(r.send) != 3 {
		t.Errorf("%d queries after the last page, want one for each room", len(r.send))
	}
}

func TestListRoomsStops(t *testing.T) {
	t.Run("at a page that brings nothing new", func(t *testing.T) {
		s := newTestStanzas()
		s.mustEncode(t, rooms())
		last := `<set xmlns='` + nsRSM + `'><last>x</last></set>`
		s.receiveText(t, roomsPage("id1", 1, last))
		if r := s.receiveText(t, roomsPage("id2", 1, last)); len(r.send) != 1 || strings.Contains(join(r.send), nsRSM) {
			t.Errorf("asked on: %s", join(r.send))
		}
	})
	t.Run("at the limit of pages", func(t *testing.T) {
		s := newTestStanzas()
		s.mustEncode(t, rooms())
		for i := range maxPages {
			item := listItem(fmt.Sprintf("r%d@rooms.example.org", i), "")
			s.receiveText(t, roomsPage("id"+number(i+1), 0, item+`<set xmlns='`+nsRSM+`'><last>r`+number(i)+`</last></set>`))
		}
		if done := theDone(t, answerAll(t, s, maxPages+1, maxPages)); !done.Result.(im.RoomsResult).Cut {
			t.Error("more rooms than we take are not marked as cut")
		}
	})
	t.Run("at the limit of rooms", func(t *testing.T) {
		s := newTestStanzas()
		s.mustEncode(t, rooms())
		r := s.receiveText(t, roomsPage("id1", maxRooms+1, ""))
		if len(r.send) != maxDescribed {
			t.Errorf("%d rooms asked, want %d", len(r.send), maxDescribed)
		}
		var last []im.Event
		for i := range maxDescribed {
			last = s.receiveText(t, described("id"+number(i+2), "room"+number(i)+"@rooms.example.org", "", "1")).events
		}
		if result := theDone(t, last).Result.(im.RoomsResult); len(result.Rooms) != maxRooms || !result.Cut {
			t.Errorf("%d rooms, cut %v", len(result.Rooms), result.Cut)
		}
	})
	t.Run("when a later page fails", func(t *testing.T) {
		s := newTestStanzas()
		s.mustEncode(t, rooms())
		s.receiveText(t, roomsPage("id1", 1, `<set xmlns='`+nsRSM+`'><last>x</last></set>`))
		s.receiveText(t, `<iq type='error' from='rooms.example.org' id='id2'/>`)
		done := theDone(t, s.receiveText(t, described("id3", "room0@rooms.example.org", "A", "1")).events)
		if result := done.Result.(im.RoomsResult); len(result.Rooms) != 1 || !result.Cut {
			t.Errorf("got %+v", result)
		}
	})
	t.Run("when there is no room", func(t *testing.T) {
		s := newTestStanzas()
		s.mustEncode(t, rooms())
		if done := theDone(t, s.receiveText(t, roomsPage("id1", 0, "")).events); done.Err != nil {
			t.Errorf("an empty list failed: %v", done.Err)
		}
	})
	t.Run("when rooms do not answer", func(t *testing.T) {
		s := newTestStanzas()
		s.mustEncode(t, rooms())
		s.receiveText(t, roomsPage("id1", 3, ""))
		s.receiveText(t, described("id2", "room0@rooms.example.org", "A", "4"))
		done := theDone(t, s.expire(testNow().Add(time.Minute)))
		if result := done.Result.(im.RoomsResult); len(result.Rooms) != 3 || result.Rooms[0].Occupants != 4 {
			t.Errorf("got %+v", result)
		}
	})
}

// answerAll answers n queries, from id first on, with an error each, and returns the events of the last.
func answerAll(t *testing.T, s *stanzas, first, n int) []im.Event {
	t.Helper()
	var events []im.Event
	for i := range n {
		events = s.receiveText(t, `<iq type='error' from='r`+number(i)+`@rooms.example.org' id='id`+number(first+i)+`'/>`).events
	}
	return events
}

func TestCountsInNames(t *testing.T) {
	for _, c := range []struct {
		name, describedAs, occupants string
		want                         im.RoomInfo
	}{
		{"Isère (12)", "Isère", "", im.RoomInfo{Name: "Isère", Occupants: 12}},
		{"Isère (private, 7)", "Isère", "", im.RoomInfo{Name: "Isère", Occupants: 7}},
		{"Isère (12)", "Isère", "13", im.RoomInfo{Name: "Isère", Occupants: 12}},
		{"a (3)", "", "3", im.RoomInfo{Name: "a", Occupants: 3}},
		{"Fête (2024)", "Fête (2024)", "5", im.RoomInfo{Name: "Fête (2024)", Occupants: -1}},
		{"Isère", "Isère", "", im.RoomInfo{Name: "Isère", Occupants: -1}},
		{"Isère (many)", "Isère", "", im.RoomInfo{Name: "Isère (many)", Occupants: -1}},
		{"Isère (-1)", "Isère", "", im.RoomInfo{Name: "Isère (-1)", Occupants: -1}},
		{"(3)", "x", "", im.RoomInfo{Name: "(3)", Occupants: -1}},
	} {
		s := newTestStanzas()
		s.mustEncode(t, rooms())
		// The first room is described, the second, of the same name in the list, is not.
		s.receiveText(t, roomsPage("id1", 0, listItem("a@rooms.example.org", c.name)+listItem("b@rooms.example.org", c.name)))
		s.receiveText(t, described("id2", "a@rooms.example.org", c.describedAs, c.occupants))
		done := theDone(t, s.receiveText(t, `<iq type='error' from='b@rooms.example.org' id='id3'/>`).events)
		c.want.Room = im.MustJID("b@rooms.example.org")
		if got := done.Result.(im.RoomsResult).Rooms[1]; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q, described as %q with %q: got %+v, want %+v", c.name, c.describedAs, c.occupants, got, c.want)
		}
	}
}

func TestDescribeRoom(t *testing.T) {
	s := newTestStanzas()
	s.mustEncode(t, im.DescribeRoom{For: request(), Room: testRoom()})
	done := theDone(t, s.receiveText(t, `<iq type='result' from='grenoble@rooms.example.org' id='id1'><query xmlns='`+nsDiscoInfo+`'>
		<identity category='conference' type='text' name='Grenoble'/>
		<feature var='muc_public'/><feature var='muc_hidden'/><feature var='muc_nonanonymous'/><feature var='muc_semianonymous'/>
		<feature var='muc_membersonly'/><feature var='muc_moderated'/><feature var='muc_passwordprotected'/>
		<feature var='muc_persistent'/><feature var='muc_temporary'/><feature var='urn:xmpp:mam:2'/><feature/>
		<x xmlns='jabber:x:data' type='result'><field var='muc#roominfo_occupants'><value> 42 </value></field>
		<field var='muc#roominfo_occupants'><value>7</value></field></x></query></iq>`).events)
	want := im.RoomInfoResult{Info: im.RoomInfo{Room: testRoom(), Name: "Grenoble", Occupants: 42, Flags: []im.RoomFlag{
		im.FlagPublic, im.FlagHidden, im.FlagNonAnonymous, im.FlagSemiAnonymous, im.FlagMembersOnly, im.FlagModerated,
		im.FlagPassword, im.FlagPersistent, im.FlagTemporary, im.FlagLogged}}}
	if !reflect.DeepEqual(done.Result, want) {
		t.Errorf("got %+v, want %+v", done.Result, want)
	}
	s.mustEncode(t, im.DescribeRoom{For: request(), Room: testRoom()})
	done = theDone(t, s.receiveText(t, `<iq type='error' from='grenoble@rooms.example.org' id='id2'><error type='cancel'>
		<item-not-found xmlns='`+nsStanzas+`'/></error></iq>`).events)
	if done.Err == nil || done.Err.Code != im.CodeRoomNotFound {
		t.Errorf("a room that does not exist: %v", done.Err)
	}
}

// TestIDsOfRoomsThatGiveNone: a room that said what it can do, without ids, lets occupants write their own.
func TestIDsOfRoomsThatGiveNone(t *testing.T) {
	text := `<message from='grenoble@rooms.example.org/bob' type='groupchat'><body>x</body>
		<stanza-id xmlns='urn:xmpp:sid:0' by='grenoble@rooms.example.org' id='forged'/>
		<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/></message>`
	for _, c := range []struct{ features, want string }{
		{``, ""},
		{`<feature var='urn:xmpp:sid:0'/><feature var='urn:xmpp:occupant-id:0'/>`, "forged"},
	} {
		s := newTestStanzas()
		s.mustEncode(t, im.DescribeRoom{For: request(), Room: testRoom()})
		s.receiveText(t, `<iq type='result' from='grenoble@rooms.example.org' id='id1'><query xmlns='`+nsDiscoInfo+`'>`+c.features+`</query></iq>`)
		m := s.receiveText(t, text).events[0].(im.MessageReceived).Message
		if m.StanzaID != c.want || m.OccupantID != c.want {
			t.Errorf("features %q: ids %q and %q, want %q", c.features, m.StanzaID, m.OccupantID, c.want)
		}
	}
}

func TestFindRoomService(t *testing.T) {
	info := func(id, from, identity string) string {
		return `<iq type='result' from='` + from + `' id='` + id + `'><query xmlns='` + nsDiscoInfo + `'>` + identity + `</query></iq>`
	}
	const muc = `<identity category='conference' type='text'/><feature var='http://jabber.org/protocol/muc'/>`
	const irc = `<identity category='conference' type='irc'/><feature var='http://jabber.org/protocol/muc'/>`
	list := `<iq type='result' from='example.org' id='id1'><query xmlns='` + nsDiscoItems + `'>` +
		listItem("irc.example.org", "") + listItem("rooms.example.org", "") + listItem("more.example.org", "") +
		listItem("user@example.org", "") + listItem("@", "") + `</query></iq>`
	start := func(t *testing.T) *stanzas {
		s := newTestStanzas()
		s.mustEncode(t, im.FindRoomService{For: request()})
		if r := s.receiveText(t, list); len(r.send) != 3 {
			t.Fatalf("%d services asked, want 3: %s", len(r.send), join(r.send))
		}
		return s
	}
	t.Run("the first in the server's order", func(t *testing.T) {
		s := start(t)
		if r := s.receiveText(t, info("id4", "more.example.org", muc)); len(r.events) != 0 {
			t.Fatalf("took the fastest, not the first: %v", r.events)
		}
		s.receiveText(t, info("id2", "irc.example.org", irc))
		done := theDone(t, s.receiveText(t, info("id3", "rooms.example.org", muc)).events)
		if want := (im.RoomServiceResult{Service: im.MustJID("rooms.example.org")}); done.Result != want {
			t.Errorf("got %v, want %v", done.Result, want)
		}
	})
	t.Run("the others are no longer of interest", func(t *testing.T) {
		s := start(t)
		theDone(t, s.receiveText(t, info("id2", "irc.example.org", muc)).events)
		if r := s.receiveText(t, info("id3", "rooms.example.org", muc)); len(r.events) != 0 {
			t.Errorf("a late answer that was asked for: %v", r.events)
		}
		if events := append(s.expire(testNow().Add(time.Minute)), s.abort(im.Failure{})...); len(events) != 0 {
			t.Errorf("the last one ends something: %v", events)
		}
		s = start(t)
		theDone(t, s.receiveText(t, info("id2", "irc.example.org", muc)).events)
		if events := s.abort(im.Failure{}); len(events) != 0 {
			t.Errorf("ended twice: %v", events)
		}
	})
	t.Run("none", func(t *testing.T) {
		s := start(t)
		s.receiveText(t, info("id2", "irc.example.org", irc))
		s.receiveText(t, info("id3", "rooms.example.org", ""))
		done := theDone(t, s.receiveText(t, `<iq type='error' from='more.example.org' id='id4'/>`).events)
		if done.Err == nil || done.Err.Code != im.CodeItemNotFound {
			t.Errorf("ended with %v", done.Err)
		}
	})
	t.Run("one that does not answer", func(t *testing.T) {
		s := start(t)
		s.receiveText(t, info("id3", "rooms.example.org", muc))
		done := theDone(t, s.expire(testNow().Add(time.Minute)))
		if want := (im.RoomServiceResult{Service: im.MustJID("rooms.example.org")}); done.Result != want {
			t.Errorf("got %v, %v; want %v", done.Result, done.Err, want)
		}
	})
	t.Run("nothing listed", func(t *testing.T) {
		s := newTestStanzas()
		s.mustEncode(t, im.FindRoomService{For: request()})
		done := theDone(t, s.receiveText(t, `<iq type='result' from='example.org' id='id1'><query xmlns='`+nsDiscoItems+`'/></iq>`).events)
		if done.Err == nil || done.Err.Code != im.CodeItemNotFound {
			t.Errorf("ended with %v", done.Err)
		}
	})
}
