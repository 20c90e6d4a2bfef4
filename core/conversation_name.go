package core

import (
	"maps"
	"slices"
	"strings"

	"traboule/im"
)

// conversationCalled returns the conversation that a word names, without opening it. It says so if there is none, or several.
func (c *Core) conversationCalled(word string) (ConversationID, bool) {
	a := c.needAccount()
	if a == nil {
		return ConversationID{}, false
	}
	if jid, found := c.occupantNamed(word); found && !isAddress(word) {
		return ConversationID{a.jid, jid}, true
	}
	for _, row := range c.rowViews() {
		if row.Kind != Console && !strings.Contains(word, "@") && strings.EqualFold(row.Name, word) {
			return row.ID, true
		}
	}
	switch called := c.addressesCalled(a, word); {
	case len(called) == 1:
		return ConversationID{a.jid, called[0]}, true
	case len(called) > 1:
		c.refuse(Notice{Code: NoticeWhichConversation, Text: CleanLine(word), Count: len(called), Suggestion: addresses(called)})
		return ConversationID{}, false
	}
	jid, err := im.ParseJID(word)
	if err != nil || jid.Local() == "" && !strings.Contains(jid.Domain(), ".") {
		c.refuse(Notice{Code: NoticeNoSuchConversation, Text: CleanLine(word)})
		return ConversationID{}, false
	}
	if c.isRoom(a, jid.Bare()) || c.kept[ConversationID{a.jid, jid}] {
		return ConversationID{a.jid, jid}, true
	}
	return ConversationID{a.jid, jid.Bare()}, true
}

// maxNamed bounds the addresses that a question which of them is meant names.
const maxNamed = 5

func addresses(all []im.JID) string {
	var names []string
	for _, jid := range all[:min(len(all), maxNamed)] {
		names = append(names, CleanJID(jid))
	}
	return strings.Join(names, ", ")
}

// addressesCalled returns the people and rooms that an account knows, and with whom it has a window or something is kept, whose
// address begins with a word before its "@".
func (c *Core) addressesCalled(a *account, word string) []im.JID {
	found := make(map[im.JID]bool)
	look := func(id ConversationID) {
		if id.Account == a.jid && id.Peer.Resource() == "" && word != "" && strings.EqualFold(id.Peer.Local(), word) {
			found[id.Peer] = true
		}
	}
	for id := range c.kept {
		look(id)
	}
	for id := range c.conversations {
		look(id)
	}
	for contact := range a.contacts {
		look(ConversationID{a.jid, contact})
	}
	for _, b := range a.bookmarks.list {
		look(ConversationID{a.jid, b.Room})
	}
	return slices.SortedFunc(maps.Keys(found), func(x, y im.JID) int { return strings.Compare(x.String(), y.String()) })
}

// keptConversations are those of which an earlier session has kept something.
func keptConversations(o HistoryOptions) map[ConversationID]bool {
	kept := make(map[ConversationID]bool)
	for _, id := range o.Conversations {
		kept[id] = true
	}
	return kept
}

// keepName remembers a conversation of which something may be kept when its window closes.
func (c *Core) keepName(id ConversationID) {
	if c.historyPolicy(id).Mode != im.HistoryOff && c.options.History.Store != NoStore {
		c.kept[id] = true
	}
}

// forgetName remembers a conversation no more, or none if id is zero: nothing is kept of it.
func (c *Core) forgetName(id ConversationID) {
	delete(c.kept, id)
	if id == (ConversationID{}) {
		clear(c.kept)
	}
}
