package core

import (
	"cmp"

	"traboule/im"
)

// ConversationID names a conversation: an account and the other end. Peer is a room's bare JID, a contact's bare JID, or
// an occupant's room JID with nickname; it is zero for the account's own console, where notices about the connection go.
// The zero ConversationID is the client's console.
type ConversationID struct {
	Account im.JID
	Peer    im.JID
}

// IsConsole reports whether nobody is at the other end.
func (id ConversationID) IsConsole() bool { return id.Peer.IsZero() }

// compareIDs orders conversations by account and then by the other end.
func compareIDs(x, y ConversationID) int {
	return cmp.Or(compareJIDs(x.Account, y.Account), compareJIDs(x.Peer, y.Peer))
}
