package core

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"traboule/im"
)

// dice makes inputs out of bytes. When the bytes are used up, it only ever throws zero.
type dice struct {
	bytes   []byte
	running []im.Request
}

func (d *dice) throw(sides int) int {
	if len(d.bytes) == 0 {
		return 0
	}
	n := int(d.bytes[0]) % sides
	d.bytes = d.bytes[1:]
	return n
}

func (d *dice) coin() bool { return d.throw(2) == 1 }

func pick[T any](d *dice, from ...T) T { return from[d.throw(len(from))] }

// foreign is a text that somebody else wrote, often to do harm.
func (d *dice) foreign() string {
	return pick(d, "", "salut", "ana", "bob", "/me danse", "\x1b[2J", "a\u202eb", "x\u3164y", "\xff\xfe", "deux\nlignes", " bord ",
		"[red]", "e"+strings.Repeat("\u0301", 40), strings.Repeat("long ", 400), "\u200b", "\u202e", "<bob>", "bоb", "1", "2")
}

func (d *dice) jid() im.JID {
	local := pick(d, "paulette", "lupin", "grenoble", "ana", "", "x\u202ey")
	domain := pick(d, "example.org", "conference.example.org", "\x1b[31m.example")
	text := domain
	if local != "" {
		text = local + "@" + domain
	}
	if r := d.foreign(); r != "" {
		text += "/" + strings.ToValidUTF8(r, "?")
	}
	jid, err := im.WireJID(text)
	if err != nil {
		return im.JID{}
	}
	return jid
}

func (d *dice) bare() im.JID { return d.jid().Bare() }

func (d *dice) room() im.JID {
	return pick(d, im.MustJID("grenoble@conference.example.org"), im.MustJID("lyon@conference.example.org"), d.bare())
}

func (d *dice) failure() *im.Failure {
	codes := im.Codes()
	return &im.Failure{Code: codes[d.throw(len(codes))], Condition: d.foreign(), Text: d.foreign(), Detail: d.foreign()}
}

func (d *dice) occupant() im.Occupant {
	return im.Occupant{
		Nick: d.foreign(), JID: pick(d, im.JID{}, d.jid()), ID: pick(d, "", d.foreign()), Status: d.foreign(),
		Affiliation: im.Affiliation(d.throw(5)), Role: im.Role(d.throw(4)), Show: im.Show(d.throw(6)),
	}
}

func (d *dice) message() im.Message {
	m := im.Message{
		From: d.jid(), To: d.jid(), Kind: im.Kind(d.throw(3)), ID: d.foreign(), StanzaID: pick(d, "", d.foreign()),
		OccupantID: pick(d, "", d.foreign()), Body: d.foreign(), Replaces: pick(d, "", d.foreign()), Delayed: d.coin(),
		Carbon: im.Carbon(d.throw(3)), FromRoom: d.coin(), WantsReceipt: d.coin(), Markable: d.coin(),
		Encryption: im.Encryption(d.throw(2)), Fingerprint: d.fingerprint(), Exposed: d.coin(), Hint: pick(d, "", d.foreign()),
	}
	if m.Kind != im.Chat {
		if from, err := d.room().WithResource(pick(d, "bob", "ana", strings.ToValidUTF8(d.foreign(), "?"))); err == nil {
			m.From = from
		}
	}
	if m.Delayed {
		m.Delay = noon.Add(time.Duration(d.throw(256)-128) * time.Hour)
	}
	return m
}

func (d *dice) result() im.Result {
	switch d.throw(10) {
	case 9:
		return im.SentResult{Encryption: im.Encryption(d.throw(2)), Theirs: d.fingerprint()}
	case 8:
		return im.OTRKeyResult{Fingerprint: d.fingerprint()}
	case 7:
		return im.CircuitsResult{Asked: d.coin()}
	case 1:
		return im.RosterResult{Items: []im.RosterItem{d.item(), d.item()}, Version: d.foreign()}
	case 2:
		return im.RosterResult{Unchanged: true}
	case 3:
		return im.RoomServiceResult{Service: d.bare()}
	case 4:
		return im.RoomsResult{Rooms: []im.RoomInfo{{Room: d.bare(), Name: d.foreign(), Occupants: d.throw(9) - 1}}, Cut: d.coin()}
	case 5:
		return im.RoomInfoResult{Info: im.RoomInfo{Room: d.room(), Name: d.foreign(), Flags: []im.RoomFlag{im.RoomFlag(d.foreign())}}}
	case 6:
		return pick[im.Result](d, im.BookmarksResult{Bookmarks: []im.Bookmark{d.bookmark(), d.bookmark()}}, im.BlocklistResult{JIDs: []im.JID{d.jid()}}, im.AffiliationsResult{Occupants: []im.Occupant{d.occupant()}})
	}
	return nil
}

