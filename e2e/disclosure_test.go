package e2e_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"traboule/core"
	"traboule/internal/prosody"
)

// TestPrivacyIsComplete captures all that two clients send to their server in a session of everything, and looks for the row of
// /privacy that tells of each element and attribute; then it switches off what has a switch.
func TestPrivacyIsComplete(t *testing.T) {
	t.Parallel()
	s, _ := onContactsWith(t, prosody.Options{Stanzas: true})
	told := everything(t, s)
	sent := sentByClients(s.log())
	seen := disclosures(sent)
	if len(sent) < 60 {
		t.Errorf("only %d elements were captured", len(sent))
	}
	for _, unknown := range seen.unknown {
		t.Errorf("no row of /privacy tells of %s", unknown)
	}
	for topic, example := range seen.topics {
		if !slices.Contains(core.Topics(), topic) || !slices.Contains(told, string(topic)) {
			t.Errorf("/privacy has not told of %s, which is in %s", topic, example)
		}
	}
	switched := []core.Topic{"receipts", "typing", "markers", "presence", "caps", "carbons", "archive", "bookmarks"}
	for _, topic := range append(switched, core.TopicAnswers, core.TopicMessages, core.TopicOTR, core.TopicRoster, core.TopicVisits) {
		if seen.topics[topic] == "" {
			t.Errorf("nothing of %s went out: its switch proves nothing", topic)
		}
	}

	silentSession(t, s)
	later := sentByClients(s.log())[len(sent):]
	silent := disclosures(later)
	for _, topic := range switched {
		if example := silent.topics[topic]; example != "" {
			t.Errorf("%s is switched off, and yet: %s", topic, example)
		}
	}
	for _, unknown := range silent.unknown {
		t.Errorf("no row of /privacy tells of %s", unknown)
	}
	for _, element := range later {
		if strings.Contains(element, "type='result'") && strings.Contains(element, "to='hubert@") {
			t.Errorf("a contact learned from an answer that lupin is there: %s", element)
		}
	}
	if silent.topics[core.TopicMessages] == "" || silent.topics[core.TopicVisits] == "" {
		t.Errorf("the session with everything off said nothing: %q", later)
	}
}

// everything uses what the client has, and returns the topics that /privacy told in it.
func everything(t *testing.T, s server) []string {
	t.Helper()
	cuttable, proxy := through(t, s)
	ana, paulette := login(t, cuttable, "ana"), login(t, s, "paulette")
	ana.expect("presence", fields{"from": paulette.jid(), "show": "online"})
	for _, c := range []*client{ana, paulette} {
		c.send("/otr policy manual")
		c.expect("notice", fields{"code": "otr-policy-all", "policy": "manual"})
		for _, word := range []string{"receipts", "typing", "markers"} {
			c.send("/privacy %s on", word)
			c.expect("notice", fields{"code": "privacy-on", "topic": word})
		}
	}
	contactsAndTalk(ana, paulette)
	ask(t, s, ana)
	agree(ana, paulette)
	heard(ana, paulette, "entre nous")
	ana.send("/otr secret pain")
	paulette.expect("otr", fields{"event": "smp-request"})
	paulette.send("/otr answer pain")
	ana.expect("otr", fields{"event": "smp-success"})
	ana.send("/otr end")
	ana.expect("otr", fields{"state": "plain"})
	visitTogether(ana, paulette)
	proxy.Cut()
	ana.expect("connection", fields{"state": "resumed"})
	for _, word := range []string{"carbons", "caps", "archive"} {
		for _, state := range []string{"off", "on"} {
			ana.send("/privacy %s %s", word, state)
			ana.expect("notice", fields{"code": "privacy-" + state, "topic": word})
		}
	}
	ana.send("/privacy")
	ana.expect("notice", fields{"topic": "notifications"})
	var told []string
	for _, e := range ana.all("notice", nil) {
		if topic, is := e["topic"].(string); is {
			told = append(told, topic)
		}
	}
	ana.send("/part à demain")
	ana.expect("room", fields{"room": room, "state": "left"})
	ana.quit()
	paulette.quit()
	return told
}

