package e2e_test

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coyim/otr3"

	"traboule/internal/rawclient"
)

// rogue is the other side of a conversation in a script: its program knows OTR, and keeps to it only where the script does.
type rogue struct {
	*rawclient.Client
	t       testing.TB
	to      string             // full JID of the client that it is after
	library *otr3.Conversation // of the newest handshake
	inbox   chan string        // texts that the client has sent it
	seen    *lockedBuffer      // all that it got from anybody
	read    []string           // what it could decrypt
	steps   []otr3.SMPEvent    // of verifications
}

// HandleSMPEvent notes how far a verification is.
func (r *rogue) HandleSMPEvent(event otr3.SMPEvent, _ int, _ string) {
	r.steps = append(r.steps, event)
}

// newRogue logs a device of somebody in, and shows the client that it is there.
func newRogue(t testing.TB, s server, name, resource string, after *client) *rogue {
	t.Helper()
	r := &rogue{
		Client: rawclient.Login(t, rawclient.Account{
			Addr: s.directAddr, Roots: s.roots, Local: name, Domain: "localhost", Password: password, Resource: resource,
		}),
		t: t, to: after.jid(), inbox: make(chan string, 1<<14), seen: new(lockedBuffer),
	}
	go r.listen()
	r.stanza(`<presence/>`)
	return r
}

// listen takes all that comes until the connection ends.
func (r *rogue) listen() {
	defer close(r.inbox)
	for {
		element, err := r.Next()
		if err != nil {
			return
		}
		fmt.Fprintln(r.seen, element)
		var m struct {
			XMLName xml.Name
			From    string `xml:"from,attr"`
			Type    string `xml:"type,attr"`
			Body    string `xml:"body"`
		}
		err = xml.Unmarshal([]byte(element), &m)
		if err == nil && m.XMLName.Local == "message" && m.Type == "chat" && m.Body != "" && strings.HasPrefix(m.From, "ana@") {
			r.inbox <- m.Body
		}
	}
}

func (r *rogue) stanza(format string, args ...any) {
	r.t.Helper()
	if err := r.Send(fmt.Sprintf(format, args...)); err != nil {
		r.t.Fatal(err)
	}
}

// tell sends texts as they are. Nobody is to keep them, which would take the server longer than the test.
func (r *rogue) tell(texts ...string) {
	r.t.Helper()
	for _, text := range texts {
		r.stanza(`<message type='chat' to='%s'><body>%s</body><no-store xmlns='urn:xmpp:hints'/></message>`, r.to, rawclient.Escape(text))
	}
}

// say sends what the library has made.
func (r *rogue) say(messages []otr3.ValidMessage, err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, m := range messages {
		r.tell(string(m))
	}
}

// next is what the client says next.
func (r *rogue) next() string {
	r.t.Helper()
	select {
	case text, alive := <-r.inbox:
		if !alive {
			r.t.Fatalf("%s: the connection ended", r.JID)
		}
		return text
	case <-time.After(patience):
		r.t.Fatalf("%s: nothing came", r.JID)
	}
	return ""
}

// take reads one message with the library, without answering it.
func (r *rogue) take() (plain string, answers []otr3.ValidMessage) {
	r.t.Helper()
	text, answers, err := r.library.Receive(otr3.ValidMessage(r.next()))
	if err != nil {
		r.t.Logf("%s: %v", r.JID, err)
	}
	if text != nil {
		r.read = append(r.read, string(text))
	}
	return string(text), answers
}

// until answers as the library does until something holds.
func (r *rogue) until(done func(plain string) bool) {
	r.t.Helper()
	for {
		plain, answers := r.take()
		r.say(answers, nil)
		if done(plain) {
			return
		}
	}
}

// encrypted answers until there is a session.
func (r *rogue) encrypted() {
	r.t.Helper()
	r.until(func(string) bool { return r.library.IsEncrypted() })
}

// answer answers a message as the library does.
func (r *rogue) answer(message string) {
	r.t.Helper()
	if message == "" {
		return
	}
	_, answers, err := r.library.Receive(otr3.ValidMessage(message))
	r.say(answers, err)
}

// reaches answers until a verification comes to a step.
func (r *rogue) reaches(step otr3.SMPEvent) {
	r.t.Helper()
	r.steps = nil
	r.until(func(string) bool { return slices.Contains(r.steps, step) })
}

// hears answers until a text comes.
func (r *rogue) hears(text string) {
	r.t.Helper()
	r.until(func(plain string) bool { return plain == text })
}

// renew forgets the session and makes ready for a new one, with one of the keys that the tests have.
func (r *rogue) renew(version, key int) {
	r.t.Helper()
	r.library = newLibrary(r.t, version, key)
	r.library.SetSMPEventHandler(r)
}

// shakeHands has a session begun, which it asks for.
func (r *rogue) shakeHands(version, key int) {
	r.t.Helper()
	r.renew(version, key)
	r.tell(string(r.library.QueryMessage()))
	r.encrypted()
}

// newLibrary is an end of OTR that knows nothing yet.
func newLibrary(t testing.TB, version, key int) *otr3.Conversation {
	t.Helper()
	own := &otr3.DSAPrivateKey{}
	if !own.Import(testKeys(t)[key]) {
		t.Fatalf("key %d cannot be read", key)
	}
	c := &otr3.Conversation{}
	if version == 2 {
		c.Policies.AllowV2()
	} else {
		c.Policies.AllowV3()
	}
	c.SetOurKeys([]otr3.PrivateKey{own})
	return c
}

// testKeys are the keys that are for tests, as they stand in a file of libotr's.
func testKeys(t testing.TB) [][]byte {
	t.Helper()
	content, err := os.ReadFile("../otr/testdata/otr.private_key")
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Split(content, []byte("(account\n"))[1:]
}

// fingerprint is that of its key, as the client writes it.
func (r *rogue) fingerprint() string {
	return fmt.Sprintf("%x", r.library.GetOurKeys()[0].PublicKey().Fingerprint())
}

// seal makes a text a message of the session. What stands behind a NUL goes out as records of the protocol.
func (r *rogue) seal(text string) string {
	r.t.Helper()
	messages, err := r.library.Send(otr3.ValidMessage(text))
	if err != nil || len(messages) != 1 {
		r.t.Fatalf("%s: %d messages, %v", r.JID, len(messages), err)
	}
	return string(messages[0])
}

// truncate cuts what is encoded in a message after so many bytes.
func (r *rogue) truncate(message string, length int) string {
	r.t.Helper()
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(strings.TrimPrefix(message, "?OTR:"), "."))
	if err != nil {
		r.t.Fatal(err)
	}
	return "?OTR:" + base64.StdEncoding.EncodeToString(raw[:min(length, len(raw))]) + "."
}

// blind fails the test if it could read one of some texts, or anybody who saw what it got.
func (r *rogue) blind(texts ...string) {
	r.t.Helper()
	got := r.seen.String()
	for _, text := range texts {
		if strings.Contains(got, text) || strings.Contains(strings.Join(r.read, "\n"), text) {
			r.t.Errorf("%s got %q, which was not for it", r.JID, text)
		}
	}
}

// drain forgets what has come so far, once something has come that the client says after it.
func (r *rogue) drain() {
	for {
		select {
		case <-r.inbox:
		default:
			return
		}
	}
}
