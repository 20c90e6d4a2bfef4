package xmppclient

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"traboule/im"
	"traboule/internal/xmpptest"
)

// send has an archive send so many messages with a body of so many bytes, from number on, for a query.
func (s *stanzas) send(t *testing.T, query string, number, count, size int) received {
	t.Helper()
	var all received
	for i := number; i < number+count; i++ {
		inner := `<message xmlns='jabber:client' from='bob@example.net/desk' to='ana@example.org' type='chat'><body>` + strings.Repeat("x", size) + `</body></message>`
		r := s.receiveText(t, archived("", query, fmt.Sprint("a", i), inner))
		all.events, all.send = append(all.events, r.events...), append(all.send, r.send...)
	}
	return all
}

// TestEndlessArchive: who sends more than was asked for is cut off, and not listened to after that.
func TestEndlessArchive(t *testing.T) {
	s := fetching(t, im.FetchArchive{Max: 10})
	nothing(t, s.send(t, "id1", 0, 10, 1))
	done := theDone(t, s.send(t, "id1", 10, 1, 1).events)
	if done.Err == nil || done.Err.Code != im.CodeBadAnswer || done.Unknown {
		t.Errorf("%+v", done)
	}
	nothing(t, s.send(t, "id1", 11, 1000, 1))
	nothing(t, s.receiveText(t, fin("id1", "", "")))
	if why := theDrop(t, s.send(t, "id1", 2000, 1, 1).events); why != im.DropUnasked {
		t.Errorf("after the answer, dropped as %s", why)
	}
}

func TestSameResultTwice(t *testing.T) {
	s := fetching(t, im.FetchArchive{Max: 10})
	nothing(t, s.send(t, "id1", 0, 1, 1))
	if why := theDrop(t, s.send(t, "id1", 0, 1, 1).events); why != im.DropUnparseable {
		t.Errorf("dropped as %s", why)
	}
	if page := pageOf(t, s.receiveText(t, fin("id1", "", ""))); len(page.Messages) != 1 {
		t.Errorf("%+v", page)
	}
}

// TestLargePage: a page that is too large is asked for again in smaller ones, so that long messages hide nothing and hold
// nobody up.
func TestLargePage(t *testing.T) {
	s := fetching(t, im.FetchArchive{Max: 100, Before: "b"})
	var r received
	sent, query := 0, 1
	for ; len(r.send) == 0; sent++ {
		r = s.send(t, "id1", sent, 1, maxBody)
	}
	if len(r.events) != 0 || sent > 9 {
		t.Fatalf("after %d: %v", sent, r.events)
	}
	for most := 50; ; most /= 2 {
		late := fmt.Sprint("id", query)
		query++
		id := fmt.Sprint("id", query)
		if out := join(r.send); !strings.Contains(out, fmt.Sprintf("queryid='%s'", id)) || !strings.Contains(out, fmt.Sprintf("<max>%d</max><before>b</before>", most)) {
			t.Fatalf("asks %s", out)
		}
		nothing(t, s.send(t, late, 1000, 1, 1))
		nothing(t, s.receiveText(t, fin(late, "", "")))
		n := min(most, 9)
		if r = s.send(t, id, 0, n, maxBody); len(r.send) > 0 {
			continue
		}
		page := pageOf(t, s.receiveText(t, fin(id, "", "")))
		if len(page.Messages) != n || page.First != "a0" {
			t.Errorf("%d messages from %q", len(page.Messages), page.First)
		}
		return
	}
}

func TestArchiveTimeouts(t *testing.T) {
	for _, c := range []struct {
		name  string
		every time.Duration // between two messages
		ends  time.Duration
	}{
		{"silence", 0, answerWithin},
		{"messages come", 29 * time.Second, pageWithin + 29*time.Second},
		{"busily, without end", 5 * time.Second, pageWithin + 5*time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := fetching(t, im.FetchArchive{})
			now := testNow()
			for i := 0; ; i++ {
				next := now.Add(c.every)
				if c.every == 0 {
					next = now.Add(time.Hour)
				}
				if due := s.nextExpiry(); due.IsZero() || !due.After(next) {
					now = due
					break
				}
				now = next
				nothing(t, s.receive(now, parse(t, archived("", "id1", fmt.Sprint("a", i), someText))))
			}
			if d := now.Sub(testNow()); d != c.ends {
				t.Errorf("ends after %v, want %v", d, c.ends)
			}
			done := theDone(t, s.expire(now))
			if done.Err == nil || done.Err.Code != im.CodeTimeout || done.Unknown {
				t.Errorf("%+v", done)
			}
			nothing(t, s.send(t, "id1", 500, 3, 1)) // late
			nothing(t, s.receiveText(t, fin("id1", "", "")))
		})
	}
}