func (d *dice) item() im.RosterItem {
	return im.RosterItem{
		JID: d.bare(), Name: d.foreign(), Groups: []string{d.foreign()}, Subscription: im.Subscription(d.throw(4)), Asked: d.coin(),
	}
}

func (d *dice) bookmark() im.Bookmark {
	return im.Bookmark{Room: pick(d, d.room(), d.bare()), Name: d.foreign(), Nick: d.foreign(), Password: d.foreign(), AutoJoin: d.coin()}
}

// done ends one of the requests that run.
func (d *dice) done(on im.On) im.Event {
	var answer im.Result
	e := im.Done{On: on, Request: im.RequestID(d.throw(256))}
	if n := len(d.running); n > 0 && d.throw(8) > 0 {
		i := d.throw(n)
		e.On, e.Request, answer = im.On{Account: d.running[i].Of()}, d.running[i].Number(), d.answerTo(d.running[i])
		d.running = append(d.running[:i], d.running[i+1:]...)
	}
	if d.throw(3) == 0 {
		e.Err, e.Unknown = d.failure(), d.coin()
	} else if e.Result = answer; answer == nil {
		e.Result = d.result()
	}
	return e
}

func (d *dice) event() im.Event {
	on := im.On{Account: ana}
	switch d.throw(30) {
	case 29:
		return im.StoreFailed{Err: *d.failure()}
	case 28:
		return im.OTRKeyUnkept{On: on, Err: *d.failure()}
	case 27:
		return im.BookmarkChanged{On: on, Bookmark: d.bookmark(), Removed: d.coin()}
	case 26:
		return im.PasswordKept{On: on}
	case 22, 23, 24, 25:
		return d.otrEvent(on)
	case 20:
		return im.TorChanged{Tor: im.Tor{
			Phase: im.TorPhase(d.throw(7)), Progress: d.throw(256) - 100, Summary: d.foreign(), Warning: im.TorWarning(d.throw(4)),
			Own: d.coin(), Where: pick(d, "", d.foreign()), Proved: d.coin(), Err: pick(d, nil, d.failure()),
		}}
	case 21:
		return im.Confined{Confinement: im.Confinement{Wanted: d.coin(), Files: d.coin(), TCP: d.coin(), Lacks: []im.ConfinementLack{im.NoLandlock}}}
	case 0:
		e := im.ConnectionChanged{On: on, State: im.ConnState(d.throw(6)), Via: im.Via(d.throw(5)), Server: d.foreign(), TLS: d.foreign()}
		if e.State == im.Disconnected || e.State == im.Failed {
			e.Err, e.RetryIn = pick(d, nil, d.failure()), time.Duration(d.throw(3))*time.Second
		}
		return e
	case 1, 2, 3:
		return d.done(on)
	case 4:
		return im.RosterChanged{On: on, Item: d.item(), Removed: d.coin(), Version: d.foreign()}
	case 5:
		return im.PresenceReceived{On: on, Presence: im.Presence{From: d.jid(), Show: im.Show(d.throw(6)), Status: d.foreign()}}
	case 6:
		return im.PresenceFailed{On: on, From: pick(d, d.jid(), d.room()), Err: *d.failure()}
	case 7:
		return im.SubscriptionReceived{On: on, From: d.bare(), Kind: im.SubscriptionKind(d.throw(4)), Text: d.foreign()}
	case 8, 9, 10:
		return im.MessageReceived{On: on, Message: d.message()}
	case 11:
		return im.MessageBounced{On: on, From: d.jid(), ID: "id-" + d.foreign(), Err: *d.failure()}
	case 12:
		return im.ReceiptReceived{On: on, From: d.jid(), ID: "id-" + d.foreign(), Displayed: d.coin()}
	case 13:
		return im.ChatStateReceived{On: on, From: d.jid(), State: im.ChatState(d.throw(5))}
	}
	return d.roomEvent(on)
}

