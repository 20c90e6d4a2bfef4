package line

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"traboule/core"
	"traboule/im"
	"traboule/ui/i18n"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// happening is a name for the transcript and what happens then.
type happening struct {
	name   string
	update core.Update
}

// happenings has each kind of fact, in each of the forms in which the contract tells it.
func happenings() []happening {
	ana := im.MustJID("ana@localhost")
	one := func(name string, facts ...core.Fact) happening {
		view := core.View{Accounts: []core.AccountView{{Account: ana}}}
		return happening{name, core.Update{View: view, Facts: facts}}
	}
	return slices.Concat(connectionHappenings(ana, one), torHappenings(ana, one), contactHappenings(ana, one), roomHappenings(ana, one), messageHappenings(ana, one),
		otrHappenings(ana, one))
}

type maker func(name string, facts ...core.Fact) happening

func connectionHappenings(ana im.JID, one maker) []happening {
	on := im.On{Account: ana}
	full := im.MustJID("ana@localhost/Qm3x")
	return []happening{
		one("Tor starts", core.ConnectionFact{ConnectionChanged: im.ConnectionChanged{On: on, State: im.WaitingForTor, Progress: 35}},
			remark(ana, &core.Notice{Code: core.NoticeWaitingForTor, JID: ana, Count: 35})),
		one("connecting", core.ConnectionFact{ConnectionChanged: im.ConnectionChanged{On: on, State: im.Connecting, Via: im.ViaTor}}),
		one("connected", core.ConnectionFact{ConnectionChanged: im.ConnectionChanged{
			On: on, State: im.Connected, JID: full, Via: im.ViaOnion, Server: "abc.onion:5222", TLS: "TLS 1.3", SASL: "SCRAM-SHA-256-PLUS"}},
			remark(ana, &core.Notice{Code: core.NoticeConnected, JID: full, State: im.Connected, Via: im.ViaOnion, Text: "abc.onion:5222"})),
		one("resumed", core.ConnectionFact{ConnectionChanged: im.ConnectionChanged{On: on, State: im.Resumed, JID: full, Via: im.ViaSOCKS}}),
		one("lost", core.ConnectionFact{ConnectionChanged: im.ConnectionChanged{On: on, State: im.Disconnected, RetryIn: 5 * time.Second,
			Err: &im.Failure{Code: im.CodeConnectionLost}}, RetryAt: noon().Add(5 * time.Second)},
			remark(ana, &core.Notice{Code: core.NoticeDisconnected, Level: core.Warn, JID: ana, Wait: 5 * time.Second, Err: &im.Failure{Code: im.CodeConnectionLost}})),
		one("refused", core.ConnectionFact{ConnectionChanged: im.ConnectionChanged{On: on, State: im.Failed, Via: im.ViaDirect,
			Err: &im.Failure{Code: im.CodeLoginRefused, Condition: "not-authorized", Text: "Unable to authorize you"}}},
			remark(ana, &core.Notice{Code: core.NoticeConnectionFailed, Level: core.Error, JID: ana,
				Err: &im.Failure{Code: im.CodeLoginRefused, Condition: "not-authorized", Text: "Unable to authorize you"}})),
	}
}

// torHappenings concern the whole session: what is told stands in the console of each account.
func torHappenings(ana im.JID, one maker) []happening {
	everywhere := func(name string, n *core.Notice) happening {
		return one(name, remark(ana, n), remark(im.MustJID("bob@localhost"), n), core.NoticeFact{Notice: n})
	}
	return []happening{
		everywhere("Tor is found", &core.Notice{Code: core.NoticeTorReady, Text: "127.0.0.1:9050"}),
		everywhere("the clock is wrong", &core.Notice{Code: core.NoticeTorClockWrong, Level: core.Warn, Wait: 2 * time.Hour}),
		everywhere("Tor is gone", &core.Notice{Code: core.NoticeTorGone, Level: core.Warn, Text: "127.0.0.1:9050"}),
		everywhere("no Tor", &core.Notice{Code: core.NoticeTorUnused, Level: core.Warn}),
		everywhere("old kernel", &core.Notice{Code: core.NoticeConfinementLacks, Confinement: &im.Confinement{
			Wanted: true, Landlock: 1, Files: true, UDP: true, Programs: true, Lacks: []im.ConfinementLack{im.OldLandlock}}}),
	}
}

