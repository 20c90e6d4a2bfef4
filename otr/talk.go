package otr

import (
	"encoding/hex"
	"strings"
	"time"

	"github.com/coyim/otr3"

	"traboule/im"
)

// complaintLasts is how long it is remembered what the other side was told was wrong.
const complaintLasts = 10 * time.Minute

// talk is a conversation in the child. The library's own object is used for one handshake, and for the session that comes
// of it, and never again: what it remembers from earlier (version, instance tag of the other side, texts to send once
// more) can then do no harm.
//
//	          handshake done           handshake done
//	plain ───────────────→ encrypted ───────┐
//	  ↑ ↑                   │   │  ↑────────┘
//	  │ └──── End ──────────┘   │ they end
//	  └──────── End ──────── finished ──→ encrypted
type talk struct {
	account *account
	flags   Flags

	session  *session   // nil unless encrypted
	finished string     // their fingerprint in the session that they ended, empty for none
	next     *handshake // nil if none is under way
	pieces   pieces
	told     map[Note]time.Time // what the other side was told

	events []Event // of the operation under way
	send   []string
}

// session is an encrypted session.
type session struct {
	library      *otr3.Conversation
	version      int
	ours, theirs string
	smp          smpStep
}

// do carries out a request and says how things stand then.
func (t *talk) do(r request) (outcome, fault) {
	t.events, t.send = nil, nil
	text, fault := t.carryOut(r)
	if fault != "" {
		return outcome{State: t.state()}, fault
	}
	o := outcome{Plain: text.text, HasPlain: text.there, Encrypted: text.encrypted, Send: t.send, State: t.state()}
	for _, e := range t.events[:min(len(t.events), maxEvents)] {
		o.Events = append(o.Events, happened(e))
	}
	return o, ""
}

// carryOut does what is asked. A panic of the library ends that and nothing else.
func (t *talk) carryOut(r request) (text incoming, fault fault) {
	defer func() {
		if recover() != nil {
			text, fault = incoming{}, internal
		}
	}()
	switch r.Task {
	case receiveTask:
		t.flags = r.Flags
		text = t.receive(r.Text)
	case encryptTask:
		fault = t.encrypt(r.Text)
	case queryTask:
		fault = t.query(r.Flags)
	case endTask:
		t.end()
	case forgetTask:
		t.end()
		t.send, t.told = nil, nil
	case startSMPTask:
		fault = t.startSMP(r.Question, r.Text)
	case answerSMPTask:
		fault = t.answerSMP(r.Text)
	case abortSMPTask:
		fault = t.abortSMP()
	}
	return text, fault
}

// incoming is a text that came, if any.
type incoming struct {
	text             string
	there, encrypted bool
}

// state tells how things stand.
func (t *talk) state() State {
	s := State{Handshake: t.next != nil, Ours: t.account.fingerprint(), OurTag: t.account.tag, Theirs: t.finished}
	switch {
	case t.session != nil:
		ssid := t.session.library.GetSSID()
		s.Phase, s.Version, s.SessionID = im.OTREncrypted, t.session.version, hex.EncodeToString(ssid[:])
		s.Ours, s.Theirs, s.TheirTag = t.session.ours, t.session.theirs, t.session.library.GetTheirInstanceTag()
	case t.finished != "":
		s.Phase = im.OTRFinished
	}
	return s
}

// idle reports whether there is nothing to remember.
func (t *talk) idle() bool {
	return t.session == nil && t.finished == "" && t.next == nil && t.pieces.empty() && len(t.told) == 0
}

// expire forgets what has come to nothing.
func (t *talk) expire() {
	now := t.account.now()
	if t.next != nil && t.next.stale(now) {
		t.next = nil
	}
	if t.pieces.stale(now) {
		t.pieces.clear(t.account.stored)
	}
	for note, at := range t.told {
		if now.Sub(at) > complaintLasts {
			delete(t.told, note)
		}
	}
}

// encrypt makes a text a message of the session. The library pads it, so that short texts are all of one length.
func (t *talk) encrypt(text string) fault {
	if t.session == nil {
		return notEncrypted
	}
	// After a NUL come records of the protocol.
	text = strings.ReplaceAll(text, "\x00", "")
	messages, err := t.session.library.Send(otr3.ValidMessage(text))
	if err != nil || len(messages) != 1 {
		return internal
	}
	t.out(messages)
	return ""
}

// query asks for a handshake, and makes the key while the other side is thinking.
func (t *talk) query(f Flags) fault {
	text := QueryText(f)
	if text == "" {
		return notEncrypted
	}
	t.flags = f
	t.expire()
	if fault := t.account.makeKey(); fault != "" {
		return fault
	}
	t.send = append(t.send, text)
	return ""
}

// end ends what there is.
func (t *talk) end() {
	t.stopSMP()
	if t.session != nil {
		if messages, err := t.session.library.End(); err == nil {
			t.out(messages)
		}
	}
	t.session, t.finished, t.next = nil, "", nil
	t.pieces.clear(t.account.stored)
}

// out has messages of the library sent.
func (t *talk) out(messages []otr3.ValidMessage) {
	for _, m := range messages {
		t.send = append(t.send, string(m))
	}
}

func (t *talk) note(n Note) { t.events = append(t.events, Noted{n}) }
