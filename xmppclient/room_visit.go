package xmppclient

import (
	"strconv"
	"time"

	"traboule/im"
)

// occupant is the address of a nickname in a room.
func occupant(room im.JID, nick string) (im.JID, *im.Failure) {
	j, err := room.Bare().WithResource(nick)
	if err != nil {
		return im.JID{}, &im.Failure{Code: im.CodeRefused, Condition: "jid-malformed", Detail: clip(nick, maxText)}
	}
	return j, nil
}

// joinRoom enters a room (XEP-0045 §7.2).
func (s *stanzas) joinRoom(r im.JoinRoom) (*node, *im.Failure) {
	to, failure := occupant(r.Room, r.Nick)
	if failure != nil {
		return nil, failure
	}
	n := s.available(to, r.Show, r.Status).add(joinElement(r))
	if _, failure := n.written(); failure != nil {
		return nil, failure
	}
	s.rooms[r.Room.Bare()] = &visit{nick: r.Nick, show: r.Show, status: r.Status}
	return n, nil
}

func joinElement(r im.JoinRoom) *node {
	history := el(nsMUC, "history").set("maxstanzas", strconv.Itoa(max(r.History, 0)))
	if !r.Since.IsZero() {
		history.set("since", r.Since.UTC().Format(time.RFC3339))
	}
	return el(nsMUC, "x", history).add(optionalText(nsMUC, "password", r.Password))
}

func leaveRoom(r im.LeaveRoom) (*node, *im.Failure) {
	to, failure := occupant(r.Room, r.Nick)
	if failure != nil {
		return nil, failure
	}
	return stanza("presence", to, "unavailable", "").add(optionalText(nsClient, "status", r.Text)), nil
}

// changeNick asks for another nickname. The presence replaces the one the room has of us, so it says the same.
func (s *stanzas) changeNick(r im.ChangeNick) (*node, *im.Failure) {
	to, failure := occupant(r.Room, r.Nick)
	if failure != nil {
		return nil, failure
	}
	v := s.rooms[r.Room.Bare()]
	if v == nil {
		v = &visit{show: im.Online}
	}
	return s.available(to, v.show, v.status), nil
}

func (s *stanzas) setSubject(r im.SetSubject) *node {
	return stanza("message", r.Room.Bare(), "groupchat", s.ids()).add(textEl(nsClient, "subject", r.Text))
}

// pingRoom asks whether we are still in a room by pinging ourselves there.
func pingRoom(r im.PingRoom) (*query, *im.Failure) {
	to, failure := occupant(r.Room, r.Nick)
	if failure != nil {
		return nil, failure
	}
	return &query{typ: "get", to: to, payload: el(nsPing, "ping"), answered: roomPinged}, nil
}

// roomPinged judges as XEP-0410 §3.2 asks: the errors of a client that does not answer pings come from somebody who is in
// the room. Nobody of that name (item-not-found) can be a nickname that just changed, or a room that is gone.
func roomPinged(a answer) outcome {
	if a.failure == nil {
		return succeeded(nil)
	}
	switch a.failure.Condition {
	case "service-unavailable", "feature-not-implemented":
		return succeeded(nil)
	}
	switch a.failure.Code {
	case im.CodeTimeout, im.CodeServiceGone, im.CodeItemNotFound:
		return failed(a.failure)
	}
	out := *a.failure
	out.Code = im.CodeNotAcceptable
	return failed(&out)
}
