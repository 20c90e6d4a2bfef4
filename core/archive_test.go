package core

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// away is a server whose client has been connected once, and then lost its connection for an hour.
func away(t *testing.T, shelf *shelf, typed string) *server {
	t.Helper()
	s := &server{t: t, most: 100, keeps: typed}
	s.begin(shelf)
	s.says(paulette, false)
	s.connect()
	s.rest()
	s.cut()
	s.client.now = s.client.now.Add(time.Hour)
	s.client.facts = nil
	return s
}

// comes archives a message as it is.
func (s *server) comes(m im.Message) {
	s.client.now = s.client.now.Add(time.Second)
	if m.From.IsZero() {
		m.From, m.To = im.MustJID("paulette@example.net/x"), ana
	}
	s.archive(m)
}

// back connects again and reads all.
func (s *server) back() {
	s.connect()
	s.rest()
}

func (s *server) notices(code NoticeCode) []*Notice {
	var found []*Notice
	for _, f := range s.client.facts {
		if n, is := f.(NoticeFact); is && n.Notice.Code == code {
			found = append(found, n.Notice)
		}
	}
	return found
}

func (s *server) conversation(peer im.JID) *conversation {
	return s.client.core.conversations[ConversationID{ana, peer}]
}

func TestMissedMessagesAreUnreadAndToldOnce(t *testing.T) {
	for _, typed := range []string{"", "/history on all"} {
		s := away(t, newShelf(), typed)
		for i := range 250 {
			s.comes(im.Message{Body: fmt.Sprint("mot", i+1), ID: fmt.Sprint("i", i)})
		}
		s.back()
		expect(t, "missed", s.client.bodies(paulette), count(1, 250))
		conv := s.conversation(paulette)
		if conv.unread != 250 || conv.log.Search(conv.readUpTo) != 0 {
			t.Errorf("%q: %d unread, from line %d on", typed, conv.unread, conv.log.Search(conv.readUpTo))
		}
		if told := s.notices(NoticeArchiveMissed); len(told) != 1 || told[0].Count != 250 {
			t.Errorf("%q: told %+v", typed, told)
		}
		said := 0
		for _, f := range s.client.facts {
			if m, is := f.(MessageFact); is {
				said++
				if !m.Line.Archived || !m.Line.Delayed {
					t.Errorf("told as if it were fresh: %+v", m.Line)
				}
			}
		}
		if said != 250 {
			t.Errorf("%q: %d messages are told", typed, said)
		}
	}
}

func TestArchivesAreNotAnswered(t *testing.T) {
	s := away(t, newShelf(), "")
	for _, d := range []Disclosure{DiscloseReceipts, DiscloseMarkers, DiscloseTyping} {
		s.client.core.disclose[d] = true
	}
	s.comes(im.Message{Body: "salut", ID: "p1", WantsReceipt: true, Markable: true})
	s.comes(im.Message{Body: "?OTR:AAMDsecret.", ID: "p2"})
	s.comes(im.Message{Body: "?OTRv23?", ID: "p3"})
	s.connect()
	for !s.idle() {
		for _, q := range s.asked {
			switch q.(type) {
			case im.SendReceipt, im.SendChatState, im.SendMessage, im.StartOTR:
				t.Errorf("sent %+v", q)
			}
		}
		s.take()
		s.deliver()
	}
}

func TestUnreadableMessagesAreOneLine(t *testing.T) {
	s := away(t, newShelf(), "/history on all")
	s.comes(im.Message{Body: "avant", ID: "p1"})
	s.comes(im.Message{Body: "?OTRv23?", ID: "p2"})
	for i := range 5 {
		s.comes(im.Message{Body: "?OTR:AAMDsecret.", ID: fmt.Sprint("q", i)})
	}
	s.comes(im.Message{Body: "?OTR|1|2,00001,00002,?OTR:AAMDse,", ID: "r1"})
	s.comes(im.Message{Body: "?OTR|1|2,00002,00002,cret.,", ID: "r2"})
	s.comes(im.Message{Body: "après", ID: "p9"})
	s.back()
	expect(t, "words", s.client.bodies(paulette), []string{"avant", "après"})
	conv := s.conversation(paulette)
	if n := conv.log.At(1).Notice; n == nil || n.Code != NoticeArchiveUnreadable || n.Count != 6 {
		t.Errorf("between them: %+v", conv.log.At(1))
	}
	for _, m := range s.client.shelf.messages[conv.id] {
		if strings.Contains(m.Body, "OTR") {
			t.Errorf("kept: %+v", m)
		}
	}
}

