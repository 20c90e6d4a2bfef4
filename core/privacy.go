package core

import (
	"maps"
	"slices"

	"traboule/im"
)

// Storage is how a profile keeps things.
type Storage uint8

// The ways to keep things.
const (
	StorageNone      Storage = iota // nothing is kept: amnesic
	StorageEncrypted                // under a passphrase
	StoragePlain                    // under a key that lies beside it
)

// Standing is what the settings and the start have decided once and for all, and /privacy shows.
type Standing struct {
	Storage Storage
	// Resolver is who is asked through the proxy for the servers of domains, empty for nobody; AsksSystem is set if whoever this
	// machine asks for names is asked.
	Resolver   string
	AsksSystem bool
	// Guards is set if a Tor of our own keeps by which relays it enters.
	Guards bool
	// Heartbeats is set if the keys of OTR sessions are renewed where only the other side writes.
	Heartbeats bool
	// Notifies is set if new messages are told of outside of the screen.
	Notifies bool
}

// doPrivacy tells everything that this session discloses, or switches one disclosure.
func (c *Core) doPrivacy(d Privacy) {
	if d.Set {
		c.doSwitch(d)
		return
	}
	for _, n := range c.disclosed() {
		c.answer(n)
	}
}

// doWatchPrivacy has the View hold the rows of /privacy, or no longer.
func (c *Core) doWatchPrivacy(d WatchPrivacy) { c.watched = d.Shown }

// privacyView returns the rows of /privacy while a front end shows them.
func (c *Core) privacyView() []*Notice {
	if !c.watched {
		return nil
	}
	var rows []*Notice
	for _, n := range c.disclosed() {
		rows = append(rows, &n)
	}
	return rows
}

// disclosed returns the rows of /privacy, in the order of Topics.
func (c *Core) disclosed() []Notice {
	rows := c.toNetwork()
	for _, a := range c.accounts {
		rows = append(rows, c.toServer(a)...)
	}
	rows = append(rows, c.switchRows(DiscloseCarbons)...)
	rows = append(rows, c.archiveRows()...)
	rows = append(rows, c.switchRows(DiscloseBookmarks)...)
	rows = append(rows, c.toContacts()...)
	rows = append(rows, c.toRooms()...)
	return append(rows, c.toMachine()...)
}

// disclosedRow makes a notice a row of /privacy.
func disclosedRow(n Notice, d Disclosed) Notice {
	n.Privacy = &d
	return n
}

// rowOfSwitch is the row of a switch that stands as it is said.
func rowOfSwitch(which Disclosure, on bool) Notice {
	row, code, word := switchOf(which), NoticePrivacyOff, "on"
	if on {
		code, word = NoticePrivacyOn, "off"
	}
	return disclosedRow(Notice{Code: code, Text: row.word}, Disclosed{
		Topic: Topic(row.word), Audience: row.audience, Switch: which, On: on,
		Command: "/privacy " + row.word + " " + word, Setting: row.setting,
	})
}

func (c *Core) switchRows(which ...Disclosure) []Notice {
	var rows []Notice
	for _, d := range which {
		rows = append(rows, rowOfSwitch(d, c.disclose[d]))
	}
	return rows
}

// toNetwork tells what shows on the way out of this machine, and what of it the kernel sees to.
func (c *Core) toNetwork() []Notice {
	rows := []Notice{disclosedRow(c.wayOut(), Disclosed{Topic: TopicWay})}
	switch s := c.options.Standing; {
	case s.Resolver != "":
		rows = append(rows, disclosedRow(Notice{Code: NoticePrivacyNames, Text: CleanLine(s.Resolver)}, Disclosed{Topic: TopicNames, Setting: "resolver"}))
	case s.AsksSystem:
		rows = append(rows, disclosedRow(Notice{Code: NoticePrivacyNamesSystem}, Disclosed{Topic: TopicNames}))
	}
	rows = append(rows, disclosedRow(Notice{Code: NoticePrivacySigns}, Disclosed{Topic: TopicSigns}))
	for _, n := range c.confinementNotices() {
		rows = append(rows, disclosedRow(n, Disclosed{Topic: TopicConfinement}))
	}
	return rows
}

// wayOut tells what the way out of this machine discloses.
func (c *Core) wayOut() Notice {
	switch t := &c.tor.now; {
	case unproved(t):
		return Notice{Code: NoticePrivacySOCKS, Text: t.Where}
	case t.Phase == im.TorUnused:
		return Notice{Code: NoticePrivacyDirect}
	default:
		return Notice{Code: NoticePrivacyTor}
	}
}

// toServer tells what an account's server learns and what it keeps.
func (c *Core) toServer(a *account) []Notice {
	v := a.view
	server := Notice{Code: NoticePrivacyServer, Account: a.jid, JID: a.address().Bare(), State: v.State, Via: v.Via, Text: v.Server}
	resource := randomResource(Notice{Account: a.jid})
	if a.options.Resource != "" {
		resource = c.switchRows(DiscloseResource)[0]
		resource.Account = a.jid
	}
	roster := Notice{Code: NoticePrivacyRoster, Account: a.jid, Count: len(a.contacts)}
	return []Notice{
		disclosedRow(server, Disclosed{Topic: TopicServer, Audience: ToServer}),
		resource,
		disclosedRow(roster, Disclosed{Topic: TopicRoster, Audience: ToServer, Command: "/roster"}),
	}
}

// randomResource makes a notice the row that tells that the end of our address means nothing.
func randomResource(n Notice) Notice {
	n.Code = NoticePrivacyRandom
	return disclosedRow(n, Disclosed{Topic: "resource", Audience: ToServer, Setting: switchOf(DiscloseResource).setting})
}

