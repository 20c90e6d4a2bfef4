package otr

import (
	"encoding/hex"
	"fmt"
	"strings"

	"traboule/im"
)

// fakeEngine speaks something like OTR, at once and always in the same way, in which texts are hidden from nobody.
type fakeEngine struct {
	key       string // fingerprint
	talks     map[Conversation]*fakeTalk
	completed chan func()
	started   int
	// dead has all that is asked fail.
	dead bool
	// rude answers everything that it cannot read with an error, as often as it is allowed to, errors too.
	rude bool
}

type fakeTalk struct {
	state   State
	commit  string // that we have sent
	pending string // the session that a handshake is about
	session string
	secret  string // of our own in a verification
	asked   bool
	send    []string
	events  []Event
}

func newFakeEngine(key string) *fakeEngine {
	return &fakeEngine{key: fmt.Sprintf("%x", fmt.Sprintf("%-20.20s", key)), talks: map[Conversation]*fakeTalk{}, completed: make(chan func(), 1<<16)}
}

func (e *fakeEngine) Completed() <-chan func() { return e.completed }

// die ends the child that it pretends to have.
func (e *fakeEngine) die(s *Stage) {
	e.talks = map[Conversation]*fakeTalk{}
	e.completed <- func() { s.Died(ErrDied) }
}

func (e *fakeEngine) MakeKey(_ im.JID, _ uint32, done func(Key, error)) {
	e.completed <- func() { done(Key{Fingerprint: e.key, Tag: minTag}, nil) }
}

// do does something for a conversation.
func (e *fakeEngine) do(c Conversation, op func(*fakeTalk) (Result, error), done func(Result, error)) {
	if e.dead {
		e.completed <- func() { done(Result{}, ErrDied) }
		return
	}
	t := e.talks[c]
	if t == nil {
		t = &fakeTalk{state: State{Ours: e.key}}
		e.talks[c] = t
	}
	t.send, t.events = nil, nil
	r, err := op(t)
	r.State = t.state
	r.State.Handshake = t.commit != "" || t.pending != ""
	if err == nil {
		r.Send, r.Events = t.send, t.events
	}
	e.completed <- func() { done(r, err) }
}

func (e *fakeEngine) Query(c Conversation, f Flags, done func(Result, error)) {
	e.do(c, func(t *fakeTalk) (Result, error) {
		text := QueryText(f)
		if text == "" {
			return Result{}, ErrNotEncrypted
		}
		t.send = []string{text}
		return Result{}, nil
	}, done)
}

func (e *fakeEngine) Encrypt(c Conversation, text string, done func(Result, error)) {
	e.do(c, func(t *fakeTalk) (Result, error) {
		if t.state.Phase != im.OTREncrypted {
			return Result{}, ErrNotEncrypted
		}
		t.data(text)
		return Result{}, nil
	}, done)
}

func (e *fakeEngine) End(c Conversation, done func(Result, error)) {
	e.do(c, func(t *fakeTalk) (Result, error) {
		if t.state.Phase == im.OTREncrypted {
			t.data("\x00end")
		}
		send := t.send
		*t = fakeTalk{state: State{Ours: e.key}, send: send}
		return Result{}, nil
	}, done)
}

func (e *fakeEngine) Forget(c Conversation, done func(Result, error)) {
	e.do(c, func(t *fakeTalk) (Result, error) { *t = fakeTalk{state: State{Ours: e.key}}; return Result{}, nil }, done)
}

func (e *fakeEngine) StartSMP(c Conversation, question, secret string, done func(Result, error)) {
	e.smp(c, func(t *fakeTalk) error {
		t.secret = secret
		t.data("\x00ask:" + question)
		return nil
	}, done)
}

func (e *fakeEngine) AnswerSMP(c Conversation, secret string, done func(Result, error)) {
	e.smp(c, func(t *fakeTalk) error {
		if !t.asked {
			return ErrNoSMP
		}
		t.asked, t.secret = false, secret
		t.data("\x00answer:" + secret)
		return nil
	}, done)
}

func (e *fakeEngine) AbortSMP(c Conversation, done func(Result, error)) {
	e.smp(c, func(t *fakeTalk) error {
		t.asked = false
		t.data("\x00abort")
		t.events = append(t.events, SMP{Step: im.SMPAborted})
		return nil
	}, done)
}

func (e *fakeEngine) smp(c Conversation, op func(*fakeTalk) error, done func(Result, error)) {
	e.do(c, func(t *fakeTalk) (Result, error) {
		if t.state.Phase != im.OTREncrypted {
			return Result{}, ErrNotEncrypted
		}
		return Result{}, op(t)
	}, done)
}

func (e *fakeEngine) Receive(c Conversation, f Flags, text string, done func(Result, error)) {
	e.do(c, func(t *fakeTalk) (Result, error) { return e.receive(t, f, text), nil }, done)
}