func contactHappenings(ana im.JID, one maker) []happening {
	paulette := im.MustJID("paulette@localhost")
	request := im.SubscriptionRequest
	roster := &core.Notice{Code: core.NoticeRoster, Account: ana, JID: ana, Count: 1, List: []core.Row{
		{JID: paulette, Name: "Paulette", Show: im.Away, Status: "au marché", Subscription: im.SubscriptionBoth}}}
	return []happening{
		one("contact", core.RosterFact{Account: ana, Item: im.RosterItem{JID: paulette, Name: "Paulette", Groups: []string{"quartier"}, Subscription: im.SubscriptionBoth}}),
		one("contact asked", core.RosterFact{Account: ana, Item: im.RosterItem{JID: paulette, Asked: true}}),
		one("contact removed", core.RosterFact{Account: ana, Item: im.RosterItem{JID: paulette}, Removed: true}),
		one("contact away", core.PresenceFact{Account: ana, From: im.MustJID("paulette@localhost/phone"), Show: im.Away, Status: "au marché"},
			core.LineAdded{Conversation: core.ConversationID{Account: ana, Peer: paulette},
				Line: &core.Line{Time: noon(), Notice: &core.Notice{Code: core.NoticePresence, JID: paulette, Nick: "Paulette", Show: im.Away, Text: "au marché"}}}),
		one("somebody asks", core.PresenceFact{Account: ana, From: im.MustJID("lupin@example.org"), Subscription: &request, Status: "bonsoir"},
			remark(ana, &core.Notice{Code: core.NoticeSubscriptionRequest, JID: im.MustJID("lupin@example.org"), Nick: "lupin@example.org", Text: "bonsoir"})),
		one("roster", core.NoticeFact{Conversation: core.ConversationID{Account: ana}, Notice: roster}, remark(ana, roster)),
	}
}

func roomHappenings(ana im.JID, one maker) []happening {
	grenoble := room().Peer
	notice := func(n *core.Notice) core.Fact {
		return core.LineAdded{Conversation: room(), Line: &core.Line{Time: noon(), Notice: n}}
	}
	return []happening{
		one("joining", core.RoomFact{Account: ana, Room: grenoble, State: core.RoomJoining, Nick: "ana"}),
		one("joined", core.RoomFact{Account: ana, Room: grenoble, State: core.RoomJoined, Nick: "ana", Occupants: 41,
			Flags: []im.RoomFlag{im.FlagPublic, im.FlagLogged, im.FlagNonAnonymous}},
			notice(&core.Notice{Code: "room-joined", Room: grenoble, Nick: "ana", Count: 41})),
		one("left", core.RoomFact{Account: ana, Room: grenoble, State: core.RoomLeft, Nick: "ana"}),
		one("nick taken", core.RoomFact{Account: ana, Room: grenoble, State: core.RoomFailed, Nick: "ana", Err: &im.Failure{Code: im.CodeNickTaken}}),
		one("occupant joined", core.OccupantFact{Account: ana, Room: grenoble, Nick: "tigrou", Event: core.OccupantJoined, Role: im.Participant},
			notice(&core.Notice{Code: "occupant-joined", Room: grenoble, Nick: "tigrou"})),
		one("occupant renamed", core.OccupantFact{Account: ana, Room: grenoble, Nick: "tigrou", Event: core.OccupantRenamed, NewNick: "tigre",
			Affiliation: im.Member, Role: im.Participant}),
		one("occupant kicked", core.OccupantFact{Account: ana, Room: grenoble, Nick: "tigre", Event: core.OccupantKicked, Actor: "hubert", Reason: "trop de bruit"},
			notice(&core.Notice{Code: "occupant-kicked", Room: grenoble, Nick: "tigre", Actor: "hubert", Reason: "trop de bruit"})),
		one("subject", core.SubjectFact{Account: ana, Room: grenoble, From: "hubert", Text: "On se retrouve jeudi, 18 h"},
			notice(&core.Notice{Code: "subject-changed", Room: grenoble, Nick: "hubert", Text: "On se retrouve jeudi, 18 h"})),
		one("subject removed", core.SubjectFact{Account: ana, Room: grenoble, From: "hubert"}),
	}
}

