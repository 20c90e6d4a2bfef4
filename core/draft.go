package core

import (
	"maps"
	"slices"
	"strings"

	"traboule/im"
)

// maxDraft bounds a draft that is kept, in bytes.
const maxDraft = maxText

// addDrafts takes what an earlier session has kept; without the wish to keep any, it is kept no more.
func (c *Core) addDrafts(a *account) {
	for peer, text := range a.options.Drafts {
		if len(text) <= maxDraft {
			c.drafts[ConversationID{a.jid, peer}] = CleanText(text)
		}
	}
}

// doDraft takes what was typed in a conversation and not sent. It is kept if the user wants that, but never what goes out
// encrypted, for then nothing of it is to be found here either; nor commands, which may hold secrets; nor what is for an
// occupant, since anybody may have the nick next time.
func (c *Core) doDraft(d Draft) {
	text := d.Text
	if !c.mayKeepDraft(d.Conversation, text) {
		text = ""
	}
	if c.drafts[d.Conversation] == text {
		return
	}
	if text == "" {
		delete(c.drafts, d.Conversation)
	} else {
		c.drafts[d.Conversation] = text
	}
	c.keepDraft(d.Conversation, text)
}

func (c *Core) mayKeepDraft(id ConversationID, text string) bool {
	conv := c.conversations[id]
	isCommand := strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//")
	return c.disclose[KeepDrafts] && conv != nil && (conv.kind == Room || conv.kind == Person) && !isCommand && len(text) <= maxDraft &&
		c.protection(id) == Plain
}

func (c *Core) keepDraft(id ConversationID, text string) {
	c.keep(im.DraftRecord{Kept: im.Kept{Account: id.Account}, Peer: id.Peer, Text: text})
}

// dropDraft forgets the draft of a conversation whose window closes, or in which encryption starts.
func (c *Core) dropDraft(id ConversationID) {
	if _, kept := c.drafts[id]; kept {
		delete(c.drafts, id)
		c.keepDraft(id, "")
	}
}

// dropDrafts forgets all drafts, as the user does not want them kept any more.
func (c *Core) dropDrafts() {
	for _, id := range slices.SortedFunc(maps.Keys(c.drafts), compareIDs) {
		c.dropDraft(id)
	}
}
