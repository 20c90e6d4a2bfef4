package core

import (
	"strconv"
	"strings"

	"traboule/im"
)

// The commands about what is kept and what was said before. Conversation is an address, a name or a nick as for Query; empty
// for the current one, "all" for all of which nothing else is said.
type (
	// History tells how long what is said is kept, or with Set changes it.
	History struct {
		Policy       im.HistoryPolicy
		Conversation string
		Set          bool
	}
	// ForgetHistory erases what is kept, if Sure is set; else it asks whether that is meant.
	ForgetHistory struct {
		Conversation string
		Sure         bool
	}
	// ShowHistory tells the last N lines of the current conversation once more, or with More the N lines above those that were told
	// so, for which archives are asked too.
	ShowHistory struct {
		N    int
		More bool
	}
	// Search looks for what was said.
	Search struct{ Query SearchQuery }
	// ShowFound goes to a line that the last search found, by its number from 1.
	ShowFound struct{ Number int }

	// Older (of a front end) loads more of what was said before in the current conversation: above the first line, or at the
	// line of a gap.
	Older struct{ Line uint64 }
	// CloseSearch (of a front end) takes the last search off the View.
	CloseSearch struct{}
)

func (History) command()       {}
func (ForgetHistory) command() {}
func (ShowHistory) command()   {}
func (Search) command()        {}
func (ShowFound) command()     {}
func (Older) command()         {}
func (CloseSearch) command()   {}

// everywhere is the word for all conversations in commands about what is kept.
func everywhere() []string { return []string{"all", "tout"} }

// sure and encryptedToo are the words that confirm what nobody should do by mistake.
func sure() []string         { return []string{"yes", "oui"} }
func encryptedToo() []string { return []string{"encrypted", "chiffre", "chiffré"} }

// HistoryWords are the words for how long to keep, the first of each kind being offered. A number of days is another.
func HistoryWords() []string { return []string{"on", "off", "default"} }

func historyCommands() []commandRow {
	conversation := may("CONVERSATION", ArgConversation)
	return []commandRow{
		row("history", []string{"historique"}, parseHistory, may("on|off|DAYS|default", ArgHistory), conversation, may("encrypted", ArgText)),
		row("history show", []string{"historique montrer"}, parseShowHistory(false), may("N", ArgText)),
		row("history more", []string{"historique avant"}, parseShowHistory(true), may("N", ArgText)),
		row("history forget", []string{"historique oublier"}, parseForgetHistory, conversation, may("yes", ArgText)),
		row("search", []string{"chercher"}, parseSearch, need("TEXT", ArgSearch)),
		row("found", []string{"trouve"}, parseFound, need("N", ArgText)),
	}
}

func parseHistory(a *arguments) Command {
	if a.rest == "" {
		return History{}
	}
	d := History{Set: true}
	switch word := strings.ToLower(a.maybeWord()); word {
	case "on":
		d.Policy.Mode = im.HistoryOn
	case "off":
		d.Policy.Mode = im.HistoryOff
	case "default", "defaut", "défaut":
	default:
		days, err := strconv.Atoi(word)
		if err != nil || days < 1 || days > im.MaxHistoryDays {
			a.fail(NoticeBadChoice, word)
		}
		d.Policy = im.HistoryPolicy{Mode: im.HistoryDays, Days: days}
	}
	d.Conversation = a.maybeWord()
	if isOneOf(d.Conversation, encryptedToo()) {
		d.Conversation, d.Policy.Encrypted = "", true
	} else if word := a.maybeWord(); isOneOf(word, encryptedToo()) {
		d.Policy.Encrypted = true
	} else if word != "" {
		a.fail(NoticeBadChoice, word)
	}
	return d
}

func isOneOf(word string, words []string) bool {
	for _, w := range words {
		if strings.EqualFold(word, w) {
			return true
		}
	}
	return false
}

func parseShowHistory(more bool) func(*arguments) Command {
	return func(a *arguments) Command {
		if a.rest == "" {
			return ShowHistory{N: firstPage, More: more}
		}
		return ShowHistory{N: a.number(maxShownHistory), More: more}
	}
}

// number takes the next word, which must be a number from 1 on; more than most is most.
func (a *arguments) number(most int) int {
	word := a.word("N")
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 {
		a.fail(NoticeBadNumber, word)
	}
	return min(n, most)
}

func parseForgetHistory(a *arguments) Command {
	d := ForgetHistory{Conversation: a.maybeWord()}
	if isOneOf(d.Conversation, sure()) {
		return ForgetHistory{Sure: true}
	}
	word := a.maybeWord()
	if d.Sure = isOneOf(word, sure()); !d.Sure && word != "" {
		a.fail(NoticeBadChoice, word)
	}
	return d
}

func parseFound(a *arguments) Command { return ShowFound{a.number(maxFound)} }

// doHistory tells how long what is said is kept, everywhere and here, or changes it.
func (c *Core) doHistory(d History) {
	if c.options.History.Store == NoStore {
		c.refuse(Notice{Code: NoticeHistoryNowhere})
		return
	}
	if !d.Set {
		here := c.where().id
		c.answer(c.historyNotice(ConversationID{}))
		if !here.IsConsole() {
			c.answer(c.historyNotice(here))
		} else {
			here = ConversationID{}
		}
		c.answerEncrypted(here)
		return
	}
	id, known := c.keptIn(d.Conversation)
	if !known {
		return
	}
	if id == (ConversationID{}) {
		d.Policy.Encrypted = false
	}
	c.setHistory(id, d.Policy)
	c.answer(c.historyNotice(id))
	c.answerEncrypted(id)
}