// toContacts tells what those learn with whom we talk one to one.
func (c *Core) toContacts() []Notice {
	rows := c.presenceRows()
	rows = append(rows, c.switchRows(DiscloseCaps)...)
	rows = append(rows,
		disclosedRow(Notice{Code: NoticePrivacyAnswers}, Disclosed{Topic: TopicAnswers, Audience: ToContacts}),
		disclosedRow(Notice{Code: NoticePrivacyMessages}, Disclosed{Topic: TopicMessages, Audience: ToContacts}))
	rows = append(rows, c.switchRows(DiscloseReceipts, DiscloseTyping, DiscloseMarkers)...)
	for _, a := range c.accounts {
		n := c.policyNotice(a, im.JID{})
		n.Account = a.jid
		d := Disclosed{Topic: TopicOTR, Audience: ToContacts}
		if n.Code != NoticeOTRPolicyNone { // which says it itself
			d.Command = "/otr policy"
		}
		rows = append(rows, disclosedRow(n, d))
	}
	beats := Notice{Code: NoticePrivacyNoHeartbeats}
	if c.options.Standing.Heartbeats {
		beats.Code = NoticePrivacyHeartbeats
	}
	return append(rows, disclosedRow(beats, Disclosed{
		Topic: TopicHeartbeats, Audience: ToContacts, On: c.options.Standing.Heartbeats, Setting: "disclose.heartbeats",
	}))
}

// presenceRows tell who is told that we are here.
func (c *Core) presenceRows() []Notice {
	if !c.disclose[DisclosePresence] {
		return c.switchRows(DisclosePresence)
	}
	var rows []Notice
	for _, a := range c.accounts {
		n := rowOfSwitch(DisclosePresence, true)
		n.Code, n.Account, n.Show, n.Text = NoticePrivacyPresence, a.jid, a.view.Show, a.view.Status
		for _, ct := range a.sorted() {
			if ct.seesUs() {
				n.Count++
				n.List = append(n.List, Row{JID: ct.jid, Name: ct.title(), Subscription: ct.item.Subscription})
			}
		}
		rows = append(rows, n)
	}
	return rows
}

// toRooms tells what the rooms learn that we are in.
func (c *Core) toRooms() []Notice {
	rows := []Notice{disclosedRow(Notice{Code: NoticePrivacyVisits}, Disclosed{Topic: TopicVisits, Audience: ToRooms})}
	for _, conv := range c.windows {
		if conv.kind != Room || !conv.room.isJoined() {
			continue
		}
		var w Window
		conv.room.fill(&w)
		n := Notice{Code: NoticePrivacyRoom, Account: conv.account.jid, Room: conv.id.Peer, Nick: w.Nick, Flags: w.Flags, Show: im.Online}
		rows = append(rows, disclosedRow(n, Disclosed{Topic: TopicRooms, Audience: ToRooms, Command: "/part"}))
	}
	return rows
}

// toMachine tells what whoever has this machine finds on it.
func (c *Core) toMachine() []Notice {
	s := c.options.Standing
	either := func(yes bool, on, off NoticeCode, d Disclosed) Notice {
		d.Audience, d.On = ToMachine, yes
		if yes {
			return disclosedRow(Notice{Code: on}, d)
		}
		return disclosedRow(Notice{Code: off}, d)
	}
	profile := [...]NoticeCode{StorageNone: NoticePrivacyAmnesic, StorageEncrypted: NoticePrivacyEncrypted, StoragePlain: NoticePrivacyPlainKey}
	rows := []Notice{disclosedRow(Notice{Code: profile[s.Storage]}, Disclosed{Topic: TopicProfile, Audience: ToMachine})}
	rows = append(rows, c.historyRows()...)
	for _, a := range c.accounts {
		n := either(a.options.PasswordKept, NoticePrivacyPassword, NoticePrivacyNoPassword, Disclosed{Topic: TopicPasswords})
		n.Account = a.jid
		rows = append(rows, n)
	}
	rows = append(rows, c.switchRows(KeepDrafts)...)
	return append(rows,
		either(s.Guards, NoticePrivacyGuards, NoticePrivacyNoGuards, Disclosed{Topic: TopicGuards, Setting: "keep_guards"}),
		either(s.Notifies, NoticePrivacyNotifies, NoticePrivacyNotifiesNot, Disclosed{Topic: TopicNotifications, Setting: "notifications"}))
}

// historyRows tell how long what is said is kept: in all conversations, and in each that has a setting of its own.
func (c *Core) historyRows() []Notice {
	d := Disclosed{Topic: TopicHistory, Audience: ToMachine}
	if c.options.History.Store == NoStore {
		return []Notice{disclosedRow(Notice{Code: NoticeHistoryNowhere}, d)}
	}
	all := c.historyNotice(ConversationID{})
	if all.Code == NoticeHistoryMemory {
		d.Command = "/history" // the others say themselves what to type
	}
	rows := []Notice{disclosedRow(all, d)}
	d.Command = ""
	if n := c.encryptedNotice(ConversationID{}); n.Code != "" {
		rows = append(rows, disclosedRow(n, d))
	}
	for _, id := range slices.SortedFunc(maps.Keys(c.policies), compareIDs) {
		if id != (ConversationID{}) && c.policies[id].Mode != im.HistoryUnset {
			n := c.historyNotice(id)
			n.Account = id.Account
			rows = append(rows, disclosedRow(n, d))
		}
		if n := c.encryptedNotice(id); n.Code == NoticeHistoryOTRKept || n.Code == NoticeHistoryOTRMemory {
			n.Account = id.Account
			rows = append(rows, disclosedRow(n, d))
		}
	}
	return rows
}
