package xmppclient

import (
	"traboule/im"
)

// Namespaces of XEP-0060, which XEP-0163 puts on accounts.
const (
	nsPubSub      = "http://jabber.org/protocol/pubsub"
	nsPubSubEvent = "http://jabber.org/protocol/pubsub#event"
	nsPubSubOwner = "http://jabber.org/protocol/pubsub#owner"

	nodeConfig     = "http://jabber.org/protocol/pubsub#node_config"
	publishOptions = "http://jabber.org/protocol/pubsub#publish-options"
	accessModel    = "pubsub#access_model"
	onlyOurselves  = "whitelist"
)

func fetchBookmarkItems() *query {
	return &query{typ: "get", payload: bookmarkItems(), answered: func(a answer) outcome {
		if a.failure != nil && a.failure.Code == im.CodeItemNotFound { // nobody has bookmarked anything yet
			return succeeded(im.BookmarksResult{})
		}
		if a.failure != nil {
			return failed(a.failure)
		}
		items := a.iq.kid(nsPubSub, "pubsub").kid(nsPubSub, "items")
		if items == nil {
			return failed(&im.Failure{Code: im.CodeBadAnswer})
		}
		var list bookmarkList
		for _, item := range items.kidsOf(nsPubSub, "item") {
			if conference := item.kid(nsBookmarks, "conference"); conference != nil {
				list.add(conference, item.attr("id"))
			}
		}
		return succeeded(list.BookmarksResult)
	}}
}

// bookmarkItems asks for the items named, or for all.
func bookmarkItems(ids ...string) *node {
	items := el(nsPubSub, "items").set("node", nsBookmarks)
	for _, id := range ids {
		items.add(el(nsPubSub, "item").set("id", id))
	}
	return el(nsPubSub, "pubsub", items)
}

func retractBookmark(room im.JID) *query {
	retract := el(nsPubSub, "retract", el(nsPubSub, "item").set("id", room.String())).set("node", nsBookmarks).set("notify", "true")
	return &query{typ: "set", payload: el(nsPubSub, "pubsub", retract), answered: func(a answer) outcome {
		if a.failure != nil && a.failure.Code != im.CodeItemNotFound {
			return failed(a.failure)
		}
		return succeeded(nil)
	}}
}

// publication is a bookmark on its way to the node. Whoever may read the node learns all rooms of the user, so the node is
// looked at first, closed if it is open, and every item says under what conditions only it may be published (XEP-0223 §4).
type publication struct {
	bookmark im.Bookmark
	old      *node
	// closed is set once the node was configured by us.
	closed bool
}

func (p *publication) start() *query { return p.inspect(p.inspected) }

func (p *publication) inspect(answered func(answer) outcome) *query {
	payload := el(nsPubSubOwner, "pubsub", el(nsPubSubOwner, "configure").set("node", nsBookmarks))
	return &query{typ: "get", payload: payload, answered: answered}
}

func (p *publication) inspected(a answer) outcome {
	switch {
	case a.failure != nil && a.failure.Code == im.CodeTimeout:
		return failed(a.failure)
	case a.failure != nil: // there is no node yet, or it shows its settings to nobody: the conditions have to do
		return outcome{ask: []*query{p.compare()}}
	case !isClosed(a.iq):
		return outcome{ask: []*query{p.close()}}
	}
	return outcome{ask: []*query{p.compare()}}
}

// isClosed reports whether the settings of a node let nobody read it but ourselves.
func isClosed(iq *node) bool {
	form := iq.kid(nsPubSubOwner, "pubsub").kid(nsPubSubOwner, "configure").kid(nsForm, "x")
	if form == nil {
		return false
	}
	for _, f := range form.kidsOf(nsForm, "field") {
		if f.attr("var") == accessModel {
			return f.kidText(nsForm, "value", maxText) == onlyOurselves
		}
	}
	return false
}

