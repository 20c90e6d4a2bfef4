package core

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// A transcript in testdata/*.txt is a session: each line that does not begin with a space is an input, and what it leads
// to follows it, indented. Lines that begin with # are remarks. "go test -update" writes what follows anew.
//
//	start [SETTING...]            a new Core; settings as name=value, see startTranscript
//	see JID                       somebody sees the window of that conversation, or of the console (our own address)
//	at JID /COMMAND ... or any text  a line typed in the window that was seen under this address, whatever is current
//	/COMMAND ... or any text      a typed line; texts begin with ">"
//	VERB ARGUMENT... [NAME=VALUE...]  an event of the tables of verbs below; "quoted words" may hold spaces and \x1b
//	done REQUEST [unknown] [CODE [TEXT]]  a request ends (by type name: the oldest that runs), with a failure if there is a code
//	later DURATION                the clock goes on, and a Woken comes if one is due
//	view [PART]                   shows the View
var update = flag.Bool("update", false, "write the transcripts in testdata anew")

// verb makes an event of what stands behind it on its line.
type verb func(*script) im.Event

// verbs are the tables of verbs, one for each part of the protocol.
func verbs() []map[string]verb {
	return []map[string]verb{accountVerbs(), torVerbs(), chatVerbs(), roomVerbs(), otrVerbs()}
}

func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { playTranscript(t, file) })
	}
}