func messageHappenings(ana im.JID, one maker) []happening {
	said := func(name string, id core.ConversationID, kind im.Kind, line core.Line) happening {
		if line.Time.IsZero() {
			line.Time = noon().Add(2 * time.Minute)
		}
		return one(name, core.LineAdded{Conversation: id, Line: &line}, core.MessageFact{Conversation: id, Kind: kind, Line: &line})
	}
	person := core.ConversationID{Account: ana, Peer: im.MustJID("paulette@localhost")}
	private := core.ConversationID{Account: ana, Peer: im.MustJID("grenoble@conference.localhost/le chat")}
	corrected := &core.Line{Time: noon(), From: "hubert", Body: "salut !", ID: "b2", Edited: true}
	unknown := &core.Line{Time: noon(), Out: true, From: "ana", Body: "peut-être", ID: "a8", State: core.StateFailed, Err: &im.Failure{Code: im.CodeUnconfirmed}}
	failed := &core.Line{Time: noon(), Out: true, From: "ana", Body: "perdu", ID: "a9", State: core.StateFailed, Err: &im.Failure{Code: im.CodeNotConnected}}
	return []happening{
		said("room", room(), im.Groupchat, core.Line{From: "hubert", JID: im.MustJID("hubert@localhost/x"), Body: "ana : salut", ID: "b1", Mention: true}),
		said("own", room(), im.Groupchat, core.Line{Out: true, From: "ana", Body: "salut\ntout le monde", ID: "a1", State: core.StatePending}),
		said("action", room(), im.Groupchat, core.Line{From: "hubert", Body: "danse", Action: true, ID: "b3"}),
		said("history", room(), im.Groupchat, core.Line{Time: noon().Add(-15 * time.Hour), From: "hubert", Body: "bonsoir", ID: "b0", Delayed: true, Archived: true}),
		said("chat", person, im.Chat, core.Line{From: "Paulette", JID: im.MustJID("paulette@localhost/phone"), Body: "chut", ID: "c1", Encryption: im.OTR, Trust: im.Verified}),
		said("own chat", person, im.Chat, core.Line{Out: true, From: "ana", Body: "oui", ID: "a2", State: core.StateReceived}),
		said("not encrypted", person, im.Chat, core.Line{From: "Paulette", Body: "oups", ID: "c2", Warning: core.WarnNotEncrypted}),
		said("private", private, im.Private, core.Line{From: "le chat", Body: "psst", ID: "d1", Warning: core.WarnLookalike}),
		one("corrected", core.LineChanged{Conversation: room(), Line: corrected},
			core.MessageFact{Conversation: room(), Kind: im.Groupchat, Line: corrected, Replaces: "b1"}),
		one("sent", core.MessageStateFact{Conversation: room(), ID: "a1", State: core.StateSent}),
		one("read", core.MessageStateFact{Conversation: person, ID: "a2", State: core.StateRead}),
		one("unconfirmed", core.MessageStateFact{Conversation: room(), ID: "a8", State: core.StateFailed, Err: unknown.Err}, core.LineChanged{Conversation: room(), Line: unknown}),
		one("failed", core.MessageStateFact{Conversation: room(), ID: "a9", State: core.StateFailed, Err: failed.Err}, core.LineChanged{Conversation: room(), Line: failed}),
		one("found", core.HistoryFact{Conversation: room(), Kind: im.Groupchat, Number: 2,
			Line: &core.Line{Time: noon().Add(-48 * time.Hour), From: "hubert", Body: "du pain", ID: "b7"}}),
		one("shown again", core.HistoryFact{Conversation: person, Kind: im.Chat,
			Line: &core.Line{Time: noon().Add(-time.Hour), Out: true, From: "ana", Body: "oui", ID: "a3", State: core.StateSent}}),
		said("hostile", room(), im.Groupchat, core.Line{From: "h> \x1b[2J<ubert", Body: "a\r\n12:00 -!- hubert left\u2028\u0085\x1b]0;x\x07\u202eb\U000e0041", ID: "e1\n"}),
		said("hostile private", core.ConversationID{Account: ana, Peer: wire("grenoble@conference.localhost/-!- x <ana>\ny")}, im.Private,
			core.Line{From: "-!- x <ana>\ny", Body: "{nick} [x]"}),
		said("hostile address", core.ConversationID{Account: ana, Peer: wire("-!-")}, im.Chat, core.Line{From: "-!-", Body: "hubert left"}),
	}
}

