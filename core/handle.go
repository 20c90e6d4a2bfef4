package core

import (
	"time"

	"traboule/im"
)

// Core is the whole state of the client. One goroutine owns it: it is not safe for concurrent use, and needs no lock.
type Core struct {
	options Options
	now     time.Time
	out     Effects // of the input being handled
	started bool
	quit    quitting

	accounts []*account
	byJID    map[im.JID]*account

	conversations map[ConversationID]*conversation
	windows       []*conversation // those open, in the order shown
	lastWindow    uint64
	current       *conversation
	given         *conversation // where the command being carried out was given, if it says so
	looking       bool

	lastRequest im.RequestID
	waiting     map[im.RequestID]waiter
	alarms      []*alarm

	lastQuestion uint64
	questions    []Question

	tor         torWatch
	confinement *im.Confinement // nil until it is known

	// floor is less than the Seq of no line that is still to come: what is kept of other sessions lies below it.
	floor uint64

	policies map[ConversationID]im.HistoryPolicy // the zero id: of all others
	kept     map[ConversationID]bool             // of which something may be kept, and which have had no window since
	search   searching
	unread   unread

	disclose map[Disclosure]bool
	drafts   map[ConversationID]string // what was typed and not sent, where that is kept
	watched  bool                      // a front end shows what is disclosed
	weight   int                       // bytes in all logs
	cache    viewCache
}

// New makes a Core with nobody connected. The first input starts it: give it a Woken as soon as its effects can be carried
// out, so that the accounts marked to connect do.
func New(o Options) *Core {
	c := &Core{
		options:       o,
		byJID:         make(map[im.JID]*account),
		conversations: make(map[ConversationID]*conversation),
		waiting:       make(map[im.RequestID]waiter),
		disclose:      switches(o.Disclose, o.Switches),
		drafts:        make(map[ConversationID]string),
		looking:       true,
		floor:         o.History.LastSeq + 1,
		policies:      policies(o.History.Policies),
		kept:          keptConversations(o.History),
		unread:        leftUnread(o.History.Unread),
		tor:           torWatch{now: im.Tor{Phase: im.TorLooking}},
	}
	c.current = c.open(ConversationID{}, Console)
	for _, ao := range o.Accounts {
		c.addAccount(ao)
	}
	if len(c.accounts) > 0 {
		c.current = c.accounts[0].console
	}
	return c
}

// Handle takes one input and returns what it leads to. It depends on nothing but the inputs so far and now.
func (c *Core) Handle(now time.Time, in Input) Effects {
	c.now = now
	c.out = Effects{}
	if !c.started {
		c.started = true
		c.start()
	}
	switch in := in.(type) {
	case Received:
		c.receive(in.Event)
	case Typed:
		c.carryOut(in.Command)
	case Woken:
	}
	c.ring()
	c.out.WakeAt = c.nextAlarm()
	out := c.out
	c.out = Effects{}
	return out
}

// start connects the accounts that are marked for it.
func (c *Core) start() {
	if c.options.Unkept {
		c.announce(Notice{Code: NoticeAmnesic, Text: c.options.Amnesic})
	}
	if linked := c.options.Linked; !linked.IsZero() && len(c.accounts) > 0 {
		c.announce(Notice{Code: NoticeLinkedAccount, Level: Warn, JID: linked, Text: CleanJID(c.accounts[0].jid)})
	}
	c.openUnread()
	for _, a := range c.accounts {
		if a.options.Connect {
			c.connect(a)
		}
	}
}