func TestCorrectionsInArchives(t *testing.T) {
	for _, typed := range []string{"", "/history on all"} {
		s := away(t, newShelf(), typed)
		s.comes(im.Message{Body: "salu", ID: "p1"})
		s.comes(im.Message{Body: "autre", ID: "p2"})
		s.comes(im.Message{Body: "salut", ID: "p3", Replaces: "p1"})
		s.comes(im.Message{Body: "faux", ID: "p4", Replaces: "p2", From: im.MustJID("paulette@example.net/y"), To: ana})
		s.most = 100
		s.back()
		expect(t, "corrected", s.client.bodies(paulette), []string{"salut", "autre", "faux"})
		conv := s.conversation(paulette)
		if !conv.log.At(0).Edited || conv.log.At(2).Warning != WarnForeignCorrection {
			t.Errorf("%q: %+v, %+v", typed, conv.log.At(0), conv.log.At(2))
		}
		// On the next page, and live.
		s.cut()
		s.comes(im.Message{Body: "mieux", ID: "p5", Replaces: "p1"})
		s.back()
		expect(t, "corrected later", s.client.bodies(paulette), []string{"mieux", "autre", "faux"})
		s.restart()
		s.back()
		if typed != "" {
			expect(t, "corrected in another session", s.read(paulette)[1:], []string{"mieux", "autre", "faux"})
		}
	}
}

func TestForgottenIDsLeaveAGap(t *testing.T) {
	s := away(t, newShelf(), "/history on all")
	for i := range 30 {
		s.comes(im.Message{Body: fmt.Sprint("mot", i+1), ID: fmt.Sprint("i", i)})
	}
	s.forgets = 1
	s.back()
	expect(t, "by time", s.client.bodies(paulette), append([]string{"…", "n1"}, count(1, 30)...))
	conv := s.conversation(paulette)
	for seq := range conv.gaps {
		s.client.types("/query " + paulette.String())
		s.client.handle(Typed{Older{Line: seq}})
		s.rest()
	}
	expect(t, "filled", s.client.bodies(paulette), append([]string{"n1"}, count(1, 30)...))
	if len(conv.gaps) != 0 {
		t.Errorf("gaps are left: %+v", conv.gaps)
	}
}

func TestTooMuchIsLeftAsAGap(t *testing.T) {
	s := away(t, newShelf(), "")
	const n = maxMissed + 150
	for i := range n {
		s.archive(im.Message{From: im.MustJID("paulette@example.net/x"), To: ana, Body: fmt.Sprint("mot", i+1), ID: fmt.Sprint("i", i)})
	}
	s.back()
	expect(t, "the first", s.client.bodies(paulette), append(count(1, maxMissed), "…"))
	s.says(paulette, false)
	s.rest()
	live := fmt.Sprint("n", len(s.kept))
	s.client.types("/query " + paulette.String())
	for range 3 {
		for seq := range s.conversation(paulette).gaps {
			s.client.handle(Typed{Older{Line: seq}})
			s.rest()
		}
	}
	expect(t, "filled", s.client.bodies(paulette), append(count(1, n), live))
}

func TestLateMessagesWaitForTheArchive(t *testing.T) {
	s := away(t, newShelf(), "")
	for i := range 3 {
		s.comes(im.Message{Body: fmt.Sprint("mot", i+1), ID: fmt.Sprint("i", i)})
	}
	// The server sends the second once more, as it was kept for us, and one that the archive does not have.
	late := func(body, id, stanza string) {
		m := im.Message{From: im.MustJID("paulette@example.net/x"), To: ana, Body: body, ID: id, StanzaID: stanza, Delayed: true, Delay: s.client.now}
		s.client.handle(Received{im.MessageReceived{On: im.On{Account: ana}, Message: m}})
	}
	s.connect()
	late("mot2", "i1", "s3")
	late("perdu", "i9", "s99")
	s.rest()
	expect(t, "all", s.client.bodies(paulette), append(count(1, 3), "perdu"))
}

