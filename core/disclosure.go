package core

import (
	"slices"

	"traboule/im"
)

// Disclosure is something that the client tells others, or keeps, and that a switch of /privacy begins and ends.
type Disclosure uint8

// The disclosures with a switch.
const (
	NoDisclosure Disclosure = iota
	DiscloseReceipts
	DiscloseTyping
	DiscloseMarkers
	DisclosePresence
	DiscloseResource
	DiscloseCaps
	DiscloseCarbons
	DiscloseArchive
	DiscloseBookmarks
	KeepDrafts
)

// Audience is who learns what is disclosed.
type Audience uint8

// The audiences, in the order in which /privacy tells of them.
const (
	ToNetwork  Audience = iota // whoever watches the line, and Tor
	ToServer                   // the account's own
	ToContacts                 // those with whom the user talks one to one
	ToRooms                    // everybody in a room, and its service
	ToMachine                  // whoever has this machine: its disk and its screen
)

// AudienceWords are the words for an audience, by value.
func AudienceWords() []string { return []string{"network", "server", "contacts", "rooms", "machine"} }

// Topic names a row of /privacy. Where a switch changes it, it is the word of the switch.
type Topic string

// The topics without a switch.
const (
	TopicWay           Topic = "way"
	TopicNames         Topic = "names"
	TopicSigns         Topic = "signs-of-life"
	TopicConfinement   Topic = "confinement"
	TopicServer        Topic = "server"
	TopicRoster        Topic = "roster"
	TopicAnswers       Topic = "answers"
	TopicMessages      Topic = "messages"
	TopicOTR           Topic = "otr"
	TopicHeartbeats    Topic = "heartbeats"
	TopicVisits        Topic = "visits"
	TopicRooms         Topic = "rooms"
	TopicProfile       Topic = "profile"
	TopicHistory       Topic = "history"
	TopicPasswords     Topic = "passwords"
	TopicGuards        Topic = "guards"
	TopicNotifications Topic = "notifications"
)

// Disclosed is what makes a notice a row of /privacy.
type Disclosed struct {
	Topic    Topic
	Audience Audience
	// Switch is what switches it, NoDisclosure where nothing does; On is where the switch stands.
	Switch Disclosure
	On     bool
	// Of is the account that it is for, zero for all.
	Of im.JID
	// Command is what to type to change it or to see more, and Setting its name in the settings; empty for none.
	Command, Setting string
}

// disclosure is a row of the table of switches.
type disclosure struct {
	which    Disclosure
	word     string // that a user types
	audience Audience
	// initially is how it is where neither the settings nor the user say.
	initially bool
	setting   string
}

// disclosures are those with a switch, in the order in which they are offered.
func disclosures() []disclosure {
	return []disclosure{
		{DiscloseReceipts, "receipts", ToContacts, false, "disclose.receipts"},
		{DiscloseTyping, "typing", ToContacts, false, "disclose.typing"},
		{DiscloseMarkers, "markers", ToContacts, false, "disclose.markers"},
		{DisclosePresence, "presence", ToContacts, true, "disclose.presence"},
		{DiscloseCaps, "caps", ToContacts, true, "disclose.caps"},
		{DiscloseResource, "resource", ToServer, true, "account.resource"},
		{DiscloseCarbons, "carbons", ToServer, true, "disclose.carbons"},
		{DiscloseArchive, "archive", ToServer, true, "disclose.archive"},
		{DiscloseBookmarks, "bookmarks", ToServer, true, "disclose.bookmarks"},
		{KeepDrafts, "drafts", ToMachine, false, "keep_drafts"},
	}
}

// switchOf returns the row of a switch.
func switchOf(d Disclosure) disclosure {
	for _, row := range disclosures() {
		if row.which == d {
			return row
		}
	}
	return disclosure{}
}

// SwitchWords are the words for the disclosures with a switch.
func SwitchWords() []string {
	var words []string
	for _, d := range disclosures() {
		words = append(words, d.word)
	}
	return words
}

// SwitchNamed returns the disclosure that a word stands for, NoDisclosure for none.
func SwitchNamed(word string) Disclosure {
	for _, d := range disclosures() {
		if d.word == word {
			return d.which
		}
	}
	return NoDisclosure
}

