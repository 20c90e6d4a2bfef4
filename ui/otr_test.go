package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"
	"rsc.io/qr"

	"traboule/core"
	"traboule/im"
)

// sampleOTR is a conversation with a contact, protected in some way, with a line for each way in which a text can have come.
func sampleOTR(by core.Protection) core.View {
	v := samplePerson()
	v.Accounts[0].Via = im.ViaTor
	v.Conversations[4].Protection, v.Conversations[5].Protection = by, core.Required
	phone, desk := im.MustJID("paulette@example.org/phone"), im.MustJID("paulette@example.org/bureau")
	key, former := strings.Repeat("b", 40), strings.Repeat("c", 40)
	w := &v.Current
	w.ConversationView = v.Conversations[4]
	w.Status = ""
	w.Resources = []core.ResourceView{{JID: phone, Show: im.Online}, {JID: desk, Show: im.Away}}
	if by != core.Plain && by != core.Required {
		w.Resources[0].Protection, w.Resources[0].Chosen = by, true
	}
	about := func(n core.Notice) core.Line {
		n.JID, n.Nick = phone.Bare(), "paulette"
		return core.Line{Time: at(14, 12), Notice: &n}
	}
	lines := []core.Line{
		{From: "paulette", Body: "salut", Time: at(14, 10)},
		{From: "ana", Out: true, Body: "on chiffre ?", Time: at(14, 11), State: core.StateSent},
	}
	switch by {
	case core.Starting:
		lines = append(lines, about(core.Notice{Code: core.NoticeOTRAsked}), core.Line{From: "ana", Out: true, Body: "ça vient", Time: at(14, 12), State: core.StatePending})
	case core.EncryptedUnverified, core.EncryptedVerified, core.Finished:
		w.OTRVersion = 3
		w.Resources[1].Protection = core.EncryptedUnverified
		lines = append(lines, about(core.Notice{Code: core.NoticeOTRNewKey, Level: core.Error, OTR: &core.OTRNotice{Theirs: key, Former: former}}),
			core.Line{From: "paulette", Body: "c’est fait", Time: at(14, 12), Encryption: im.OTR, Trust: im.Unverified})
	}
	switch by {
	case core.EncryptedVerified:
		lines = append(lines, about(core.Notice{Code: core.NoticeSMPSuccess, OTR: &core.OTRNotice{Theirs: key, Trust: im.Verified}}),
			core.Line{From: "ana", Out: true, Body: "bien toi !", Time: at(14, 13), State: core.StateReceived, Encryption: im.OTR, Trust: im.Verified},
			core.Line{From: "paulette", Body: "oups", Time: at(14, 13), Warning: core.WarnNotEncrypted})
	case core.Finished:
		w.OTRVersion = 0
		lines = append(lines, about(core.Notice{Code: core.NoticeOTREndedByThem, Level: core.Warn}), core.Line{
			From: "ana", Out: true, Body: "attends", Time: at(14, 13), State: core.StateFailed, Err: &im.Failure{Code: im.CodeNotEncrypted}})
	}
	w.Log = logLines(lines...)
	return v
}

// otrFrames are the states of a conversation as a person sees them.
func otrFrames() map[string]core.View {
	frames := map[string]core.View{}
	for name, by := range map[string]core.Protection{
		"plain": core.Plain, "required": core.Required, "starting": core.Starting, "unverified": core.EncryptedUnverified,
		"verified": core.EncryptedVerified, "finished": core.Finished,
	} {
		frames[name] = sampleOTR(by)
	}
	second := sampleOTR(core.EncryptedUnverified)
	second.Current.OTRVersion = 2
	frames["version2"] = second
	offered, asked := sampleRoom(), sampleRoom()
	lupin := core.Question{ID: 3, Kind: core.AskOTR, Account: roomID().Account, From: im.MustJID("lupin@example.org/x"), Conversation: personID("lupin")}
	offered.Questions = []core.Question{lupin}
	asked.Questions = []core.Question{{ID: 4, Kind: core.AskSMP, Account: roomID().Account, From: im.MustJID("paulette@example.org/phone"),
		Conversation: personID("paulette"), Text: "où nous sommes-nous rencontrées ?"}}
	frames["offered"], frames["asked"] = offered, asked
	return frames
}

func TestOTRFrames(t *testing.T) {
	for name, view := range otrFrames() {
		for _, size := range [][2]int{{40, 10}, {80, 24}} {
			for _, lang := range []string{"en", "fr"} {
				frame := fmt.Sprintf("otr-%s-%dx%d-%s", name, size[0], size[1], lang)
				t.Run(frame, func(t *testing.T) {
					s := newStage(t, Options{Printer: printer(lang)}, size[0], size[1])
					s.show(view)
					golden(t, frame, s.text())
				})
			}
		}
	}
}

