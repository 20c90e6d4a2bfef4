package xmppclient

import (
	"testing"

	"traboule/im"
)

// TestWhetherWeAreInTheRoom follows our own comings and goings by who may learn that we are here.
func TestWhetherWeAreInTheRoom(t *testing.T) {
	presence := func(nick, typ, item, codes string) string {
		return `<presence from='grenoble@rooms.example.org/` + nick + `'` + typ + `><x xmlns='` + nsMUCUser + `'><item ` + item + `/>` + codes + `</x></presence>`
	}
	const gone, self = ` type='unavailable'`, `<status code='110'/>`
	const renamed, kicked = `<status code='303'/>`, `<status code='307'/>`
	for _, c := range []struct {
		name    string
		stanzas []string
		in      bool
	}{
		{"entered", []string{presence("ana", "", "", self)}, true},
		{"left", []string{presence("ana", "", "", self), presence("ana", gone, "", self)}, false},
		{"kicked", []string{presence("ana", "", "", self), presence("ana", gone, "", self+kicked)}, false},
		{"kicked by an old server", []string{presence("ana", "", "", self), presence("ana", gone, "", kicked)}, false},
		{"another left", []string{presence("ana", "", "", self), presence("bob", gone, "", "")}, true},
		{"renamed", []string{presence("ana", "", "", self), presence("ana", gone, "nick='anna'", renamed+self)}, true},
		{"renamed and left", []string{
			presence("ana", "", "", self), presence("ana", gone, "nick='anna'", renamed), presence("anna", "", "", self),
			presence("anna", gone, "", ""),
		}, false},
		{"another took the old nick and left", []string{
			presence("ana", "", "", self), presence("ana", gone, "nick='anna'", renamed), presence("anna", "", "", self),
			presence("ana", "", "", ""), presence("ana", gone, "", ""),
		}, true},
		{"named otherwise by the service", []string{presence("ana_", "", "", self+`<status code='210'/>`), presence("ana_", gone, "", "")}, false},
	} {
		s := newTestStanzas()
		s.mustEncode(t, im.JoinRoom{For: request(), Room: testRoom(), Nick: "ana", Show: im.Online})
		for _, text := range c.stanzas {
			s.receiveText(t, text)
		}
		if in := s.mayKnow(im.MustJID("grenoble@rooms.example.org/bob")); in != c.in {
			t.Errorf("%s: in the room %v, want %v", c.name, in, c.in)
		}
	}
}

// TestHostileListsAreCut: one stanza of a room or a server cannot fill the memory for good.
func TestHostileListsAreCut(t *testing.T) {
	many := func(element string, n int) string {
		var all []byte
		for range n {
			all = append(all, element...)
		}
		return string(all)
	}
	s := newTestStanzas()
	var codes string
	for i := range 500 {
		codes += `<status code='` + number(100+i) + `'/>`
	}
	e := s.receiveText(t, `<presence from='r@rooms.example.org/x'><x xmlns='`+nsMUCUser+`'><item nick='`+many("n", 2000)+`'/>`+codes+`</x></presence>`).events[0]
	if o := e.(im.OccupantChanged); len(o.Codes) != maxCodes || o.Occupant.Nick != "x" {
		t.Errorf("%d codes, nick %q", len(o.Codes), o.Occupant.Nick)
	}
	e = s.receiveText(t, `<iq type='set' id='p'><query xmlns='`+nsRoster+`'><item jid='a@example.net' name='`+many("é", 2000)+`'>`+
		many("<group>g</group>", 100)+`</item></query></iq>`).events[0]
	if i := e.(im.RosterChanged).Item; len(i.Groups) != maxGroups || len(i.Name) > maxText {
		t.Errorf("%d groups, name of %d bytes", len(i.Groups), len(i.Name))
	}
	e = s.receiveText(t, `<message from='a@example.net' id='`+many("i", 5000)+`'><body>`+many("b", maxBody+1)+`</body></message>`).events[0]
	if d, is := e.(im.Dropped); !is || d.Reason != im.DropTooLarge {
		t.Errorf("a body that is too long: %T", e)
	}
	e = s.receiveText(t, `<message from='a@example.net' id='`+many("i", 5000)+`'><body>b</body></message>`).events[0]
	if m := e.(im.MessageReceived).Message; len(m.ID) > maxID {
		t.Errorf("id of %d bytes", len(m.ID))
	}
}

func BenchmarkReceive(b *testing.B) {
	for name, text := range map[string]string{
		"message": `<message from='grenoble@rooms.example.org/hubert' to='ana@example.org/r1' type='groupchat' id='5f3dbc5e-1'>` +
			`<body>` + `une phrase de cent vingt octets, comme on en écrit dans un salon quand on a le temps de les finir, ce qui est rare` + `</body>` +
			`<origin-id xmlns='urn:xmpp:sid:0' id='5f3dbc5e-1'/><stanza-id xmlns='urn:xmpp:sid:0' by='grenoble@rooms.example.org' id='5f3dbc5e-2'/></message>`,
		"presence": `<presence from='grenoble@rooms.example.org/hubert' to='ana@example.org/r1'><show>away</show>` +
			`<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://example.org' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>` +
			`<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/></x></presence>`,
	} {
		b.Run(name, func(b *testing.B) {
			s := newTestStanzas()
			b.ReportAllocs()
			for b.Loop() {
				s.receiveText(b, text)
			}
		})
	}
}