func (d *dice) fingerprint() string {
	return strings.Repeat(pick(d, "a", "b", "c", "", "\x1b"), 40)
}

func (d *dice) otrEvent(on im.On) im.Event {
	peer := d.jid()
	if d.coin() {
		peer, _ = d.room().WithResource(pick(d, "1", "2", "bob"))
	}
	switch d.throw(8) {
	case 0:
		return im.OTROffered{On: on, Peer: peer}
	case 1, 2:
		return im.SMPChanged{On: on, Peer: peer, Step: im.SMPStep(d.throw(7)), Question: d.foreign(), Progress: d.throw(256) - 20}
	case 3:
		return im.OTRNoted{On: on, Peer: peer, Note: im.OTRNote(d.throw(8)), Text: d.foreign()}
	}
	return im.OTRChanged{
		On: on, Peer: peer, State: im.OTRState(d.throw(4)), Version: d.throw(4), Theirs: d.fingerprint(), Ours: d.fingerprint(),
		SessionID: d.foreign(), Reason: im.OTRReason(d.throw(8)),
	}
}

func (d *dice) roomEvent(on im.On) im.Event {
	switch d.throw(8) {
	case 0, 1, 2:
		e := im.OccupantChanged{On: on, Room: d.room(), Occupant: d.occupant(), Present: d.throw(4) > 0, Actor: d.foreign(), Reason: d.foreign()}
		e.Codes = pick(d, nil, []int{110}, []int{110, 100, 170}, []int{303}, []int{307}, []int{301, 110}, []int{110, 210}, []int{110, 201}, []int{332, 110}, []int{d.throw(256) + 100})
		e.NewNick = pick(d, "", d.foreign())
		if d.throw(16) == 1 {
			e.Destroyed = &im.Destruction{Alternate: d.bare(), Reason: d.foreign(), Password: d.foreign()}
		}
		return e
	case 3:
		return im.SubjectReceived{On: on, Room: d.room(), Nick: d.foreign(), Text: d.foreign(), Delayed: d.coin()}
	case 4:
		return im.RoomConfigChanged{On: on, Room: d.room(), Codes: []int{d.throw(256) + 50}}
	case 5:
		return im.InvitationReceived{On: on, Room: d.room(), From: d.jid(), Direct: d.coin(), Reason: d.foreign(), Password: d.foreign()}
	case 6:
		return pick[im.Event](d, im.InvitationDeclined{On: on, Room: d.room(), From: d.jid(), Reason: d.foreign()},
			im.BlocklistChanged{On: on, JIDs: []im.JID{d.bare()}, Blocked: d.coin()})
	}
	return im.Dropped{On: on, From: d.jid(), Reason: im.DropReason(d.foreign())}
}

func (d *dice) command() Command {
	lines := []string{
		"salut", "/me danse", "/help", "/help jion", "/clear", "/win", "/win 2", "/win g", "/close", "/connect", "/disconnect",
		"/away au four", "/back", "/join grenoble", "/join lyon@conference.example.org bob", "/part", "/nick bob", "/subject",
		"/subject jeudi", "/names", "/invite paulette@example.org", "/kick bob", "/ban bob", "/unban lupin@example.org",
		"/voice bob", "/role bob none", "/affiliation bob owner", "/affiliations", "/affiliations member", "/destroy room adieu",
		"/rooms", "/rooms conference.example.org", "/msg bob salut", "/msg paulette@example.org salut",
		"/query grenoble@conference.example.org/bob", "/query paulette@example.org", "/correct mieux", "/roster",
		"/add paulette@example.org P", "/remove paulette@example.org", "/accept", "/refuse", "/accept paulette@example.org",
		"/block lupin@example.org", "/unblock lupin@example.org", "/blocklist", "/tor", "/tor new", "/privacy", "/privacy receipts on",
		"/privacy typing on", "/privacy markers on", "/otr", "/otr start", "/otr end", "/otr policy", "/otr policy required",
		"/otr policy never paulette@example.org", "/otr fingerprint", "/otr trust", "/otr distrust", "/otr ask q a", "/otr secret a",
		"/bookmarks", "/bookmark", "/bookmark off", "/bookmark name x", "/bookmark move 2", "/privacy presence off", "/privacy presence on",
		"/privacy bookmarks off", "/privacy bookmarks on", "/privacy caps off", "/otr answer a", "/otr abort", "/otr start paulette@example.org/1", "/query paulette@example.org/2",
	}
	if command, err := Parse(lines[d.throw(len(lines))]); err == nil && d.throw(4) > 0 {
		if d.coin() {
			command = At{uint64(d.throw(9)), command}
		}
		return command
	}
	return pick[Command](d, SelectNext{d.throw(9) - 4}, SelectUnread{}, Compose{d.coin()}, Answer{uint64(d.throw(9)), d.coin()},
		Focus{d.coin()}, Select{ConversationID{ana, d.room()}}, Say{d.foreign()}, Msg{d.foreign(), d.foreign()}, ChangeNick{d.foreign()},
		Join{Room: d.foreign(), Nick: d.foreign()}, Kick{d.foreign(), d.foreign()})
}

