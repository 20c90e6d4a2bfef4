// Package confine gives up, for the rest of this process's life, what the client does not need: connections to anywhere
// but the SOCKS and control ports, datagrams, files that nobody named, starting programs. It owns the kernel's
// filters of this process and the door, a process started before them that carries out a short list of things named at
// start. It must not decide who is trusted, and imports nothing of ours: cmd tells it everything.
package confine

import (
	"crypto/x509"
	"errors"
	"time"
)

// Rules say what the process may still do. All else that the kernel can refuse is refused.
type Rules struct {
	// ConnectPorts are the TCP ports that may be connected to, on any host; empty for no TCP at all.
	ConnectPorts []uint16
	// UnixSockets are the paths of the Unix sockets that may be connected to; empty for no Unix sockets at all. What of
	// this the kernel can keep, State tells.
	UnixSockets []string
	// Read are files that may be read, and folders whose files may be. What does not exist yet is left out.
	Read []string
	// Write are files that may be read and written, and folders in which anything may be. What does not exist yet is left
	// out. The terminal is always among them.
	Write []string
	// Temporary are folders like those of Write, which may be removed when they are empty. It needs the right to remove
	// other empty folders beside and below them.
	Temporary []string
	// Alone is for a process that only computes: not even the terminal is among the files, and it can send no signals to
	// others.
	Alone bool
}

// State is what was found to be in force, by trying.
type State struct {
	// Landlock is the version of the kernel's Landlock interface; 0 for none.
	Landlock int
	// FilesConfined: no file but those of the Rules can be opened.
	FilesConfined bool
	// TCPConfined: no TCP connection but to ConnectPorts can be made, and none accepted.
	TCPConfined bool
	// UDPBlocked: no socket can be made that sends datagrams or raw packets.
	UDPBlocked bool
	// UnixConfined: no Unix socket can be connected to but UnixSockets.
	UnixConfined bool
	// ProgramsBlocked: no program can be started but through the door.
	ProgramsBlocked bool
	// Reasons tell why something above is false; empty if all is true.
	Reasons []Reason
}

// Reason is why something could not be confined.
type Reason uint8

// The reasons.
const (
	// NoLandlock: the kernel has no Landlock, or it is switched off.
	NoLandlock Reason = iota + 1
	// OldLandlock: the kernel's Landlock is too old to know about TCP (before version 4) or Unix sockets (before 9).
	OldLandlock
	// NoSeccomp: the kernel has no seccomp filters, or refused ours.
	NoSeccomp
	// UnknownProcessor: the numbers of the system calls on this processor are not known here.
	UnknownProcessor
)

// Apply confines all threads of the process, those that run already included, as far as the kernel can, and reports what
// is in force. It can be narrowed by another call but never taken back. An error means that something failed that the
// kernel says it can do; the State is true all the same.
func Apply(rules Rules) (State, error) {
	if !rules.Alone {
		preload()
	}
	abi := landlockVersion()
	filesErr := restrict(abi, rules)
	filterErr := installFilter(rules)
	state := measure(abi, rules)
	state.Reasons = reasons(state, filterErr)
	if errors.Is(filterErr, errNoFilter) || errors.Is(filterErr, errUnknownProcessor) {
		filterErr = nil
	}
	return state, errors.Join(filesErr, filterErr)
}

// preload has the standard library read what it otherwise reads when it first needs it: the time zone and the
// certificates of the system.
func preload() {
	_, _ = time.Now().Zone()
	// Where they can not be had now, they could not be later, and whoever needs them says so.
	_, _ = x509.SystemCertPool()
}

func reasons(s State, filterErr error) []Reason {
	var found []Reason
	switch {
	case s.Landlock == 0 && !(s.FilesConfined && s.TCPConfined && s.UnixConfined):
		found = append(found, NoLandlock)
	case !s.TCPConfined && s.Landlock < landlockTCP, !s.UnixConfined && s.Landlock < landlockUnix:
		found = append(found, OldLandlock)
	}
	switch {
	case errors.Is(filterErr, errUnknownProcessor):
		found = append(found, UnknownProcessor)
	case filterErr != nil:
		found = append(found, NoSeccomp)
	}
	return found
}
