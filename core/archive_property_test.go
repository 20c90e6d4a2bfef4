package core

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"traboule/im"
)

// server is one that keeps an archive, and the way from it to a client: what it sends arrives in order, or not at all.
type server struct {
	t       interface{ Fatalf(string, ...any) }
	client  *reader
	online  bool
	kept    []im.ArchivedMessage
	sent    []im.Event
	asked   []im.Request
	skew    time.Duration
	forgets int // ids before this place are not known any more
	keeps   string
	slow    bool // its store
	// pushes is set if it sends late what came while nobody was there; seen is how much of what it keeps is not to be sent so.
	pushes bool
	seen   int
	// most is how many messages a page has at most.
	most int
}

func (s *server) people() []im.JID {
	return []im.JID{paulette, im.MustJID("hubert@example.net"), im.MustJID("zoe@example.com")}
}

// says has somebody say something, or with out another device of ours to them.
func (s *server) says(peer im.JID, out bool) {
	n := len(s.kept) + 1
	m := im.Message{From: peer, To: ana, Body: fmt.Sprint("n", n), ID: fmt.Sprintf("id-%016d", n), StanzaID: fmt.Sprint("s", n)}
	if peer.Local() == "hubert" {
		m.ID = "1" // some clients give all of theirs the same
	}
	m.From, _ = m.From.WithResource("x")
	if out {
		m.From, m.To = m.To, m.From
		m.From, _ = m.From.WithResource("other")
	}
	s.archive(m)
	if out {
		m.Carbon = im.CarbonSent
	}
	if s.online {
		s.sent = append(s.sent, im.MessageReceived{On: im.On{Account: ana}, Message: m})
		s.seen = len(s.kept)
	}
}

func (s *server) archive(m im.Message) {
	id := fmt.Sprint("s", len(s.kept)+1)
	m.Delay, m.Delayed, m.StanzaID = s.client.now.Add(s.skew), true, ""
	s.kept = append(s.kept, im.ArchivedMessage{ID: id, Message: m})
}

// page answers a query as XEP-0313 has it.
func (s *server) page(r im.FetchArchive) (im.ArchiveResult, *im.Failure) {
	at := func(id string) int {
		return slices.IndexFunc(s.kept, func(m im.ArchivedMessage) bool { return m.ID == id })
	}
	from, to := 0, len(s.kept)
	if i := at(r.After); r.After != "" && i < s.forgets {
		return im.ArchiveResult{}, &im.Failure{Code: im.CodeItemNotFound}
	} else if r.After != "" {
		from = i + 1
	}
	if i := at(r.Before); r.Before != "" && i < 0 {
		return im.ArchiveResult{}, &im.Failure{Code: im.CodeItemNotFound}
	} else if r.Before != "" {
		to = i
	}
	var list []im.ArchivedMessage
	for _, m := range s.kept[from:to] {
		with := r.With.IsZero() || m.Message.From.Bare() == r.With || m.Message.To.Bare() == r.With
		if with && (r.Since.IsZero() || !m.Message.Delay.Before(r.Since)) {
			list = append(list, m)
		}
	}
	result := im.ArchiveResult{Messages: list, Complete: true}
	if most := min(r.Max, s.most); len(list) > most {
		result.Complete = false
		if result.Messages = list[:most]; r.Last || r.Before != "" {
			result.Messages = list[len(list)-most:]
		}
	}
	if n := len(result.Messages); n > 0 {
		result.First, result.Last = result.Messages[0].ID, result.Messages[n-1].ID
	}
	return result, nil
}

// take answers the oldest request, once it has arrived.
func (s *server) take() {
	s.collect()
	if len(s.asked) == 0 {
		return
	}
	q := s.asked[0]
	s.asked = s.asked[1:]
	done := im.Done{On: im.On{Account: ana}, Request: q.Number()}
	switch q := q.(type) {
	case im.FetchArchive:
		if result, err := s.page(q); err == nil {
			done.Result = result
		} else {
			done.Err = err
		}
	case im.SendMessage:
		from, _ := ana.WithResource("r")
		s.archive(im.Message{From: from, To: q.To, Body: q.Body, ID: q.Stanza, OriginID: q.Stanza})
	case im.FetchRoster:
		done.Result = im.RosterResult{}
	}
	s.sent = append(s.sent, done)
}

// collect takes in what the client has asked for; what it asks without a connection fails at once.
func (s *server) collect() {
	asked := s.client.asked
	s.client.asked = nil
	for _, q := range asked {
		if s.online {
			s.asked = append(s.asked, q)
			continue
		}
		s.fail(q)
	}
}

func (s *server) fail(q im.Request) {
	done := im.Done{On: im.On{Account: ana}, Request: q.Number(), Err: &im.Failure{Code: im.CodeConnectionLost}}
	if _, is := q.(im.Connect); is {
		done.Err = nil
	}
	s.client.handle(Received{done})
}

// deliver lets the next thing arrive.
func (s *server) deliver() {
	if len(s.sent) > 0 {
		e := s.sent[0]
		s.sent = s.sent[1:]
		s.client.handle(Received{e})
	}
}

func (s *server) idle() bool {
	s.collect()
	return len(s.sent) == 0 && len(s.asked) == 0 && len(s.client.answers) == 0
}

func (s *server) rest() {
	for !s.idle() {
		s.client.answer()
		s.take()
		s.deliver()
	}
}

func (s *server) connect() {
	if s.online {
		return
	}
	s.collect()
	s.online = true
	full, _ := ana.WithResource("r")
	s.client.handle(Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected, JID: full}})
	s.push()
}

