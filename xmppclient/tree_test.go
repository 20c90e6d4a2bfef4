package xmppclient

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"traboule/im"
)

func TestTreeIsBounded(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	attrs := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(" a" + number(i) + "=''")
		}
		return "<message" + b.String() + "/>"
	}
	for _, c := range []struct {
		name, text string
		want       im.DropReason
	}{
		{"as deep as allowed", deep(maxDepth), ""},
		{"too deep", deep(maxDepth + 1), im.DropTooDeep},
		{"a million deep", deep(1_000_000), im.DropTooDeep},
		{"as wide as allowed", "<m>" + strings.Repeat("<a/>", maxNodes-1) + "</m>", ""},
		{"too wide", "<m>" + strings.Repeat("<a/>", maxNodes) + "</m>", im.DropTooLarge},
		{"as many attributes as allowed", attrs(maxAttrs), ""},
		{"too many attributes", attrs(maxAttrs + 1), im.DropTooLarge},
		{"as much text as allowed", "<m>" + strings.Repeat("x", maxTreeBytes) + "</m>", ""},
		{"too much text", "<m>" + strings.Repeat("x", maxTreeBytes+1) + "</m>", im.DropTooLarge},
		{"too much in an attribute", "<m a='" + strings.Repeat("x", maxTreeBytes+1) + "'/>", im.DropTooLarge},
		{"an attribute twice", "<m from='a' from='b'/>", im.DropHostile},
		{"cut off", "<m><a>", im.DropUnparseable},
		{"wrongly closed", "<m><a></m></a>", im.DropUnparseable},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := tryParse(c.text)
			var why im.DropReason
			if err != nil {
				why = dropReason(err)
			}
			if why != c.want {
				t.Errorf("dropped as %q (%v), want %q", why, err, c.want)
			}
		})
	}
}

func TestTreeEndsWithItsReader(t *testing.T) {
	start := xml.StartElement{Name: xml.Name{Space: nsClient, Local: "message"}}
	if _, err := readTree(xml.NewTokenDecoder(xmlTokens(nil)), start); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want an unexpected end", err)
	}
}

type xmlTokens []xml.Token

func (xmlTokens) Token() (xml.Token, error) { return nil, io.EOF }

func TestTreeKeepsNoDeclarations(t *testing.T) {
	n := parse(t, `<message xmlns:p='urn:example:p' xml:lang='fr' p:a='1' a='2'><p:x xmlns='urn:example:q'><y/></p:x></message>`)
	want := &node{
		name: xml.Name{Space: nsClient, Local: "message"},
		attrs: []xml.Attr{
			{Name: xml.Name{Space: nsXML, Local: "lang"}, Value: "fr"},
			{Name: xml.Name{Space: "urn:example:p", Local: "a"}, Value: "1"},
			{Name: xml.Name{Local: "a"}, Value: "2"},
		},
		kids: []*node{{
			name: xml.Name{Space: "urn:example:p", Local: "x"},
			kids: []*node{{name: xml.Name{Space: "urn:example:q", Local: "y"}}},
		}},
	}
	if !reflect.DeepEqual(n, want) {
		t.Errorf("got %+v, want %+v", n, want)
	}
	if n.attr("a") != "2" {
		t.Errorf("attr takes %q, which is in a namespace, for its own", n.attr("a"))
	}
}

// TestWrittenIsRead: what is written is read back as it was, without what XML cannot carry.
func TestWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		value := rapid.String().Draw(t, "value")
		n := el(nsClient, "message", textEl(nsClient, "body", text), el(nsMUC, "x", textEl(nsMUC, "y", value))).set("to", value)
		sendable := !strings.ContainsFunc(value, forbidden)
		if n.sendable() != sendable {
			t.Fatalf("sendable: %v, want %v", n.sendable(), sendable)
		}
		got, err := tryParse(string(n.bytes()))
		if err != nil {
			t.Fatalf("%s: %v", n.bytes(), err)
		}
		if sendable && !reflect.DeepEqual(got, n) {
			t.Fatalf("%q and %q came back as %s", text, value, got.bytes())
		}
	})
}

func TestTextThatXMLForbids(t *testing.T) {
	for text, want := range map[string]string{
		"a\x00b\x1b[31mc":    "ab[31mc",
		"tab\tline\ncr\rend": "tab\tline\ncr\rend",
		"bad\xff\xfeutf8":    "bad\uFFFD\uFFFDutf8",
		"\uFFFE\uFFFF":       "",
		"\u0085\u202e\u200b": "\u0085\u202e\u200b",
		"]]><!--":            "]]><!--",
		"😀\U0010FFFF":        "😀\U0010FFFF",
	} {
		n := parse(t, string(textEl(nsClient, "body", text).bytes()))
		if n.text != want {
			t.Errorf("%q came out as %q, want %q", text, n.text, want)
		}
	}
}

