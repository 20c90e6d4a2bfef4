package core

import (
	"time"

	"traboule/im"
)

// account is one account and all that belongs to it but its conversations.
type account struct {
	jid     im.JID
	options AccountOptions
	// archiveUse is whether archives may be asked, where that was said of this account; nil for what is disclosed elsewhere.
	archiveUse *bool
	console    *conversation
	view       AccountView
	// progress is the console's line about the last step of the connection.
	progress uint64
	// wanted is set while the user wants it connected, whatever the connection does.
	wanted bool
	// session counts the sessions: with each new one, nothing of an earlier one is left at the server.
	session int
	// announced is set once it has been told in this session that we are there.
	announced     bool
	fault         *im.Failure // why the last attempt to connect failed
	contacts      map[im.JID]*contact
	rosterVersion string
	keeping       *alarm
	strangers     int // windows that strangers opened

	// dropped counts the stanzas thrown away since the user was last told, which is not done before tellDropped.
	dropped     int
	tellDropped time.Time
	// roomService is that of the account's server, once it was asked for; autojoined is set once the rooms of the settings
	// were entered.
	roomService im.JID
	autojoined  bool
	bookmarks   bookmarks
	bookmarked  bool // the rooms of the bookmarks were entered
	wishes      []wish
	// farewells are the rooms that have not confirmed that we have left them.
	farewells []*farewell
	// invitations wait for an answer; flooded is set while more are ignored.
	invitations map[invited]invitation
	flooded     bool
	otr         otrState
	archives    map[im.JID]*archive // by room; the zero JID for its own
	// merging are the ids of messages out of archives that are about to be shown.
	merging map[archiveKey]bool
	// gone is set when the account has said its goodbye as the client ends.
	gone bool
	// lingers is set while the account puts that off, for its server to hear of bookmarks.
	lingers bool
}

func (c *Core) addAccount(o AccountOptions) {
	jid := o.JID.Bare()
	if c.byJID[jid] != nil {
		return
	}
	a := &account{
		jid: jid, options: o,
		view:     AccountView{Account: jid, Show: im.Online},
		contacts: make(map[im.JID]*contact),
	}
	a.archiveUse = archiveUse(o)
	c.takeMarks(a)
	c.accounts = append(c.accounts, a)
	c.byJID[jid] = a
	for _, item := range o.Roster {
		item = cleanItem(item)
		if item.JID == jid || len(a.contacts) >= maxContacts {
			continue
		}
		ct := &contact{jid: item.JID}
		ct.take(item)
		a.contacts[item.JID] = ct
	}
	a.rosterVersion = o.RosterVersion
	c.addBookmarks(a, o.Bookmarks, o.RemovedBookmarks)
	c.addDrafts(a)
	c.remember(a, o.Fingerprints, o.Policies)
	a.console = c.open(ConversationID{Account: jid}, Console)
}

// online reports whether stanzas can go out now.
func (a *account) online() bool { return a.view.State == im.Connected || a.view.State == im.Resumed }

// currentAccount returns the account of the window where a command was given, else the first, else nil.
func (c *Core) currentAccount() *account {
	if a := c.where().account; a != nil {
		return a
	}
	if len(c.accounts) > 0 {
		return c.accounts[0]
	}
	return nil
}
