package im

import "time"

// TorPhase is how far Tor is on the way to be used.
type TorPhase uint8

// The phases. A Tor that ends leads to TorGone, and from there back.
const (
	TorUnused        TorPhase = iota // this session goes another way
	TorLooking                       // for one that runs
	TorStarting                      // our own, which does not answer yet
	TorBootstrapping                 // it runs and connects to its network
	TorReady                         // it can be used
	TorGone                          // it was ready and has ended; it is waited for
	TorMissing                       // there is none, and none could be started
)

// TorWarning is what seems to be wrong while Tor does not get on.
type TorWarning uint8

// The warnings.
const (
	NoTorWarning  TorWarning = iota
	TorNoNetwork             // it reaches nobody at all
	TorClockWrong            // the clock of this machine is wrong, or has jumped
	TorBlocked               // it reaches somebody but does not get through
)

// Tor is what is known about the Tor that the whole session uses.
type Tor struct {
	Phase TorPhase
	// Progress is how far it has connected to its network, 0 to 100.
	Progress int
	// Summary names the step it is at, in English, as Tor says it.
	Summary string
	Warning TorWarning
	// Skew is how far the clock is wrong, where Tor says so.
	Skew time.Duration
	// Own means that the client started it.
	Own bool
	// Where is its SOCKS port, "host:port" or "unix:" and a path; empty while there is none.
	Where string
	// Proved means that what answers there said that it is Tor, Asked that it can be asked how it is (control port).
	Proved, Asked bool
	// Err says why there is none, in the phases TorGone and TorMissing.
	Err *Failure
}

// Confinement is what the kernel refuses to this process since it was started.
type Confinement struct {
	// Wanted is set where the session goes through a proxy alone, which is when the process gives up all else.
	Wanted bool
	// Landlock is the version of the kernel's Landlock; 0 for none.
	Landlock int
	// Files, TCP, UDP, UnixSockets and Programs are set where the kernel was found to refuse all that is not needed.
	Files, TCP, UDP, UnixSockets, Programs bool
	// Lacks say why something is not refused.
	Lacks []ConfinementLack
}

// ConfinementLack is why something could not be confined.
type ConfinementLack uint8

// What may be lacking.
const (
	NoLandlock ConfinementLack = iota + 1
	OldLandlock
	NoSeccomp
	UnknownProcessor
)