// FuzzReceive feeds stanzas to an account that is in a room, has a contact and waits for answers. Whatever comes, it must
// not panic, what it answers must be well formed, and each request must end at most once.
func FuzzReceive(f *testing.F) {
	for _, seed := range corpus(f) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newTestStanzas()
		pending := busy(t, s)
		d := xml.NewDecoder(bytes.NewReader(data))
		d.DefaultSpace = nsClient
		ended := map[im.RequestID]bool{}
		for {
			token, err := d.Token()
			if err != nil {
				break
			}
			start, is := token.(xml.StartElement)
			if !is {
				continue
			}
			root, err := readTree(d, start)
			if err != nil {
				break
			}
			check(t, s.receive(testNow(), root), ended)
		}
		check(t, received{events: s.abort(im.Failure{Code: im.CodeConnectionLost})}, ended)
		if len(ended) != pending {
			t.Errorf("%d of %d requests ended", len(ended), pending)
		}
	})
}

// busy has an account wait for answers of every sort, and returns for how many.
func busy(t testing.TB, s *stanzas) int {
	room := testRoom()
	s.mustEncode(t, im.JoinRoom{For: request(), Room: room, Nick: "ana", Show: im.Online})
	s.watchers[im.MustJID("bob@example.net")] = true
	s.announce(ana(), featureSet(nsMAM))
	s.announce(room, featureSet(nsMAM))
	requests := []func(im.For) im.Request{
		func(f im.For) im.Request { return im.FetchRoster{For: f} },
		func(f im.For) im.Request { return im.FindRoomService{For: f} },
		func(f im.For) im.Request { return im.ListRooms{For: f, Service: im.MustJID("rooms.example.org")} },
		func(f im.For) im.Request { return im.DescribeRoom{For: f, Room: room} },
		func(f im.For) im.Request { return im.ListAffiliations{For: f, Room: room} },
		func(f im.For) im.Request { return im.FetchBlocklist{For: f} },
		func(f im.For) im.Request { return im.PingRoom{For: f, Room: room, Nick: "ana"} },
		func(f im.For) im.Request { return im.FetchArchive{For: f, Max: maxPage} },
		func(f im.For) im.Request { return im.FetchArchive{For: f, Archive: room, Max: maxPage} },
	}
	bookmarks := []func(im.For) im.Request{
		func(f im.For) im.Request { return im.FetchBookmarks{For: f} },
		func(f im.For) im.Request { return im.SetBookmark{For: f, Bookmark: grenoble()} },
		func(f im.For) im.Request { return im.SetBookmark{For: f, Bookmark: grenoble(), Removed: true} },
	}
	id := im.RequestID(0)
	ask := func(all []func(im.For) im.Request) {
		for _, r := range all {
			id++
			s.mustEncode(t, r(im.For{Account: ana(), ID: id}))
		}
	}
	ask(append(requests, bookmarks...))
	s.announce(ana(), featureSet(nsMAM, nsBookmarks+"#compat", publishOptions))
	ask(bookmarks)
	return int(id)
}

func check(t *testing.T, r received, ended map[im.RequestID]bool) {
	for _, out := range r.send {
		if _, err := tryParse(string(out)); err != nil {
			t.Errorf("sends %q: %v", out, err)
		}
	}
	for _, e := range r.events {
		if e.Of() != ana() {
			t.Errorf("event of %v", e.Of())
		}
		switch e := e.(type) {
		case im.Done:
			if ended[e.Request] {
				t.Errorf("request %d ended twice", e.Request)
			}
			ended[e.Request] = true
			if page, is := e.Result.(im.ArchiveResult); is {
				checkPage(t, page)
			}
		case im.MessageReceived:
			if len(e.Message.Body) > maxBody+maxText+1 || !utf8.ValidString(e.Message.Body) {
				t.Errorf("body of %d bytes", len(e.Message.Body))
			}
		}
	}
}

func checkPage(t *testing.T, page im.ArchiveResult) {
	if len(page.Messages) > maxPage || len(page.First) > maxID || len(page.Last) > maxID {
		t.Errorf("page of %d messages, from %d to %d bytes", len(page.Messages), len(page.First), len(page.Last))
	}
	for _, a := range page.Messages {
		m := a.Message
		ours := m.From.Bare() == ana() || m.To.Bare() == ana()
		fromRoom := m.From.Bare() == testRoom() && !m.From.IsBare()
		if !m.Delayed || m.WantsReceipt || m.Markable || m.StanzaID != a.ID || (m.Kind == im.Groupchat) && !fromRoom || !ours {
			t.Errorf("archived %+v", m)
		}
	}
}