// TestRoomIsReadFromItsArchive: on a return, the room is entered without its history, and what was missed comes at its place.
func TestRoomIsReadFromItsArchive(t *testing.T) {
	room := im.MustJID("grenoble@chat.example.org")
	r := newReader(newShelf(), noon)
	r.types("/history on all")
	full, _ := ana.WithResource("r")
	on := im.On{Account: ana}
	connect := func() {
		r.asked = nil
		r.handle(Received{im.ConnectionChanged{On: on, State: im.Connected, JID: full}})
	}
	enter := func() {
		for _, nick := range []string{"hubert", "ana"} {
			o := im.Occupant{Nick: nick, ID: "occupant-" + nick, Role: im.Participant}
			var codes []int
			if nick == "ana" {
				codes = []int{110}
			}
			r.handle(Received{im.OccupantChanged{On: on, Room: room, Present: true, Occupant: o, Codes: codes}})
		}
	}
	say := func(nick, body, id string) im.Message {
		from, _ := room.WithResource(nick)
		return im.Message{From: from, Kind: im.Groupchat, Body: body, ID: "m" + id, StanzaID: id, OccupantID: "occupant-" + nick}
	}
	live := func(nick, body, id string) {
		r.now = r.now.Add(time.Second)
		r.handle(Received{im.MessageReceived{On: on, Message: say(nick, body, id)}})
	}
	asked := func() (archive []im.FetchArchive, join []im.JoinRoom) {
		for _, q := range r.asked {
			switch q := q.(type) {
			case im.FetchArchive:
				if q.Archive == room {
					archive = append(archive, q)
				}
			case im.JoinRoom:
				join = append(join, q)
			}
		}
		return archive, join
	}
	connect()
	r.types("/join " + room.String() + " ana")
	enter()
	archive, join := asked()
	if len(archive) != 1 || !archive[0].Last || archive[0].Max != 1 || len(join) != 1 || join[0].History == 0 {
		t.Fatalf("asked for %+v after %+v", archive, join)
	}
	r.handle(Received{im.Done{On: on, Request: archive[0].ID, Result: im.ArchiveResult{First: "a1", Last: "a1"}}})
	live("hubert", "un", "a2")
	r.handle(Received{im.ConnectionChanged{On: on, State: im.Disconnected, Err: &im.Failure{Code: im.CodeConnectionLost}, RetryIn: time.Second}})
	r.types("/query " + paulette.String())
	r.now = r.now.Add(time.Hour)
	connect()
	enter()
	archive, join = asked()
	if len(archive) != 1 || archive[0].After != "a2" || len(join) != 1 || join[0].History != 0 || !join[0].Since.IsZero() {
		t.Fatalf("on the return, asked for %+v after %+v", archive, join)
	}
	live("hubert", "quatre", "a5")
	missed := []im.ArchivedMessage{{ID: "a3", Message: say("hubert", "ana : deux", "a3")}, {ID: "a4", Message: say("ana", "trois", "a4")}, {ID: "a5", Message: say("hubert", "quatre", "a5")}}
	for i := range missed {
		missed[i].Message.Delay, missed[i].Message.StanzaID = r.now.Add(-time.Minute), ""
	}
	r.handle(Received{im.Done{On: on, Request: archive[0].ID, Result: im.ArchiveResult{Messages: missed, First: "a3", Last: "a5", Complete: true}}})
	expect(t, "in the room", r.bodies(room), []string{"un", "ana : deux", "trois", "quatre"})
	conv := r.core.conversations[ConversationID{ana, room}]
	if conv.mentions != 1 || !slices.ContainsFunc(r.facts, func(f Fact) bool {
		n, is := f.(NoticeFact)
		return is && n.Notice.Code == NoticeArchiveMissed && n.Notice.JID == room && n.Notice.Count == 1 && n.Notice.Of == 1
	}) {
		t.Errorf("%d mentions, or what we said ourselves is told as missed", conv.mentions)
	}
	if r.core.byJID[ana].archives[room].mark.ID != "a5" {
		t.Errorf("the mark is at %+v", r.core.byJID[ana].archives[room].mark)
	}
	i := slices.IndexFunc(r.shelf.messages[conv.id], func(m im.StoredMessage) bool { return m.Body == "trois" })
	if m := r.shelf.messages[conv.id][i]; !m.Out {
		t.Errorf("what we said from elsewhere is kept as %+v", m)
	}
}

