package otr

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"traboule/im"
)

// maxFrame is the longest message between parent and child, in bytes: a text of MaxMessage bytes may be six times as long in
// JSON.
const maxFrame = 1 << 20

// task is what the child is asked to do.
type task string

const (
	makeTask      task = "make"
	loadTask      task = "load"    // with a file
	saveTask      task = "save"    // with a file
	listTask      task = "list"    // with a file
	sealingTask   task = "sealing" // with a file, before all others
	openTask      task = "open"
	sealTask      task = "seal"
	receiveTask   task = "receive"
	encryptTask   task = "encrypt"
	queryTask     task = "query"
	endTask       task = "end"
	forgetTask    task = "forget"
	startSMPTask  task = "start-smp"
	answerSMPTask task = "answer-smp"
	abortSMPTask  task = "abort-smp"
)

// request is a message to the child.
type request struct {
	ID       uint64
	Task     task
	Account  string
	Peer     string `json:",omitempty"`
	Flags    Flags
	Text     string `json:",omitempty"`
	Question string `json:",omitempty"`
	Tag      uint32 `json:",omitempty"`
	Sealed   []byte `json:",omitempty"`
	Name     KeyName
}

// reply is the answer to one, which the file with an account's new key may accompany.
type reply struct {
	ID     uint64
	Fault  fault `json:",omitempty"`
	Key    Key
	Keys   []StoredKey `json:",omitempty"` // of a file
	Sealed []byte      `json:",omitempty"`
	Result outcome
	// File tells that a file comes with the answer.
	File bool `json:",omitempty"`
}

// outcome is a Result on its way.
type outcome struct {
	Plain     string   `json:",omitempty"`
	HasPlain  bool     `json:",omitempty"`
	Encrypted bool     `json:",omitempty"`
	Send      []string `json:",omitempty"`
	Events    []happening
	State     State
}

// happening is an Event on its way: the one of its fields that is set.
type happening struct {
	Secured   *Secured   `json:",omitempty"`
	Ended     *Ended     `json:",omitempty"`
	SMP       *SMP       `json:",omitempty"`
	PeerError *PeerError `json:",omitempty"`
	Noted     *Noted     `json:",omitempty"`
}

// fault is an error on its way.
type fault string

const (
	tooLong      fault = "too-long"
	busy         fault = "busy"
	notEncrypted fault = "not-encrypted"
	noSMP        fault = "no-smp"
	unsafeSMP    fault = "unsafe-smp"
	badKeyFile   fault = "bad-key-file"
	noKey        fault = "no-key"
	badSealedKey fault = "bad-sealed-key"
	internal     fault = "internal"
)

var errMessage = errors.New("otr: malformed message between parent and child")

// err is the fault as callers know it.
func (f fault) err() error {
	switch f {
	case "":
		return nil
	case tooLong:
		return ErrTooLong
	case busy:
		return ErrBusy
	case notEncrypted:
		return ErrNotEncrypted
	case noSMP:
		return ErrNoSMP
	case unsafeSMP:
		return ErrUnsafeSMP
	case badKeyFile:
		return ErrBadKeyFile
	case noKey:
		return ErrNoKey
	case badSealedKey:
		return ErrBadSealedKey
	default:
		return ErrFault
	}
}

// encode writes a message, within the limit.
func encode[T request | reply](message T) ([]byte, error) {
	packet, err := json.Marshal(message)
	if err != nil {
		return nil, err
	}
	if len(packet) > maxFrame {
		return nil, ErrTooLong
	}
	return packet, nil
}

// decode reads a message that was written by encode, and nothing that looks otherwise.
func decode[T request | reply](packet []byte) (T, error) {
	var message, none T
	if err := json.Unmarshal(packet, &message); err != nil {
		return none, errMessage
	}
	if again, err := json.Marshal(message); err != nil || !bytes.Equal(again, packet) {
		return none, errMessage
	}
	return message, nil
}

// withFile tells whether a file accompanies a request.
func (r request) withFile() bool {
	return r.Task == loadTask || r.Task == saveTask || r.Task == listTask || r.Task == sealingTask
}

// check tells what is wrong with a request before it is sent, and before it is done.
func (r request) check() error {
	switch r.Task {
	case receiveTask:
		if len(r.Text) > MaxMessage {
			return ErrTooLong
		}
	case encryptTask:
		if len(r.Text) > MaxText {
			return ErrTooLong
		}
	case startSMPTask, answerSMPTask:
		if len(r.Text) > MaxSecret || len(r.Question) > MaxSecret {
			return ErrTooLong
		}
	case openTask:
		if len(r.Sealed) > maxSealedKey {
			return ErrBadSealedKey
		}
	case makeTask, loadTask, saveTask, listTask, sealingTask, sealTask, queryTask, endTask, forgetTask, abortSMPTask:
	default:
		return fmt.Errorf("%q: %w", r.Task, errMessage)
	}
	return nil
}

// Limits of what a child may answer.
const (
	maxSend   = 8
	maxEvents = 64
)

// check tells whether an answer is one that the child would give.
func (r reply) check() error {
	o := r.Result
	good := len(r.Keys) <= maxKeys && len(r.Sealed) <= maxSealedKey && len(o.Send) <= maxSend && len(o.Events) <= maxEvents &&
		len(o.Plain) <= MaxMessage && (o.HasPlain || o.Plain == "") && o.State.Phase <= im.OTRFinished &&
		isHex(r.Key.Fingerprint, 40) && isHex(o.State.Ours, 40) && isHex(o.State.Theirs, 40) && isHex(o.State.SessionID, 16)
	for _, text := range o.Send {
		good = good && strings.HasPrefix(text, "?OTR")
	}
	for _, h := range o.Events {
		good = good && h.event() != nil
	}
	for _, k := range r.Keys {
		good = good && k.Fingerprint != "" && isHex(k.Fingerprint, 40)
	}
	if !good {
		return errMessage
	}
	return nil
}

// isHex reports whether s is so many digits, or empty.
func isHex(s string, digits int) bool {
	return s == "" || len(s) == digits && strings.Trim(s, "0123456789abcdef") == ""
}

// result is what the stage gets.
func (o outcome) result() Result {
	r := Result{Plain: o.Plain, HasPlain: o.HasPlain, Encrypted: o.Encrypted, Send: o.Send, State: o.State}
	for _, h := range o.Events {
		r.Events = append(r.Events, h.event())
	}
	return r
}

// event is the one that is set.
func (h happening) event() Event {
	switch {
	case h.Secured != nil:
		return *h.Secured
	case h.Ended != nil:
		return *h.Ended
	case h.SMP != nil:
		return *h.SMP
	case h.PeerError != nil:
		return *h.PeerError
	case h.Noted != nil:
		return *h.Noted
	default:
		return nil
	}
}

// happened writes an event for its way.
func happened(e Event) happening {
	switch e := e.(type) {
	case Secured:
		return happening{Secured: &e}
	case Ended:
		return happening{Ended: &e}
	case SMP:
		return happening{SMP: &e}
	case PeerError:
		return happening{PeerError: &e}
	case Noted:
		return happening{Noted: &e}
	default:
		return happening{}
	}
}
