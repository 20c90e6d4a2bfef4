package e2e_test

import (
	"encoding/xml"
	"regexp"
	"slices"
	"strings"
	"testing"

	"traboule/core"
)

// sameTopic marks an element that tells no more than the one around it.
const sameTopic core.Topic = ""

// kind is an element that the client may send.
type kind struct {
	// name is the namespace and the local name; for a stanza its type too, and for what is named by an attribute that name.
	name string
	// attributes are those that it may have.
	attributes string
	topic      core.Topic
}

// kinds says which row of /privacy tells of what. What is to a room is looked for with " (room)" at the end first.
func kinds() []kind {
	return slices.Concat(streamKinds(), stanzaKinds(), messageKinds(), presenceKinds(), accountKinds(), bookmarkKinds(), roomKinds())
}

func streamKinds() []kind {
	const sasl, bind, sm = "urn:ietf:params:xml:ns:xmpp-sasl ", "urn:ietf:params:xml:ns:xmpp-bind ", "urn:xmpp:sm:3 "
	return []kind{
		{"urn:ietf:params:xml:ns:xmpp-tls starttls", "", core.TopicServer},
		{sasl + "auth", "mechanism", core.TopicServer},
		{sasl + "response", "", core.TopicServer},
		{bind + "bind", "", core.TopicServer},
		{bind + "resource", "", "resource"},
		{sm + "enable", "resume", core.TopicSigns},
		{sm + "resume", "h previd", core.TopicSigns},
		{sm + "r", "", core.TopicSigns},
		{sm + "a", "h", core.TopicSigns},
		{"urn:xmpp:ping ping", "", core.TopicSigns},
	}
}

func stanzaKinds() []kind {
	const to = "id to type"
	return []kind{
		{"iq get", to, core.TopicServer},
		{"iq set", to, core.TopicServer},
		{"iq get (room)", to, core.TopicVisits},
		{"iq set (room)", to, core.TopicVisits},
		{"iq result", to, core.TopicAnswers},
		{"iq error", to, core.TopicAnswers},
		{"error", "type", sameTopic},
		{"urn:ietf:params:xml:ns:xmpp-stanzas service-unavailable", "", sameTopic},
		{"message", "id to", core.TopicMessages},
		{"message chat", to, core.TopicMessages},
		{"message groupchat (room)", to, core.TopicMessages},
		{"message (room)", "id to", core.TopicVisits},
		{"presence", "", "presence"},
		{"presence unavailable", "type", "presence"},
		{"presence subscribe", "to type", core.TopicRoster},
		{"presence subscribed", "to type", core.TopicRoster},
		{"presence (room)", "to", core.TopicVisits},
		{"presence unavailable (room)", "to type", core.TopicVisits},
	}
}

func messageKinds() []kind {
	return []kind{
		{"body", "", core.TopicMessages},
		{"body otr", "", core.TopicOTR},
		{"urn:xmpp:sid:0 origin-id", "id", core.TopicMessages},
		{"urn:xmpp:message-correct:0 replace", "id", core.TopicMessages},
		{"urn:xmpp:eme:0 encryption", "namespace", core.TopicMessages},
		{"urn:xmpp:carbons:2 private", "", core.TopicMessages},
		{"urn:xmpp:hints no-copy", "", core.TopicMessages},
		{"urn:xmpp:hints no-permanent-store", "", core.TopicMessages},
		{"urn:xmpp:receipts request", "", "receipts"},
		{"urn:xmpp:receipts received", "id", "receipts"},
		{"http://jabber.org/protocol/chatstates active", "", "typing"},
		{"urn:xmpp:chat-markers:0 markable", "", "markers"},
		{"urn:xmpp:chat-markers:0 displayed", "id", "markers"},
	}
}

func presenceKinds() []kind {
	const disco = "http://jabber.org/protocol/disco#info "
	return []kind{
		{"show", "", sameTopic},
		{"status", "", sameTopic},
		{"http://jabber.org/protocol/caps c", "hash node ver", "caps"},
		{disco + "query", "node", sameTopic},
		{disco + "identity", "category type", "caps"},
		{disco + "feature", "var", "caps"},
	}
}

