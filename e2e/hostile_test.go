package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"traboule/internal/rawclient"
)

// raw logs in a client that sends whatever it is told to.
func raw(t testing.TB, s server, name string) *rawclient.Client {
	t.Helper()
	return rawclient.Login(t, rawclient.Account{
		Addr: s.directAddr, Roots: s.roots, Local: name, Domain: "localhost", Password: password, Resource: "raw",
	})
}

// inject sends a stanza as it is.
func inject(t *testing.T, c *rawclient.Client, format string, args ...any) {
	t.Helper()
	if err := c.Send(fmt.Sprintf(format, args...)); err != nil {
		t.Fatal(err)
	}
}

// hostileTexts are texts that XML lets through and that no terminal should get.
func hostileTexts() map[string]string {
	return map[string]string{
		"C1 title":        "\u009d0;PWNED\u009c",
		"C1 clear":        "\u009b2J\u009b31mPWNED",
		"bidi":            "\u202ePWNED\u2066\u2069\u200f",
		"zero width":      "P\u200bW\u200cN\u2060E\ufeffD",
		"tview colour":    "[red]PWNED[-] [:::https://evil.example]link[:::-] [\"region\"]x[\"\"]",
		"combining marks": "a" + strings.Repeat("\u0301", 100_000),
		"tags":            "x\U000e0041\U000e0042\U000e007f",
		"line separators": "one\u2028two\u2029three\u0085four",
		"fake notice":     "bonjour\n12:00 -!- hubert is verified",
		"hangul filler":   "x\u3164y\uffa0z",
		"noncharacters":   "\ufdd0\U0001fffe\uffff",
	}
}

// attack has a stranger send everything it can think of to ana, in a room and directly, and says "fin" after all of it.
func attack(t *testing.T, s server, to string) {
	t.Helper()
	hubert := raw(t, s, "hubert")
	go func() {
		// What the server says does not matter, as long as it can say it.
		for err := error(nil); err == nil; {
			_, err = hubert.Next()
		}
	}()
	inject(t, hubert, `<presence/><presence to='%s/x&#x3164;y'><x xmlns='http://jabber.org/protocol/muc'/></presence>`, room)
	for name, text := range hostileTexts() {
		escaped := rawclient.Escape(strings.Map(allowedInXML, text))
		inject(t, hubert, `<message type='chat' to='%s' id='%s'><body>%s</body></message>`, to, name, escaped)
		inject(t, hubert, `<message type='groupchat' to='%s' id='%s'><body>%s</body></message>`, room, name, escaped)
		inject(t, hubert, `<presence to='%s/x&#x3164;y'><show>away</show><status>%s</status></presence>`, room, escaped)
		inject(t, hubert, `<message type='groupchat' to='%s'><subject>%s</subject></message>`, room, escaped)
		inject(t, hubert, `<message type='error' to='%s' id='%s'><error type='cancel'><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>%s</text></error></message>`, to, name, escaped)
		if len(text) < 200 {
			inject(t, hubert, `<presence to='%s/%s'/>`, room, escaped)
		}
	}
	inject(t, hubert, `<presence to='%s/hubert'/>`, room)
	for _, payload := range forgeries() {
		inject(t, hubert, payload, to)
	}
	inject(t, hubert, `<message type='chat' to='%s'><body>fin</body></message>`, to)
	inject(t, hubert, `<message type='groupchat' to='%s'><body>fin</body></message>`, room)
}

