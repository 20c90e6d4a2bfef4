package core

import (
	"cmp"
	"slices"
	"strings"

	"traboule/im"
)

// contact is somebody in the roster.
type contact struct {
	jid       im.JID // bare
	item      im.RosterItem
	label     string // what to call them; clean
	resources []im.Presence
	// before is what resources were when the connection was lost, for a session that goes on in another (XEP-0198 §5): the
	// server tells then what has changed, and nothing else.
	before []im.Presence
	// missedIn is the session in which the user was last told that the contact cannot be reached.
	missedIn int
}

// title is what to call the contact; it is clean.
func (ct *contact) title() string { return ct.label }

// take takes over a roster item, which must be clean.
func (ct *contact) take(item im.RosterItem) {
	ct.item = item
	ct.label = item.Name
	if item.Name == "" || strings.Contains(item.Name, "@") { // no name may pass for the address of somebody else
		ct.label = CleanJID(ct.jid)
	}
}

// show tells how available the contact is, on the most available device.
func (ct *contact) show() im.Show {
	if len(ct.resources) == 0 {
		return im.Offline
	}
	return ct.resources[0].Show
}

// seesUs reports whether our server tells the contact our presence.
func (ct *contact) seesUs() bool {
	return ct != nil && (ct.item.Subscription == im.SubscriptionFrom || ct.item.Subscription == im.SubscriptionBoth)
}

// resource returns the presence of one device.
func (ct *contact) resource(full im.JID) (im.Presence, bool) {
	i := slices.IndexFunc(ct.resources, func(p im.Presence) bool { return p.From == full })
	if i < 0 {
		return im.Presence{}, false
	}
	return ct.resources[i], true
}

// see takes over the presence of one device, and keeps them with the most available first.
func (ct *contact) see(p im.Presence) {
	ct.resources = slices.DeleteFunc(ct.resources, func(o im.Presence) bool { return o.From == p.From })
	if p.From.IsBare() && p.Show == im.Offline {
		ct.resources = nil // the server speaks for all of them
	}
	if p.Show == im.Offline || len(ct.resources) >= maxResources {
		return
	}
	ct.resources = append(ct.resources, p)
	slices.SortStableFunc(ct.resources, func(a, b im.Presence) int {
		if n := cmp.Compare(b.Priority, a.Priority); n != 0 {
			return n
		}
		return cmp.Compare(b.Show, a.Show)
	})
}

func (conv *conversation) show() im.Show {
	if conv.contact == nil {
		return im.Offline
	}
	return conv.contact.show()
}

func (conv *conversation) status() string {
	if conv.contact == nil || len(conv.contact.resources) == 0 {
		return ""
	}
	return conv.contact.resources[0].Status
}

// resourceViews lists the devices of a contact, and those that have a session but show no presence.
func (c *Core) resourceViews(conv *conversation) []ResourceView {
	var views []ResourceView
	if conv.contact != nil {
		for _, p := range conv.contact.resources {
			views = append(views, ResourceView{JID: p.From, Show: p.Show, Status: p.Status, Priority: p.Priority})
		}
	}
	p := c.otrOf(conv)
	if p == nil || conv.kind != Person {
		return views
	}
	for _, s := range p.sessions {
		i := slices.IndexFunc(views, func(v ResourceView) bool { return v.JID == s.peer })
		if i < 0 {
			i, views = len(views), append(views, ResourceView{JID: s.peer})
		}
		views[i].Protection, views[i].Chosen = s.protection(), s == p.current
	}
	return views
}

func (c *Core) onPresence(a *account, p im.Presence) {
	if c.isRoom(a, p.From.Bare()) {
		return // rooms tell by OccupantChanged
	}
	ct := a.contacts[p.From.Bare()]
	if ct == nil {
		return // nobody asked for it
	}
	p.Status = CleanLine(p.Status)
	before, beforeStatus := ct.show(), ct.status()
	if old, found := ct.resource(p.From); found && old == p || !found && p.Show == im.Offline && len(ct.resources) == 0 {
		return
	}
	ct.see(p)
	c.fact(PresenceFact{Account: a.jid, From: p.From, Show: p.Show, Status: p.Status})
	c.touch(dirtyRows | dirtyPerson)

	conv := c.conversations[ConversationID{a.jid, ct.jid}]
	if conv == nil {
		return
	}
	conv.lockedTo = im.JID{}
	if p.Show == im.Offline {
		c.stopTyping(conv, p.From)
	}
	if ct.show() != before || ct.status() != beforeStatus {
		c.tellPresence(conv)
	}
}

// status is what the contact says on the most available device.
func (ct *contact) status() string {
	if len(ct.resources) == 0 {
		return ""
	}
	return ct.resources[0].Status
}

// told is the presence that was last told in a window.
type told struct {
	show   im.Show
	status string
}

// tellPresence says in a contact's window how available they are now, unless it said the same last.
func (c *Core) tellPresence(conv *conversation) {
	now := told{conv.show(), conv.status()}
	if now == conv.told {
		return
	}
	conv.told = now
	c.remark(conv.id, Notice{Code: NoticePresence, JID: conv.id.Peer, Nick: conv.name(), Show: conv.show(), Text: conv.status()})
}

// losePresence takes everybody for off line until the connection is back.
func (c *Core) losePresence(a *account) {
	for _, ct := range a.contacts {
		if len(ct.resources) > 0 {
			ct.before, ct.resources = ct.resources, nil
		}
	}
	for _, conv := range c.windows {
		if conv.account == a {
			conv.lockedTo = im.JID{}
			c.stopAllTyping(conv)
		}
	}
	c.touch(dirtyRows | dirtyPerson)
}

// forgetPresence takes everybody for off line, as a new session begins.
func (c *Core) forgetPresence(a *account) {
	c.losePresence(a)
	for _, ct := range a.contacts {
		ct.before = nil
	}
}

// recoverPresence takes up what was known when the connection was lost.
func (c *Core) recoverPresence(a *account) {
	for _, ct := range a.contacts {
		news := ct.resources
		ct.resources, ct.before = ct.before, nil
		for _, p := range news {
			ct.see(p)
		}
	}
	c.touch(dirtyRows | dirtyPerson)
}

// onContactUnreachable takes a presence that did not reach a contact, who then is off line as far as we can see. The user
// is told only while an answer is waited for, for servers that are gone for good refuse each presence at each login.
func (c *Core) onContactUnreachable(a *account, e im.PresenceFailed) {
	ct := a.contacts[e.From.Bare()]
	if ct == nil {
		return
	}
	if len(ct.resources) > 0 {
		c.onPresence(a, im.Presence{From: ct.jid})
	}
	if ct.item.Asked && ct.missedIn != a.session {
		ct.missedIn = a.session
		c.notifyFailure(ConversationID{a.jid, ct.jid}, Notice{Code: NoticeAddFailed, JID: ct.jid}, &e.Err)
	}
}
