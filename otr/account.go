package otr

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"os"
	"sync/atomic"
	"time"

	"github.com/coyim/otr3"
	"golang.org/x/sys/unix"
)

// maxTalks bounds the conversations of an account in which something is under way.
const maxTalks = 1000

// minTag is the smallest instance tag (OTR v3, "Instance Tags").
const minTag = 0x100

// account is what the child keeps for an account: its key, and its conversations. One goroutine uses it.
type account struct {
	name    string
	errands chan errand
	tag     uint32
	key     otr3.PrivateKey // nil until it is needed
	fresh   bool            // the key is not kept by the parent yet
	talks   map[string]*talk
	stored  *atomic.Int64
	sealing *[sealingSize]byte // nil for none
	now     func() time.Time
}

func newAccount(name string, stored *atomic.Int64) *account {
	return &account{
		name: name, errands: make(chan errand, maxPending), tag: newTag(), talks: map[string]*talk{}, stored: stored, now: time.Now,
	}
}

// newTag draws an instance tag.
func newTag() uint32 {
	for {
		var b [4]byte
		_, _ = rand.Read(b[:]) // never fails: the program would end
		if tag := binary.BigEndian.Uint32(b[:]); tag >= minTag {
			return tag
		}
	}
}

// do carries out a request. A panic of the library ends the request and nothing else.
func (a *account) do(e errand) (r response) {
	if e.file != nil {
		defer e.file.Close()
	}
	defer func() {
		if recover() != nil {
			r = response{reply: reply{Fault: internal}}
		}
		a.keep(&r)
	}()
	r.reply, r.reply.Fault = a.carryOut(e)
	return r
}

func (a *account) carryOut(e errand) (reply, fault) {
	switch e.request.Task {
	case makeTask:
		if e.request.Tag >= minTag {
			a.tag = e.request.Tag
		}
		return reply{}, a.makeKey()
	case loadTask:
		if e.request.Tag >= minTag {
			a.tag = e.request.Tag
		}
		return reply{}, a.loadKey(e.file, e.request.Name)
	case saveTask:
		return reply{}, a.saveKey(e.file, e.request.Name)
	case listTask:
		keys, fault := listKeys(e.file)
		return reply{Keys: keys}, fault
	case openTask:
		if e.request.Tag >= minTag {
			a.tag = e.request.Tag
		}
		return reply{}, a.openKey(e.request.Sealed)
	case sealTask:
		sealed, fault := a.sealKey()
		return reply{Sealed: sealed}, fault
	default:
		o, fault := a.converse(e.request)
		return reply{Result: o}, fault
	}
}

// converse carries out what concerns one conversation.
func (a *account) converse(r request) (outcome, fault) {
	t, found := a.talks[r.Peer]
	if !found {
		if len(a.talks) >= maxTalks && !a.sweep() {
			return outcome{}, busy
		}
		t = &talk{account: a}
		a.talks[r.Peer] = t
	}
	o, fault := t.do(r)
	if t.idle() {
		delete(a.talks, r.Peer)
	}
	return o, fault
}

// sweep forgets conversations in which what was under way has come to nothing, and reports whether there were any.
func (a *account) sweep() bool {
	before := len(a.talks)
	for peer, t := range a.talks {
		t.expire()
		if t.idle() {
			delete(a.talks, peer)
		}
	}
	return len(a.talks) < before
}

// makeKey sees that there is a key.
func (a *account) makeKey() fault {
	if a.key != nil {
		return ""
	}
	keys, err := otr3.GenerateMissingKeys(nil)
	if err != nil || len(keys) != 1 {
		return internal
	}
	a.key, a.fresh = keys[0], true
	return ""
}

// fingerprint is that of the account's key, empty for none.
func (a *account) fingerprint() string {
	if a.key == nil {
		return ""
	}
	return hex.EncodeToString(a.key.PublicKey().Fingerprint())
}

// keep completes an answer with the key, and with a file for the next child if the key is new.
func (a *account) keep(r *response) {
	r.reply.Key = Key{Fingerprint: a.fingerprint(), Tag: a.tag}
	if !a.fresh {
		return
	}
	if file, err := memoryFile(writeKeys([]namedKey{{KeyName{Name: a.name}, a.key}})); err == nil {
		r.file, a.fresh = file, false
	}
}

// memoryFile makes a file that has no name and is on no disk, with a content that does not change any more.
func memoryFile(content []byte) (*os.File, error) {
	fd, err := unix.MemfdCreate("otr", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), "otr")
	if _, err = file.WriteAt(content, 0); err == nil {
		_, err = unix.FcntlInt(file.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_WRITE|unix.F_SEAL_SHRINK|unix.F_SEAL_GROW|unix.F_SEAL_SEAL)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
