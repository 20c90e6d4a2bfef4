package core

import (
	"slices"
	"strings"
	"time"

	"traboule/im"
)

// keepRosterAfter is how long changes of the roster are gathered before they are kept, so that a server that pushes a
// thousand of them does not make us write a thousand rosters.
const keepRosterAfter = time.Second

// onRoster takes the answer to the question for the roster.
func (c *Core) onRoster(a *account, d im.Done) {
	if d.Err != nil {
		c.notifyFailure(a.console.id, Notice{Code: NoticeRosterFailed}, d.Err)
		return
	}
	result, ok := d.Result.(im.RosterResult)
	if !ok {
		return
	}
	if result.Unchanged {
		c.tellRoster(a)
		return
	}
	c.replaceRoster(a, result)
	a.rosterVersion = result.Version
	c.keepRoster(a)
}

// tellRoster tells scripts the roster that is kept from earlier, once.
func (c *Core) tellRoster(a *account) {
	if a.session > 1 {
		return
	}
	for _, ct := range a.sorted() {
		c.fact(RosterFact{Account: a.jid, Item: ct.item})
	}
}

func (c *Core) replaceRoster(a *account, result im.RosterResult) {
	listed := make(map[im.JID]bool, len(result.Items))
	for _, item := range result.Items {
		listed[item.JID.Bare()] = true
	}
	for _, ct := range a.sorted() {
		if !listed[ct.jid] {
			c.dropContact(a, ct)
		}
	}
	for _, item := range result.Items {
		c.setContact(a, item)
	}
}

// setContact takes over one item of the roster and tells what changed. Our own address is no contact, though some clients
// put it there: its devices are ours.
func (c *Core) setContact(a *account, item im.RosterItem) {
	item = cleanItem(item)
	ct := a.contacts[item.JID]
	if ct != nil && sameItem(ct.item, item) {
		return
	}
	if ct == nil {
		if len(a.contacts) >= maxContacts || item.JID.IsZero() || item.JID == a.jid {
			return
		}
		ct = &contact{jid: item.JID}
		a.contacts[item.JID] = ct
		if conv := c.conversations[ConversationID{a.jid, item.JID}]; conv != nil && conv.kind == Person {
			conv.contact = ct
			c.welcome(conv)
		}
	}
	ct.take(item)
	c.tellPolicy(a, ct.jid)
	c.touch(dirtyRows | dirtyPerson)
	c.fact(RosterFact{Account: a.jid, Item: item})
}

// welcome takes a window off the count of those that strangers opened.
func (c *Core) welcome(conv *conversation) {
	if conv.uninvited {
		conv.uninvited = false
		conv.account.strangers--
	}
}

func (c *Core) dropContact(a *account, ct *contact) {
	delete(a.contacts, ct.jid)
	if conv := c.conversations[ConversationID{a.jid, ct.jid}]; conv != nil {
		conv.contact = nil
	}
	c.tellPolicy(a, ct.jid)
	c.touch(dirtyRows | dirtyPerson)
	c.fact(RosterFact{Account: a.jid, Item: im.RosterItem{JID: ct.jid}, Removed: true})
}

func (c *Core) onRosterChanged(a *account, e im.RosterChanged) {
	jid := e.Item.JID.Bare()
	if ct := a.contacts[jid]; e.Removed && ct != nil {
		c.dropContact(a, ct)
	} else if !e.Removed {
		c.setContact(a, e.Item)
	}
	if e.Version != "" {
		a.rosterVersion = e.Version
	}
	if a.keeping == nil {
		a.keeping = c.wakeAt(c.now.Add(keepRosterAfter), func() {
			a.keeping = nil
			c.keepRoster(a)
		})
	}
}

// keepRoster has the roster written where the profile allows it.
func (c *Core) keepRoster(a *account) {
	r := im.RosterRecord{Kept: im.Kept{Account: a.jid}, Version: a.rosterVersion, Items: a.rosterItems()}
	c.out.Keep = append(c.out.Keep, r)
}

// rosterItems returns the roster as far as it is known.
func (a *account) rosterItems() []im.RosterItem {
	var items []im.RosterItem
	for _, ct := range a.sorted() {
		items = append(items, ct.item)
	}
	return items
}

