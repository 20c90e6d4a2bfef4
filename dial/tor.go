package dial

import (
	"context"
	"math/rand/v2"
	"net"
	"sync/atomic"
	"time"
)

// TorConfig says where Tor is, or how to start one.
type TorConfig struct {
	// SOCKS is the port that the user named, "host:port" or "unix:" and a path; empty to find one or start our own. The
	// host is an address or "localhost": another name would have to be looked up outside Tor.
	SOCKS string
	// Unproved takes what the user named for SOCKS even if it does not say that it is Tor, as long as it speaks SOCKS.
	Unproved bool
	// Env reads the environment; nil to leave it out.
	Env func(string) string
	// Places are SOCKS ports to look at, best first; nil for the usual ones.
	Places []string
	// Program is the tor program to start if there is no Tor; empty to look for an installed one.
	Program string
	// NoStart leaves tor programs alone.
	NoStart bool
	// Folder is where our own tor keeps its guards from one start to the next; empty to keep nothing.
	Folder string
	// Include is a file of settings for our own tor, such as bridges; empty for none.
	Include string
	// Start starts our own tor; nil for StartTor.
	Start func(argv []string) (TorProcess, error)
	// Dial connects to SOCKS and control ports, network "tcp" or "unix"; nil for ToTor.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// torPace times the waits; fields are never changed after NewTor but by tests.
type torPace struct {
	stall    time.Duration // without progress, until the network is doubted
	start    time.Duration // until our own tor must answer
	again    time.Duration // first wait for a Tor that has gone; doubles
	againMax time.Duration
	steady   time.Duration // for how long a Tor must have been ready that the next wait is a first one
	nudgeMax time.Duration // longest wait until our own tor is woken that reaches nobody
	polls    time.Duration // between two looks whether our own tor answers already
}

func defaultPace() torPace {
	return torPace{
		stall: 15 * time.Second, start: 30 * time.Second, again: time.Second, againMax: 30 * time.Second,
		steady: time.Minute, nudgeMax: 2 * time.Minute, polls: 25 * time.Millisecond,
	}
}

// maxDeaths is how often in a row our own tor may end before it was ready.
const maxDeaths = 3

// Tor finds the Tor to use or starts one, and knows how it is. Its goroutine is Run; all else may be called from any.
type Tor struct {
	cfg      TorConfig
	dial     dialFunc
	pace     torPace
	board    board
	wanted   chan struct{} // somebody asked, so look now
	silent   chan struct{} // the SOCKS port did not answer
	identity *identity
	command  atomic.Pointer[[]string] // how our own was started
	own      atomic.Pointer[string]   // its folder

	// Owned by Run.
	folder     *torFolder
	used       bool // some Tor was found in this session, or ours was ready
	owner      bool // the last one was ours
	deaths     int  // of our own, in a row, before it was ready
	wait       time.Duration
	readySince time.Time
}

// instance is a Tor that runs.
type instance struct {
	where     string
	proved    bool
	control   *Control // nil if it can not be asked
	controlAt string
	process   *torRun // of our own; nil for a Tor that was found
}

// NewTor makes a Tor. Nothing happens before Run.
func NewTor(cfg TorConfig) *Tor {
	t := &Tor{
		cfg: cfg, dial: cfg.Dial, pace: defaultPace(), identity: newIdentity(),
		wanted: make(chan struct{}, 1), silent: make(chan struct{}, 1),
	}
	if t.dial == nil {
		t.dial = ToTor
	}
	return t
}

// ToTor connects to a port of Tor on this machine or its gateway, network "tcp" or "unix". The address has to be one of
// digits: no name is looked up.
func ToTor(ctx context.Context, network, address string) (net.Conn, error) {
	if err := checkPlace(network, address); err != nil {
		return nil, err
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// dialFunc is net.Dialer.DialContext.
type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// Run finds or starts Tor and stays with it until ctx is done: a Tor that ends is waited for, or started again if it was
// ours. While Tor works Run sleeps. At the end our own tor and its folder are gone.
func (t *Tor) Run(ctx context.Context) {
	defer t.stop()
	t.wait = t.pace.again
	for ctx.Err() == nil {
		found, err := t.look(ctx)
		if err == nil {
			err = t.follow(ctx, found)
		}
		if ctx.Err() == nil {
			t.rest(ctx, err)
		}
	}
}

// look finds a Tor or starts one. One of our own takes the place of a Tor that was not ours only at the beginning: later
// that one is waited for.
func (t *Tor) look(ctx context.Context) (*instance, error) {
	select {
	case <-t.wanted:
	default:
	}
	t.board.update(func(s *TorState) {
		s.looks++
		if s.Phase == TorMissing {
			s.Phase = TorLooking
		}
	})
	if !t.owner {
		found, err := t.find(ctx)
		if err == nil || t.cfg.SOCKS != "" || t.used {
			return found, err
		}
	}
	return t.startOwn(ctx)
}

// rest tells why there is no Tor, and waits: for a while if there was one, else until somebody asks.
func (t *Tor) rest(ctx context.Context, err error) {
	if t.used && t.deaths < maxDeaths {
		t.board.update(func(s *TorState) {
			*s = TorState{Phase: TorGone, Own: t.owner, Where: s.Where, Proved: s.Proved, Err: err, cookie: s.cookie, looks: s.looks}
		})
		t.pause(ctx)
		return
	}
	t.board.update(func(s *TorState) { *s = TorState{Phase: TorMissing, Err: err, looks: s.looks} })
	select {
	case <-ctx.Done():
	case <-t.wanted:
	}
	t.deaths, t.wait = 0, t.pace.again
}

// pause waits a while, a little more or less so that not all who lost the same Tor come back at once, and longer the next
// time. Somebody who asks ends it.
func (t *Tor) pause(ctx context.Context) {
	timer := time.NewTimer(t.wait*3/4 + rand.N(t.wait/2+1))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-t.wanted:
	}
	t.wait = min(2*t.wait, t.pace.againMax)
}

// stop tells everybody that it is over, and leaves nothing behind.
func (t *Tor) stop() {
	t.folder.remove()
	t.board.update(func(s *TorState) {
		*s = TorState{Phase: TorStopped, Err: &Error{Kind: NoTor}, looks: s.looks}
	})
}

// State is what is known now.
func (t *Tor) State() TorState { return t.board.now() }

// Ready waits until the SOCKS port can be used. It tells each change of the state meanwhile; tell may be nil. Its error is
// an *Error: at once if there is no Tor and none can be started, so that asking again means looking again; when ctx is
// done, with what Tor lacked. A Tor that was there and has gone is waited for.
func (t *Tor) Ready(ctx context.Context, tell func(TorState)) error {
	state, changed := t.board.read()
	asked := state.looks
	old := state.Phase == TorMissing
	if state.Phase == TorMissing || state.Phase == TorGone {
		t.want()
	}
	var told TorState
	for {
		stale := old && state.looks == asked
		if tell != nil && state != told && !stale {
			tell(state)
			told = state
		}
		switch {
		case state.Phase == TorReady:
			return nil
		case state.Phase == TorStopped, state.Phase == TorMissing && !stale:
			return state.Err
		}
		select {
		case <-ctx.Done():
			return state.fault(ctx.Err())
		case <-changed:
			state, changed = t.board.read()
		}
	}
}

// Watch tells the state, and each change of it, until ctx is done. Of changes that follow each other fast it may tell the
// last one only.
func (t *Tor) Watch(ctx context.Context, tell func(TorState)) {
	for {
		state, changed := t.board.read()
		tell(state)
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

func (t *Tor) want() {
	select {
	case t.wanted <- struct{}{}:
	default:
	}
}

// explain adds to a fault of a connection what is known about Tor, which is told of it if the SOCKS port did not answer.
// A nil Tor knows nothing.
func (t *Tor) explain(fault *Error) *Error {
	if t == nil {
		return fault
	}
	s := t.board.now()
	switch {
	case fault.Kind == ProxyUnreachable || fault.Kind == NotSOCKS:
		select {
		case t.silent <- struct{}{}:
		default:
		}
	case fault.Kind != Timeout && fault.Kind != TorNotReady:
	case s.Warning == TorNoNetwork:
		fault.Kind = NoNetwork
	case s.Warning == TorClockWrong:
		fault.Kind = ClockWrong
	case s.Phase == TorReady && s.Control != "":
		fault.Kind = Timeout // Tor is well: it is the way beyond it, or the other end
	}
	return fault
}

// fault says why a Tor in this state could not be used in time.
func (s TorState) fault(cause error) *Error {
	kind := TorNotReady
	switch {
	case s.Warning == TorNoNetwork:
		kind = NoNetwork
	case s.Warning == TorClockWrong:
		kind = ClockWrong
	case s.Phase == TorGone:
		kind = ProxyUnreachable
	}
	return &Error{Kind: kind, Target: s.Where, Cause: cause}
}

// NewIdentity gives every connection from now on other SOCKS credentials, so other circuits, and asks Tor for a new start
// altogether (NEWNYM), which forgets what it keeps about onion services. It reports whether Tor did that too: on Tails and
// Whonix it may not be asked, and the other credentials are enough for other circuits.
func (t *Tor) NewIdentity(ctx context.Context) bool {
	t.identity.renew()
	return t.order(ctx, t.board.now().Control, "SIGNAL NEWNYM")
}

// order sends commands over a connection of their own, and reports whether all were taken.
func (t *Tor) order(ctx context.Context, place string, commands ...string) bool {
	if place == "" {
		return false
	}
	network, address := splitPlace(place)
	control, err := findControl(ctx, t.dial, network, address)
	if err != nil {
		return false
	}
	defer control.Close()
	for _, command := range commands {
		if _, err := control.Ask(command); err != nil {
			return false
		}
	}
	return true
}