// close configures the node.
func (p *publication) close() *query {
	p.closed = true
	configure := el(nsPubSubOwner, "configure", conditions(nodeConfig)).set("node", nsBookmarks)
	return &query{typ: "set", payload: el(nsPubSubOwner, "pubsub", configure), answered: func(a answer) outcome {
		if a.failure != nil {
			return failed(openNode())
		}
		return outcome{ask: []*query{p.inspect(p.inspectedAgain)}}
	}}
}

func (p *publication) inspectedAgain(a answer) outcome {
	if a.failure != nil || !isClosed(a.iq) {
		return failed(openNode())
	}
	return outcome{ask: []*query{p.compare()}}
}

func openNode() *im.Failure {
	return &im.Failure{Code: im.CodeNotAllowed, Detail: nsBookmarks + " stays open to others"}
}

// conditions are what a node for bookmarks must be (XEP-0402 §4).
func conditions(of string) *node {
	return el(nsForm, "x",
		formField("FORM_TYPE", of).set("type", "hidden"),
		formField("pubsub#persist_items", "true"),
		formField("pubsub#max_items", "max"),
		formField("pubsub#send_last_published_item", "never"),
		formField(accessModel, onlyOurselves),
	).set("type", "submit")
}

// compare asks what other clients have put into the bookmark.
func (p *publication) compare() *query {
	id := p.bookmark.Room.String()
	return &query{typ: "get", payload: bookmarkItems(id), answered: func(a answer) outcome {
		if a.failure != nil && a.failure.Code != im.CodeItemNotFound {
			return failed(a.failure)
		}
		for _, item := range a.iq.kid(nsPubSub, "pubsub").kid(nsPubSub, "items").kidsOf(nsPubSub, "item") {
			if item.attr("id") == id {
				p.old = item.kid(nsBookmarks, "conference")
			}
		}
		return outcome{ask: []*query{p.publish()}}
	}}
}

func (p *publication) publish() *query {
	item := el(nsPubSub, "item", encodeBookmark(nsBookmarks, p.bookmark, p.old)).set("id", p.bookmark.Room.String())
	payload := el(nsPubSub, "pubsub",
		el(nsPubSub, "publish", item).set("node", nsBookmarks),
		el(nsPubSub, "publish-options", conditions(publishOptions)),
	)
	return &query{typ: "set", payload: payload, answered: func(a answer) outcome {
		switch {
		case a.failure == nil:
			return succeeded(nil)
		case a.failure.Code == im.CodeConflict && !p.closed: // precondition-not-met (XEP-0060 §7.1.5)
			return outcome{ask: []*query{p.close()}}
		}
		return failed(a.failure)
	}}
}

// receiveEvent takes what our own server tells of our bookmarks (XEP-0402 §5). Nobody else has anything to say about them
// (CVE-2023-28686, CVE-2019-1000021, CVE-2018-6591).
func (s *stanzas) receiveEvent(from im.JID, event *node) []im.Event {
	if from == s.own && len(event.kids) == 1 && event.kids[0].attr("node") == nsOldBookmarks {
		return s.storageChanged(event.kids[0])
	}
	if len(event.kids) != 1 || event.kids[0].attr("node") != nsBookmarks {
		return []im.Event{s.dropped(from, im.DropUnasked)}
	}
	if from != s.own {
		return []im.Event{s.dropped(from, im.DropForged)}
	}
	var events []im.Event
	for _, k := range event.kids[0].kids {
		if e, is := s.bookmarkChanged(k); is && len(events) < maxBookmarks {
			events = append(events, e)
		}
	}
	return events
}

func (s *stanzas) bookmarkChanged(change *node) (im.BookmarkChanged, bool) {
	e := im.BookmarkChanged{On: s.on(), Removed: change.is(nsPubSubEvent, "retract")}
	conference := change.kid(nsBookmarks, "conference")
	switch {
	case e.Removed:
		conference = el(nsBookmarks, "conference")
	case !change.is(nsPubSubEvent, "item") || conference == nil:
		return im.BookmarkChanged{}, false
	}
	var is bool
	e.Bookmark, is = decodeBookmark(conference, change.attr("id"))
	return e, is
}
