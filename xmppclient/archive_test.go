package xmppclient

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

const someText = `<message xmlns='jabber:client' from='bob@example.net/desk' to='ana@example.org' type='chat' id='m1'><body>salut</body></message>`

// archiving is an account whose archive, and that of whose room, is known to be there.
func archiving() *stanzas {
	s := newTestStanzas()
	s.announce(ana(), featureSet(nsMAM))
	s.announce(testRoom(), featureSet(nsMAM, nsStanzaID))
	return s
}

// fetching has asked for a page, with the id id1.
func fetching(t testing.TB, r im.FetchArchive) *stanzas {
	t.Helper()
	s := archiving()
	r.For = request()
	if r.Max == 0 {
		r.Max = maxPage
	}
	s.mustEncode(t, r)
	return s
}

// archived is what an archive sends; from is empty for our account's.
func archived(from, query, id, inner string) string {
	if from != "" {
		from = ` from='` + from + `'`
	}
	return `<message` + from + ` to='ana@example.org/r1'><result xmlns='urn:xmpp:mam:2' queryid='` + query + `' id='` + id + `'>` +
		`<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2010-07-10T23:08:25Z'/>` + inner + `</forwarded></result></message>`
}

func fin(id, attrs, set string) string {
	return `<iq type='result' id='` + id + `'` + `><fin xmlns='urn:xmpp:mam:2'` + attrs + `><set xmlns='http://jabber.org/protocol/rsm'>` + set + `</set></fin></iq>`
}

func roomFin(id string) string {
	return strings.Replace(fin(id, "", ""), "<iq", "<iq from='grenoble@rooms.example.org'", 1)
}

// nothing checks that what came had no consequence yet.
func nothing(t *testing.T, r received) {
	t.Helper()
	if len(r.events)+len(r.send) != 0 {
		t.Fatalf("events %v, sends %s", r.events, join(r.send))
	}
}

// pageOf is the result of the request, which must have ended well.
func pageOf(t *testing.T, r received) im.ArchiveResult {
	t.Helper()
	done := theDone(t, r.events)
	page, is := done.Result.(im.ArchiveResult)
	if !is || done.Err != nil {
		t.Fatalf("ended with %v, %v", done.Result, done.Err)
	}
	return page
}

func TestFetchArchive(t *testing.T) {
	const start = `<query xmlns='urn:xmpp:mam:2' queryid='id1'><x xmlns='jabber:x:data' type='submit'>` +
		`<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>`
	set := func(max int, rest string) string {
		return fmt.Sprintf(`</x><set xmlns='http://jabber.org/protocol/rsm'><max>%d</max>%s</set></query></iq>`, max, rest)
	}
	own, ofRoom := `<iq type='set' id='id1'>`, `<iq to='grenoble@rooms.example.org' type='set' id='id1'>`
	for _, c := range []struct {
		request im.FetchArchive
		want    string
	}{
		{im.FetchArchive{Max: 50}, own + start + set(50, "")},
		{im.FetchArchive{Archive: ana(), Max: 50}, own + start + set(50, "")},
		{im.FetchArchive{Max: 1000}, own + start + set(100, "")},
		{im.FetchArchive{}, own + start + set(1, "")},
		{im.FetchArchive{Max: 9, After: "a<1"}, own + start + set(9, `<after>a&lt;1</after>`)},
		{im.FetchArchive{Max: 9, After: "a", Before: "b", Last: true}, own + start + set(9, `<after>a</after>`)},
		{im.FetchArchive{Max: 9, Before: "b"}, own + start + set(9, `<before>b</before>`)},
		{im.FetchArchive{Max: 9, Last: true}, own + start + set(9, `<before/>`)},
		{im.FetchArchive{Max: 9, With: im.MustJID("bob@example.net"), Since: testNow().In(time.FixedZone("", 3600))}, own + start +
			`<field var='with'><value>bob@example.net</value></field><field var='start'><value>2026-05-01T12:00:00Z</value></field>` + set(9, "")},
		{im.FetchArchive{Max: 9, Archive: im.MustJID("grenoble@rooms.example.org/ana"), With: im.MustJID("bob@example.net")}, ofRoom + start + set(9, "")},
	} {
		c.request.For = request()
		got := strings.Replace(archiving().mustEncode(t, c.request), " xmlns='jabber:client'", "", 1)
		if got != c.want {
			t.Errorf("%+v:\n got %s\nwant %s", c.request, got, c.want)
		}
	}
}

