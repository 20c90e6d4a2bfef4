package xmppclient_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"traboule/im"
	"traboule/internal/rawclient"
	"traboule/xmppclient"
)

// TestRealBookmarks: what one client of an account bookmarks, another sees, and nobody else.
func TestRealBookmarks(t *testing.T) {
	for _, d := range daemons(t) {
		t.Run(d.name, func(t *testing.T) {
			raw := func(local string) *rawclient.Client {
				return rawclient.Login(t, rawclient.Account{Addr: d.direct, Roots: d.ca.Pool(), Local: local, Domain: "localhost", Password: password})
			}
			client, events := login(t, d, "ana@localhost", at{address: d.address})
			if e := settled(t, events); e.State != im.Connected {
				t.Fatalf("%+v: %v", e, e.Err)
			}
			b := &bookmarker{t: t, client: client, events: events}
			other, bob := raw("ana"), raw("bob")
			if d.name == "Prosody" {
				b.ofNode(other, bob)
			} else {
				b.ofStorage(other)
			}
		})
	}
}

// bookmarker asks for changes of bookmarks.
type bookmarker struct {
	t      *testing.T
	client *xmppclient.Client
	events <-chan im.Event
	id     im.RequestID
}

func (b *bookmarker) do(r func(im.For) im.Request) im.Result {
	b.t.Helper()
	b.id++
	f := im.For{Account: im.MustJID("ana@localhost"), ID: 1000 + b.id}
	if err := b.client.Send(r(f)); err != nil {
		b.t.Fatal(err)
	}
	done := next(b, func(e im.Done) bool { return e.Request == f.ID })
	if done.Err != nil {
		b.t.Fatalf("ended with %v, %s", done.Err, done.Err.Text)
	}
	return done.Result
}

func (b *bookmarker) set(bookmark im.Bookmark, removed bool) {
	b.t.Helper()
	b.do(func(f im.For) im.Request { return im.SetBookmark{For: f, Bookmark: bookmark, Removed: removed} })
}

func (b *bookmarker) fetch(want ...im.Bookmark) {
	b.t.Helper()
	result := b.do(func(f im.For) im.Request { return im.FetchBookmarks{For: f} })
	if got := result.(im.BookmarksResult).Bookmarks; !reflect.DeepEqual(got, want) {
		b.t.Errorf("\n got %+v\nwant %+v", got, want)
	}
}

// next waits for an event.
func next[E im.Event](b *bookmarker, wanted func(E) bool) E {
	b.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case e := <-b.events:
			if e, is := e.(E); is && wanted(e) {
				return e
			}
		case <-timeout:
			b.t.Fatalf("not within %v", patience)
		}
	}
}

var (
	grenoble = im.Bookmark{Room: im.MustJID("grenoble@conference.localhost"), Name: "Gre <& co>", Nick: "ana", Password: "à voix basse", AutoJoin: true}
	isere    = im.Bookmark{Room: im.MustJID("isere@conference.localhost"), Nick: "a"}
)

const (
	getItems = `<iq%s type='get' id='items'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:bookmarks:1'/></pubsub></iq>`
	publish  = `<iq type='set' id='publish'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:bookmarks:1'><item id='%s'>` +
		`<conference xmlns='urn:xmpp:bookmarks:1'><nick>a</nick><extensions><colour xmlns='urn:example:colour' xml:lang='fr'>vert</colour></extensions></conference></item></publish>%s</pubsub></iq>`
	opened = `<publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field>` +
		`<field var='pubsub#access_model'><value>open</value></field></x></publish-options>`
)