// sorted returns the contacts by name.
func (a *account) sorted() []*contact {
	list := make([]*contact, 0, len(a.contacts))
	for _, ct := range a.contacts {
		list = append(list, ct)
	}
	slices.SortFunc(list, func(x, y *contact) int {
		if n := strings.Compare(strings.ToLower(x.label), strings.ToLower(y.label)); n != 0 {
			return n
		}
		return strings.Compare(x.jid.String(), y.jid.String())
	})
	return list
}

// cleanItem makes a roster item fit to be shown.
func cleanItem(item im.RosterItem) im.RosterItem {
	item.JID = item.JID.Bare()
	if item.Name != "" {
		item.Name = CleanName(item.Name)
	}
	groups := make([]string, 0, min(len(item.Groups), maxGroups))
	for _, g := range item.Groups[:min(len(item.Groups), maxGroups)] {
		groups = append(groups, CleanName(g))
	}
	item.Groups = groups
	return item
}

func sameItem(a, b im.RosterItem) bool {
	return a.Name == b.Name && a.Subscription == b.Subscription && a.Asked == b.Asked && slices.Equal(a.Groups, b.Groups)
}

func (c *Core) doRoster() {
	a := c.needAccount()
	if a == nil {
		return
	}
	n := Notice{Code: NoticeRoster, JID: a.jid, Count: len(a.contacts)}
	for _, ct := range a.sorted() {
		n.List = append(n.List, Row{
			JID: ct.jid, Name: ct.label, Status: ct.status(), Show: ct.show(), Subscription: ct.item.Subscription,
		})
	}
	c.answer(n)
}

func (c *Core) doAdd(d Add) {
	a := c.needOnline()
	if a == nil {
		return
	}
	jid := d.JID.Bare()
	if jid == a.jid {
		c.refuse(Notice{Code: NoticeOwnAddress, JID: jid})
		return
	}
	item := im.SetRosterItem{For: c.by(a), JID: jid, Name: sendable(d.Name)}
	if ct := a.contacts[jid]; ct != nil {
		item.Groups = ct.item.Groups
		if item.Name == "" {
			item.Name = ct.item.Name
		}
	}
	failed := Notice{Code: NoticeAddFailed, JID: jid}
	where := c.where().id
	c.ask(item, func(done im.Done) {
		if done.Err != nil {
			c.notifyFailure(where, failed, done.Err)
			return
		}
		c.notify(where, Notice{Code: NoticeAdded, JID: jid, Text: CleanLine(d.Name)})
		c.try(im.Subscribe{For: c.by(a), JID: jid}, where, failed)
	})
}

func (c *Core) doRemove(d Remove) {
	a := c.needOnline()
	if a == nil {
		return
	}
	jid := d.JID.Bare()
	if a.contacts[jid] == nil {
		c.refuse(Notice{Code: NoticeNotInRoster, JID: jid})
		return
	}
	c.carry(im.RemoveRosterItem{For: c.by(a), JID: jid}, Notice{Code: NoticeRemoved, JID: jid}, Notice{Code: NoticeRemoveFailed, JID: jid})
}

// carry asks something of the network and says in the window where it was asked how it ended.
func (c *Core) carry(r im.Request, done, failed Notice) {
	where := c.where().id
	c.ask(r, func(d im.Done) {
		if d.Err != nil {
			c.notifyFailure(where, failed, d.Err)
			return
		}
		c.notify(where, done)
	})
}

// needAccount returns the account that a command is for, or says that there is none.
func (c *Core) needAccount() *account {
	a := c.currentAccount()
	if a == nil {
		c.refuse(Notice{Code: NoticeNoAccount})
	}
	return a
}

// needOnline returns the account that a command is for, or says that it is not connected.
func (c *Core) needOnline() *account {
	a := c.needAccount()
	if a != nil && !a.online() {
		c.refuseOffline(a)
		return nil
	}
	return a
}

// refuseOffline says that a command needs the connection of an account, and how far that has come.
func (c *Core) refuseOffline(a *account) {
	n := Notice{Code: NoticeNotConnected, JID: a.jid, State: a.view.State}
	if n.State == im.Disconnected && !a.view.RetryAt.IsZero() {
		n.State = im.Connecting // by itself, in a moment
	}
	c.refuse(n)
}
