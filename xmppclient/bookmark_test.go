package xmppclient

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// bookmarking is an account whose server keeps bookmarks in a node, or as older ones do.
func bookmarking(modern bool) *stanzas {
	s := newTestStanzas()
	features := featureSet(nsMAM)
	if modern {
		features = featureSet(nsBookmarks+"#compat", publishOptions)
	}
	s.announce(ana(), features)
	return s
}

// exchanged is what we have to send, apart from its ids, and what comes back: an element within a result, "error " with a
// condition, or nothing any more.
type exchanged struct{ sent, answer string }

// exchange plays a request to its end.
func (s *stanzas) exchange(t *testing.T, r im.Request, steps ...exchanged) im.Done {
	t.Helper()
	out := s.mustEncode(t, r)
	for i, step := range steps {
		got := strings.Replace(out, " xmlns='jabber:client'", "", 1)
		id := fmt.Sprintf("id%d", i+1)
		if want := strings.Replace(step.sent, "ID", id, 1); got != want {
			t.Fatalf("step %d:\n got %s\nwant %s", i+1, got, want)
		}
		answer := `<iq type='result' id='` + id + `'>` + step.answer + `</iq>`
		if condition, is := strings.CutPrefix(step.answer, "error "); is {
			answer = `<iq type='error' id='` + id + `'><error type='cancel'><` + condition + ` xmlns='` + nsStanzas + `'/></error></iq>`
		}
		received := s.receiveText(t, answer)
		if out = join(received.send); out == "" {
			if i+1 < len(steps) {
				t.Fatalf("ended after step %d: %+v", i+1, received.events)
			}
			return theDone(t, received.events)
		}
	}
	t.Fatalf("not ended, but sends %s", out)
	return im.Done{}
}

const (
	askItems   = `<iq type='get' id='ID'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:bookmarks:1'/></pubsub></iq>`
	askItem    = `<iq type='get' id='ID'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:bookmarks:1'><item id='grenoble@rooms.example.org'/></items></pubsub></iq>`
	askNode    = `<iq type='get' id='ID'><pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure node='urn:xmpp:bookmarks:1'/></pubsub></iq>`
	askStorage = `<iq type='get' id='ID'><query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query></iq>`
	closing    = `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#%s</value></field>` +
		`<field var='pubsub#persist_items'><value>true</value></field><field var='pubsub#max_items'><value>max</value></field>` +
		`<field var='pubsub#send_last_published_item'><value>never</value></field><field var='pubsub#access_model'><value>whitelist</value></field></x>`
)

func setNode() string {
	return `<iq type='set' id='ID'><pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure node='urn:xmpp:bookmarks:1'>` +
		fmt.Sprintf(closing, "node_config") + `</configure></pubsub></iq>`
}

func publishes(conference string) string {
	return `<iq type='set' id='ID'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:bookmarks:1'>` +
		`<item id='grenoble@rooms.example.org'>` + conference + `</item></publish><publish-options>` + fmt.Sprintf(closing, "publish-options") + `</publish-options></pubsub></iq>`
}

func nodeWith(access string) string {
	return `<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure node='urn:xmpp:bookmarks:1'><x xmlns='jabber:x:data' type='form'>` +
		`<field var='pubsub#access_model' type='list-single'><option><value>open</value></option><value>` + access + `</value></field></x></configure></pubsub>`
}

func items(text string) string {
	return `<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:bookmarks:1'>` + text + `</items></pubsub>`
}

func stored(text string) string {
	return `<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'>` + text + `</storage></query>`
}

func grenoble() im.Bookmark {
	return im.Bookmark{Room: testRoom(), Name: "Gre & co", Nick: "ana", Password: "p<", AutoJoin: true}
}

const grenobleConference = `<conference xmlns='urn:xmpp:bookmarks:1' name='Gre &amp; co' autojoin='true'><nick>ana</nick><password>p&lt;</password></conference>`