// ofNode is for servers with XEP-0402. The node is there, and open to the world.
func (b *bookmarker) ofNode(other, bob *rawclient.Client) {
	t := b.t
	other.Ask(t, fmt.Sprintf(publish, isere.Room, opened), "id='publish'", "result")
	bob.Ask(t, fmt.Sprintf(getItems, " to='ana@localhost'"), "id='items'", "isere@")
	b.fetch(isere)

	b.set(grenoble, false)
	bob.Ask(t, fmt.Sprintf(getItems, " to='ana@localhost'"), "id='items'", "forbidden")
	other.Ask(t, fmt.Sprintf(getItems, ""), "id='items'", "Gre &lt;&amp; co", "<password>à voix basse</password>", "isere@")
	changed := isere
	changed.Nick = "anna"
	b.set(changed, false)
	other.Ask(t, fmt.Sprintf(getItems, ""), "id='items'", "<nick>anna</nick>", "urn:example:colour", "xml:lang='fr'", ">vert<")

	b.do(func(f im.For) im.Request { return im.SetPresence{For: f, Show: im.Online} })
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go insist(ctx, other, fmt.Sprintf(publish, isere.Room, ""))
	e := next(b, func(e im.BookmarkChanged) bool { return e.Bookmark.Nick == "a" })
	stop()
	if e.Bookmark != isere || e.Removed {
		t.Errorf("told of %+v", e)
	}
	other.Ask(t, `<iq type='set' id='retract'><pubsub xmlns='http://jabber.org/protocol/pubsub'><retract node='urn:xmpp:bookmarks:1' notify='true'>`+
		`<item id='`+isere.Room.String()+`'/></retract></pubsub></iq>`, "id='retract'", "result")
	next(b, func(e im.BookmarkChanged) bool { return e.Removed && e.Bookmark.Room == isere.Room })

	bob.Ask(t, `<message to='ana@localhost' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:bookmarks:1'>`+
		`<item id='trap@conference.localhost'><conference xmlns='urn:xmpp:bookmarks:1' autojoin='true'/></item></items></event></message>`+
		`<iq type='get' id='sent'><ping xmlns='urn:xmpp:ping'/></iq>`, "id='sent'")
	forged := next(b, func(e im.Event) bool {
		_, dropped := e.(im.Dropped)
		_, changed := e.(im.BookmarkChanged)
		return dropped || changed
	})
	if d, is := forged.(im.Dropped); !is || d.Reason != im.DropForged || d.From.Bare() != im.MustJID("bob@localhost") {
		t.Errorf("a stranger's event: %+v", forged)
	}
	b.fetch(grenoble)
	b.set(grenoble, true)
	b.set(grenoble, true)
	b.fetch()
}

// insist sends something again and again: the server may not know yet what the client wants to hear of.
func insist(ctx context.Context, c *rawclient.Client, text string) {
	for ctx.Err() == nil {
		if c.Send(text) != nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// ofStorage is for servers that keep the older list only.
func (b *bookmarker) ofStorage(other *rawclient.Client) {
	t := b.t
	const get = `<iq type='get' id='%s'><query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query></iq>`
	b.fetch()
	other.Ask(t, `<iq type='set' id='put'><query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'><url name='u' url='https://example.org/'/>`+
		`<conference jid='`+isere.Room.String()+`' minimize='1'><nick>a</nick></conference><x xmlns='urn:example:x' xml:lang='fr'>vert</x></storage></query></iq>`, "id='put'", "result")
	b.fetch(isere)
	b.set(grenoble, false)
	b.fetch(isere, grenoble)
	kept := []string{"https://example.org/", "minimize='1'", "urn:example:x", "xml:lang='fr'", ">vert<"}
	other.Ask(t, fmt.Sprintf(get, "both"), append(kept, "id='both'", "Gre &lt;&amp; co", "<password>à voix basse</password>")...)
	b.set(isere, true)
	other.Ask(t, fmt.Sprintf(get, "one"), "id='one'", "https://example.org/", "urn:example:x", "grenoble@")
	b.fetch(grenoble)

	var changes []im.RequestID // many at once, none of which undoes another
	for i := range 10 {
		id := im.RequestID(5000 + i)
		room := im.Bookmark{Room: im.MustJID(fmt.Sprintf("room%d@conference.localhost", i))}
		if err := b.client.Send(im.SetBookmark{For: im.For{Account: im.MustJID("ana@localhost"), ID: id}, Bookmark: room}); err != nil {
			t.Fatal(err)
		}
		changes = append(changes, id)
	}
	for _, id := range changes {
		if done := next(b, func(e im.Done) bool { return e.Request == id }); done.Err != nil {
			t.Error(done.Err)
		}
	}
	result := b.do(func(f im.For) im.Request { return im.FetchBookmarks{For: f} }).(im.BookmarksResult)
	var rooms strings.Builder
	for _, found := range result.Bookmarks {
		rooms.WriteString(found.Room.Local() + " ")
	}
	if want := "grenoble room0 room1 room2 room3 room4 room5 room6 room7 room8 room9 "; rooms.String() != want {
		t.Errorf("got %q", rooms.String())
	}
}
