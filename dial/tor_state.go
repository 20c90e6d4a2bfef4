package dial

import (
	"strconv"
	"strings"
	"sync"
	"time"
)

// TorPhase is how far a Tor is on the way to be used.
type TorPhase uint8

// The phases. From any of them a Tor that ends leads to TorGone, and from there back.
//
//	TorLooking → TorStarting → TorBootstrapping → TorReady → TorGone → TorLooking …
//	     └→ TorMissing → TorLooking (when somebody asks again)
const (
	TorLooking       TorPhase = iota // for a Tor that runs
	TorStarting                      // our own, which does not answer yet
	TorBootstrapping                 // it runs and connects to its network
	TorReady                         // its SOCKS port can be used
	TorGone                          // it was ready and has ended; it is waited for
	TorMissing                       // there is none, and none could be started; Err says why
	TorStopped                       // Run has returned
)

// TorWarning is what seems to be wrong while Tor does not get on.
type TorWarning uint8

// The warnings.
const (
	NoWarning TorWarning = iota
	// TorNoNetwork: Tor reaches nobody at all; this machine is probably not online.
	TorNoNetwork
	// TorClockWrong: the clock of this machine is wrong, or has jumped.
	TorClockWrong
	// TorBlocked: Tor reaches somebody but does not get through; this network may block it.
	TorBlocked
)

// TorState is what is known about Tor.
type TorState struct {
	Phase TorPhase
	// Progress is how far Tor has connected to its network, 0 to 100; 100 where Tor can not be asked.
	Progress int
	// Tag and Summary name the step it is at (control-spec, "Bootstrap phases"), for a program and in English.
	Tag, Summary string
	Warning      TorWarning
	// Skew is how far the clock is wrong, where Tor says so.
	Skew time.Duration
	// Own means that the client started it.
	Own bool
	// Where is its SOCKS port, "host:port" or "unix:" and a path; Control its control port in the same form, empty if it
	// can not be asked.
	Where, Control string
	// Proved means that what answers there said that it is Tor.
	Proved bool
	// Err is an *Error that says why there is no Tor, in the phases TorGone, TorMissing and TorStopped.
	Err error

	cookie string // the file that opens the control port; empty for none
	looks  int    // how often a Tor was looked for, that one that is missing can be told from one that is missing again
}

// board holds the newest TorState, for any goroutine to read and to wait for.
type board struct {
	mu      sync.Mutex
	state   TorState
	changed chan struct{} // closed by the next change; nil while nobody waits
}

func (b *board) update(change func(*TorState)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.state
	change(&b.state)
	if b.state != before && b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
}

// read returns the state and a channel that is closed when it changes.
func (b *board) read() (TorState, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changed == nil {
		b.changed = make(chan struct{})
	}
	return b.state, b.changed
}

func (b *board) now() TorState {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}

// offline is the progress up to which Tor has not reached anybody.
const offline = 5

// hear adds what one line of Tor says about itself: a status event (control-spec §4.1.10), or the answer to GETINFO
// status/bootstrap-phase, which has the same words after "=".
func (s *TorState) hear(line string) {
	kind, rest, _ := strings.Cut(strings.TrimPrefix(line, "status/bootstrap-phase="), " ")
	if kind == "STATUS_CLIENT" || kind == "STATUS_GENERAL" {
		_, rest, _ = strings.Cut(rest, " ")
	}
	action, arguments, _ := strings.Cut(rest, " ")
	values := parseKeywords(arguments)
	switch {
	case action == "BOOTSTRAP":
		s.bootstrap(values)
	case action == "CIRCUIT_ESTABLISHED", kind == "NETWORK_LIVENESS" && action == "UP":
		s.Warning, s.Skew = NoWarning, 0
	case action == "CLOCK_SKEW":
		s.Warning, s.Skew = TorClockWrong, seconds(values["SKEW"])
	case action == "CLOCK_JUMPED", action == "CIRCUIT_NOT_ESTABLISHED" && values["REASON"] == "CLOCK_JUMPED":
		s.Warning = TorClockWrong
	case kind == "NETWORK_LIVENESS" && action == "DOWN" && s.Warning != TorClockWrong:
		s.Warning = TorNoNetwork
	}
}

func (s *TorState) bootstrap(values map[string]string) {
	progress, err := strconv.Atoi(values["PROGRESS"])
	if err != nil || progress < 0 || progress > 100 {
		return
	}
	if progress > s.Progress && s.Warning != TorClockWrong || progress == 100 {
		s.Warning, s.Skew = NoWarning, 0
	}
	s.Progress, s.Tag, s.Summary = progress, values["TAG"], values["SUMMARY"]
	if progress == 100 {
		s.Phase = TorReady
	}
	if values["RECOMMENDATION"] == "warn" && s.Warning != TorClockWrong {
		s.Warning = bootstrapWarning(progress, values["REASON"])
	}
}

// bootstrapWarning tells a network that refuses Tor from none at all.
func bootstrapWarning(progress int, reason string) TorWarning {
	if reason == "NOROUTE" || progress <= offline && reason == "TIMEOUT" {
		return TorNoNetwork
	}
	return TorBlocked
}

func seconds(text string) time.Duration {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}