// forgeries are stanzas that claim what their sender may not claim, or try to end the session of who gets them. %s is the
// victim's address.
func forgeries() []string {
	carbon := `<message xmlns='jabber:client' from='ana@localhost/other' to='%[1]s' type='chat'><body>FORGED</body></message>`
	return []string{
		`<message to='%[1]s'><x xmlns='http://etherx.jabber.org/streams'/></message>`,
		`<message to='%[1]s' type='chat'><body>still here</body><error xmlns='http://etherx.jabber.org/streams'/></message>`,
		`<message to='%[1]s' type='chat'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>` + carbon + `</forwarded></received></message>`,
		`<message to='%[1]s' type='chat'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>` + carbon + `</forwarded></sent></message>`,
		`<message to='%[1]s'><result xmlns='urn:xmpp:mam:2' id='1'><forwarded xmlns='urn:xmpp:forward:0'>` + carbon + `</forwarded></result></message>`,
		`<iq type='set' to='%[1]s' id='push'><query xmlns='jabber:iq:roster'><item jid='forged@localhost' name='FORGED' subscription='both'/></query></iq>`,
		`<iq type='set' to='%[1]s' id='block'><block xmlns='urn:xmpp:blocking'><item jid='forged@localhost'/></block></iq>`,
		`<iq type='result' to='%[1]s' id='1'><query xmlns='jabber:iq:roster'><item jid='forged@localhost'/></query></iq>`,
		`<iq type='result' to='%[1]s' id='2'/>`,
		`<iq type='get' to='%[1]s' id='empty'/>`,
		`<message to='%[1]s' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:bookmarks:1'><item id='forged@localhost'/></items></event></message>`,
		`<message to='%[1]s' type='chat' id='deep'>` + strings.Repeat("<a xmlns='x'>", 500) + strings.Repeat("</a>", 500) + `</message>`,
		`<message to='%[1]s' type='chat' id='wide'>` + strings.Repeat("<a xmlns='x'/>", 5000) + `</message>`,
	}
}

// allowedInXML drops what an XML stream cannot carry (XML 1.0 §2.2).
func allowedInXML(r rune) rune {
	if r == '\n' || r == '\t' || r >= ' ' && r != 0xfffe && r != 0xffff {
		return r
	}
	return -1
}

// TestHostileStranger shows that a session lives through what a stranger sends, believes none of it, and shows it clean.
func TestHostileStranger(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		ana := login(t, s, "ana")
		ana.send("/join %s", room)
		ana.expect("room", fields{"room": room, "state": "joined"})
		full, _ := ana.all("connection", fields{"state": "connected"})[0]["jid"].(string)
		attack(t, s, full)
		ana.expect("message", fields{"kind": "chat", "body": "fin"})
		ana.expect("message", fields{"kind": "groupchat", "body": "fin"})

		for _, e := range ana.all("connection", nil) {
			if state := e["state"]; state != "connecting" && state != "connected" {
				t.Errorf("the session did not live: %s", e)
			}
		}
		for _, kind := range []string{"message", "roster"} {
			for _, e := range ana.all(kind, nil) {
				if strings.Contains(strings.ToLower(e.String()), "forged") {
					t.Errorf("believed a forgery: %s", e)
				}
			}
		}
		for _, e := range ana.all("message", nil) {
			if bad := strings.IndexFunc(e["body"].(string), hostileRune); bad >= 0 {
				t.Errorf("not clean at byte %d: %.200q", bad, e["body"])
			}
		}
		const most = 200 << 10 // kB, with the race detector's own share
		if used := residentMemory(t, ana.pid()); used > most {
			t.Errorf("%d kB in use, more than %d", used, most)
		}
		ana.send("/msg %s toujours là", room)
		said := ana.expect("message", fields{"direction": "out", "body": "toujours là"})
		ana.expect("message-state", fields{"id": said["id"], "state": "sent"})
		ana.quit()
	})
}

// hostileRune reports what must not reach a terminal, whatever an emoji may need of joiners.
func hostileRune(r rune) bool {
	switch {
	case r < ' ' && r != '\n' && r != '\t', 0x7f <= r && r < 0xa0:
		return true
	case 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c:
		return true
	case r == 0x200b, r == 0x2060, r == 0xfeff, r == 0x2028, r == 0x2029, 0xe0000 <= r && r <= 0xe007f:
		return true
	}
	return false
}

// residentMemory returns what a process keeps in memory, in kB.
func residentMemory(t testing.TB, pid string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("/proc", pid, "status"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	kB, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kB
}

// TestOddResource lets a stranger send from an address that strict libraries refuse.
func TestOddResource(t *testing.T) {
	t.Parallel()
	s, _ := onProsody(t, 0)
	ana := login(t, s, "ana")
	c := rawclient.Login(t, rawclient.Account{
		Addr: s.directAddr, Roots: s.roots, Local: "lupin", Domain: "localhost", Password: password, Resource: "❤️👩‍🚀",
	})
	inject(t, c, `<message type='chat' to='ana@localhost'><body>bonjour</body></message>`)
	ana.expect("message", fields{"kind": "chat", "body": "bonjour"})
	ana.quit()
}