// TestProtectionIsAWord: what is on the screen tells the states apart without colours, however narrow it is.
func TestProtectionIsAWord(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		for _, width := range []int{40, 59, 80} {
			seen := map[string]core.Protection{}
			for by := core.Plain; by <= core.Required; by++ {
				s := newStage(t, Options{Printer: printer(lang)}, width, 24)
				v := sampleOTR(by)
				v.Current.Name = strings.Repeat("très long nom ", 20)
				s.show(v)
				at := s.layout.readers
				row := strings.Split(s.text(), "\n")[at.y]
				if strings.HasSuffix(row, "…") {
					t.Errorf("%s, %d: %q is cut off", lang, width, row)
				}
				if other, twice := seen[row]; twice {
					t.Errorf("%s, %d: %q for both %v and %v", lang, width, row, other, by)
				}
				seen[row] = by
			}
		}
	}
}

func TestOTRQuestions(t *testing.T) {
	views := otrFrames()
	for _, test := range []struct {
		name   string
		script string
		want   core.Command
		draft  string
	}{
		{"offered", "<Right><Enter>", core.Answer{Question: 3, Yes: true}, ""},
		{"offered", "<Left><Enter>", core.Answer{Question: 3}, ""},
		{"offered", "<Enter>", nil, ""},
		{"asked", "<Right><Enter>", core.Answer{Question: 4, Yes: true}, "/otr answer "},
		{"asked", "<Left><Enter>", core.Answer{Question: 4}, ""},
	} {
		q, l := newTestPanel(t, "en")
		draft := ""
		q.prepare = func(in core.ConversationID, text string) { draft = in.Peer.String() + " " + text }
		view := views[test.name]
		q.follow(&view)
		l.pass(time.Second)
		typeInto(t, q, test.script)
		if test.draft != "" {
			test.draft = "paulette@example.org " + test.draft
		}
		var got core.Command
		if len(l.sent) > 0 {
			got = l.sent[0]
		}
		if got != test.want || draft != test.draft {
			t.Errorf("%s, %s: %v, draft %q", test.name, test.script, got, draft)
		}
	}
}

// givenBack is the fact that a text was not sent.
func givenBack(in core.ConversationID, body string, action bool) core.Fact {
	return core.LineChanged{Conversation: in, Line: &core.Line{
		Out: true, Body: body, Action: action, State: core.StateFailed, Err: &im.Failure{Code: im.CodeNotEncrypted},
	}}
}

func TestTextsAreGivenBack(t *testing.T) {
	here, there := conversation("grenoble@conference.localhost"), conversation("paulette@localhost")
	for name, test := range map[string]struct {
		typed      string
		facts      []core.Fact
		text, hint string
	}{
		"into the input":      {"", []core.Fact{givenBack(here, "un secret\nlong", false)}, "un secret\nlong", "not sent: your text is here again"},
		"as it was typed":     {"", []core.Fact{givenBack(here, "danse", true)}, "/me danse", "not sent: your text is here again"},
		"with a slash":        {"", []core.Fact{givenBack(here, "/etc", false)}, "//etc", "not sent: your text is here again"},
		"not over another":    {"autre", []core.Fact{givenBack(here, "secret", false)}, "autre", ""},
		"only the first":      {"", []core.Fact{givenBack(here, "un", false), givenBack(here, "deux", false)}, "un", "not sent: your text is here again"},
		"not to another":      {"", []core.Fact{givenBack(there, "secret", false)}, "", ""},
		"not what is unknown": {"", []core.Fact{core.LineChanged{Conversation: here, Line: &core.Line{Out: true, State: core.StateFailed, Err: &im.Failure{Code: im.CodeUnconfirmed}}}}, "", ""},
	} {
		in, _ := newTestInput(t)
		typeInto(t, in, test.typed)
		in.takeBack(test.facts)
		if in.draft() != test.text || in.hint != test.hint {
			t.Errorf("%s: %q, %q", name, in.draft(), in.hint)
		}
	}
}

func TestTextsGivenBackElsewhere(t *testing.T) {
	in, _ := newTestInput(t)
	view := *roomView()
	there := view.Conversations[2]
	in.takeBack([]core.Fact{givenBack(there.ID, "secret", false), givenBack(there.ID, "et un autre", false)})
	view.Current.ConversationView = there
	in.follow(&view)
	if in.draft() != "secret" {
		t.Errorf("draft %q", in.draft())
	}
	typeInto(t, in, "<Ctrl+C><Up>")
	if in.draft() != "et un autre" {
		t.Errorf("Up brings %q", in.draft())
	}
}

