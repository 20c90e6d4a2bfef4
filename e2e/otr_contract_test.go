package e2e_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/coyim/otr3"
)

// TestOTRContract has one client go through every state, event and reason that docs/json.md has for OTR, with a scripted other
// side. While one start of a session is left to time out, a contact attacks the same client.
func TestOTRContract(t *testing.T) {
	t.Parallel()
	s, _ := onContacts(t, 0)
	home := t.TempDir()
	giveKey(t, filepath.Join(home, "profile"), 2)
	before := filesIn(t, home)
	ana := loginAt(t, s, home)
	mute := newRogue(t, s, "lupin", "mute", ana)
	ana.expect("presence", fields{"from": mute.JID, "show": "online"})
	ana.send("/otr start %s", mute.JID)
	ana.expect("otr", fields{"conversation": mute.JID, "state": "starting", "reason": "by-us"})

	r := newRogue(t, s, "paulette", "rogue", ana)
	ana.expect("presence", fields{"from": r.JID, "show": "online"})
	ana.send("/query paulette@localhost")
	offerThenEnd(ana, r)
	trustByHand(ana, r)
	verifyBothWays(ana, r)
	newKeys(ana, r)
	oddMessages(ana, r)
	rude := attackSession(t, s, ana)
	ana.expect("otr", fields{"conversation": mute.JID, "state": "plain", "reason": "timeout"})
	bomb(ana, rude)
	ana.expect("otr", fields{"conversation": r.JID, "state": "finished", "reason": "fault"}) // as all sessions
	ana.send("/query paulette@localhost")
	loseOtherSide(ana, r)
	loseConnection(ana, r)
	ana.quit()
	for field, words := range contract(t) {
		for _, word := range words {
			if len(ana.all("otr", fields{field: word})) == 0 {
				t.Errorf("%s %q was never shown", field, word)
			}
		}
	}
	same(t, "files of ana", filesIn(t, home), before)
}

// loginAt logs ana in where all that a program usually writes to is in one folder.
func loginAt(t *testing.T, s server, home string) *client {
	t.Helper()
	l := launch{server: s, account: "ana@localhost"}
	argv := []string{"env", "-C", home, "HOME=" + home, "TMPDIR=" + home, "XDG_RUNTIME_DIR=" + home, binary(), "--json"}
	ana := startCommand(t, l.account, password, append(argv, l.arguments(filepath.Join(home, "profile"))...)...)
	ana.expect("connection", fields{"state": "connected"})
	return ana
}

// giveKey puts one of the keys that the tests have into a profile, as ana's.
func giveKey(t *testing.T, profile string, key int) {
	t.Helper()
	dir := t.TempDir()
	account := regexp.MustCompile(`\(name .*\)`).ReplaceAllLiteral(testKeys(t)[key], []byte(`(name "ana@localhost/")`))
	write(t, filepath.Join(dir, "otr.private_key"), "(privkeys\n (account\n"+strings.TrimSuffix(strings.TrimSpace(string(account)), "\n)")+"\n)\n")
	out, err := exec.CommandContext(t.Context(), binary(), "otr", "import", dir, "--profile", profile).CombinedOutput()
	if err != nil {
		t.Fatalf("import: %v\n%s", err, out)
	}
}

