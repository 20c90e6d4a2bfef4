package xmppclient

import "traboule/im"

// search is a FindRoomService under way: what the server lists is asked what it is, all at once, and the first in the
// server's order that is a room service is taken.
type search struct {
	services []im.JID
	findings []finding
}

type finding uint8

const (
	unanswered finding = iota
	otherService
	roomService
)

func (s *stanzas) findRoomService() *query {
	f := &search{}
	return &query{typ: "get", to: s.own.DomainJID(), payload: el(nsDiscoItems, "query"), answered: f.listed}
}

func (f *search) listed(a answer) outcome {
	if a.failure != nil {
		return failed(a.failure)
	}
	list := a.iq.kid(nsDiscoItems, "query")
	if list == nil {
		return failed(&im.Failure{Code: im.CodeBadAnswer})
	}
	var o outcome
	for _, item := range list.kidsOf(nsDiscoItems, "item") {
		service, err := im.WireJID(item.attr("jid"))
		if err != nil || service.Local() != "" || len(f.services) >= maxServices {
			continue
		}
		i := len(f.services)
		f.services = append(f.services, service)
		o.ask = append(o.ask, discoInfo(service, func(a answer) outcome { return f.described(i, a) }))
	}
	f.findings = make([]finding, len(f.services))
	if len(o.ask) == 0 {
		return failed(noRoomService())
	}
	return o
}

func (f *search) described(i int, a answer) outcome {
	f.findings[i] = otherService
	if info := a.iq.kid(nsDiscoInfo, "query"); info != nil && isRoomService(info) {
		f.findings[i] = roomService
	}
	for i, v := range f.findings {
		switch v {
		case unanswered:
			return outcome{}
		case roomService:
			return succeeded(im.RoomServiceResult{Service: f.services[i]})
		}
	}
	return failed(noRoomService())
}

// isRoomService tells a service with rooms from the gateways to other networks, which offer conferences too.
func isRoomService(info *node) bool {
	for _, n := range info.kidsOf(nsDiscoInfo, "identity") {
		if n.attr("category") == "conference" && n.attr("type") == "text" {
			return discoFeatures(info)[nsMUC]
		}
	}
	return false
}

func noRoomService() *im.Failure {
	return &im.Failure{Code: im.CodeItemNotFound, Detail: "room service"}
}