func (e *fakeEngine) receive(t *fakeTalk, f Flags, text string) Result {
	switch KindOf(text) {
	case KindTagged:
		plain, found := takeTags(text)
		if f.AnswerTag && found.and(f).any() {
			e.start(t)
		}
		return Result{Plain: plain, HasPlain: true}
	case KindQuery:
		if queried(text).and(f).any() {
			e.start(t)
		} else {
			t.events = append(t.events, Noted{Unsupported})
		}
	case KindHandshake:
		if f.V3 {
			e.shake(t, text[len("?OTR:AAM"):])
		}
	case KindData:
		return e.data(t, f, text)
	case KindError:
		t.events = append(t.events, PeerError{strings.TrimPrefix(text, errorPrefix)})
		e.complain(t, f, "you too")
	default:
		t.events = append(t.events, Noted{Malformed})
		e.complain(t, f, "that was nothing")
	}
	return Result{}
}

func (e *fakeEngine) complain(t *fakeTalk, f Flags, what string) {
	if e.rude || f.ErrorReply {
		t.send = append(t.send, errorPrefix+" "+what)
	}
}

func (e *fakeEngine) start(t *fakeTalk) {
	if t.commit == "" && t.pending == "" {
		e.started++
		t.commit = fmt.Sprintf("%s-%d", e.key, e.started)
		t.send = append(t.send, "?OTR:AAMC"+t.commit+".")
	}
}

// shake takes a step of a handshake: its letter, and what the session is called.
func (e *fakeEngine) shake(t *fakeTalk, step string) {
	letter, name := step[:1], strings.TrimSuffix(step[1:], ".")
	switch {
	case letter == "C" && t.commit > name:
		t.send = append(t.send, "?OTR:AAMC"+t.commit+".")
	case letter == "C":
		t.commit, t.pending = "", name+"/"+e.key
		t.send = append(t.send, "?OTR:AAMK"+t.pending+".")
	case letter == "K" && t.commit != "" && strings.HasPrefix(name, t.commit+"/"):
		t.commit, t.pending = "", name
		t.send = append(t.send, "?OTR:AAMR"+name+".")
	case letter == "R" && t.pending == name:
		e.secure(t, name)
		t.send = append(t.send, "?OTR:AAMS"+name+".")
	case letter == "S" && t.pending == name:
		e.secure(t, name)
	}
}

func (e *fakeEngine) secure(t *fakeTalk, name string) {
	first, second, _ := strings.Cut(name, "/")
	theirs, _, _ := strings.Cut(first, "-")
	if theirs == e.key {
		theirs = second
	}
	before := ""
	if t.state.Phase == im.OTREncrypted {
		before = t.state.Theirs
	}
	t.session, t.pending = name, ""
	t.state = State{Phase: im.OTREncrypted, Version: 3, Ours: e.key, Theirs: theirs, SessionID: name}
	t.events = append(t.events, Secured{Before: before})
}

// data sends a text in the session.
func (t *fakeTalk) data(text string) {
	t.send = append(t.send, "?OTR:AAMD"+hex.EncodeToString([]byte(t.session+"|"+text))+".")
}

// fakeText is what a message of the fake engine says, behind "|".
func fakeText(message string) string {
	raw, _ := hex.DecodeString(strings.TrimSuffix(strings.TrimPrefix(message, "?OTR:AAMD"), "."))
	return string(raw)
}

func (e *fakeEngine) data(t *fakeTalk, f Flags, text string) Result {
	session, plain, ok := strings.Cut(fakeText(text), "|")
	if t.state.Phase != im.OTREncrypted || !ok || session != t.session {
		t.events = append(t.events, Noted{NotPrivate})
		e.complain(t, f, "no session")
		return Result{}
	}
	if inside, is := strings.CutPrefix(plain, "\x00"); is {
		t.inside(inside)
		return Result{}
	}
	return Result{Plain: plain, HasPlain: true, Encrypted: true}
}

// inside takes what is said between the two programs.
func (t *fakeTalk) inside(what string) {
	what, rest, _ := strings.Cut(what, ":")
	switch what {
	case "end":
		t.state = State{Phase: im.OTRFinished, Ours: t.state.Ours, Theirs: t.state.Theirs}
		t.events = append(t.events, Ended{})
	case "ask":
		t.asked = true
		t.events = append(t.events, SMP{Step: im.SMPRequested, Question: rest})
	case "answer", "compare":
		step := im.SMPFailed
		if rest == t.secret {
			step = im.SMPSucceeded
		}
		t.events = append(t.events, SMP{Step: step, Progress: 100})
		if what == "answer" {
			t.data("\x00compare:" + t.secret)
		}
	case "abort":
		t.asked = false
		t.events = append(t.events, SMP{Step: im.SMPAborted})
	}
}