// contactsAndTalk changes the roster, blocks, goes away and comes back, and talks with a correction.
func contactsAndTalk(ana, paulette *client) {
	ana.t.Helper()
	ana.send("/remove paulette@localhost")
	ana.expect("roster", fields{"jid": "paulette@localhost", "removed": true})
	paulette.expect("presence", fields{"subscription": "ended"})
	paulette.send("/remove ana@localhost")
	paulette.expect("roster", fields{"jid": "ana@localhost", "removed": true})
	becomeContacts(ana, paulette)
	ana.send("/block tigrou@localhost")
	ana.expect("notice", fields{"code": "blocked"})
	ana.send("/blocklist")
	ana.send("/unblock tigrou@localhost")
	ana.expect("notice", fields{"code": "unblocked"})
	ana.send("/away au four")
	paulette.expect("presence", fields{"show": "away", "status": "au four"})
	ana.send("/back")
	ana.send("/query paulette@localhost")
	paulette.send("/query ana@localhost")
	heard(ana, paulette, "bonjour")
	heard(paulette, ana, "salut")
	ana.send("/correct bonsoir")
	paulette.expect("message", fields{"body": "bonsoir"})
}

// heard says a text and waits until it is there. Its receipt may come before the server says that it has it.
func heard(from, to *client, text string) {
	from.t.Helper()
	from.send("%s", text)
	to.expect("message", fields{"direction": "in", "body": text})
}

// ask has a contact ask somebody's client everything that clients ask each other.
func ask(t *testing.T, s server, asked *client) {
	t.Helper()
	hubert := raw(t, s, "hubert")
	inject(t, hubert, `<presence/>`)
	for _, question := range []string{
		`<ping xmlns='urn:xmpp:ping'/>`, `<query xmlns='http://jabber.org/protocol/disco#info'/>`, `<query xmlns='jabber:iq:version'/>`,
		`<time xmlns='urn:xmpp:time'/>`, `<query xmlns='jabber:iq:last'/>`, `<vCard xmlns='vcard-temp'/>`,
	} {
		hubert.Ask(t, `<iq type='get' id='question' to='`+asked.jid()+`'>`+question+`</iq>`, "question")
	}
	hubert.Close()
}

// visitTogether does in a room what can be done there.
func visitTogether(ana, paulette *client) {
	ana.t.Helper()
	for _, c := range []*client{ana, paulette} {
		c.send("/join %s", room)
		c.expect("room", fields{"room": room, "state": "joined"})
	}
	ana.expect("occupant", fields{"nick": "paulette", "event": "joined"})
	talk(ana, paulette)
	whisper(ana, paulette)
	ana.send("/subject jeudi")
	paulette.expect("subject", fields{"text": "jeudi"})
	ana.send("/invite lupin@localhost viens")
	ana.expect("notice", fields{"code": "invitation-sent"})
	paulette.send("/nick Paule")
	ana.expect("occupant", fields{"nick": "paulette", "event": "renamed"})
	ana.send("/rooms")
	ana.expect("notice", fields{"code": "rooms"})
	ana.send("/affiliations")
	ana.send("/bookmark on %s", room)
	ana.expect("notice", fields{"code": "bookmarked"})
	ana.send("/kick Paule assez")
	ana.expect("occupant", fields{"nick": "Paule", "event": "kicked"})
}

// silentSession receives, says and visits something with all that has a switch switched off.
func silentSession(t *testing.T, s server) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "config.toml"), `[disclose]
receipts = false
typing = false
markers = false
presence = false
caps = false
carbons = false
archive = false
bookmarks = false
`)
	l := launch{server: s, account: "lupin@localhost"}
	lupin := startProgram(t, l.account, password, append([]string{"--json"}, l.arguments(dir)...)...)
	lupin.expect("connection", fields{"state": "connected"})
	hubert := raw(t, s, "hubert")
	inject(t, hubert, `<message type='chat' id='m' to='%s'><body>tu lis ?</body><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/><active xmlns='http://jabber.org/protocol/chatstates'/></message>`, lupin.jid())
	lupin.expect("message", fields{"body": "tu lis ?"})
	lupin.send("/query hubert@localhost")
	lupin.send("oui")
	said := lupin.expect("message", fields{"direction": "out", "body": "oui"})
	lupin.expect("message-state", fields{"id": said["id"], "state": "sent"})
	lupin.send("/join %s", room)
	lupin.expect("room", fields{"room": room, "state": "joined"})
	lupin.send("bonsoir")
	lupin.expect("message-state", fields{"conversation": room, "state": "sent"})
	hubert.Close()
	ask(t, s, lupin)
	lupin.quit()
}

// sentByClients returns the elements that the program sent, by the server's log; those of raw clients, who log in with PLAIN, are
// left out.
func sentByClients(log string) []string {
	var sent []string
	theirs := map[string]bool{}
	for line := range strings.Lines(log) {
		before, element, received := strings.Cut(line, "RECV: ")
		if !received {
			continue
		}
		session, _, _ := strings.Cut(before, " ")
		theirs[session] = theirs[session] || strings.Contains(element, "mechanism='PLAIN'")
		if !theirs[session] {
			sent = append(sent, strings.TrimSpace(element))
		}
	}
	return sent
}