// TestSecretsAreNotRecalled: neither Up nor undo nor yank brings back what was proved with.
func TestSecretsAreNotRecalled(t *testing.T) {
	for _, line := range []string{`/otr ask "quel chat ?" noirmatou`, "/otr secret noirmatou", "/otr answer noirmatou"} {
		for _, key := range []string{"<Up>", "<Ctrl+_>", "<Ctrl+Y>"} {
			in, _ := newTestInput(t)
			typeInto(t, in, line+"<Enter>"+key)
			if strings.Contains(in.draft(), "noirmatou") || strings.Contains(in.hint, "noirmatou") {
				t.Errorf("%s after %s: %q", key, line, in.draft())
			}
		}
	}
}

// sampleKeys is the answer to /otr fingerprint, with or without a key of theirs.
func sampleKeys(theirs string) core.LineAdded {
	ours := "0123456789abcdef0123456789abcdef01234567"
	n := &core.Notice{Code: core.NoticeOTRFingerprint, JID: im.MustJID("ana@example.org"), OTR: &core.OTRNotice{
		Ours: ours, URI: im.FingerprintURI(im.MustJID("ana@example.org"), ours)}}
	if theirs != "" {
		n.Code, n.Nick, n.OTR.Theirs, n.OTR.Trust = core.NoticeOTRFingerprints, "paulette", theirs, im.Unverified
	}
	return core.LineAdded{Conversation: personID("paulette"), Line: &core.Line{Time: at(14, 20), Notice: n}}
}

func showKeys(s *stage, theirs string) {
	v := sampleOTR(core.EncryptedUnverified)
	s.update(core.Update{View: v, Facts: []core.Fact{sampleKeys(theirs)}})
	s.draw()
}

func TestFingerprintFrames(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {80, 24}, {60, 40}} {
		for _, lang := range []string{"en", "fr"} {
			for name, theirs := range map[string]string{"keys": strings.Repeat("fedcba98", 5), "key": ""} {
				frame := fmt.Sprintf("otr-%s-%dx%d-%s", name, size[0], size[1], lang)
				t.Run(frame, func(t *testing.T) {
					s := newStage(t, Options{Printer: printer(lang)}, size[0], size[1])
					showKeys(s, theirs)
					golden(t, frame, s.text())
				})
			}
		}
	}
}

// TestQRCodeIsTheLink reads the modules off the screen: they are those of the link, light on dark, with a light frame.
func TestQRCodeIsTheLink(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	showKeys(s, "")
	code, err := qr.Encode(sampleKeys("").Line.Notice.OTR.URI, qr.L)
	if err != nil {
		t.Fatal(err)
	}
	cells, w, _ := s.terminal.GetContents()
	quiet, fits := newQRCode(sampleKeys("").Line.Notice.OTR.URI).quiet(80, 23)
	if !fits || quiet < leastQuiet {
		t.Fatalf("no room for the code: %d", quiet)
	}
	for y := range code.Size + 2*quiet {
		for x := range code.Size + 2*quiet {
			cell := cells[y/2*w+x]
			light := map[string][2]bool{"█": {true, true}, "▀": {true, false}, "▄": {false, true}, " ": {}}[string(cell.Runes)][y%2]
			inside := x >= quiet && y >= quiet && x < quiet+code.Size && y < quiet+code.Size
			if want := !inside || !code.Black(x-quiet, y-quiet); light != want {
				t.Fatalf("module %d, %d: light is %v", x-quiet, y-quiet, light)
			}
			if fg, bg, _ := cell.Style.Decompose(); fg != tcell.ColorWhite || bg != tcell.ColorBlack {
				t.Fatalf("module %d, %d: %v on %v", x-quiet, y-quiet, fg, bg)
			}
		}
	}
}

// TestFingerprintsPageLosesNoKey: who was typing when the page came goes on typing.
func TestFingerprintsPageLosesNoKey(t *testing.T) {
	for script, want := range map[string]struct {
		draft string
		front string
	}{
		"s":     {"s", mainPage},
		"salut": {"salut", mainPage}, "<Esc>": {"", mainPage}, "<Enter>": {"", mainPage}, "<Tab>": {"", fingerprintsPage},
		"<F1>": {"", helpPage},
	} {
		s := newStage(t, Options{}, 80, 24)
		showKeys(s, "")
		if s.root.front() != fingerprintsPage {
			t.Fatal("the page is not there")
		}
		for _, ev := range keysOf(t, script) {
			s.key(ev)
		}
		if s.input.draft() != want.draft || s.root.front() != want.front {
			t.Errorf("%s: draft %q, page %q", script, s.input.draft(), s.root.front())
		}
	}
}

func TestFingerprintsOfElsewhereDoNotCoverTheScreen(t *testing.T) {
	s := newStage(t, Options{}, 80, 24)
	s.update(core.Update{View: sampleRoom(), Facts: []core.Fact{sampleKeys("")}})
	if s.root.front() != mainPage {
		t.Errorf("page %q", s.root.front())
	}
}