// accountKinds are what the account's server is asked.
func accountKinds() []kind {
	const rsm = "http://jabber.org/protocol/rsm "
	return []kind{
		{"http://jabber.org/protocol/disco#items query", "", sameTopic},
		{"jabber:iq:roster query", "ver", core.TopicRoster},
		{"jabber:iq:roster item", "jid name subscription", core.TopicRoster},
		{"urn:xmpp:blocking block", "", core.TopicRoster},
		{"urn:xmpp:blocking unblock", "", core.TopicRoster},
		{"urn:xmpp:blocking blocklist", "", core.TopicRoster},
		{"urn:xmpp:blocking item", "jid", core.TopicRoster},
		{"urn:xmpp:carbons:2 enable", "", "carbons"},
		{"urn:xmpp:carbons:2 disable", "", "carbons"},
		{"urn:xmpp:mam:2 query", "queryid", "archive"},
		{rsm + "set", "", sameTopic},
		{rsm + "before", "", sameTopic},
		{rsm + "after", "", sameTopic},
		{rsm + "max", "", sameTopic},
		{"jabber:x:data x", "type", sameTopic},
		{"jabber:x:data value", "", sameTopic},
		{"jabber:x:data field FORM_TYPE", "type var", sameTopic},
		{"jabber:x:data field start", "var", sameTopic},
	}
}

func bookmarkKinds() []kind {
	const pubsub, form, node = "http://jabber.org/protocol/pubsub", "jabber:x:data field pubsub#", " urn:xmpp:bookmarks:1"
	return []kind{
		{pubsub + " pubsub", "", "bookmarks"},
		{pubsub + " items" + node, "node", "bookmarks"},
		{pubsub + " publish" + node, "node", "bookmarks"},
		{pubsub + " item", "id", "bookmarks"},
		{pubsub + " publish-options", "", "bookmarks"},
		{pubsub + "#owner pubsub", "", "bookmarks"},
		{pubsub + "#owner configure" + node, "node", "bookmarks"},
		{form + "access_model", "var", sameTopic},
		{form + "max_items", "var", sameTopic},
		{form + "persist_items", "var", sameTopic},
		{form + "send_last_published_item", "var", sameTopic},
		{"urn:xmpp:bookmarks:1 conference", "autojoin name", "bookmarks"},
		{"urn:xmpp:bookmarks:1 nick", "", "bookmarks"},
	}
}

func roomKinds() []kind {
	const muc, user, admin = "http://jabber.org/protocol/muc ", "http://jabber.org/protocol/muc#user ", "http://jabber.org/protocol/muc#admin "
	return []kind{
		{muc + "x", "", core.TopicVisits},
		{muc + "history", "maxstanzas", core.TopicVisits},
		{user + "x", "", core.TopicVisits},
		{user + "invite", "to", core.TopicVisits},
		{user + "reason", "", core.TopicVisits},
		{"subject (room)", "", core.TopicVisits},
		{admin + "query", "", core.TopicVisits},
		{admin + "item", "affiliation nick role", core.TopicVisits},
		{admin + "reason", "", core.TopicVisits},
		{"http://jabber.org/protocol/muc#owner query", "", core.TopicVisits},
		{"urn:xmpp:ping ping (room)", "", core.TopicVisits},
	}
}

// disclosed is what elements disclose: of each topic an example, and what the table does not know.
type disclosed struct {
	topics  map[core.Topic]string
	unknown []string
}

func disclosures(elements []string) disclosed {
	d := disclosed{topics: map[core.Topic]string{}}
	table := map[string]kind{}
	for _, k := range kinds() {
		table[k.name] = k
	}
	for _, text := range elements {
		var e element
		if err := xml.Unmarshal([]byte(text), &e); err != nil {
			d.unknown = append(d.unknown, err.Error()+": "+text)
			continue
		}
		d.look(table, e, e.where(), core.TopicServer, text)
	}
	return d
}

// look finds the topics of an element and of what is in it.
func (d *disclosed) look(table map[string]kind, e element, where string, around core.Topic, text string) {
	k, found := table[e.name()+where]
	if !found {
		k, found = table[e.name()]
	}
	if !found {
		d.unknown = append(d.unknown, e.name()+where+" in "+text)
		return
	}
	if k.topic == sameTopic {
		k.topic = around
	}
	d.topics[k.topic] = text
	for _, a := range e.Attrs {
		if !e.mayHave(k, a) {
			d.unknown = append(d.unknown, e.name()+where+" @"+a.Name.Local+" in "+text)
		}
	}
	for _, kid := range e.Kids {
		d.look(table, kid, where, k.topic, text)
	}
}

