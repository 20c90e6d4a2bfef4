package otr

import (
	"strings"

	"github.com/coyim/otr3"

	"traboule/im"
)

// smpStep is how far a verification is, on our side.
type smpStep uint8

const (
	smpNone     smpStep = iota
	smpAsked            // we asked, and wait for their answer
	smpToAnswer         // they asked, and the user has to answer
	smpAnswered         // the user has; the other side is at work
	smpLast             // we asked, they answered, and all but their last message is done
	smpRefused          // they asked, and it would prove nothing
)

// startSMP asks the other side to prove that it knows a secret.
func (t *talk) startSMP(question, secret string) fault {
	if fault := t.verifiable(); fault != "" {
		return fault
	}
	question = strings.ReplaceAll(question, "\x00", "") // ends it
	messages, err := t.session.library.StartAuthenticate(question, []byte(secret))
	if err != nil {
		return internal
	}
	t.session.smp = smpAsked
	t.out(messages)
	return ""
}

// answerSMP answers when they ask.
func (t *talk) answerSMP(secret string) fault {
	if fault := t.verifiable(); fault != "" {
		return fault
	}
	if t.session.smp != smpToAnswer {
		return noSMP
	}
	messages, err := t.session.library.ProvideAuthenticationSecret([]byte(secret))
	if err != nil {
		return internal
	}
	t.session.smp = smpAnswered
	t.out(messages)
	return ""
}

// abortSMP ends a verification.
func (t *talk) abortSMP() fault {
	switch {
	case t.session == nil:
		return notEncrypted
	case t.session.smp == smpNone:
		return noSMP
	}
	messages, err := t.session.library.AbortAuthentication()
	if err != nil {
		return internal
	}
	t.stopSMP()
	t.out(messages)
	return ""
}

// verifiable tells whether a verification means something. In version 2 the library takes any number for a member of the
// group, 1 for one, with which every secret is the right one.
func (t *talk) verifiable() fault {
	switch {
	case t.session == nil:
		return notEncrypted
	case t.session.version != 3:
		return unsafeSMP
	default:
		return ""
	}
}

// stopSMP tells that a verification under way will not come to its end.
func (t *talk) stopSMP() {
	if t.session != nil && t.session.smp != smpNone {
		t.advance(smpNone, SMP{Step: im.SMPAborted})
	}
}

// refusesSMP reports, once, that they asked where we do not answer.
func (s *session) refusesSMP(t *talk) bool {
	if s.smp != smpRefused {
		return false
	}
	s.smp = smpNone
	t.note(UnsafeSMP)
	return true
}

// advance goes to a step of the verification, and tells it.
func (t *talk) advance(to smpStep, told SMP) {
	t.session.smp = to
	t.events = append(t.events, told)
}

// handlers are what the library calls while it works.
type handlers struct{ t *talk }

// HandleSMPEvent takes what the library says of a verification.
func (h handlers) HandleSMPEvent(event otr3.SMPEvent, percent int, question string) {
	t := h.t
	if t.session == nil {
		return
	}
	switch event {
	case otr3.SMPEventAskForAnswer, otr3.SMPEventAskForSecret:
		if t.session.version != 3 {
			t.session.smp = smpRefused
			return
		}
		t.advance(smpToAnswer, SMP{Step: im.SMPRequested, Question: strings.ToValidUTF8(question, "\uFFFD"), Progress: percent})
	case otr3.SMPEventInProgress:
		t.advance(smpLast, SMP{Step: im.SMPProgress, Progress: percent})
	case otr3.SMPEventSuccess:
		t.advance(smpNone, SMP{Step: im.SMPSucceeded, Progress: percent})
	case otr3.SMPEventFailure:
		t.advance(smpNone, SMP{Step: im.SMPFailed, Progress: percent})
	case otr3.SMPEventAbort:
		// The library, on the other side, breaks off instead of saying that the secrets differ. Nobody else would at this point.
		if t.session.smp == smpLast {
			t.advance(smpNone, SMP{Step: im.SMPFailed, Progress: 100})
			return
		}
		t.stopSMP()
	case otr3.SMPEventCheated, otr3.SMPEventError:
		t.stopSMP()
	}
}

// HandleMessageEvent takes what the library says of messages.
func (h handlers) HandleMessageEvent(event otr3.MessageEvent, _ []byte, _ error, _ ...interface{}) {
	notes := map[otr3.MessageEvent]Note{
		otr3.MessageEventReceivedMessageUnreadable:       Unreadable,
		otr3.MessageEventReceivedMessageMalformed:        Malformed,
		otr3.MessageEventReceivedMessageForOtherInstance: OtherInstance,
		otr3.MessageEventReceivedMessageNotInPrivate:     NotPrivate,
		otr3.MessageEventLogHeartbeatSent:                HeartbeatOut,
	}
	if n, known := notes[event]; known {
		h.t.note(n)
	}
}

// ReceivedSymmetricKey takes the offer to use the extra key, which is not looked at.
func (h handlers) ReceivedSymmetricKey(uint32, []byte, []byte) { h.t.note(ExtraKey) }