func remark(account im.JID, n *core.Notice) core.Fact {
	return core.LineAdded{Conversation: core.ConversationID{Account: account}, Line: &core.Line{Time: noon(), Notice: n}}
}

func wire(address string) im.JID {
	j, err := im.WireJID(address)
	if err != nil {
		panic(err)
	}
	return j
}

// transcript prints all happenings in one form, each under its name.
func transcript(f form) string {
	var out bytes.Buffer
	for _, h := range happenings() {
		out.WriteString("# " + h.name + "\n")
		f.facts(&out, h.update)
	}
	return out.String()
}

func TestTranscripts(t *testing.T) {
	for name, form := range map[string]form{
		"facts_en.txt":  &text{printer: i18n.NewIn("en", time.UTC), now: noon},
		"facts_fr.txt":  &text{printer: i18n.NewIn("fr", time.UTC), now: noon},
		"facts_en.json": &objects{i18n.NewIn("en", time.UTC), noon},
		"facts_fr.json": &objects{i18n.NewIn("fr", time.UTC), noon},
	} {
		compare(t, name, transcript(form))
	}
}

// compare checks an output against the file kept, or with -update keeps it.
func compare(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

func TestOutputIsHarmless(t *testing.T) {
	for name, form := range map[string]form{
		"text": &text{printer: i18n.NewIn("en", time.UTC), now: noon}, "JSON": &objects{i18n.NewIn("en", time.UTC), noon},
	} {
		for _, line := range strings.SplitAfter(transcript(form), "\n") {
			for _, r := range strings.TrimSuffix(line, "\n") {
				if !printable(r) {
					t.Errorf("%s: %q has %U", name, line, r)
				}
			}
			if name == "text" && strings.Contains(line, "-!- hubert left") && !strings.Contains(line, "> ") {
				t.Errorf("a message looks like an event: %q", line)
			}
		}
	}
}

// TestObjectsHaveTheFieldsOfTheContract checks that each type has its fields, and that each is used by some happening.
func TestObjectsHaveTheFieldsOfTheContract(t *testing.T) {
	contract := map[string][]string{
		"connection":    {"state", "progress", "jid", "via", "server", "tls", "sasl", "error"},
		"roster":        {"jid", "name", "subscription", "groups", "removed"},
		"presence":      {"from", "show", "status", "subscription"},
		"room":          {"room", "state", "nick", "occupants", "flags", "error"},
		"occupant":      {"room", "nick", "event", "new_nick", "affiliation", "role"},
		"subject":       {"room", "from", "text"},
		"message":       {"conversation", "kind", "direction", "from", "jid", "body", "id", "encryption", "trust", "delayed", "archived", "state", "warning"},
		"history":       {"conversation", "kind", "direction", "from", "body", "id", "number"},
		"message-state": {"conversation", "id", "state"},
		"otr":           {"conversation", "state", "trust", "fingerprint", "version", "event", "question"},
		"notice":        {"level", "code", "text"},
	}
	seen := make(map[string]map[string]bool)
	for _, line := range strings.Split(transcript(&objects{i18n.New("en"), noon}), "\n") {
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		kind := object["type"].(string)
		if contract[kind] == nil {
			t.Errorf("%q is no type of the contract", kind)
		}
		code, _ := object["code"].(string)
		ofSession := strings.HasPrefix(code, "tor-") || strings.HasPrefix(code, "confinement-")
		if account := object["account"]; ofSession && account != nil || !ofSession && account != "ana@localhost" {
			t.Errorf("account %v: %s", account, line)
		}
		if at, err := time.Parse(time.RFC3339, object["time"].(string)); err != nil || at.Location() != time.UTC {
			t.Errorf("time %v: %v", object["time"], err)
		}
		if seen[kind] == nil {
			seen[kind] = make(map[string]bool)
		}
		for field := range object {
			seen[kind][field] = true
		}
	}
	for kind, fields := range contract {
		for _, field := range fields {
			if !seen[kind][field] {
				t.Errorf("%s: no object has %q", kind, field)
			}
		}
	}
}

// TestEveryFactHasAnObject reads the types of facts out of core's source, so that a new one is not forgotten here.
func TestEveryFactHasAnObject(t *testing.T) {
	told := make(map[string]bool)
	j := &objects{i18n.New("en"), noon}
	for _, h := range happenings() {
		for _, fact := range h.update.Facts {
			name := reflect.TypeOf(fact).Name()
			told[name] = told[name] || j.object(fact) != nil
		}
	}
	for _, name := range factTypes(t) {
		if !told[name] && name != "LineAdded" && name != "LineChanged" && name != "LineShown" {
			t.Errorf("%s prints nothing", name)
		}
	}
}

// factTypes returns the receivers of the methods that seal core.Fact.
func factTypes(t *testing.T) []string {
	files, err := filepath.Glob("../../core/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if method, ok := decl.(*ast.FuncDecl); ok && method.Name.Name == "fact" && method.Recv != nil {
				if receiver, ok := method.Recv.List[0].Type.(*ast.Ident); ok {
					names = append(names, receiver.Name)
				}
			}
		}
	}
	if len(names) < 10 {
		t.Fatalf("only %d facts found: %q", len(names), names)
	}
	return names
}