// play carries out what the bytes say, and checks what becomes visible.
func (d *dice) play(t *testing.T) *Core {
	c := d.fuzzedCore()
	now := noon
	d.handle(t, c, now, Woken{})
	d.handle(t, c, now, Received{im.ConnectionChanged{On: im.On{Account: ana}, State: im.Connected, JID: im.MustJID("ana@example.org/r")}})
	for len(d.bytes) > 0 {
		now = now.Add(time.Duration(d.throw(64)) * time.Second / 4)
		switch d.throw(5) {
		case 4:
			d.handle(t, c, now, Typed{d.historyCommand(c)})
		case 0:
			d.handle(t, c, now, Typed{d.command()})
		case 1:
			d.handle(t, c, now, Woken{})
		default:
			d.handle(t, c, now, Received{d.event()})
		}
	}
	return c
}

func (d *dice) handle(t *testing.T, c *Core, now time.Time, in Input) {
	t.Helper()
	e := c.Handle(now, in)
	d.running = append(d.running, e.Send...)
	for _, f := range e.Show {
		checkShown(t, in, reflect.ValueOf(f))
	}
	v := c.View()
	checkBounds(t, c, v)
	v.Current.Log = Log{} // its lines were shown as facts
	checkShown(t, in, reflect.ValueOf(v))
}

// checkShown fails if any text in a value is one that would not have been let in. Addresses are left out: they are values
// for comparing, and are cleaned where they are shown.
func checkShown(t *testing.T, in Input, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); CleanText(s) != s {
			t.Fatalf("after %#v: %q is not clean", in, s)
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			checkShown(t, in, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			checkShown(t, in, v.Index(i))
		}
	case reflect.Struct:
		switch v.Interface().(type) {
		case im.JID, time.Time:
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				checkShown(t, in, v.Field(i))
			}
		}
	}
}

func checkBounds(t *testing.T, c *Core, v View) {
	t.Helper()
	weight := 0
	for _, conv := range c.windows {
		weight += conv.weight
		if conv.log.Len() > maxLines || len(conv.typing) > maxTyping || len(conv.outbox) > maxOutbox || len(conv.recent.ring) > maxRecent || len(conv.past.ring) > maxRecent {
			t.Fatalf("%v has grown too large", conv.id)
		}
	}
	if weight != c.weight {
		t.Fatalf("the windows weigh %d, counted as %d", weight, c.weight)
	}
	if len(v.Questions) > 2*maxQuestions || len(v.Conversations) < 1 || len(c.windows) != len(c.conversations) {
		t.Fatalf("%d questions, %d rows, %d windows of %d conversations", len(v.Questions), len(v.Conversations), len(c.windows), len(c.conversations))
	}
	if c.conversations[c.current.id] != c.current {
		t.Fatalf("the current window %v is closed", c.current.id)
	}
}

// TestRandomSessions plays sessions that nobody would think of.
func TestRandomSessions(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		bytes := make([]byte, 6000)
		for i := range bytes {
			bytes[i] = byte(random.Uint32())
		}
		d := &dice{bytes: bytes}
		d.play(t)
	}
}

func FuzzHandle(f *testing.F) {
	f.Add([]byte("salut"))
	f.Add([]byte{1, 0, 7, 0, 33, 2, 8, 1, 1, 1, 3, 0, 0, 0})
	f.Fuzz(func(t *testing.T, bytes []byte) {
		if len(bytes) > 4_000 {
			return
		}
		d := &dice{bytes: bytes}
		d.play(t)
	})
}