// TestArchiveMustBeThere: the archive is asked only once it was announced, by the one whose it is.
func TestArchiveMustBeThere(t *testing.T) {
	for _, c := range []struct {
		name    string
		archive im.JID
		answer  string
		code    im.Code
	}{
		{"account", im.JID{}, `<iq type='result' from='ana@example.org' id='id1'><query xmlns='` + nsDiscoInfo + `'><feature var='urn:xmpp:mam:2'/></query></iq>`, ""},
		{"room", testRoom(), strings.Replace(described("id1", testRoom().String(), "Grenoble", "3"), "muc_public", "urn:xmpp:mam:2", 1), ""},
		{"account without", im.JID{}, `<iq type='result' id='id1'><query xmlns='` + nsDiscoInfo + `'><feature var='urn:xmpp:mam:1'/></query></iq>`, im.CodeUnavailable},
		{"room without", testRoom(), described("id1", testRoom().String(), "Grenoble", "3"), im.CodeUnavailable},
		{"no such room", testRoom(), `<iq type='error' from='grenoble@rooms.example.org' id='id1'><error type='cancel'><item-not-found xmlns='` + nsStanzas + `'/></error></iq>`, im.CodeItemNotFound},
		{"no answer at all", im.JID{}, `<iq type='result' id='id1'/>`, im.CodeBadAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newTestStanzas()
			if out := s.mustEncode(t, im.FetchArchive{For: request(), Archive: c.archive, Max: 10}); !strings.Contains(out, nsDiscoInfo) {
				t.Fatalf("asked first: %s", out)
			}
			r := s.receiveText(t, c.answer)
			if c.code == "" {
				if len(r.events) != 0 || !strings.Contains(join(r.send), `<query xmlns='urn:xmpp:mam:2' queryid='id2'>`) {
					t.Fatalf("%v, %s", r.events, join(r.send))
				}
				return
			}
			if done := theDone(t, r.events); done.Err == nil || done.Err.Code != c.code || done.Unknown {
				t.Errorf("%+v", done)
			}
			if _, _, failure := s.encode(testNow(), im.FetchArchive{For: request(), Archive: c.archive}); c.code == im.CodeUnavailable &&
				(failure == nil || failure.Code != c.code) {
				t.Errorf("asked again, ended with %v", failure)
			}
		})
	}
}

func TestGreeting(t *testing.T) {
	s := newTestStanzas()
	out := join(s.greet(testNow()))
	if want := `<iq xmlns='jabber:client' to='ana@example.org' type='get' id='id1'><query xmlns='` + nsDiscoInfo + `'/></iq>`; out != want {
		t.Errorf("got %s, want %s", out, want)
	}
	nothing(t, s.receiveText(t, `<iq type='result' from='ana@example.org' id='id1'><query xmlns='`+nsDiscoInfo+`'><feature var='urn:xmpp:mam:2'/></query></iq>`))
	if !s.announced[ana()].archive {
		t.Error("the answer was not heard")
	}
	s.bound(im.MustJID("ana@example.org/r2"))
	if s.announced[ana()].archive {
		t.Error("a new session believes what the old one heard")
	}
	s.greet(testNow())
	if events := append(s.expire(testNow().Add(time.Hour)), s.abort(im.Failure{})...); len(events) != 0 {
		t.Errorf("nobody's question ended with %v", events)
	}
}