func TestWordsAreThere(t *testing.T) {
	for _, test := range []struct{ have, want int }{
		{len(connectionWords()), int(im.Failed) + 1}, {len(viaWords()), int(im.ViaDirect) + 1},
		{len(showWords()), int(im.FreeForChat) + 1}, {len(subscriptionWords()), int(im.SubscriptionBoth) + 1},
		{len(subscriptionKindWords()), int(im.SubscriptionLeft) + 1}, {len(roomWords()), int(core.RoomFailed) + 1},
		{len(occupantWords()), int(core.OccupantModified) + 1}, {len(core.AffiliationWords()), int(im.Owner) + 1},
		{len(core.RoleWords()), int(im.Moderator) + 1}, {len(kindWords()), int(im.Private) + 1},
		{len(encryptionWords()), int(im.OTR) + 1}, {len(trustWords()), int(im.Verified) + 1},
		{len(stateWords()), int(core.StateFailed) + 1}, {len(warningWords()), int(core.WarnNotEncrypted) + 1},
		{len(otrWords()), int(im.OTRFinished) + 1}, {len(otrReasonWords()), int(im.OTRDisconnected) + 1},
		{len(otrEventWords()), int(core.OTRSameKey) + 1}, {len(protectionWords()), int(core.Required) + 1},
		{len(core.PolicyWords()), int(im.OTRRequired) + 1},
		{len(levelWords()), int(core.Error) + 1},
		{len(refusalWords()), int(core.RefusedPrograms) + 1}, {len(lackWords()), int(im.UnknownProcessor) + 1},
	} {
		if test.have != test.want {
			t.Errorf("%d words for %d values", test.have, test.want)
		}
	}
}