func playTranscript(t *testing.T, file string) {
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tr := &transcript{t: t}
	tr.start(nil)
	for _, line := range strings.Split(strings.TrimSuffix(string(want), "\n"), "\n") {
		if !strings.HasPrefix(line, " ") {
			fmt.Fprintln(&tr.out, line)
			tr.play(line)
		}
	}
	got := tr.out.String()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != string(want) {
		t.Errorf("%s differs (see the difference after go test -update):\n%s", file, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\n got %s\nwant %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("got %d lines, want %d", len(g), len(w))
}

// transcript is a session that is being played.
type transcript struct {
	t       *testing.T
	core    *Core
	now     time.Time
	wakeAt  time.Time
	running []im.Request
	seen    map[im.JID]uint64 // the windows that were there, by peer
	out     strings.Builder
}

func (tr *transcript) start(settings []string) {
	s := &script{words: settings}
	jid := s.value("account", "ana@example.org")
	n := 0
	o := Options{
		NewID:    func() string { n++; return "id-" + strconv.Itoa(n) },
		Switches: map[string]bool{},
		Standing: Standing{Storage: Storage(strings.Count(s.value("profile", ""), "encrypted"))},
	}
	for _, word := range SwitchWords() {
		if says := s.value(word, ""); says != "" {
			o.Switches[word] = says == "on"
		}
	}
	archives := o.Switches["archive"]
	for _, address := range strings.Split(jid, ",") {
		a := AccountOptions{Resource: s.value("named", ""), JID: im.MustJID(address), Connect: s.value("connect", "on") == "on", Nick: s.value("nick", ""), Archive: &archives}
		for _, room := range strings.Fields(strings.ReplaceAll(s.value("rooms", ""), ",", " ")) {
			a.Rooms = append(a.Rooms, RoomOptions{Room: im.MustJID(room)})
		}
		for _, room := range strings.FieldsFunc(s.value("kept", ""), func(r rune) bool { return r == ',' }) {
			a.Bookmarks = append(a.Bookmarks, s.bookmark(room))
		}
		for _, room := range strings.FieldsFunc(s.value("removed", ""), func(r rune) bool { return r == ',' }) {
			a.RemovedBookmarks = append(a.RemovedBookmarks, s.bookmark(room))
		}
		o.Accounts = append(o.Accounts, a)
	}
	tr.core, tr.now, tr.running, tr.wakeAt = New(o), noon, nil, time.Time{}
	tr.seen = make(map[im.JID]uint64)
}

// play carries out one line of the transcript.
func (tr *transcript) play(line string) {
	s := readScript(tr.t, line)
	switch first := s.next(); {
	case first == "" || strings.HasPrefix(first, "#"):
	case strings.HasPrefix(line, "/"), strings.HasPrefix(line, ">"):
		tr.typed(strings.TrimPrefix(strings.TrimPrefix(line, ">"), " "))
	case first == "start":
		tr.start(s.words)
		tr.handle(Woken{})
	case first == "later":
		tr.later(s.next())
	case first == "see":
		tr.see(s.jid())
	case first == "at":
		tr.typedAt(s.jid(), strings.Join(s.words, " "))
	case first == "view":
		tr.view(s.next())
	case first == "done":
		tr.done(s)
	case first == "focus":
		tr.handle(Typed{Focus{s.next() == "on"}})
	case first == "compose":
		tr.handle(Typed{Compose{s.next() == "on"}})
	case first == "link":
		tr.handle(Typed{VerifyFingerprint{s.jid(), strings.Repeat(s.next(), 40)}})
	case first == "next":
		tr.handle(Typed{SelectNext{s.number()}})
	case first == "unread":
		tr.handle(Typed{SelectUnread{}})
	case first == "answer":
		tr.handle(Typed{Answer{Question: uint64(s.number()), Yes: s.next() == "yes"}})
	default:
		tr.event(first, s)
	}
}

func (tr *transcript) typed(line string) {
	command, err := Parse(line)
	if err != nil {
		tr.print("Error", err.Error())
		return
	}
	tr.handle(Typed{command})
}

// see notes which window is on screen: that of a conversation, whatever becomes of it.
func (tr *transcript) see(peer im.JID) {
	id := ConversationID{ana, peer}
	if peer == ana {
		id.Peer = im.JID{}
	}
	tr.seen[peer] = tr.core.conversations[id].window
}

// typedAt types a line in the window that was seen.
func (tr *transcript) typedAt(peer im.JID, line string) {
	command, err := Parse(line)
	if err != nil {
		tr.t.Fatal(err)
	}
	tr.handle(Typed{At{tr.seen[peer], command}})
}

func (tr *transcript) event(name string, s *script) {
	for _, table := range verbs() {
		if v, found := table[name]; found {
			tr.handle(Received{v(s)})
			return
		}
	}
	tr.t.Fatalf("no verb %q", name)
}

func (tr *transcript) later(duration string) {
	d, err := time.ParseDuration(duration)
	if err != nil {
		tr.t.Fatal(err)
	}
	tr.now = tr.now.Add(d)
	if !tr.wakeAt.IsZero() && !tr.wakeAt.After(tr.now) {
		tr.handle(Woken{})
	}
}

// done ends the oldest running request with a type name.
func (tr *transcript) done(s *script) {
	name := s.next()
	for i, r := range tr.running {
		if typeName(r) != name {
			continue
		}
		tr.running = append(tr.running[:i:i], tr.running[i+1:]...)
		d := im.Done{On: im.On{Account: r.Of()}, Request: r.Number(), Result: s.result()}
		d.Unknown = s.flag("unknown")
		if code := s.next(); code != "" {
			d.Err = &im.Failure{Code: im.Code(code), Text: s.next()}
		}
		tr.handle(Received{d})
		return
	}
	tr.t.Fatalf("no %s is running; there are %v; so far:\n%s", name, tr.running, tr.out.String())
}

func (tr *transcript) handle(in Input) {
	e := tr.core.Handle(tr.now, in)
	for _, r := range e.Keep {
		tr.print("keep", describe(r))
	}
	for _, r := range e.Send {
		tr.running = append(tr.running, r)
		tr.print("send", describe(r))
	}
	for _, f := range e.Show {
		tr.print("show", describe(f))
	}
	if !e.WakeAt.Equal(tr.wakeAt) && !e.WakeAt.IsZero() {
		tr.print("wake", "in "+e.WakeAt.Sub(tr.now).String())
	}
	tr.wakeAt = e.WakeAt
}

func (tr *transcript) print(what, text string) { fmt.Fprintf(&tr.out, "    %s %s\n", what, text) }

// view prints the parts of the View: all of it, or "rows", "window", "lines", "questions", "accounts", "tor".
func (tr *transcript) view(part string) {
	v := tr.core.View()
	if part == "" || part == "accounts" {
		for _, a := range v.Accounts {
			tr.print("account", describe(a))
		}
	}
	if part == "" || part == "rows" {
		for _, row := range v.Conversations {
			row.Window = 0 // a number that says nothing
			tr.print("row", describe(row))
		}
	}
	if part == "" || part == "window" {
		w := v.Current
		w.Window = 0
		w.Log = Log{}
		tr.print("window", describe(w))
	}
	if part == "" || part == "lines" || part == "window" {
		for i := range v.Current.Log.Len() {
			tr.print("line", describe(v.Current.Log.At(i)))
		}
	}
	if part == "" || part == "questions" {
		for _, q := range v.Questions {
			tr.print("question", describe(q))
		}
	}
	if part == "tor" {
		tr.print("tor", describe(v.Tor))
		tr.print("confinement", describe(v.Confinement))
	}
	if v.Quit {
		tr.print("quit", strconv.Itoa(v.Status))
	}
}

// describe writes a value with its fields that are not zero. It is for people: it need not tell everything apart.
func describe(v any) string {
	text := describeValue(reflect.ValueOf(v))
	return strings.TrimSpace(typeName(v) + " " + strings.TrimSuffix(strings.TrimPrefix(text, "{"), "}"))
}

func typeName(v any) string {
	name := reflect.TypeOf(v).String()
	return name[strings.LastIndex(name, ".")+1:]
}

func describeValue(v reflect.Value) string {
	if !v.CanInterface() {
		return ""
	}
	switch x := v.Interface().(type) {
	case im.JID:
		return strconv.QuoteToASCII(x.String())[1 : len(strconv.QuoteToASCII(x.String()))-1]
	case ConversationID:
		if x.Account == ana && !x.IsConsole() {
			return describeValue(reflect.ValueOf(x.Peer))
		}
		return strings.TrimSuffix(x.Account.String()+" with "+describeValue(reflect.ValueOf(x.Peer)), " with ")
	case im.Pin:
		return x.String()
	case time.Time:
		return x.UTC().Format("15:04:05")
	case time.Duration:
		return x.String()
	case string:
		return strconv.Quote(x)
	}
	if words := enumWords(v.Interface()); words != "" {
		return strings.Fields(words)[v.Uint()]
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return describeValue(v.Elem())
	case reflect.Struct:
		return describeStruct(v)
	case reflect.Slice:
		var items []string
		for i := range v.Len() {
			items = append(items, describeValue(v.Index(i)))
		}
		return "[" + strings.Join(items, ", ") + "]"
	default:
		return fmt.Sprint(v.Interface())
	}
}

// enumWords gives the words for a value that is one of a few, in the order of the values.
func enumWords(v any) string {
	switch v.(type) {
	case im.ConnState:
		return "disconnected waiting connecting connected resumed failed"
	case im.Via:
		return "nothing tor onion socks direct"
	case im.Show:
		return "offline xa away dnd online chat"
	case im.Kind:
		return "chat groupchat private"
	case im.Affiliation:
		return "none outcast member admin owner"
	case im.Role:
		return "none visitor participant moderator"
	case im.Subscription:
		return "none to from both"
	case im.SubscriptionKind:
		return "request granted ended left"
	case im.ChatState:
		return "active composing paused inactive gone"
	case ConversationKind:
		return "console room person occupant"
	case MessageState:
		return "none pending sent received read failed"
	case Warning:
		return "none lookalike foreign-correction undecryptable not-encrypted"
	case Level:
		return "info warning error"
	case RoomState:
		return "left joining joined failed"
	case OccupantEvent:
		return "joined left renamed kicked banned modified"
	case QuestionKind:
		return "subscription invitation otr smp bookmark"
	case im.TorPhase:
		return torPhases
	case im.TorWarning:
		return torWarnings
	case im.ConfinementLack:
		return lacks
	}
	return otrEnumWords(v)
}

func describeStruct(v reflect.Value) string {
	var parts []string
	for i := range v.NumField() {
		field, name := v.Field(i), v.Type().Field(i).Name
		switch {
		case !v.Type().Field(i).IsExported() || name == "Number" && v.Type() == reflect.TypeFor[Line]():
		case isSeq(name) && field.Kind() == reflect.Uint64:
			if seq := describeSeq(field.Uint()); seq != "" {
				parts = append(parts, name+"="+seq)
			}
		case field.IsZero() || field.Kind() == reflect.Slice && field.Len() == 0 || name == "Account" && field.Interface() == any(ana):
		case v.Type().Field(i).Anonymous:
			inner := describeValue(field)
			parts = append(parts, strings.TrimSuffix(strings.TrimPrefix(inner, "{"), "}"))
		case field.Kind() == reflect.Bool:
			parts = append(parts, name)
		default:
			parts = append(parts, name+"="+describeValue(field))
		}
	}
	return "{" + strings.Join(parts, " ") + "}"
}

func isSeq(name string) bool {
	return name == "Seq" || name == "ReadUpTo" || name == "Before" || name == "After" || name == "Until"
}

// describeSeq writes a Seq as the time after noon and the number of those at the same time, and the first of noon, or none,
// not at all.
func describeSeq(seq uint64) string {
	start := uint64(noon.UnixMicro()) << seqShift
	if seq < start {
		return strings.TrimPrefix(strconv.FormatUint(seq, 10), "0")
	}
	after, nth := (seq-start)>>seqShift, (seq-start)&(1<<seqShift-1)
	if after == 0 {
		return strings.TrimPrefix(strconv.FormatUint(nth, 10), "0")
	}
	return (time.Duration(after) * time.Microsecond).String() + "+" + strconv.FormatUint(nth, 10)
}