func TestFetchBookmarks(t *testing.T) {
	long := strings.Repeat("x", maxText+1)
	isere := im.Bookmark{Room: im.MustJID("isere@rooms.example.org"), AutoJoin: true}
	for _, c := range []struct {
		name, answer string
		modern       bool
		want         []im.Bookmark
		code         im.Code
	}{
		{"none yet", "error item-not-found", true, nil, ""},
		{"refused", "error forbidden", true, nil, im.CodeNotAllowed},
		{"no answer", "<pubsub/>", true, nil, im.CodeBadAnswer},
		{"items", items(`<item id='grenoble@rooms.example.org'>` + grenobleConference + `</item><item id='grenoble@rooms.example.org'><conference xmlns='urn:xmpp:bookmarks:1'/></item>` +
			`<item id='@'>` + grenobleConference + `</item><item id='a@b.c/d'>` + grenobleConference + `</item><item id='b.c'>` + grenobleConference + `</item><item id='x@b.c'/>` +
			`<item id='isere@rooms.example.org'><conference xmlns='urn:xmpp:bookmarks:1' autojoin='1'><nick>` + long + `</nick><password>` + long + `</password></conference></item>`),
			true, []im.Bookmark{grenoble(), isere}, ""},
		{"storage", stored(`<url name='x' url='https://example.org'/><conference jid='grenoble@rooms.example.org' name='Gre &amp; co' autojoin='1'><nick>ana</nick><password>p&lt;</password></conference>` +
			`<conference jid='@'/><conference/><conference jid='grenoble@rooms.example.org'/><conference jid='isere@rooms.example.org' autojoin='true'/>`),
			false, []im.Bookmark{grenoble(), isere}, ""},
		{"storage empty", stored(""), false, nil, ""},
		{"storage unknown", "error service-unavailable", false, nil, im.CodeUnavailable},
		{"storage answers nothing", "", false, nil, im.CodeBadAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			sent := askStorage
			if c.modern {
				sent = askItems
			}
			done := bookmarking(c.modern).exchange(t, im.FetchBookmarks{For: request()}, exchanged{sent, c.answer})
			if c.code != "" {
				if done.Err == nil || done.Err.Code != c.code {
					t.Errorf("ended with %v, %v", done.Result, done.Err)
				}
			} else if want := (im.BookmarksResult{Bookmarks: c.want}); !reflect.DeepEqual(done.Result, im.Result(want)) {
				t.Errorf("\n got %+v, %v\nwant %+v", done.Result, done.Err, want)
			}
		})
	}
}

// TestBookmarksGoWhereOthersSeeThem: the node is used only where the server shows it to older clients too, and holds it to
// the conditions of who publishes.
func TestBookmarksGoWhereOthersSeeThem(t *testing.T) {
	for features, node := range map[string]bool{
		"urn:xmpp:bookmarks:1#compat http://jabber.org/protocol/pubsub#publish-options": true,
		"urn:xmpp:bookmarks:1#compat":                       false,
		"http://jabber.org/protocol/pubsub#publish-options": false,
		"urn:xmpp:bookmarks:1#compat-pep":                   false,
		"":                                                  false,
	} {
		var list strings.Builder
		for _, f := range strings.Fields(features) {
			list.WriteString(`<feature var='` + f + `'/>`)
		}
		s := newTestStanzas()
		s.mustEncode(t, im.FetchBookmarks{For: request()})
		r := s.receiveText(t, `<iq type='result' from='ana@example.org' id='id1'><query xmlns='`+nsDiscoInfo+`'>`+list.String()+`</query></iq>`)
		if asksNode := strings.Contains(join(r.send), nsPubSub); asksNode != node || len(r.events) != 0 {
			t.Errorf("%q: sends %s", features, join(r.send))
		}
	}
}

