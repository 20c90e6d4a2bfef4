package otr

import (
	"maps"
	"slices"
	"strings"

	"traboule/im"
)

// receive takes an event of a client. It is handed on at once, unless something before it has to be decrypted first: what one
// device says waits for what it said before, what happens in a room for the comings and goings of those it concerns, and a
// new login for everybody.
func (s *Stage) receive(e im.Event) {
	d := s.desks[e.Of()]
	switch {
	case d == nil:
		s.emit(e)
	case len(d.held) > 0 || isLogin(e) && d.working():
		d.held = append(d.held, e)
		s.wait(e, 1)
	default:
		s.order(d, e)
	}
}

// order hands an event on, or has it wait in its room.
func (s *Stage) order(d *desk, e im.Event) {
	room := d.room(e)
	if room.IsZero() || len(d.lanes[room]) == 0 && !d.concerned(e) {
		s.dispatch(d, e)
		return
	}
	d.lanes[room] = append(d.lanes[room], e)
	s.wait(e, 1)
}

// wait counts what waits, and what no longer does.
func (s *Stage) wait(e im.Event, n int) {
	s.waiting += n
	if m, is := e.(im.MessageReceived); is {
		s.weight += n * len(m.Message.Body)
	}
}

// release hands on what waited in rooms or for everybody, as far as it need not wait any longer.
func (s *Stage) release(d *desk) {
	for _, room := range slices.SortedFunc(maps.Keys(d.lanes), func(a, b im.JID) int { return strings.Compare(a.String(), b.String()) }) {
		s.releaseRoom(d, room)
	}
	for len(d.held) > 0 && !(isLogin(d.held[0]) && d.working()) {
		e := d.held[0]
		d.held = d.held[1:]
		s.wait(e, -1)
		s.order(d, e)
	}
}

func (s *Stage) releaseRoom(d *desk, room im.JID) {
	for len(d.lanes[room]) > 0 && !d.concerned(d.lanes[room][0]) {
		e := d.lanes[room][0]
		d.lanes[room] = d.lanes[room][1:]
		s.wait(e, -1)
		s.dispatch(d, e)
	}
	if len(d.lanes[room]) == 0 {
		delete(d.lanes, room)
	}
}

// working reports whether somebody's messages are not decrypted yet.
func (d *desk) working() bool { return d.busy > 0 || len(d.lanes) > 0 }

// isLogin reports whether an event begins a new session, in which nothing is left of the one before.
func isLogin(e im.Event) bool {
	c, is := e.(im.ConnectionChanged)
	return is && c.State == im.Connected
}

// room is the room in which something happens, zero for none.
func (d *desk) room(e im.Event) im.JID {
	var from im.JID
	switch e := e.(type) {
	case im.OccupantChanged:
		return e.Room
	case im.SubjectReceived:
		return e.Room
	case im.RoomConfigChanged:
		return e.Room
	case im.PresenceFailed:
		from = e.From
	default:
		from = sender(e)
	}
	if _, known := d.rooms[from.Bare()]; known {
		return from.Bare()
	}
	return im.JID{}
}

// sender is who says something, zero for what nobody says.
func sender(e im.Event) im.JID {
	switch e := e.(type) {
	case im.MessageReceived:
		return e.Message.From
	case im.MessageBounced:
		return e.From
	case im.ReceiptReceived:
		return e.From
	case im.ChatStateReceived:
		return e.From
	case im.PresenceReceived:
		return e.Presence.From
	}
	return im.JID{}
}

// concerned reports whether a coming or going is one of somebody whose messages are not decrypted yet. Whoever has the nick
// afterwards must not be taken for who wrote them.
func (d *desk) concerned(e im.Event) bool {
	o, is := e.(im.OccupantChanged)
	if !is {
		return false
	}
	for _, p := range d.peers {
		if p.busy && p.jid.Bare() == o.Room && (d.isOurs(o) || p.jid.Resource() == o.Occupant.Nick || p.jid.Resource() == o.NewNick) {
			return true
		}
	}
	return false
}

// isOurs reports whether a coming or going is our own. Old servers leave the code out when they throw somebody out.
func (d *desk) isOurs(e im.OccupantChanged) bool {
	return slices.Contains(e.Codes, codeSelf) || !e.Present && d.rooms[e.Room] == e.Occupant.Nick
}

// codeSelf stands on our own presence in a room (XEP-0045 §15.6).
const codeSelf = 110

// dispatch takes an event whose turn has come, but for what waits for one peer.
func (s *Stage) dispatch(d *desk, e im.Event) {
	switch e := e.(type) {
	case im.MessageReceived:
		s.hear(d, e)
	case im.ReceiptReceived, im.ChatStateReceived, im.MessageBounced, im.PresenceReceived:
		p := d.peers[sender(e)]
		if p == nil {
			s.follow(d, e)
			return
		}
		s.inTurn(p, 0, func() { s.follow(d, e) })
	case im.OccupantChanged:
		s.emit(e)
		s.occupant(d, e)
	case im.ConnectionChanged:
		s.emit(e)
		s.connection(d, e)
	case im.Done:
		s.ended(e)
	default:
		s.emit(e)
	}
}

// follow takes what somebody's device says beside texts.
func (s *Stage) follow(d *desk, e im.Event) {
	from := sender(e)
	p := d.peers[from]
	switch e := e.(type) {
	case im.MessageBounced:
		if p != nil && slices.Contains(p.stanzas, e.ID) {
			s.bounced(p) // core did not send it
			return
		}
	case im.ReceiptReceived:
		if p != nil && p.last != nil && p.last.request.Stanza == e.ID {
			p.last = nil // it was read
		}
	}
	s.emit(e)
	if e, is := e.(im.PresenceReceived); is {
		s.presence(d, e.Presence)
	}
}

// ended takes the end of a request: a text that went out encrypted is told to have.
func (s *Stage) ended(e im.Done) {
	if e.Request&ownRequest != 0 {
		return
	}
	if theirs, encrypted := s.sent[e.Request]; encrypted {
		delete(s.sent, e.Request)
		if e.Err == nil {
			e.Result = im.SentResult{Encryption: im.OTR, Theirs: theirs}
		}
	}
	if page, is := e.Result.(im.ArchiveResult); is {
		page.Messages = withoutTags(page.Messages)
		e.Result = page
	}
	s.emit(e)
}

// withoutTags takes the offers of OTR out of what an archive has: a text there is the one that was said, and one that is
// nothing but an offer tells people nothing.
func withoutTags(messages []im.ArchivedMessage) []im.ArchivedMessage {
	kept := make([]im.ArchivedMessage, 0, len(messages))
	for _, m := range messages {
		said := StripTags(m.Message.Body)
		if said == "" && m.Message.Body != "" {
			continue
		}
		m.Message.Body = said
		kept = append(kept, m)
	}
	return kept
}
