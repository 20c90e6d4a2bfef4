package core

import (
	"fmt"
	"testing"
	"time"

	"traboule/im"
)

// lies are stamps that an archive may give to message i, whose order is right.
func lies() map[string]func(i int) time.Time {
	return map[string]func(i int) time.Time{
		"1970":      func(int) time.Time { return time.Unix(0, 0) },
		"before it": func(i int) time.Time { return time.Unix(-int64(i), 0) },
		"9999":      func(int) time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) },
		"all equal": func(int) time.Time { return noon.Add(time.Minute) },
		"backwards": func(i int) time.Time { return noon.Add(-time.Duration(i) * time.Hour) },
		"to and fro": func(i int) time.Time {
			return []time.Time{time.Unix(0, 0), noon.Add(time.Hour), {}}[i%3]
		},
	}
}

// stamps lets a server have had n messages of somebody, stamped falsely.
func (s *server) stamps(n int, stamp func(int) time.Time) {
	for i := range n {
		s.archive(im.Message{From: im.MustJID("paulette@example.net/x"), To: ana, Body: fmt.Sprint("mot", i+1), ID: fmt.Sprint("i", i)})
		s.kept[len(s.kept)-1].Message.Delay = stamp(i)
	}
}

func TestOlderMessagesFindTheirPlaceWhateverTheirStamps(t *testing.T) {
	for name, stamp := range lies() {
		for _, typed := range []string{"", "/history on all"} {
			s := &server{t: t, most: 100, keeps: typed}
			s.begin(newShelf())
			s.stamps(350, stamp)
			s.connect()
			s.rest()
			expect(t, name, s.read(paulette), count(1, 350))
		}
	}
}

func TestGapsAreFilledWhateverTheStamps(t *testing.T) {
	for name, stamp := range lies() {
		for _, after := range []string{"", "s2"} {
			s := away(t, newShelf(), "")
			s.connect()
			s.says(paulette, false)
			s.rest()
			s.cut()
			s.stamps(350, stamp)
			s.client.core.accounts[0].archive(im.JID{}).mark.ID = "s352" // as if it had been lost sight of
			s.client.now = s.client.now.Add(time.Hour)
			s.says(paulette, false)
			s.back()
			expect(t, "around the gap", s.client.bodies(paulette), []string{"n2", "n353"})
			s.client.types("/query " + paulette.String())
			conv := s.conversation(paulette)
			s.client.core.showGap(conv, &gap{Gap: im.Gap{Seq: conv.log.At(0).Seq, Until: conv.log.At(1).Seq, After: after, Before: "s353"}})
			for range 10 {
				for seq := range conv.gaps {
					s.client.handle(Typed{Older{Line: seq}})
					s.rest()
				}
			}
			expect(t, name+" after "+after, s.client.bodies(paulette), append(append([]string{"n2"}, count(1, 350)...), "n353"))
		}
	}
}

func TestRoomsArchiveSwallowsNoMessageOfOthers(t *testing.T) {
	r := newReader(newShelf(), noon)
	a := r.core.byJID[ana]
	r.core.awaitMerge(a, []*archived{{id: ConversationID{ana, grenoble}, kind: Room, of: "s5"}}, true)
	m := im.Message{From: paulette, To: ana, Body: "salut", ID: "i1", StanzaID: "s5"}
	r.handle(Received{im.MessageReceived{On: im.On{Account: ana}, Message: m}})
	expect(t, "from a person", r.bodies(paulette), []string{"salut"})
}

// TestNobodySpeaksUnseenUnderOurNick: whoever has taken our nick in our absence, and an id of ours, is heard on our return.
func TestNobodySpeaksUnseenUnderOurNick(t *testing.T) {
	c := inGrenoble("hubert")
	var id string
	for _, q := range c.Handle(noon, Typed{At{Window: c.current.window, Command: Say{Text: "bonjour"}}}).Send {
		if m, is := q.(im.SendMessage); is {
			id = m.Stanza
		}
	}
	from, _ := grenoble.WithResource("ana")
	hear := func(body string, delayed bool) {
		m := im.Message{From: from, Kind: im.Groupchat, Body: body, ID: id, Delayed: delayed, Delay: noon}
		c.Handle(noon, Received{im.MessageReceived{On: im.On{Account: ana}, Message: m}})
	}
	hear("bonjour", false)
	hear("bonjour", true)
	hear("rendez-vous à la gare", true)
	log := c.conversations[ConversationID{ana, grenoble}].log
	var said []string
	for i := range log.Len() {
		if line := log.At(i); line.Notice == nil {
			said = append(said, line.Body)
		}
	}
	expect(t, "said", said, []string{"bonjour", "rendez-vous à la gare"})
}
