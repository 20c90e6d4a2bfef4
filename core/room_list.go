package core

import "traboule/im"

// withService finds the room service of an account's server, once; then gets it, or why there is none.
func (c *Core) withService(a *account, then func(im.JID, *im.Failure)) {
	if !a.roomService.IsZero() {
		then(a.roomService, nil)
		return
	}
	c.ask(im.FindRoomService{For: c.by(a)}, func(d im.Done) {
		result, ok := d.Result.(im.RoomServiceResult)
		switch {
		case d.Err != nil:
			then(im.JID{}, d.Err)
		case !ok || result.Service.IsZero():
			then(im.JID{}, &im.Failure{Code: im.CodeItemNotFound})
		default:
			a.roomService = result.Service.DomainJID()
			then(a.roomService, nil)
		}
	})
}

// noService says that no room service was found; the failure tells nothing more if there is none.
func (c *Core) noService(asked *conversation, typed string, err *im.Failure) {
	n := Notice{Code: NoticeNoRoomService, Level: Error, Text: CleanLine(typed)}
	if err.Code != im.CodeItemNotFound {
		n.Err = cleanFailure(err)
	}
	c.notify(c.here(asked), n)
}

// doRooms lists the public rooms of a service.
func (c *Core) doRooms(d Rooms) {
	a := c.needOnline()
	if a == nil {
		return
	}
	asked := c.where()
	if !d.Service.IsZero() {
		c.listRooms(a, d.Service, asked)
		return
	}
	c.withService(a, func(service im.JID, err *im.Failure) {
		if err != nil {
			c.noService(asked, "", err)
			return
		}
		c.listRooms(a, service, asked)
	})
}

func (c *Core) listRooms(a *account, service im.JID, asked *conversation) {
	c.ask(im.ListRooms{For: c.by(a), Service: service}, func(d im.Done) {
		result, ok := d.Result.(im.RoomsResult)
		switch {
		case d.Err != nil:
			c.notifyFailure(c.here(asked), Notice{Code: NoticeRoomsFailed, JID: service}, d.Err)
			return
		case !ok:
			c.notifyFailure(c.here(asked), Notice{Code: NoticeRoomsFailed, JID: service}, &im.Failure{Code: im.CodeBadAnswer})
			return
		}
		n := Notice{Code: NoticeRooms, JID: service}
		for _, info := range result.Rooms[:min(len(result.Rooms), maxListed)] {
			n.List = append(n.List, Row{JID: info.Room, Name: CleanLine(info.Name), Count: info.Occupants})
		}
		n.Count = len(n.List)
		c.notify(c.here(asked), n)
		if result.Cut || len(result.Rooms) > maxListed {
			c.notify(c.here(asked), Notice{Code: NoticeRoomsCut, Level: Warn, JID: service, Count: n.Count})
		}
	})
}

// doNames lists the occupants of the current room.
func (c *Core) doNames() {
	r := c.currentRoom()
	if r == nil {
		return
	}
	n := Notice{Code: NoticeNames, Room: r.jid(), Count: len(r.present.byNick)}
	for _, o := range r.present.inOrder() {
		if len(n.List) == maxListed {
			break
		}
		n.List = append(n.List, Row{
			JID: o.JID, Name: o.name, Status: o.Status, Show: o.Show, Affiliation: o.Affiliation, Role: o.Role,
		})
	}
	c.answer(n)
}