// filesIn lists what is in a folder, with the sizes.
func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			info, failed := entry.Info()
			if failed != nil {
				return failed
			}
			found = append(found, fmt.Sprintf("%s, %d bytes", path, info.Size()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// contract reads which words docs/json.md has for the fields of "otr".
func contract(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "### `otr`\n")
	section, _, _ = strings.Cut(section, "\n### ")
	words := map[string][]string{}
	for _, field := range []string{"state", "trust", "reason", "event"} {
		row := regexp.MustCompile("(?m)^\\| `" + field + "` .*$").FindString(section)
		for _, match := range regexp.MustCompile("`([a-z0-9-]+)`").FindAllStringSubmatch(row, -1)[1:] {
			words[field] = append(words[field], match[1])
		}
	}
	const fewest = 30
	if n := len(slices.Concat(words["state"], words["trust"], words["reason"], words["event"])); n < fewest {
		t.Fatalf("docs/json.md has only %d words for OTR: %v", n, words)
	}
	return words
}

// offerThenEnd has the other side offer a session, which the user agrees to, and end it.
func offerThenEnd(ana *client, r *rogue) {
	ana.t.Helper()
	ana.send("/otr policy manual")
	ana.expect("notice", fields{"code": "otr-policy", "policy": "manual"})
	r.renew(3, 0)
	r.tell(string(r.library.QueryMessage()))
	ana.expect("otr", fields{"conversation": r.JID, "event": "offered", "state": "plain", "trust": "none"})
	ana.send("/otr start")
	r.encrypted()
	ana.expect("otr", fields{"conversation": r.JID, "state": "encrypted", "reason": "by-us", "trust": "unverified", "fingerprint": r.fingerprint()})
	ana.send("bonjour")
	r.hears("bonjour")
	r.say(r.library.End())
	ana.expect("otr", fields{"conversation": r.JID, "state": "finished", "reason": "by-them", "trust": "none"})
	withheld(ana, "pas après la fin")
	ana.send("/otr end")
	ana.expect("otr", fields{"conversation": r.JID, "state": "plain", "reason": "by-us"})
	ana.send("/otr policy opportunistic")
	ana.expect("notice", fields{"code": "otr-policy", "policy": "opportunistic"})
	r.blind("pas après la fin")
}

// trustByHand has them start a session, and the user say that the key is theirs, and take it back.
func trustByHand(ana *client, r *rogue) {
	ana.t.Helper()
	r.shakeHands(3, 0)
	ana.expect("otr", fields{"conversation": r.JID, "state": "encrypted", "reason": "by-them", "trust": "unverified"})
	ana.send("/otr trust")
	ana.expect("otr", fields{"event": "trusted", "trust": "verified", "fingerprint": r.fingerprint()})
	ana.send("/otr distrust")
	ana.expect("otr", fields{"event": "distrusted", "trust": "unverified"})
}

// verifyBothWays has each side ask, with every outcome.
func verifyBothWays(ana *client, r *rogue) {
	ana.t.Helper()
	r.say(r.library.StartAuthenticate("Où ?", []byte("à Mâcon")))
	ana.expect("otr", fields{"event": "smp-request", "question": "Où ?"})
	ana.send("/otr answer à Mâcon")
	r.reaches(otr3.SMPEventSuccess)
	ana.expect("otr", fields{"event": "smp-progress"})
	ana.expect("otr", fields{"event": "smp-success", "trust": "unverified"}) // they asked, and so proved nothing

	for _, row := range []struct{ answer, event, trust string }{
		{"à Lyon", "smp-failure", "unverified"}, {"à Mâcon", "smp-success", "verified"},
	} {
		ana.send(`/otr ask "Où ?" à Mâcon`)
		r.reaches(otr3.SMPEventAskForAnswer)
		r.say(r.library.ProvideAuthenticationSecret([]byte(row.answer)))
		r.until(func(string) bool { return true })
		ana.expect("otr", fields{"event": row.event, "trust": row.trust})
	}
	r.say(r.library.StartAuthenticate("", []byte("x")))
	ana.expect("otr", fields{"event": "smp-request", "question": nil})
	r.say(r.library.AbortAuthentication())
	ana.expect("otr", fields{"event": "smp-abort", "trust": "verified"})
}

// newKeys has them lose a text and come back, with the same key and with another. Only in the first case does it go out again.
func newKeys(ana *client, r *rogue) {
	ana.t.Helper()
	lose := func(text string) {
		r.drain()
		ana.send("%s", text)
		r.next()
		r.tell("?OTR Error: pas lu " + text)
		ana.expect("otr", fields{"event": "error", "text": "pas lu " + text, "state": "encrypted"})
	}
	lose("dernier mot")
	r.shakeHands(3, 0)
	ana.expect("otr", fields{"state": "encrypted", "reason": "renewed", "trust": "verified"})
	ana.expect("otr", fields{"event": "resent"})
	r.hears("[resent] dernier mot")

	former := r.fingerprint()
	lose("à cette clé seule")
	r.shakeHands(3, 1)
	ana.expect("otr", fields{
		"event": "new-fingerprint", "state": "encrypted", "trust": "unverified", "fingerprint": r.fingerprint(), "former": former,
	})
	ana.expect("otr", fields{"event": "not-resent"})
	ana.send("peut-être pour l’autre clé")
	said := ana.expect("message", fields{"direction": "out", "body": "peut-être pour l’autre clé"})
	ana.expect("message-state", fields{"id": said["id"], "state": "failed", "error.code": "key-changed"})
	ana.send("pour celle-ci")
	r.hears("pour celle-ci")
	r.blind("peut-être pour l’autre clé", "à cette clé seule")
}

// oddMessages sends what is none of OTR, or of a version that is not spoken.
func oddMessages(ana *client, r *rogue) {
	ana.t.Helper()
	r.tell("?OTR:===.")
	ana.expect("otr", fields{"event": "unreadable", "state": "encrypted"})
	r.tell("?OTR?")
	ana.expect("otr", fields{"event": "unsupported", "state": "encrypted"})
	const pieces = 9
	for i := range pieces {
		r.tell(fmt.Sprintf("?OTR,%d,%d,%s,", i+1, pieces, strings.Repeat("A", 20_000)))
	}
	ana.expect("otr", fields{"event": "oversized", "state": "encrypted"})

	// Her own message comes back, and then her own key.
	r.drain()
	r.tell("?OTRv3?")
	commitment := r.next()
	r.tell(commitment)
	ana.expect("otr", fields{"event": "reflected", "state": "encrypted"})
	r.renew(3, 2)
	r.answer(commitment)
	r.encrypted()
	ana.expect("otr", fields{"event": "same-key", "state": "encrypted", "fingerprint": r.fingerprint()})
	r.shakeHands(2, 1)
	ana.expect("otr", fields{"state": "encrypted", "version": 2, "reason": "renewed"})
	r.say(r.library.StartAuthenticate("Où ?", []byte("x")))
	ana.expect("otr", fields{"event": "unsafe-smp", "version": 2})
}

// loseOtherSide has the process with the keys killed, and then the other side go.
func loseOtherSide(ana *client, r *rogue) {
	ana.t.Helper()
	startAnew(ana, r, 3, 1)
	ana.killKeyHolder()
	ana.expect("otr", fields{"conversation": r.JID, "state": "finished", "reason": "fault"})
	startAnew(ana, r, 3, 1)
	r.stanza(`<presence type='unavailable'/>`)
	ana.expect("otr", fields{"conversation": r.JID, "state": "finished", "reason": "peer-gone"})
	r.stanza(`<presence/>`)
	ana.expect("presence", fields{"from": r.JID, "show": "online"})
}

// loseConnection logs the client in anew while there is a session.
func loseConnection(ana *client, r *rogue) {
	ana.t.Helper()
	startAnew(ana, r, 3, 1)
	ana.send("/disconnect")
	ana.expect("connection", fields{"state": "disconnected"})
	ana.send("/connect")
	ana.expect("connection", fields{"state": "connected"})
	ana.expect("otr", fields{"conversation": r.JID, "state": "finished", "reason": "disconnected"})
	r.to = ana.jid()
}

// startAnew has the client start a session.
func startAnew(ana *client, r *rogue, version, key int) {
	ana.t.Helper()
	r.drain()
	r.renew(version, key)
	ana.send("/otr start")
	r.encrypted()
	ana.expect("otr", fields{"conversation": r.JID, "state": "encrypted", "reason": "by-us", "event": nil})
}
