package core

import (
	"slices"
	"strconv"
	"strings"

	"traboule/im"
)

// roomVerbs are the events of rooms:
//
//	occupant ROOM NICK [gone] [AFFILIATION] [ROLE] and codes=N,N new= jid= id= status= actor= reason= destroyed= alternate=
//	subject ROOM NICK TEXT, config ROOM codes=N,N, refused ROOM/NICK CODE [TEXT]
//	invited ROOM FROM [direct] reason= password=, declined ROOM FROM reason=
func roomVerbs() map[string]verb {
	return map[string]verb{
		"occupant": func(s *script) im.Event { return s.occupant() },
		"subject": func(s *script) im.Event {
			return im.SubjectReceived{On: s.on(), Room: s.jid(), Nick: s.next(), Text: s.next()}
		},
		"config": func(s *script) im.Event { return im.RoomConfigChanged{On: s.on(), Codes: s.codes(), Room: s.jid()} },
		"refused": func(s *script) im.Event {
			return im.PresenceFailed{On: s.on(), From: s.jid(), Err: im.Failure{Code: im.Code(s.next()), Text: s.next()}}
		},
		"invited": func(s *script) im.Event {
			return im.InvitationReceived{
				On: s.on(), Direct: s.flag("direct"), Reason: s.value("reason", ""), Password: s.value("password", ""),
				Room: s.jid(), From: s.jid(),
			}
		},
		"declined": func(s *script) im.Event {
			return im.InvitationDeclined{On: s.on(), Reason: s.value("reason", ""), Room: s.jid(), From: s.jid()}
		},
	}
}

func (s *script) occupant() im.Event {
	e := im.OccupantChanged{
		On: s.on(), Present: !s.flag("gone"), NewNick: s.value("new", ""), Codes: s.codes(),
		Actor: s.value("actor", ""), Reason: s.value("reason", ""),
	}
	destroyed, alternate := s.value("destroyed", "-"), s.wire(s.value("alternate", ""))
	if destroyed != "-" {
		e.Destroyed = &im.Destruction{Reason: destroyed, Alternate: alternate}
	}
	o := &e.Occupant
	o.JID, o.ID, o.Status = s.wire(s.value("jid", "")), s.value("id", ""), s.value("status", "")
	e.Room, o.Nick = s.jid(), s.next()
	if e.Present {
		o.Role, o.Show = im.Participant, im.Online
	}
	for word := s.next(); word != ""; word = s.next() {
		if i := slices.Index([]string{"none", "outcast", "member", "admin", "owner"}, word); i >= 0 {
			o.Affiliation = im.Affiliation(i)
		} else {
			o.Role = im.Role(max(0, slices.Index([]string{"", "visitor", "participant", "moderator"}, word)))
		}
	}
	return e
}

func (s *script) codes() []int {
	var codes []int
	for _, word := range strings.FieldsFunc(s.value("codes", ""), func(r rune) bool { return r == ',' }) {
		code, err := strconv.Atoi(word)
		if err != nil {
			s.t.Fatal(err)
		}
		codes = append(codes, code)
	}
	return codes
}

// roomResult reads the results of requests about rooms: "service JID", "rooms [cut] JID=NAME=COUNT...", "info NAME FLAG..." and
// "affiliations JID=NICK...".
func roomResult(s *script) im.Result {
	switch {
	case s.flag("service"):
		return im.RoomServiceResult{Service: s.jid()}
	case s.flag("rooms"):
		r := im.RoomsResult{Cut: s.flag("cut")}
		for len(s.words) > 0 {
			parts := strings.Split(s.next(), "=")
			count, _ := strconv.Atoi(parts[2])
			r.Rooms = append(r.Rooms, im.RoomInfo{Room: s.wire(parts[0]), Name: parts[1], Occupants: count})
		}
		return r
	case s.flag("info"):
		r := im.RoomInfoResult{Info: im.RoomInfo{Name: s.next()}}
		for len(s.words) > 0 {
			r.Info.Flags = append(r.Info.Flags, im.RoomFlag(s.next()))
		}
		return r
	case s.flag("affiliations"):
		var r im.AffiliationsResult
		for len(s.words) > 0 {
			jid, nick, _ := strings.Cut(s.next(), "=")
			r.Occupants = append(r.Occupants, im.Occupant{JID: s.wire(jid), Nick: nick, Affiliation: im.Member})
		}
		return r
	}
	return nil
}
