package core

import (
	"slices"
	"strings"

	"traboule/im"
)

// dirty marks parts of the View that are to be made anew.
type dirty uint8

const (
	dirtyAccounts dirty = 1 << iota
	dirtyRows
	dirtyQuestions
	dirtyPerson // the resources and the typing of the person on screen
)

// viewCache is what the last View was made of; none of it may be changed, for front ends read it.
type viewCache struct {
	dirty     dirty
	accounts  []AccountView
	rows      []ConversationView
	questions []Question
	person    *conversation // that resources and typing belong to
	resources []ResourceView
	typing    []string
}

func (c *Core) touch(d dirty) { c.cache.dirty |= d }

// View returns the state as a value. It costs little when little has changed.
func (c *Core) View() View {
	d := c.cache.dirty
	if d&dirtyAccounts != 0 || c.cache.accounts == nil {
		c.cache.accounts = c.accountViews()
	}
	if d&dirtyRows != 0 {
		c.cache.rows = c.rowViews()
	}
	if d&dirtyQuestions != 0 {
		c.cache.questions = slices.Clone(c.questions)
	}
	c.cache.dirty &= dirtyPerson
	v := View{
		Accounts:      c.cache.accounts,
		Conversations: c.cache.rows,
		Current:       c.windowView(),
		Questions:     c.cache.questions,
		KeepsDrafts:   c.disclose[KeepDrafts],
		Privacy:       c.privacyView(),
		Tor:           c.tor.now,
		Quit:          c.quit.over,
		Panic:         c.quit.panicking,
		Status:        c.status(),
		Unsent:        c.quit.unsent,
		Unheard:       c.quit.unheard,
		Search:        c.search.view,
	}
	if c.confinement != nil {
		v.Confinement = *c.confinement
	}
	return v
}

func (c *Core) accountViews() []AccountView {
	views := make([]AccountView, 0, len(c.accounts))
	for _, a := range c.accounts {
		views = append(views, a.view)
	}
	return views
}

// rowViews lists the windows, and below them the contacts without one.
func (c *Core) rowViews() []ConversationView {
	rows := make([]ConversationView, 0, len(c.windows))
	for _, conv := range c.listed() {
		rows = append(rows, c.row(conv))
	}
	opened := len(rows)
	for _, a := range c.accounts {
		for _, ct := range a.contacts {
			id := ConversationID{a.jid, ct.jid}
			if c.conversations[id] == nil {
				rows = append(rows, ConversationView{
					ID: id, Kind: Person, Name: ct.title(), Show: ct.show(), Closed: true, Protection: c.protection(id),
				})
			}
		}
	}
	slices.SortFunc(rows[opened:], func(a, b ConversationView) int {
		if n := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); n != 0 {
			return n
		}
		return strings.Compare(a.ID.Peer.String()+a.ID.Account.String(), b.ID.Peer.String()+b.ID.Account.String())
	})
	return rows
}

func (c *Core) row(conv *conversation) ConversationView {
	v := ConversationView{
		ID: conv.id, Window: conv.window, Kind: conv.kind, Name: conv.name(), Unread: conv.unread, Mentions: conv.mentions,
		Protection: c.protection(conv.id),
	}
	switch conv.kind {
	case Room:
		v.Joined = conv.room.isJoined()
	case Person:
		v.Show = conv.show()
		v.Asking = c.asking(conv.id)
	case Occupant:
		v.Show = c.occupantShow(conv)
	}
	return v
}

func (c *Core) windowView() Window {
	conv := c.current
	w := Window{
		ConversationView: c.row(conv),
		Account:          conv.id.Account,
		Log:              conv.log,
		ReadUpTo:         conv.readUpTo,
		Draft:            c.drafts[conv.id],
		Older:            c.olderState(conv),
		OlderErr:         conv.older.err,
		History:          c.historyPolicy(conv.id),
	}
	switch conv.kind {
	case Room:
		conv.room.fill(&w)
	case Person:
		w.Status = conv.status()
	}
	if s := c.otrSession(conv); s != nil {
		w.OTRVersion = s.version
	}
	w.NeverOTR = (conv.kind == Person || conv.kind == Occupant) && c.otrPolicy(conv.account, conv.id.Peer) == im.OTRNever
	if conv != c.cache.person || c.cache.dirty&dirtyPerson != 0 {
		c.cache.dirty &^= dirtyPerson
		c.cache.person = conv
		c.cache.resources = c.resourceViews(conv)
		c.cache.typing = conv.typingNames()
	}
	w.Resources, w.Typing = c.cache.resources, c.cache.typing
	return w
}

// asking reports whether somebody waits for us to let them see our presence.
func (c *Core) asking(id ConversationID) bool {
	return slices.ContainsFunc(c.questions, func(q Question) bool {
		return q.Kind == AskSubscription && q.Account == id.Account && q.From == id.Peer
	})
}

// question adds a question for the user, once. However many strangers ask, contacts come through.
func (c *Core) question(q Question) {
	same := func(o Question) bool {
		return o.Kind == q.Kind && o.Account == q.Account && o.From == q.From && o.Room == q.Room && o.Conversation == q.Conversation
	}
	if slices.ContainsFunc(c.questions, same) || c.isAskedTooMuch(q) {
		return
	}
	c.lastQuestion++
	q.ID = c.lastQuestion
	c.questions = append(c.questions, q)
	c.touch(dirtyQuestions | dirtyRows)
}

// isAskedTooMuch reports whether as many questions wait as are taken of contacts, or of everybody else.
func (c *Core) isAskedTooMuch(q Question) bool {
	ofContacts := 0
	for _, o := range c.questions {
		if c.isOfContact(o) {
			ofContacts++
		}
	}
	if c.isOfContact(q) {
		return ofContacts >= maxQuestions
	}
	return len(c.questions)-ofContacts >= maxQuestions
}

func (c *Core) isOfContact(q Question) bool {
	return c.byJID[q.Account].contacts[q.From.Bare()].seesUs()
}

// settle takes back the questions that match.
func (c *Core) settle(match func(Question) bool) {
	before := len(c.questions)
	c.questions = slices.DeleteFunc(c.questions, match)
	if len(c.questions) != before {
		c.touch(dirtyQuestions | dirtyRows)
	}
}

// typingNames names who is writing at the moment, in order.
func (conv *conversation) typingNames() []string {
	var names []string
	for who := range conv.typing {
		if conv.kind == Room {
			names = append(names, CleanName(who.Resource()))
		} else if len(names) == 0 {
			names = append(names, conv.name())
		}
	}
	slices.Sort(names)
	return names
}
