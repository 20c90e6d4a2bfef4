package xmppclient

import "traboule/im"

const nsRoster = "jabber:iq:roster" // RFC 6121 §2

// receiveRosterPush takes a roster push. Only our own server may send one, in the name of our account (RFC 6121 §2.1.6).
func (s *stanzas) receiveRosterPush(from im.JID, iq *node) received {
	if from != s.own {
		return s.refusePush(from, iq)
	}
	query := iq.kids[0]
	if len(query.kids) != 1 || !query.kids[0].is(nsRoster, "item") {
		return s.brokenPush(from, iq)
	}
	item, found := decodeRosterItem(query.kids[0])
	if !found {
		return s.brokenPush(from, iq)
	}
	removed := query.kids[0].attr("subscription") == "remove"
	if removed {
		item.Subscription = im.SubscriptionNone
	}
	s.watch(item)
	return received{
		send:   [][]byte{reply(iq, nil)},
		events: []im.Event{im.RosterChanged{On: s.on(), Item: item, Removed: removed, Version: clip(query.attr("ver"), maxID)}},
	}
}

// watch remembers whether a contact sees our presence.
func (s *stanzas) watch(item im.RosterItem) {
	sees := item.Subscription == im.SubscriptionFrom || item.Subscription == im.SubscriptionBoth
	if !sees {
		delete(s.watchers, item.JID)
	} else if len(s.watchers) < maxContacts {
		s.watchers[item.JID] = true
	}
}

func decodeRosterItem(n *node) (im.RosterItem, bool) {
	j, err := im.WireJID(n.attr("jid"))
	if err != nil {
		return im.RosterItem{}, false
	}
	item := im.RosterItem{
		JID:          j.Bare(),
		Name:         clip(n.attr("name"), maxText),
		Subscription: subscription(n.attr("subscription")),
		Asked:        n.attr("ask") == "subscribe",
	}
	for _, g := range n.kidsOf(nsRoster, "group") {
		if g.text != "" && len(item.Groups) < maxGroups {
			item.Groups = append(item.Groups, clip(g.text, maxText))
		}
	}
	return item, true
}

func subscription(word string) im.Subscription {
	switch word {
	case "to":
		return im.SubscriptionTo
	case "from":
		return im.SubscriptionFrom
	case "both":
		return im.SubscriptionBoth
	}
	return im.SubscriptionNone
}

// fetchRoster asks for the roster (RFC 6121 §2.1.3). The version is always sent: an empty one asks the server to number
// its rosters, and a server that knows no versions ignores it.
func (s *stanzas) fetchRoster(r im.FetchRoster) *query {
	payload := el(nsRoster, "query").set("ver", r.Version)
	return &query{typ: "get", payload: payload, answered: func(a answer) outcome {
		if a.failure != nil {
			return failed(a.failure)
		}
		return s.rosterAnswer(r, a.iq)
	}}
}

func (s *stanzas) rosterAnswer(r im.FetchRoster, iq *node) outcome {
	query := iq.kid(nsRoster, "query")
	if query == nil && r.Version != "" {
		for _, item := range r.Items {
			s.watch(item)
		}
		return succeeded(im.RosterResult{Version: r.Version, Unchanged: true})
	}
	if query == nil {
		return failed(&im.Failure{Code: im.CodeBadAnswer})
	}
	result := im.RosterResult{Version: clip(query.attr("ver"), maxID)}
	seen := map[im.JID]bool{}
	clear(s.watchers)
	for _, n := range query.kidsOf(nsRoster, "item") {
		item, found := decodeRosterItem(n)
		if !found || seen[item.JID] || len(result.Items) >= maxContacts {
			continue
		}
		seen[item.JID] = true
		s.watch(item)
		result.Items = append(result.Items, item)
	}
	return succeeded(result)
}

func setRosterItem(r im.SetRosterItem) *query {
	item := el(nsRoster, "item").set("jid", r.JID.Bare().String()).setIf("name", r.Name)
	for _, g := range r.Groups {
		item.add(optionalText(nsRoster, "group", g))
	}
	return plain("set", im.JID{}, el(nsRoster, "query", item))
}

func removeRosterItem(r im.RemoveRosterItem) *query {
	item := el(nsRoster, "item").set("jid", r.JID.Bare().String()).set("subscription", "remove")
	return plain("set", im.JID{}, el(nsRoster, "query", item))
}
