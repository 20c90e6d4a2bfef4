package xmppclient

import "traboule/im"

// announcement is what a room, or our own account's server, told of the ids that it gives and of what else it does.
type announcement struct{ stanzaIDs, occupantIDs, archive, bookmarks bool }

// lacks reports whether a room told us what it can do, and this was not in it: then anybody could have put it there.
func (s *stanzas) lacks(room im.JID, which func(announcement) bool) bool {
	a, asked := s.announced[room]
	return asked && !which(a)
}

func (s *stanzas) announce(who im.JID, features map[string]bool) announcement {
	a := announcement{
		stanzaIDs:   features[nsStanzaID] || features[nsMAM], // the archive gives them (XEP-0313 §5.1.1)
		occupantIDs: features[nsOccupantID],
		archive:     features[nsMAM],
		// Without the first, clients that know only the older ways would not see them (XEP-0402 §6), and without the second
		// others might.
		bookmarks: features[nsBookmarks+"#compat"] && features[publishOptions],
	}
	if _, known := s.announced[who]; known || len(s.announced) < maxAnnounced || who == s.own {
		s.announced[who] = a
	}
	return a
}

// depending gives the query that depends on what somebody can do, after the question what that is if it is not known.
func (s *stanzas) depending(on im.JID, next func(announcement) (*query, *im.Failure)) (*query, *im.Failure) {
	if a, known := s.announced[on]; known {
		return next(a)
	}
	return discoInfo(on, func(a answer) outcome {
		if a.failure != nil {
			return failed(a.failure)
		}
		info := a.iq.kid(nsDiscoInfo, "query")
		if info == nil {
			return failed(&im.Failure{Code: im.CodeBadAnswer})
		}
		q, failure := next(s.announce(on, discoFeatures(info)))
		if failure != nil {
			return failed(failure)
		}
		return outcome{ask: []*query{q}}
	}), nil
}

// discoInfo asks somebody what they can do (XEP-0030 §3.1).
func discoInfo(to im.JID, answered func(answer) outcome) *query {
	return &query{typ: "get", to: to, payload: el(nsDiscoInfo, "query"), answered: answered}
}

func discoFeatures(info *node) map[string]bool {
	features := map[string]bool{}
	for _, f := range info.kidsOf(nsDiscoInfo, "feature") {
		features[f.attr("var")] = true
	}
	return features
}