// TestTornPage: after a resumption the page is asked for again from its start, because servers may send again what is in
// the middle of it after its end.
func TestTornPage(t *testing.T) {
	s := fetching(t, im.FetchArchive{Max: 10, After: "a"})
	s.send(t, "id1", 0, 3, 1)
	r := s.goOn(testNow())
	if len(r.events) != 0 || !strings.Contains(join(r.send), `queryid='id2'`) || !strings.Contains(join(r.send), `<max>10</max><after>a</after>`) {
		t.Fatalf("%v, %s", r.events, join(r.send))
	}
	nothing(t, s.receiveText(t, fin("id1", "", `<first>a0</first><last>a9</last>`))) // overtakes what is sent again
	nothing(t, s.send(t, "id2", 0, 2, 1))
	if page := pageOf(t, s.receiveText(t, fin("id2", "", `<first>a0</first><last>a1</last>`))); len(page.Messages) != 2 || page.Last != "a1" {
		t.Errorf("%+v", page)
	}
	if r := s.goOn(testNow()); len(r.events)+len(r.send) != 0 {
		t.Errorf("nothing waits, and yet %v, %s", r.events, join(r.send))
	}
}

// TestPageTornForEver: a connection that breaks all the time ends the request too.
func TestPageTornForEver(t *testing.T) {
	s := fetching(t, im.FetchArchive{})
	for range maxRestarts {
		if r := s.goOn(testNow()); len(r.events) != 0 || len(r.send) != 1 {
			t.Fatalf("%v, %s", r.events, join(r.send))
		}
	}
	r := s.goOn(testNow())
	if done := theDone(t, r.events); done.Err == nil || done.Err.Code != im.CodeConnectionLost || len(r.send) != 0 {
		t.Errorf("%+v", done)
	}
}

func TestArchiveOfALostSession(t *testing.T) {
	s := fetching(t, im.FetchArchive{})
	s.send(t, "id1", 0, 3, 1)
	done := theDone(t, s.abort(im.Failure{Code: im.CodeConnectionLost}))
	if done.Err == nil || done.Err.Code != im.CodeConnectionLost || done.Unknown {
		t.Errorf("%+v", done)
	}
	if why := theDrop(t, s.send(t, "id1", 3, 1, 1).events); why != im.DropUnasked {
		t.Errorf("dropped as %s", why)
	}
}

func TestOpenPagesAreBounded(t *testing.T) {
	s := archiving()
	for range maxOpenPages {
		s.mustEncode(t, im.FetchArchive{For: request(), Max: 1})
	}
	if _, waits, failure := s.encode(testNow(), im.FetchArchive{For: request()}); failure == nil || failure.Code != im.CodeQueueFull || waits {
		t.Errorf("one more: %v, waits %v", failure, waits)
	}
}

// TestArchiveAcrossCuts: a page survives the end of its connection, however much of it had come, and ends once.
func TestArchiveAcrossCuts(t *testing.T) {
	const count = 20
	bubble(t, func(t *testing.T) {
		asked := 0
		b := newBench(t, func(s *xmpptest.Server, _ *Config) {
			s.Features = []string{nsMAM}
			s.Arrived = func(session *xmpptest.Session, stanza string) {
				if strings.Contains(stanza, nsMAM) {
					asked++
					serveArchive(session, stanza, count, asked*6)
				}
			}
		})
		b.start()
		b.state(im.Connected)
		f := b.number()
		b.send(im.FetchArchive{For: f, Max: count})
		done := b.done(f.ID)
		page, _ := done.Result.(im.ArchiveResult)
		if done.Err != nil || len(page.Messages) != count || page.First != "a0" || page.Last != "a19" {
			t.Errorf("%v, %d messages, %q to %q", done.Err, len(page.Messages), page.First, page.Last)
		}
		again := b.number()
		b.send(im.FetchRoster{For: again})
		time.Sleep(time.Minute)
		if d := await(b, func(im.Done) bool { return true }); d.Request != again.ID {
			t.Errorf("after the page ended, %+v", d)
		}
		if asked < 3 {
			t.Errorf("asked %d times", asked)
		}
	})
}

// serveArchive sends so many of the messages, then breaks the connection if that was not all.
func serveArchive(session *xmpptest.Session, query string, count, most int) {
	_, id, _ := strings.Cut(query, "queryid='")
	id, _, _ = strings.Cut(id, "'")
	for i := range min(count, most) {
		inner := `<message xmlns='jabber:client' from='bob@localhost/x' to='ana@localhost' type='chat'><body>x</body></message>`
		session.Send(archived("", id, fmt.Sprint("a", i), inner))
	}
	if most < count {
		session.Cut()
		return
	}
	session.Send(fin(id, " complete='true'", `<first>a0</first><last>a19</last>`))
}