// element is any element.
type element struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Kids    []element  `xml:",any"`
	Text    string     `xml:",chardata"`
}

// where tells apart what is to a room or its service.
func (e element) where() string {
	if strings.Contains(e.attribute("to"), "conference.localhost") {
		return " (room)"
	}
	return ""
}

func (e element) attribute(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// name is what the table knows the element by.
func (e element) name() string {
	words := []string{e.XMLName.Space, e.XMLName.Local}
	switch e.XMLName.Local {
	case "iq", "presence", "message":
		words = append(words, e.attribute("type"))
	case "body":
		if strings.Contains(e.Text, "?OTR") {
			words = append(words, "otr")
		}
	case "field":
		words = append(words, e.attribute("var"))
	case "items", "publish", "configure":
		words = append(words, e.attribute("node"))
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

// mayHave reports whether the attribute is one of those that the kind has, and tells no more than it seems to.
func (e element) mayHave(k kind, a xml.Attr) bool {
	typ := e.attribute("type")
	switch {
	case a.Name.Local == "xmlns":
		return true
	case a.Name.Local == "lang": // Prosody adds it where a stream names none
		return a.Value == "en"
	case !slices.Contains(strings.Fields(k.attributes), a.Name.Local):
		return false
	case a.Name.Local == "id" && (e.XMLName.Local == "iq" || e.XMLName.Local == "message") && typ != "result" && typ != "error":
		return regexp.MustCompile(`^([A-Za-z0-9_-]{24}|[A-Z2-7]{26})$`).MatchString(a.Value) // of chance alone
	case e.XMLName.Local == "c" && a.Name.Local == "node":
		return a.Value == "https://traboule.example/caps"
	}
	return true
}

// TestPlantedDisclosures shows that the table catches what /privacy does not tell of.
func TestPlantedDisclosures(t *testing.T) {
	t.Parallel()
	const id = "id='kdxtHY1OiapO048RfzFpjQbc'"
	for name, test := range map[string]struct {
		element string
		unknown bool
	}{
		"a message":           {`<message type='chat' ` + id + ` to='a@localhost'><body>oui</body></message>`, false},
		"an error":            {`<iq type='error' id='q' to='a@localhost/x'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`, false},
		"idle time":           {`<presence><idle xmlns='urn:xmpp:idle:1' since='2026-11-23T01:00:00Z'/></presence>`, true},
		"a version":           {`<iq type='result' id='q' to='a@localhost/x'><query xmlns='jabber:iq:version'><name>x</name><os>Tails</os></query></iq>`, true},
		"a clock":             {`<iq type='result' id='q' to='a@localhost/x'><time xmlns='urn:xmpp:time'><tzo>+01:00</tzo></time></iq>`, true},
		"an avatar":           {`<presence><x xmlns='vcard-temp:x:update'><photo/></x></presence>`, true},
		"a language":          {`<message type='chat' xml:lang='fr' ` + id + ` to='a@localhost'/>`, true},
		"an id that counts":   {`<message type='chat' id='message-17' to='a@localhost'/>`, true},
		"a priority":          {`<presence><priority>5</priority></presence>`, true},
		"a node of ours":      {`<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' ver='x' node='https://traboule.example/1.2'/></presence>`, true},
		"presence to one":     {`<presence to='a@localhost'/>`, true},
		"another node":        {`<iq type='get' ` + id + `><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'/></pubsub></iq>`, true},
		"a name of a device":  {`<iq type='set' ` + id + `><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><tag>tails</tag></bind></iq>`, true},
		"what is not whole":   {`<message type='chat'>`, true},
		"an attribute of one": {`<message type='chat' ` + id + ` to='a@localhost'><body mood='fine'>oui</body></message>`, true},
	} {
		if d := disclosures([]string{test.element}); (len(d.unknown) > 0) != test.unknown {
			t.Errorf("%s: unknown is %q", name, d.unknown)
		}
	}
}
