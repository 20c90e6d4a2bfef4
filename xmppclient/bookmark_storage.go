package xmppclient

import (
	"time"

	"traboule/im"
)

const nsPrivate = "jabber:iq:private" // XEP-0049

// storage asks for the list in which older servers keep bookmarks.
func storage(answered func(list *node) outcome) *query {
	return &query{typ: "get", payload: el(nsPrivate, "query", el(nsOldBookmarks, "storage")), answered: func(a answer) outcome {
		if a.failure != nil {
			return failed(a.failure)
		}
		private := a.iq.kid(nsPrivate, "query")
		if private == nil {
			return failed(&im.Failure{Code: im.CodeBadAnswer})
		}
		list := private.kid(nsOldBookmarks, "storage")
		if list == nil {
			list = el(nsOldBookmarks, "storage")
		}
		return answered(list)
	}}
}

func fetchStorage() *query {
	return storage(func(list *node) outcome {
		var found bookmarkList
		for _, conference := range list.kidsOf(nsOldBookmarks, "conference") {
			found.add(conference, conference.attr("jid"))
		}
		return succeeded(found.BookmarksResult)
	})
}

// changeStorage reads the list and writes it back with one bookmark changed. All else in it is other clients', and stays as
// it was.
func changeStorage(r im.SetBookmark) *query {
	q := storage(func(list *node) outcome {
		changed := el(nsPrivate, "query", withBookmark(list, r))
		return outcome{ask: []*query{plain("set", im.JID{}, changed)}}
	})
	q.inTurn = true
	return q
}

func withBookmark(list *node, r im.SetBookmark) *node {
	out := &node{name: list.name, attrs: list.attrs, text: list.text}
	room, done := r.Bookmark.Room.String(), r.Removed
	put := func(old *node) {
		out.add(encodeBookmark(nsOldBookmarks, r.Bookmark, old).set("jid", room))
		done = true
	}
	for _, k := range list.kids {
		switch {
		case !k.is(nsOldBookmarks, "conference") || k.attr("jid") != room:
			out.add(k)
		case !done:
			put(k)
		}
	}
	if !done {
		put(nil)
	}
	return out
}

// turn is a query that waits until those before it have been answered, with all that they led to.
type turn struct {
	query  *query
	stanza []byte
}

// takeTurn puts a query that is about to be sent into the line, and tells whether it is its turn. Until then it must not be
// sent: who reads a list that another is about to write back would undo the change.
func (s *stanzas) takeTurn(now time.Time, q *query, stanza []byte) bool {
	s.turns = append(s.turns, turn{q, stanza})
	q.deadline = now.Add(time.Duration(len(s.turns)) * answerWithin)
	return len(s.turns) == 1
}

// nextTurn gives what may be sent now because the request before has ended.
func (s *stanzas) nextTurn(now time.Time) [][]byte {
	ended := func(t turn) bool { return !s.queries.busy(t.query.request) }
	if len(s.turns) == 0 || !ended(s.turns[0]) {
		return nil
	}
	for len(s.turns) > 0 && ended(s.turns[0]) {
		s.turns = s.turns[1:]
	}
	if len(s.turns) == 0 {
		s.turns = nil
		return nil
	}
	s.turns[0].query.deadline = now.Add(answerWithin)
	return [][]byte{s.turns[0].stanza}
}

// storageChanged takes the whole list, which ejabberd tells to all devices after each change, asked or not. Where there is the
// node of XEP-0402 as well, that says the same. What is not on the list any more shows with the next login.
func (s *stanzas) storageChanged(items *node) []im.Event {
	if a, known := s.announced[s.own]; !known || a.bookmarks {
		return nil
	}
	var events []im.Event
	for _, item := range items.kidsOf(nsPubSubEvent, "item") {
		for _, conference := range item.kid(nsOldBookmarks, "storage").kidsOf(nsOldBookmarks, "conference") {
			if b, is := decodeBookmark(conference, conference.attr("jid")); is && len(events) < maxBookmarks {
				events = append(events, im.BookmarkChanged{On: s.on(), Bookmark: b})
			}
		}
	}
	return events
}