func TestPublishBookmark(t *testing.T) {
	const published = `<pubsub xmlns='http://jabber.org/protocol/pubsub'/>`
	old := items(`<item id='other@b.c'><conference xmlns='urn:xmpp:bookmarks:1'><x xmlns='u:other'/></conference></item>` +
		`<item id='grenoble@rooms.example.org'><conference xmlns='urn:xmpp:bookmarks:1' name='old' autojoin='0' colour='red' xml:lang='fr' xmlns:y='u:y' y:z='1'>` +
		`<nick>old</nick><extensions><s xmlns='u:s' xml:lang='fr'>t</s></extensions><password>old</password></conference></item>`)
	merged := `<conference xmlns='urn:xmpp:bookmarks:1' colour='red' xml:lang='fr' xmlns:a2='u:y' a2:z='1' name='Gre &amp; co' autojoin='true'><nick>ana</nick><password>p&lt;</password>` +
		`<extensions><s xmlns='u:s' xml:lang='fr'>t</s></extensions></conference>`
	secret := `<password>` + strings.Repeat("x", maxText+1) + `</password>`
	long := items(`<item id='grenoble@rooms.example.org'><conference xmlns='urn:xmpp:bookmarks:1'><nick>old</nick>` + secret + `</conference></item>`)
	kept := strings.Replace(grenobleConference, `<password>p&lt;</password>`, secret, 1)
	for _, c := range []struct {
		name  string
		steps []exchanged
		code  im.Code
	}{
		{"first of all", []exchanged{{askNode, "error item-not-found"}, {askItem, "error item-not-found"}, {publishes(grenobleConference), published}}, ""},
		{"closed node", []exchanged{{askNode, nodeWith("whitelist")}, {askItem, items("")}, {publishes(grenobleConference), published}}, ""},
		{"what others wrote stays", []exchanged{{askNode, nodeWith("whitelist")}, {askItem, old}, {publishes(merged), published}}, ""},
		{"what we do not take stays", []exchanged{{askNode, nodeWith("whitelist")}, {askItem, long}, {publishes(kept), published}}, ""},
		{"open node is closed", []exchanged{{askNode, nodeWith("open")}, {setNode(), ""}, {askNode, nodeWith("whitelist")}, {askItem, items("")}, {publishes(grenobleConference), published}}, ""},
		{"presence is open too", []exchanged{{askNode, nodeWith("presence")}, {setNode(), ""}, {askNode, nodeWith("presence")}}, im.CodeNotAllowed},
		{"node stays open", []exchanged{{askNode, nodeWith("open")}, {setNode(), ""}, {askNode, nodeWith("open")}}, im.CodeNotAllowed},
		{"node can not be closed", []exchanged{{askNode, nodeWith("open")}, {setNode(), "error forbidden"}}, im.CodeNotAllowed},
		{"node does not tell any more", []exchanged{{askNode, nodeWith("open")}, {setNode(), ""}, {askNode, "error forbidden"}}, im.CodeNotAllowed},
		{"node does not say how it is", []exchanged{{askNode, `<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'/>`}, {setNode(), "error forbidden"}}, im.CodeNotAllowed},
		{"other conditions not met", []exchanged{{askNode, nodeWith("whitelist")}, {askItem, items("")}, {publishes(grenobleConference), "error conflict"},
			{setNode(), ""}, {askNode, nodeWith("whitelist")}, {askItem, items("")}, {publishes(grenobleConference), published}}, ""},
		{"conditions never met", []exchanged{{askNode, "error forbidden"}, {askItem, items("")}, {publishes(grenobleConference), "error conflict"},
			{setNode(), ""}, {askNode, nodeWith("whitelist")}, {askItem, items("")}, {publishes(grenobleConference), "error conflict"}}, im.CodeConflict},
		{"refused", []exchanged{{askNode, nodeWith("whitelist")}, {askItem, items("")}, {publishes(grenobleConference), "error resource-constraint"}}, im.CodeRefused},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := grenoble()
			if c.name == "what we do not take stays" {
				b.Password = ""
			}
			done := bookmarking(true).exchange(t, im.SetBookmark{For: request(), Bookmark: b}, c.steps...)
			var code im.Code
			if done.Err != nil {
				code = done.Err.Code
			}
			if code != c.code || done.Unknown {
				t.Errorf("%+v, want %q", done, c.code)
			}
		})
	}
}

func TestRetractBookmark(t *testing.T) {
	const retract = `<iq type='set' id='ID'><pubsub xmlns='http://jabber.org/protocol/pubsub'><retract node='urn:xmpp:bookmarks:1' notify='true'>` +
		`<item id='grenoble@rooms.example.org'/></retract></pubsub></iq>`
	for answer, code := range map[string]im.Code{"": "", "error item-not-found": "", "error forbidden": im.CodeNotAllowed} {
		done := bookmarking(true).exchange(t, im.SetBookmark{For: request(), Bookmark: grenoble(), Removed: true}, exchanged{retract, answer})
		if (done.Err != nil) != (code != "") || code != "" && done.Err.Code != code {
			t.Errorf("%q: %+v", answer, done)
		}
	}
}

