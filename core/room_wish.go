package core

import (
	"slices"

	"traboule/im"
)

// wish is a room that the user wants to enter and named without its service, which the account's server has to tell.
type wish struct {
	asked *conversation // where the user wished it
	join  Join
}

// joinByName enters a room whose service the account's server has to name; without a connection it waits for one.
func (c *Core) joinByName(a *account, w wish) {
	switch {
	case a.online():
		c.findService(a, w)
	case a.wanted:
		c.waitWith(a, w)
		c.notify(c.here(w.asked), Notice{Code: NoticeRoomLater, Text: CleanLine(w.join.Room)})
	default:
		c.failWish(w, a.whyDown())
	}
}

// findService asks for the service of the room that is wished.
func (c *Core) findService(a *account, w wish) {
	session := a.session
	c.withService(a, func(service im.JID, err *im.Failure) {
		switch {
		case err == nil:
			c.grant(a, w, service)
		case !a.wanted || !isOutage(im.Done{Err: err}) || err.Code == im.CodeTimeout:
			c.noService(w.asked, w.join.Room, err)
		case a.session != session && a.online():
			c.joinByName(a, w)
		default:
			c.waitWith(a, w) // not asked again at once: that the connection is gone may be known below before it is here
		}
	})
}

// grant enters a room by the service that has been found. It goes there if the user still is where they wished it.
func (c *Core) grant(a *account, w wish, service im.JID) {
	jid, err := im.ParseJID(w.join.Room + "@" + service.Domain())
	if err != nil {
		c.notify(c.here(w.asked), Notice{Code: NoticeBadRoom, Level: Error, Text: CleanLine(w.join.Room)})
		return
	}
	stayed := c.current == w.asked
	r := c.openRoom(a, jid)
	if stayed {
		c.show(r.conversation)
	}
	c.admit(r, w.join.Nick, w.join.Password)
}

// waitWith keeps a wish until the account is connected, instead of an earlier one for the same room.
func (c *Core) waitWith(a *account, w wish) {
	a.wishes = slices.DeleteFunc(a.wishes, func(o wish) bool { return o.join.Room == w.join.Room })
	a.wishes = append(a.wishes, w)
}

// grantWishes carries out what waited for the connection.
func (c *Core) grantWishes(a *account) {
	waiting := a.wishes
	a.wishes = nil
	for _, w := range waiting {
		c.joinByName(a, w)
	}
}

// failWishes tells what will not be carried out, as the account will not connect by itself.
func (c *Core) failWishes(a *account) {
	waiting := a.wishes
	a.wishes = nil
	for _, w := range waiting {
		c.failWish(w, a.whyDown())
	}
}

func (c *Core) failWish(w wish, err *im.Failure) {
	c.notifyFailure(c.here(w.asked), Notice{Code: NoticeRoomFailed, Text: CleanLine(w.join.Room)}, err)
}
