package xmppclient

import (
	"time"

	"traboule/im"
)

// encode turns a request into stanzas. If waits is set, its im.Done comes out of receive, expire or abort; otherwise the
// caller ends it when the stanzas are on their way. With a failure nothing is to be sent and nothing waits.
func (s *stanzas) encode(now time.Time, r im.Request) (out [][]byte, waits bool, failure *im.Failure) {
	q, failure := s.query(r)
	if failure != nil {
		return nil, false, failure
	}
	if q != nil {
		out, failure = s.ask(now, q)
		return out, failure == nil, failure
	}
	n, failure := s.stanza(r)
	if failure != nil {
		return nil, false, failure
	}
	if n.name.Local == "message" && n.attr("to") == "" {
		return nil, false, unsendable()
	}
	stanza, failure := n.written()
	if failure != nil {
		return nil, false, failure
	}
	return [][]byte{stanza}, false, nil
}

// written is a stanza of ours as bytes, if a server will take it.
func (n *node) written() ([]byte, *im.Failure) {
	if !n.sendable() {
		return nil, unsendable()
	}
	b := n.bytes()
	if len(b) > maxSent {
		return nil, &im.Failure{Code: im.CodeTooLarge}
	}
	return b, nil
}

// unsendable is for a request with an address or an id that XML cannot carry.
func unsendable() *im.Failure {
	return &im.Failure{Code: im.CodeRefused, Condition: "jid-malformed"}
}

// query makes the IQ for a request that one answers, or nil for the others.
func (s *stanzas) query(r im.Request) (*query, *im.Failure) {
	q, failure := s.queryOf(r)
	if q != nil {
		q.request = r.Number()
	}
	return q, failure
}

func (s *stanzas) queryOf(r im.Request) (*query, *im.Failure) {
	switch r := r.(type) {
	case im.FetchRoster:
		return s.fetchRoster(r), nil
	case im.EnableCarbons:
		return enableCarbons(), nil
	case im.DisableCarbons:
		return disableCarbons(), nil
	case im.SetRosterItem:
		return setRosterItem(r), nil
	case im.RemoveRosterItem:
		return removeRosterItem(r), nil
	case im.Block:
		return blockQuery("block", r.JID), nil
	case im.Unblock:
		return blockQuery("unblock", r.JID), nil
	case im.FetchBlocklist:
		return fetchBlocklist(), nil
	case im.FindRoomService:
		return s.findRoomService(), nil
	case im.ListRooms:
		return s.listRooms(r), nil
	case im.DescribeRoom:
		return s.describeRoom(r), nil
	case im.UnlockRoom:
		return unlockRoom(r), nil
	case im.PingRoom:
		return pingRoom(r)
	case im.SetRole:
		return setRole(r), nil
	case im.SetAffiliation:
		return setAffiliation(r), nil
	case im.ListAffiliations:
		return listAffiliations(r), nil
	case im.DestroyRoom:
		return destroyRoom(r), nil
	case im.FetchArchive:
		return s.fetchArchive(r)
	case im.FetchBookmarks:
		return s.fetchBookmarks()
	case im.SetBookmark:
		return s.setBookmark(r)
	}
	return nil, nil
}

// stanza makes the message or presence for a request that no answer ends.
func (s *stanzas) stanza(r im.Request) (*node, *im.Failure) {
	switch r := r.(type) {
	case im.SetPresence:
		return s.setPresence(r)
	case im.SendMessage:
		return s.sendMessage(r)
	case im.SendReceipt:
		return s.sendReceipt(r), nil
	case im.SendChatState:
		return s.sendChatState(r), nil
	case im.Subscribe:
		return subscriptionStanza("subscribe", r.JID), nil
	case im.Approve:
		return subscriptionStanza("subscribed", r.JID), nil
	case im.Refuse:
		return subscriptionStanza("unsubscribed", r.JID), nil
	case im.JoinRoom:
		return s.joinRoom(r)
	case im.LeaveRoom:
		return leaveRoom(r)
	case im.ChangeNick:
		return s.changeNick(r)
	case im.SetSubject:
		return s.setSubject(r), nil
	case im.Invite:
		return s.invite(r), nil
	case im.DeclineInvitation:
		return s.declineInvitation(r), nil
	}
	return nil, &im.Failure{Code: im.CodeRefused, Detail: "not for the wire"}
}
