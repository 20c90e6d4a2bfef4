package xmppclient_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"traboule/im"
	"traboule/internal/cutproxy"
	"traboule/internal/rawclient"
	"traboule/xmppclient"
)

// archiveRoom is a room that stays when all have left, so that its archive can be read.
const archiveRoom = "archive@conference.localhost"

// TestRealArchives reads archives of 10,000 messages from one end to the other, the account's and a room's.
func TestRealArchives(t *testing.T) {
	const count = 10_000
	for _, d := range daemons(t) {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			fill(t, d, count)
			client, events := login(t, d, "ana@localhost", at{address: d.address})
			if e := settled(t, events); e.State != im.Connected {
				t.Fatalf("%+v: %v", e, e.Err)
			}
			r := &reader{t: t, client: client, events: events}
			r.forward(im.FetchArchive{With: im.MustJID("bob@localhost"), Max: 100}, im.Chat, count)
			r.back(im.FetchArchive{Max: 50}, count)
			r.forward(im.FetchArchive{Archive: im.MustJID(archiveRoom), Max: 100}, im.Groupchat, count)
			r.back(im.FetchArchive{Archive: im.MustJID(archiveRoom), Max: 50}, count)
			if done := r.fetch(im.FetchArchive{Archive: im.MustJID("nowhere@conference.localhost"), Max: 10}); done.Err == nil {
				t.Errorf("a room that is not there has %+v", done.Result)
			}
		})
	}
}

// TestRealArchivesAcrossCuts reads archives over a connection that breaks again and again in the middle of a page: every
// message comes once, in order, although ejabberd mixes what it sends again with what is new.
func TestRealArchivesAcrossCuts(t *testing.T) {
	const count, cuts = 1000, 20
	for _, d := range daemons(t) {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			fill(t, d, count)
			proxy, err := cutproxy.New(d.address)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { proxy.Close() })
			client, events := login(t, d, "ana@localhost", at{address: proxy.Addr()})
			if e := settled(t, events); e.State != im.Connected {
				t.Fatalf("%+v: %v", e, e.Err)
			}
			r := &reader{t: t, client: client, events: events}
			left := cuts
			r.disturb = func() {
				if r.id%2 == 0 && left > 0 {
					left--
					delay := time.Duration(left%10) * 2 * time.Millisecond
					time.AfterFunc(delay, func() { proxy.Cut() })
				}
			}
			r.forward(im.FetchArchive{With: im.MustJID("bob@localhost"), Max: 25}, im.Chat, count)
			r.forward(im.FetchArchive{Archive: im.MustJID(archiveRoom), Max: 25}, im.Groupchat, count)
			if left > 0 || r.resumed < cuts/2 {
				t.Errorf("%d cuts left, resumed %d times", left, r.resumed)
			}
		})
	}
}

// fill has ana say so much to bob, and in a room.
func fill(t *testing.T, d daemon, count int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	raw := func(local string) *rawclient.Client {
		return rawclient.Login(t, rawclient.Account{Addr: d.direct, Roots: d.ca.Pool(), Local: local, Domain: "localhost", Password: password})
	}
	bob, ana := raw("bob"), raw("ana")
	// Nobody reads bob's archive, and ejabberd takes the longer to keep a message the more it has.
	bob.Ask(t, `<iq type='set' id='prefs'><prefs xmlns='urn:xmpp:mam:2' default='never'><always/><never/></prefs></iq>`, "id='prefs'", "result")
	bob.Ask(t, `<presence/>`, "<presence")
	go bob.Drain()
	text := func(i int) string { return fmt.Sprint("text ", i) }
	if err := ana.Flood(ctx, "bob@localhost", "chat", count, text); err != nil {
		t.Fatal(err)
	}
	ana.Ask(t, `<presence to='`+archiveRoom+`/ana'><x xmlns='http://jabber.org/protocol/muc'/></presence>`, "110")
	ana.Ask(t, `<iq to='`+archiveRoom+`' type='set' id='keep'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>`+
		`<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>`+
		`<field var='muc#roomconfig_persistentroom'><value>1</value></field></x></query></iq>`, "id='keep'", "result")
	if err := ana.Flood(ctx, archiveRoom, "groupchat", count, text); err != nil {
		t.Fatal(err)
	}
	ana.Close()
}

// reader asks for pages of archives.
type reader struct {
	t      *testing.T
	client *xmppclient.Client
	events <-chan im.Event
	id     im.RequestID
	// disturb, unless nil, is called when a page was asked for; resumed counts what came of it.
	disturb func()
	resumed int
}

func (r *reader) fetch(f im.FetchArchive) im.Done {
	r.t.Helper()
	r.id++
	f.For = im.For{Account: im.MustJID("ana@localhost"), ID: 1000 + r.id}
	if err := r.client.Send(f); err != nil {
		r.t.Fatal(err)
	}
	if r.disturb != nil {
		r.disturb()
	}
	timeout := time.After(patience)
	for {
		select {
		case e := <-r.events:
			if done, is := e.(im.Done); is && done.Request == f.ID {
				return done
			}
			switch e := e.(type) {
			case im.Dropped:
				r.t.Errorf("dropped %+v", e)
			case im.ConnectionChanged:
				if e.State == im.Resumed {
					r.resumed++
				}
				if e.State == im.Connected {
					r.t.Error("the session was lost")
				}
			}
		case <-timeout:
			r.t.Fatalf("no page within %v", patience)
		}
	}
}

func (r *reader) page(f im.FetchArchive) im.ArchiveResult {
	r.t.Helper()
	done := r.fetch(f)
	page, is := done.Result.(im.ArchiveResult)
	if !is {
		r.t.Fatalf("ended with %v", done.Err)
	}
	return page
}

// forward reads an archive from its start: every text must come once, in order.
func (r *reader) forward(f im.FetchArchive, kind im.Kind, count int) {
	r.t.Helper()
	next := 0
	for complete := false; !complete; {
		page := r.page(f)
		for _, a := range page.Messages {
			m := a.Message
			if m.Body != fmt.Sprint("text ", next) || m.Kind != kind || m.StanzaID == "" || m.Delay.IsZero() || !m.Delayed {
				r.t.Fatalf("message %d is %+v", next, m)
			}
			next++
		}
		f.After, complete = page.Last, page.Complete
	}
	if next != count {
		r.t.Errorf("%d messages, want %d", next, count)
	}
}

// back reads the last two pages.
func (r *reader) back(f im.FetchArchive, count int) {
	r.t.Helper()
	f.Last = true
	last := r.page(f)
	f.Before = last.First
	before := r.page(f)
	n := len(last.Messages) + len(before.Messages)
	for i, a := range append(before.Messages, last.Messages...) {
		if want := fmt.Sprint("text ", count-n+i); a.Message.Body != want {
			r.t.Fatalf("%d from the end is %q, want %q", n-i, a.Message.Body, want)
		}
	}
	if n < 50 {
		r.t.Errorf("two pages of %d messages", n)
	}
}