// TestArchiveResults: what may come for a query that waits, and what must not.
func TestArchiveResults(t *testing.T) {
	bob, own, hubert := im.MustJID("bob@example.net/desk"), im.MustJID("ana@example.org"), im.MustJID("grenoble@rooms.example.org/hubert")
	stamp := time.Date(2010, 7, 10, 23, 8, 25, 0, time.UTC)
	message := func(attrs, kids string) string {
		return `<message xmlns='jabber:client' ` + attrs + `>` + kids + `</message>`
	}
	chat := `from='bob@example.net/desk' to='ana@example.org' type='chat' id='m1'`
	inRoom := `from='grenoble@rooms.example.org/hubert' type='groupchat' id='m1'`
	text := func(body string) im.Message {
		return im.Message{From: bob, To: own, ID: "m1", StanzaID: "a1", Body: body, Delay: stamp, Delayed: true}
	}
	with := func(m im.Message, change func(*im.Message)) *im.Message { change(&m); return &m }
	nothing := func(*im.Message) {}
	tests := map[string]struct {
		room  bool
		inner string
		drop  im.DropReason
		want  *im.Message // nil for none
	}{
		"to us":     {inner: someText, want: with(text("salut"), nothing)},
		"to nobody": {inner: message(`from='bob@example.net/desk' type='chat' id='m1'`, `<body>a</body>`), want: with(text("a"), nothing)},
		"from us": {inner: message(`from='ana@example.org/old' to='bob@example.net' type='chat' id='m1'`, `<body>a</body>`),
			want: with(text("a"), func(m *im.Message) {
				m.From, m.To = im.MustJID("ana@example.org/old"), im.MustJID("bob@example.net")
			})},
		"between others":              {inner: message(`from='bob@example.net/desk' to='eve@example.net' type='chat'`, `<body>a</body>`), drop: im.DropForged},
		"for a look-alike":            {inner: message(`from='bob@example.net/desk' to='Ana@example.org' type='chat'`, `<body>a</body>`), drop: im.DropForged},
		"from nobody":                 {inner: message(`to='ana@example.org' type='chat'`, `<body>a</body>`), drop: im.DropUnparseable},
		"from what is no address":     {inner: message(`from='@' to='ana@example.org'`, `<body>a</body>`), drop: im.DropUnparseable},
		"to what is no address":       {inner: message(`from='bob@example.net' to='@'`, `<body>a</body>`), drop: im.DropUnparseable},
		"room in the account's":       {inner: message(`from='grenoble@rooms.example.org/hubert' to='ana@example.org' type='groupchat'`, `<body>a</body>`)},
		"error":                       {inner: message(`from='bob@example.net' to='ana@example.org' type='error'`, `<body>a</body><error type='cancel'/>`)},
		"chat state":                  {inner: message(chat, `<composing xmlns='http://jabber.org/protocol/chatstates'/>`)},
		"receipt":                     {inner: message(chat, `<received xmlns='urn:xmpp:receipts' id='x'/>`)},
		"invitation":                  {inner: message(chat, `<body>a</body><x xmlns='jabber:x:conference' jid='trap@rooms.example.org'/>`)},
		"forged carbon":               {inner: message(chat, `<body>a</body><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>`+someText+`</forwarded></received>`)},
		"result within":               {inner: message(chat, `<body>a</body><result xmlns='urn:xmpp:mam:2' queryid='id1' id='b'><forwarded xmlns='urn:xmpp:forward:0'>`+someText+`</forwarded></result>`)},
		"bookmarks within":            {inner: message(chat, `<body>a</body><event xmlns='http://jabber.org/protocol/pubsub#event'/>`)},
		"receipt and marker asked":    {inner: message(chat, `<body>a</body><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>`), want: with(text("a"), nothing)},
		"forged ids":                  {inner: message(chat, `<body>a</body><stanza-id xmlns='urn:xmpp:sid:0' by='ana@example.org' id='f'/>`), want: with(text("a"), nothing)},
		"older stamp inside":          {inner: message(chat, `<body>a</body><delay xmlns='urn:xmpp:delay' stamp='2009-01-01T00:00:00Z'/>`), want: with(text("a"), nothing)},
		"correction":                  {inner: message(chat, `<body>a</body><replace xmlns='urn:xmpp:message-correct:0' id='m0'/>`), want: with(text("a"), func(m *im.Message) { m.Replaces = "m0" })},
		"encrypted":                   {inner: message(chat, `<encrypted xmlns='urn:xmpp:omemo:2'><payload/></encrypted>`), want: with(text(""), func(m *im.Message) { m.Hint = "OMEMO" })},
		"OTR":                         {inner: message(chat, `<body>?OTR:AAMD.</body>`), want: with(text("?OTR:AAMD."), func(m *im.Message) { m.Hint = "OTR" })},
		"too long":                    {inner: message(chat, `<body>`+strings.Repeat("x", maxBody+1)+`</body>`), drop: im.DropTooLarge},
		"two at once":                 {inner: someText + someText, drop: im.DropUnparseable},
		"none at all":                 {inner: ``, drop: im.DropUnparseable},
		"said in the room":            {room: true, inner: message(inRoom, `<body>a</body>`), want: with(text("a"), func(m *im.Message) { m.Kind, m.From = im.Groupchat, hubert })},
		"said in the room, to whom":   {room: true, inner: message(inRoom+` to='eve@example.net/x'`, `<body>a</body><x xmlns='`+nsMUCUser+`'><item jid='real@example.net'/></x>`), want: with(text("a"), func(m *im.Message) { m.Kind, m.From, m.FromRoom = im.Groupchat, hubert, true })},
		"subject":                     {room: true, inner: message(inRoom, `<subject>mardi</subject>`)},
		"by the room itself":          {room: true, inner: message(`from='grenoble@rooms.example.org' type='groupchat'`, `<body>a</body>`)},
		"private":                     {room: true, inner: message(`from='grenoble@rooms.example.org/hubert' to='grenoble@rooms.example.org/ana' type='chat'`, `<body>a</body>`), drop: im.DropForged},
		"no type":                     {room: true, inner: message(`from='grenoble@rooms.example.org/hubert'`, `<body>a</body>`), drop: im.DropForged},
		"another room":                {room: true, inner: message(`from='isere@rooms.example.org/hubert' type='groupchat'`, `<body>a</body>`), drop: im.DropForged},
		"our contact in the room's":   {room: true, inner: someText, drop: im.DropForged},
		"ourselves in the room's":     {room: true, inner: message(`from='ana@example.org/r1' to='bob@example.net' type='chat'`, `<body>a</body>`), drop: im.DropForged},
		"ourselves, as a room's text": {room: true, inner: message(`from='ana@example.org/r1' type='groupchat'`, `<body>a</body>`), drop: im.DropForged},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			ask, from := im.FetchArchive{}, ""
			if test.room {
				ask, from = im.FetchArchive{Archive: testRoom()}, testRoom().String()
			}
			s := fetching(t, ask)
			r := s.receiveText(t, archived(from, "id1", "a1", test.inner))
			if test.drop == "" && len(r.events) != 0 || test.drop != "" && theDrop(t, r.events) != test.drop || len(r.send) != 0 {
				t.Fatalf("%v, %s", r.events, join(r.send))
			}
			end := fin("id1", "", "")
			if test.room {
				end = roomFin("id1")
			}
			page := pageOf(t, s.receiveText(t, end))
			if page.First != "a1" || page.Last != "a1" || page.Complete {
				t.Errorf("what was dropped does not count: %+v", page)
			}
			want := im.ArchiveResult{First: "a1", Last: "a1"}
			if test.want != nil {
				want.Messages = []im.ArchivedMessage{{ID: "a1", Message: *test.want}}
			}
			if !reflect.DeepEqual(page, want) {
				t.Errorf("\n got %+v\nwant %+v", page, want)
			}
		})
	}
}

