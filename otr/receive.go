package otr

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"github.com/coyim/otr3"
)

// maxPeerError is the longest error text of the other side that is handed on.
const maxPeerError = 1 << 10

// The types of encoded messages (OTR v3, "The protocol").
const (
	commitType = 0x02
	dataType   = 0x03
	keyType    = 0x0a
	revealType = 0x11
	signType   = 0x12
)

// receive takes a message of any kind.
func (t *talk) receive(text string) incoming {
	t.expire()
	kind := KindOf(text)
	if kind == KindFragment {
		var whole bool
		if text, whole = t.join(text); !whole {
			return incoming{}
		}
		if kind = KindOf(text); kind == KindFragment {
			t.note(Malformed)
			return incoming{}
		}
	}
	t.pieces.clear(t.account.stored)
	switch kind {
	case KindText:
		return t.plain(text)
	case KindTagged:
		text, offered := takeTags(text)
		if offered = offered.and(t.flags); offered.any() && t.flags.AnswerTag {
			t.start(offered)
		}
		return t.plain(text)
	case KindQuery:
		if offered := queried(text).and(t.flags); offered.any() {
			t.start(offered)
		} else {
			t.note(Unsupported)
		}
	case KindError:
		// The library would have the last texts sent once more, to whoever comes next: it does not get to know.
		text = strings.TrimPrefix(strings.TrimPrefix(text, errorPrefix), " ")
		t.events = append(t.events, PeerError{strings.ToValidUTF8(text[:min(len(text), maxPeerError)], "")})
	default:
		return t.encoded(text)
	}
	return incoming{}
}

// join adds a fragment, and gives the message once it is whole.
func (t *talk) join(text string) (string, bool) {
	f, ok := parseFragment(text)
	switch {
	case !ok:
		t.note(Malformed)
	case f.version3 && f.receiver != 0 && f.receiver != t.account.tag:
		t.note(OtherInstance)
	default:
		whole, complete, err := t.pieces.add(f, t.account.now(), t.account.stored)
		if err != nil {
			t.note(Oversized)
		}
		return whole, complete
	}
	return "", false
}

// plain takes a text that was not encrypted.
func (t *talk) plain(text string) incoming {
	if t.session != nil || t.finished != "" {
		t.note(Unencrypted)
	}
	return incoming{text: text, there: true}
}

// message is an encoded message, as far as it is taken apart before the library sees it.
type message struct {
	text             string // as the library likes it
	version          int
	kind             byte
	sender, receiver uint32 // instance tags, 0 in version 2
	body             []byte
}

// parseMessage reads the header of an encoded message.
func parseMessage(text string) (message, bool) {
	encoded, _, ends := strings.Cut(strings.TrimPrefix(text, encodedPrefix), ".")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || !ends || len(raw) < 3 {
		return message{}, false
	}
	m := message{text: encodedPrefix + base64.StdEncoding.EncodeToString(raw) + ".", version: int(binary.BigEndian.Uint16(raw)), kind: raw[2], body: raw[3:]}
	if m.version == 3 {
		if len(m.body) < 8 {
			return message{}, false
		}
		m.sender, m.receiver, m.body = binary.BigEndian.Uint32(m.body), binary.BigEndian.Uint32(m.body[4:]), m.body[8:]
		if m.sender < minTag || m.receiver != 0 && m.receiver < minTag {
			return message{}, false
		}
	}
	return m, true
}

// encoded takes an encoded message.
func (t *talk) encoded(text string) incoming {
	m, ok := parseMessage(text)
	switch {
	case !ok:
		t.note(Malformed)
	case m.version != 2 && m.version != 3:
		t.note(Unsupported)
	case m.version == 3 && m.receiver != t.account.tag && (m.receiver != 0 || m.kind != commitType):
		t.note(OtherInstance)
	case m.kind == dataType:
		return t.data(m)
	case m.kind == commitType, m.kind == keyType, m.kind == revealType, m.kind == signType:
		t.handshake(m)
	default:
		t.note(Malformed)
	}
	return incoming{}
}

// data takes an encrypted message.
func (t *talk) data(m message) incoming {
	s := t.session
	switch {
	case s == nil:
		t.complain(NotPrivate, m)
		return incoming{}
	case m.version != s.version:
		t.complain(Unreadable, m)
		return incoming{}
	case m.sender != s.library.GetTheirInstanceTag():
		t.note(OtherInstance)
		return incoming{}
	}
	plain, messages, err := s.receive(t, m)
	if err != nil {
		t.complain("", m)
		return incoming{}
	}
	t.out(messages)
	if !s.library.IsEncrypted() {
		t.stopSMP()
		t.session, t.finished = nil, s.theirs
		t.events = append(t.events, Ended{})
	}
	return incoming{text: strings.ToValidUTF8(string(plain), "\uFFFD"), there: plain != nil, encrypted: plain != nil}
}

// receive has the library read an encrypted message. Some make it panic, which leaves its state as it was.
func (s *session) receive(t *talk, m message) (plain otr3.MessagePlaintext, messages []otr3.ValidMessage, err error) {
	before := len(t.events)
	defer func() {
		if recover() != nil {
			t.note(Malformed)
			plain, messages, err = nil, nil, errMessage
		}
	}()
	plain, messages, err = s.library.Receive(otr3.ValidMessage(m.text))
	if s.refusesSMP(t) {
		abort, err := s.library.AbortAuthentication()
		if err == nil {
			messages = append(messages, abort...)
		}
	}
	if sent := t.heartbeat(before); sent && !t.flags.Heartbeat && len(messages) > 0 {
		messages = messages[:len(messages)-1] // it is the last that the library adds
	}
	return plain, messages, err
}

// heartbeat finds whether an empty message is among those to send. If there is to be none, it did not happen.
func (t *talk) heartbeat(since int) bool {
	for i, e := range t.events[since:] {
		if e == (Noted{HeartbeatOut}) {
			if !t.flags.Heartbeat {
				t.events = append(t.events[:since+i], t.events[since+i+1:]...)
			}
			return true
		}
	}
	return false
}

// complain notes why a message could not be read, if the library has not, and tells the other side: of each cause once,
// and not about messages that are not missed.
func (t *talk) complain(n Note, m message) {
	if n == "" {
		n = t.cause()
	} else {
		t.note(n)
	}
	_, already := t.told[n]
	if already || !t.flags.ErrorReply || len(m.body) == 0 || m.body[0]&ignoreUnreadable != 0 {
		return
	}
	if t.told == nil {
		t.told = map[Note]time.Time{}
	}
	t.told[n] = t.account.now()
	t.send = append(t.send, errorPrefix+" "+complaint(n))
}

// cause is what the library noted about the message that it could not read.
func (t *talk) cause() Note {
	for _, e := range t.events {
		if noted, ok := e.(Noted); ok && (noted.Note == Unreadable || noted.Note == Malformed) {
			return noted.Note
		}
	}
	t.note(Unreadable)
	return Unreadable
}

// complaint is what the other side's program shows to its user; libotr says the same.
func complaint(n Note) string {
	switch n {
	case NotPrivate:
		return "You sent encrypted data, and I have no session to read it in."
	case Malformed:
		return "You transmitted a malformed data message."
	default:
		return "You transmitted an unreadable encrypted message."
	}
}