// TestChangeStorage: of a list that belongs to all clients, one entry changes and nothing else.
func TestChangeStorage(t *testing.T) {
	const (
		around = `<url name='x' url='https://example.org'/><conference jid='isere@rooms.example.org' autojoin='1'><password>geheim</password></conference>`
		after  = `<y xmlns='u:y' xml:lang='fr'><z/></y>`
		ours   = `<conference name='Gre &amp; co' autojoin='true' jid='grenoble@rooms.example.org'><nick>ana</nick><password>p&lt;</password></conference>`
	)
	sets := func(text string) string { return `<iq type='set' id='ID'>` + stored(text) + `</iq>` }
	old := `<conference jid='grenoble@rooms.example.org' name='old' minimize='1'><nick>old</nick><note>n</note></conference>`
	merged := `<conference minimize='1' name='Gre &amp; co' autojoin='true' jid='grenoble@rooms.example.org'><nick>ana</nick><password>p&lt;</password><note>n</note></conference>`
	for _, c := range []struct {
		name          string
		removed       bool
		before, after string
	}{
		{"added", false, around + after, around + after + ours},
		{"to nothing", false, ``, ours},
		{"changed in its place", false, around + old + after, around + merged + after},
		{"twice there", false, old + around + old, merged + around},
		{"removed", true, around + old + after + old, around + after},
		{"removed what is not there", true, around, around},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := sets(c.after)
			if c.after == "" {
				want = strings.Replace(want, "></storage>", "/>", 1)
			}
			done := bookmarking(false).exchange(t, im.SetBookmark{For: request(), Bookmark: grenoble(), Removed: c.removed}, exchanged{askStorage, stored(c.before)}, exchanged{want, ""})
			if done.Err != nil {
				t.Error(done.Err)
			}
		})
	}
	t.Run("not readable", func(t *testing.T) {
		done := bookmarking(false).exchange(t, im.SetBookmark{For: request(), Bookmark: grenoble()}, exchanged{askStorage, "error internal-server-error"})
		if done.Err == nil {
			t.Error("written over what was not read")
		}
	})
	t.Run("too large to write", func(t *testing.T) {
		done := bookmarking(false).exchange(t, im.SetBookmark{For: request(), Bookmark: grenoble()}, exchanged{askStorage, stored(`<x>` + strings.Repeat("x", maxSent) + `</x>`)})
		if done.Err == nil || done.Err.Code != im.CodeTooLarge {
			t.Errorf("%+v", done)
		}
	})
}

// TestStorageChangesTakeTurns: a change is begun only when the one before has been written, however that went.
func TestStorageChangesTakeTurns(t *testing.T) {
	s := bookmarking(false)
	change := func(id im.RequestID) [][]byte {
		r := im.SetBookmark{For: im.For{Account: ana(), ID: id}, Bookmark: grenoble()}
		out, waits, failure := s.encode(testNow(), r)
		if !waits || failure != nil {
			t.Fatalf("%v, %v", waits, failure)
		}
		return out
	}
	if len(change(1)) != 1 || len(change(2)) != 0 || len(change(3)) != 0 || len(change(4)) != 0 {
		t.Fatal("more than one is under way")
	}
	ended := func(events []im.Event, id im.RequestID) {
		t.Helper()
		if len(events) != 1 || events[0].(im.Done).Request != id {
			t.Fatalf("%v, want the end of %d", events, id)
		}
	}
	s.receiveText(t, `<iq type='result' id='id1'>`+stored("")+`</iq>`) // asks id5
	r := s.receiveText(t, `<iq type='result' id='id5'/>`)
	if ended(r.events, 1); !strings.Contains(join(r.send), "id='id2'") || strings.Contains(join(r.send), "id='id3'") {
		t.Fatalf("then %s", join(r.send))
	}
	r = s.receiveText(t, `<iq type='error' id='id2'/>`)
	if ended(r.events, 2); !strings.Contains(join(r.send), "id='id3'") {
		t.Fatalf("after a refusal %s", join(r.send))
	}
	late := testNow().Add(answerWithin)
	ended(s.expire(late), 3)
	if out := join(s.nextTurn(late)); !strings.Contains(out, "id='id4'") {
		t.Fatalf("after a timeout %s", out)
	}
	if d := s.nextExpiry(); !d.Equal(late.Add(answerWithin)) {
		t.Errorf("the next has until %v", d)
	}
	ended(s.abort(im.Failure{}), 4)
	if len(change(5)) != 1 {
		t.Error("a new session waits for the old one")
	}
}