// push sends what others said while nobody was there, unless the client would not read what our other devices said between.
func (s *server) push() {
	if s.pushes && s.client.core.accounts[0].marked() {
		for _, kept := range s.kept[s.seen:] {
			m := kept.Message
			m.StanzaID = kept.ID
			if m.From.Bare() != ana {
				s.sent = append(s.sent, im.MessageReceived{On: im.On{Account: ana}, Message: m})
			}
		}
	}
	s.seen = len(s.kept)
}

func (s *server) cut() {
	if !s.online {
		return
	}
	s.collect()
	s.online, s.sent = false, nil
	lost := &im.Failure{Code: im.CodeConnectionLost}
	asked := s.asked
	s.asked = nil
	for _, q := range asked {
		s.fail(q)
	}
	s.client.handle(Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Disconnected, Err: lost, RetryIn: time.Second}})
	s.collect()
}

// blink loses the connection, and the session goes on in another one: nothing that was on its way is lost but the questions.
func (s *server) blink() {
	if !s.online {
		return
	}
	sent := s.sent
	s.cut()
	s.online, s.sent = true, sent
	full, _ := ana.WithResource("r")
	s.client.handle(Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Resumed, JID: full}})
}

// restart ends the client without a word, and begins anew with what it has kept.
func (s *server) restart() {
	s.online, s.sent, s.asked = false, nil, nil
	s.begin(s.client.shelf)
}

func (s *server) begin(shelf *shelf) {
	now := noon
	if s.client != nil {
		now = s.client.now.Add(time.Second)
	}
	s.client = newReader(shelf, now)
	s.client.slow = s.slow
	s.client.handle(Typed{ConnectAccount{}})
	if s.keeps != "" {
		s.client.types(s.keeps)
	}
	s.client.facts = nil
}

// own says something from here, when nothing is on its way that would have come before it.
func (s *server) own(peer im.JID, n int) {
	if s.online && s.idle() {
		s.client.types(fmt.Sprintf("/msg %s own%d", peer, n))
		s.rest()
	}
}

// want is what was said with somebody, in order.
func (s *server) want(peer im.JID) []string {
	var words []string
	for _, m := range s.kept {
		if m.Message.From.Bare() == peer || m.Message.To.Bare() == peer {
			words = append(words, m.Message.Body)
		}
	}
	return words
}

// fill has all that is missing in the window of somebody shown.
func (s *server) fill(peer im.JID) {
	for range 1000 {
		for seq := range s.conversation(peer).gaps {
			s.client.handle(Typed{Older{Line: seq}})
			s.rest()
		}
		if len(s.conversation(peer).gaps) == 0 {
			return
		}
	}
}

// read scrolls up to the beginning.
func (s *server) read(peer im.JID) []string {
	s.client.types("/query " + peer.String())
	s.rest()
	for range 1000 {
		s.fill(peer)
		state := s.client.core.View().Current.Older
		if state == OlderNone {
			break
		}
		if state == OlderFailed || state == OlderFull {
			s.t.Fatalf("state %d: %v", state, s.client.core.View().Current.OlderErr)
		}
		s.client.handle(Typed{Older{}})
		s.rest()
	}
	return s.client.bodies(peer)
}

// TestEveryMessageOnceAndInOrder: whatever comes live, late, out of the archive or out of the store, and however often the
// connection or the client ends meanwhile.
func TestEveryMessageOnceAndInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &server{t: t, most: rapid.SampledFrom([]int{1, 3, 100}).Draw(t, "page")}
		s.skew = time.Duration(rapid.IntRange(-3600, 3600).Draw(t, "skew")) * time.Second
		s.keeps = rapid.SampledFrom([]string{"", "/history on all", "/history on " + paulette.String()}).Draw(t, "history")
		s.slow = rapid.Bool().Draw(t, "slow")
		s.pushes = rapid.Bool().Draw(t, "pushes")
		s.begin(newShelf())
		for range rapid.IntRange(0, 5).Draw(t, "before") {
			s.says(paulette, false)
		}
		s.connect()
		s.rest()
		peer := rapid.SampledFrom(s.people())
		for i := range rapid.IntRange(5, 80).Draw(t, "steps") {
			s.client.now = s.client.now.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "ms")) * time.Millisecond)
			switch rapid.IntRange(0, 19).Draw(t, "what") {
			case 16:
				s.blink()
			case 17, 18, 19:
				s.client.answer()
			case 0, 1, 2:
				s.says(peer.Draw(t, "who"), rapid.IntRange(0, 3).Draw(t, "out") == 0)
			case 3, 4, 5:
				s.take()
			case 6, 7, 8, 9:
				s.deliver()
			case 10:
				s.cut()
			case 11, 12:
				s.connect()
			case 13:
				s.own(peer.Draw(t, "whom"), i)
			case 14:
				if rapid.Bool().Draw(t, "restart") {
					s.restart()
				}
			case 15:
				if conv := s.client.core.current; conv.kind == Person {
					s.client.handle(Typed{pickCommand(rapid.IntRange(0, 2).Draw(t, "command"))})
				}
			}
		}
		s.connect()
		s.rest()
		for _, peer := range s.people() {
			if got, want := s.read(peer), s.want(peer); !slices.Equal(got, want) {
				t.Fatalf("%s: %q\nwant %q", peer, got, want)
			}
		}
	})
}

func pickCommand(n int) Command {
	return []Command{Close{}, Older{}, Select{}}[n]
}
