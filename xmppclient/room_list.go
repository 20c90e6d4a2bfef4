package xmppclient

import (
	"cmp"
	"strconv"
	"strings"

	"traboule/im"
)

const nsRSM = "http://jabber.org/protocol/rsm" // XEP-0059

// listing is a ListRooms under way: page after page of the service's rooms, then the number of occupants of the first of
// them, all at once.
type listing struct {
	stanzas *stanzas
	service im.JID
	result  im.RoomsResult
	index   map[im.JID]int
	pages   int
	open    int // descriptions under way
	// told is set once a room's description gave a number of occupants, suffixed once it showed that this service puts
	// the number into the names of its list too.
	told, suffixed bool
}

func (s *stanzas) listRooms(r im.ListRooms) *query {
	l := &listing{stanzas: s, service: r.Service, index: map[im.JID]int{}}
	return l.page("")
}

// page asks for the rooms after one, the first ones for "".
func (l *listing) page(after string) *query {
	set := el(nsRSM, "set", textEl(nsRSM, "max", "100")).add(optionalText(nsRSM, "after", after))
	return &query{typ: "get", to: l.service, payload: el(nsDiscoItems, "query", set), answered: l.listed}
}

func (l *listing) listed(a answer) outcome {
	list := a.iq.kid(nsDiscoItems, "query")
	switch {
	case list == nil && l.pages > 0: // what came so far is better than nothing
		l.result.Cut = true
		return l.describe()
	case a.failure != nil:
		return failed(a.failure)
	case list == nil:
		return failed(&im.Failure{Code: im.CodeBadAnswer})
	}
	l.pages++
	before := len(l.result.Rooms)
	l.collect(list)
	last := list.kid(nsRSM, "set").kid(nsRSM, "last")
	if last == nil || len(l.result.Rooms) == before || l.isLast(list) {
		return l.describe()
	}
	if l.pages >= maxPages || len(l.result.Rooms) >= maxRooms {
		l.result.Cut = true
		return l.describe()
	}
	return outcome{ask: []*query{l.page(clip(last.text, maxText))}}
}

// isLast reports whether the service counts no more rooms than came.
func (l *listing) isLast(list *node) bool {
	set := list.kid(nsRSM, "set")
	n, err := strconv.Atoi(set.kidText(nsRSM, "count", maxText))
	return err == nil && n <= len(l.result.Rooms)
}

func (l *listing) collect(list *node) {
	for _, item := range list.kidsOf(nsDiscoItems, "item") {
		room, err := im.WireJID(item.attr("jid"))
		_, twice := l.index[room]
		if err != nil || twice || !isRoom(room) {
			continue
		}
		if len(l.result.Rooms) >= maxRooms {
			l.result.Cut = true
			return
		}
		l.index[room] = len(l.result.Rooms)
		info := im.RoomInfo{Room: room, Name: clip(item.attr("name"), maxText), Occupants: -1}
		l.result.Rooms = append(l.result.Rooms, info)
	}
}

// describe asks the first rooms for their number of occupants, or ends the listing if there is none to ask.
func (l *listing) describe() outcome {
	var o outcome
	for _, room := range l.result.Rooms[:min(len(l.result.Rooms), maxDescribed)] {
		o.ask = append(o.ask, discoInfo(room.Room, func(a answer) outcome { return l.described(room.Room, a) }))
	}
	l.open = len(o.ask)
	if l.open == 0 {
		return l.end()
	}
	return o
}

func (l *listing) described(room im.JID, a answer) outcome {
	if info := a.iq.kid(nsDiscoInfo, "query"); info != nil {
		l.stanzas.announce(room, discoFeatures(info))
		l.replace(&l.result.Rooms[l.index[room]], decodeRoomInfo(room, info))
	}
	if l.open--; l.open > 0 {
		return outcome{}
	}
	return l.end()
}

func (l *listing) replace(listed *im.RoomInfo, described im.RoomInfo) {
	if described.Occupants >= 0 {
		l.told = true
	}
	// A room without a title is listed under its local part, and described without a name.
	name, _, found := cutCount(listed.Name)
	switch {
	case found && name == cmp.Or(described.Name, listed.Room.Local()):
		l.suffixed, described.Name = true, name
	case described.Name == "":
		described.Name = listed.Name
	}
	*listed = described
}

// end takes the numbers out of the names of rooms that were not described, if this service puts them there.
func (l *listing) end() outcome {
	if !l.suffixed && l.told {
		return succeeded(l.result)
	}
	for i := range l.result.Rooms {
		r := &l.result.Rooms[i]
		if name, n, found := cutCount(r.Name); found && r.Occupants < 0 {
			r.Name, r.Occupants = name, n
		}
	}
	return succeeded(l.result)
}

// cutCount reads the "name (12)" and "name (private, 12)" of ejabberd.
func cutCount(listed string) (name string, occupants int, found bool) {
	start := strings.LastIndex(listed, " (")
	if start < 0 || !strings.HasSuffix(listed, ")") {
		return "", 0, false
	}
	inside := listed[start+2 : len(listed)-1]
	if comma := strings.LastIndex(inside, ", "); comma >= 0 {
		inside = inside[comma+2:]
	}
	n, err := strconv.ParseUint(inside, 10, 16)
	return listed[:start], int(n), err == nil
}
