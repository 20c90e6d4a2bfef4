package xmppclient

// Namespaces of service discovery (XEP-0030).
const (
	nsDiscoInfo  = "http://jabber.org/protocol/disco#info"
	nsDiscoItems = "http://jabber.org/protocol/disco#items"
)

// describe answers a disco#info, about us or about our caps (XEP-0115 §6.2).
func (s *stanzas) describe(iq, query *node) []byte {
	asked := query.attr("node")
	if asked != "" && asked != capsNode+"#"+s.caps {
		return replyError(iq, "cancel", "item-not-found")
	}
	info := el(nsDiscoInfo, "query").setIf("node", asked)
	info.add(el(nsDiscoInfo, "identity").set("category", "client").set("type", "console"))
	for _, f := range features() {
		info.add(el(nsDiscoInfo, "feature").set("var", f))
	}
	return reply(iq, info)
}

// listNothing answers a disco#items: nothing belongs to us.
func listNothing(iq, query *node) []byte {
	if query.attr("node") != "" {
		return replyError(iq, "cancel", "item-not-found")
	}
	return reply(iq, el(nsDiscoItems, "query"))
}
