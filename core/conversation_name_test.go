package core

import (
	"testing"

	"traboule/im"
)

// searchedFor types a search and tells how many lines were found, or the notice that refuses it.
func (r *reader) searchedFor(typed string) (int, *Notice) {
	before := r.core.search.number
	r.facts = nil
	r.types("/search " + typed)
	if r.core.search.number > before {
		return len(r.core.View().Search.Found), nil
	}
	for _, f := range r.facts {
		if n, is := f.(NoticeFact); is {
			return 0, n.Notice
		}
	}
	return 0, nil
}

// TestClosedConversationsHaveNames: what is kept is found by the name of somebody with whom no window is open.
func TestClosedConversationsHaveNames(t *testing.T) {
	s := spokenBefore(t, 3)
	room, nick := im.MustJID("chapelle@conference.example.org"), im.MustJID("chapelle@conference.example.org/Hubert")
	for _, peer := range []im.JID{room, nick} {
		s.put(ConversationID{ana, peer}, im.StoredMessage{Peer: peer, Seq: 1, Time: noon, Body: "mot de passe"})
	}
	r := newReader(s, noon)
	for typed, want := range map[string]int{
		"mot in:" + paulette.Local(): 3, "mot in:PAULETTE": 3, "mot in:" + paulette.String(): 3,
		"mot dans:chapelle": 1, "mot in:" + room.String(): 1, "mot in:" + nick.String(): 1,
	} {
		if found, refused := r.searchedFor(typed); found != want || refused != nil {
			t.Errorf("%q: found %d, want %d; refused: %+v", typed, found, want, refused)
		}
	}
	for _, none := range []string{"mot in:hubert", "mot in:conference", "mot in:paul"} {
		if _, refused := r.searchedFor(none); refused == nil || refused.Code != NoticeNoSuchConversation {
			t.Errorf("%q: refused: %+v", none, refused)
		}
	}
	if r.core.conversations[ConversationID{ana, room}] != nil {
		t.Error("searching has opened a window")
	}
	r.types("/history forget chapelle yes")
	if _, refused := r.searchedFor("mot in:chapelle"); refused == nil || refused.Code != NoticeNoSuchConversation {
		t.Errorf("what was erased still has a name: refused: %+v", refused)
	}
}

// TestSeveralOfAName: which one is meant is asked, with the addresses.
func TestSeveralOfAName(t *testing.T) {
	s, other := spokenBefore(t, 3), im.MustJID("paulette@elsewhere.example")
	s.put(ConversationID{ana, other}, im.StoredMessage{Peer: other, Seq: 1, Time: noon, Body: "mot"})
	r := newReader(s, noon)
	_, refused := r.searchedFor("mot in:paulette")
	if refused == nil || refused.Code != NoticeWhichConversation || refused.Text != "paulette" || refused.Count != 2 ||
		refused.Suggestion != "paulette@elsewhere.example, "+paulette.String() {
		t.Errorf("refused: %+v", refused)
	}
	if found, refused := r.searchedFor("mot in:" + other.String()); found != 1 || refused != nil {
		t.Errorf("by the address: found %d; refused: %+v", found, refused)
	}
}

// TestClosedNowHasItsName: a window that was closed in this session is no less known than one of before.
func TestClosedNowHasItsName(t *testing.T) {
	r := newReader(newShelf(), noon)
	r.types("/history on all")
	r.hears("mot")
	r.types("/query " + paulette.String())
	r.types("/close")
	if found, refused := r.searchedFor("mot in:paulette"); found != 1 || refused != nil {
		t.Errorf("found %d; refused: %+v", found, refused)
	}
}
