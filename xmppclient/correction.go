package xmppclient

const nsCorrect = "urn:xmpp:message-correct:0" // XEP-0308

// replaces returns the id of the message that this one corrects, or nothing. Whether its author may is for core to say.
func replaces(root *node) string {
	if n := root.kid(nsCorrect, "replace"); n != nil {
		return clip(n.attr("id"), maxID)
	}
	return ""
}
