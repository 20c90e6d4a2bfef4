package xmppclient

import "traboule/im"

const nsBlocking = "urn:xmpp:blocking" // XEP-0191

// receiveBlocklistPush takes a change of the block list. Only our own server may send one (XEP-0191 §3.3).
func (s *stanzas) receiveBlocklistPush(from im.JID, iq *node) received {
	if from != s.own {
		return s.refusePush(from, iq)
	}
	change := iq.kids[0]
	blocked := change.name.Local == "block"
	jids, whole := decodeBlockItems(change)
	if !blocked && change.name.Local != "unblock" || !whole || blocked && len(jids) == 0 {
		return s.brokenPush(from, iq)
	}
	return received{
		send:   [][]byte{reply(iq, nil)},
		events: []im.Event{im.BlocklistChanged{On: s.on(), JIDs: jids, Blocked: blocked}},
	}
}

// decodeBlockItems reads the addresses and tells whether all were readable: an unblock of nothing means of all, so an
// unreadable one must not look like nothing.
func decodeBlockItems(list *node) (jids []im.JID, whole bool) {
	whole = true
	for _, n := range list.kidsOf(nsBlocking, "item") {
		j, err := im.WireJID(n.attr("jid"))
		if err != nil || len(jids) >= maxContacts {
			whole = false
			continue
		}
		jids = append(jids, j)
	}
	return jids, whole
}

func blockQuery(verb string, j im.JID) *query {
	item := el(nsBlocking, "item").set("jid", j.String())
	return plain("set", im.JID{}, el(nsBlocking, verb, item))
}

func fetchBlocklist() *query {
	return &query{typ: "get", payload: el(nsBlocking, "blocklist"), answered: func(a answer) outcome {
		if a.failure != nil {
			return failed(a.failure)
		}
		list := a.iq.kid(nsBlocking, "blocklist")
		if list == nil {
			return failed(&im.Failure{Code: im.CodeBadAnswer})
		}
		jids, _ := decodeBlockItems(list)
		return succeeded(im.BlocklistResult{JIDs: jids})
	}}
}