// Topics lists the topics of /privacy, in the order of their rows.
func Topics() []Topic {
	return []Topic{
		TopicWay, TopicNames, TopicSigns, TopicConfinement,
		TopicServer, "resource", TopicRoster, "carbons", "archive", "bookmarks",
		"presence", "caps", TopicAnswers, TopicMessages, "receipts", "typing", "markers", TopicOTR, TopicHeartbeats,
		TopicVisits, TopicRooms,
		TopicProfile, TopicHistory, TopicPasswords, "drafts", TopicGuards, TopicNotifications,
	}
}

// switches takes what the settings say, and over it what the user has switched in an earlier session.
func switches(settings map[Disclosure]bool, kept map[string]bool) map[Disclosure]bool {
	on := make(map[Disclosure]bool)
	for _, row := range disclosures() {
		on[row.which] = row.initially
		if says, found := settings[row.which]; found {
			on[row.which] = says
		}
		if says, found := kept[row.word]; found {
			on[row.which] = says
		}
	}
	return on
}

// doSwitch begins or ends a disclosure, and has it kept.
func (c *Core) doSwitch(d Privacy) {
	which, on := d.Switch, d.On
	row, accounts := switchOf(which), c.accounts
	if !d.Account.IsZero() {
		if accounts = c.named(d.Account); len(accounts) == 0 {
			return
		}
	}
	named := func(a *account) bool { return a.options.Resource != "" }
	if which == DiscloseResource && !slices.ContainsFunc(c.accounts, named) {
		c.answer(randomResource(Notice{}))
		return
	}
	if which == DiscloseTyping && !on {
		c.stopComposing(c.current)
	}
	if which == DiscloseArchive {
		c.switchArchive(accounts, d.Account.IsZero(), on)
	} else {
		c.switchAll(row, on)
	}
	c.touch(dirtyRows | dirtyPerson)
	answer := rowOfSwitch(which, on)
	if !d.Account.IsZero() {
		answer = archiveRowOf(accounts[0], on)
	}
	c.answer(answer)
}

// switchAll begins or ends a disclosure in all accounts.
func (c *Core) switchAll(row disclosure, on bool) {
	changed := c.disclose[row.which] != on
	c.disclose[row.which] = on
	if row.which == KeepDrafts && !on {
		c.dropDrafts()
	}
	c.keep(im.SwitchRecord{Name: row.word, On: on})
	if !changed {
		return
	}
	for _, a := range c.accounts {
		c.switched(a, row.which)
	}
}

// switched carries out in one account that a disclosure begins or ends.
func (c *Core) switched(a *account, which Disclosure) {
	on := c.disclose[which]
	switch {
	case !a.online():
	case which == DisclosePresence && on:
		c.tellPolicies(a)
		c.sendPresence(a)
	case which == DisclosePresence:
		c.vanish(a)
		c.tellPolicies(a)
	case which == DiscloseCaps:
		c.send(im.SetCaps{For: c.by(a), Told: on})
		c.sendPresence(a)
	case which == DiscloseCarbons && on:
		c.try(im.EnableCarbons{For: c.by(a)}, a.console.id, Notice{Code: NoticeCarbonsFailed})
	case which == DiscloseBookmarks && on:
		c.fetchBookmarks(a)
	case which == DiscloseBookmarks:
		c.unshareBookmarks(a)
	case which == DiscloseCarbons:
		c.send(im.DisableCarbons{For: c.by(a)})
	}
}

// vanish takes back our presence. The server then tells everybody whom we have told it that we are gone, rooms too
// (RFC 6121 §4.6.3), so that they are left first and entered again.
func (c *Core) vanish(a *account) {
	var visited []*room
	for _, r := range c.roomsOf(a) {
		if !r.wanted || !r.mayBeIn() {
			continue
		}
		visited = append(visited, r)
		if a.farewellTo(r.jid()) == nil {
			c.sayFarewell(r, r.nick, "")
		}
	}
	c.send(im.SetPresence{For: c.by(a), Show: im.Offline})
	c.forgetPresence(a) // from now on nobody's is told us either
	for _, r := range visited {
		c.enter(r)
	}
}

// sees reports whether a contact is told that we are here.
func (c *Core) sees(ct *contact) bool { return c.disclose[DisclosePresence] && ct.seesUs() }
