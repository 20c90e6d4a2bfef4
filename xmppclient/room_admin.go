package xmppclient

import "traboule/im"

// setRole changes an occupant's role, by nickname (XEP-0045 §8).
func setRole(r im.SetRole) *query {
	item := el(nsMUCAdmin, "item").set("nick", r.Nick).set("role", roleNames()[min(r.Role, im.Moderator)])
	item.add(optionalText(nsMUCAdmin, "reason", r.Reason))
	return plain("set", r.Room.Bare(), el(nsMUCAdmin, "query", item))
}

// setAffiliation changes somebody's standing, by address (XEP-0045 §9).
func setAffiliation(r im.SetAffiliation) *query {
	item := el(nsMUCAdmin, "item").set("jid", r.JID.Bare().String()).set("affiliation", affiliationWord(r.Affiliation))
	item.add(optionalText(nsMUCAdmin, "reason", r.Reason))
	return plain("set", r.Room.Bare(), el(nsMUCAdmin, "query", item))
}

func affiliationWord(a im.Affiliation) string {
	return affiliationNames()[min(a, im.Owner)]
}

func listAffiliations(r im.ListAffiliations) *query {
	item := el(nsMUCAdmin, "item").set("affiliation", affiliationWord(r.Affiliation))
	return &query{
		typ: "get", to: r.Room.Bare(), payload: el(nsMUCAdmin, "query", item),
		answered: func(a answer) outcome {
			if a.failure != nil {
				return failed(a.failure)
			}
			return affiliationsAnswer(a.iq)
		},
	}
}

func affiliationsAnswer(iq *node) outcome {
	list := iq.kid(nsMUCAdmin, "query")
	if list == nil {
		return failed(&im.Failure{Code: im.CodeBadAnswer})
	}
	var result im.AffiliationsResult
	for _, item := range list.kidsOf(nsMUCAdmin, "item") {
		if len(result.Occupants) < maxContacts {
			result.Occupants = append(result.Occupants, decodeItem(item))
		}
	}
	return succeeded(result)
}

// unlockRoom accepts the default settings with an empty form (XEP-0045 §10.1.2).
func unlockRoom(r im.UnlockRoom) *query {
	form := el(nsForm, "x").set("type", "submit")
	return plain("set", r.Room.Bare(), el(nsMUCOwner, "query", form))
}

func destroyRoom(r im.DestroyRoom) *query {
	destroy := el(nsMUCOwner, "destroy").add(optionalText(nsMUCOwner, "reason", r.Reason))
	if !r.Alternate.IsZero() {
		destroy.set("jid", r.Alternate.String())
	}
	return plain("set", r.Room.Bare(), el(nsMUCOwner, "query", destroy))
}