// TestArchiveIsAskedOnceWeAreThere: a server that is asked for the archive before we are there does not deliver what it has
// kept until we come. Without a mark we would not find that in the archive either; with one, a later session would get it.
func TestArchiveIsAskedOnceWeAreThere(t *testing.T) {
	r := newReader(newShelf(), noon)
	on := im.On{Account: ana}
	full, _ := ana.WithResource("r")
	connect := func() (asked []string) {
		r.asked = nil
		r.handle(Received{im.ConnectionChanged{On: on, State: im.Connected, JID: full}})
		for _, q := range r.asked {
			if fetch, is := q.(im.FetchRoster); is {
				r.handle(Received{im.Done{On: on, Request: fetch.ID, Result: im.RosterResult{}}})
			}
		}
		for _, q := range r.asked {
			switch q := q.(type) {
			case im.SetPresence:
				asked = append(asked, "presence")
			case im.FetchArchive:
				asked = append(asked, "archive after "+q.After)
				r.handle(Received{im.Done{On: on, Request: q.ID, Result: im.ArchiveResult{First: "a1", Last: "a1", Complete: true}}})
			}
		}
		return asked
	}
	if got := connect(); !slices.Equal(got, []string{"presence", "archive after "}) {
		t.Errorf("at first: %q", got)
	}
	r.handle(Received{im.ConnectionChanged{On: on, State: im.Disconnected, RetryIn: time.Second}})
	if got := connect(); !slices.Equal(got, []string{"presence", "archive after a1"}) {
		t.Errorf("with a mark: %q", got)
	}
	r.handle(Received{im.ConnectionChanged{On: on, State: im.Disconnected, RetryIn: time.Second}})
	r.asked = nil
	r.handle(Received{im.ConnectionChanged{On: on, State: im.Connected, JID: full}})
	r.handle(Received{im.ConnectionChanged{On: on, State: im.Disconnected, RetryIn: time.Second}})
	for _, q := range r.asked {
		switch q := q.(type) {
		case im.FetchRoster:
			r.handle(Received{im.Done{On: on, Request: q.ID, Err: &im.Failure{Code: im.CodeConnectionLost}}})
		case im.FetchArchive:
			t.Errorf("asked for the archive after %q before we are there", q.After)
		}
	}
	if ar := r.core.byJID[ana].archives[im.JID{}]; ar.reading != nil || !ar.behind {
		t.Errorf("with the connection lost before we are there: reading %v, behind %t", ar.reading, ar.behind)
	}
	if got := connect(); !slices.Equal(got, []string{"presence", "archive after a1"}) {
		t.Errorf("after that: %q", got)
	}
}

// TestUnconfirmedMessageIsProvenByTheArchive: the client is killed before the server acknowledges what was said, and finds it in
// the archive.
func TestUnconfirmedMessageIsProvenByTheArchive(t *testing.T) {
	for _, arrived := range []bool{true, false} {
		s := away(t, newShelf(), "/history on all")
		s.back()
		s.client.types("/msg " + paulette.String() + " reçu ?")
		if s.collect(); !arrived {
			s.asked = nil
		}
		for len(s.asked) > 0 {
			s.take()
		}
		s.restart()
		s.client.types("/query " + paulette.String())
		state := func() MessageState {
			log := s.conversation(paulette).log
			return log.At(log.Len() - 1).State
		}
		if state() != StateFailed {
			t.Errorf("nobody knows what became of it, and its state is %d", state())
		}
		s.back()
		want := StateFailed
		if arrived {
			want = StateSent
		}
		if state() != want {
			t.Errorf("arrived: %t; its state is %d, want %d", arrived, state(), want)
		}
	}
}