// corpus takes the stanzas out of the transcripts.
func corpus(t testing.TB) []string {
	seeds := []string{
		roomsPage("id3", 3, ""),
		described("id4", "grenoble@rooms.example.org", "Grenoble", "3"),
		`<iq type='result' id='id1'><query xmlns='jabber:iq:roster' ver='1'><item jid='bob@example.net' subscription='both'/></query></iq>`,
		`<iq type='result' id='id6'><blocklist xmlns='urn:xmpp:blocking'><item jid='x'/></blocklist></iq>`,
		`<iq type='error' from='grenoble@rooms.example.org/ana' id='id7'><error/></iq>`,
		`<iq type='result' id='id10'>` + stored(`<conference jid='a@b.c'/><url/>`) + `</iq>`,
		`<iq type='result' id='id11'>` + stored(`<conference jid='grenoble@rooms.example.org' y:a='1' xmlns:y='u:y'/>`) + `</iq>`,
		`<iq type='result' id='id13'>` + items(`<item id='grenoble@rooms.example.org'>`+grenobleConference+`</item>`) + `</iq>`,
		`<iq type='result' id='id14'>` + nodeWith("open") + `</iq><iq type='result' id='id16'/><iq type='result' id='id17'>` + nodeWith("whitelist") + `</iq>` +
			`<iq type='result' id='id18'>` + items("") + `</iq><iq type='error' id='id19'><error><conflict xmlns='` + nsStanzas + `'/></error></iq>`,
		archived("", "id8", "a1", someText) + archived("", "id8", "a2", someText) + fin("id8", " complete='true'", "<first>a1</first><last>a2</last>"),
		archived(testRoom().String(), "id9", "b1", `<message xmlns='jabber:client' from='grenoble@rooms.example.org/bob' type='groupchat'><body>x</body></message>`) + roomFin("id9"),
	}
	for _, script := range transcripts(t) {
		for block := range strings.SplitSeq(script, "\n\n") {
			var b strings.Builder
			for line := range strings.Lines(block) {
				if strings.HasPrefix(strings.TrimSpace(line), "<") {
					b.WriteString(line)
				}
			}
			seeds = append(seeds, b.String())
		}
	}
	return seeds
}

// FuzzEncode sends foreign and our own texts in every place of a request where a text can stand.
func FuzzEncode(f *testing.F) {
	f.Add("texte", "nick")
	f.Add("\x00<&>'\"]]>\r\n\t\xff", "a/b c")
	f.Add(strings.Repeat("é", 2000), "\u202e")
	f.Fuzz(func(t *testing.T, text, nick string) {
		room := testRoom()
		bob, err := im.WireJID("bob@example.net/" + nick)
		if err != nil {
			bob = room
		}
		r := request()
		for _, request := range []im.Request{
			im.SendMessage{For: r, To: bob, Stanza: nick, Body: text, Replaces: nick},
			im.SetPresence{For: r, To: bob, Show: im.Away, Status: text},
			im.SendReceipt{For: r, To: bob, Stanza: nick},
			im.SetRosterItem{For: r, JID: bob, Name: text, Groups: []string{text}},
			im.JoinRoom{For: r, Room: room, Nick: nick, Password: text, Status: text},
			im.LeaveRoom{For: r, Room: room, Nick: nick, Text: text},
			im.SetSubject{For: r, Room: room, Text: text},
			im.SetRole{For: r, Room: room, Nick: nick, Reason: text},
			im.SetAffiliation{For: r, Room: room, JID: bob, Reason: text},
			im.DestroyRoom{For: r, Room: room, Alternate: bob, Reason: text},
			im.Invite{For: r, Room: room, To: bob, Direct: true, Reason: text, Password: nick},
			im.Invite{For: r, Room: room, To: bob, Reason: text},
			im.DeclineInvitation{For: r, Room: room, To: bob, Reason: text},
			im.PingRoom{For: r, Room: room, Nick: nick},
			im.FetchRoster{For: r, Version: text},
			im.FetchArchive{For: r, After: text, Max: 1},
			im.FetchArchive{For: r, Archive: room, Before: nick, With: bob, Max: 1},
			im.SetBookmark{For: r, Bookmark: im.Bookmark{Room: room, Name: text, Nick: nick, Password: text}},
		} {
			out, _, failure := archiving().encode(testNow(), request)
			if failure != nil {
				continue
			}
			if len(out) != 1 {
				t.Fatalf("%T: %d stanzas", request, len(out))
			}
			if n, err := tryParse(string(out[0])); err != nil || !bytes.Equal(n.bytes(), out[0]) {
				t.Errorf("%T: %q is not what it reads as (%v)", request, out[0], err)
			}
		}
	})
}