// TestResultsCountFromTheArchiveAsked: by whom and for what query.
func TestResultsCountFromTheArchiveAsked(t *testing.T) {
	room := im.FetchArchive{Archive: testRoom()}
	for _, c := range []struct {
		name              string
		ask               im.FetchArchive
		from, query, want string
	}{
		{"own, nobody named", im.FetchArchive{}, "", "id1", ""},
		{"own, named", im.FetchArchive{}, "ana@example.org", "id1", ""},
		{"our other device", im.FetchArchive{}, "ana@example.org/phone", "id1", "forged"},
		{"our server", im.FetchArchive{}, "example.org", "id1", "forged"},
		{"look-alike", im.FetchArchive{}, "Ana@example.org", "id1", "forged"},
		{"stranger", im.FetchArchive{}, "mallory@example.net", "id1", "forged"},
		{"stranger with another id", im.FetchArchive{}, "mallory@example.net", "id2", "unasked"},
		{"own with another id", im.FetchArchive{}, "", "id2", "unasked"},
		{"own without an id", im.FetchArchive{}, "", "", "unasked"},
		{"no address", im.FetchArchive{}, "@", "id1", "unparseable"},
		{"the room", room, testRoom().String(), "id1", ""},
		{"an occupant", room, testRoom().String() + "/bob", "id1", "forged"},
		{"the service", room, "rooms.example.org", "id1", "forged"},
		{"own for the room", room, "", "id1", "forged"},
		{"another room", room, "isere@rooms.example.org", "id1", "forged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := fetching(t, c.ask)
			inner := someText
			if c.ask.Archive == testRoom() {
				inner = `<message xmlns='jabber:client' from='grenoble@rooms.example.org/bob' type='groupchat'><body>a</body></message>`
			}
			r := s.receiveText(t, archived(c.from, c.query, "a1", inner))
			if c.want == "" && len(r.events) != 0 || c.want != "" && string(theDrop(t, r.events)) != c.want {
				t.Fatalf("%v", r.events)
			}
			end := fin("id1", "", "")
			if c.ask.Archive == testRoom() {
				end = roomFin("id1")
			}
			if page := pageOf(t, s.receiveText(t, end)); (len(page.Messages) == 1) != (c.want == "") {
				t.Errorf("%+v", page)
			}
		})
	}
}

