package xmppclient

import "traboule/im"

const (
	nsChatStates = "http://jabber.org/protocol/chatstates" // XEP-0085
	nsHints      = "urn:xmpp:hints"                        // XEP-0334
)

func chatStateNames() [5]string {
	return [...]string{
		im.Active:    "active",
		im.Composing: "composing",
		im.Paused:    "paused",
		im.Inactive:  "inactive",
		im.Gone:      "gone",
	}
}

func chatState(root *node) (im.ChatState, bool) {
	for state, name := range chatStateNames() {
		if root.kid(nsChatStates, name) != nil {
			return im.ChatState(state), true
		}
	}
	return 0, false
}

func (s *stanzas) sendChatState(r im.SendChatState) *node {
	name := chatStateNames()[min(int(r.State), int(im.Gone))]
	return messageStanza(r.To, r.Kind, s.ids()).add(el(nsChatStates, name), el(nsHints, "no-store"))
}