func TestUnwritableBookmarks(t *testing.T) {
	for name, b := range map[string]im.Bookmark{
		"no room":              {Room: im.MustJID("rooms.example.org")},
		"an occupant":          {Room: im.MustJID("a@rooms.example.org/b")},
		"password with a bell": {Room: testRoom(), Password: "\a"},
		"nick with a bell":     {Room: testRoom(), Nick: "\a"},
	} {
		if _, waits, failure := bookmarking(true).encode(testNow(), im.SetBookmark{For: request(), Bookmark: b}); failure == nil || waits {
			t.Errorf("%s: %v", name, failure)
		}
	}
}

// TestBookmarksAreBounded, and what is hidden behind the bound does no harm.
func TestBookmarksAreBounded(t *testing.T) {
	var text strings.Builder
	for i := range maxBookmarks + 10 {
		fmt.Fprintf(&text, `<item id='r%d@b.c'><conference xmlns='urn:xmpp:bookmarks:1'/></item>`, i)
	}
	done := bookmarking(true).exchange(t, im.FetchBookmarks{For: request()}, exchanged{askItems, items(text.String())})
	if got := done.Result.(im.BookmarksResult).Bookmarks; len(got) != maxBookmarks {
		t.Errorf("%d bookmarks", len(got))
	}
	r := newTestStanzas().receiveText(t, `<message><event xmlns='`+nsPubSubEvent+`'><items node='urn:xmpp:bookmarks:1'>`+text.String()+`</items></event></message>`)
	if len(r.events) != maxBookmarks {
		t.Errorf("%d events", len(r.events))
	}
}

// TestBookmarkTimeout: what may have been published is unknown.
func TestBookmarkTimeout(t *testing.T) {
	s := bookmarking(true)
	s.mustEncode(t, im.SetBookmark{For: request(), Bookmark: grenoble(), Removed: true})
	if done := theDone(t, s.expire(testNow().Add(time.Minute))); done.Err == nil || done.Err.Code != im.CodeTimeout || !done.Unknown {
		t.Errorf("%+v", done)
	}
}

// TestStorageChanged: where a server keeps bookmarks in the old form only, what it tells of them counts.
func TestStorageChanged(t *testing.T) {
	const event = `<message from='ana@example.org' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'>` +
		`<items node='storage:bookmarks'><item id='current'><storage xmlns='storage:bookmarks'>` +
		`<conference autojoin='true' jid='grenoble@rooms.example.org'><nick>Ana</nick></conference><conference jid='@'/></storage></item></items></event></message>`
	for name, test := range map[string]struct {
		set  func(*stanzas)
		want int
	}{
		"not asked yet": {func(*stanzas) {}, 0},
		"the new form":  {func(s *stanzas) { s.announced[s.own] = announcement{bookmarks: true} }, 0},
		"the old form":  {func(s *stanzas) { s.announced[s.own] = announcement{} }, 1},
	} {
		s := newTestStanzas()
		test.set(s)
		events := s.receiveText(t, event).events
		if len(events) != test.want {
			t.Errorf("%s: %v", name, events)
			continue
		}
		want := im.Bookmark{Room: im.MustJID("grenoble@rooms.example.org"), Nick: "Ana", AutoJoin: true}
		for _, e := range events {
			if changed, is := e.(im.BookmarkChanged); !is || changed.Bookmark != want || changed.Removed {
				t.Errorf("%s: %v", name, e)
			}
		}
	}
}