// answerEncrypted tells what becomes of encrypted texts where what is said is kept.
func (c *Core) answerEncrypted(id ConversationID) {
	if n := c.encryptedNotice(id); n.Code != "" {
		c.answer(n)
	}
}

// encryptedNotice tells what becomes of encrypted texts, in one conversation or with the zero id in all others; the zero
// Notice where there is nothing to add to what becomes of all else.
func (c *Core) encryptedNotice(id ConversationID) Notice {
	all, a := id == (ConversationID{}), c.byJID[id.Account]
	p := c.historyPolicy(id)
	if all {
		p = c.historyOfAll()
	}
	n := Notice{Code: NoticeHistoryOTR, JID: id.Peer, Nick: c.nameOf(id), Text: "on"}
	if p.Mode == im.HistoryDays {
		n.Text = strconv.Itoa(p.Days)
	}
	switch {
	case !p.Keeps() || !all && (a == nil || c.isRoom(a, id.Peer)):
		return Notice{}
	case p.Encrypted && c.options.History.Store == MemoryStore:
		n.Code = NoticeHistoryOTRMemory
		return n
	case p.Encrypted:
		n.Code, n.Level, n.Text = NoticeHistoryOTRKept, Warn, ""
		return n
	case c.options.History.Store == MemoryStore:
		return Notice{}
	case all:
		return Notice{Code: NoticeHistoryOTRAll}
	}
	if conv := c.conversations[id]; conv != nil && c.otrSession(conv) != nil {
		n.Level = Warn
	} else if c.otrPolicy(a, id.Peer) == im.OTRNever {
		return Notice{}
	}
	return n
}

// historyNotice tells how long what is said is kept: in one conversation, or with the zero id in all others.
func (c *Core) historyNotice(id ConversationID) Notice {
	inMemory := c.options.History.Store == MemoryStore
	if id == (ConversationID{}) {
		n := Notice{Code: NoticeHistoryDisk, History: c.historyOfAll()}
		switch {
		case inMemory && n.History.Keeps():
			n.Code = NoticeHistoryMemory
		case inMemory:
			n.Code = NoticeHistoryMemoryOff
		}
		return n
	}
	n := Notice{Code: NoticeHistory, JID: id.Peer, Nick: c.nameOf(id), History: c.historyPolicy(id)}
	switch own := c.policies[id].Mode != im.HistoryUnset; {
	case own && inMemory && n.History.Keeps():
		n.Code = NoticeHistoryOwnMemory
	case own:
		n.Code = NoticeHistoryOwn
	}
	return n
}

// nameOf is what to call a conversation, open or not.
func (c *Core) nameOf(id ConversationID) string {
	if conv := c.conversations[id]; conv != nil {
		return conv.name()
	}
	if a := c.byJID[id.Account]; a != nil && a.contacts[id.Peer] != nil {
		return a.contacts[id.Peer].title()
	}
	return CleanJID(id.Peer)
}

// keptIn returns the conversation that a command about what is kept means: the zero id for all. It says so if there is none.
func (c *Core) keptIn(word string) (id ConversationID, known bool) {
	switch here := c.where(); {
	case isOneOf(word, everywhere()), word == "" && here.kind == Console:
		return ConversationID{}, true
	case word == "":
		return here.id, true
	}
	return c.conversationCalled(word)
}

// doForgetHistory erases what is kept, once the user is sure.
func (c *Core) doForgetHistory(d ForgetHistory) {
	if c.options.History.Store == NoStore {
		c.refuse(Notice{Code: NoticeHistoryNowhere})
		return
	}
	id, known := c.keptIn(d.Conversation)
	if !known {
		return
	}
	n := Notice{Code: NoticeHistoryForget, Level: Warn, JID: id.Peer, Nick: c.nameOf(id)}
	if id == (ConversationID{}) {
		n.Code, n.Nick = NoticeHistoryForgetAll, ""
	}
	if !d.Sure {
		c.answer(n)
		return
	}
	asked := c.where()
	c.floor = max(c.highest(), seqAt(c.now)+1) // what comes from now on lies above
	before := c.floor
	c.ask(im.ForgetHistory{For: c.about(id), Peer: id.Peer, Before: before, At: c.now}, func(done im.Done) {
		if done.Err != nil {
			n.Code = NoticeHistoryForgetFailed
			c.notifyFailure(c.here(asked), n, done.Err)
			return
		}
		n.Code, n.Level = NoticeHistoryForgotten, Info
		c.forgotten(id, before)
		c.notify(c.here(asked), n)
	})
}

// forgotten takes what is no longer kept off the windows as well. What was said since stays.
func (c *Core) forgotten(id ConversationID, before uint64) {
	for _, conv := range c.windows {
		if conv.kind == Console || id != (ConversationID{}) && conv.id != id {
			continue
		}
		log := conv.log
		c.clear(conv)
		c.dropUnread(conv)
		conv.older.stored, conv.forgotten = true, before
		conv.recent, conv.past = recent{}, recent{}
		for i := log.Search(before); i < log.Len(); i++ {
			if line := log.At(i); !line.IsGap() {
				c.insert(conv, *line)
			}
		}
	}
	c.forgetName(id)
	c.search.forget()
}