// TestResultForAnotherQuestion: the id of a question that is no page of an archive opens no door.
func TestResultForAnotherQuestion(t *testing.T) {
	s := newTestStanzas()
	s.mustEncode(t, im.FetchArchive{For: request(), Max: 9}) // first asks whether there is an archive
	if why := theDrop(t, s.receiveText(t, archived("", "id1", "a1", someText)).events); why != im.DropUnasked {
		t.Errorf("dropped as %s", why)
	}
	s = fetching(t, im.FetchArchive{})
	two := strings.Replace(archived("", "id1", "a1", someText), "</message>\n", "", 1)
	two = strings.TrimSuffix(two, "</message>") + `<result xmlns='urn:xmpp:mam:2' queryid='id1' id='a2'/></message>`
	if why := theDrop(t, s.receiveText(t, two).events); why != im.DropUnparseable {
		t.Errorf("two results in one: dropped as %s", why)
	}
}

func TestArchivePageEnds(t *testing.T) {
	const ends = `<first index='0'>a1</first><last>a9</last><count>20</count>`
	long := strings.Repeat("x", maxID+1)
	for _, c := range []struct {
		name   string
		ask    im.FetchArchive
		answer string
		want   im.ArchiveResult
		code   im.Code
	}{
		{"more", im.FetchArchive{}, fin("id1", "", ends), im.ArchiveResult{First: "a1", Last: "a9"}, ""},
		{"complete", im.FetchArchive{}, fin("id1", " complete='true'", ends), im.ArchiveResult{First: "a1", Last: "a9", Complete: true}, ""},
		{"complete in other words", im.FetchArchive{}, fin("id1", " complete='1'", ends), im.ArchiveResult{First: "a1", Last: "a9", Complete: true}, ""},
		{"empty", im.FetchArchive{After: "a9"}, fin("id1", "", ""), im.ArchiveResult{Complete: true}, ""},
		{"no set", im.FetchArchive{}, `<iq type='result' id='id1'><fin xmlns='urn:xmpp:mam:2'/></iq>`, im.ArchiveResult{Complete: true}, ""},
		{"no step forward", im.FetchArchive{After: "a9"}, fin("id1", "", ends), im.ArchiveResult{}, im.CodeBadAnswer},
		{"no step back", im.FetchArchive{Before: "a1"}, fin("id1", "", ends), im.ArchiveResult{}, im.CodeBadAnswer},
		{"id too long", im.FetchArchive{}, fin("id1", "", `<first>a</first><last>`+long+`</last>`), im.ArchiveResult{}, im.CodeBadAnswer},
		{"no fin", im.FetchArchive{}, `<iq type='result' id='id1'/>`, im.ArchiveResult{}, im.CodeBadAnswer},
		{"id forgotten", im.FetchArchive{After: "a"}, `<iq type='error' id='id1'><error type='cancel'><item-not-found xmlns='` + nsStanzas + `'/></error></iq>`, im.ArchiveResult{}, im.CodeItemNotFound},
		{"switched off", im.FetchArchive{}, `<iq type='error' id='id1'><error type='cancel'><feature-not-implemented xmlns='` + nsStanzas + `'/></error></iq>`, im.ArchiveResult{}, im.CodeUnavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			done := theDone(t, fetching(t, c.ask).receiveText(t, c.answer).events)
			if c.code != "" {
				if done.Err == nil || done.Err.Code != c.code {
					t.Errorf("ended with %v, %v", done.Result, done.Err)
				}
			} else if !reflect.DeepEqual(done.Result, im.Result(c.want)) {
				t.Errorf("ended with %+v, want %+v", done.Result, c.want)
			}
		})
	}
}
