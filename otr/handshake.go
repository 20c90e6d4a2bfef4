package otr

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/coyim/otr3"
)

// handshakeLasts is how long a handshake may stand still. Until then another offer does not begin it anew.
const handshakeLasts = 20 * time.Second

// offerPace is how long an offer has to be after the last for our first message to be sent once more, should it have got
// lost.
const offerPace = 3 * time.Second

// maxHandshake is the longest message of a handshake, in bytes: with longer numbers a signature that is none takes as long
// to check as whoever made it likes.
const maxHandshake = 1 << 10

// handshake is an authenticated key exchange that is under way.
type handshake struct {
	library *otr3.Conversation
	version int
	commit  []byte // the hash that we are bound by, until their key comes; nil if they are
	sent    string // the message in which it was
	sentAt  time.Time
	touched time.Time
	yielded *handshake // that which we began and gave up for this one of theirs
}

func (h *handshake) stale(now time.Time) bool { return now.Sub(h.touched) > handshakeLasts }

// start begins a handshake, since they offered to.
func (t *talk) start(offered versions) {
	switch {
	case t.next != nil:
		t.remind()
		return
	case t.account.makeKey() != "":
		t.note(HandshakeFailed)
		return
	}
	h := t.fresh(offered)
	_, messages, err := h.library.Receive(otr3.ValidMessage(QueryText(Flags{V3: offered.v3, V2: offered.v2})))
	if err != nil || len(messages) != 1 {
		t.note(HandshakeFailed)
		return
	}
	m, ok := parseMessage(string(messages[0]))
	if !ok {
		t.note(HandshakeFailed)
		return
	}
	h.version, h.commit, h.sent, h.sentAt = m.version, commitment(m.body), m.text, t.account.now()
	t.next = h
	t.out(messages)
}

// remind answers an offer while a handshake is under way: with the same message as the first.
func (t *talk) remind() {
	if now := t.account.now(); t.next.commit != nil && now.Sub(t.next.sentAt) > offerPace {
		t.next.sentAt = now
		t.send = append(t.send, t.next.sent)
	}
}

// fresh makes an object of the library for one handshake.
func (t *talk) fresh(allowed versions) *handshake {
	c := &otr3.Conversation{}
	if allowed.v2 {
		c.Policies.AllowV2()
	}
	if allowed.v3 {
		c.Policies.AllowV3()
	}
	c.InitializeInstanceTag(t.account.tag)
	c.SetOurKeys([]otr3.PrivateKey{t.account.key})
	h := handlers{t}
	c.SetMessageEventHandler(h)
	c.SetSMPEventHandler(h)
	c.SetReceivedKeyHandler(h)
	return &handshake{library: c, touched: t.account.now()}
}

// handshake takes a step of a handshake.
func (t *talk) handshake(m message) {
	spoken := versions{v2: m.version == 2, v3: m.version == 3}
	if m.kind == keyType {
		t.resume()
	}
	switch {
	case !spoken.and(t.flags).any():
		t.note(Unsupported)
		return
	case len(m.body) > maxHandshake:
		t.note(Malformed)
		return
	case m.kind == commitType:
		if !t.commit(m, spoken) {
			return
		}
	case t.next == nil, t.next.version != m.version, m.sender != t.their() && t.their() != 0:
		return // it belongs to nothing
	}
	t.step(m)
}

// their is the instance tag with which the handshake is made; 0 if not known yet.
func (t *talk) their() uint32 { return t.next.library.GetTheirInstanceTag() }

// commit prepares for the first message of a handshake, and reports whether the library is to see it. If both sides sent
// one, that with the higher hash counts (OTR v3, "D-H Commit Message"); the library is wrong about that.
func (t *talk) commit(m message, spoken versions) bool {
	if t.account.makeKey() != "" {
		return false
	}
	same := t.next != nil && t.next.version == m.version && (t.their() == 0 || t.their() == m.sender)
	if same && t.next.commit != nil {
		switch bytes.Compare(t.next.commit, commitment(m.body)) {
		case 0:
			t.note(Reflected)
			return false
		case 1:
			t.send = append(t.send, t.next.sent)
			return false
		}
	}
	if !same || t.next.commit != nil {
		ours := t.next
		t.next = t.fresh(spoken)
		t.next.version = m.version
		if same {
			t.next.yielded = ours
		}
	}
	return true
}

// resume goes back to the handshake that we gave up, since they answer its first message with their key, and so have given
// up their own: in version 2 libotr does, whatever the hashes are. In version 3 it goes on with both, and only its own ends.
func (t *talk) resume() {
	if t.next != nil && t.next.version == 2 && t.next.commit == nil && t.next.yielded != nil {
		t.next = t.next.yielded
	}
}

// commitment finds the hash in the body of a first message: it comes after the encrypted key.
func commitment(body []byte) []byte {
	_, rest := datum(body)
	hash, _ := datum(rest)
	return hash
}

// datum takes the first of a row of byte strings that have their lengths before them (OTR v3, "Data types").
func datum(row []byte) (first, rest []byte) {
	if len(row) < 4 {
		return nil, nil
	}
	length, row := binary.BigEndian.Uint32(row), row[4:]
	if uint64(length) > uint64(len(row)) {
		return nil, nil
	}
	return row[:length], row[length:]
}

// step has the library take a step.
func (t *talk) step(m message) {
	h := t.next
	h.touched = t.account.now()
	messages, err := h.receive(m)
	if err != nil {
		t.note(HandshakeFailed)
		return
	}
	if m.kind == keyType {
		h.commit, h.sent = nil, ""
	}
	t.out(messages)
	if h.library.IsEncrypted() {
		t.secure(h)
	}
}

// receive has the library read a message of the handshake; a panic is an error.
func (h *handshake) receive(m message) (messages []otr3.ValidMessage, err error) {
	defer func() {
		if recover() != nil {
			messages, err = nil, errMessage
		}
	}()
	_, messages, err = h.library.Receive(otr3.ValidMessage(m.text))
	return messages, err
}

// secure makes a handshake that is done the session, in place of the one that there is.
func (t *talk) secure(h *handshake) {
	before := ""
	t.stopSMP()
	if t.session != nil {
		before = t.session.theirs
		_, _ = t.session.library.End() // has it wipe its keys; nobody is to hear of it
	}
	t.session = &session{
		library: h.library, version: h.version,
		ours:   hex.EncodeToString(h.library.GetOurCurrentKey().PublicKey().Fingerprint()),
		theirs: hex.EncodeToString(h.library.GetTheirKey().Fingerprint()),
	}
	t.finished, t.next, t.told = "", nil, nil
	t.events = append(t.events, Secured{Before: before})
	if t.session.ours == t.session.theirs && before != t.session.theirs {
		t.note(SameKey)
	}
}
