package core

import (
	"testing"
	"time"

	"traboule/im"
)

// row is the row of somebody's window in the View, with Window 0 if there is none.
func (r *reader) row(peer im.JID) ConversationView {
	for _, row := range r.core.View().Conversations {
		if row.ID == (ConversationID{ana, peer}) {
			return row
		}
	}
	return ConversationView{}
}

// TestUnreadComesBack: what was not read when the client ended, or was killed, is unread at the next start.
func TestUnreadComesBack(t *testing.T) {
	s := unreadBefore(t, 3)
	first := s.messages[ConversationID{ana, paulette}][0].Seq
	for range 2 { // neither is it read by a start
		r := newReader(s, noon)
		if row := r.row(paulette); row.Window == 0 || row.Unread != 3 {
			t.Fatalf("the row is %+v", row)
		}
	}
	r := newReader(s, noon)
	r.hears("mot4")
	if row := r.row(paulette); row.Unread != 4 {
		t.Errorf("with one more, the row is %+v", row)
	}
	r.types("/query " + paulette.String())
	if w := r.core.View().Current; w.ReadUpTo != first {
		t.Errorf("new lines begin at %d, want %d", w.ReadUpTo, first)
	}
	if row := newReader(s, noon.Add(time.Hour)).row(paulette); row.Window != 0 {
		t.Errorf("after it was read, the row is %+v", row)
	}
}

// TestUnreadIsForgotten shows what else than reading takes a mark away, and where there is none.
func TestUnreadIsForgotten(t *testing.T) {
	for name, do := range map[string]func(*reader){
		"it is erased":      func(r *reader) { r.types("/history forget all yes") },
		"nothing is left":   func(r *reader) { clear(r.shelf.messages); *r = *newReader(r.shelf, noon) },
		"the window closes": func(r *reader) { r.types("/query " + paulette.String()); r.types("/close") },
		"nothing is kept": func(r *reader) {
			*r = *newReader(newShelf(), noon)
			r.hears("salut")
		},
	} {
		r := newReader(unreadBefore(t, 3), noon)
		do(r)
		if len(r.shelf.unread) != 0 {
			t.Errorf("%s: %v", name, r.shelf.unread)
		}
	}
}

// TestUnreadOfARoomComesBack as the room is entered.
func TestUnreadOfARoomComesBack(t *testing.T) {
	grenoble := im.MustJID("grenoble@rooms.example.org")
	id := ConversationID{ana, grenoble}
	s := newShelf()
	s.policies = []im.HistoryRecord{{Policy: im.HistoryPolicy{Mode: im.HistoryOn}}}
	s.put(id, im.StoredMessage{Peer: grenoble, Kind: im.Groupchat, Seq: 10, Time: noon, From: "hubert", Body: "vu"})
	s.put(id, im.StoredMessage{Peer: grenoble, Kind: im.Groupchat, Seq: 20, Time: noon, From: "hubert", Body: "ana : pas vu", Mention: true})
	s.put(id, im.StoredMessage{Peer: grenoble, Kind: im.Groupchat, Seq: 30, Time: noon, From: "ana", Body: "de moi", Out: true})
	s.unread[id] = im.UnreadRecord{Kept: im.Kept{Account: ana}, Peer: grenoble, Room: true, Seq: 20}
	r := newReader(s, noon)
	if row := r.row(grenoble); row.Window != 0 {
		t.Errorf("before it is entered, the row is %+v", row)
	}
	r.handle(Typed{Focus{Looking: false}})
	r.types("/join " + grenoble.String())
	if row := r.row(grenoble); row.Unread != 1+1 || row.Mentions != 1 { // beside the word that we are not connected
		t.Errorf("the row is %+v", row)
	}
}
