package core

import (
	"testing"

	"pgregory.net/rapid"

	"traboule/im"
)

// takenNick is the nick of somebody else in the room.
const takenNick = "hubert"

// distantRoom is a room far away: what we ask of it and what it says are long under way, each in its order.
type distantRoom struct {
	in     bool // we are in it
	nick   string
	asked  []im.Request
	events []im.Event
}

// serve carries out the oldest request.
func (s *distantRoom) serve() {
	request := s.asked[0]
	s.asked = s.asked[1:]
	switch r := request.(type) {
	case im.JoinRoom:
		s.join(r.Nick)
	case im.ChangeNick:
		if s.in {
			s.rename(r.Nick)
		}
	case im.LeaveRoom:
		s.expel()
	}
}

func (s *distantRoom) join(nick string) {
	if nick == takenNick {
		s.refuse(nick)
		return
	}
	s.in, s.nick = true, nick
	s.events = append(s.events, present(takenNick), present(nick, statusSelf), im.SubjectReceived{On: im.On{Account: ana}, Room: grenoble})
}

func (s *distantRoom) rename(nick string) {
	if nick == takenNick {
		s.refuse(nick)
		return
	}
	former := gone(s.nick, statusSelf, statusRenamed)
	former.NewNick = nick
	s.nick = nick
	s.events = append(s.events, former, present(nick, statusSelf))
}

func (s *distantRoom) refuse(nick string) {
	from, _ := grenoble.WithResource(nick)
	s.events = append(s.events, im.PresenceFailed{On: im.On{Account: ana}, From: from, Err: im.Failure{Code: im.CodeNickTaken}})
}

// expel ends our visit, for a reason or by our own wish.
func (s *distantRoom) expel(codes ...int) {
	if s.in {
		s.in = false
		s.events = append(s.events, gone(s.nick, append(codes, statusSelf)...))
	}
}

func gone(nick string, codes ...int) im.OccupantChanged {
	e := present(nick, codes...)
	e.Present = false
	return e
}

// TestRoomAndClientAgree drives an impatient user and a slow room, and fails if, once all has arrived, the client shows us
// elsewhere than we are.
func TestRoomAndClientAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, s := newTestCore(), new(distantRoom)
		handle := func(in Input) {
			s.asked = append(s.asked, c.Handle(noon, in).Send...)
		}
		connection := func(state im.ConnState) {
			handle(Received{im.ConnectionChanged{On: im.On{Account: ana}, State: state, RetryIn: 1}})
		}
		hear := func() {
			e := s.events[0]
			s.events = s.events[1:]
			handle(Received{e})
		}
		handle(Woken{})
		connection(im.Connected)
		online := true
		commands := []Command{
			Join{Room: grenoble.String()}, Join{Room: grenoble.String()}, Join{Room: grenoble.String(), Nick: "Ana"},
			Join{Room: grenoble.String(), Nick: takenNick}, Part{}, Part{}, Close{}, ChangeNick{Nick: "anaïs"}, ChangeNick{Nick: takenNick},
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch n := rapid.IntRange(0, 9).Draw(t, "step"); {
			case n < 4:
				handle(Typed{rapid.SampledFrom(commands).Draw(t, "command")})
			case n < 6 && online && len(s.asked) > 0:
				s.serve()
			case n < 8 && online && len(s.events) > 0:
				hear()
			case n == 8:
				s.expel(statusKicked)
			case n == 9:
				state := im.Disconnected
				if !online {
					state = im.Resumed
				}
				online = !online
				connection(state)
			}
		}
		if !online {
			connection(im.Resumed)
		}
		for len(s.asked)+len(s.events) > 0 {
			if len(s.asked) > 0 {
				s.serve()
			} else {
				hear()
			}
		}
		r := c.roomAt(c.byJID[ana], grenoble)
		switch joined := r != nil && r.isJoined(); {
		case joined != s.in:
			t.Fatalf("we are in the room: %v; the client shows: %v", s.in, joined)
		case joined && r.nick != s.nick:
			t.Fatalf("we are called %q in the room, and %q in the client", s.nick, r.nick)
		}
	})
}
